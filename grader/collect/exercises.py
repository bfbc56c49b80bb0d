"""Which exercise a notebook is: by its name, and by the cells that came with the release."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

from .. import notebook as nbk
from ..course import Course, CourseProblem
from ..notebook_file import NotebookFile


class Exercises:
    """The released exercises of a course, and its lessons, which bear the same names.

    Raises
    ------
    CourseProblem
        Nothing has been released.
    """

    def __init__(self, course: Course) -> None:
        self._releases = {}
        self._answers: dict[str, dict[str, str]] = {}
        for name in course.assignments():
            path = course.folder("release", name) / f"{name}.ipynb"
            if path.is_file():
                notebook = nbformat.read(path, as_version=4)
                self._releases[name] = [marks for cell in notebook.cells if (marks := _marks(cell))]
                self._answers[name] = {cell.id: cell.source for cell in notebook.cells}
        if not self._releases:
            raise CourseProblem("Nothing has been released yet, so no notebook can be known again: "
                                "run `grader release` first.")
        self._lessons = {path.stem: {mark for cell in nbformat.read(path, as_version=4).cells
                                     for mark in _marks(cell)}
                         for path in sorted(Path(course.root, "notebooks").glob("*.ipynb"))}

    @property
    def names(self) -> list[str]:
        return list(self._releases)

    def named(self, path: str) -> str:
        """The exercise whose name stands in a path, the innermost part first; or empty."""
        for part in reversed(path.replace("\\", "/").split("/")):
            found = [name for name in self._releases
                     if re.search(rf"(?i)(?<!\w){re.escape(name)}(?![^\W_])",
                                  part.replace("_", " "))]
            if len(found) == 1:
                return found[0]
        return ""

    def find(self, path: str, file: NotebookFile, wanted: str = "") -> tuple[str, str, str]:
        """Name of the exercise, why there is none, and what is odd; the unneeded ones empty.

        Parameters
        ----------
        path : str
            Path of the file within its source.
        file : NotebookFile
            What it holds; it may be unreadable.
        wanted : str
            What it must be (``--as``), or empty.
        """
        named = wanted or self.named(path)
        if file.unreadable:
            if named:
                return named, "", f"it cannot be read ({file.unreadable}) and is kept as it is"
            return "", f"it cannot be read ({file.unreadable}), and its name is no exercise's", ""
        marks = {mark for cell in file.nb.cells for mark in _marks(cell)}
        shares = {name: self._share(name, marks) for name in self._releases}
        best = max(shares, key=shares.__getitem__)
        if named and (shares[named] >= 1 / 3 or 0 < shares[named] == shares[best]):
            return named, "", ""
        if shares[best] >= 1 / 3:
            if wanted:
                return "", f"its cells are those of {best}, not of {wanted}", ""
            return best, "", f"its cells are those of {best}" * bool(named)
        lesson = max(self._lessons, key=lambda name: len(self._lessons[name] & marks), default="")
        if lesson and len(self._lessons[lesson] & marks) > len(file.nb.cells) / 3:
            return "", (f"it is the lesson notebooks/{lesson}.ipynb, not an exercise; ask the "
                        "student for the notebook from the exercise's folder"), ""
        if named and shares[named]:
            return named, "", "most of the exercise's cells are missing from it"
        return "", ("none of its cells are those of an exercise released here; is it from another "
                    "course?"), ""

    def written(self, name: str, file: NotebookFile) -> str:
        """What stands in cells that did not come with the release, or were changed."""
        released = self._answers[name]
        return "\n".join(cell.source for cell in file.nb.cells
                         if cell.cell_type == "markdown"
                         and released.get(cell.id) != cell.source)

    def _share(self, name: str, marks: set[str]) -> float:
        cells = self._releases[name]
        return sum(bool(cell & marks) for cell in cells) / max(1, len(cells))


def _marks(cell: nbformat.NotebookNode) -> set[str]:
    """What a cell is known by; names and lines that any notebook could have do not count."""
    return {mark for mark in (cell.get("id"), cell.source.strip(),
                              nbk.nbgrader_meta(cell).get("grade_id"))
            if mark and (re.search(r"\d", mark) or len(mark) > 40)}

