"""Topic 05: may two figures be compared? Asked of their units and of their universes' words.

The answer has three values. "yes": unit and universe are the same. "no": they count different
things, by their unit or by words that exclude each other. "judge": the words differ, and
whether the things do, a person has to say. A "yes" says nothing about dates or quality.
"""

from __future__ import annotations

import re

from reader.errors import ReaderError

#: Aspects of a universe, and the words that settle each; the first pattern that fits counts.
_ASPECTS = {
    "nationality": [
        (r"other nationalit", "other nationalities"),
        (r"all nationalit", "all nationalities"),
        (r"\bSyrians?\b|\bfrom Syria\b", "Syrians")],
    "displacement": [
        (r"abroad and inside|refugees and (?:internally )?displaced",
         "refugees and people displaced inside Syria together"),
        (r"might (?:flee|be displaced)", "people who may have to flee later"),
        (r"refugee|asylum|temporary protection", "refugees"),
        # "Displaced people" alone settles nothing: refugees are displaced too.
        (r"internally displaced|displace\w* (?:people )?(?:registered )?(?:in|inside|from)\b",
         "people displaced inside Syria")],
    "people": [
        (r"civilians and fighters|fighters and civilians|all people killed",
         "civilians and fighters together"),
        (r"fighter", "fighters"),
        (r"civilian", "civilians")],
    "place": [
        (r"city of Idlib|Idlib city", "the city of Idlib"),
        (r"governorate", "Idlib governorate"),
        (r"Ghouta|Aleppo before|eastern Aleppo", "other besieged areas"),
        (r"north-west(?:ern)?\b", "the north-west of Syria")],
    "way of counting": [
        (r"register", "a register"),
        (r"known by name", "people known by name"),
        (r"estimat", "an estimate")],
}
_UNITS = {
    frozenset(("people", "square kilometres")):
        "one counts persons, the other land, and a person is no piece of land. Compare people "
        "with people, or area with area.",
    frozenset(("people", "displacements")):
        "a displacement is one move, and one person can move twice. Compare people with "
        "people, or moves with moves.",
    frozenset(("square kilometres", "percent")):
        "a percentage has no size until its whole is known. Divide the area by the area of "
        "the whole first.",
    frozenset(("people", "percent")):
        "a percentage has no size until its whole is known. Divide the people by all the "
        "people of the whole first.",
}


def units_apart(a: str, b: str) -> str:
    """Return why two different units can't be compared, and what could be."""
    return _UNITS.get(frozenset((a, b)), f"one counts {a}, the other {b}. Compare {a} with {a}, "
                                         f"and {b} with {b}.")


def aspects(universe: str) -> dict[str, str]:
    """Return what the words of a universe settle.

    Parameters
    ----------
    universe : str
        Of what a figure is a count or share.

    Returns
    -------
    dict of str to str
        Some of nationality, displacement, people, place and way of counting. Only words are
        read: an aspect that they leave open is not in it.

    Examples
    --------
    >>> aspects("Syrians registered under temporary protection in Turkey")["nationality"]
    'Syrians'
    """
    if not isinstance(universe, str):
        raise ReaderError(f"A universe is text, not {type(universe).__name__}.")
    found = {}
    for aspect, patterns in _ASPECTS.items():
        for pattern, meaning in patterns:
            if re.search(pattern, universe, re.IGNORECASE):
                found[aspect] = meaning
                break
    return found


def comparable(a, b) -> tuple[str, str]:
    """Return whether two figures may be compared, and why not, from unit and universe only.

    Parameters
    ----------
    a, b : Quantity
        Or anything else with a `unit` and a `universe`.

    Returns
    -------
    (str, str)
        ``"yes"``, ``"no"`` or ``"judge"``, and a sentence (empty for ``"yes"``).
    """
    for item in (a, b):
        if not all(isinstance(getattr(item, name, None), str) for name in ("unit", "universe")):
            raise ReaderError(f"Only figures with a unit and a universe can be compared, such as "
                              f"Quantity(5, 'people', 'a village'), not {item!r}.")
    if a.unit != b.unit:
        return "no", units_apart(a.unit, b.unit)
    one, other = " ".join(a.universe.split()), " ".join(b.universe.split())
    if one.lower() == other.lower():
        return "yes", ""
    if not one or not other:
        return "judge", f"One of them does not say its universe; the other counts {one or other}."
    first, second = aspects(one), aspects(other)
    against = [f"{first[name]} against {second[name]} ({name})"
               for name in first if second.get(name, first[name]) != first[name]]
    if against:
        return "no", f"They count different things: {'; '.join(against)}."
    open_ = [f"{name} is said of one only ({(first | second)[name]})"
             for name in _ASPECTS if (name in first) != (name in second)]
    return "judge", (f"Their universes are worded differently, {one!r} and {other!r}"
                     + (f"; {', '.join(open_)}" if open_ else "") + ".")
