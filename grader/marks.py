"""All marks of a class, or of a part of it, read from nbgrader's gradebook in a few queries.

Grading runs, feedback, the report and the exports need every grade at once. nbgrader's own objects
ask the database anew for each of them: for 2,000 students and eight exercises, some 200,000 times.
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
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import Select, and_, select

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
    cell : str
        nbgrader's name of the cell.
    """

    exercise: str
    id: str
    points: float
    written: bool
    cell: str


@dataclass(slots=True)
class Mark:
    """What one student has got for one item; None where nobody has given any points.

    Attributes
    ----------
    auto, manual : float or None
        Points by the machine, and by a person, who has the last word.
    extra : float
        Extra credit, in points; 0 without points that nbgrader could add it to.
    awaits : bool
        Whether nbgrader waits for a person.
    most : float
        Points that can be had.
    """

    auto: float | None = None
    manual: float | None = None
    extra: float = 0.0
    awaits: bool = False
    most: float = 0.0

    @property
    def points(self) -> float | None:
        """As nbgrader counts, without extra credit. None: not graded yet."""
        return self.auto if self.manual is None else self.manual

    @property
    def score(self) -> float:
        """As nbgrader counts, with extra credit."""
        points = self.points
        return 0.0 if points is None else points + self.extra


@dataclass
class Submission:
    """What one student handed in for one exercise, as the gradebook has it.

    Attributes
    ----------
    handed_in, due : datetime or None
        In UTC; None where no time is known, or the class has none. ``due`` is that of the class.
    extension : timedelta
        What the due time of this student is later than that of the class.
    penalty : float
        Points that lateness takes away.
    marks : dict of str to Mark
        By id of the item.
    comments : dict of str to str
        What graders wrote, by nbgrader's name of the cell, where they were asked for.
    """

    student: str
    exercise: str
    handed_in: datetime | None = None
    due: datetime | None = None
    extension: timedelta = timedelta(0)
    penalty: float = 0.0
    marks: dict[str, Mark] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)

    @property
    def beyond(self) -> float:
        """Seconds after the due time of the class; below 0 if in time, 0 where none is known."""
        if self.handed_in is None or self.due is None:
            return 0.0
        return (self.handed_in - self.due).total_seconds()

    @property
    def late(self) -> float:
        """Seconds after the due time of this student, extension included; 0 if in time."""
        if self.handed_in is None or self.due is None:
            return 0.0
        return max(0.0, self.beyond - self.extension.total_seconds())

    @property
    def earned(self) -> float:
        """Points with extra credit, before the penalty; what is not graded yet counts nothing."""
        return math.fsum(mark.score for mark in self.marks.values())

    @property
    def most(self) -> float:
        """Points that can be had."""
        return math.fsum(mark.most for mark in self.marks.values())

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

    def automatic(self, one: Submission) -> dict[str, float | None]:
        """Points that the machine gave, by nbgrader's name of the cell."""
        items = self.exercises[one.exercise].items
        return {items[item].cell: mark.auto for item, mark in one.marks.items()}


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


