"""Links between notebooks stay right when a notebook is laid out in another folder."""

from __future__ import annotations

import posixpath
import re

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from . import notebook as nbk

# A Markdown link or picture up to the end of its target; code, which is shown and not followed,
# comes first, so that it is taken whole and left alone.
_LINK = re.compile(r"(?ms)^```.*?^```|`[^`\n]+`|(?P<open>\]\()(?P<target>[^)\s]+)")
_NOT_A_PATH = re.compile(r"[a-z][a-z0-9+.-]*:|[/#]", re.I)


def relocate(nb: NotebookNode, source: str, target: str) -> NotebookNode:
    """Rewrite, in place, the relative links of Markdown cells for another folder; return ``nb``.

    ``source`` is the folder for which the links were written and ``target`` the one where the
    notebook will lie, both relative to the course folder and with "/". Links to files that lie
    beside the notebook stay as they are, since those files move with it. nbgrader's checksums of
    locked cells follow, or Validate would say that somebody has changed them.
    """
    for cell in nb.cells:
        if cell.cell_type != "markdown":
            continue
        text = _LINK.sub(lambda found: _moved(found, source, target), cell.source)
        if text != cell.source:
            cell.source = text
            if "checksum" in nbk.nbgrader_meta(cell):
                cell.metadata["nbgrader"]["checksum"] = compute_checksum(cell)
    return nb


def _moved(found: re.Match, source: str, target: str) -> str:
    link = found["target"]
    if link is None or _NOT_A_PATH.match(link):
        return found[0]
    path, mark, fragment = link.partition("#")
    place = posixpath.normpath(posixpath.join(source, path))
    if place.startswith(posixpath.normpath(source) + "/"):
        return found[0]
    return found["open"] + posixpath.relpath(place, target) + mark + fragment
