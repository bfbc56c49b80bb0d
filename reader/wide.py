"""What may be wider than its place in a notebook: it scrolls by itself, with the keyboard too."""

from __future__ import annotations

import re
from html import escape

#: Characters that have room beside each other where a notebook is narrow, about 500 pixels.
ROOM = 56
#: What the edges of a column take, in characters.
_EDGES = 2
_LOCATOR = re.compile(r"\d{3} [PS]\d+")

STYLE = (".idlib-wide{overflow-x:auto;padding:2px}"
         ".idlib-wide:focus-visible{outline:3px solid var(--jp-brand-color1,#0072b2)}")


def region(name: str, content: str, kind: str = "", style: str = "") -> str:
    """Return HTML in a place of its own that can be focused and scrolled with the arrow keys.

    The page needs `STYLE` once. The attribute of Lumino leaves the keys to the region:
    JupyterLab would move between cells.
    """
    more = f' style="{escape(style)}"' if style else ""
    return (f'<div class="{f"idlib-wide {kind}".strip()}" role="group" tabindex="0" '
            f'aria-label="{escape(name)}" data-lm-suppress-shortcuts="true"{more}>{content}</div>')


def breakable(table: str) -> str:
    """Let long names and lists break where a reader would, after _ / and ; and keep dates and
    locators whole."""
    for found, made in ((r"(?<=\w)([_/]|(?<!&lt)(?<!&gt)(?<!&amp);)(?=\w)", r"\1<wbr>"),
                        (r"(?<!\d)(\d{4}-\d\d(?:-\d\d)?)(?!\d)", r"<span>\1</span>"),
                        (rf"(?<!\w)({_LOCATOR.pattern})(?!\w)", r"<span>\1</span>")):
        table = re.sub(r">[^<]+<", lambda text: re.sub(found, made, text[0]), table)  # noqa: B023
    return table.replace("<span>", '<span style="white-space:nowrap">')


def is_wide(table: str) -> bool:
    """Whether an HTML table needs more than `ROOM` even when all that can break does."""
    columns: dict[int, int] = {}
    for row in table.split("<tr")[1:]:
        row = _LOCATOR.sub(lambda found: found[0].replace(" ", "."), row)  # it does not break
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", re.sub(r"</?span[^>]*>", "", row), re.S)
        for place, cell in enumerate(reversed(cells)):  # from the last: labels may span rows
            longest = max(map(len, re.split(r"\s|<wbr>|(?<!\d)-", cell)), default=0)
            columns[place] = max(columns.get(place, 0), longest + _EDGES)
    return sum(columns.values()) > ROOM
