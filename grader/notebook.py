"""Small facts about notebooks and cells that several preprocessors need."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

#: Key of our own notebook and cell metadata.
META = "reading_idlib"
_WRITTEN = re.compile(r"rubric-(\d\d)-(\d{1,2})")
_CHECK = re.compile(r"""check\(\s*["'](L?\d\d\.\d{1,2})["']\s*,""")


def nbgrader_meta(cell: Any) -> dict:
    """A cell's nbgrader metadata, an empty dict where there is none or it is damaged."""
    meta = cell.get("metadata", {}).get("nbgrader", {}) if isinstance(cell, dict) else {}
    return meta if isinstance(meta, dict) else {}


def question_of(cell: Any) -> str | None:
    """Question id that a check cell asks, e.g. ``"01.3"``, or None."""
    if cell.get("cell_type") != "code":
        return None
    found = _CHECK.search(cell["source"])
    return found[1] if found else None


def is_check(cell: Any) -> bool:
    """Whether this is a graded, locked code cell: one whose record is scored."""
    meta = nbgrader_meta(cell)
    return bool(cell.get("cell_type") == "code" and meta.get("grade") and not meta.get("solution"))


def written_of(cell: Any) -> str | None:
    """Id of the written task that a cell is the answer of, e.g. ``"01.R1"``, or None."""
    meta = nbgrader_meta(cell)
    found = _WRITTEN.fullmatch(str(meta.get("grade_id", "")))
    graded = found and cell.get("cell_type") == "markdown" and meta.get("grade")
    return f"{found[1]}.R{found[2]}" if graded else None


def asked(nb: NotebookNode) -> dict[str, bool]:
    """Ids of all questions and written tasks, in order, and whether a machine checks them."""
    found = {}
    for cell in nb.cells:
        if is_check(cell) and (question := question_of(cell)):
            found[question] = True
        elif task := written_of(cell):
            found[task] = False
    return found


def questions(nb: NotebookNode) -> list[str]:
    """Ids of all graded check cells of a notebook, in order."""
    return [q for cell in nb.cells if is_check(cell) and (q := question_of(cell))]


def prompt(nb: NotebookNode, question: str) -> str:
    """The text of a question: what stands between the check before it and its own."""
    text: list[str] = []
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            text.append(cell.source)
        elif is_check(cell):
            if question_of(cell) == question:
                return "\n".join(text)
            text = []
    return ""


def released(path: Path) -> NotebookNode:
    """A released notebook, read once for each state of its file. Not to be changed: copy it."""
    state = path.stat()
    return _released(path, state.st_mtime_ns, state.st_size, state.st_ino)


@lru_cache(maxsize=16)
def _released(path: Path, *_: int) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def note(nb: NotebookNode, sentence: str) -> None:
    """Record a problem of a submission, where the instructor and the feedback page see it."""
    nb.metadata.setdefault(META, {}).setdefault("problems", []).append(sentence)
    nb.cells.insert(0, new_markdown_cell(f"> **Note from the grader.** {sentence}",
                                         id=f"grader-note-{len(nb.cells)}"))
