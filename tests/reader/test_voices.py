"""Sources, quoted words, and what follows from an absence. Counts are worked out by hand."""

from __future__ import annotations

import matplotlib
import pandas as pd
import pytest

from reader import corpus, library, voices
from reader.errors import ReaderError

matplotlib.use("Agg")


def rows(*cells) -> pd.DataFrame:
    return pd.DataFrame(cells, columns=["locator", "speaker", "side", "quotations"])


def test_quotations_are_numbered_in_their_segment(mode):
    found = voices.quotations("001")
    assert list(zip(found["locator"], found["number"], found["words"], strict=True)) == [
        ("001 P6", 1, 3), ("001 P6", 2, 2), ("001 P23", 1, 6), ("001 P23", 2, 6)]
    assert voices.quotations("001 p23")["number"].tolist() == [1, 2]


def test_an_article_that_the_reader_added_has_its_quotations(tmp_path):
    file = tmp_path / "own.txt"
    file.write_text('The pilot said: "No." Nobody else did.\n\n"Yes, we can," a clerk wrote.')
    library.add_as(file, "005")
    found = voices.quotations("005")
    assert found[["locator", "number", "words"]].values.tolist() == [
        ["005 P1", 1, 1], ["005 P2", 1, 3]]
    assert corpus.text("005")[found["start"][1]:found["end"][1]] == "Yes, we can,"


def test_voices_of_an_article_and_of_one_that_is_left_out():
    assert voices.voices("001 P6")["mode"].tolist() == ["fragment", "indirect"]
    assert set(voices.voices()["locator"].str[:3]) == {"000", "001", "003"}
    for where in ("002", "004 P5", "2"):
        with pytest.raises(ReaderError, match="on purpose"):
            voices.voices(where)


def test_a_source_counts_once_per_article():
    """000: A speaks twice. 001: A again, B. So the state has 2 sources, the unnamed 1."""
    table = voices.side_table(rows(
        ("000 P1", "A", "Turkish state", ""), ("000 P2", " A ", "Turkish state", ""),
        ("001 P1", "A", "Turkish state", ""), ("001 P1", "B", "unnamed", "")))
    assert table.loc["Turkish state"].tolist() == [1, 1, 2]
    assert table.loc["unnamed"].tolist() == [0, 1, 1]
    assert table.loc["civilians"].tolist() == [0, 0, 0]
    assert list(table.columns) == ["000", "001", "total"]
    assert tuple(table.index) == voices.SIDES


def test_who_only_acts_is_no_source():
    """A acts in 000 and speaks in 001, so one source; without the column mode, two."""
    frame = rows(("000 P1", "A", "Turkish state", ""), ("001 P1", "A", "Turkish state", ""))
    told = voices.side_table(frame.assign(mode=["action", "indirect"]))
    assert told.loc["Turkish state"].tolist() == [0, 1, 1]
    assert voices.side_table(frame).loc["Turkish state"].tolist() == [1, 1, 2]


def test_the_sides_of_the_table_of_voices():
    """Foundation 6.2, with one speaker more in 000 P4 (fighters who promise to fight)."""
    table = voices.side_table(voices.voices())
    assert table.loc["Turkish state", ["000", "001", "003"]].tolist() == [1, 2, 1]
    assert table.loc["Russian state", ["000", "001", "003"]].tolist() == [1, 2, 1]
    assert table.loc["unnamed", ["000", "001", "003"]].tolist() == [0, 1, 4]
    assert table["total"].tolist() == [4, 4, 1, 0, 2, 0, 1, 1, 1, 0, 0, 5]


def test_quoted_words_of_each_speaker():
    """001 P6 has 3 + 2 words, P23 6 + 6: 5 of 17 are 29.4 percent, 6 of 17 are 35.3."""
    found = voices.quoted_words(rows(
        ("001 P6", "A", "", "1; 2"), ("001 P23", "B", "", 1.0), ("001 P23", "C", "", [2]),
        ("001 P5", "D", "", None), ("000 P1", "E", "", float("nan"))))
    assert found["words"].tolist() == [5, 6, 6, 0, 0]
    assert found["quotations"].tolist() == [2, 1, 1, 0, 0]
    assert found["share"].tolist()[:4] == [29.4, 35.3, 35.3, 0.0]
    assert pd.isna(found["share"].iloc[4])


def test_the_same_quotation_twice_counts_once():
    found = voices.quoted_words(rows(("001 P6", "A", "", "1"), ("001 P6", "A", "", "1; 2")))
    assert found[["quotations", "words"]].to_numpy().tolist() == [[2, 5]]


