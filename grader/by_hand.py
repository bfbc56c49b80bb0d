"""What awaits a person: the queue of hand grading, question by question."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    GradeCell,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import select

from . import notebook as nbk
from .course import Course, CourseProblem
from .marks import item_id, place


@dataclass(frozen=True)
class Work:
    """One answer to a question, as a grader meets it.

    Attributes
    ----------
    submission : str
        Id of the submitted notebook, as in the Formgrader's addresses.
    number : int
        The Formgrader's number of the submission, from 1; 0 where it shows none, because the
        graded notebook is not there.
    student : str
        Empty in an anonymous queue.
    address : str
        Path on the Jupyter server: the Formgrader, at the points of this question.
    automatic, manual : float or None
        Points given by the machine and by a person.
    awaits : bool
        Whether somebody has to look at it; an answer that was left empty awaits nobody.
    """

    submission: str
    number: int
    student: str
    address: str
    automatic: float | None
    manual: float | None
    awaits: bool


@dataclass
class Task:
    """A question with answers that a person grades, or has to look at.

    Attributes
    ----------
    exercise, item : str
        Such as ``08-voices`` and ``08.R2``.
    written : bool
        Whether people grade it; otherwise a machine has, and asks for a second look.
    most : float
        Points that can be had.
    answers : list of Work
        In the Formgrader's order, which has nothing to do with names.
    """

    exercise: str
    item: str
    written: bool
    most: float
    answers: list[Work] = field(default_factory=list)

    @property
    def open(self) -> list[Work]:
        return [work for work in self.answers if work.awaits]

    @property
    def done(self) -> int:
        """How many have points from a person, and await nobody."""
        return sum(work.manual is not None and not work.awaits for work in self.answers)

    @property
    def empty(self) -> int:
        """How many need none: nothing was written, or the machine's points stand."""
        return len(self.answers) - self.done - len(self.open)


def queue(course: Course, names: list[str], item: str = "", anonymous: bool = False) -> list[Task]:
    """Written tasks first, then what a machine graded and a person must see; by question.

    Raises :class:`CourseProblem` when there is no question ``item``.
    """
    tasks = []
    for name in names:
        if (course.folder("release", name) / f"{name}.ipynb").is_file():
            with course.gradebook() as book:
                tasks += _of_exercise(course, book, name, anonymous)
    if item:
        known = [task.item for task in tasks]
        if item not in known:
            raise CourseProblem(f"There is no graded question {item} in {', '.join(names)}; "
                                f"written tasks are {_written(tasks)}.")
        return [task for task in tasks if task.item == item]
    return sorted((task for task in tasks if task.written and task.answers or task.open),
                  key=lambda task: (not task.written, task.exercise, place(task.item)))


def _written(tasks: list[Task]) -> str:
    return ", ".join(sorted(task.item for task in tasks if task.written)) or "not released yet"


def ungraded(course: Course, names: list[str]) -> int:
    """How many submissions no machine has graded yet, so that they are in no queue."""
    with course.gradebook() as book:
        known = {tuple(row) for row in book.db.execute(
            select(Assignment.name, SubmittedAssignment.student_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id))}
    return sum((name, student) not in known for name in names for student in course.students(name))


def _of_exercise(course: Course, book: Gradebook, name: str, anonymous: bool) -> list[Task]:
    places = _places(course.released(name))
    tasks: dict[str, Task] = {}
    rows = []
    for table in (GradeCell, TaskCell):
        cell = table.__table__.c
        rows += book.db.execute(
            select(SubmittedNotebook.id, SubmittedAssignment.student_id, BaseCell.name,
                   cell.cell_type, cell.max_score, Grade.auto_score, Grade.manual_score,
                   Grade.needs_manual_grade)
            .select_from(Grade).join(BaseCell, BaseCell.id == Grade.cell_id)
            .join(table.__table__, cell.id == BaseCell.id)
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .where(Assignment.name == name)).all()
    # As the Formgrader counts: by id, those whose graded notebook is there.
    there = {row.id for row in rows if
             (course.folder("autograded", name, row.student_id) / f"{name}.ipynb").is_file()}
    numbers = {submission: number for number, submission in enumerate(sorted(there), start=1)}
    for row in sorted(rows, key=lambda row: row.id):
        item = item_id(row.name)
        task = tasks.setdefault(item, Task(name, item, row.cell_type == "markdown",
                                           row.max_score))
        task.answers.append(Work(
            row.id, numbers.get(row.id, 0), "" if anonymous else row.student_id,
            f"/formgrader/submissions/{row.id}/?index={places.get(row.name, 0)}",
            row.auto_score, row.manual_score, bool(row.needs_manual_grade)))
    return list(tasks.values())


def _places(nb: Any) -> dict[str, int]:
    """Where the Formgrader's page has the points of each graded cell.

    It counts what the Tab key reaches: the link to the next submission is 0, then come, cell by
    cell, points and extra credit of a graded one and the comment on an answer.
    """
    found, position = {}, 1
    for cell in nb.cells:
        meta = nbk.nbgrader_meta(cell)
        if meta.get("grade") or meta.get("task"):
            found[meta["grade_id"]] = position
            position += 2
        if meta.get("solution") or meta.get("task"):
            position += 1
    return found


def document(tasks: list[Task], waiting: int) -> dict[str, Any]:
    """The queue as plain data; ``waiting`` from :func:`ungraded`."""
    return {"tasks": [{**asdict(task), "open": len(task.open), "done": task.done,
                       "empty": task.empty} for task in tasks],
            "not_graded_by_machine": waiting}
