"""Coefficients of agreement: values worked out by hand, undefined ones, and bad input.

The rows of 20, 10 and 8 units are those of section 7.3 of the foundation report. `n` is the
number of units. By hand, with p and q for the shares of 1 and 0 among all 2n values, and n1 and
n0 for their counts: kappa expects the sum of products of both coders' shares, pi p² + q²,
alpha (n1 · (n1 - 1) + n0 · (n0 - 1)) / (2n · (2n - 1)), and AC1 2pq.
"""

import warnings

import numpy as np
import pandas as pd
import pytest

from reader import agreement
from reader.errors import ReaderError

TEN_A, TEN_B = [1, 1, 0, 0, 1, 0, 1, 1, 0, 1], [1, 1, 0, 1, 1, 0, 0, 1, 0, 1]
EIGHT_A, EIGHT_B = [1, 2, 3, 3, 4, 5, 2, 4], [1, 3, 3, 4, 4, 5, 2, 5]
ODD = [None, 3, 1.5, True, "1100", b"11", {1, 0}, {"a": 1}, object(), pd.DataFrame({"x": [1, 0]}),
       np.array([[1, 0], [0, 1]]), np.array(3), (x for x in [1, 0]), [[1], [0]], [object()],
       [float("inf")], [1j], [pd.Timestamp("2019-05-17")], [], [pd.Series([1, 2])],
       [pd.DataFrame({"x": [1]})], [np.array([1, 2])]]


