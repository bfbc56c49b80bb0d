"""The grid of power and interest: quadrants, placements, and how they differ.

Reference: Mendelow (1981) and, for the names of the quadrants, Eden & Ackermann (1998), in
``seeds/references.bib``.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from numbers import Real
from pathlib import Path

from reader import actors, tables
from reader.errors import ReaderError
from reader.lazy import lazy
from reader.paths import read_table_text

np = lazy("numpy")
pd = lazy("pandas")

#: What each reading of `placements` counts as power and as interest.
_READINGS = {
    "force": "Power is armed force in or over Idlib. Interest is activity in the field.",
    "consent": "Power is being needed: others can't reach their aims without this actor. "
               "Interest is how much the actor stands to lose.",
}


def _rating(value: object, what: str) -> float:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real) \
            or not 0 <= value <= 10:
        raise ReaderError(f"{what} must be a number from 0 to 10, not {value!r}.")
    return float(value)


def quadrant(power: float, interest: float, cut: float = 5) -> str:
    """Return the quadrant of the power-interest grid.

    Parameters
    ----------
    power, interest : float
        Ratings from 0 to 10.
    cut : float
        Where high begins, from 0 to 10. A rating equal to the cut counts as high.

    Returns
    -------
    str
        ``player`` (power and interest high), ``context setter`` (power high), ``subject``
        (interest high) or ``crowd`` (neither).

    References
    ----------
    Eden & Ackermann (1998) for the names, Mendelow (1981) for an earlier grid, of power and
    dynamism. The scale and the rule for ties are conventions of this course.

    Examples
    --------
    >>> quadrant(power=2, interest=9)
    'subject'
    """
    edge = _rating(cut, "cut")
    strong, keen = _rating(power, "power") >= edge, _rating(interest, "interest") >= edge
    if strong:
        return "player" if keen else "context setter"
    return "subject" if keen else "crowd"


def as_placements(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a learner's placements checked and in their standard form.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns actor (id or name), power and interest (0 to 10; both missing: not placed).

    Returns
    -------
    pandas.DataFrame
        Columns actor, name, power, interest (Float64) and quadrant (missing where the actor
        is not placed), one row per actor in the order given.
    """
    if not isinstance(frame, pd.DataFrame) or not {"actor", "power", "interest"} <= set(frame):
        raise ReaderError("Placements are a DataFrame with the columns actor, power and interest.")
    names, rows = actors.actors().set_index("actor")["name"], {}
    for given in frame[["actor", "power", "interest"]].itertuples(index=False):
        actor, name = (key := actors.known_actor(given.actor)), names[key]
        if actor in rows:
            raise ReaderError(f"{name} ({actor}) is placed twice: keep one row for each actor.")
        # Of a list, pandas would say element by element what is missing.
        missing = [pd.api.types.is_scalar(value) and pd.isna(value)
                   for value in (given.power, given.interest)]
        if any(missing):
            if not all(missing):
                raise ReaderError(f"{name} has only one rating: give power and interest, or "
                                  f"neither.")
            rows[actor] = (actor, name, None, None, None)
            continue
        power, interest = (_rating(value, f"The {what} of {name}") for value, what in
                           ((given.power, "power"), (given.interest, "interest")))
        rows[actor] = (actor, name, power, interest, quadrant(power, interest))
    columns = {"actor": "str", "name": "str", "power": "Float64", "interest": "Float64",
               "quadrant": "str"}
    return pd.DataFrame(list(rows.values()), columns=list(columns)).astype(columns)


def placement_names() -> dict[str, str]:
    """Return the reference readings: what each counts as power and as interest, by name."""
    return dict(_READINGS)


def placements(name: str) -> pd.DataFrame:
    """Return one reading of the articles on the grid: a reading, not the truth.

    Parameters
    ----------
    name : {"force", "consent"}
        See `placement_names`.

    Returns
    -------
    pandas.DataFrame
        Columns actor, name, power, interest, quadrant, reason and locators. Actors that the
        reading does not place have no row.
    """
    if not isinstance(name, str) or name not in _READINGS:
        raise ReaderError(f"There is no reading {name!r}: choose {' or '.join(_READINGS)}.")
    found = tables.read("placements")
    found = found[found["reading"] == name].reset_index(drop=True)
    return as_placements(found).join(found[["reason", "locators"]])


def read_placements(path: str | Path) -> pd.DataFrame:
    """Read placements from a CSV file with the columns actor, power and interest.

    Returns
    -------
    pandas.DataFrame
        As `as_placements`.
    """
    text, mark = read_table_text(path, "mine.csv")
    try:
        # With semicolons comes a comma inside numbers.
        found = pd.read_csv(StringIO(text), sep=mark, decimal="," if mark == ";" else ".",
                            skipinitialspace=True, index_col=False)
    except ValueError:
        found = None
    if found is None or not {"actor", "power", "interest"} <= set(found):
        raise ReaderError(f"{path} is not a CSV file of placements: it needs the columns actor, "
                          f"power and interest, in UTF-8.")
    return as_placements(found)


def compare_placements(mine: pd.DataFrame, other: pd.DataFrame | str) -> pd.DataFrame:
    """Put two placements side by side, without saying which is better.

    Parameters
    ----------
    mine : pandas.DataFrame
        Columns actor, power and interest.
    other : pandas.DataFrame or str
        Another placement, or the name of a reading.

    Returns
    -------
    pandas.DataFrame
        Columns actor, name, power_mine, interest_mine, quadrant_mine, power_other,
        interest_other, quadrant_other and distance (straight line on the grid, from 0 to
        about 14.1 rating points; missing where one of the two does not place the actor).
    """
    left = as_placements(mine)
    right = as_placements(placements(other) if isinstance(other, str) else other)
    both = left.merge(right, on=["actor", "name"], how="outer", suffixes=("_mine", "_other"),
                      sort=True)
    squares = sum((both[f"{what}_mine"] - both[f"{what}_other"]) ** 2
                  for what in ("power", "interest"))
    return both.assign(distance=squares ** 0.5)


def class_placements(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Pool the placements of a class: where the middle is, and how far it disagrees.

    Parameters
    ----------
    frames : iterable of pandas.DataFrame
        One placement per person: columns actor, power and interest.

    Returns
    -------
    pandas.DataFrame
        Columns actor, name, placed (number of people who placed the actor), power and interest
        (medians), power_spread and interest_spread (interquartile range: the width of the
        middle half, with linear interpolation), quadrant (of the medians). A median is what
        the class thinks, not what is true; a wide spread is worth a talk.
    """
    if isinstance(frames, pd.DataFrame) or not isinstance(frames, Iterable):
        raise ReaderError("Give class_placements() a list of placements, one for each person.")
    checked = [as_placements(frame) for frame in frames]
    if not checked:
        raise ReaderError("There are no placements to pool: give a list with at least one.")
    placed = pd.concat(checked).dropna(subset=["power"])
    rows = []
    for (actor, name), group in placed.groupby(["actor", "name"]):
        values = [group[what].astype(float) for what in ("power", "interest")]
        middle = [float(v.median()) for v in values]
        spread = [float(v.quantile(0.75) - v.quantile(0.25)) for v in values]
        rows.append((actor, name, len(group), *middle, *spread, quadrant(*middle)))
    return pd.DataFrame(rows, columns=["actor", "name", "placed", "power", "interest",
                                       "power_spread", "interest_spread", "quadrant"])
