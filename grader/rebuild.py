"""Rebuild: the notebook that runs is the released one, with the student's answers in it.

Nothing else of a submission is believed, so missing, duplicate, moved, retyped and foreign
cells need no special case. It replaces nbgrader's own sanitizing steps.
"""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from . import notebook as nbk
from .canonical import sound
from .seal import FILE_NAME

# A submission of this course is well under a megabyte; the limit keeps one hostile file from
# taking the memory that the rest of the class needs.
MAX_BYTES = 20_000_000


class SubmissionExporter(NotebookExporter):
    """Reads a submitted notebook; what cannot be read becomes an empty one with a note."""

    def from_filename(self, filename: str, resources: dict | None = None, **kw: Any):
        path = Path(filename)
        problem, resources = "", resources or {}
        try:
            resources["submission"] = fingerprint(path)
            if path.stat().st_size > MAX_BYTES:
                problem = f"it is larger than {MAX_BYTES // 1_000_000} MB"
            else:
                nb = _as_notebook(json.loads(path.read_text(encoding="utf-8-sig")))
        except Exception as error:  # whatever it is, the student's grade must end in a state
            problem = f"it is not a notebook ({type(error).__name__})"
        if problem:
            nb = new_notebook()
            nb.metadata[nbk.META] = {"unreadable": problem}
        resources.setdefault("metadata", {}).update(name=path.stem, path=str(path.parent))
        return self.from_notebook_node(nb, resources=resources, **kw)


def fingerprint(path: Path) -> str:
    """SHA-256 of a submitted file: a resubmission is known by its content, not by its date."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _as_notebook(raw: Any) -> NotebookNode:
    """A notebook of whatever minor version, its well-formed cells only."""
    if isinstance(raw, dict) and "worksheets" in raw:
        raw = nbformat.reads(json.dumps(raw), as_version=4)  # format 3, before 2015
    if not isinstance(raw, dict) or not isinstance(raw.get("cells"), list):
        raise ValueError("no cells")
    nb = new_notebook()
    if isinstance(raw.get("metadata"), dict):
        nb.metadata = nbformat.from_dict(raw["metadata"])
    # Only we may call a submission unreadable; the rest of our metadata is needed again in the
    # second pass of autograding, and in the first one nobody reads it.
    ours = nb.metadata.get(nbk.META)
    if not isinstance(ours, dict) or "unreadable" in ours:
        nb.metadata.pop(nbk.META, None)
    nb.cells = [_cell(cell, n) for n, cell in enumerate(raw["cells"]) if _well_formed(cell)]
    return nb


def _source(raw: dict) -> str:
    source = raw["source"]
    return source if isinstance(source, str) else "".join(map(str, source))


def _cell(raw: dict, number: int) -> NotebookNode:
    """A cell without its outputs: whatever they say, the notebook is run again."""
    cell = nbformat.from_dict({**raw, "source": sound(_source(raw))})
    if not isinstance(cell.get("id"), str):
        cell["id"] = f"unnamed-{number}"  # older notebooks have no ids
    if cell.cell_type == "code":
        cell.update(outputs=[], execution_count=None)
    return cell


def _well_formed(cell: Any) -> bool:
    return (isinstance(cell, dict) and cell.get("cell_type") in ("code", "markdown", "raw")
            and isinstance(cell.get("metadata", {}), dict)
            and isinstance(cell.get("source"), (str, list)))


def course_directory(preprocessor: Any) -> CourseDirectory:
    """The course directory of the converter that runs a preprocessor."""
    parent = preprocessor
    while parent is not None:
        found = getattr(parent, "coursedir", None)
        if isinstance(found, CourseDirectory):
            return found
        parent = getattr(parent, "parent", None)
    return CourseDirectory(config=preprocessor.config)


class Rebuild(NbGraderPreprocessor):
    """Put the student's answers into the released notebook."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        course = course_directory(self)
        folder = Path(course.format_path(course.release_directory, ".", names["assignment"]))
        path = Path(course.root) / folder / f"{names['notebook']}.ipynb"
        try:
            released = nbformat.read(path, as_version=4)
        except FileNotFoundError:
            raise NbGraderException(
                f"There is no released notebook {path}; run `grader release` (or `nbgrader "
                f"generate_assignment {names['assignment']}`) first.") from None
        built = rebuild(released, nb)
        unreadable = nb.metadata.get(nbk.META, {}).get("unreadable")
        if unreadable:
            nbk.note(built, f"The submitted file could not be read: {unreadable}. It was graded as "
                            "an unanswered notebook; the file itself is kept as it was.")
        # Not needed from here on (see Run), and nothing that a feedback folder should carry.
        sheet = Path(course.root) / course.format_path(
            course.autograded_directory, names["student"], names["assignment"]) / FILE_NAME
        if sheet.is_file() or sheet.is_symlink():
            sheet.unlink()
        built.metadata.setdefault(nbk.META, {})["submission"] = resources.get("submission", "")
        return built, resources


