"""Clues, the days they leave, and searching what the reader has."""

from __future__ import annotations

from datetime import date

import pytest

from reader import library
from reader.errors import ReaderError
from reader.sources import Clue, Contradiction, clues_table, find, possible_interval

DEAL = Clue("names the deal", earliest="2018-09-17", evidence="001 P20")
SILENT = Clue("silent on 10 October", latest="2018-10-09")
YEAR = Clue("of this year", earliest="2018", latest="2018")
EARLY = Clue("before the summit", latest="2018-09-06")


def test_clues_narrow_the_interval_from_both_sides():
    assert str(possible_interval([DEAL, SILENT, YEAR])) == "2018-09-17/2018-10-09"
    # A month or year counts from its first day as earliest, to its last day as latest.
    assert str(possible_interval([YEAR])) == "2018"
    assert possible_interval([Clue("in May", "2019-05", "2019-05")]).last == date(2019, 5, 31)


def test_an_end_that_no_clue_limits_stays_open():
    assert str(possible_interval([DEAL])) == "2018-09-17/.."
    assert str(possible_interval([])) == "../.."
    assert possible_interval(iter([SILENT])).first is None


def test_a_contradiction_names_the_two_clues_and_their_days():
    with pytest.raises(Contradiction) as caught:
        possible_interval([YEAR, DEAL, SILENT, EARLY])
    assert str(caught.value) == ("No day is left: 'names the deal' allows nothing before "
                                 "2018-09-17, and 'before the summit' nothing after 2018-09-06.")


@pytest.mark.parametrize(("arguments", "told"), [
    ({}, "limits nothing"), ({"earliest": "2019", "latest": "2018"}, "ends .* before it begins"),
    ({"earliest": "May 2019"}, "is not a date the course can read"),
    ({"latest": "2018-09-17/.."}, "no latest day"), ({"earliest": "../2018"}, "no earliest day"),
])
def test_a_clue_that_can_not_work_is_refused(arguments, told):
    with pytest.raises(ReaderError, match=told):
        Clue("a clue", **arguments)


def test_the_table_shows_what_is_left_after_each_clue():
    table = clues_table([YEAR, DEAL, EARLY, SILENT])
    assert list(table["left"]) == ["2018", "2018-09-17/2018-12-31", "none", "none"]
    assert list(table["evidence"].isna()) == [True, False, True, True]
    assert set(map(str, table.dtypes)) == {"str"}


def test_find_tells_where_a_word_stands(mode):
    found = find("wednesday")
    # The one Wednesday of the five articles is in 004 P5 [T], whatever the reader has.
    counted = found[found["where"] == "words"]
    assert list(counted["locator"]) == ["004 P5"]
    assert counted["times"].sum() == 1
    in_text = found[found["where"] == "text"]
    assert list(in_text["locator"]) == (["004 P5"] if mode == "with texts" else [])


def test_find_is_the_same_in_both_modes_apart_from_the_text(real_texts, monkeypatch):
    without = find("Moscow", "003")
    monkeypatch.setattr("seeds.TEXTS", real_texts)
    found = find("Moscow", "003")
    assert found[found["where"] != "text"].reset_index(drop=True).equals(without)
    # Six times in 003 [C]: every count has its place in the text.
    assert (found["where"] == "text").sum() == 6
    assert found.loc[found["where"] == "words", "times"].sum() == 6


def test_find_shows_the_surroundings_and_finds_whole_words_only(made_up):
    library.add(made_up["000"])
    found = find("quay", around=8)
    assert list(found.loc[found["where"] == "text", "found"]) == ["… on the quay until d…"]
    assert find("qua").empty
    assert str(find("qua").dtypes["times"]) == "Int64"


def test_find_looks_for_phrases_too(made_up):
    found = find("FORTY  people")
    assert found.to_dict("records") == [
        {"locator": "000 P2", "where": "phrase", "found": "forty people", "times": 1}]
    assert list(find("ferry", "000")["where"]) == ["words", "digest", "words"]


def test_find_needs_a_word():
    with pytest.raises(ReaderError, match="Give find"):
        find("  ")
