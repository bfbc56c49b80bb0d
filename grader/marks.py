"""All marks of a class, read from nbgrader's gradebook in five queries.

The report and the exports need every grade at once. nbgrader's own objects ask the database anew
for each of them: for 2,000 students and eight exercises, some 200,000 times. Two other modules read
some of this for one submission or one exercise at a time: :mod:`grader.gradebook` what tells
whether a grade is still good, inside the transaction of a grading run, and
:mod:`grader.feedback.standing` with comments, which a page shows and no statistic needs.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import select

_CHECK = re.compile(r"check-(\d\d)-(\d{1,2})")
_WRITTEN = re.compile(r"rubric-(\d\d)-(\d{1,2})")


@dataclass(frozen=True)
class Item:
    """A graded cell: a question that is checked, or a written task.

    Attributes
    ----------
    exercise : str
        Name of the assignment.
    id : str
        ``01.3`` for a question, ``01.R1`` for a written task, else nbgrader's name of the cell.
    points : float
        Points that can be had.
    written : bool
        Whether a person grades it, and not the answer key.
    """

    exercise: str
    id: str
    points: float
    written: bool


@dataclass(slots=True)
class Mark:
    """What one student has got for one item.

    Attributes
    ----------
    points : float or None
        Manual points before automatic ones, as in nbgrader, without extra credit. None: not
        graded yet.
    extra : float
        Extra credit, in points.
    awaits : bool
        Whether nbgrader waits for a person.
    """

    points: float | None
    extra: float = 0.0
    awaits: bool = False


@dataclass
class Submission:
    """What one student handed in for one exercise, as the gradebook has it.

    Attributes
    ----------
    handed_in : datetime or None
        In UTC; None where no time is known.
    late : float
        Seconds after the due time of this student, extension included; 0 if in time.
    beyond : float
        Seconds after the due time of the class; below 0 if in time.
    extension : timedelta
        What the due time of this student is later than that of the class.
    penalty : float
        Points that lateness takes away.
    marks : dict of str to Mark
        By id of the item.
    """

    student: str
    exercise: str
    handed_in: datetime | None = None
    late: float = 0.0
    beyond: float = 0.0
    extension: timedelta = timedelta(0)
    penalty: float = 0.0
    marks: dict[str, Mark] = field(default_factory=dict)

    @property
    def earned(self) -> float:
        """Points with extra credit, before the penalty; what is not graded yet counts nothing."""
        return math.fsum((mark.points or 0) + mark.extra for mark in self.marks.values())

    @property
    def score(self) -> float:
        """Points in the end, as nbgrader counts them: never below 0."""
        return max(0.0, self.earned - self.penalty)

    @property
    def awaits(self) -> list[str]:
        """Ids of the items that wait for a person."""
        return [item for item, mark in self.marks.items() if mark.awaits]


@dataclass
class Exercise:
    """An assignment; ``due`` is in UTC."""

    name: str
    due: datetime | None = None
    items: dict[str, Item] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """Points that can be had."""
        return math.fsum(item.points for item in self.items.values())


@dataclass(frozen=True)
class Learner:
    """A student as the gradebook knows her: what is unknown is empty."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""


@dataclass
class Marks:
    """A class: exercises and students by name and id, submissions by (exercise, student)."""

    exercises: dict[str, Exercise]
    students: dict[str, Learner]
    submissions: dict[tuple[str, str], Submission]

    def of(self, exercise: str) -> list[Submission]:
        """The graded submissions of an exercise, in the order of the students' ids.

        An extension alone makes a row in the gradebook too; it has no marks.
        """
        found = (self.submissions.get((exercise, student)) for student in self.students)
        return [one for one in found if one and one.marks]


def item_id(cell: str) -> str:
    """``01.3`` from ``check-01-3``, ``01.R1`` from ``rubric-01-1``; other names as they are."""
    if found := _CHECK.fullmatch(cell):
        return f"{found[1]}.{found[2]}"
    if found := _WRITTEN.fullmatch(cell):
        return f"{found[1]}.R{found[2]}"
    return cell


