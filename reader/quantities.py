"""Topic 05: figures with unit, universe and date, and arithmetic that asks before it divides.

A figure is a range from `low` to `high`; `reader.ranges` says how ranges are combined. "More
than" and "at least" leave `high` open, "nearly" and "at most" leave `low` open. "About" changes
no end: how wide it is, only a person can say. It is kept as a mark.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reader import ranges, universes
from reader.errors import ReaderError
from reader.lazy import is_a

__all__ = ["Quantity", "difference", "ratio", "share", "total"]

_ALIASES = {
    "person": "people", "persons": "people", "displacement": "displacements",
    "%": "percent", "per cent": "percent", "percentage": "percent",
    "km2": "square kilometres", "km²": "square kilometres", "sq km": "square kilometres",
    "square kilometers": "square kilometres", "square kilometre": "square kilometres",
}


@dataclass(frozen=True, init=False)
class Quantity:
    """A figure that knows what it counts.

    Parameters
    ----------
    value : number or (low, high)
        One number, or the ends of a range; None for an end that is not known. Not negative.
    unit : str
        What one of it is: people, displacements, square kilometres, percent, ...
    universe : str, optional
        Of what it is a count or a share, in words.
    as_of : str, optional
        The date that it is true of, as its source words it, or as EDTF.
    source : str, optional
        Where it stands: a locator, a key of references.bib, a title.
    about : bool, optional
        Whether its source calls it "about".
    signed : bool, optional
        Whether it measures a change, which may be negative.

    Attributes
    ----------
    low, high : int, float or None
        Ends of the range, both included; None where it is open.
    note : str
        How it was computed; empty for a figure that was not.

    Examples
    --------
    >>> pupils = Quantity((12, 15), "people", "inhabitants of a village")
    >>> everyone = Quantity((40, 60), "people", "inhabitants of a village")
    >>> print(share(pupils, everyone))
    20.0 to 37.5 percent
    """

    low: float | int | None
    high: float | int | None
    unit: str
    universe: str = ""
    as_of: str = ""
    source: str = ""
    about: bool = False
    signed: bool = False
    note: str = field(default="", compare=False)

    def __init__(self, value, unit, universe="", as_of="", source="", about=False, signed=False,
                 note=""):
        low, high = ranges.ends(value)
        for name, text in (("unit", unit), ("universe", universe), ("as_of", as_of),
                           ("source", source), ("note", note)):
            if not isinstance(text, str):
                raise ReaderError(f"Write the {name} as text in quotes, not as "
                                  f"{type(text).__name__}.")
        for name, flag in (("about", about), ("signed", signed)):
            if not (isinstance(flag, bool) or is_a(flag, "numpy.bool")):
                raise ReaderError(f"{name} is True or False, not {flag!r}.")
        unit = " ".join(unit.split())
        unit = _ALIASES.get(unit.lower(), unit)
        if not unit:
            raise ReaderError("A figure without a unit can't be compared: say what one of it "
                              "is, such as 'people'.")
        smallest = min(end for end in (low, high) if end is not None)
        if smallest < 0 and not signed:
            raise ReaderError(f"{ranges.written(smallest)} {unit} is less than nothing: a "
                              f"count or a share is not negative (difference() says how much "
                              f"less).")
        for name, found in (("low", low), ("high", high), ("unit", unit),
                            ("universe", " ".join(universe.split())), ("as_of", as_of),
                            ("source", source), ("about", bool(about)),
                            ("signed", bool(signed)), ("note", note)):
            object.__setattr__(self, name, found)

    def __str__(self) -> str:
        about = "about " if self.about else ""
        if self.low is None:
            return f"{about}{ranges.written(self.high)} {self.unit} or less"
        if self.high is None:
            return f"{about}{ranges.written(self.low)} {self.unit} or more"
        if self.low == self.high:
            return f"{about}{ranges.written(self.low)} {self.unit}"
        return f"{about}{ranges.written(self.low, self.high)} {self.unit}"

    def __repr__(self) -> str:
        more = [f"{name}: {text}" for name, text in (
            ("universe", self.universe), ("as of", self.as_of), ("source", self.source),
            ("computed", self.note)) if text]
        return f"<{self}{'; ' * bool(more)}{'; '.join(more)}>"

    def __truediv__(self, other):
        return ratio(self, other)

    def __sub__(self, other):
        return difference(self, other)

    def __rtruediv__(self, other):
        return ratio(other, self)

    def __rsub__(self, other):
        return difference(other, self)

    def __add__(self, other):
        raise ReaderError("Figures are added by total([a, b], universe), which asks what the "
                          "parts make together: + can't.")

    __radd__ = __add__


# --- arithmetic --------------------------------------------------------------------------


def _checked(a, b, same_universe: bool | str, verb: str) -> str:
    """Return why `a` and `b` may be combined, or raise the sentence that says why not."""
    for item in (a, b):
        if not isinstance(item, Quantity):
            raise ReaderError(f"Only figures with a unit can be {verb}: write "
                              f"Quantity({item!r}, 'people') in place of {item!r}.")
    answer, why = universes.comparable(a, b)
    if a.unit != b.unit:
        raise ReaderError(f"{a.unit[:1].upper()}{a.unit[1:]} and {b.unit} can't be {verb}: {why}")
    if answer == "yes":
        return ""
    if isinstance(same_universe, str) and same_universe.strip():
        return same_universe.strip()
    if same_universe is True:
        return "taken as the same universe"
    raise ReaderError(f"These figures are not {verb} yet. {why} If you know that they belong "
                      f"together, say why with same_universe='…'.")


def _joined(a: str, b: str) -> str:
    return a if a == b else "; ".join(part for part in (a, b) if part)


def _result(a: Quantity, b: Quantity, ends, unit: str, universe: str, sign: str, reason: str,
            signed: bool) -> Quantity:
    note = f"{a} {sign} {b}" + (f" ({reason})" if reason else "")
    if ends == (None, None):
        raise ReaderError(f"{note} is open at both ends: with these figures nothing can be said "
                          f"about it.")
    return Quantity(ends, unit, universe, _joined(a.as_of, b.as_of),
                    _joined(a.source, b.source), a.about or b.about, signed, note)


def _divided(a: Quantity, b: Quantity):
    # A count whose lower end is open is still above zero; a change need not be.
    if (b.signed if b.low is None else b.low <= 0) or b.high == 0:
        raise ReaderError(f"{a} can't be divided by {b}: the divisor can be zero.")
    return ranges.quotient((a.low, a.high), (b.low, b.high))


def ratio(a: Quantity, b: Quantity, same_universe: bool | str = False) -> Quantity:
    """Return how many times `b` goes into `a`; ``a / b`` is the same without a reason.

    Parameters
    ----------
    a, b : Quantity
        Of one unit, and of one universe unless you say why it may be done.
    same_universe : bool or str, optional
        Your reason why the two belong together although they are worded differently. True
        gives no reason.

    Returns
    -------
    Quantity
        Unit ``ratio``; from lowest a / highest b to highest a / lowest b.

    Raises
    ------
    ReaderError
        When the units differ, when the universes differ and no reason is given, when `b` can
        be zero, or when nothing is left to say.
    """
    reason = _checked(a, b, same_universe, "divided")
    return _result(a, b, _divided(a, b), "ratio", _joined(a.universe, b.universe), "÷", reason,
                   a.signed or b.signed)


def share(part: Quantity, whole: Quantity, same_universe: bool | str = False) -> Quantity:
    """Return a part as a percentage of its whole.

    Parameters
    ----------
    part, whole : Quantity
        Of one unit; the part must lie within the whole, which only you can know when the
        universes are worded differently.
    same_universe : bool or str, optional
        Your reason why the part lies within the whole.

    Returns
    -------
    Quantity
        Unit ``percent``; its universe is the whole's. From lowest part / highest whole to
        highest part / lowest whole. An open end stays open, also where 100 would close it.

    Raises
    ------
    ReaderError
        As `ratio`; also when the part is larger than its whole.
    """
    reason = _checked(part, whole, same_universe, "divided")
    low, high = _divided(part, whole)
    if low is not None and low > 1:
        raise ReaderError(f"{part} can't be a share of {whole}: a part is not larger than its "
                          f"whole. Do they change places?")
    low, high = (end if end is None else 100 * end for end in (low, high))
    return _result(part, whole, (low, high), "percent", whole.universe, "÷", reason,
                   part.signed or whole.signed)


def difference(a: Quantity, b: Quantity, same_universe: bool | str = False) -> Quantity:
    """Return by how much `a` is more than `b`; ``a - b`` is the same without a reason.

    Parameters
    ----------
    a, b : Quantity
        As for `ratio`.
    same_universe : bool or str, optional
        As for `ratio`.

    Returns
    -------
    Quantity
        In the same unit (percent: ``percentage points``), negative where `a` is less; from
        lowest a - highest b to highest a - lowest b.
    """
    reason = _checked(a, b, same_universe, "compared")
    ends = ranges.difference((a.low, a.high), (b.low, b.high))
    unit = "percentage points" if a.unit == "percent" else a.unit
    return _result(a, b, ends, unit, _joined(a.universe, b.universe), "−", reason, True)


def total(parts, universe: str) -> Quantity:
    """Return the sum of figures that count different things of one unit.

    Parameters
    ----------
    parts : list of Quantity
        Of one unit, each with a universe of its own: a universe that comes twice would be
        counted twice. Percentages can't be added, because each has a whole of its own.
    universe : str
        What the parts make together, in your words.

    Returns
    -------
    Quantity
        From the sum of the lower ends to the sum of the upper ends.
    """
    parts = list(parts) if isinstance(parts, Iterable) else []
    if len(parts) < 2 or not all(isinstance(part, Quantity) for part in parts):
        raise ReaderError("total() adds two or more figures, each with a unit, such as "
                          "total([Quantity(2, 'people', 'a'), Quantity(3, 'people', 'b')], 'c').")
    if not isinstance(universe, str) or not universe.strip():
        raise ReaderError("Say what the parts make together: total(parts, 'people in …').")
    named = [part.universe.lower() for part in parts]
    for part in parts[1:]:
        if part.unit != parts[0].unit:
            raise ReaderError(f"{parts[0].unit} and {part.unit} can't be added: "
                              f"{universes.units_apart(parts[0].unit, part.unit)}")
    if parts[0].unit in ("percent", "ratio"):
        raise ReaderError(f"Figures in {parts[0].unit} can't be added: each has a whole of its "
                          f"own. Add the counts, then divide once.")
    if len(set(named)) < len(named):
        again = next(part.universe for part in parts if named.count(part.universe.lower()) > 1)
        raise ReaderError(f"The universe {again!r} comes twice: the same {parts[0].unit} would "
                          f"be counted twice. Give each part a universe of its own.")
    ends = ranges.sum_of([(part.low, part.high) for part in parts])
    if ends == (None, None):
        raise ReaderError("This sum is open at both ends: with these figures nothing can be "
                          "said about it.")
    dates, sources = (list(dict.fromkeys(filter(None, (getattr(part, name) for part in parts))))
                      for name in ("as_of", "source"))
    return Quantity(ends, parts[0].unit, universe, "; ".join(dates), "; ".join(sources),
                    any(part.about for part in parts), any(part.signed for part in parts),
                    " + ".join(str(part) for part in parts))
