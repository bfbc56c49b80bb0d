"""The kappa paradox without a browser: state, words, table and static form."""

import json

import numpy as np
import pytest
import traitlets

from reader import agreement
from reader.errors import ReaderError
from reader.widgets import KappaParadox

SCRIPT = "<script>alert(1)</script>"


def test_the_presets_are_the_paradox():
    """Worked out by hand in test_agreement.py: the same agreement, and what each makes of it."""
    values = {name: KappaParadox(preset=name).table()["value"].round(4).tolist()
              for name in ("balanced", "skewed", "biased")}
    assert values == {"balanced": [.9, .8, .8, .805, .8],
                      "skewed": [.9, -.0526, -.0526, -.0263, .8895],
                      "biased": [.8, .6154, .6, .61, .6]}


def test_it_says_what_the_numbers_come_to():
    widget = KappaParadox(5, 1, 1, 3)
    assert widget.told == (
        "The coders agree on 8 of 10 coding units (0.80). 60% of their decisions are yes. By "
        "chance, kappa expects an agreement of 0.52 and AC1 of 0.48: kappa is 0.58, AC1 is 0.62.")
    widget.cells = [1, 0, 0, 0]
    assert widget.told.startswith("The coders agree on 1 of 1 coding unit (1.00). 100% of")
    assert "Kappa, pi and alpha are undefined: both coders gave 'yes' to the only" in widget.told
    assert widget.told.endswith("AC1 expects 0.00 by chance, so it is 1.00.")
    widget.cells = (0, 0, 0, 0)
    assert widget.told.startswith("There is no coding unit")
    assert widget.table()["value"].isna().all()


def test_its_tables_are_those_of_the_reader():
    widget = KappaParadox(2, 1, 3, 4)
    a, b = ["yes"] * 3 + ["no"] * 7, ["yes"] * 2 + ["no"] + ["yes"] * 3 + ["no"] * 4
    assert widget.cross_table().loc[["no", "yes"], ["no", "yes"]].equals(
        agreement.cross_table(a, b))
    assert widget.cross_table().loc["total"].tolist() == [5, 5, 10]
    assert widget.table().equals(agreement.coefficients(a, b).reset_index())


@pytest.mark.parametrize(("arguments", "told"), [
    ({"both": 3}, "all four numbers, and only_a is missing"), ({"title": 3}, "title"),
    ({"preset": "odd"}, "preset must be one of balanced"), ({"preset": None}, "preset must be"),
    ({"preset": ["skewed"]}, "preset must be")])
def test_a_widget_that_can_not_be_is_refused(arguments, told):
    with pytest.raises(ReaderError, match=told):
        KappaParadox(**arguments)


@pytest.mark.parametrize("number", [-1, 101, 1.5, "1", True, float("nan"), [1]])
def test_numbers_that_can_not_be_are_refused(number):
    with pytest.raises(ReaderError, match="four whole numbers from 0 to 100"):
        KappaParadox(number, 0, 0, 0)


@pytest.mark.parametrize("cells", [[1, 2, 3], "9119", None, [1, 2, 3, 4, 5], [None] * 4, 3])
def test_cells_that_can_not_be_change_nothing(cells):
    widget = KappaParadox()
    with pytest.raises((ReaderError, traitlets.TraitError)):
        widget.cells = cells
    assert widget.cells == [9, 1, 1, 9]


def test_numpy_numbers_are_numbers():
    assert KappaParadox(*np.array([1, 2, 3, 4])).cells == [1, 2, 3, 4]


def test_a_message_of_the_browser_never_leaves_a_wrong_state():
    widget = KappaParadox()
    sent = {"cells": [1, 2, 3, 101], "rows": [], "told": SCRIPT, "presets": {}, "most": 3}
    before, shown = widget.get_state(list(sent)), widget.static()
    widget.set_state(sent)
    assert widget.get_state(list(sent)) == before
    assert widget.static() == shown
    widget.set_state({"cells": [0, 1, 1, 18]})
    assert widget.told.endswith("kappa is -0.05, AC1 is 0.89.")


def test_the_plain_forms_say_what_the_widget_says():
    widget = KappaParadox(preset="skewed", title=SCRIPT)
    page = widget.static()
    assert "<script>" not in page
    for words in (widget.told, "a: yes", "b: no", "0.8895", "Scott's pi", "none"):
        assert words in page
    assert widget.told in repr(widget) and "-0.052632" in repr(widget)
    bundle, _ = widget._repr_mimebundle_()
    assert bundle["text/html"] == page
    json.dumps(widget.get_state(), default=str)
