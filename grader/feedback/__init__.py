"""Feedback: one page for each submission, made by `nbgrader generate_feedback` and by ours.

``cells`` and ``safe`` make harmless HTML of what students and programs wrote, ``page`` says what a
page tells, ``exporter`` writes it, ``of_class`` does it for a class, and ``formgrader`` lets
graders see the same harmless HTML.
"""

from .exporter import FeedbackExporter, ReadGrades

__all__ = ["FeedbackExporter", "ReadGrades"]