def rebuild(released: NotebookNode, submitted: NotebookNode) -> NotebookNode:
    """Return the released notebook with the answers and extra cells of ``submitted``.

    An answer is found by its ``grade_id``, or by the cell id where the metadata is gone. Of
    duplicates the last counts, as in nbgrader; the others run as extra cells. Extra cells
    stand after the released cell that they follow in the submission.
    """
    built = copy.deepcopy(released)
    known = {_name(cell): i for i, cell in enumerate(built.cells)}
    open_ = {name for name, i in known.items() if _is_open(built.cells[i])}
    last = {}
    names = [_known_name(cell, known) for cell in submitted.cells]
    recovered = _recover(names, submitted, built, open_)
    for i, name in enumerate(names):
        # Of answers the last copy counts, as in nbgrader; of locked cells the first, so that a
        # pasted copy does not move what stands behind it.
        if name is not None and (name in open_ or name not in last):
            last[name] = i
    extras: dict[int, list] = {}
    anchor = -1
    for i, (cell, name) in enumerate(zip(submitted.cells, names, strict=True)):
        if name is not None and last[name] == i:
            anchor = known[name]
            if name in open_:
                _copy_answer(cell, built.cells[anchor])
        elif name is None or name in open_:
            # A second copy of a locked cell is dropped; anything else of the student's runs.
            extras.setdefault(anchor, []).append(_bare(cell))
    cells = list(extras.get(-1, []))
    for i, cell in enumerate(built.cells):
        cells += [cell, *extras.get(i, [])]
    for n, cell in enumerate(c for group in extras.values() for c in group):
        cell["id"] = f"extra-{n + 1}"
    built.cells = cells
    if recovered:
        nbk.note(built, f"The notebook had lost the names of some cells; {recovered} answers were "
                        "found by their place between the questions.")
    return built


def _recover(names: list, submitted: NotebookNode, built: NotebookNode, open_: set) -> int:
    """Name, in place, answer cells that have lost metadata and id, and return how many.

    Some editors drop both. A locked cell is then known by its text, and an answer by standing
    between the locked cells that surround it in the release.
    """
    order = [_name(cell) for cell in built.cells]
    texts = {cell.source.strip(): name for cell, name in zip(built.cells, order, strict=True)
             if name not in open_}
    for i, cell in enumerate(submitted.cells):
        name = texts.get(cell.source.strip())
        if names[i] is None and name not in names:
            names[i] = name
    count = 0
    for j, name in enumerate(order):
        if name in names or not nbk.nbgrader_meta(built.cells[j]).get("solution"):
            continue
        start = _at(names, order[j - 1]) if j else -1
        stop = _at(names, order[j + 1]) if j + 1 < len(order) else len(names)
        if start is None or stop is None:
            continue
        free = [i for i in range(start + 1, stop) if names[i] is None
                and submitted.cells[i].cell_type == built.cells[j].cell_type]
        variable = built.cells[j].source.split("=")[0].strip() + " ="
        likely = [i for i in free if variable in submitted.cells[i].source] or free
        if likely:
            names[likely[-1]] = name
            count += 1
    return count


def _at(names: list, name: str) -> int | None:
    return names.index(name) if name in names else None


def _name(cell: Any) -> str:
    return str(nbgrader_id(cell) or cell.get("id", ""))


def nbgrader_id(cell: Any) -> str | None:
    """A cell's ``grade_id``, or None."""
    name = nbk.nbgrader_meta(cell).get("grade_id")
    return name if isinstance(name, str) else None


def _known_name(cell: Any, known: dict) -> str | None:
    for name in (nbgrader_id(cell), cell.get("id")):
        if isinstance(name, str) and name in known:
            return name
    return None


def _is_open(cell: Any) -> bool:
    meta = nbk.nbgrader_meta(cell)
    return bool(meta.get("solution")) or not (meta.get("locked") or meta.get("grade")
                                              or meta.get("task"))


def _copy_answer(cell: Any, into: NotebookNode) -> None:
    into.source = cell.source
    # Pictures that a student pasted into a written answer belong to the answer.
    pictures = cell.get("attachments")
    if into.cell_type == "markdown" and isinstance(pictures, dict):
        kept = {name: files for name, files in pictures.items() if isinstance(files, dict)
                and all(isinstance(data, str) for data in files.values())}
        if kept:
            into["attachments"] = nbformat.from_dict(kept)


def _bare(cell: Any) -> NotebookNode:
    make = new_code_cell if cell["cell_type"] == "code" else new_markdown_cell
    return make(cell.source)
