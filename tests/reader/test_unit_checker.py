"""The unit checker without a browser: what it says, what it gives, what it refuses."""

from __future__ import annotations

import json

import pytest
import traitlets

from reader import figures
from reader.errors import ReaderError
from reader.quantities import Quantity
from reader.widgets import UnitChecker

FARM = {"apples sold": Quantity(30, "kilograms", "apples of the farm", as_of="2020"),
        "all apples": Quantity((40, 60), "kilograms", "apples of the farm", as_of="2020"),
        "all fruit": Quantity(100, "kilograms", "fruit of the farm", as_of="2019"),
        "<b>land</b>": Quantity(5, "km2", "land of the farm")}


def test_it_says_what_comes_out_and_why():
    # 30 / 60 = 0.5 and 30 / 40 = 0.75.
    widget = UnitChecker(FARM)
    assert widget.told == ("50 to 75 percent. Both count kilograms, and both name the same "
                           "universe.")
    assert (widget.value.low, widget.value.high, widget.works) == (50, 75, True)
    widget.operation = "difference"
    assert widget.told.startswith("-30 to -10 kilograms.")
    widget.operation = "ratio"
    assert widget.told.startswith("0.50 to 0.75 ratio.")
    assert list(widget.table()["row"]) == ["first", "second", "result"]


def test_units_apart_are_refused_whatever_the_reason():
    widget = UnitChecker(FARM, second="<b>land</b>", reason="both belong to the farm")
    assert widget.told.startswith("Not computed: Kilograms and square kilometres can't be divided")
    assert (widget.value, widget.works) == (None, False)
    assert list(widget.table()["row"]) == ["first", "second"]


def test_universes_apart_need_a_reason_of_their_own():
    widget = UnitChecker(FARM, second="all fruit")
    assert "If you know that they belong together, write down why." in widget.told
    assert widget.value is None
    widget.reason = "  apples are  fruit. "
    assert widget.told == ("30 percent. Both count kilograms. That they belong together is your "
                           "reason: apples are fruit. Mind the dates: 2020, and 2019.")
    widget.second = "all apples"
    assert widget.reason == "", "a reason is given for two figures, not for the next two"
    widget.second = "all fruit"
    assert widget.value is None


def test_changing_places_keeps_the_reason():
    widget = UnitChecker(FARM, second="all fruit", reason="apples are fruit")
    with widget.hold_trait_notifications():
        widget.first, widget.second = widget.second, widget.first
    assert widget.reason == "apples are fruit"
    assert "not larger than its whole. Do they change places?" in widget.told


def test_a_reason_does_not_silence_words_that_exclude_each_other():
    widget = UnitChecker({
        "a": Quantity(1, "people", "civilians killed"),
        "b": Quantity(4, "people", "fighters killed")}, reason="both died")
    assert widget.told.startswith("25 percent.")
    assert "Mind the words: They count different things: civilians against fighters" in widget.told


def test_by_default_it_lists_the_claims_that_have_a_number():
    widget = UnitChecker(first="F10", second="F09")
    vague = set(figures.claims().query("qualifier == 'vague'")["claim"])
    assert {choice["figure"] for choice in widget.choices} == {
        claim for claim in figures.claims()["claim"] if claim not in vague}
    assert widget.choices[0]["unit"] == "years"
    assert widget.value is None
    widget.reason = "F10 counts people among those of F09"
    assert (round(widget.value.low, 1), widget.value.high) == (36.4, None)


@pytest.mark.parametrize(("arguments", "told"), [
    ({"figures": {}}, "needs figures with a name"), ({"figures": []}, "needs figures"),
    ({"figures": {"a": 5}}, "needs figures"), ({"figures": ["F99"]}, "There is no claim 'F99'"),
    ({"figures": ["F07"]}, "F07 has no number"), ({"first": "F07"}, "There is no figure 'F07'"),
    ({"operation": "product"}, "operation must be one of share, ratio, difference"),
])
def test_a_checker_that_can_not_be_is_refused(arguments, told):
    with pytest.raises(ReaderError, match=told):
        UnitChecker(**arguments)


def test_what_can_not_be_chosen_is_refused():
    widget = UnitChecker(FARM)
    for name in ("first", "second", "operation"):
        before = getattr(widget, name)
        with pytest.raises((ReaderError, traitlets.TraitError)):
            setattr(widget, name, "pears")
        assert getattr(widget, name) == before


def test_one_figure_is_compared_with_itself():
    assert UnitChecker("F09").told.startswith("75.8 to 132.0 percent.")  # 2.5 / 3.3 and 3.3 / 2.5


def test_the_plain_forms_say_what_the_widget_says():
    widget = UnitChecker(FARM, second="<b>land</b>", title="Apples & land?")
    page = widget.static()
    assert "Apples &amp; land?" in page
    assert "<b>land" not in page
    assert "Kilograms and square kilometres can&#x27;t be divided" in page
    assert "not said" in page
    assert widget.told in repr(widget)
    bundle, _ = widget._repr_mimebundle_()
    assert bundle["text/html"] == page
    json.dumps(widget.get_state(), default=str)
