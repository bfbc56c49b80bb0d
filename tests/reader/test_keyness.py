"""Keyness: values worked out by hand, and those of section 7.4 of the foundation report."""

import itertools
import math
import re
import warnings

import numpy as np
import pandas as pd
import pytest

from reader import keyness, library
from reader.errors import ReaderError

ALL = ["000", "001", "002", "003", "004"]
TRT, OTHERS = ["001", "004"], ["000", "002", "003"]
ODD = [None, 3, True, "x", b"x", [1, 2], object(), {1, 2}, {}, {"a": 0}, {"a": -1}, {"a": 1.5},
       {"a": "1"}, {"a": True}, {"a": None}, {"a": float("nan")}, {"a": float("inf")}, {1: 1},
       {None: 1}, pd.Series([1, 2]), pd.Series([1, 2], index=["a", "a"]),
       pd.DataFrame({"a": [1]}), {"a": pd.NA}]


@pytest.fixture(autouse=True)
def silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


# --- counts ------------------------------------------------------------------------------


def test_the_words_of_the_five_articles():
    counts = keyness.word_counts()
    assert (counts.sum(), len(counts)) == (3584, 1175)
    assert counts.index[0] == "the"
    # Counted in seeds/tokens.csv with grep: s-400 twice, s-400s twice (two s each), 1980s once.
    assert keyness.word_counts("003")["s"] == 2 + 2 * 2 + 1
    assert "s" not in keyness.word_counts([a for a in ALL if a != "003"])
    assert counts.equals(keyness.word_counts(ALL))
    assert not any(re.search(r"\d", word) for word in counts.index)
    assert {"turkey's", "war-torn", "misak-i"} <= set(counts.index)


def test_counts_of_several_articles_add_up():
    parts = [keyness.word_counts(article) for article in TRT]
    whole = keyness.word_counts(TRT)
    assert whole.sum() == sum(part.sum() for part in parts)
    assert whole["the"] == sum(part["the"] for part in parts)
    assert keyness.word_counts(pd.Series(["2"])).equals(keyness.word_counts("002"))


def test_an_article_of_the_reader_is_counted_on_demand_only(tmp_path):
    file = tmp_path / "mine.txt"
    file.write_text("The ferry left. The S-7 ferry, well-kept, didn't leave.", encoding="utf-8")
    library.add_as(file, "905", title="Ferries")
    assert keyness.word_counts("905").to_dict() == {
        "ferry": 2, "the": 2, "didn't": 1, "leave": 1, "left": 1, "s": 1, "well-kept": 1}
    assert keyness.word_counts().sum() == 3584


@pytest.mark.parametrize(("articles", "told"), [
    ("999", "There is no article 999"), ([], "no article to count words in"),
    (["001", "1"], "Article 001 is named twice"), (3, "Give ids of articles"),
    ([None], "There is no article"), (b"001", "Give ids"), ({"001": 1}, "Give ids"),
    ([["001"]], "There is no article"), (True, "Give ids")])
def test_articles_that_are_none_are_refused(articles, told):
    with pytest.raises(ReaderError, match=told):
        keyness.word_counts(articles)


# --- log-likelihood ----------------------------------------------------------------------


def test_log_likelihood_by_hand():
    """10 of 100 words here, none of 300 there: 2.5 are expected here, so 2 · 10 · ln 4.

    30 of 100 against 10 of 100: 20 expected in each, so 2 · (30 ln 1.5 + 10 ln .5).
    """
    assert keyness.log_likelihood(10, 0, 100, 300) == pytest.approx(20 * math.log(4))
    assert keyness.log_likelihood(0, 10, 300, 100) == pytest.approx(20 * math.log(4))
    assert keyness.log_likelihood(30, 10, 100, 100) == pytest.approx(
        60 * math.log(1.5) + 20 * math.log(.5))
    assert keyness.log_likelihood(5, 10, 100, 200) == 0
    assert keyness.log_likelihood(0, 0, 100, 200) == 0
    assert keyness.log_likelihood(np.int64(10), 0.0, 100, pd.Series([300])[0]) == pytest.approx(
        20 * math.log(4))


#: Word: counts in 001 and 004, counts in the others, rates, G² as the foundation report gives them.
FOUNDATION = {"regime": (18, 11, 10.3, 6.0, 2.1), "russia": (6, 20, 3.4, 10.9, 7.2),
              "erdogan": (7, 1, 4.0, .5, 5.4), "turkish": (14, 4, 8.0, 2.2, 6.5),
              "terrorists": (3, 0, 1.7, 0, 4.3)}


@pytest.mark.parametrize("word", FOUNDATION)
def test_the_values_of_the_foundation_report(word):
    found = keyness.log_likelihoods(keyness.word_counts(TRT), keyness.word_counts(OTHERS))
    row = found.set_index("word").loc[word]
    a, b, rate, other_rate, g2 = FOUNDATION[word]
    assert (row["target"], row["reference"]) == (a, b)
    assert row["target_per_1000"] == 1000 * a / 1741
    assert row["reference_per_1000"] == 1000 * b / 1843
    assert row[["target_per_1000", "reference_per_1000", "g2"]].tolist() == pytest.approx(
        [rate, other_rate, g2], abs=.05)
    assert row["more_in"] == ("reference" if word == "russia" else "target")


def test_log_likelihoods_are_sorted_and_hold_every_word():
    found = keyness.log_likelihoods({"a": 3, "b": 3, "c": 2, "never": 0}, {"b": 3, "c": 4, "d": 1})
    assert set(found["word"]) == {"a", "b", "c", "d"}
    assert found["g2"].is_monotonic_decreasing
    assert found.set_index("word")["more_in"].to_dict() == {
        "a": "target", "b": "neither", "c": "reference", "d": "reference"}


