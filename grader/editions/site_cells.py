"""What of a notebook a page shows: prose, code and outputs, and no unanswered check."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook, new_output
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearOutput, ClearSolutions
from traitlets.config import Config, PyFileConfigLoader

from ..canonical import MIME
from ..notebook import question_of
from .running import ROOT

#: Metadata of a cell: the page says here that a question is answered elsewhere.
ASKED = "reading_idlib_asked"
#: Metadata of a cell: it is only run in the course.
UNRUN = "reading_idlib_unrun"
#: Name of the empty folder in which lessons look for the articles while they run here.
NO_TEXTS = "no-texts"
_LOG = "~/.local/share/reading-idlib/checks.jsonl"
_WIDGET = "application/vnd.jupyter.widget-view+json"
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class SiteProblem(Exception):
    """Why the site can't be made, in one sentence."""


def page_of(path: Path) -> NotebookNode:
    """A page of Markdown as a notebook of one cell, so that all pages are made in one way."""
    return new_notebook(cells=[new_markdown_cell(path.read_text(encoding="utf-8"), id="page")])


def lesson(notebook: NotebookNode, name: str) -> NotebookNode:
    """An executed lesson without what only a running course can show.

    An error on purpose is kept as plain text; a check that waits for the reader's answer shows
    nothing of what it said.

    Raises
    ------
    SiteProblem
        When a cell failed that must not fail.
    """
    shown = nbformat.from_dict(notebook)
    for cell in shown.cells:
        if cell.cell_type != "code":
            continue
        asked = _waits(cell)
        if asked:
            cell.metadata[ASKED] = question_of(cell)
        first = next((at for at, output in enumerate(cell.outputs)
                      if MIME in output.get("data", {})), len(cell.outputs))
        cell.outputs = [_quiet(output) for output in
                        (cell.outputs[:first] if asked else cell.outputs)]
        if any(output.output_type == "error" for output in cell.outputs):
            if "raises-exception" not in cell.metadata.get("tags", []):
                raise SiteProblem(f"{name} does not run: cell {cell.id} failed. Run the lesson "
                                  "in JupyterLab to see why.")
            # The box above says the same as the error of a check.
            cell.outputs = [output for output in cell.outputs
                            if output.get("ename") != "NotYet"]
    return shown


def _waits(cell: NotebookNode) -> bool:
    """Whether the cell asks the reader; lesson 00 also shows what checks say, with answers."""
    return question_of(cell) is not None and (
        cell.id.startswith("check-") or re.search(r"=\s*\.\.\.\s*$", cell.source, re.M) is not None)


def _quiet(output: NotebookNode) -> NotebookNode:
    """An output without colour codes, widgets and the folders of the machine that made it."""
    if output.output_type == "error":
        text = _ANSI.sub("", "\n".join(output.traceback))
        return new_output("error", ename=output.ename, evalue=output.evalue,
                          traceback=[_without_folders(text)])
    if output.output_type == "stream":
        output.text = _without_folders(_ANSI.sub("", output.text))
        return output
    for kind in (_WIDGET, MIME):
        output.data.pop(kind, None)
    if "text/plain" in output.data and "text/html" not in output.data:
        output.data["text/plain"] = _without_folders(output.data["text/plain"])
    if "idlib-progress" in output.data.get("text/html", ""):
        # Where a learner's own log lies, in place of the one that this run has made.
        output.data["text/html"] = re.sub(r"[^\s<>]*/checks\.jsonl", _LOG,
                                          output.data["text/html"])
    return output


def _without_folders(text: str) -> str:
    for folder in (str(ROOT), str(Path.home())):
        text = text.replace(f"{folder}/", "")
    text = re.sub(rf"\S*/{NO_TEXTS}\d*\b", "seeds/texts", text)
    return re.sub(r"\S*/site-packages/", "", text)


@lru_cache(maxsize=1)
def _course_config() -> Config:
    return PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()


def exercise(path: Path) -> NotebookNode:
    """An exercise as it is released: without solutions, hidden tests and mark schemes; not run."""
    shown = nbformat.read(path, as_version=4)
    resources: dict = {}
    for step in (ClearSolutions, ClearHiddenTests, ClearMarkScheme, ClearOutput):
        shown, resources = step(config=_course_config()).preprocess(shown, resources)
    for cell in shown.cells:
        if cell.cell_type == "code":
            cell.metadata[ASKED if question_of(cell) else UNRUN] = True
    return shown
