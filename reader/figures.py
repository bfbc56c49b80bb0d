"""Topic 05: the figures that the articles state, beside published values of the same thing."""

from __future__ import annotations

from collections.abc import Iterable

from reader import corpus, figure_plots, plots, tables, universes
from reader.edtf import parse_edtf
from reader.errors import ReaderError
from reader.lazy import is_a, lazy
from reader.quantities import Quantity, difference, ratio, share, total

pd = lazy("pandas")

__all__ = ["Quantity", "claims", "comparable", "difference", "from_claim", "from_reference",
           "plot_series", "plot_triangulation", "ratio", "reference", "revisions", "series",
           "share", "total", "triangulate"]

#: Which end of a value its qualifier leaves open.
_OPEN_HIGH, _OPEN_LOW = ("more than", "at least"), ("nearly", "at most")

_COLUMNS = ["row", "label", "low", "high", "qualifier", "unit", "universe", "as_of", "source"]

comparable = universes.comparable


def claims(article: str | None = None) -> pd.DataFrame:
    """Return the figures that the articles state, one row each, without a verdict.

    Parameters
    ----------
    article : str, optional
        Only those of this article (``"000"``) or segment (``"000 P2"``).

    Returns
    -------
    pandas.DataFrame
        Columns claim (``F01``), locator, statement, low and high (Float64, in the unit of the
        row; a missing end is open, and both are missing where the text gives no number),
        qualifier (exact, about, at least, more than, nearly, range, vague), unit, universe,
        as_of and credited_to (words of the article; missing where it has none) and series
        (names of reference series about the same thing, joined with ``"; "``).
    """
    frame = tables.read("claims").rename(columns={"value_min": "low", "value_max": "high"})
    return corpus.only(frame, article)


def series() -> list[str]:
    """Return the names of the reference series, in the order of the table."""
    return list(tables.read("reference")["series"].unique())


def reference(name: str | None = None) -> pd.DataFrame:
    """Return published values to compare with, one row each.

    Parameters
    ----------
    name : str, optional
        Only this series.

    Returns
    -------
    pandas.DataFrame
        Columns series, label, date (EDTF), value (Float64, in the unit of the row), low and
        high (Float64; "more than" and "at least" leave high open, "nearly" and "at most"
        leave low open), qualifier, unit, universe, source (key of references.bib) and mark.
    """
    frame = tables.read("reference")
    if name is not None:
        frame = frame[frame["series"] == _known_series(name)].reset_index(drop=True)
    place = list(frame.columns).index("value") + 1
    frame.insert(place, "low", frame["value"].mask(frame["qualifier"].isin(_OPEN_LOW)))
    frame.insert(place + 1, "high", frame["value"].mask(frame["qualifier"].isin(_OPEN_HIGH)))
    return frame


def _known_series(name: str) -> str:
    written = str(name).strip().lower()
    if written not in series():
        raise ReaderError(f"There is no series {name!r}: the table has {', '.join(series())}.")
    return written


def _claim(claim: str) -> pd.Series:
    listed = claims()
    found = listed[listed["claim"] == str(claim).strip().upper()]
    if not len(found):
        raise ReaderError(f"There is no claim {claim!r}: ids run from "
                          f"{listed['claim'].iloc[0]} to {listed['claim'].iloc[-1]}.")
    return found.iloc[0]


def _text(cell) -> str:
    return "" if pd.isna(cell) else str(cell)


def _quantity(row: pd.Series, as_of: str, source: str) -> Quantity:
    low, high = (None if pd.isna(row[end]) else row[end] for end in ("low", "high"))
    return Quantity((low, high), row["unit"], row["universe"], as_of, source,
                    row["qualifier"] == "about")


def from_claim(claim: str) -> Quantity:
    """Return the figure of a claim with its unit, universe, as-of words and locator.

    Raises
    ------
    ReaderError
        When there is no such claim, or when the text gives no number.

    Examples
    --------
    >>> print(from_claim("F09"))
    2,500,000 to 3,300,000 people
    """
    row = _claim(claim)
    if row["qualifier"] == "vague":
        raise ReaderError(f"{row['claim']} has no number to compute with: the text at "
                          f"{row['locator']} gives only an order of size.")
    return _quantity(row, _text(row["as_of"]), row["locator"])


def from_reference(name: str, label: str | None = None, date: str | None = None,
                   source: str | None = None) -> Quantity:
    """Return one reference value with its unit, universe, date and source.

    Parameters
    ----------
    name : str
        Name of the series.
    label, date, source : str, optional
        As in the table; give as many as it takes to leave one row.

    Raises
    ------
    ReaderError
        When no row or more than one row fits: the message lists the rows there are.
    """
    rows = reference(name)
    wanted = {"label": label, "date": date, "source": source}
    found = rows
    for column, value in wanted.items():
        if value is not None:
            found = found[found[column] == str(value).strip()]
    if len(found) != 1:
        listed = found if len(found) else rows
        choices = "; ".join(f"{row.label}, {row.date}, {row.source}" for row in listed.itertuples())
        raise ReaderError(f"{'No row' if not len(found) else 'More than one row'} of {name} fits: "
                          f"give label, date or source to choose one of {choices}.")
    row = found.iloc[0]
    return _quantity(row, row["date"], row["source"])


