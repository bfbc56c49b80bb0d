"""What the gradebook says of a submission that a feedback page tells; a class in few queries.

A page tells apart what a machine and what a person gave, and has the graders' comments: what
:mod:`grader.marks` adds up for a report, and what :mod:`grader.gradebook` does not read at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import select


@dataclass(frozen=True)
class Mark:
    """Points of one graded cell; None where nobody has given any.

    Attributes
    ----------
    auto, manual, extra : float or None
        By the machine, by a person (who has the last word), and beyond the maximum.
    waits : bool
        Whether a person still has to look at it.
    most : float
        Points that can be had.
    """

    auto: float | None = None
    manual: float | None = None
    extra: float | None = None
    waits: bool = False
    most: float = 0.0

    @property
    def score(self) -> float:
        """As nbgrader counts."""
        given = self.manual if self.manual is not None else self.auto
        return 0.0 if given is None else given + (self.extra or 0.0)


@dataclass
class Standing:
    """One submission.

    Attributes
    ----------
    submitted, due : datetime or None
        In UTC, without a zone, as nbgrader keeps them; ``due`` without the extension.
    extension : float
        Seconds that this student has more.
    penalty : float
        Points taken away for lateness.
    marks : dict of str to Mark
        By name of the cell.
    comments : dict of str to str
        What graders wrote, by name of the cell.
    """

    submitted: datetime | None = None
    due: datetime | None = None
    extension: float = 0.0
    penalty: float = 0.0
    marks: dict[str, Mark] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)

    @property
    def late(self) -> float:
        """Seconds after the due time of this student; 0 where it was in time, or none is set."""
        if self.submitted is None or self.due is None:
            return 0.0
        return max(0.0, (self.submitted - self.due).total_seconds() - self.extension)


def read(db: Any, assignment: str, notebook: str = "", student: str = "") -> dict[str, Standing]:
    """What is saved of the submissions of an assignment, by student.

    Parameters
    ----------
    db : sqlalchemy.orm.Session
        Of nbgrader's gradebook.
    notebook, student : str
        Only this notebook (default: the one with the assignment's name), only this student.
    """
    notebook = notebook or assignment
    chosen = [Assignment.name == assignment, Notebook.name == notebook]
    mine = [*chosen, *([SubmittedAssignment.student_id == student] if student else [])]

    def of_class(what: Any) -> Any:
        return (what.join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
                .join(SubmittedAssignment,
                      SubmittedAssignment.id == SubmittedNotebook.assignment_id)
                .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id).where(*mine))

    found: dict[str, Standing] = {}
    for row in db.execute(of_class(select(
            SubmittedAssignment.student_id, SubmittedAssignment.timestamp, Assignment.duedate,
            SubmittedAssignment.extension, SubmittedNotebook.late_submission_penalty)
            .select_from(SubmittedNotebook))):
        found[row.student_id] = Standing(
            row.timestamp, row.duedate, row.extension.total_seconds() if row.extension else 0.0,
            row.late_submission_penalty or 0.0)
    most: dict[str, float] = {}
    for kind in (GradeCell, TaskCell):
        most.update(db.execute(
            select(kind.name, kind.max_score).join(Notebook, Notebook.id == kind.notebook_id)
            .join(Assignment, Assignment.id == Notebook.assignment_id).where(*chosen)).all())
    for row in db.execute(of_class(select(
            SubmittedAssignment.student_id, BaseCell.name, Grade.auto_score, Grade.manual_score,
            Grade.extra_credit, Grade.needs_manual_grade).select_from(Grade)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id))):
        found[row.student_id].marks[row.name] = Mark(
            row.auto_score, row.manual_score, row.extra_credit, bool(row.needs_manual_grade),
            most.get(row.name) or 0.0)
    for who, name, said in db.execute(of_class(select(
            SubmittedAssignment.student_id, BaseCell.name, Comment.manual_comment)
            .select_from(Comment).join(BaseCell, BaseCell.id == Comment.cell_id)
            .join(SubmittedNotebook, SubmittedNotebook.id == Comment.notebook_id))):
        if said and said.strip():
            found[who].comments[name] = said.strip()
    return found