def place(item: str) -> tuple:
    """To sort ids by: ``01.2`` before ``01.10``, written tasks last."""
    numbers = [int(part) if part else 0 for part in re.split(r"\D+", item)]
    return "R" in item, numbers, item


def read(book: Gradebook, names: list[str] | None = None) -> Marks:
    """All marks of the named exercises (default: all).

    Parameters
    ----------
    book : nbgrader.api.Gradebook
        Open.
    names : list of str, optional
        Exercises; those that the gradebook does not know are left out.
    """
    ask = book.db.execute
    exercises = {row.name: Exercise(row.name, _utc(row.duedate))
                 for row in ask(select(Assignment.name, Assignment.duedate)
                                .order_by(Assignment.name))
                 if names is None or row.name in names}
    items = {}
    for table in (GradeCell, TaskCell):
        for row in ask(select(Assignment.name.label("exercise"), BaseCell.id, BaseCell.name,
                              table.__table__.c.max_score, table.__table__.c.cell_type)
                       .select_from(BaseCell).join(table.__table__,
                                                   table.__table__.c.id == BaseCell.id)
                       .join(Notebook, Notebook.id == BaseCell.notebook_id)
                       .join(Assignment, Assignment.id == Notebook.assignment_id)):
            if row.exercise in exercises:
                items[row.id] = Item(row.exercise, item_id(row.name), row.max_score,
                                     row.cell_type == "markdown")
    for item in sorted(items.values(), key=lambda item: place(item.id)):
        exercises[item.exercise].items[item.id] = item
    students = {row.id: Learner(row.id, *(value or "" for value in row[1:]))
                for row in sorted(ask(select(Student.id, Student.first_name, Student.last_name,
                                             Student.email, Student.lms_user_id)),
                                  key=lambda row: row.id)}  # each database sorts in its own way
    handed_in = _submissions(book, exercises)
    for row in ask(select(SubmittedNotebook.assignment_id, Grade.cell_id, Grade.auto_score,
                          Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade)
                   .select_from(Grade)
                   .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)):
        if row.assignment_id in handed_in and row.cell_id in items:
            handed_in[row.assignment_id].marks[items[row.cell_id].id] = _mark(row)
    for one in handed_in.values():
        order = exercises[one.exercise].items
        one.marks = {item: one.marks[item] for item in order if item in one.marks}
    return Marks(exercises, students, {(s.exercise, s.student): s for s in handed_in.values()})


def _submissions(book: Gradebook, exercises: dict[str, Exercise]) -> dict[str, Submission]:
    """Without their marks, by nbgrader's id of the submitted assignment."""
    found: dict[str, Submission] = {}
    for row in book.db.execute(
            select(SubmittedAssignment.id, SubmittedAssignment.student_id,
                   SubmittedAssignment.timestamp, SubmittedAssignment.extension,
                   Assignment.name, SubmittedNotebook.late_submission_penalty.label("penalty"))
            .select_from(SubmittedAssignment)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .outerjoin(SubmittedNotebook,
                       SubmittedNotebook.assignment_id == SubmittedAssignment.id)):
        if row.name not in exercises:
            continue
        one = found.setdefault(row.id, Submission(
            row.student_id, row.name, _utc(row.timestamp),
            extension=row.extension or timedelta(0)))
        one.penalty += row.penalty or 0
        due = exercises[row.name].due
        if one.handed_in and due:
            one.beyond = (one.handed_in - due).total_seconds()
            one.late = max(0.0, one.beyond - one.extension.total_seconds())
    return found


def _mark(row: Any) -> Mark:
    points = row.auto_score if row.manual_score is None else row.manual_score
    # nbgrader adds extra credit only to points that are there.
    return Mark(points, 0.0 if points is None else row.extra_credit or 0.0,
                bool(row.needs_manual_grade))


def _utc(time: datetime | None) -> datetime | None:
    """nbgrader keeps times in UTC without saying so."""
    return time.replace(tzinfo=UTC) if time else None