def read(book: Gradebook, names: list[str] | None = None, student: str = "",
         comments: bool = False) -> Marks:
    """All marks of the named exercises (default: all).

    Parameters
    ----------
    book : nbgrader.api.Gradebook
        Open.
    names : list of str, optional
        Exercises; those that the gradebook does not know are left out.
    student : str, optional
        Only this student's.
    comments : bool
        Whether to read what graders wrote, too.
    """
    ask = book.db.execute
    named = [] if names is None else [Assignment.name.in_(names)]
    mine = [*named, *([SubmittedAssignment.student_id == student] if student else [])]
    exercises = {row.name: Exercise(row.name, _utc(row.duedate)) for row in ask(
        select(Assignment.name, Assignment.duedate).where(*named).order_by(Assignment.name))}
    items = {}
    for table in (GradeCell, TaskCell):
        cell = table.__table__.c
        for row in ask(select(Assignment.name.label("exercise"), BaseCell.id, BaseCell.name,
                              cell.max_score, cell.cell_type)
                       .select_from(BaseCell).join(table.__table__, cell.id == BaseCell.id)
                       .join(Notebook, Notebook.id == BaseCell.notebook_id)
                       .join(Assignment, Assignment.id == Notebook.assignment_id).where(*named)):
            items[row.id] = Item(row.exercise, item_id(row.name), row.max_score,
                                 row.cell_type == "markdown", row.name)
    for item in sorted(items.values(), key=lambda item: place(item.id)):
        exercises[item.exercise].items[item.id] = item
    students = {row.id: Learner(row.id, *(value or "" for value in row[1:]))
                for row in sorted(ask(select(Student.id, Student.first_name, Student.last_name,
                                             Student.email, Student.lms_user_id)),
                                  key=lambda row: row.id)}  # each database sorts in its own way
    handed_in = _submissions(book, exercises, mine)
    for row in ask(_of_notebooks(mine, Grade.cell_id, Grade.auto_score, Grade.manual_score,
                                 Grade.extra_credit, Grade.needs_manual_grade)
                   .join(Grade, Grade.notebook_id == SubmittedNotebook.id)):
        item = items[row.cell_id]
        handed_in[row.assignment_id].marks[item.id] = _mark(row, item)
    for one in handed_in.values():
        order = exercises[one.exercise].items
        one.marks = {item: one.marks[item] for item in order if item in one.marks}
    for row in ask(_of_notebooks(mine, BaseCell.name, Comment.manual_comment)
                   .join(Comment, Comment.notebook_id == SubmittedNotebook.id)
                   .join(BaseCell, BaseCell.id == Comment.cell_id)
                   .where(Comment.manual_comment.is_not(None))) if comments else ():
        if said := row.manual_comment.strip():
            handed_in[row.assignment_id].comments[row.name] = said
    return Marks(exercises, students, {(s.exercise, s.student): s for s in handed_in.values()})


def _submissions(book: Gradebook, exercises: dict[str, Exercise],
                 mine: list) -> dict[str, Submission]:
    """Without their marks, by nbgrader's id of the submitted assignment."""
    found: dict[str, Submission] = {}
    for row in book.db.execute(
            select(SubmittedAssignment.id, SubmittedAssignment.student_id,
                   SubmittedAssignment.timestamp, SubmittedAssignment.extension,
                   Assignment.name, SubmittedNotebook.late_submission_penalty.label("penalty"))
            .select_from(SubmittedAssignment)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .outerjoin(Notebook, Notebook.assignment_id == Assignment.id)
            .outerjoin(SubmittedNotebook,  # by both, as nbgrader's index has them
                       and_(SubmittedNotebook.notebook_id == Notebook.id,
                            SubmittedNotebook.assignment_id == SubmittedAssignment.id))
            .where(*mine)):
        one = found.setdefault(row.id, Submission(
            row.student_id, row.name, _utc(row.timestamp), exercises[row.name].due,
            row.extension or timedelta(0)))
        one.penalty += row.penalty or 0
    return found


def _of_notebooks(mine: list, *columns: Any) -> Select:
    """A query of rows that belong to submitted notebooks; the whole class needs no more tables."""
    query = select(SubmittedNotebook.assignment_id, *columns).select_from(SubmittedNotebook)
    return query if not mine else (
        query.join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id).where(*mine))


def _mark(row: Any, item: Item) -> Mark:
    given = row.auto_score is not None or row.manual_score is not None
    return Mark(row.auto_score, row.manual_score, row.extra_credit or 0.0 if given else 0.0,
                bool(row.needs_manual_grade), item.points)


def _utc(time: datetime | None) -> datetime | None:
    """nbgrader keeps times in UTC without saying so."""
    return time.replace(tzinfo=UTC) if time else None
