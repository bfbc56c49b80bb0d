"""What lateness costs, by nbgrader's own means: its plugin for penalties, its extensions.

``class.yaml`` says how much (:mod:`grader.settings`). Where it says nothing about lateness,
nbgrader's setting ``c.LateSubmissionPlugin.penalty_method`` holds, and extensions that were given
through nbgrader's gradebook stay.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor

from . import marks, settings
from .intake import TIMESTAMP
from .rebuild import course_directory, received

if TYPE_CHECKING:
    from .course import Course

# Less than that is a matter of rounding.
_SAME = 0.005


class LatePolicy(LateSubmissionPlugin):
    """The penalty that ``class.yaml`` sets, as ``c.AssignLatePenalties.plugin_class``."""

    def late_submission_penalty(self, student_id: str, score: float,
                                total_seconds_late: float) -> float | None:
        """Points to take away; None for no penalty, as nbgrader asks."""
        root = Path(course_directory(self).root)
        penalty = settings.load(root).penalty(score, total_seconds_late)
        if penalty is None:
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        return penalty or None


class GrantExtension(NbGraderPreprocessor):
    """Write a student's extension into the gradebook before lateness is looked at.

    And take back a date that cannot be, which plain nbgrader has written there already.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        course = course_directory(self)
        where = names["assignment"], names["student"]
        hours = settings.load(Path(course.root)).extension(*where)
        folder = course.format_path(course.submitted_directory, names["student"],
                                    names["assignment"])
        misdated = (Path(course.root, folder, TIMESTAMP).is_file()
                    and TIMESTAMP not in received(course, *where).files)
        if hours is not None or misdated:
            with Gradebook(names["db_url"], course.course_id) as book:
                if misdated:
                    book.find_submission(*where).timestamp = None
                    book.db.commit()
                if hours is not None:
                    book.grant_extension(*where, hours=hours)
        return nb, resources


def settle(course: Course, book: Gradebook, names: list[str] | None = None) -> list[str]:
    """Take penalties anew where points, a due time or an extension have changed since.

    nbgrader takes a penalty when the machine grades; points that a person gives later would be
    free of it. What was changed is said, in one sentence for an exercise. A penalty that today's
    policy does not know at all stays, and is said too: somebody may have written it knowingly.

    Raises
    ------
    SettingsProblem
        ``class.yaml`` has another due time than the gradebook.
    """
    found, of_class, said = marks.read(book, names), settings.load(course.root), []
    for name, exercise in found.exercises.items():
        due = of_class.due(name)
        if due is not None and due != exercise.due:
            raise settings.SettingsProblem(
                f"{settings.FILE} has another due time of {name} than the gradebook: run `grader "
                "grade --rescore`, then the same command again.")
        moved, strange = [], []
        for one in found.of(name):
            now, extension = _penalty(course, of_class, one)
            if now == 0 and one.penalty > _SAME and one.late and extension == one.extension:
                strange.append(one.student)
            elif abs(now - one.penalty) > _SAME or extension != one.extension:
                row = book.find_submission(name, one.student)
                row.extension = extension
                for notebook in row.notebooks:
                    notebook.late_submission_penalty = now or None
                moved.append(f"{one.student} {one.penalty:g} → {now:g}")
        if moved:
            said.append(f"{name}: late penalties were taken anew from all points given until now "
                        f"({_some(moved)}).")
        if strange:
            said.append(f"{name}: the late policy of now would take nothing away, but penalties "
                        f"stand in the gradebook ({_some(strange)}); `grader grade --rescore` "
                        "takes them back.")
    book.db.commit()
    return said


def _penalty(course: Course, of_class: settings.Settings,
             one: marks.Submission) -> tuple[float, timedelta]:
    """What lateness costs a submission, as nbgrader's step would find, and the extension."""
    hours = of_class.extension(one.exercise, one.student)
    extension = one.extension if hours is None else timedelta(hours=hours)
    late = one.beyond - extension.total_seconds()
    if late <= 0:
        return 0.0, extension
    step = AssignLatePenalties(config=course.config)
    step.init_plugin()
    penalty = step.plugin_inst.late_submission_penalty(one.student, one.earned, late) or 0.0
    return min(max(penalty, 0.0), one.earned), extension


def _some(names: list[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if names[6:] else "")
