"""Your own progress: what is done, what is open, and what to read again.

Made from your log of checks (:mod:`reader.check_log`) and the sealed checks that you have. It
needs nothing but Python, so that it also runs in a browser; pandas only for a DataFrame.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from reader import check_log
from reader.check_log import Standing, forget
from reader.course_files import Asked, Course, course, sections

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Progress", "forget", "progress"]

WORDS = {"right": "right", "partly": "partly right", "not yet": "not yet right",
         "shape": "form to be checked"}
_COUNTS = ("Points are the best that the checks have shown so far. What counts is the notebook "
           "that you hand in.")
_STYLE = """<style>
.idlib-progress{max-width:60em;line-height:1.45;color:var(--jp-content-font-color1,inherit)}
.idlib-progress table{border-collapse:collapse;margin:.6em 0}
.idlib-progress caption{text-align:start;font-weight:600;padding:.2em 0;
 color:var(--jp-content-font-color1,inherit)}
div.idlib-progress.idlib-progress table tr>*{text-align:start;vertical-align:top;
 padding-block:.2em;padding-inline:0 .8em;white-space:normal;
 border-bottom:1px solid var(--jp-border-color2,#8886)}
div.idlib-progress.idlib-progress tbody th{font-weight:400}
.idlib-progress .bar{display:inline-block;width:4em;height:.6em;margin-inline-end:.5em;
 border:1px solid currentColor}
.idlib-progress .bar i{display:block;height:100%;background:#1F88CC}
.idlib-progress .wide{overflow-x:auto}
</style>"""


@dataclass
class Part:
    """The lesson or the exercise of a topic: its questions, and what came of them so far."""

    name: str
    asked: list[Asked]
    standings: dict[str, Standing]

    def _in(self, *states: str) -> list[str]:
        return [q.id for q in self.asked
                if q.id in self.standings and self.standings[q.id].state in states]

    @property
    def right(self) -> list[str]:
        return self._in("right")

    @property
    def tried(self) -> list[str]:
        """Answered, and not right yet."""
        return self._in("partly", "not yet")

    @property
    def open(self) -> list[str]:
        done = {*self.right, *self.tried}
        return [q.id for q in self.asked if q.id not in done]

    @property
    def graded(self) -> bool:
        return any(q.points and q.part == "exercise" for q in self.asked)

    @property
    def points(self) -> float:
        return sum(q.points for q in self.asked)

    @property
    def earned(self) -> float:
        return sum(_earned(q, self.standings.get(q.id)) for q in self.asked)


def _earned(question: Asked, standing: Standing | None) -> float:
    return round(question.points * standing.credit, 2) if standing else 0.0


@dataclass
class Progress:
    """What is done and what is open. In a notebook it shows itself; ``print`` gives plain text.

    Attributes
    ----------
    parts : list of Part
        Lessons and exercises in the order of the course.
    """

    parts: list[Part]
    course: Course = field(repr=False)
    standings: dict[str, Standing] = field(repr=False)

    def table(self) -> pd.DataFrame:
        """Return one row for every question.

        Returns
        -------
        pandas.DataFrame
            Columns question, part (``01 sources, lesson``), title, state (the best so far, or
            ``open``), attempts, points (missing in lessons), earned and last (a date, or empty).
        """
        import time

        import pandas as pd

        rows = []
        for part in self.parts:
            for q in part.asked:
                known, points = self.standings.get(q.id), q.points if part.graded else None
                rows.append([q.id, part.name, q.title, WORDS[known.state] if known else "open",
                             known.attempts if known else 0, points,
                             points if points is None else _earned(q, known),
                             time.strftime("%Y-%m-%d", time.localtime(known.time)) if known
                             else ""])
        return pd.DataFrame(rows, columns=["question", "part", "title", "state", "attempts",
                                           "points", "earned", "last"])

    # --- what both forms say -------------------------------------------------------------

    def _summary(self) -> list[str]:
        said = []
        for kind in ("lesson", "exercise"):
            parts = [part for part in self.parts if part.asked[0].part == kind]
            if parts:
                right, asked = (sum(len(getattr(part, name)) for part in parts)
                                for name in ("right", "asked"))
                points = f", {_of(parts)} points so far" if any(p.graded for p in parts) else ""
                said.append(f"Questions of the {kind}s that are right: {right} of {asked}{points}.")
        if not self.parts:
            said.append("There is nothing to show yet: no question is here, and none was checked.")
        elif not self.standings:
            said.append("You have not checked any answer yet. Begin with lesson 00.")
        elif (part := self._next()) is None:
            said.append("Every question has been answered.")
        else:
            question = next(q for q in part.asked if q.id == part.open[0])
            said.append(f"Next: {part.name}, question {question.id} {question.title}".strip() + ".")
        return said

    def _next(self) -> Part | None:
        """Where to go on: the first part that was begun and has open questions, or any."""
        left = [part for part in self.parts if part.open]
        return next((part for part in left if part.right or part.tried), next(iter(left), None))

    def _rows(self) -> list[list[str]]:
        """Part, right, points, tried, open."""
        return [[part.name, f"{len(part.right)} of {len(part.asked)}",
                 _of([part]) if part.graded else "no points",
                 _ids(part.tried) or "none", _ids(part.open) or "none"] for part in self.parts]

    def _again(self) -> list[tuple[str, str, str, str, str]]:
        """Question, its title, what came of it, what to read, and where that lies."""
        found, here = [], {}
        titles = {q.id: q.title for part in self.parts for q in part.asked}
        for name in (name for part in self.parts for name in part.tried):
            known, question = self.standings[name], Asked(name)
            lesson = self.course.lesson(question.topic)
            if lesson and lesson not in here:
                here[lesson] = sections(lesson)
            section, cell = here[lesson].get(name, ("", "")) if lesson else ("", "")
            times = f" after {known.attempts} answer{'s' * (known.attempts != 1)}"
            read = f"lesson {question.topic}" + (f", section “{section}”" if section else "")
            found.append((name, titles[name], WORDS[known.state] + times, read,
                          _link(lesson, cell)))
        return found

    def _notes(self) -> list[str]:
        notes = [_COUNTS] if any(part.graded for part in self.parts) else []
        lessons = {p.asked[0].topic for p in self.parts if p.asked[0].part == "lesson"} - {"00"}
        lacking = sorted(lessons - {p.asked[0].topic for p in self.parts if p.graded})
        if lacking:
            notes.append(f"No exercise is here yet for topic {', '.join(lacking)}. The start page "
                         "says where exercises come from.")
        if why := check_log.problem():
            return [*notes, f"The log of your checks can't be kept on this computer ({why}): what "
                    "you check now counts here until the kernel ends. Your answers are safe."]
        try:
            where = check_log.shown(check_log.log_path())
        except OSError as error:
            where = error.strerror
        return [*notes, f"The log of your checks is kept only on this computer: {where}. It holds "
                "question, result, number of attempts and time, but no answer. To delete it: "
                "from reader import forget, then forget()."]

    # --- plain text ----------------------------------------------------------------------

    def __str__(self) -> str:
        lines = ["Your progress", *self._summary()]
        if self.parts:
            rows = [["Part", "Right", "Points so far", "Not right yet", "Open"], *self._rows()]
            widths = [max(len(row[i]) for row in rows) for i in range(4)]
            lines += ["", *("  ".join([*(cell.ljust(n) for cell, n in zip(row, widths,
                                                                          strict=False)), row[4]])
                            for row in rows)]
        if again := self._again():
            lines += ["", "To read again", *(f"{name} {title}: {state}. Read {what}."
                                             for name, title, state, what, _ in again)]
        return "\n".join([*lines, "", *self._notes()])

    __repr__ = __str__

    # --- HTML ----------------------------------------------------------------------------

    def _repr_html_(self) -> str:
        body = [f"<p>{escape(line)}</p>" for line in self._summary()]
        if self.parts:
            rows = [[escape(row[0]), _bar(part) + escape(row[1]), *map(escape, row[2:])]
                    for part, row in zip(self.parts, self._rows(), strict=True)]
            body.append(_table("What is done and what is open", [
                "Part", "Right", "Points so far", "Not right yet", "Open"], rows))
        if again := self._again():
            rows = [[f"{escape(name)} {escape(title)}", escape(state),
                     f'<a href="{link}">{escape(what)}</a>' if link else escape(what)]
                    for name, title, state, what, link in again]
            body.append(_table("To read again", ["Question", "So far", "Read"], rows))
        body += [f"<p><small>{escape(line)}</small></p>" for line in self._notes()]
        return f'{_STYLE}<div class="idlib-progress">{"".join(body)}</div>'


def _of(parts: Iterable[Part]) -> str:
    parts = [part for part in parts if part.graded]
    return f"{round(sum(p.earned for p in parts), 2):g} of {sum(p.points for p in parts):g}"


def _bar(part: Part) -> str:
    """The share that is right; the words beside it say the same."""
    share = 100 * len(part.right) / len(part.asked)
    return f'<span class="bar" aria-hidden="true"><i style="width:{share:.0f}%"></i></span>'


def _table(caption: str, columns: list[str], rows: list[list[str]]) -> str:
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    body = "".join(f'<tr><th scope="row">{row[0]}</th>'
                   + "".join(f"<td>{cell}</td>" for cell in row[1:]) + "</tr>" for row in rows)
    return (f'<div class="wide" role="region" aria-label="{caption}" tabindex="0"><table>'
            f"<caption>{caption}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table></div>")


def _ids(ids: list[str]) -> str:
    """Ids of one part, those in a row as "01.2 to 01.5"."""
    runs = []
    for _, run in groupby(enumerate(ids), key=lambda at: int(at[1].partition(".")[2]) - at[0]):
        names = [name for _, name in run]
        runs += [f"{names[0]} to {names[-1]}"] if len(names) > 2 else names
    return ", ".join(runs)


def _link(lesson: Path | None, cell: str) -> str:
    """The address of a cell of a lesson, from where the notebook is."""
    if lesson is None:
        return ""
    # JupyterLab finds a cell also in a notebook that it opens only now; a heading it does not.
    anchor = f"#cell-id={quote(cell)}" if cell else ""
    try:
        return quote(Path(os.path.relpath(lesson)).as_posix()) + anchor
    except (OSError, ValueError):  # another drive of Windows, or a deleted folder
        return ""


def progress() -> Progress:
    """Show your own progress in the whole course.

    For each lesson and exercise: what is right, what is not right yet, what is open, and the
    points so far; then what to read again. Nobody else sees it.

    Returns
    -------
    Progress
        Shown by the notebook. ``print(progress())`` gives plain text, ``progress().table()`` a
        DataFrame with a row for each question.

    Examples
    --------
    >>> from reader import progress
    >>> progress()                                                    # doctest: +SKIP
    """
    here, standings = course(), dict(check_log.standings())
    asked = {**here.questions, **{name: Asked(name) for name in standings
                                  if name not in here.questions}}
    parts = []
    ordered = sorted(asked.values(), key=lambda question: question.place)
    for (topic, kind), questions in groupby(ordered, key=lambda q: (q.topic, q.part)):
        name = f"{topic} {here.names.get(topic, '')}".strip()
        parts.append(Part(f"{name}, {kind}", list(questions), standings))
    return Progress(parts, here, standings)
