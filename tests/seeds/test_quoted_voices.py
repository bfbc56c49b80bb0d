"""quotations.csv and voices.csv: what stands between quotation marks, and who speaks."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from reader import build, quotes
from reader import text as rt

#: Speakers that articles name in no word of mentions.csv.
NO_MENTION = {"V23"}


@pytest.fixture
def quoted(table):
    """Words of the quotations of each segment, in order."""
    found = defaultdict(list)
    for row in table("quotations.csv"):
        found[row["locator"]].append(int(row["words"]))
    return found


def numbers(row) -> list[int]:
    return [int(part) for part in row["quotations"].split("; ") if part]


def test_words_between_double_marks(table):
    """Counted by hand: 3+2+6+6 in 001, 1 in 002, 3 in 003; 43+20+24+30+33+7+4+40+18 in 004.

    The one word in single marks in 000 and the two in 004 P26 are in no sum of double marks.
    """
    words = {"double": defaultdict(int), "single": defaultdict(int)}
    for row in table("quotations.csv"):
        words[row["marks"]][row["locator"][:3]] += int(row["words"])
    assert words["double"] == {"001": 17, "002": 1, "003": 3, "004": 219}
    assert words["single"] == {"000": 1, "004": 2}
    total = {row["article"]: int(row["words"]) for row in table("articles.csv")}
    shares = {key: round(100 * count / total[key], 1) for key, count in words["double"].items()}
    assert shares == {"001": 2.2, "002": 0.2, "003": 0.3, "004": 22.3}


def test_words_of_004_by_speaker(quoted):
    """P5, P6, P11 and P13 are one person's, and so are P15 and P16, and P18 and P19."""
    groups = [(5, 6, 11, 13), (7,), (15, 16), (18, 19)]
    assert [sum(sum(quoted[f"004 P{n}"]) for n in group) for group in groups] == [126, 24, 11, 58]


def test_quotations_stand_between_marks_in_the_texts(table, texts):
    normal = {article: rt.normalise(raw) for article, raw in texts.items()}
    rows = table("quotations.csv")
    for row in rows:
        text, start, end = normal[row["locator"][:3]], int(row["start"]), int(row["end"])
        mark = '"' if row["marks"] == "double" else "'"
        assert text[start - 1] == text[end] == mark, row
        assert len(rt.words(text[start:end])) == int(row["words"]), row
    # Every double mark of the texts belongs to one of them.
    double = {(row["locator"][:3], int(row[side]) - (side == "start"))
              for row in rows if row["marks"] == "double" for side in ("start", "end")}
    assert double == {(article, found.start()) for article, text in normal.items()
                      for found in re.finditer('"', text)}


def test_quotations_are_what_the_build_computes(table, texts):
    rows = [row for article, raw in texts.items()
            for row in quotes.table_rows(rt.normalise(raw), {
                key: piece.end for key, piece in build.segments_of(article, raw).items()})]
    assert [{name: str(cell) for name, cell in row.items()} for row in rows] == \
        table("quotations.csv")


def test_the_table_of_voices_keeps_out_what_exercises_ask_for(table):
    rows = table("voices.csv")
    assert [row["voice"] for row in rows] == [f"V{n:02d}" for n in range(1, len(rows) + 1)]
    assert {row["locator"][:3] for row in rows} == {"000", "001", "003"}
    places = {row["locator"] for row in rows}
    assert not places & {"003 S20", "003 S27", "003 S36"}
    assert [row["actor"] for row in rows if row["locator"] == "001 P22"] == ["A08"]


def test_voices_stand_in_the_order_of_the_texts(table):
    order = {row["locator"]: at for at, row in enumerate(table("segments.csv"))}
    places = [order[row["locator"]] for row in table("voices.csv")]
    assert places == sorted(places)


def test_modes_fit_the_quotations(table, quoted):
    for row in table("voices.csv"):
        words = [quoted[row["locator"]][n - 1] for n in numbers(row)]
        assert bool(words) == (row["mode"] in ("direct", "fragment")), row
        assert all((count > 6) == (row["mode"] == "direct") for count in words), row
        assert (row["mode"] == "unnamed") == (row["side"] == "unnamed"), row


def test_every_quotation_of_these_articles_has_one_speaker(table, quoted):
    given = [(row["locator"], n) for row in table("voices.csv") for n in numbers(row)]
    assert len(given) == len(set(given))
    assert set(given) == {(place, n) for place, words in quoted.items()
                          if place[:3] in ("000", "001", "003")
                          for n in range(1, len(words) + 1)}


def test_speakers_are_mentioned_where_they_speak(table):
    there = defaultdict(set)
    for row in table("mentions.csv"):
        there[row["locator"]].add(row["actor"])
    for row in table("voices.csv"):
        if row["voice"] not in NO_MENTION:
            assert row["actor"] in there[row["locator"]], row


def test_a_speaker_has_one_actor_and_one_side(table):
    facts = defaultdict(set)
    for row in table("voices.csv"):
        facts[row["speaker"]].add((row["actor"], row["side"]))
    assert all(len(found) == 1 for found in facts.values()), facts


def test_roles_in_quotation_marks_stand_in_the_segment(table):
    tokens = {(row["locator"], row["token"]) for row in table("tokens.csv")}
    for row in table("voices.csv"):
        for quoted in re.findall(r'"([^"]+)"', row["role"] + row["speaker"]):
            assert all((row["locator"], word) in tokens for word in rt.tokens(quoted)), row