@pytest.fixture(autouse=True)
def silent(capfd):
    """Nothing here may warn: a learner would read it as a fault of hers."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    assert capfd.readouterr().err == ""


def coders(both: int, only_a: int, only_b: int, neither: int) -> tuple[list[int], list[int]]:
    pairs = [(1, 1)] * both + [(1, 0)] * only_a + [(0, 1)] * only_b + [(0, 0)] * neither
    return [a for a, _ in pairs], [b for _, b in pairs]


# --- values ------------------------------------------------------------------------------

#: The cells, then observed agreement, kappa, pi, alpha and AC1.
BY_HAND = {
    # p = q = .5, so kappa, pi and AC1 expect .5: .4 / .5. Alpha: 2 · 20 · 19 / 1560 = 760 / 1560,
    # so (1404 - 760) / (1560 - 760) = 644 / 800.
    "balanced": ((9, 1, 1, 9), .9, .8, .8, .805, .8),
    # p = .05, q = .95: kappa and pi expect .0025 + .9025 = .905, so -.005 / .095.
    # Alpha: (2 · 1 + 38 · 37) / 1560 = 1408 / 1560, so (1404 - 1408) / 152.
    # AC1 expects 2 · .05 · .95 = .095: .805 / .905.
    "skewed": ((0, 1, 1, 18), .9, -.005 / .095, -.005 / .095, -4 / 152, .805 / .905),
    # p = .1, q = .9: .82, so .08 / .18. Alpha: (4 · 3 + 36 · 35) / 1560 = 1272 / 1560, so
    # 132 / 288. AC1 expects .18: .72 / .82.
    "skewed 2": ((1, 1, 1, 17), .9, .08 / .18, .08 / .18, 132 / 288, .72 / .82),
    # a says yes to .6, b to .4: kappa expects .24 + .24 = .48, so .32 / .52. Together p = .5:
    # pi and AC1 expect .5, so .3 / .5. Alpha: (1248 - 760) / 800.
    "biased": ((8, 4, 0, 8), .8, .32 / .52, .6, .61, .6),
    # Ten units, 5 both, 1, 1, 3 neither: p = .6, so .52: .28 / .48. Alpha: 12 · 11 + 8 · 7 = 188
    # of 380, so (304 - 188) / (380 - 188). AC1 expects .48: .32 / .52.
    "ten": ((5, 1, 1, 3), .8, .28 / .48, .28 / .48, 116 / 192, .32 / .52),
}
FOUNDATION = {"balanced": (.8, .8, .805, .8), "skewed": (-.0526, -.0526, -.0263, .8895),
              "skewed 2": (.4444, .4444, .4583, .878), "biased": (.6154, .6, .61, .6),
              "ten": (.5833, .5833, .6042, .6154)}


@pytest.mark.parametrize("name", BY_HAND)
def test_the_five_coefficients_by_hand(name):
    cells, *expected = BY_HAND[name]
    found = agreement.coefficients(*coders(*cells))
    assert list(found.index) == ["agreement", "kappa", "pi", "alpha", "AC1"]
    assert found["value"].tolist() == pytest.approx(expected, abs=1e-12)
    assert tuple(found["value"][1:].round(4)) == FOUNDATION[name]
    assert (found["observed"] == expected[0]).all()
    # All but the first are (observed - expected) / (1 - expected) by what is in the table.
    rest = found.iloc[1:]
    again = (rest["observed"] - rest["expected"]) / (1 - rest["expected"])
    assert rest["value"].tolist() == pytest.approx(again.tolist())
    assert found["expected"].isna().tolist() == [True, False, False, False, False]
    assert (found["note"] == "").all()


def test_the_ten_units_one_function_at_a_time():
    assert agreement.cross_table(TEN_A, TEN_B).values.tolist() == [[3, 1], [1, 5]]
    whole = agreement.cross_table(TEN_A, TEN_B, totals=True)
    assert whole.loc["total", "total"] == 10
    assert whole.loc[1].tolist() == [1, 5, 6]
    assert agreement.percent_agreement(TEN_A, TEN_B) == .8
    assert round(agreement.cohen_kappa(TEN_A, TEN_B), 4) == .5833
    assert round(agreement.scott_pi(TEN_A, TEN_B), 4) == .5833
    assert round(agreement.krippendorff_alpha([TEN_A, TEN_B]), 4) == .6042
    assert round(agreement.gwet_ac1(TEN_A, TEN_B), 4) == .6154


def test_levels_of_measurement_by_hand():
    """The 16 values: 1 twice, 2 three times, 3 and 4 four times, 5 three times.

    Nominal: 5 of 8 agree, that is 150 of 240; 2 + 6 + 12 + 12 + 6 = 38 of 240 by chance:
    112 / 202. Interval: three differences of 1, mean 3/8; twice the variance of the 16 values is
    2 · (189 - 51² / 16) / 15 = 3.525. Ordinal: the values lie at the mid-ranks 1, 3.5, 7, 11 and
    14.5, so the differences are 3.5, 4, 3.5 (mean square 40.5 / 8 = 5.0625), and twice the
    variance of the mid-ranks is 2 · (1349.5 - 128² / 16) / 15 = 43.4.
    """
    values = [agreement.krippendorff_alpha([EIGHT_A, EIGHT_B], level)
              for level in ("nominal", "ordinal", "interval")]
    assert values == pytest.approx([112 / 202, 1 - 5.0625 / 43.4, 1 - .375 / 3.525])
    assert [round(value, 4) for value in values] == [.5545, .8834, .8936]


def test_more_than_two_values_by_hand():
    """a: x x y y z, b: x y y z z. Three of five agree.

    Kappa: .4 · .2 + .4 · .4 + .2 · .4 = .32. Shares together .3, .4, .3: pi expects .34, AC1
    (.21 + .24 + .21) / 2 = .33, or / 4 = .165 if the codebook allows five values. Alpha:
    (3 · 2 + 4 · 3 + 3 · 2) / 90 = 24 / 90.
    """
    a, b = list("xxyyz"), list("xyyzz")
    found = agreement.coefficients(a, b)["value"]
    assert found.tolist() == pytest.approx([.6, .28 / .68, .26 / .66, 30 / 66, .27 / .67])
    assert agreement.gwet_ac1(a, b, list("vwxyz")) == pytest.approx(.435 / .835)
    assert agreement.coefficients(a, b, list("vwxyz")).loc["AC1", "expected"].round(9) == .165
    assert agreement.cross_table(a, b).loc["y"].tolist() == [0, 1, 1]


def test_missing_values_and_three_coders_by_hand():
    """Two coders: the last unit has one value only. Left are 1 1, 2 2, 3 4.

    2 of 3 agree, that is 20 of 30; by chance (2 + 2) of 30: 16 / 26. Three coders, units 1 1 1,
    1 2 2 and - 2 2: 2 disagreeing pairs are observed (each pair of unit two counts 1 / 2), of
    4 · 4 · 2 / 7 expected: 1 - 14 / 32.
    """
    two = [[1, 2, 3, None], [1, 2, 4, 4]]
    assert agreement.krippendorff_alpha(two) == pytest.approx(16 / 26)
    three = [[1, 1, None], [1, 2, 2], [1, 2, 2]]
    assert agreement.krippendorff_alpha(three) == pytest.approx(.5625)
    for same in (dict(zip("ABC", three, strict=True)), np.array(three, dtype=float),
                 pd.DataFrame(dict(zip("ABC", three, strict=True))),
                 [pd.array(values, dtype="Int64") for values in three]):
        assert agreement.krippendorff_alpha(same) == pytest.approx(.5625)


def test_perfect_agreement_is_one():
    for a in (["x", "y"], [1, 0, 1], [True, False], list(range(50))):
        assert agreement.coefficients(a, a)["value"].tolist() == pytest.approx([1] * 5)


def test_one_unit():
    """1 against 0: kappa expects 0 (the coders' habits do not meet), pi and AC1 .5; alpha of two
    different values without replacement 0."""
    assert agreement.coefficients([1], [0])["value"].tolist() == [0, 0, -1, 0, -1]
    assert "to the only coding unit" in agreement.coefficients([1], [1]).loc["kappa", "note"]


# --- undefined ---------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0, 1, "none", True, 2.5])
def test_constant_data_is_undefined_in_one_sentence(value):
    a = [value] * 8
    found = agreement.coefficients(a, a)
    assert found["value"].isna().tolist() == [False, True, True, True, True]
    assert found.loc["agreement", "value"] == 1
    for note in found["note"][1:]:
        assert note.startswith(f"Undefined: both coders gave {value!r} to all 8 coding units, ")
        assert "Report the agreement of 1.00" in note
    assert np.isnan(agreement.cohen_kappa(a, a))
    assert np.isnan(agreement.scott_pi(a, a))
    assert np.isnan(agreement.gwet_ac1(a, a))
    for level in ["nominal"] + ["ordinal", "interval"] * (not isinstance(value, str)):
        assert np.isnan(agreement.krippendorff_alpha([a, a], level))


def test_ac1_of_constant_data_where_the_values_are_known():
    """One of two values has the share 1, so 2 · 1 · 0 is expected: (1 - 0) / (1 - 0)."""
    assert agreement.gwet_ac1([0, 0], [0, 0], [0, 1]) == 1
    found = agreement.coefficients([0, 0], [0, 0], categories=[0, 1])
    assert found["value"].isna().tolist() == [False, True, True, True, False]


def test_what_varies_only_where_one_coder_looked_is_constant():
    assert np.isnan(agreement.krippendorff_alpha([[1, 1, 2], [1, 1, None]]))


# --- forms of input ----------------------------------------------------------------------


@pytest.mark.parametrize("form", [
    tuple, np.array, pd.Series, pd.Index, pd.Categorical,
    lambda x: pd.array(x, dtype="Int64"), lambda x: pd.Series(x, dtype="boolean"),
    lambda x: pd.Series(x, dtype="float32"), lambda x: [bool(v) for v in x],
    lambda x: np.array(x, dtype=bool), lambda x: [np.int8(v) for v in x],
    lambda x: pd.Series(x, index=range(10, 20))])
def test_the_same_values_in_another_form(form):
    for a, b in ((form(TEN_A), form(TEN_B)), (form(TEN_A), TEN_B)):
        found = agreement.coefficients(a, b)["value"]
        assert found.round(4).tolist() == [.8, .5833, .5833, .6042, .6154]
        assert agreement.cross_table(a, b).iloc[1, 0] == 1


@pytest.mark.parametrize("form", [list, pd.Series, lambda x: pd.Series(x, dtype="category"),
                                  lambda x: pd.Series(x, dtype="string"),
                                  lambda x: [f" {v} " for v in x]])
def test_text_in_another_form(form):
    a, b = (["yes" if value else "no" for value in values] for values in (TEN_A, TEN_B))
    assert round(agreement.cohen_kappa(form(a), form(b)), 4) == .5833


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
def test_what_is_no_list_of_values_is_refused_in_one_sentence(odd):
    calls = [lambda x: agreement.cross_table(x, [1, 0]), lambda x: agreement.cross_table([1, 0], x),
             lambda x: agreement.cohen_kappa(x, x), lambda x: agreement.coefficients(x, x),
             lambda x: agreement.krippendorff_alpha([x, x]),
             lambda x: agreement.gwet_ac1([1, 0], [1, 0], x) if x is not None else
             agreement.scott_pi(x, x)]
    for call in calls:
        with pytest.raises(ReaderError) as caught:
            call(odd)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("a", "b", "told"), [
    ([1, 0], [1, 0, 1], "a has 2 values and b has 3"), ([], [], "There is no unit"),
    ([1, None], [1, 0], "Value 2 of a is missing"), ([1, 0], [float("nan"), 0], "Value 1 of b"),
    ([1, 0], [pd.NA, 0], "Value 1 of b is missing"), (["x", ""], ["x", "y"], "Value 2 of a"),
    (["1", "0"], [1, 0], "Some values are text, such as '1'"),
    (["yes", "no"], [True, False], "text, such as 'yes', and some are not, such as True"),
    ("10", "10", "a must be a list with one value for each unit, such as .*, not text"),
    ([1, float("inf")], [1, 0], "Value 2 of a is inf"), ([1, [2]], [1, 2], "is a list"),
])
def test_pairs_that_do_not_fit_are_refused(a, b, told):
    for call in (agreement.cross_table, agreement.percent_agreement, agreement.cohen_kappa,
                 agreement.scott_pi, agreement.gwet_ac1, agreement.coefficients):
        with pytest.raises(ReaderError, match=told):
            call(a, b)


def test_series_in_another_order_are_refused():
    a = pd.Series([1, 0, 1], index=["001 P1", "001 P2", "001 P4"])
    with pytest.raises(ReaderError, match="another order"):
        agreement.cohen_kappa(a, a.iloc[::-1])
    with pytest.raises(ReaderError, match="another order"):
        agreement.krippendorff_alpha([a, a.rename({"001 P1": "001 P5"})])
    with pytest.raises(ReaderError, match="another order"):
        agreement.cohen_kappa(pd.Series([1, 0]), pd.Series([0, 1], index=[1, 0]))


@pytest.mark.parametrize(("ratings", "level", "told"), [
    ([[1, 0]], "nominal", "at least two coders, and here is 1"), ([], "nominal", "here is none"),
    (TEN_A, "nominal", "Coder 1 must be a list"), (3, "nominal", "Give the values of each coder"),
    ("ab", "nominal", "Give the values of each coder, such as .*, not text"),
    ([[1, 0], [1]], "nominal", "Coder 1 has 2 values and Coder 2 has 1: write None"),
    ({"A": [1, 0], "B": [1]}, "nominal", "'A' has 2 values and 'B' has 1"),
    ([[1, None], [None, 1]], "nominal", "No unit has values of two coders"),
    ([[], []], "nominal", "No unit has values of two coders"),
    ([["x", "y"], ["x", "y"]], "ordinal", "The level ordinal needs numbers, and 'x' is text"),
    ([[1, 2], [1, 2]], "ratio", "level must be nominal, ordinal or interval, not 'ratio'"),
    ([[1, 2], [1, 2]], None, "level must be"), ([[1, 2], ["1", "2"]], "nominal", "Some values are"),
])
def test_ratings_that_do_not_fit_are_refused(ratings, level, told):
    with pytest.raises(ReaderError, match=told):
        agreement.krippendorff_alpha(ratings, level)


def test_a_value_that_the_codebook_does_not_allow_is_named():
    with pytest.raises(ReaderError, match="'z' is not among the categories"):
        agreement.gwet_ac1(["x", "z"], ["x", "z"], ["x", "y"])


# --- what alpha permits ------------------------------------------------------------------


@pytest.mark.parametrize(("alpha", "decision"), [
    (1, "rely"), (.8, "rely"), (.80001, "rely"), (.7999999999999999, "rely"), (.79, "tentative"),
    (.7, "tentative"), (.667, "tentative"), (2 / 3, "do not rely"), (.6669, "do not rely"),
    (0, "do not rely"), (-.05, "do not rely"), (np.float64(.805), "rely")])
def test_decisions(alpha, decision):
    assert agreement.decide(alpha) == decision


@pytest.mark.parametrize(("alpha", "told"), [
    (float("nan"), "undefined"), (70, "at most 1, so 70 is none"), (float("inf"), "at most 1"),
    ("0.7", "must be a number, such as 0.7, not str"), (True, "not bool"), (None, "not NoneType"),
    ([.7], "not list"), (pd.NA, "must be a number")])
def test_no_decision_without_a_number(alpha, told):
    with pytest.raises(ReaderError, match=told):
        agreement.decide(alpha)
