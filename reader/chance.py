"""Topic 07: how far two coders agree, and how far they would by chance.

Every coefficient but the first compares the observed agreement with an agreement that is
expected by chance: ``(observed - expected) / (1 - expected)``. They differ in what they expect.
What counts as a value is said in `reader.ratings`.
"""

from __future__ import annotations

from collections.abc import Iterable

from reader.errors import ReaderError
from reader.lazy import lazy
from reader.ratings import Label, counts, labels, one_kind, pair, several

pd = lazy("pandas")

#: The five, in the order in which `coefficients` lists them, with their full names.
COEFFICIENTS = {"agreement": "Percent agreement", "kappa": "Cohen's kappa", "pi": "Scott's pi",
                "alpha": "Krippendorff's alpha", "AC1": "Gwet's AC1"}


# --- observed and expected ---------------------------------------------------------------


def _observed(cells: list[list[int]]) -> float:
    return sum(row[n] for n, row in enumerate(cells)) / sum(map(sum, cells))


def _number(values: list[Label], categories: Iterable | None) -> int:
    """Return how many values the codebook allows, or else how many occur."""
    if categories is None:
        return len(values)
    allowed, used = one_kind([labels(categories, "categories"), values])
    if odd := [value for value in used if value not in allowed]:
        raise ReaderError(f"{odd[0]!r} is not among the categories: list all that the codebook "
                          f"allows.")
    return len(set(allowed) - {None})


def _expected(values: list[Label], cells: list[list[int]],
              categories: Iterable | None = None) -> dict[str, float]:
    """Return the agreement that each coefficient expects by chance, by its short name."""
    q = _number(values, categories)
    rows, columns = [*map(sum, cells)], [*map(sum, zip(*cells, strict=True))]
    both = [row + column for row, column in zip(rows, columns, strict=True)]
    given = sum(both)  # two values for each unit
    shares = [number / given for number in both]
    return {
        "kappa": sum(row * column for row, column in zip(rows, columns, strict=True))
        / sum(rows) ** 2,
        "pi": sum(number**2 for number in both) / given**2,
        "alpha": sum(number * (number - 1) for number in both) / (given * (given - 1)),
        "AC1": sum(share * (1 - share) for share in shares) / (q - 1) if q > 1 else float("nan")}


def _corrected(observed: float, expected: float) -> float:
    return float("nan") if expected == 1 else (observed - expected) / (1 - expected)


# --- the coefficients --------------------------------------------------------------------


def percent_agreement(a, b) -> float:
    """Return the share of units to which both coders gave the same value, from 0 to 1.

    Parameters and errors are those of `cross_table`. Nothing is taken off for chance.
    """
    a, b = pair(a, b)
    return sum(one == other for one, other in zip(a, b, strict=True)) / len(a)


def cohen_kappa(a, b) -> float:
    """Return Cohen's kappa: chance is two coders with habits of their own.

    The expected agreement is the sum, over the values, of a's share of it times b's share.
    Parameters and errors are those of `cross_table`.

    Returns
    -------
    float
        1 at best, 0 where there is as much agreement as expected, less where there is less;
        NaN (undefined) where both coders gave one and the same value to all units.

    References
    ----------
    Cohen (1960), ``cohen1960`` in ``seeds/references.bib``. Computed by scikit-learn.
    """
    from sklearn.metrics import cohen_kappa_score  # a second to import, so only where needed
    a, b = pair(a, b)
    values = sorted({*a, *b})
    if len(values) == 1:
        return float("nan")
    return float(cohen_kappa_score([values.index(one) for one in a],
                                   [values.index(one) for one in b]))


def scott_pi(a, b) -> float:
    """Return Scott's pi: chance is two coders with the same habits.

    The expected agreement is the sum, over the values, of the square of its share among all
    values that both gave. Parameters and errors are those of `cross_table`.

    Returns
    -------
    float
        As `cohen_kappa`; NaN (undefined) where both gave one and the same value to all units.

    References
    ----------
    Scott (1955), ``scott1955`` in ``seeds/references.bib``.
    """
    values, cells = counts(*pair(a, b))
    return _corrected(_observed(cells), _expected(values, cells)["pi"])


def gwet_ac1(a, b, categories: Iterable | None = None) -> float:
    """Return Gwet's AC1: chance is guessing at hard units, few where most values are the same.

    The expected agreement is the sum, over the q values, of share · (1 - share), divided by
    q - 1; shares are those among all values that both gave.

    Parameters
    ----------
    a, b : list, tuple, numpy.ndarray or pandas.Series
        As in `cross_table`.
    categories : list, optional
        All values that the codebook allows, used or not: AC1 depends on their number. By
        default those that occur.

    Returns
    -------
    float
        NaN (undefined) where only one value is known of.

    Raises
    ------
    ReaderError
        As `cross_table`, and when a value is not among the categories.

    References
    ----------
    Gwet (2008), ``gwet2008`` in ``seeds/references.bib``.
    """
    values, cells = counts(*pair(a, b))
    return _corrected(_observed(cells), _expected(values, cells, categories)["AC1"])


