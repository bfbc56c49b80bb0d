"""Two figures, an operation, and whether the result would mean anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

import traitlets as t

from reader import figures as fg
from reader import plain_tables
from reader.errors import ReaderError
from reader.lazy import lazy
from reader.widgets.base import Widget, script, style

pd = lazy("pandas")

_OPERATIONS = {"share": ("the first as a share of the second", fg.share),
               "ratio": ("the first divided by the second", fg.ratio),
               "difference": ("the first minus the second", fg.difference)}


def _facts(label: str, item: fg.Quantity) -> dict[str, str]:
    return {"figure": label, "value": str(item).replace(f" {item.unit}", "", 1),
            "unit": item.unit, "universe": item.universe, "as_of": item.as_of,
            "source": item.source}


class UnitChecker(Widget):
    """Choose two figures and an operation, and read why it works or why not.

    Parameters
    ----------
    figures : mapping of str to Quantity, or iterable of str, optional
        Figures by the name they are listed under, or ids of claims. By default every claim
        that has a number.
    first, second : str, optional
        Names of the two that are chosen at the start.
    operation : {"share", "ratio", "difference"}
    reason : str, optional
        Why the two belong together although their universes are worded differently. It is
        taken back when another figure is chosen.
    title : str, optional

    Attributes
    ----------
    first, second, operation, reason : str
        Set them to choose.
    told : str
        The sentence that says what comes out, or why nothing does.
    value : Quantity or None
        What comes out; None where it is refused.
    """

    _esm = script("unit_checker.js")
    _css = style("unit_checker.css")
    _chosen = ("first", "second", "operation", "reason")

    title = t.Unicode().tag(sync=True)
    choices = t.List().tag(sync=True)
    operations = t.Dict().tag(sync=True)
    first = t.Unicode().tag(sync=True)
    second = t.Unicode().tag(sync=True)
    operation = t.Unicode().tag(sync=True)
    reason = t.Unicode().tag(sync=True)
    told = t.Unicode().tag(sync=True)
    works = t.Bool().tag(sync=True)

    def __init__(self, figures: Mapping[str, fg.Quantity] | Iterable[str] | None = None,
                 first: str | None = None, second: str | None = None, operation: str = "share",
                 reason: str = "", title: str = "May these two figures be combined?"):
        self._figures = self._listed(figures)
        self.value, self._pair = None, set()
        names = list(self._figures)
        super().__init__(
            title=title, operation=operation,
            operations={name: words for name, (words, _) in _OPERATIONS.items()},
            choices=[_facts(name, item) for name, item in self._figures.items()],
            first=names[0] if first is None else first,
            second=names[min(1, len(names) - 1)] if second is None else second)
        self._pair = {self.first, self.second}
        self.reason = reason
        self._update()

    @staticmethod
    def _listed(figures) -> dict[str, fg.Quantity]:
        if figures is None:
            rows = fg.claims()
            figures = rows.loc[rows["qualifier"] != "vague", "claim"]
        if isinstance(figures, str):
            figures = [figures]
        if not isinstance(figures, Iterable):
            figures = {}
        if not isinstance(figures, Mapping):
            figures = {str(claim).strip().upper(): fg.from_claim(claim) for claim in figures}
        if not figures or not all(isinstance(item, fg.Quantity) for item in figures.values()):
            raise ReaderError("UnitChecker needs figures with a name and a unit, such as "
                              "{'dead': Quantity(5, 'people')}, or ids of claims.")
        return {str(name): item for name, item in figures.items()}

    @t.validate("first", "second")
    def _known(self, proposal):
        if proposal["value"] not in self._figures:
            raise ReaderError(f"There is no figure {proposal['value']!r} here: choose one of "
                              f"{', '.join(self._figures)}.")
        return proposal["value"]

    @t.validate("operation")
    def _known_operation(self, proposal):
        if proposal["value"] not in _OPERATIONS:
            raise ReaderError(f"operation must be one of {', '.join(_OPERATIONS)}, "
                              f"not {proposal['value']!r}.")
        return proposal["value"]

    @t.observe("first", "second", "operation", "reason")
    def _update(self, _=None):
        if {self.first, self.second} != self._pair:
            # A reason is given for two figures, and not for the next two.
            self._pair, self.reason = {self.first, self.second}, ""
        a, b = self._figures[self.first], self._figures[self.second]
        answer, why = fg.comparable(a, b)
        self.value, reason = None, " ".join(self.reason.split())
        if answer != "yes" and a.unit == b.unit and not reason:
            told = f"Not computed: {why} If you know that they belong together, write down why."
        else:
            try:
                self.value = _OPERATIONS[self.operation][1](a, b, same_universe=reason)
                told = self._explained(a, b, answer, why, reason)
            except ReaderError as error:
                told = f"Not computed: {error}"
        with self.hold_sync():
            self.told, self.works = told, self.value is not None

    def _explained(self, a, b, answer: str, why: str, reason: str) -> str:
        if answer == "yes":
            same = f"Both count {a.unit}, and both name the same universe."
        else:
            warning = f" Mind the words: {why}" if answer == "no" else ""
            same = f"Both count {a.unit}. That they belong together is your reason: " \
                   f"{reason.rstrip('.')}.{warning}"
        dates = "" if a.as_of == b.as_of else (f" Mind the dates: {a.as_of or 'none'}, and "
                                               f"{b.as_of or 'none'}.")
        return f"{self.value}. {same}{dates}"

    def __repr__(self) -> str:
        rows = self._rows()
        table = plain_tables.as_text(list(rows[0]), [list(row.values()) for row in rows])
        return f"UnitChecker: {self.title} {self.told}\n{table}"

    def _rows(self) -> list[dict[str, str]]:
        rows = [("first", _facts(self.first, self._figures[self.first])),
                ("second", _facts(self.second, self._figures[self.second]))]
        if self.value is not None:
            rows.append(("result", _facts(_OPERATIONS[self.operation][0], self.value)))
        return [{"row": name, **facts} for name, facts in rows]

    def table(self) -> pd.DataFrame:
        """Return the two figures and what comes out, one row each.

        Returns
        -------
        pandas.DataFrame
            Columns row (``first``, ``second``, ``result``), figure, value (as text), unit,
            universe, as_of and source; no row ``result`` where nothing comes out.
        """
        return pd.DataFrame([{key: text or None for key, text in row.items()}
                             for row in self._rows()], dtype="str")

    def static(self) -> str:
        """Return the two figures and the sentence as HTML without script."""
        rows = self._rows()
        table = plain_tables.as_html(list(rows[0]), [
            [text or "not said" for text in row.values()] for row in rows])
        return (f'<div class="idlib-static" role="group" aria-label="{escape(self.title)}">'
                f"<p>{escape(self.title)} Chosen: {escape(_OPERATIONS[self.operation][0])}.</p>"
                f"<p>{escape(self.told)} In a running notebook this is a widget.</p>{table}</div>")