def triangulate(claim: str, *names: str) -> pd.DataFrame:
    """Return a claim beside the reference values of its series.

    Nothing is averaged, converted or judged: units, universes and dates stay apart.

    Parameters
    ----------
    claim : str
        Id of the claim, such as ``"F12"``.
    *names : str, optional
        Reference series to use in place of those that the claim's row names.

    Returns
    -------
    pandas.DataFrame
        The claim first, then one row per reference value: row (``claim`` or the name of the
        series), label (id of the claim, or whose value), low and high (Float64; missing where
        open), qualifier, unit, universe, as_of (words of the text, or EDTF), source (locator,
        or key of references.bib), comparable (``yes``, ``no`` or ``judge``; missing for the
        claim itself) and why_not. The last two come from unit and universe only (see
        `reader.universes`): they say nothing about dates, and nothing about who is right.

    Raises
    ------
    ReaderError
        For an unknown claim or series, and when no reference series belongs to the claim.
    """
    own = _claim(claim)
    names = [_known_series(name) for name in names] or _text(own["series"]).split("; ")
    if names == [""]:
        raise ReaderError(f"No reference series is about {own['claim']}: name one, such as "
                          f"triangulate({own['claim']!r}, {series()[0]!r}).")
    rows = [_claim_row(own, own["as_of"])]
    for name in names:
        for other in _reference_rows(name).itertuples(index=False):
            answer, why = comparable(own, other)
            rows.append({**other._asdict(), "comparable": answer, "why_not": why or None})
    return _beside(rows, [*_COLUMNS, "comparable", "why_not"])


def _claim_row(own: pd.Series, as_of) -> dict:
    return {**own[["low", "high", "qualifier", "unit", "universe"]], "row": "claim",
            "label": own["claim"], "as_of": as_of, "source": own["locator"]}


def _reference_rows(name: str) -> pd.DataFrame:
    return reference(name).rename(columns={"series": "row", "date": "as_of"})[_COLUMNS]


def _beside(rows: list[dict], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns).astype(
        {column: "Float64" if column in ("low", "high") else "str" for column in columns})


def revisions(name: str) -> pd.DataFrame:
    """Return the values of a series that several bodies or reports give for the same period.

    Parameters
    ----------
    name : str
        Name of the series.

    Returns
    -------
    pandas.DataFrame
        Columns date (EDTF), label, low, high, qualifier, unit, universe, source and rows (how
        many values there are for that date, Int64), by first day, then last day. Two rows for
        one date can be an error, a correction, or two universes: read the universe first.
    """
    rows = reference(name)
    rows["rows"] = rows.groupby("date")["date"].transform("size").astype("Int64")
    rows = rows[rows["rows"] > 1]
    ends = {text: parse_edtf(text) for text in rows["date"]}
    rows = rows.sort_values("date", kind="stable", ignore_index=True, key=lambda column: (
        column.map(lambda text: (ends[text].first, ends[text].last))))
    return rows[["date", "label", "low", "high", "qualifier", "unit", "universe", "source", "rows"]]


# --- drawings ----------------------------------------------------------------------------


def _flag(zero) -> bool:
    if not (isinstance(zero, bool) or is_a(zero, "numpy.bool")):
        raise ReaderError(f"zero is True or False, not {zero!r}.")
    return bool(zero)


def plot_triangulation(claim: str, *names: str, zero: bool = False) -> plots.Shown:
    """Draw a claim and the reference values of its series, one line each.

    Parameters
    ----------
    claim, *names : str
        As for `triangulate`.
    zero : bool, optional
        Begin the axis of values at 0, which makes differences look as small as they are
        against the whole. Otherwise the caption says that it begins elsewhere.

    Returns
    -------
    Shown
        With `triangulate`'s table. Each unit has a panel of its own; the claim is a diamond,
        a reference value a circle (hollow: judge its universe) or a cross (it counts something
        else); a bar is a range and an arrow an open end.
    """
    return figure_plots.beside(triangulate(claim, *names), _flag(zero))


def plot_series(name: str, claim_ids: list[str] | None = None, within: str | None = None,
                zero: bool = False) -> plots.Shown:
    """Draw a reference series over time, with claims where their articles were published.

    Parameters
    ----------
    name : str
        Name of the series.
    claim_ids : list of str, optional
        Ids of claims, in a unit of the series. By default those that name this series, have a
        number and such a unit; ``[]`` draws none.
    within : str, optional
        EDTF: only what ends on one of these days. It opens up a crowded part.
    zero : bool, optional
        As for `plot_triangulation`.

    Returns
    -------
    Shown
        With the values as a table. Each universe has a shape and a colour. A claim stands at
        the time of publication that ``articles.csv`` gives, in most cases a month.
    """
    name = _known_series(name)
    rows = _reference_rows(name).to_dict("records")
    units = {row["unit"] for row in rows}
    if claim_ids is None:
        about = claims().dropna(subset=["series"])
        about = about[about["unit"].isin(units) & (about["qualifier"] != "vague")]
        claim_ids = [row.claim for row in about.itertuples() if name in row.series.split("; ")]
    elif isinstance(claim_ids, str):
        claim_ids = [claim_ids]
    elif not isinstance(claim_ids, Iterable):
        raise ReaderError("claim_ids is a list of ids of claims, such as ['F09'].")
    published = corpus.articles().set_index("article")["published"]
    for claim in claim_ids:
        own = _claim(claim)
        from_claim(claim)  # a claim without a number can't be drawn
        if own["unit"] not in units:
            raise ReaderError(f"{own['claim']} is in {own['unit']} and the series {name} in "
                              f"{', '.join(sorted(units))}: "
                              f"{universes.units_apart(own['unit'], min(units))}")
        rows.append(_claim_row(own, published[own["locator"][:3]]))
    if within is not None:
        window = parse_edtf(within)
        rows = [row for row in rows if parse_edtf(row["as_of"]).last in window]
        if not any(row["row"] != "claim" for row in rows):
            raise ReaderError(f"The series {name} has no value that ends within {within}.")
    return figure_plots.over_time(_beside(rows, _COLUMNS), name, _flag(zero))
