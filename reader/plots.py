"""Figures that everyone can read: text alternative, table beside them, safe colours."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape

from reader import wide
from reader.errors import ReaderError
from reader.lazy import lazy

pd = lazy("pandas")

#: Okabe & Ito, "Color Universal Design" (2008): told apart with every common colour vision.
PALETTE = {
    "orange": "#E69F00", "sky blue": "#56B4E9", "green": "#009E73", "yellow": "#F0E442",
    "blue": "#0072B2", "vermilion": "#D55E00", "purple": "#CC79A7", "black": "#000000",
}

#: Twice the resolution of a plain screen, so that the figure is sharp on others too.
_DPI = 192

_STYLE = """<style>
.idlib-figure{margin:.5em 0;max-width:100%}
.idlib-figure img{max-width:100%;height:auto;background:#fff;padding:4px;box-sizing:border-box}
.idlib-figure figcaption{margin:.3em 0;color:var(--jp-content-font-color1,inherit)}
.idlib-figure .drawn img{min-width:min(30rem,var(--drawn))}
.idlib-figure td,.idlib-figure th{text-align:start!important}
""" + wide.STYLE + "</style>"


@dataclass(frozen=True)
class Shown:
    """A figure with its text alternative, caption and table; shows itself in a notebook."""

    image: bytes
    alt: str
    table: pd.DataFrame | None
    caption: str

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.image).decode("ascii")
        # The width keeps letters as large as matplotlib meant them, whatever the resolution.
        width = round(int.from_bytes(self.image[16:20], "big") * 96 / _DPI)
        image = (f'<img src="data:image/png;base64,{data}" alt="{escape(self.alt)}" '
                 f'width="{width}">')
        # On a phone letters would become too small to read: from there on, the figure scrolls.
        image = wide.region("Figure", image, "drawn", f"--drawn:{width}px")
        caption = f"<figcaption>{escape(self.caption)}</figcaption>" if self.caption else ""
        table = ""
        if self.table is not None:
            # The index becomes a column: pandas gives it an empty header cell otherwise.
            plain = isinstance(self.table.index, pd.RangeIndex)
            rows = self.table if plain else self.table.reset_index()
            table = ("<details><summary>The figure as a table</summary>"
                     f"{wide.region('The figure as a table', _plain(rows))}</details>")
        return f'{_STYLE}<figure class="idlib-figure">{image}{caption}{table}</figure>'

    def __repr__(self) -> str:
        parts = [f"Figure: {self.caption}".rstrip(": "), self.alt]
        if self.table is not None:
            parts.append(self.table.to_string())
        return "\n".join(parts)


def _plain(rows: pd.DataFrame) -> str:
    return wide.breakable(rows.to_html(border=0, index=False))


def show(fig, alt: str, table: pd.DataFrame | None = None, caption: str = "") -> Shown:
    """Return a matplotlib figure as an accessible HTML figure: the last line of a cell.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        It is closed, so that Jupyter does not show it a second time.
    alt : str
        What a reader learns from the figure, in one or two sentences.
    table : pandas.DataFrame, optional
        The numbers in the figure, shown on demand below it.
    caption : str, optional
        Title and source.

    Returns
    -------
    Shown

    Raises
    ------
    ReaderError
        When the text alternative is empty.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ReaderError("This figure has no text alternative: say in alt what it shows, for "
                          "readers who can't see it.")
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=_DPI, bbox_inches="tight")
    from matplotlib import pyplot
    pyplot.close(fig)
    return Shown(_small(buffer), " ".join(alt.split()), table, caption)


def _small(drawn: io.BytesIO) -> bytes:
    """Return a PNG with a palette: a drawing has few colours, and is then a third in size."""
    from PIL import Image

    smaller = io.BytesIO()
    Image.open(drawn).convert("RGB").quantize(256).save(smaller, "png", optimize=True)
    return smaller.getvalue()


def date_axis(axis, most: int) -> None:
    """Label an axis of dates as the course writes dates: 2018, 2018-09 or 2018-09-07.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
    most : int
        How many labels have room beside each other.
    """
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=min(3, most), maxticks=most)
    axis.set_major_locator(locator)
    forms = ["%Y", "%Y-%m", *["%Y-%m-%d"] * 4]
    axis.set_major_formatter(ConciseDateFormatter(
        locator, formats=forms, zero_formats=forms, show_offset=False))
