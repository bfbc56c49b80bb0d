"""What students write between the code must not stop a page from being made."""

from __future__ import annotations

from nbconvert.filters.markdown_mistune import (
    InvalidNotebook,
    IPythonRenderer,
    MarkdownWithMath,
)
from nbformat import NotebookNode

from . import notebook as nbk


def make_presentable(nb: NotebookNode) -> None:
    """Change, in place, those written cells of a student's that nbconvert would stop at."""
    for cell in nb.cells:
        meta = nbk.nbgrader_meta(cell)
        if cell.cell_type == "markdown" and (meta.get("solution") or not meta):
            _make_presentable(cell)


def _make_presentable(cell: NotebookNode) -> None:
    for _ in range(100):  # pictures in one cell
        try:
            renderer = IPythonRenderer(escape=False, attachments=cell.get("attachments", {}))
            MarkdownWithMath(renderer=renderer).render(cell.source)
            return
        except InvalidNotebook as error:
            # A picture that is not attached: somebody copied the text alone.
            link = "attachment:" + str(error).partition("missing attachment: ")[2]
            if link not in cell.source:
                break
            cell.source = cell.source.replace(link, "missing-" + link)
        except Exception:  # whatever a text does to the renderer, it can be shown as it is
            break
    cell.source = "\n".join("    " + line for line in cell.source.splitlines())
