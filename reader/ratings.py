"""Topic 07: the values that coders gave to units, as lists that can be compared.

A value is text, a number, or True or False; None, NaN and empty text are missing. Values are
paired by position: the first of each coder belong to one unit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from numbers import Integral, Real

from reader.errors import ReaderError
from reader.lazy import is_a, lazy

pd = lazy("pandas")

Label = str | bool | int | float | None

_ARRAYS = ("numpy.ndarray", "pandas.Series", "pandas.Index", "pandas.api.extensions.ExtensionArray")


def _label(value, place: str) -> Label:
    """Return one value as a label that can be compared, None where it is missing."""
    if isinstance(value, str):
        return value.strip() or None
    if value is None or is_a(value, "pandas.api.typing.NAType", "pandas.api.typing.NaTType"):
        return None
    if isinstance(value, bool) or is_a(value, "numpy.bool"):
        return bool(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        if value != value:  # NaN
            return None
        if abs(value) != float("inf"):
            return int(value) if value == int(value) else float(value)
    given = value if isinstance(value, Real) else f"a {type(value).__name__}"
    raise ReaderError(f"{place} is {given}: a value must be text, a number, or True or False, one "
                      f"for each unit.")


def kind(given) -> str:
    """Return what somebody gave in words."""
    return "text" if isinstance(given, str) else f"a {type(given).__name__}" + (
        " of several columns" if getattr(given, "ndim", 1) > 1 else "")


def many(number: int, what: str) -> str:
    """Return a number with its noun, such as "1 value" or "2 values"."""
    return f"{number} {what}{'s' * (number != 1)}"


def labels(given, name: str) -> list[Label]:
    """Return one coder's values, None where one is missing."""
    listed = isinstance(given, (list, tuple, range)) or is_a(given, *_ARRAYS)
    if not listed or getattr(given, "ndim", 1) != 1:
        raise ReaderError(f"{name} must be a list with one value for each unit, such as "
                          f"[1, 0, 1], not {kind(given)}.")
    return [_label(value, f"Value {number} of {name}")
            for number, value in enumerate(given, start=1)]


def one_kind(coders: list[list[Label]]) -> list[list[Label]]:
    """Return values that can be compared; text beside numbers is refused: they never agree."""
    found = {type(value) for coder in coders for value in coder} - {type(None)}
    if len(found) > 1 and str in found:
        values = [value for coder in coders for value in coder if value is not None]
        text = next(value for value in values if isinstance(value, str))
        other = next(value for value in values if not isinstance(value, str))
        raise ReaderError(f"Some values are text, such as {text!r}, and some are not, such as "
                          f"{other!r}: write all in one way, or they can't agree.")
    if len(found) > 1 and bool in found:
        return [[int(value) if isinstance(value, bool) else value for value in coder]
                for coder in coders]
    return coders


def _same_units(given: list) -> None:
    """Refuse Series whose rows have names that say they are paired in a wrong order."""
    named = [values.index for values in given if is_a(values, "pandas.Series")]
    for index in named[1:]:
        if index.equals(named[0]) or len(index) != len(named[0]):
            continue
        if not pd.api.types.is_integer_dtype(index) or set(index) == set(named[0]):
            raise ReaderError("The Series name their units differently or in another order: bring "
                              "them into one order first, as b.reindex(a.index) does.")


def pair(a, b) -> tuple[list[Label], list[Label]]:
    """Return two coders' values: as many of each, none missing, all of one kind."""
    both = {"a": labels(a, "a"), "b": labels(b, "b")}
    _same_units([a, b])
    if len(both["a"]) != len(both["b"]):
        raise ReaderError(f"a has {many(len(both['a']), 'value')} and b has {len(both['b'])}: "
                          f"both coders need one for each unit, in the same order.")
    if not both["a"]:
        raise ReaderError("There is no unit: give at least one value of each coder.")
    for name, values in both.items():
        if None in values:
            raise ReaderError(f"Value {values.index(None) + 1} of {name} is missing: leave that "
                              f"unit out for both coders, or use krippendorff_alpha([a, b]), "
                              f"which takes missing values.")
    return tuple(one_kind(list(both.values())))


def several(ratings) -> list[list[Label]]:
    """Return the values of two or more coders, as many of each; some may be missing."""
    if is_a(ratings, "pandas.DataFrame"):
        named = [(repr(name), ratings.iloc[:, n]) for n, name in enumerate(ratings.columns)]
    elif isinstance(ratings, Mapping):
        named = [(repr(name), values) for name, values in ratings.items()]
    elif isinstance(ratings, (list, tuple)) or getattr(ratings, "ndim", 0) > 1:
        named = [(f"Coder {n}", values) for n, values in enumerate(ratings, start=1)]
    else:
        raise ReaderError(f"Give the values of each coder, such as [a, b], not {kind(ratings)}.")
    if len(named) < 2:
        raise ReaderError(f"Agreement needs at least two coders, and here is "
                          f"{len(named) or 'none'}: give [a, b].")
    coders = [labels(values, name) for name, values in named]
    _same_units([values for _, values in named])
    for (name, _), values in zip(named, coders, strict=True):
        if len(values) != len(coders[0]):
            raise ReaderError(f"{named[0][0]} has {many(len(coders[0]), 'value')} and {name} "
                              f"has {len(values)}: write None where a coder has none.")
    return one_kind(coders)


# --- their table -------------------------------------------------------------------------


def counts(a: list[Label], b: list[Label]) -> tuple[list[Label], list[list[int]]]:
    """Return the values that `pair` has checked, in order, and how often they met.

    Returns
    -------
    values : list
        Each value that occurs, once.
    cells : list of list of int
        A row for each value of `a`, in it a number for each value of `b`.
    """
    values = sorted({*a, *b})
    met = Counter(zip(a, b, strict=True))
    return values, [[met[one, other] for other in values] for one in values]


def cross_table(a, b, totals: bool = False) -> pd.DataFrame:
    """Return how often each value of coder `a` met each value of coder `b`.

    Parameters
    ----------
    a, b : list, tuple, numpy.ndarray or pandas.Series
        One value for each unit: text, numbers, or True and False. Values are paired by
        position; space around text does not count.
    totals : bool
        Add a row and a column ``total``.

    Returns
    -------
    pandas.DataFrame
        A row for each value of `a`, a column for each of `b`, in order; the diagonal holds the
        units on which both agree.

    Raises
    ------
    ReaderError
        When a coder's values are not a list, some are missing or can't be compared, or the
        coders have different numbers of them.

    Examples
    --------
    >>> int(cross_table([1, 0, 1], [1, 0, 0]).loc[1, 0])
    1
    """
    values, cells = counts(*pair(a, b))
    table = pd.DataFrame(cells, index=pd.Index(values, name="a"),
                         columns=pd.Index(values, name="b"))
    if totals:
        table = table.set_axis(table.index.astype(object)).set_axis(
            table.columns.astype(object), axis=1)
        table["total"] = table.sum(axis=1)
        table.loc["total"] = table.sum()
        table = table.rename_axis(index="a", columns="b")
    return table
