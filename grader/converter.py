"""nbgrader's Autograde for a class: one pass over each notebook, and its problems are raised."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbconvert.writers import FilesWriter
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import setenv
from traitlets.config import Config

from .execution.protocol import Request
from .intake import Intake
from .run import Run
from .staging import staged


class ClassAutograde(Autograde):
    """The steps of `nbgrader autograde`, with what they need made once for a class.

    Stock nbgrader writes a sanitized notebook, reads it again, and writes it again with the
    results; here the steps follow each other in memory. Stock nbgrader logs an error, removes
    what there was and goes on; here the error is raised. The working directory must be the
    root of the course.

    Parameters
    ----------
    directory : CourseDirectory
        Its ``autograded_directory`` is where the graded submissions are written.
    """

    def __init__(self, directory: CourseDirectory, config: Config, log: logging.Logger) -> None:
        super().__init__(coursedir=directory, config=config, log=log)
        self.writer = FilesWriter(parent=self, config=config)
        self.exporter = self.exporter_class(parent=self, config=config)
        self._sanitize = self._make(self.sanitize_preprocessors)
        self._grade = self._make(self.autograde_preprocessors)

    def _make(self, steps: Iterable) -> list:
        self.exporter._preprocessors = []
        for step in steps:
            self.exporter.register_preprocessor(step)
        return self.exporter._preprocessors

    def request(self, assignment: str, student: str, found: Intake) -> Request | None:
        """What must run for a submission; None when it runs in another way, or not at all."""
        run = next((step for step in self._grade if isinstance(step, Run)), None)
        if run is None or run.executor != "fork":
            return None
        with self._at(assignment, student, found):
            return run.request(*self._sanitized(self.notebooks[0]))

    def hook(self, assignment: str, student: str, found: Intake) -> None:
        """Run the configured ``pre_convert_hook``, before anything is read."""
        with self._at(assignment, student, found):
            self.run_pre_convert_hook()

    def grade(self, assignment: str, student: str, found: Intake) -> None:
        """Grade one submission, as :meth:`convert_notebooks` does in stock nbgrader after the
        first hook."""
        with self._at(assignment, student, found):
            self.init_assignment(assignment, student)
            for filename in self.notebooks:
                self.convert_single_notebook(filename)
            self.set_permissions(assignment, student)
            self.run_post_convert_hook()

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Sanitize, run, score, save and write one notebook."""
        self.log.info("Grading %s", notebook_filename)
        nb, resources = self._sanitized(notebook_filename)
        names = resources["nbgrader"]
        # The folder in which the notebook runs, if a step runs it here.
        resources["metadata"]["path"] = self._format_dest(names["assignment"], names["student"])
        with setenv(NBGRADER_EXECUTION="autograde"):
            nb, resources = _through(self._grade, nb, resources)
        invalid: dict = {}
        text = nbformat.writes(nb, capture_validation_error=invalid) + "\n"
        if invalid:
            raise invalid["ValidationError"]
        self.write_single_notebook(text, resources)

    @contextmanager
    def _at(self, assignment: str, student: str, found: Intake) -> Iterator[None]:
        directory = self.coursedir
        submitted = directory.submitted_directory
        directory.assignment_id, directory.student_id = assignment, student
        directory.student = student  # nbgrader takes outer spaces from its own
        try:
            with staged(directory, found):
                folder = self._format_source(assignment, student)
                self.notebooks = [str(Path(folder, f"{assignment}.ipynb"))]
                yield
        finally:
            directory.submitted_directory = submitted

    def _sanitized(self, filename: str) -> tuple[NotebookNode, dict]:
        resources = self.init_single_notebook_resources(filename)
        resources["output_extension"] = self.exporter.file_extension
        return _through(self._sanitize, *self.exporter.read(filename, resources))


def _through(steps: Iterable, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
    for step in steps:
        nb, resources = step(nb, resources)
    return nb, resources
