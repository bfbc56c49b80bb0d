"""Stakes, salience and the grid: classes by the paper, distances and medians by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reader import corpus
from reader import stakeholders as st
from reader.errors import ReaderError


def placed(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["actor", "power", "interest"])


# --- the table ---------------------------------------------------------------------------


def test_statements_can_be_filtered_by_actor_and_aspect(mode):
    everything = st.stakeholders()
    assert list(everything.columns) == ["stake", "actor", "name", "aspect", "statement", "voice",
                                        "locators"]
    some = st.stakeholders("turkey", "constraint")
    assert set(some["name"]) == {"Turkey"} and set(some["aspect"]) == {"constraint"}
    parts = [len(st.stakeholders("A07", aspect)) for aspect in st.ASPECTS]
    assert sum(parts) == len(st.stakeholders("A07")) and min(parts) > 0


def test_an_actor_without_rows_gives_an_empty_table():
    assert st.stakeholders("A22").empty


@pytest.mark.parametrize(("arguments", "sentence"), [
    ({"actor": "Freedonia"}, "There is no actor 'Freedonia'"),
    ({"aspect": "wishes"}, "aspect must be one of interest, leverage, constraint, position"),
])
def test_wrong_filters_are_named(arguments, sentence):
    with pytest.raises(ReaderError, match=sentence):
        st.stakeholders(**arguments)


# --- salience ----------------------------------------------------------------------------


@pytest.mark.parametrize(("attributes", "expected"), [
    # P, L, U as in the figure of Mitchell, Agle & Wood (1997): one, two, three attributes.
    ("P", "dormant"), ("L", "discretionary"), ("U", "demanding"),
    ("PL", "dominant"), ("PU", "dangerous"), ("LU", "dependent"),
    ("PLU", "definitive"), ("", "non-stakeholder"),
])
def test_classes(attributes, expected):
    given = [letter in attributes for letter in "PLU"]
    assert st.salience(*given) == st.salience(*map(np.bool_, given)) == expected
    table = st.salience_table().set_index(["power", "legitimacy", "urgency"])
    assert table.loc[tuple(given), "class"] == expected
    assert table.loc[tuple(given), "attributes"] == len(attributes)


def test_the_table_has_each_combination_once():
    table = st.salience_table()
    assert len(table) == 8 and table["class"].is_unique
    assert list(table["attributes"]) == [0, 1, 1, 1, 2, 2, 2, 3]


@pytest.mark.parametrize("value", [1, 0, "yes", None, 0.5, pd.NA, float("nan")])
def test_only_true_and_false_are_attributes(value):
    with pytest.raises(ReaderError, match="urgency must be True or False, not"):
        st.salience(True, False, value)


# --- the grid ----------------------------------------------------------------------------


@pytest.mark.parametrize(("power", "interest", "expected"), [
    (9, 9, "player"), (9, 1, "context setter"), (1, 9, "subject"), (1, 1, "crowd"),
    (5, 5, "player"), (5, 4.9, "context setter"), (4.9, 5, "subject"), (4.9, 4.9, "crowd"),
    (0, 10, "subject"), (10, 0, "context setter"),
])
def test_quadrants_and_ties(power, interest, expected):
    assert st.quadrant(power, interest) == expected


def test_the_cut_can_be_moved():
    assert [st.quadrant(6, 6, cut=c) for c in (6, 7)] == ["player", "crowd"]
    assert st.quadrant(np.int64(6), np.float64(5.9), cut=6) == "context setter"


@pytest.mark.parametrize(("arguments", "sentence"), [
    ((11, 5), "power must be a number from 0 to 10, not 11"),
    ((5, -1), "interest must be a number from 0 to 10, not -1"),
    ((5, 5, 12), "cut must be a number from 0 to 10, not 12"),
    ((True, 5), "power must be a number from 0 to 10, not True"),
    (("high", 5), "power must be a number from 0 to 10, not 'high'"),
    ((float("nan"), 5), "power must be a number from 0 to 10, not nan"),
    ((5, None), "interest must be a number from 0 to 10, not None"),
])
def test_ratings_off_the_scale_are_refused(arguments, sentence):
    with pytest.raises(ReaderError, match=sentence):
        st.quadrant(*arguments)


def test_placements_are_checked_and_get_their_quadrant():
    found = st.as_placements(placed(("Turkey", 7, 9), ("a28", 1, 10), ("A21", None, None)))
    assert list(found["actor"]) == ["A07", "A28", "A21"]
    assert list(found["quadrant"].iloc[:2]) == ["player", "subject"]
    assert found.iloc[2][["power", "interest", "quadrant"]].isna().all()


@pytest.mark.parametrize(("frame", "sentence"), [
    (placed(("A07", 7, None)), "Turkey has only one rating"),
    (placed(("A07", 7, 9), ("Turkey", 1, 1)), r"Turkey \(A07\) is placed twice"),
    (placed(("A07", 11, 9)), "The power of Turkey must be a number from 0 to 10, not 11"),
    (placed(("A99", 1, 9)), "There is no actor 'A99'"),
    (placed(("A07", 7, 9)).drop(columns="power"), "columns actor, power and interest"),
    ([("A07", 7, 9)], "columns actor, power and interest"),
])
def test_bad_placements_get_one_sentence(frame, sentence):
    with pytest.raises(ReaderError, match=sentence):
        st.as_placements(frame)


def test_the_readings_disagree_and_give_reasons(mode):
    names = list(st.placement_names())
    assert len(names) == 2 and all(text.startswith("Power is") for text in
                                   st.placement_names().values())
    for name in names:
        frame = st.placements(name)
        assert frame["reason"].str.len().min() > 20
        for cell in frame["locators"]:
            assert [corpus.normalise_locator(part) for part in cell.split("; ")]
    both = st.compare_placements(st.placements(names[0]), names[1])
    assert (both["quadrant_mine"] != both["quadrant_other"]).sum() >= 4
    with pytest.raises(ReaderError, match="no reading 'truth': choose force or consent"):
        st.placements("truth")


def test_comparison_measures_the_way_between_two_places():
    mine = placed(("A07", 7, 9), ("A28", 0, 2), ("A21", 1, 1))
    other = placed(("A28", 3, 6), ("A07", 7, 9), ("A03", 8, 8))
    found = st.compare_placements(mine, other).set_index("actor")
    assert list(found.index) == ["A03", "A07", "A21", "A28"]
    assert found.loc["A07", "distance"] == 0
    # 3 to the right and 4 up: the 3-4-5 triangle.
    assert found.loc["A28", "distance"] == 5
    assert found.loc["A28", ["quadrant_mine", "quadrant_other"]].tolist() == ["crowd", "subject"]
    assert found.loc[["A03", "A21"], "distance"].isna().all()


def test_a_class_is_pooled_by_median_and_middle_half():
    # Power of Turkey: 2, 4, 6, 8. Median 5; quartiles by linear interpolation at ranks
    # 0.75 and 2.25 from 0: 3.5 and 6.5, so the middle half is 3 wide. Interest is 10 always.
    people = [placed(("A07", power, 10), ("A28", None, None)) for power in (8, 2, 6, 4)]
    people[0].loc[1, ["power", "interest"]] = [1, 9]
    found = st.class_placements(people).set_index("actor")
    assert found.loc["A07", ["placed", "power", "power_spread", "interest",
                             "interest_spread"]].tolist() == [4, 5, 3, 10, 0]
    assert found.loc["A07", "quadrant"] == "player"
    assert found.loc["A28", ["placed", "power", "power_spread"]].tolist() == [1, 1, 0]


@pytest.mark.parametrize(("frames", "sentence"), [
    ([], "no placements to pool"),
    (placed(("A07", 1, 1)), "a list of placements, one for each person"),
    (None, "a list of placements, one for each person"),
    ([None], "Placements are a DataFrame"),
    ([placed(("A07", 1, 99))], "from 0 to 10, not 99"),
])
def test_bad_pools_get_one_sentence(frames, sentence):
    with pytest.raises(ReaderError, match=sentence):
        st.class_placements(frames)


def test_a_class_that_placed_nobody_gives_an_empty_table():
    assert st.class_placements([placed(("A07", None, None))]).empty