@pytest.mark.parametrize(("given", "told"), [
    ([("001 P6", "A", "", "3")], "no quotation 3; quotations.csv counts 2"),
    ([("001 P6", "A", "", "1"), ("001 P6", "B", "", "1")], "given to A and to B"),
    ([("001 P6", "A", "", "first")], "give the numbers"),
    ([("001 P6", "A", "", {1})], "give the numbers"),
    ([("001 P6", "", "", "1")], "no speaker"),
    ([("001 P66", "A", "", "1")], "no segment 001 P66"),
    ([(None, "A", "", "1")], "no locator"),
    ([], "no rows")])
def test_wrong_rows_of_quoted_words(given, told):
    with pytest.raises(ReaderError, match=told):
        voices.quoted_words(rows(*given))


@pytest.mark.parametrize("call", [voices.side_table, voices.plot_sides, voices.quoted_words])
def test_a_wrong_table_is_named(call):
    with pytest.raises(ReaderError, match="Give a table"):
        call([1])
    with pytest.raises(ReaderError, match="lacks the column speaker"):
        call(rows(("000 P1", "A", "unnamed", "")).drop(columns="speaker"))
    twice = rows(("000 P1", "A", "unnamed", ""))
    with pytest.raises(ReaderError, match="two columns"):
        call(pd.concat([twice, twice], axis=1))


def test_an_unknown_side_is_named():
    with pytest.raises(ReaderError, match="Row 0 has the side 'the West'"):
        voices.side_table(rows(("000 P1", "A", "the West", "")))


def test_the_figure_says_what_it_shows():
    shown = voices.plot_sides(voices.voices("003"))
    assert "003: Turkish state 1, Russian state 1, unnamed 4." in shown.alt
    assert "civilians" in shown.caption
    assert shown.table.loc["unnamed", "total"] == 4


def test_every_side_has_a_pattern_of_its_own():
    assert len(set(voices._PATTERNS.values())) == len(voices.SIDES)


@pytest.mark.parametrize(("article", "actor", "named", "speaks", "parts"), [
    # Turkey: 12 mentions in 001, of which 11 by name; it is told to act, and threatens in P18.
    ("001", "Turkey", True, True, ["at least 12 times", "It speaks there", "001 P18"]),
    # Not a word of UNHCR in 003, which is complete: the article may be spoken of.
    ("003", "A24", False, False, ["not mentioned", "same may be said of the article"]),
    # The file of 001 stops early: nothing follows for the article.
    ("001", "A26", False, False, ["not mentioned", "is an excerpt", "need not be absent"]),
    # Mentions in 000 P3 and P4 are open on purpose, and one of them may mean HTS.
    ("000", "A12", None, None, ["leaves open who is meant in 000 P3, 000 P4", "Leader of HTS"]),
    # No capital and no group can mean UNHCR: an open mention does not weaken the sentence.
    ("000", "A24", False, False, ["not mentioned in file 000"]),
    # Iran is named in 000 and has no voice; nothing of 000 is left out of voices.csv.
    ("000", "A10", True, False, ["once (by name; 000 P6)", "It does not speak there"]),
    # In 003 one place is left out of voices.csv, so "does not speak" is not said.
    ("003", "A28", True, None, ["leaves 003 S20 out"]),
    # The state has no row of its own in 001, but its president and minister do.
    ("001", "Russia", True, None, ["Vladimir Putin, who speaks there", "Sergei Lavrov"]),
    # No table says who speaks in 004.
    ("004", "A28", True, None, ["voices.csv leaves 004 out"])])
def test_absence_says_no_more_than_the_tables_allow(mode, article, actor, named, speaks, parts):
    found = voices.absence(article, actor)
    assert (found.named, found.speaks) == (named, speaks)
    assert all(part in found.sentence for part in parts), found.sentence
    assert repr(found) == found.sentence and "\n" not in found.sentence
    assert ("is an excerpt" in found.sentence) == (not found.complete and not (named and speaks))


@pytest.mark.parametrize(("article", "actor", "told"), [
    ("9", "A01", "no article 9"), ("000", "A99", "no actor 'A99'"), (None, "A01", "no article"),
    ("000", None, "no actor None"), ("000 P1", "A01", "no article 000 P1")])
def test_absence_of_what_is_unknown(article, actor, told):
    with pytest.raises(ReaderError, match=told):
        voices.absence(article, actor)
