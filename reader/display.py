"""How a passage looks, in HTML and in plain text.

Colours are tints over whatever the page's own background is, and JupyterLab's variables
where they exist, so that light and dark themes both stay readable. Colour never stands
alone: each use has its own underline, and its name follows the mark for screen readers.
"""

from __future__ import annotations

import itertools
import textwrap
from html import escape

import pandas as pd

NO_COPY = "Digest in our words; add your copy with python -m reader add FILE."

#: Use of a phrase -> (Okabe-Ito colour, kind of underline).
USES = {
    "naming": ("#E69F00", "solid"), "dating": ("#56B4E9", "dashed"),
    "attribution": ("#009E73", "dotted"), "certainty": ("#CC79A7", "double"),
    "place": ("#0072B2", "dotted"), "figure": ("#D55E00", "dashed"),
    "wording": ("#F0E442", "double"), "residue": ("#999999", "solid"),
}

_STYLE = """
.idlib-passage{max-width:46em;padding:.2em 0;line-height:1.55;
 color:var(--jp-content-font-color1,inherit)}
.idlib-passage p{margin:.3em 0}
.idlib-passage .quiet,.idlib-passage .legend{font-size:.88em;
 color:var(--jp-content-font-color2,inherit)}
.idlib-passage mark{color:inherit;background:transparent;padding:0 .1em}
.idlib-passage ul{margin:.3em 0 .3em 1.2em;padding:0}
.idlib-passage .sr{position:absolute;width:1px;height:1px;overflow:hidden;
 clip-path:inset(50%);white-space:nowrap;user-select:none}
""" + "".join(
    f".idlib-passage .use-{use}{{background:color-mix(in srgb,{colour} 22%,transparent);"
    f"border-bottom:3px {line} {colour}}}\n"
    for use, (colour, line) in USES.items())


def style() -> str:
    """Return the style element of a passage, to be put once into each output."""
    return f"<style>{_STYLE}</style>"


def pieces(text: str, spans: pd.DataFrame) -> list[tuple[str, list[str], list[str]]]:
    """Cut a text where marks begin and end, so that overlapping marks nest correctly.

    Parameters
    ----------
    text : str
        Text of a segment.
    spans : pandas.DataFrame
        With ``start`` and ``end`` (from the start of the text) and ``use``.

    Returns
    -------
    list of (str, list of str, list of str)
        Piece of text, the uses of the marks that cover it, and of those that end with it.
    """
    rows = list(spans[["start", "end", "use"]].itertuples(index=False, name=None))
    cuts = sorted({0, len(text), *(int(a) for a, _, _ in rows), *(int(b) for _, b, _ in rows)})
    return [
        (text[begin:stop],
         [use for a, b, use in rows if a <= begin and stop <= b],
         [use for a, b, use in rows if a <= begin and stop == b])
        for begin, stop in itertools.pairwise(cuts)
    ]


def marked(text: str, spans: pd.DataFrame) -> str:
    """Return a text as HTML with its spans marked."""
    out = []
    for piece, uses, ending in pieces(text, spans):
        if not uses:
            out.append(escape(piece))
            continue
        told = f'<span class="sr"> ({escape(", ".join(ending))})</span>' if ending else ""
        out.append(f'<mark class="use-{escape(uses[-1])}">{escape(piece)}{told}</mark>')
    return "".join(out)


def _legend(uses: list[str]) -> str:
    keys = " ".join(f'<mark class="use-{escape(use)}">{escape(use)}</mark>' for use in uses)
    return f'<p class="legend">Marks: {keys}</p>' if uses else ""


def _listed(frame: pd.DataFrame) -> str:
    rows = "".join(
        f'<li>“<span>{escape(row.phrase)}</span>” <span class="quiet">({escape(row.use)})'
        f"</span></li>" for row in frame.itertuples())
    return f'<p class="quiet">Phrases of the article:</p><ul>{rows}</ul>' if rows else ""


def passage_body(item) -> str:
    """Return the inside of a passage's HTML, without style and frame."""
    head = f'<p><strong>{escape(item.locator)}</strong> <span class="quiet">'
    head += f"{escape(item.source)}</span></p>"
    if item.text is not None:
        uses = [use for use in USES if use in set(item.phrases["use"])]
        return head + f"<p>{marked(item.text, item.phrases)}</p>" + _legend(uses)
    digest = item.digest or "No digest."
    return (head + f"<p>{escape(digest)}</p>" + _listed(item.phrases)
            + f'<p class="quiet">{escape(NO_COPY)}</p>')


def passage_html(item) -> str:
    """Return a passage as HTML that stands alone in a notebook output."""
    return (f'{style()}<div class="idlib-passage" role="group" '
            f'aria-label="Passage {escape(item.locator)}">{passage_body(item)}</div>')


def passage_plain(item) -> str:
    """Return a passage as plain text: nothing that the HTML says is missing."""
    lines = [f"{item.locator} ({item.source})" if item.source else item.locator]
    lines += textwrap.wrap(item.text if item.text is not None else item.digest or "No digest.",
                           width=88, initial_indent="  ", subsequent_indent="  ")
    if len(item.phrases):
        lines.append("  Phrases: " + "; ".join(
            f'"{row.phrase}" ({row.use})' for row in item.phrases.itertuples()))
    if item.text is None:
        lines.append(f"  {NO_COPY}")
    return "\n".join(lines)
