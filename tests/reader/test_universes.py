"""What the words of a universe settle, and when two figures may be compared."""

from __future__ import annotations

import re

import pytest

from reader import universes
from reader.errors import ReaderError
from reader.quantities import Quantity


def people(universe: str, **more) -> Quantity:
    return Quantity(1, "people", universe, **more)


@pytest.mark.parametrize(("universe", "settled"), [
    ("Syrians registered under temporary protection in Turkey",
     {"nationality": "Syrians", "displacement": "refugees", "way of counting": "a register"}),
    ("refugees and asylum seekers of other nationalities in Turkey",
     {"nationality": "other nationalities", "displacement": "refugees"}),
    ("refugees of all nationalities", {"nationality": "all nationalities",
                                       "displacement": "refugees"}),
    ("displaced in north-west Syria", {"displacement": "people displaced inside Syria",
                                       "place": "the north-west of Syria"}),
    ("population of the city of Idlib", {"place": "the city of Idlib"}),
    ("civilians and fighters known by name", {"people": "civilians and fighters together",
                                              "way of counting": "people known by name"}),
    ("displaced people; since when is not said", {}),  # inside their country or abroad
    ("Idlib, which the text calls a city", {}), ("area of Syria", {}), ("", {}),
])
def test_the_words_of_a_universe(universe, settled):
    assert universes.aspects(universe) == settled


@pytest.mark.parametrize(("one", "other", "answer", "told"), [
    ("Syrians in Turkey", "Syrians  in turkey", "yes", ""),
    ("Syrian refugees", "refugees of other nationalities", "no", "Syrians against other nat"),
    ("civilians killed", "fighters killed", "no", "civilians against fighters"),
    ("refugees from Syria", "internally displaced people", "no", "refugees against people disp"),
    ("people in Idlib city", "people in Idlib governorate", "no", "the city of Idlib against"),
    ("Syrian refugees in Turkey", "Syrian refugees registered in Turkey", "judge",
     "way of counting is said of one only .a register."),
    ("people in Idlib", "people in the area", "judge", "worded differently"),
    ("people in Idlib", "", "judge", "does not say its universe"),
])
def test_comparable_has_three_answers(one, other, answer, told):
    for a, b in ((one, other), (other, one)):
        found, why = universes.comparable(people(a), people(b))
        assert found == answer
        assert bool(why) == (answer != "yes")
    assert re.search(told, universes.comparable(people(one), people(other))[1])


def test_dates_and_sources_do_not_make_figures_comparable_or_not():
    old, new = (people("the valley", as_of=year, source=f"report of {year}")
                for year in ("2004", "2020"))
    assert universes.comparable(old, new) == ("yes", "")


def test_a_universe_is_text():
    with pytest.raises(ReaderError, match="A universe is text"):
        universes.aspects(None)