@pytest.mark.parametrize(("numbers", "told"), [
    ((1, 2, 0, 5), "can't occur 1 times among 0 words"), ((0, 0, 0, 5), "among 0 words"),
    ((10, 2, 5, 5), "can't occur 10 times among 5"), ((-1, 2, 5, 5), "0 or more, not -1"),
    ((1.5, 2, 5, 5), "first count must be a whole number"), (("1", 2, 5, 5), "not str"),
    ((1, float("nan"), 5, 5), "second count .* not nan"), ((1, 2, 5, float("inf")), "second total"),
    ((True, 2, 5, 5), "first count"), ((1, None, 5, 5), "not NoneType"), ((1, pd.NA, 5, 5), "NAT"),
])
def test_counts_that_can_not_be_are_refused(numbers, told):
    with pytest.raises(ReaderError, match=told):
        keyness.log_likelihood(*numbers)


# --- weighted log-odds -------------------------------------------------------------------


def test_weighted_log_odds_by_hand():
    """Target a 3, b 1; reference a 1, b 3; prior 8, of which half goes to each word.

    a has 3 + 4 = 7 against 5 there, and 5 against 7 here the other way round: log-odds
    ln(7 / 5) - ln(5 / 7) = 2 ln 1.4, variance 1/7 + 1/5 = 12 / 35.
    """
    found = keyness.weighted_log_odds({"a": 3, "b": 1}, {"a": 1, "b": 3}, prior=8)
    assert found["word"].tolist() == ["a", "b"]
    odds = 2 * math.log(1.4)
    assert found["log_odds"].tolist() == pytest.approx([odds, -odds])
    assert found["z"].tolist() == pytest.approx([odds / math.sqrt(12 / 35),
                                                 -odds / math.sqrt(12 / 35)])
    assert found["target_per_1000"].tolist() == [750, 250]


#: z of words in one article against the other four, prior 500, in the foundation report.
TOP = {"000": {"al": 2.63, "province": 2.43, "rebels": 1.95},
       "001": {"potential": 2.51, "allies": 2.21},
       "002": {"political": 3.11, "russia": 2.70, "reconstruction": 2.00},
       "003": {"us": 2.64, "turkey": 2.37, "hayat": 2.10, "tahrir": 2.10, "sham": 2.10},
       "004": {"turkish": 2.99, "said": 2.92, "we": 2.85, "vilayet": 2.46}}
#: The report names words of interest only. The true first of each article:
FIRST = {"000": "al", "001": "potential", "002": "political", "003": "was", "004": "turkish"}


@pytest.mark.parametrize("article", ALL)
def test_the_top_words_of_the_foundation_report(article):
    others = [other for other in ALL if other != article]
    found = keyness.weighted_log_odds(keyness.word_counts(article), keyness.word_counts(others))
    z = found.set_index("word")["z"].round(2)
    assert {word: z[word] for word in TOP[article]} == TOP[article]
    assert found["word"][0] == FIRST[article]
    assert found["z"].is_monotonic_decreasing


def test_what_the_report_passes_over():
    """003: 's' is what is left of S-400 and 1980s, and comes second, before 'us'."""
    found = keyness.weighted_log_odds(keyness.word_counts("003"),
                                      keyness.word_counts([a for a in ALL if a != "003"]))
    assert found["word"][:3].tolist() == ["was", "s", "us"]
    assert found["z"][1].round(2) == 2.77


def test_a_larger_prior_says_less():
    target, reference = keyness.word_counts("002"), keyness.word_counts("003")
    spread = [keyness.weighted_log_odds(target, reference, prior)["z"].abs().max()
              for prior in (50, 500, 5000)]
    assert spread == sorted(spread, reverse=True)
    for prior in (.01, 1_000_000, np.int64(3)):
        assert np.isfinite(keyness.weighted_log_odds(target, reference, prior)["z"]).all()


@pytest.mark.parametrize("prior", [0, -5, None, "500", True, float("nan"), float("inf"), 1e9, [5]])
def test_a_prior_that_is_none_is_refused(prior):
    with pytest.raises(ReaderError, match="prior must be a number of pseudo-counts"):
        keyness.weighted_log_odds({"a": 1, "b": 1}, {"a": 1}, prior)


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
def test_what_is_no_count_of_words_is_refused_in_one_sentence(odd):
    for call in (keyness.log_likelihoods, keyness.weighted_log_odds):
        for pair in ((odd, {"a": 1, "b": 2}), ({"a": 1, "b": 2}, odd)):
            with pytest.raises(ReaderError) as caught:
                call(*pair)
            assert "\n" not in str(caught.value)


def test_one_word_has_no_odds():
    with pytest.raises(ReaderError, match="at least two different words"):
        keyness.weighted_log_odds({"a": 5}, {"a": 3})
    assert keyness.log_likelihoods({"a": 5}, {"a": 3})["g2"][0] == 0


def test_three_uses_on_one_side_are_over_the_line_of_one_in_twenty():
    """Of two equal halves: 2 · 3 · ln 2 = 4.16 > 3.84, and three coins do so in 2 of 8 ways."""
    sides = [sum(coins) for coins in itertools.product([0, 1], repeat=3)]
    over = [keyness.log_likelihood(here, 3 - here, 1000, 1000) > 3.84 for here in sides]
    assert sum(over) / len(over) == 0.25
