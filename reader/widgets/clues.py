"""Clues to a date of publication, and the days that they leave."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import traitlets as t

from reader import plain_tables
from reader.errors import ReaderError
from reader.lazy import lazy
from reader.sources import Clue, Contradiction, clues_table, possible_interval
from reader.widgets.base import Widget, script

pd = lazy("pandas")

_HEADS = ("clue", "earliest", "latest", "evidence", "used")


class ClueInterval(Widget):
    """Choose clues and see which days of publication stay possible.

    Parameters
    ----------
    clues : iterable of Clue
    title : str
        What is being dated.
    selected : iterable of int
        Numbers (from 0) of the clues that are chosen at the start.

    Attributes
    ----------
    interval : str
        EDTF of the days that all chosen clues allow; ``""`` when none is left.
    selected : list of int
        Numbers of the chosen clues; set it to choose.
    """

    _esm = script("clue_interval.js")
    _chosen = ("selected",)

    title = t.Unicode().tag(sync=True)
    clues = t.List().tag(sync=True)
    selected = t.List(t.Int()).tag(sync=True)
    interval = t.Unicode().tag(sync=True)
    days = t.List().tag(sync=True)
    told = t.Unicode().tag(sync=True)

    def __init__(self, clues: Iterable[Clue], title: str = "Publication date",
                 selected: Iterable[int] = ()):
        self._clues = list(clues)
        if not self._clues or not all(isinstance(clue, Clue) for clue in self._clues):
            raise ReaderError("ClueInterval needs a list of clues, such as "
                              "[Clue('names the deal', earliest='2018-09-17')].")
        super().__init__(title=title, selected=list(selected), clues=[
            {"label": clue.label, "evidence": clue.evidence,
             "first": clue.first and clue.first.isoformat(),
             "last": clue.last and clue.last.isoformat()} for clue in self._clues])
        self._update()

    @t.validate("selected")
    def _known(self, proposal):
        numbers = sorted(set(proposal["value"]))
        if any(not 0 <= n < len(self._clues) for n in numbers):
            raise ReaderError(f"The clues are numbered 0 to {len(self._clues) - 1}.")
        return numbers

    @t.observe("selected")
    def _update(self, _=None):
        chosen = [self._clues[n] for n in self.selected]
        try:
            found = possible_interval(chosen)
        except Contradiction as error:
            self.interval, self.days, self.told = "", [], str(error)
            return
        self.interval = str(found)
        self.days = [day and day.isoformat() for day in (found.first, found.last)]
        if not chosen:
            self.told = "No clue is chosen: every day is possible."
        elif found.days is None:
            self.told = f"Possible: {found}, open at one end."
        else:
            self.told = f"Possible: {found}, {found.days} day{'s' * (found.days != 1)}."

    def __repr__(self) -> str:
        table = plain_tables.as_text(_HEADS, self._rows())
        return f"ClueInterval: {self.title} {self.told}\n{table}"

    def _rows(self) -> list[list[str]]:
        return [[clue.label, clue.earliest or "", clue.latest or "", clue.evidence or "",
                 "yes" if n in self.selected else "no"] for n, clue in enumerate(self._clues)]

    def table(self) -> pd.DataFrame:
        """Return the clues as `clues_table` does for the chosen ones, with a column used."""
        rows = clues_table(self._clues).drop(columns="left")
        return rows.assign(used=[n in self.selected for n in range(len(rows))])

    def static(self) -> str:
        """Return the clues as an HTML table, with the days that are possible."""
        table = plain_tables.as_html(_HEADS, self._rows())
        return (f'<div class="idlib-static" role="group" aria-label="{escape(self.title)}">'
                f"<p>{escape(self.title)} {escape(self.told)} In a running notebook this is a "
                f"widget.</p>{table}</div>")
