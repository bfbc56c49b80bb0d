"""How a passage looks, in HTML and in plain text.

Colours are tints over whatever the page's own background is, and JupyterLab's variables
where they exist, so that light and dark themes both stay readable. Colour never stands
alone: each mark has its own underline, and its name follows it for screen readers.
"""

from __future__ import annotations

import textwrap
from html import escape
from itertools import pairwise

from reader.lazy import lazy

pd = lazy("pandas")


NO_COPY = "Digest in our words; add your copy with python -m reader add FILE."
NO_DIGEST = "There is no digest of this passage."

#: Uses of a phrase; the place in the list is the number of its mark.
USES = ("naming", "dating", "attribution", "certainty", "place", "figure", "wording", "residue")

# Okabe-Ito colours with grey for black, which would hide the text, and kinds of underline.
_MARKS = (("#E69F00", "solid"), ("#56B4E9", "dashed"), ("#009E73", "dotted"),
          ("#CC79A7", "double"), ("#0072B2", "dotted"), ("#D55E00", "dashed"),
          ("#F0E442", "double"), ("#999999", "solid"))

_STYLE = """
.idlib-passage{max-width:46em;padding:.2em 0;line-height:1.55;
 font-size:var(--jp-content-font-size1,inherit);color:var(--jp-content-font-color1,inherit)}
.idlib-passage p{margin:.3em 0}
.idlib-passage ul{margin:.3em 0;padding-inline-start:1.2em}
.idlib-passage .quiet{font-size:.9em;color:var(--jp-content-font-color2,inherit)}
.idlib-passage .sr{position:absolute;width:1px;height:1px;overflow:hidden;
 clip-path:inset(50%);white-space:nowrap;user-select:none}
"""


def mark_class(number: int) -> str:
    """Return the CSS class of a mark; after eight, colours and underlines begin again."""
    return f"idlib-m{number % len(_MARKS)}"


def mark_css(scope: str) -> str:
    """Return the rules for marks inside `scope`, a CSS selector."""
    rules = [f"{scope} mark{{color:var(--jp-content-font-color1,inherit);"
             f"background:transparent;padding:0 .1em}}"]
    rules += [
        f"{scope} .{mark_class(n)}{{background:color-mix(in srgb,{colour} 22%,transparent);"
        f"border-bottom:3px {line} {colour}}}"
        for n, (colour, line) in enumerate(_MARKS)
    ]
    return "\n".join(rules)


def use_number(use: str) -> int:
    """Return the number of the mark for a use of a phrase."""
    return USES.index(use) if use in USES else len(USES) - 1


def actor_number(place: int) -> int:
    """Return the number of the mark for the actor at a place in the list of actors.

    The last mark, grey, is left out: it shows what is not resolved.
    """
    return place + place // (len(_MARKS) - 1)


def pieces(text: str, spans: pd.DataFrame) -> list[tuple[str, list, list]]:
    """Cut a text where marks begin and end, so that overlapping marks nest correctly.

    Parameters
    ----------
    text : str
        Text of a segment.
    spans : pandas.DataFrame
        With ``start`` and ``end`` (from the start of the text) and ``use``.

    Returns
    -------
    list of (str, list, list)
        Piece of text, the uses of the marks that cover it, and of those that end with it.
    """
    rows = list(spans[["start", "end", "use"]].itertuples(index=False, name=None))
    cuts = sorted({0, len(text), *(int(a) for a, _, _ in rows), *(int(b) for _, b, _ in rows)})
    return [
        (text[begin:stop],
         [use for a, b, use in rows if a <= begin and stop <= b],
         [use for a, b, use in rows if a <= begin and stop == b])
        for begin, stop in pairwise(cuts)
    ]


def marked(text: str, spans: pd.DataFrame) -> str:
    """Return a text as HTML with its spans marked."""
    out = []
    for piece, uses, ending in pieces(text, spans):
        if not uses:
            out.append(escape(piece))
            continue
        told = f'<span class="sr"> ({escape(", ".join(ending))})</span>' if ending else ""
        out.append(f'<mark class="{mark_class(use_number(uses[-1]))}">{escape(piece)}{told}'
                   f"</mark>")
    return "".join(out)


def by_use(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Group the phrases of a passage by their use, in the order of `USES`."""
    found: dict[str, list[str]] = {}
    for row in frame.sort_values("use", key=lambda uses: uses.map(use_number),
                                 kind="stable").itertuples():
        found.setdefault(row.use, []).append(row.phrase)
    return found


def _key(use: str) -> str:
    return f'<mark class="{mark_class(use_number(use))}">{escape(use)}</mark>'


def passage_html(item) -> str:
    """Return a passage as HTML that stands alone in a notebook output."""
    head = (f'<p><strong>{escape(item.locator)}</strong> <span class="quiet">'
            f"{escape(item.source)}</span></p>")
    uses = by_use(item.phrases)
    if item.text is not None:
        body = f"<p>{marked(item.text, item.phrases)}</p>"
        if uses:
            body += f'<p class="quiet">Marks: {" ".join(map(_key, uses))}</p>'
    else:
        body = f"<p>{escape(item.digest or NO_DIGEST)}</p>"
        if uses:
            rows = "".join(
                f"<li>{_key(use)}: {escape(', '.join(f'“{phrase}”' for phrase in listed))}</li>"
                for use, listed in uses.items())
            body += f'<p class="quiet">Phrases from the article, by use:</p><ul>{rows}</ul>'
        body += f'<p class="quiet">{escape(NO_COPY)}</p>'
    return (f"<style>{_STYLE}{mark_css('.idlib-passage')}</style>"
            f'<div class="idlib-passage" role="group" '
            f'aria-label="Passage {escape(item.locator)}">{head}{body}</div>')


def passage_plain(item) -> str:
    """Return a passage as plain text: nothing that the HTML says is missing."""
    lines = [f"{item.locator} ({item.source})" if item.source else item.locator]
    shown = item.text if item.text is not None else item.digest or NO_DIGEST
    lines += textwrap.wrap(shown, width=88, initial_indent="  ", subsequent_indent="  ",
                           break_on_hyphens=False, break_long_words=False)
    for use, listed in by_use(item.phrases).items():
        lines.append(f"  {use}: " + ", ".join(f'"{phrase}"' for phrase in listed))
    if item.text is None:
        lines.append(f"  {NO_COPY}")
    return "\n".join(lines)
