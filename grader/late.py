"""What lateness costs, by nbgrader's own means: its plugin for penalties, its extensions.

``class.yaml`` says how much (:mod:`grader.settings`). Where it says nothing about lateness,
nbgrader's setting ``c.LateSubmissionPlugin.penalty_method`` holds, and extensions that were given
through nbgrader's gradebook stay.
"""

from __future__ import annotations

from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import NbGraderPreprocessor

from . import settings
from .rebuild import course_directory


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
    """Write a student's extension into the gradebook before lateness is looked at."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        course = course_directory(self)
        hours = settings.load(Path(course.root)).extension(names["assignment"], names["student"])
        if hours is not None:
            with Gradebook(names["db_url"], course.course_id) as book:
                book.grant_extension(names["assignment"], names["student"], hours=hours)
        return nb, resources
