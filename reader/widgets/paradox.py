"""Two coders, one code, four numbers: what the coefficients of agreement make of them."""

from __future__ import annotations

from html import escape
from math import isnan, nan
from numbers import Integral

import traitlets as t

from reader import agreement, plain_tables
from reader.chance import COEFFICIENTS, by_formula
from reader.errors import ReaderError
from reader.lazy import lazy
from reader.ratings import counts
from reader.widgets.base import Widget, script, style

pd = lazy("pandas")

#: Units with the code from both coders, from a only, from b only, from neither.
PRESETS = {"balanced": (9, 1, 1, 9), "skewed": (0, 1, 1, 18), "biased": (8, 4, 0, 8),
           "constant": (0, 0, 0, 20)}
_CELLS = ("both", "only_a", "only_b", "neither")
#: What a and b say of the units in each cell.
_SAID = (("yes", "yes"), ("yes", "no"), ("no", "yes"), ("no", "no"))
_ANSWERS = ["yes", "no"]
_TOTALS = ("b: yes", "b: no", "total")
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
        found = self._found()
        rows = [{"name": row["name"], "value": _number(row["value"], 4),
                 "short": _number(row["value"], 2),
                 "expected": "none" if short == "agreement" else _number(row["expected"], 4),
                 "at": None if isnan(row["value"]) else row["value"],
                 "chance": None if isnan(row["expected"]) else row["expected"]}
                for short, row in found.items()]
        with self.hold_sync():
            self.rows, self.told = rows, self._said(found)

    def _found(self) -> dict[str, dict]:
        if sum(self.cells):
            return by_formula(*counts(*self._values()), _ANSWERS)
        return {short: {"name": name, "value": nan, "observed": nan, "expected": nan,
                        "note": "There is no coding unit."} for short, name in COEFFICIENTS.items()}

    def _values(self) -> tuple[list[str], list[str]]:
        said = [pair for pair, number in zip(_SAID, self.cells, strict=True)
                for _ in range(number)]
        return [one for one, _ in said], [other for _, other in said]

    def _said(self, found: dict[str, dict]) -> str:
        units, (both, only_a, only_b, neither) = sum(self.cells), self.cells
        if not units:
            return "There is no coding unit: give at least one cell a number."
        share = (2 * both + only_a + only_b) / (2 * units)
        told = (f"The coders agree on {both + neither} of {units} "
                f"coding unit{'s' * (units != 1)} ({found['agreement']['value']:.2f}). "
                f"{share:.0%} of their decisions are yes. ")
        kappa, gwet = found["kappa"], found["AC1"]
        if kappa["note"]:
            return (f"{told}Kappa, pi and alpha are u{kappa['note'][1:]} AC1 expects "
                    f"{gwet['expected']:.2f} by chance, so it is {gwet['value']:.2f}.")
        return (f"{told}By chance, kappa expects an agreement of {kappa['expected']:.2f} and AC1 "
                f"of {gwet['expected']:.2f}: kappa is {kappa['value']:.2f}, AC1 is "
                f"{gwet['value']:.2f}.")

    def __repr__(self) -> str:
        rows = [[row["name"], *(f"{row[key]:.6f}" for key in ("value", "expected"))]
                for row in self._found().values()]
        return (f"KappaParadox: {self.title}. {self.told}\n"
                + plain_tables.as_text(["coding units", *_TOTALS], self._totals()) + "\n"
                + plain_tables.as_text(["coefficient", "value", "expected"], rows))

    def _totals(self) -> list[list]:
        both, only_a, only_b, neither = self.cells
        yes, no = both + only_b, only_a + neither
        return [["a: yes", both, only_a, both + only_a],
                ["a: no", only_b, neither, only_b + neither],
                ["total", yes, no, yes + no]]

    def cross_table(self) -> pd.DataFrame:
        """Return the four numbers as a table with totals: a's answers down, b's across."""
        rows, names = [row[1:] for row in self._totals()], ["yes", "no", "total"]
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
            return agreement.coefficients(*self._values(), _ANSWERS).reset_index()
        rows = [{"coefficient": short, **row} for short, row in self._found().items()]
        return pd.DataFrame(rows)

    def static(self) -> str:
        """Return the four numbers, the sentence and the coefficients as HTML without script."""
        cross = plain_tables.as_html(["coding units", *_TOTALS], self._totals())
        table = plain_tables.as_html(
            ["coefficient", "value", "expected by chance"],
            [[row["name"], row["value"], row["expected"]] for row in self.rows])
        return (f'<div class="idlib-static" role="group" aria-label="{escape(self.title)}">'
                f"<p>{escape(self.title)}</p>{cross}<p>{escape(self.told)} In a running notebook "
                f"this is a widget.</p>{table}</div>")


def _number(value: float, places: int) -> str:
    return "undefined" if isnan(value) else f"{value:.{places}f}"
