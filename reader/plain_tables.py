"""Small tables as HTML and as text, where pandas is not needed or not there."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape


def as_html(columns: Sequence[str], rows: Sequence[Sequence]) -> str:
    """Return a table as HTML; the first cell of each row is its header.

    Parameters
    ----------
    columns : list of str
        Headers, one for each cell of a row.
    rows : list of lists
        Their cells; what they hold is escaped.
    """
    head = "".join(f'<th scope="col">{escape(str(name), quote=False)}</th>' for name in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(str(first), quote=False)}</th>'
        + "".join(f"<td>{escape(str(cell), quote=False)}</td>" for cell in rest) + "</tr>"
        for first, *rest in rows)
    return (f'<table class="dataframe"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table>")


def as_text(columns: Sequence[str], rows: Sequence[Sequence]) -> str:
    """Return the same table as lines of text: the first column at the left, the others right."""
    lines = [[str(cell) for cell in row] for row in (columns, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *(
            cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))])
        for line in lines)
