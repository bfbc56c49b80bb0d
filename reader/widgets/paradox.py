"""Two coders, one code, four numbers: what the coefficients of agreement make of them."""

from __future__ import annotations

from html import escape
from numbers import Integral

import pandas as pd
import traitlets as t

from reader import agreement
from reader.errors import ReaderError
from reader.widgets.base import Widget, script, style

#: Units with the code from both coders, from a only, from b only, from neither.
PRESETS = {"balanced": (9, 1, 1, 9), "skewed": (0, 1, 1, 18), "biased": (8, 4, 0, 8),
           "constant": (0, 0, 0, 20)}
_CELLS = ("both", "only_a", "only_b", "neither")
#: What a and b say of the units in each cell.
_SAID = (("yes", "yes"), ("yes", "no"), ("no", "yes"), ("no", "no"))
_MOST = 100


class KappaParadox(Widget):
    """Change how two coders use a code, and see what each coefficient makes of it.

    Parameters
    ----------
    both, only_a, only_b, neither : int, optional
        How many units have the code from whom, 0 to 100 each. All four, or none.
    preset : {"balanced", "skewed", "biased", "constant"}
        The example to begin with, where no numbers are given.
    title : str, optional

    Attributes
    ----------
    cells : list of int
        The four numbers, in the order of the parameters; set it to change them.
    told : str
        What they come to, in words.

    References
    ----------
    Feinstein & Cicchetti (1990) on much agreement with a low kappa: ``feinstein1990`` in
    ``seeds/references.bib``.
    """

    _esm = script("paradox.js")
    _css = style("paradox.css")
    _chosen = ("cells",)

    title = t.Unicode().tag(sync=True)
    presets = t.Dict().tag(sync=True)
    most = t.Int(_MOST).tag(sync=True)
    cells = t.List().tag(sync=True)
    rows = t.List().tag(sync=True)
    told = t.Unicode().tag(sync=True)

    def __init__(self, both: int | None = None, only_a: int | None = None,
                 only_b: int | None = None, neither: int | None = None, *,
                 preset: str = "balanced", title: str = "Two coders and one code"):
        given = [both, only_a, only_b, neither]
        if any(number is not None for number in given):
            missing = [name for name, number in zip(_CELLS, given, strict=True) if number is None]
            if missing:
                raise ReaderError(f"KappaParadox needs all four numbers, and {missing[0]} is "
                                  f"missing: KappaParadox(9, 1, 1, 9).")
        elif not isinstance(preset, str) or preset not in PRESETS:
            raise ReaderError(f"preset must be one of {', '.join(PRESETS)}, not {preset!r}.")
        else:
            given = list(PRESETS[preset])
        super().__init__(title=title, cells=given,
                         presets={name: list(numbers) for name, numbers in PRESETS.items()})
        self._update()

    @t.validate("cells")
    def _counts(self, proposal):
        numbers = list(proposal["value"])
        if len(numbers) != 4 or any(isinstance(number, bool) or not isinstance(number, Integral)
                                    or not 0 <= number <= _MOST for number in numbers):
            raise ReaderError(f"The cells are four whole numbers from 0 to {_MOST}: the coding "
                              f"units with the code from both, from a only, from b only and from "
                              f"neither; not {numbers!r}.")
        return [int(number) for number in numbers]

    @t.observe("cells")
    def _update(self, _=None):
        table = self.table()
        rows = [{"name": row.name, "value": _number(row.value, 4), "short": _number(row.value, 2),
                 "expected": "none" if row.coefficient == "agreement" else _number(row.expected, 4),
                 "at": None if pd.isna(row.value) else row.value,
                 "chance": None if pd.isna(row.expected) else row.expected}
                for row in table.itertuples()]
        with self.hold_sync():
            self.rows, self.told = rows, self._said(table)

    def _values(self) -> tuple[list[str], list[str]]:
        said = [pair for pair, number in zip(_SAID, self.cells, strict=True)
                for _ in range(number)]
        return [one for one, _ in said], [other for _, other in said]

    def _said(self, table: pd.DataFrame) -> str:
        units, (both, only_a, only_b, neither) = sum(self.cells), self.cells
        if not units:
            return "There is no coding unit: give at least one cell a number."
        share = (2 * both + only_a + only_b) / (2 * units)
        found = table.set_index("coefficient")
        told = (f"The coders agree on {both + neither} of {units} "
                f"coding unit{'s' * (units != 1)} ({found.loc['agreement', 'value']:.2f}). "
                f"{share:.0%} of their decisions are yes. ")
        kappa, gwet = found.loc["kappa"], found.loc["AC1"]
        if kappa["note"]:
            return (f"{told}Kappa, pi and alpha are u{kappa['note'][1:]} AC1 expects "
                    f"{gwet['expected']:.2f} by chance, so it is {gwet['value']:.2f}.")
        return (f"{told}By chance, kappa expects an agreement of {kappa['expected']:.2f} and AC1 "
                f"of {gwet['expected']:.2f}: kappa is {kappa['value']:.2f}, AC1 is "
                f"{gwet['value']:.2f}.")

    def __repr__(self) -> str:
        return (f"KappaParadox: {self.title}. {self.told}\n{self.cross_table().to_string()}\n"
                f"{self.table().to_string()}")

    def cross_table(self) -> pd.DataFrame:
        """Return the four numbers as a table with totals: a's answers down, b's across."""
        both, only_a, only_b, neither = self.cells
        yes, no = both + only_b, only_a + neither
        rows = [[both, only_a, both + only_a], [only_b, neither, only_b + neither],
                [yes, no, yes + no]]
        names = ["yes", "no", "total"]
        return pd.DataFrame(rows, index=pd.Index(names, name="a"),
                            columns=pd.Index(names, name="b"))

    def table(self) -> pd.DataFrame:
        """Return the five coefficients, as `reader.agreement.coefficients` does.

        Returns
        -------
        pandas.DataFrame
            Columns coefficient, name, value, observed, expected and note; all values are
            missing where there is no unit.
        """
        if sum(self.cells):
            return agreement.coefficients(*self._values(), ["yes", "no"]).reset_index()
        return pd.DataFrame({"coefficient": list(agreement.COEFFICIENTS),
                             "name": list(agreement.COEFFICIENTS.values()), "value": float("nan"),
                             "observed": float("nan"), "expected": float("nan"),
                             "note": "There is no coding unit."})

    def static(self) -> str:
        """Return the four numbers, the sentence and the coefficients as HTML without script."""
        table = pd.DataFrame([{"coefficient": row["name"], "value": row["value"],
                               "expected by chance": row["expected"]} for row in self.rows])
        cross = self.cross_table().rename(index={"yes": "a: yes", "no": "a: no"},
                                          columns={"yes": "b: yes", "no": "b: no"})
        cross.index.name, cross.columns.name = "coding units", None
        cross = cross.reset_index()
        return (f'<div class="idlib-static" role="group" aria-label="{escape(self.title)}">'
                f"<p>{escape(self.title)}</p>{cross.to_html(index=False, border=0)}"
                f"<p>{escape(self.told)} In a running notebook this is a widget.</p>"
                f"{table.to_html(index=False, border=0)}</div>")


def _number(value: float, places: int) -> str:
    return "undefined" if pd.isna(value) else f"{value:.{places}f}"
