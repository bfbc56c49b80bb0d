"""DataFrames in a notebook: words begin at the left, numbers end at the right.

JupyterLab sets every cell of a table to the right. Sentences, names and locators, which fill
most tables of the course, are hard to read so. Heads stand in one row: pandas gives the names of
row labels a second one, full of empty heads, which screen readers read out for every cell.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from reader import wide

if TYPE_CHECKING:
    import pandas as pd


#: Name of the region of a table that may be wider than a notebook.
WIDE = "Wide table"


def html(frame: pd.DataFrame) -> str | None:
    """Return pandas' HTML of a DataFrame, with one row of heads, and words to the left.

    Columns are counted from the last one, because row labels may span several rows. A table
    that pandas cuts in its width, or whose columns have several levels, stays as it is.

    Returns
    -------
    str or None
        None where pandas shows frames as plain text (option ``display.notebook_repr_html``).
    """
    import pandas as pd

    plain, columns = frame._repr_html_(), frame.shape[1]
    if plain is None or frame.columns.nlevels > 1 or \
            0 < (pd.get_option("display.max_columns") or 0) < columns:
        return plain
    plain = wide.breakable(_one_row_of_heads(plain))
    if wide.is_wide(plain):
        plain = f"<style>{wide.STYLE}</style>{wide.region(WIDE, plain)}"
    is_number = pd.api.types.is_numeric_dtype
    places = [columns - at for at, kind in enumerate(frame.dtypes) if not is_number(kind)]
    labels = not all(is_number(kind) for kind in (
        frame.index.dtypes if frame.index.nlevels > 1 else [frame.index.dtype]))
    if not places and not labels:
        return plain
    # The name says what the rules do, so the same rules have the same name everywhere.
    name = "idlib-words-" + "-".join([*map(str, places), *(["labels"] if labels else [])])
    chosen = [f".{name} tr>:nth-last-child({place})" for place in places]
    chosen += [f".{name} tbody th"] if labels else []
    return (f"<style>{','.join(chosen)}{{text-align:start}}"
            f".{name} tbody tr>*{{vertical-align:top}}</style>"
            + plain.replace('class="dataframe"', f'class="dataframe {name}"', 1))


def _one_row_of_heads(table: str) -> str:
    head, mark, body = table.partition("</thead>")
    rows = head.split("<tr")
    if len(rows) == 3 and (names := re.findall(r"<th>(.+?)</th>", rows[2])) and \
            rows[1].count("<th></th>") == rows[2].count("<th>") - rows[2].count("<th></th>"):
        for name in names:
            rows[1] = rows[1].replace("<th></th>", f"<th>{name}</th>", 1)
        head = "<tr".join(rows[:2])
    return head.replace("<th></th>", "<td></td>") + mark + body


def register() -> None:
    """Have IPython, where it runs, show DataFrames with :func:`html`."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        shell.display_formatter.formatters["text/html"].for_type_by_name(
            "pandas", "DataFrame", html)
