"""Rebuild: what runs is the released notebook with the answers of what was handed in.

Two steps of nbgrader's converter, which meets them as its exporter and its sanitizing step.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import find_all_files

from . import notebook as nbk
from .intake import Intake, receive
from .notebook_file import read_notebook
from .seal import FILE_NAME
from .transplant import rebuild
from .tried import ATTEMPTS
from .written import make_presentable

__all__ = ["Rebuild", "SubmissionExporter", "course_directory", "rebuild"]


class SubmissionExporter(NotebookExporter):
    """Reads a submitted notebook; what cannot be read becomes an empty one with a note."""

    def from_filename(self, filename: str, resources: dict | None = None, **kw: Any):
        nb, resources = self.read(filename, resources or {})
        return self.from_notebook_node(nb, resources=resources, **kw)

    def read(self, filename: str, resources: dict) -> tuple[NotebookNode, dict]:
        """The notebook of a file, and the resources that go with it."""
        path = Path(filename)
        if getattr(self.parent, "_sanitizing", True):
            nb, resources["problems"] = _submitted(path)
        else:  # the second pass reads what the first one wrote, before anything has run
            nb = nbformat.read(path, as_version=4)
        resources.setdefault("metadata", {}).update(name=path.stem, path=str(path.parent))
        return nb, resources


def _submitted(path: Path) -> tuple[NotebookNode, list[str]]:
    """The notebook of a submitted file, and what the student should know about it."""
    file = read_notebook(path)
    file.nb.metadata[nbk.META] = {ATTEMPTS: file.tried}
    if not file.unreadable:
        return file.nb, file.notes
    return file.nb, [*file.notes, f"The submitted file could not be read: {file.unreadable}. It "
                                  "was graded as an unanswered notebook; the file itself is kept "
                                  "as it was."]


def course_directory(preprocessor: Any) -> CourseDirectory:
    """The course directory of the converter that runs a preprocessor."""
    parent = preprocessor
    while parent is not None:
        found = getattr(parent, "coursedir", None)
        if isinstance(found, CourseDirectory):
            return found
        parent = getattr(parent, "parent", None)
    return CourseDirectory(config=preprocessor.config)


def received(course: CourseDirectory, assignment: str, student: str) -> Intake:
    """What intake found of a submission; plain nbgrader has not looked before, so it looks now."""
    found = getattr(course, "received", None)
    return found or receive(
        Path(course.root, course.format_path(course.submitted_directory, student, assignment)),
        assignment, Path(course.root, course.format_path(course.release_directory, ".",
                                                         assignment)))


class Rebuild(NbGraderPreprocessor):
    """Put the student's answers into the released notebook, and note what was odd."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        assignment, student = names["assignment"], names["student"]
        course = course_directory(self)

        def folder(step: str, who: str) -> Path:
            return Path(course.root, course.format_path(step, who, assignment))

        path = folder(course.release_directory, ".") / f"{names['notebook']}.ipynb"
        try:
            released = nbk.released(path)
        except FileNotFoundError:
            raise NbGraderException(
                f"There is no released notebook {path}; run `grader release` (or `nbgrader "
                f"generate_assignment {assignment}`) first.") from None
        found = received(course, assignment, student)
        said = resources.get("problems", [])
        if found.notebook is None:
            nb, said = new_notebook(), []  # whatever lies there, it is not the student's own file
        elif not found.as_it_is:  # plain nbgrader has taken the file with the right name
            nb, said = _submitted(found.notebook)
        built = rebuild(released, nb)
        make_presentable(built)
        for sentence in [*found.problems, *said]:
            nbk.note(built, sentence)
            self.log.warning("%s, %s: %s", student, assignment, sentence)
        keep_only(folder(course.autograded_directory, student), {
            *found.files, *_masters(folder(course.source_directory, "."), course.ignore)})
        noted = built.metadata.setdefault(nbk.META, {})
        noted["submission"] = found.fingerprint
        if tried := nb.metadata.get(nbk.META, {}).get(ATTEMPTS):
            noted[ATTEMPTS] = tried
        return built, resources


def _masters(source: Path, ignore: list[str]) -> set[str]:
    """Relative names of the instructor's files, which nbgrader lays over the student's."""
    return {Path(name).relative_to(source).as_posix()
            for name in find_all_files(str(source), [*ignore, "*.ipynb"])}


def keep_only(folder: Path, wanted: set[str]) -> None:
    """Remove all other files from a folder, and every link.

    nbgrader has copied what links lead to: other people's files, or the key. The sealed checks
    are not needed from here on, and nothing that a feedback folder should carry.
    """
    for place, folders, files in os.walk(folder):
        for name in [*files, *folders]:
            path = Path(place, name)
            relative = path.relative_to(folder).as_posix()
            odd = relative not in wanted or relative == FILE_NAME
            if path.is_symlink() or not path.is_dir() and odd:
                path.unlink()
