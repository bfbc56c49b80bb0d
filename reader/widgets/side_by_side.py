"""Two passages beside each other, with the codes that stand in them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import traitlets as t

from reader import annotations, codebook, corpus, display, framing
from reader.errors import ReaderError
from reader.lazy import lazy
from reader.widgets.base import Widget, left, script, style
from reader.widgets.coded import as_sent, content, full_name, known_segments

pd = lazy("pandas")


class SideBySide(Widget):
    """Read two passages beside each other, and compare what was coded in them.

    Parameters
    ----------
    left, right : str or list of str
        A segment (``"001 P8"``), an article, or a list: the first is shown, and the others
        can be chosen in its place.
    rows : pandas.DataFrame, optional
        A coding by one coder, as in `reader.annotations`. Without it no codes are shown.
    family : str, optional
        Only codes of this family.

    Attributes
    ----------
    left, right : str
        The segments on view; set them to choose.

    Raises
    ------
    ReaderError
        For a segment or a coding that can't be, or for the same passage on both sides.

    Notes
    -----
    The text of a passage goes to the browser and is never saved with the notebook.
    """

    _esm = script("coded_text.js", "side_by_side.js")
    _css = style("coded_text.css", "side_by_side.css")
    _chosen = ("left", "right")

    choices = t.Dict().tag(sync=True)
    codes = t.Dict().tag(sync=True)
    rows = t.List().tag(sync=True)
    left = t.Unicode().tag(sync=True)
    right = t.Unicode().tag(sync=True)
    #: The comparison: a row of words for each code, with its voices on the left and the right.
    compared = t.List().tag(sync=True)

    def __init__(self, left: str | Iterable[str], right: str | Iterable[str],
                 rows: pd.DataFrame | None = None, family: str | None = None):
        listed = {side: list(known_segments(where, "SideBySide")["locator"])
                  for side, where in (("left", left), ("right", right))}
        first = listed["left"][0]
        second = next((key for key in listed["right"] if key != first), first)
        self._coding, self._family = rows, family
        # Says what is wrong with any of it, before anything is shown.
        framing.side_by_side(first, second, rows, family)
        frame = annotations.no_rows() if rows is None else annotations.check_rows(rows)
        offered = codebook.codes(family)
        frame = frame[frame["code"].isin(offered["code"])
                      & frame["locator"].isin([*listed["left"], *listed["right"]])]
        used = offered[offered["code"].isin(frame["code"])]
        super().__init__(
            choices=listed, left=first, right=second,
            codes={code["code"]: code for code in as_sent(used)},
            rows=[{"locator": row.locator, "start": int(row.start), "end": int(row.end),
                   "code": row.code, "voice": row.voice} for row in frame.itertuples()])
        self._compare()
        self.on_msg(self._answer)

    @t.validate("left", "right")
    def _known(self, proposal):
        found, side = corpus.normalise_locator(proposal["value"]), proposal["trait"].name
        if found not in self.choices[side]:
            raise ReaderError(f"{found} is not among the passages on the {side}: "
                              f"{', '.join(self.choices[side])}.")
        if found == (self.right if side == "left" else self.left):
            raise ReaderError(f"Both sides are {found}: choose two passages.")
        return found

    @t.observe("left", "right")
    def _compare(self, _=None):
        if not (self.left and self.right):
            return
        table = self.table().drop(index=["words", "digest"])
        self.compared = [{"code": code, "name": self.codes[code]["name"],
                          "cells": [_cell(row.iloc[0]), _cell(row.iloc[1])]}
                         for code, row in table.iterrows()]

    def _answer(self, _, message, buffers):
        asked = message.get("ask") if isinstance(message, dict) else None
        if isinstance(asked, str) and asked in [*self.choices["left"], *self.choices["right"]]:
            self.send(content(asked))

    def table(self) -> pd.DataFrame:
        """Return both passages and their codes, as `reader.framing.side_by_side` does."""
        return framing.side_by_side(self.left, self.right, self._coding, self._family)

    def __repr__(self) -> str:
        return f"SideBySide: {self.left} and {self.right}\n{self.table().to_string()}"

    def static(self) -> str:
        """Return both passages as an HTML table: digests and codes, never a text."""
        shown = self.table()
        shown.loc["digest"] = shown.loc["digest"].fillna(display.NO_DIGEST)
        names = {code: full_name(code, item["name"]) for code, item in self.codes.items()}
        names["words"] = "number of words"
        cells = shown.drop(index=["words", "digest"]).map(_cell)
        table = pd.concat([shown.loc[["words", "digest"]], cells]).rename(index=names) \
            .rename_axis(None).to_html(border=0).replace("<th></th>", "<td></td>", 1)
        label = f"{self.left} and {self.right}, side by side"
        return (f'{left("idlib-coded")}<div class="idlib-static idlib-coded" role="group" '
                f'aria-label="{escape(label)}">'
                f"<p>{escape(label)}, in the course's own words. In a running notebook this is "
                f"a widget.</p>{table}</div>")


def _cell(value) -> str:
    """Return what a cell of the comparison says in words."""
    return "not coded" if pd.isna(value) else value or "not there"
