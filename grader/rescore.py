"""`grader grade --rescore`: after another key, other points or another late policy.

Releases are made anew, the gradebook learns the new points, and recorded answers are scored;
no student code runs. What a class had before is kept in a file until the list of who moved is
written, so that a run which was cut off still tells the whole story when it is started again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import Grade
from sqlalchemy import func, select

from . import marks, moved, spreadsheet
from .batch import grade_all
from .course import Course, CourseProblem
from .editions import bundle
from .outcome import Outcome

#: The marks before a run that has not ended.
BEFORE = "rescore.json"


@dataclass
class Rescored:
    """What came of it.

    Attributes
    ----------
    outcomes : list of Outcome
        One for each submission, "unchanged" and "left as it is" included.
    moves : list of Move
        Whose points changed.
    notes : list of str
        One sentence each: what an instructor should look at.
    since : str
        When the run began that this one ended; empty if that is this one.
    """

    outcomes: list[Outcome]
    moves: list[moved.Move] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    since: str = ""


def released(course: Course, names: list[str] | None) -> list[str]:
    """The exercises to work on: those asked for, or all that have been released."""
    if names:
        for name in names:
            course.released(name)
        return names
    found = [name for name in course.assignments()
             if (course.folder("release", name) / f"{name}.ipynb").is_file()]
    if not found:
        raise CourseProblem("No exercise has been released yet, so there is nothing to score "
                            "again: run `grader release` first.")
    return found


def submissions(course: Course, names: list[str], student: str = "") -> list[tuple[str, str]]:
    """(exercise, student) of all that was handed in or stands in the gradebook."""
    with course.gradebook() as book:
        known = marks.read(book, names)
    pairs = {(name, who) for name in names for who in course.students(name)}
    return sorted(pair for pair in pairs | known.submissions.keys() if student in ("", pair[1]))


def rescore(course: Course, names: list[str], work: list[tuple[str, str]],
            report: Callable[[Outcome], None] = lambda outcome: None) -> Rescored:
    """Score the recorded answers of ``work`` anew. Raises :class:`grader.batch.Interrupted`."""
    before, since = _before(course, names)
    for name in names:
        course.release(name)
    outcomes = grade_all(course, work, rescore=True, report=report)
    with course.gradebook() as book:
        after = moved.state(marks.read(book, names))
    found = moved.moves(before, after)
    notes = _written(course, before, after)
    if old := bundle.behind(course):
        notes.append(f"Students still get the earlier {', '.join(old)}: the bundle in classroom/, "
                     "its zip and its branch are as they were. Make them anew with `grader "
                     "release`.")
    if found:
        moved.keep(course.classroom, found)
    _done(course.classroom / BEFORE, names)
    return Rescored(outcomes, found, notes, since)


def _before(course: Course, names: list[str]) -> tuple[dict[str, moved.Exercise], str]:
    """The marks as they were, and when, if an earlier run was cut off."""
    path = course.classroom / BEFORE
    with course.gradebook() as book:
        now = moved.state(marks.read(book, names))
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        then = {name: moved.Exercise(**one) for name, one in kept["exercises"].items()}
        since = kept["since"]
    except (OSError, ValueError, KeyError, TypeError):
        then, since = {}, ""
    before = {**now, **then}
    text = json.dumps({"since": since or f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
                       "exercises": {name: asdict(one) for name, one in before.items()}})
    spreadsheet.write({path: text.encode()})
    return {name: before[name] for name in now}, since


def _done(path: Path, names: list[str]) -> None:
    """Forget what these exercises had before; other ones may have been cut off earlier."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    kept["exercises"] = {name: one for name, one in kept["exercises"].items()
                         if name not in names}
    if kept["exercises"]:
        spreadsheet.write({path: json.dumps(kept).encode()})
    else:
        path.unlink()


def _written(course: Course, before: dict[str, moved.Exercise],
             after: dict[str, moved.Exercise]) -> list[str]:
    """Say which written tasks have other points; marks above the new most await a person."""
    notes = []
    for item, (then, now) in moved.other_points(before, after).items():
        topic, _, number = item.partition(".R")
        if not number:
            continue
        exercise = next(name for name in after if item in after[name].most)
        with course.gradebook() as book:
            cell = book.find_grade_cell(f"rubric-{topic}-{number}", exercise, exercise)
            given = book.db.scalar(select(func.count()).select_from(Grade).where(
                Grade.cell_id == cell.id, Grade.manual_score.is_not(None)))
            above = book.db.scalars(select(Grade).where(
                Grade.cell_id == cell.id, Grade.manual_score > now)).all()
            for grade in above:
                grade.needs_manual_grade = True
            book.db.commit()
            count = len(above)
        text = f"{item} has {now:g} points instead of {then:g}."
        if given:
            text += (f" The {given} grades given by hand stay as they were given; " + (
                f"{count} of them are above {now:g} and wait in `grader queue --task {item}`."
                if count else
                f"look whether they still fit (`grader queue --task {item} --all`)."))
        notes.append(text)
    return notes