def krippendorff_alpha(ratings, level: str = "nominal") -> float:
    """Return Krippendorff's alpha, for any number of coders and with missing values.

    Alpha is 1 - observed disagreement / expected disagreement. Expected is what drawing two of
    all values at hand, without putting the first back, would give. A unit with fewer than two
    values tells nothing about agreement and is left out.

    Parameters
    ----------
    ratings : list of lists, mapping, numpy.ndarray or pandas.DataFrame
        The values of each coder, such as ``[a, b]`` or ``{"A": a, "B": b}``; an array has one
        row for each coder, a DataFrame one *column* for each coder. Missing values are None or
        NaN.
    level : {"nominal", "ordinal", "interval"}
        How far apart two values are: only the same or not; by how many of the values at hand
        lie between them, squared; by their difference, squared. The last two need numbers.

    Returns
    -------
    float
        NaN (undefined) where all values are the same.

    Raises
    ------
    ReaderError
        When there are fewer than two coders, they have different numbers of units, no unit has
        two values, values can't be compared, or the level does not fit them.

    References
    ----------
    Hayes & Krippendorff (2007), ``hayes2007``, and Krippendorff (2018), ``krippendorff2018`` in
    ``seeds/references.bib``. Computed by the library krippendorff.

    Examples
    --------
    >>> round(krippendorff_alpha([[1, 2, 3, None], [1, 2, 4, 4]]), 4)
    0.6154
    """
    if not isinstance(level, str) or level not in ("nominal", "ordinal", "interval"):
        raise ReaderError(f"level must be nominal, ordinal or interval, not {level!r}.")
    coders = several(ratings)
    if level != "nominal" and (text := next(
            (value for coder in coders for value in coder if isinstance(value, str)), None)):
        raise ReaderError(f"The level {level} needs numbers, and {text!r} is text: give each "
                          f"value its rank, or take the level nominal.")
    units = [unit for unit in zip(*coders, strict=True)
             if sum(value is not None for value in unit) > 1]
    if not units:
        raise ReaderError("No unit has values of two coders, so there is no agreement to "
                          "measure: compare coders of the same units.")
    values = sorted({value for unit in units for value in unit if value is not None})
    if len(values) == 1:
        return float("nan")
    import krippendorff
    counts = [[sum(value == one for value in unit) for one in values] for unit in units]
    domain = range(len(values)) if isinstance(values[0], str) else [float(v) for v in values]
    return float(krippendorff.alpha(value_counts=counts, value_domain=list(domain),
                                    level_of_measurement=level))


def coefficients(a, b, categories: Iterable | None = None) -> pd.DataFrame:
    """Return all five coefficients of two coders, with what each takes for chance.

    Parameters
    ----------
    a, b, categories
        As in `cross_table` and `gwet_ac1`.

    Returns
    -------
    pandas.DataFrame
        A row for each of ``agreement``, ``kappa``, ``pi``, ``alpha`` (nominal) and ``AC1``;
        columns name, value, observed and expected (agreement, from 0 to 1; none is expected by
        percent agreement) and note. Where a coefficient is undefined, its value is NaN and the
        note says why, and what to report; it is empty elsewhere.

    Raises
    ------
    ReaderError
        As `gwet_ac1`.

    Examples
    --------
    >>> float(coefficients(list("xxyyz"), list("xyyzz")).loc["kappa", "value"].round(4))
    0.4118
    """
    rows = by_formula(*counts(*pair(a, b)), categories)
    rows["kappa"]["value"], rows["alpha"]["value"] = cohen_kappa(a, b), krippendorff_alpha([a, b])
    return pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="coefficient"))


def by_formula(values: list[Label], cells: list[list[int]],
               categories: Iterable | None = None) -> dict[str, dict[str, float | str]]:
    """Return what `coefficients` does, of a cross table and by the formula alone.

    No library is needed: a widget asks at every touch, and in the browser none may be there.

    Parameters
    ----------
    values, cells
        From `reader.ratings.counts`.
    categories
        As in `gwet_ac1`.

    Returns
    -------
    dict of str to dict
        By short name: name, value, observed, expected and note.
    """
    observed, rows = _observed(cells), {}
    expected = {"agreement": float("nan"), **_expected(values, cells, categories)}
    for short, name in COEFFICIENTS.items():
        value = observed if short == "agreement" else _corrected(observed, expected[short])
        note = _undefined(values[0], sum(map(sum, cells)), short) if value != value else ""
        rows[short] = {"name": name, "value": value, "observed": observed,
                       "expected": expected[short], "note": note}
    return rows


def _undefined(value: Label, units: int, coefficient: str) -> str:
    """Return why there is no such coefficient where only one value occurs."""
    where = "the only coding unit" if units == 1 else f"all {units} coding units"
    why = ("and AC1 has to know how many values there could be (categories)"
           if coefficient == "AC1" else "so by chance too they would agree everywhere")
    return (f"Undefined: both coders gave {value!r} to {where}, {why}. Report the agreement of "
            f"1.00, and that the value did not vary.")
