"""What the gradebook holds of one exercise, cell by cell, read in one query."""

from __future__ import annotations

from dataclasses import dataclass

from nbgrader.api import (
    Assignment,
    Grade,
    Gradebook,
    GradeCell,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select


@dataclass(frozen=True)
class Mark:
    """One graded cell of one submission.

    Attributes
    ----------
    student : str
    submission : str
        Id of the submitted notebook, as in the addresses of the Formgrader.
    cell : str
        Name of the graded cell, such as ``check-08-10`` or ``rubric-08-1``.
    written : bool
        Whether a person grades it (a text cell); otherwise a machine does.
    most : float
        Points that can be had.
    automatic, manual, extra : float or None
        Points given by the machine and by a person, and extra credit.
    awaits : bool
        Whether a person has to look at it.
    penalty : float
        What lateness takes off the whole submission.
    """

    student: str
    submission: str
    cell: str
    written: bool
    most: float
    automatic: float | None
    manual: float | None
    extra: float | None
    awaits: bool
    penalty: float

    @property
    def points(self) -> float:
        """What counts, as nbgrader has it: manual before automatic points, and extra credit."""
        given = self.automatic if self.manual is None else self.manual
        return 0.0 if given is None else given + (self.extra or 0.0)


def marks(book: Gradebook, exercise: str) -> list[Mark]:
    """All marks of an exercise, ordered by submission; cells in no order."""
    rows = book.db.execute(
        select(SubmittedAssignment.student_id, SubmittedNotebook.id, GradeCell.name,
               GradeCell.cell_type, GradeCell.max_score, Grade.auto_score, Grade.manual_score,
               Grade.extra_credit, Grade.needs_manual_grade,
               SubmittedNotebook.late_submission_penalty)
        .select_from(Grade).join(GradeCell, GradeCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == exercise)).all()
    book.db.rollback()  # ends the reading; nothing was changed
    # By the same order the Formgrader numbers submissions; a database may sort letters otherwise.
    return [Mark(student, submission, cell, kind == "markdown", most, automatic, manual, extra,
                 awaits, penalty or 0.0)
            for student, submission, cell, kind, most, automatic, manual, extra, awaits, penalty
            in sorted(rows, key=lambda row: row[1])]


def question(cell: str) -> str:
    """Question id of a graded cell: ``check-08-10`` → ``08.10``, ``rubric-08-1`` → ``08.R1``."""
    kind, _, rest = cell.partition("-")
    if kind == "rubric":
        topic, _, number = rest.rpartition("-")
        return f"{topic}.R{number}" if topic else cell
    return rest.replace("-", ".") if kind == "check" and rest else cell
