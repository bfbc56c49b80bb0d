"""Figures with units: values worked out by hand, and every refusal with its sentence."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.errors import ReaderError
from reader.quantities import Quantity, difference, ratio, share, total


def people(value, universe="people in the valley", **more) -> Quantity:
    return Quantity(value, "people", universe, **more)


# --- one figure --------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "ends", "written"), [
    (1_200_000, (1_200_000, 1_200_000), "1,200,000 people"),
    ((2_500_000, 3_300_000), (2_500_000, 3_300_000), "2,500,000 to 3,300,000 people"),
    ((900_000, None), (900_000, None), "900,000 people or more"),
    ([None, 4e6], (None, 4_000_000), "4,000,000 people or less"),
    (0, (0, 0), "0 people"), (np.int64(7), (7, 7), "7 people"), (2.5, (2.5, 2.5), "2.50 people"),
    (pd.Series([12.5], dtype="Float64").iloc[0], (12.5, 12.5), "12.5 people"),
])
def test_a_figure_keeps_its_ends(value, ends, written):
    found = people(value)
    assert (found.low, found.high) == ends
    assert str(found) == written


def test_about_is_kept_and_moves_no_end():
    found = people(60, about=True)
    assert (found.low, found.high, str(found)) == (60, 60, "about 60 people")
    assert share(people(30), found).about
    assert not share(people(30), people(60)).about


@pytest.mark.parametrize(("value", "told"), [
    (None, "has no value"), ("1.2 million", "is text, '1.2 million': write it as a number"),
    (("2", 3), "lower end is text"), (True, "must be a number, not bool"),
    ((1, False), "upper end must be a number, not bool"), (math.nan, "is nan, which is no figure"),
    (math.inf, "beyond every count"), ((1, -math.inf), "upper end is beyond"),
    pytest.param(10 ** 400, "which is no figure", id="10**400"),
    ((3_300_000, 2_500_000), "ends .2,500,000. below its beginning .3,300,000."),
    ((1, 2, 3), "two ends, such as .* not 3"), ((), "not 0"), ((None, None), "says nothing"),
    (-5, "less than nothing"), ((-1, 5), "less than nothing"), (pd.NA, "not NAType"),
    ({"low": 1}, "not dict"), (1j, "not complex"),
])
def test_what_is_no_figure_is_refused(value, told):
    with pytest.raises(ReaderError, match=told) as refused:
        people(value)
    assert str(refused.value).count("\n") == 0


@pytest.mark.parametrize(("fields", "told"), [
    ({"unit": ""}, "without a unit"), ({"unit": "  "}, "without a unit"),
    ({"unit": None}, "Write the unit as text in quotes, not as NoneType"),
    ({"unit": "people", "universe": 5}, "Write the universe as text"),
    ({"unit": "people", "as_of": 2018}, "Write the as_of as text"),
])
def test_a_figure_says_what_it_counts(fields, told):
    with pytest.raises(ReaderError, match=told):
        Quantity(1, **fields)


@pytest.mark.parametrize(("written", "unit"), [
    ("persons", "people"), ("km²", "square kilometres"), ("KM2", "square kilometres"),
    ("%", "percent"), ("per  cent", "percent"), ("olive trees", "olive trees")])
def test_one_unit_has_one_name(written, unit):
    assert Quantity(1, written).unit == unit


def test_a_figure_does_not_change():
    figure = people(3)
    with pytest.raises(AttributeError):
        figure.low = 4
    assert figure == people(3)
    assert figure != people(3, "people in the hills")


# --- shares and ratios -------------------------------------------------------------------


def test_the_share_of_a_range():
    # By hand: 1.2 / 3.3 = 0.3636..., 1.2 / 2.5 = 0.48.
    found = share(people(1_200_000), people((2_500_000, 3_300_000)))
    assert found.low == pytest.approx(100 * 12 / 33)
    assert found.high == pytest.approx(48)
    assert (found.unit, found.universe) == ("percent", "people in the valley")
    assert str(found) == "36.4 to 48.0 percent"
    assert found.note == "1,200,000 people ÷ 2,500,000 to 3,300,000 people"


def test_an_open_end_stays_open():
    # "At least" 1.2 of 2.5 to 3.3 million: never less than 36.4 percent, no upper limit.
    found = share(people((1_200_000, None)), people((2_500_000, 3_300_000)))
    assert (round(found.low, 1), found.high) == (36.4, None)
    # 3 of "nearly" 4 million: at least 3 / 4. 3 of "more than" 4 million: at most 3 / 4.
    assert ratio(people(3), people((None, 4))).low == 0.75
    assert ratio(people(3), people((None, 4))).high is None
    assert ratio(people(3), people((4, None))).low is None
    assert ratio(people(3), people((4, None))).high == 0.75
    with pytest.raises(ReaderError, match="open at both ends: with these figures nothing"):
        ratio(people((None, 3)), people((None, 4)))


def test_ratio_and_the_sign_for_it():
    # 2.9 million of whom 0.4 million would be 7.25 times as many.
    found = people(2_900_000) / people(400_000)
    assert (found.low, found.unit, str(found)) == (7.25, "ratio", "7.25 ratio")
    assert people(0) / people(5) == ratio(people(0), people(5))
    assert (people(0) / people(5)).high == 0


def test_dates_and_sources_are_kept_side_by_side():
    a, b = people(1, as_of="2018-08", source="001 P2"), people(2, as_of="2011", source="001 P2")
    assert ((a / b).as_of, (a / b).source) == ("2018-08; 2011", "001 P2")


@pytest.mark.parametrize("divisor", [0, (0, 5)])
def test_nothing_is_divided_by_zero(divisor):
    with pytest.raises(ReaderError, match="the divisor can be zero"):
        share(people(0), people(divisor))


def test_a_change_that_may_be_zero_divides_nothing():
    for change in (people((None, 4)) - people(1), people(1) - people(3)):
        with pytest.raises(ReaderError, match="the divisor can be zero"):
            ratio(people(2), change)


def test_a_part_is_not_larger_than_its_whole():
    with pytest.raises(ReaderError, match="not larger than its whole. Do they change places"):
        share(people(3_300_000), people((1_200_000, 2_500_000)))
    # It may be, so nothing is refused: 2 to 4 of 3 is 67 to 133 percent.
    assert share(people((2, 4)), people(3)).high == pytest.approx(400 / 3)


@pytest.mark.parametrize(("a", "b", "told"), [
    ("people", "square kilometres", "a person is no piece of land. Compare people with people"),
    ("square kilometres", "people", "Compare people with people, or area with area"),
    ("people", "displacements", "one person can move twice"),
    ("percent", "people", "no size until its whole is known"),
    ("percent", "square kilometres", "no size until its whole is known"),
    ("posts", "years", "Compare posts with posts, and years with years"),
])
@pytest.mark.parametrize("combine", [ratio, share, difference])
@pytest.mark.parametrize("same_universe", [False, True, "They belong together."])
def test_different_units_are_refused_with_a_reason(combine, a, b, told, same_universe):
    with pytest.raises(ReaderError, match=told):
        combine(Quantity(1, a, "x"), Quantity(2, b, "x"), same_universe=same_universe)


@pytest.mark.parametrize("combine", [ratio, share, difference])
def test_different_universes_need_a_reason(combine):
    part, whole = people(1, "displaced people"), people(4)
    for no_reason in (False, "", "  "):
        with pytest.raises(ReaderError, match="say why with same_universe="):
            combine(part, whole, same_universe=no_reason)
    found = combine(part, whole, same_universe="they live in the valley")
    assert found.note.endswith("(they live in the valley)")
    assert "taken as the same universe" in combine(part, whole, same_universe=True).note
    with pytest.raises(ReaderError, match="does not say its universe; the other counts people in"):
        combine(people(1, ""), whole)


def test_case_and_spaces_make_no_other_universe():
    assert str(share(people(1, "People  in the Valley"), people(4))) == "25 percent"


@pytest.mark.parametrize("wrong", [3, "3", None])
@pytest.mark.parametrize("combine", [ratio, share, difference])
def test_a_bare_number_has_no_unit(combine, wrong):
    with pytest.raises(ReaderError, match="Only figures with a unit"):
        combine(people(1), wrong)


# --- differences and sums ----------------------------------------------------------------


def test_the_difference_of_ranges():
    # Least: 5 - 4 = 1, most: 9 - 2 = 7. The other way round it is -7 to -1.
    found = people((5, 9)) - people((2, 4))
    assert (found.low, found.high, found.unit, found.signed) == (1, 7, "people", True)
    back = difference(people((2, 4)), people((5, 9)))
    assert (back.low, back.high, str(back)) == (-7, -1, "-7 to -1 people")
    assert (people((5, None)) - people(2)).high is None
    with pytest.raises(ReaderError, match="open at both ends"):
        people((5, None)) - people((2, None))


def test_percentages_differ_by_points():
    found = Quantity(60, "%", "land") - Quantity(45.5, "%", "land")
    assert str(found) == "14.5 percentage points"


def test_growth_is_a_change_divided_by_what_was_there():
    # From 40 to 30: -10 / 40 = -0.25.
    assert str((people(30) - people(40)) / people(40)) == "-0.25 ratio"


def test_a_sum_names_what_its_parts_make():
    # 3 to 4 and 5 or more: 8 or more.
    found = total([people((3, 4), "hill"), people((5, None), "dale", source="x")], "hill and dale")
    assert (found.low, found.high, found.universe, found.source) == (8, None, "hill and dale", "x")
    assert found.note == "3 to 4 people + 5 people or more"


@pytest.mark.parametrize(("parts", "universe", "told"), [
    ([people(1)], "all", "two or more"), ([], "all", "two or more"), ([people(1), 2], "all", "two"),
    ([people(1), people(2, "dale")], "", "Say what the parts make together"),
    ([people(1), Quantity(1, "km2", "y")], "all", "a person is no piece of land"),
    ([people(1), people(2)], "all", "comes twice: the same people would be counted twice"),
    ([Quantity(1, "%", "x"), Quantity(2, "%", "y")], "all", "each has a whole of its own"),
    ([people((1, None)), people((None, 2), "dale")], "all", "open at both ends"),
])
def test_a_sum_that_means_nothing_is_refused(parts, universe, told):
    with pytest.raises(ReaderError, match=told):
        total(parts, universe)


# --- what ranges promise -----------------------------------------------------------------

numbers = st.floats(0, 1e9, allow_nan=False)


@st.composite
def range_and_point(draw, least=0.0):
    """A range, open or not, and a number in it."""
    low, point, high = sorted(draw(st.tuples(*[numbers.map(lambda x: x + least)] * 3)))
    ends = draw(st.sampled_from([(low, high), (low, None), (None, high)]))
    return people(ends), point


def holds(found: Quantity, point: float) -> bool:
    slack = 1e-9 * max(1.0, abs(point))
    return ((found.low is None or found.low <= point + slack)
            and (found.high is None or point - slack <= found.high))


@given(range_and_point(), range_and_point(least=1.0))
def test_a_result_holds_every_value_that_its_inputs_allow(first, second):
    (a, x), (b, y) = first, second
    for combine, point in ((ratio, x / y), (difference, x - y)):
        try:
            found = combine(a, b)
        except ReaderError as refused:
            assert "open at both ends" in str(refused)  # nothing is promised, so nothing is broken
        else:
            assert holds(found, point)


@given(range_and_point(), range_and_point(), range_and_point(least=1.0))
def test_growth_holds_every_value_that_its_inputs_allow(first, second, third):
    (a, x), (b, y), (c, z) = first, second, third
    try:
        found = ratio(difference(a, b), c)
    except ReaderError as refused:
        assert "open at both ends" in str(refused)
    else:
        assert holds(found, (x - y) / z)


@given(numbers, numbers)
def test_single_numbers_give_what_division_gives(x, y):
    found = ratio(people(x), people(y + 1))
    assert found.low == found.high == pytest.approx(x / (y + 1))
