"""Grades for other systems, as export plugins of nbgrader.

``nbgrader export --exporter grader.exports.CanvasExporter --to grades.csv`` and ``grader export
canvas`` do the same; the second one says what was left out, and takes more options.
"""

from .base import PlatformExporter
from .platforms import BrightspaceExporter, CanvasExporter, MoodleExporter, TableExporter

#: What `grader export` knows.
EXPORTERS = {"canvas": CanvasExporter, "moodle": MoodleExporter,
             "brightspace": BrightspaceExporter, "csv": TableExporter}

__all__ = ["EXPORTERS", "BrightspaceExporter", "CanvasExporter", "MoodleExporter",
           "PlatformExporter", "TableExporter"]
