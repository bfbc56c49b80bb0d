"""What students write between the code must not stop a page from being made."""

from __future__ import annotations

import html
from functools import lru_cache

from nbconvert.filters.markdown_mistune import (
    InvalidNotebook,
    IPythonRenderer,
    MarkdownWithMath,
)
from nbformat import NotebookNode

from . import notebook as nbk

# Markdown's and nbconvert's patterns look for the end of a list, a link or a formula in all that
# follows: the time grows with the square of the length. A written answer has a few thousand
# characters; a page of LaTeX, a few hundred backslashes.
MAX_CHARACTERS = 10_000
MAX_FORMULAS = 5_000_000


def make_presentable(nb: NotebookNode) -> None:
    """Change, in place, those written cells of a student's that nbconvert would stop at."""
    for cell in nb.cells:
        meta = nbk.nbgrader_meta(cell)
        if cell.cell_type == "markdown" and (meta.get("solution") or not meta):
            _make_presentable(cell)


def _make_presentable(cell: NotebookNode) -> None:
    if len(cell.source) > MAX_CHARACTERS or (
            len(cell.source) * cell.source.count("\\") > MAX_FORMULAS):
        cell.source = _as_it_is(cell.source)
    elif cell.get("attachments"):
        cell.source = _presentable(cell.source, cell.attachments)
    else:
        cell.source = _presentable_text(cell.source)


@lru_cache(maxsize=1024)
def _presentable_text(source: str) -> str:
    """Most written cells of a class are the exercise's own; those are looked at once."""
    return _presentable(source, {})


def _presentable(source: str, attachments: dict) -> str:
    for _ in range(10):  # pictures that are missing
        try:
            renderer = IPythonRenderer(escape=False, attachments=attachments)
            MarkdownWithMath(renderer=renderer).render(source)
            return source
        except InvalidNotebook as error:
            # A picture that is not attached: somebody copied the text alone.
            link = "attachment:" + str(error).partition("missing attachment: ")[2]
            if link not in source:
                break
            source = source.replace(link, "missing-" + link)
        except Exception:  # whatever a text does to the renderer, it can be shown as it is
            break
    return "\n".join("    " + line for line in source.splitlines())


def _as_it_is(text: str) -> str:
    """A text that no pattern of Markdown or for formulas finds anything in."""
    plain = html.escape(text).replace("\\", "&#92;").replace("$", "&#36;")
    return f"<pre>{plain}</pre>"
