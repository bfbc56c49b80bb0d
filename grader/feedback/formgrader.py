"""The Formgrader shows what students wrote, on the grader's own server: here it is made harmless.

nbgrader puts HTML of a notebook into its page as it is. That page may do whatever its reader may,
run code included. So HTML, Markdown and pictures go the way that they go on a feedback page.
"""

from __future__ import annotations

import html
from typing import Any

from jinja2 import pass_context
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, from_dict

from . import cells
from .safe import Safe

# The page has its own styles, and none for what is shown here.
_PLACE = "overflow-x:auto;contain:paint;isolation:isolate"
_NAMES = {"student", "first_name", "last_name", "notebook_path"}


def _placed(safe: Safe) -> str:
    rules = "\n".join(rules for _, rules in safe.styles)
    return ((f"<style>{rules}</style>" if rules else "")
            + f'<div class="{safe.names}" style="{_PLACE}">{safe.html}</div>')


class Harmless(Preprocessor):
    """Show outputs in their richest form that needs no script; the file stays as it is.

    The names that nbgrader puts around them are escaped: students choose theirs in many platforms.
    """

    def __init__(self, **kw: Any) -> None:
        super().__init__(**{**kw, "enabled": True})

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        for name in _NAMES & set(resources):
            resources[name] = html.escape(str(resources[name] or ""))
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell: NotebookNode, resources: dict,
                        index: int) -> tuple[NotebookNode, dict]:
        for output in cell.get("outputs", []):
            if output.get("output_type") in ("display_data", "execute_result"):
                shown = cells.shown_by(output)
                output["data"] = from_dict({"text/html": _placed(shown) if shown else ""})
                output["metadata"] = from_dict({})
        return cell, resources


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """nbconvert's filter of this name, for texts of students too."""
    cell = context.get("cell", {})
    return _placed(cells.markdown(source, cell.get("attachments"), below=0))
