"""Topic 03: what is at stake for whom, whose claim counts, and who decides that it counts.

Salience follows Mitchell, Agle & Wood (1997), the grid of power and interest Mendelow (1981)
and, for the names of its quadrants, Eden & Ackermann (1998): ``seeds/references.bib``.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from numbers import Real
from pathlib import Path

import numpy as np
import pandas as pd

from reader import actors, tables
from reader.errors import ReaderError

ASPECTS = ("interest", "leverage", "constraint", "position")

#: Class by (power, legitimacy, urgency): Mitchell, Agle & Wood (1997).
_CLASSES = {
    (True, False, False): "dormant", (False, True, False): "discretionary",
    (False, False, True): "demanding", (True, True, False): "dominant",
    (True, False, True): "dangerous", (False, True, True): "dependent",
    (True, True, True): "definitive", (False, False, False): "non-stakeholder",
}

#: What each reading of `placements` counts as power and as interest.
_READINGS = {
    "force": "Power is armed force in or over Idlib. Interest is activity in the field.",
    "consent": "Power is being needed: others can't reach their aims without this actor. "
               "Interest is how much the actor stands to lose.",
}


def stakeholders(actor: str | None = None, aspect: str | None = None) -> pd.DataFrame:
    """Return what the articles say is at stake for the actors.

    Parameters
    ----------
    actor : str, optional
        Only this actor, by id (``"A07"``) or by the course's name (``"Turkey"``).
    aspect : {"interest", "leverage", "constraint", "position"}, optional
        Only these statements.

    Returns
    -------
    pandas.DataFrame
        Columns stake (``S01``), actor, name, aspect, statement (in the course's own words),
        voice (``article``, ``reported`` or ``quoted``) and locators (joined with ``"; "``).
        The table leaves out what exercise 03 asks for: an actor without rows may well have
        something at stake.
    """
    found = tables.read("stakeholders")
    found.insert(2, "name", found["actor"].map(actors.actors().set_index("actor")["name"]))
    if actor is not None:
        found = found[found["actor"] == actors.known_actor(actor)]
    if aspect is not None:
        if not isinstance(aspect, str) or aspect not in ASPECTS:
            raise ReaderError(f"aspect must be one of {', '.join(ASPECTS)}, not {aspect!r}.")
        found = found[found["aspect"] == aspect]
    return found.reset_index(drop=True)


# --- salience ----------------------------------------------------------------------------


def salience(power: bool, legitimacy: bool, urgency: bool) -> str:
    """Return the class of a stakeholder by three attributes that somebody perceives in it.

    Parameters
    ----------
    power, legitimacy, urgency : bool
        Whether the actor can make others do what it wants; whether its claim is seen as
        proper; whether its claim is seen as pressing.

    Returns
    -------
    str
        One attribute: ``dormant`` (power), ``discretionary`` (legitimacy), ``demanding``
        (urgency). Two: ``dominant`` (power, legitimacy), ``dangerous`` (power, urgency),
        ``dependent`` (legitimacy, urgency). Three: ``definitive``. None:
        ``non-stakeholder``.

    Raises
    ------
    ReaderError
        When an attribute is not True or False.

    References
    ----------
    Mitchell, Agle & Wood (1997), ``mitchell1997`` in ``seeds/references.bib``. The names of
    the classes are theirs and technical: they are no judgement on anybody.

    Examples
    --------
    >>> salience(power=True, legitimacy=True, urgency=False)
    'dominant'
    """
    given = {"power": power, "legitimacy": legitimacy, "urgency": urgency}
    for name, value in given.items():
        if not isinstance(value, (bool, np.bool_)):
            raise ReaderError(f"{name} must be True or False, not {value!r}: the model knows no "
                              f"degrees.")
    return _CLASSES[tuple(bool(value) for value in given.values())]


def salience_table() -> pd.DataFrame:
    """Return the eight combinations: power, legitimacy, urgency, attributes (count), class."""
    rows = [(*key, sum(key), name) for key, name in _CLASSES.items()]
    frame = pd.DataFrame(rows, columns=["power", "legitimacy", "urgency", "attributes", "class"])
    return frame.sort_values("attributes", kind="stable", ignore_index=True)


# --- the grid of power and interest ------------------------------------------------------


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
    Eden & Ackermann (1998) for the names, Mendelow (1981) for an earlier grid of the kind. The
    scale and the rule for ties are conventions of this course.

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
    file = known_path(path)
    try:
        # Only files: a device or a pipe need not have an end.
        text = file.read_text(encoding="utf-8-sig") if file.is_file() else None
    except (OSError, ValueError):
        text = ""
    if text is None:
        raise ReaderError(f"There is no file {path} that can be read.")
    first = text.split("\n", 1)[0]
    # A spreadsheet of another country writes semicolons, and then a comma inside numbers.
    mark = max(",;\t", key=first.count)
    try:
        found = pd.read_csv(StringIO(text), sep=mark, decimal="," if mark == ";" else ".",
                            skipinitialspace=True, index_col=False)
    except ValueError:
        found = None
    if found is None or not {"actor", "power", "interest"} <= set(found):
        raise ReaderError(f"{path} is not a CSV file of placements: it needs the columns actor, "
                          f"power and interest, in UTF-8.")
    return as_placements(found)


def known_path(path: str | Path) -> Path:
    """Return a path as such, or say what is wrong with it."""
    if not isinstance(path, (str, Path)) or not str(path).strip() or "\0" in str(path):
        raise ReaderError(f"A path is text in quotes, such as 'mine.csv', not {path!r}.")
    return Path(path)


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
