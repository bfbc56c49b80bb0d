"""Who moved, and by how much: the marks of a class before and after they were scored anew."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from . import spreadsheet
from .marks import Marks, place
from .notebook_file import plain

FILE = "moved.csv"
#: What stands beside the questions.
TOTAL, PENALTY = "total", "late penalty"
_COLUMNS = ("time", "student", "exercise", "item", "before", "after", "change", "most_before",
            "most_after")
#: Rows of the table in the terminal; the file has all.
ROWS = 30
# Points are sums of decimals: what differs by less has not moved.
_SAME = 1e-6


@dataclass(frozen=True)
class Exercise:
    """The marks of one exercise, as plain data that can be kept in a file.

    Attributes
    ----------
    most : dict of str to float
        Points that can be had, by item.
    points : dict of str to (dict of str to float)
        By student and item; what is not graded yet is left out. The late penalty is an item
        with points below 0, and the total one that is never below 0.
    """

    most: dict[str, float]
    points: dict[str, dict[str, float]]


@dataclass(frozen=True)
class Move:
    """One item of one student whose points changed; None where there were none."""

    student: str
    exercise: str
    item: str
    before: float | None
    after: float | None
    most_before: float | None
    most_after: float | None

    @property
    def change(self) -> float:
        return (self.after or 0.0) - (self.before or 0.0)


def state(marks: Marks) -> dict[str, Exercise]:
    """The marks of a class by exercise."""
    found = {}
    for name, exercise in marks.exercises.items():
        points = {}
        for one in marks.of(name):
            given = {item: mark.points + mark.extra for item, mark in one.marks.items()
                     if mark.points is not None}
            points[one.student] = {**given, PENALTY: -one.penalty, TOTAL: one.score}
        most = {item.id: item.points for item in exercise.items.values()}
        found[name] = Exercise({**most, TOTAL: exercise.points}, points)
    return found


def moves(before: dict[str, Exercise], after: dict[str, Exercise]) -> list[Move]:
    """Every item of every student whose points are others now, totals included."""
    found = []
    for name, now in after.items():
        then = before.get(name, Exercise({}, {}))
        for student, points in now.points.items():
            earlier = then.points.get(student, {})
            for item in sorted({*points, *earlier}, key=_order):
                one, other = earlier.get(item), points.get(item)
                if (one is None) != (other is None) or abs((one or 0) - (other or 0)) > _SAME:
                    found.append(Move(student, name, item, one, other, then.most.get(item),
                                      now.most.get(item)))
    return found


def other_points(before: dict[str, Exercise], after: dict[str, Exercise]) -> dict[str, tuple]:
    """Items whose points that can be had are others now: item → (before, after)."""
    return {item: (then.most[item], now.most[item])
            for name, now in after.items() if (then := before.get(name))
            for item in now.most if item in then.most and item not in (TOTAL, PENALTY)
            and abs(then.most[item] - now.most[item]) > _SAME}


def _order(item: str) -> tuple:
    return [PENALTY, TOTAL].index(item) + 1 if item in (PENALTY, TOTAL) else 0, place(item)


def by_item(found: list[Move]) -> Table:
    """For each item how many moved up and down, and how far on average."""
    table = Table("item", "points", "up", "down", "mean change")
    groups: dict[tuple[str, str], list[Move]] = defaultdict(list)
    for move in found:
        groups[move.exercise, move.item].append(move)
    for exercise, item in sorted(groups, key=lambda key: (key[0], _order(key[1]))):
        rows = groups[exercise, item]
        signs = Counter(move.change > 0 for move in rows)
        name = f"{exercise}: {item}" if item in (TOTAL, PENALTY) else item
        table.add_row(name, _most(rows[0]), str(signs[True]), str(signs[False]),
                      f"{sum(move.change for move in rows) / len(rows):+.2f}")
    return table


def by_student(found: list[Move]) -> Table:
    """The students whose totals moved furthest, with the items that did it."""
    table = Table("student", "exercise", "before", "after", "change", "because of")
    causes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for move in found:
        if move.item != TOTAL:
            causes[move.student, move.exercise].append(f"{move.item} {move.change:+.2f}")
    totals = [move for move in found if move.item == TOTAL]
    for move in sorted(totals, key=lambda move: (-abs(move.change), move.exercise,
                                                 move.student))[:ROWS]:
        table.add_row(escape(plain(move.student)), move.exercise, _number(move.before),
                      _number(move.after), f"{move.change:+.2f}",
                      ", ".join(causes[move.student, move.exercise]))
    return table


def _most(move: Move) -> str:
    if move.most_before == move.most_after or move.most_before is None:
        return _number(move.most_after)
    return f"{_number(move.most_before)} → {_number(move.most_after)}"


def _number(points: float | None) -> str:
    return "" if points is None else f"{points:.2f}".rstrip("0").rstrip(".")


def keep(classroom: Path, found: list[Move], now: datetime | None = None) -> Path:
    """Add rows to ``classroom/moved.csv``, below those of earlier times; return its path.

    Raises :class:`CourseProblem` when it cannot be written; the file stays as it was.
    """
    path = Path(classroom) / FILE
    time = f"{now or datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    rows = [[time, spreadsheet.safe(move.student), move.exercise, move.item,
             *(spreadsheet.number(points) for points in (
                 move.before, move.after, move.change, move.most_before, move.most_after))]
            for move in found]
    earlier = path.read_bytes() if path.is_file() else spreadsheet.table(_COLUMNS, [])
    spreadsheet.write({path: earlier + spreadsheet.text(rows)})
    return path
