"""One worksheet for each grader: a CSV that opens in any spreadsheet, and is read back kindly."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from ..course import CourseProblem
from ..notebook_file import plain
from ..spreadsheet import table
from .rubric import Task

#: The column of a task without criteria, and the name of what they add up to.
POINTS = "points"
_FIRST, _LAST = ("task", "answer"), "comment"
_MOST_BYTES = 5_000_000


def columns(task: Task) -> tuple[str, ...]:
    """What a grader fills in: a level for each criterion, or points."""
    return task.criteria or (POINTS,)


def highest(task: Task) -> float:
    """The highest value of such a column."""
    return task.highest if task.criteria else task.points


def empty(task: Task, answers: list[str]) -> bytes:
    """A worksheet that nobody has filled in."""
    return table([*_FIRST, *columns(task), _LAST],
                 ([task.item, answer, *[""] * (len(columns(task)) + 1)] for answer in answers))


def read(path: Path, task: Task, known: list[str]) -> dict[str, dict[str, float]]:
    """What a grader gave: answer → column → value; a cell that was left empty is left out.

    Separators, decimal commas and encodings are those that spreadsheets write. Whatever is
    wrong raises :class:`CourseProblem`: file, line and what to do.

    Parameters
    ----------
    path : Path
    task : Task
    known : list of str
        Codes of the answers that were drawn.
    """
    rows = _rows(path, task)
    names = [name.lstrip("'") for name in rows[0]]
    lacking = [name for name in (*_FIRST, *columns(task)) if name not in names]
    if lacking:
        raise CourseProblem(f"{path.name} has no column {', '.join(lacking)} in its first line: "
                            "keep the first line of the worksheet as it was made.")
    place = {name: names.index(name) for name in names}
    found: dict[str, dict[str, float]] = {}
    for number, row in enumerate(rows[1:], start=2):
        row = [*row, *[""] * (len(names) - len(row))]
        where = f"Line {number} of {path.name}"
        if not any(row):
            continue
        if row[place["task"]].lstrip("'") != task.item:
            raise CourseProblem(f"{where} is about {_short(row[place['task']])}, not about "
                                f"{task.item}: give the worksheets of one task.")
        answer = row[place["answer"]]
        if answer not in known:
            raise CourseProblem(f"{where} names the answer {_short(answer)}, which was not drawn "
                                f"for {task.item}; the answers are {known[0]} to {known[-1]}.")
        if answer in found:
            raise CourseProblem(f"{where} grades {answer} a second time: keep one line for each "
                                "answer.")
        found[answer] = {}
        for name in columns(task):
            if given := row[place[name]].lstrip("'"):
                found[answer][name] = _value(given, where, name, highest(task))
    if not any(found.values()):
        raise CourseProblem(f"{path.name} holds no grades yet: fill in a number from 0 to "
                            f"{highest(task):g} in {', '.join(columns(task))}.")
    return found


def _rows(path: Path, task: Task) -> list[list[str]]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise CourseProblem(f"{path} is too large for a worksheet of {task.item}.")
        raw = path.read_bytes()
    except OSError as error:
        raise CourseProblem(f"The worksheet {path} cannot be read ({error.strerror}).") from None
    if raw.startswith((b"PK", b"\xd0\xcf")):
        raise CourseProblem(f"{path.name} is a spreadsheet file, not CSV: in the spreadsheet "
                            "choose Save as, CSV, and give that file.")
    text = _text(raw)
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = [[cell.strip() for cell in row]
                for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error as error:
        raise CourseProblem(f"{path.name} is no CSV file ({error}).") from None
    if not rows:
        raise CourseProblem(f"{path.name} is empty.")
    return rows


def _text(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:  # an older Excel; only comments can hold such letters
        return raw.decode("cp1252", errors="replace")


def _value(given: str, where: str, name: str, most: float) -> float:
    try:
        value = float(given.replace(",", "."))
    except ValueError:
        value = float("nan")
    if not 0 <= value <= most:
        raise CourseProblem(f"{where} has {_short(given)} for {name}: give a number from 0 to "
                            f"{most:g}, or leave it empty.")
    return value


def _short(text: str) -> str:
    return repr(plain(text, 40))
