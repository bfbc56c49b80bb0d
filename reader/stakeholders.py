"""Topic 03: what is at stake for whom, whose claim counts, and who decides that it counts.

Salience follows Mitchell, Agle & Wood (1997): ``seeds/references.bib``. The grid of power and
interest has its own module, `reader.grid`, whose functions are here too.
"""

from __future__ import annotations

from reader import actors, tables
from reader.errors import ReaderError
from reader.grid import (
    as_placements,
    class_placements,
    compare_placements,
    placement_names,
    placements,
    quadrant,
    read_placements,
)
from reader.lazy import lazy

np = lazy("numpy")
pd = lazy("pandas")

__all__ = ["ASPECTS", "as_placements", "class_placements", "compare_placements",
           "placement_names", "placements", "quadrant", "read_placements", "salience",
           "salience_table", "stakeholders"]

ASPECTS = ("interest", "leverage", "constraint", "position")

#: Class by (power, legitimacy, urgency): Mitchell, Agle & Wood (1997).
_CLASSES = {
    (True, False, False): "dormant", (False, True, False): "discretionary",
    (False, False, True): "demanding", (True, True, False): "dominant",
    (True, False, True): "dangerous", (False, True, True): "dependent",
    (True, True, True): "definitive", (False, False, False): "non-stakeholder",
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
