"""DataFrames in a notebook: words begin at the left, numbers end at the right.

JupyterLab sets every cell of a table to the right. Sentences, names and locators, which fill
most tables of the course, are hard to read so.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def html(frame: pd.DataFrame) -> str | None:
    """Return pandas' own HTML of a DataFrame, with columns and row labels of words to the left.

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
    return (f"<style>{','.join(chosen)}{{text-align:left}}"
            f".{name} tbody tr>*{{vertical-align:top}}</style>"
            + plain.replace('class="dataframe"', f'class="dataframe {name}"', 1))


def register() -> None:
    """Have IPython, where it runs, show DataFrames with :func:`html`."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        shell.display_formatter.formatters["text/html"].for_type_by_name(
            "pandas", "DataFrame", html)
