"""phrases.csv: short evidence, never enough of it to read the article."""

from __future__ import annotations

from collections import defaultdict

import pytest

from reader import build
from reader import text as rt

MOST_WORDS = 6
MOST_OF_A_SEGMENT = 0.40
# In a heading, a credit or a sentence of twelve words a share means nothing.
SHORT_SEGMENT = 12
USES = {"naming", "dating", "attribution", "certainty", "place", "figure", "wording", "residue"}


@pytest.fixture
def by_locator(table):
    found = defaultdict(list)
    for row in table("phrases.csv"):
        found[row["locator"]].append((int(row["start"]), int(row["end"]), row["phrase"]))
    return found


@pytest.fixture
def segments(table):
    return {row["locator"]: row for row in table("segments.csv")}


def test_phrases_are_short_sorted_and_have_a_use(table, by_locator):
    rows = table("phrases.csv")
    assert 170 <= len(rows) <= 260
    assert {row["use"] for row in rows} <= USES
    for row in rows:
        assert len(rt.words(row["phrase"])) <= MOST_WORDS, row
        assert len(build.plain_words(row["phrase"])) <= MOST_WORDS, row
    for locator, spans in by_locator.items():
        assert spans == sorted(set(spans)), locator


def test_phrases_cover_little_of_their_segment(by_locator, segments):
    for locator, spans in by_locator.items():
        words = int(segments[locator]["words"])
        covered = sum(len(rt.words(phrase)) for _, _, phrase in spans)
        assert words <= SHORT_SEGMENT or covered <= MOST_OF_A_SEGMENT * words, locator


def test_phrases_lie_inside_their_segment_and_use_its_words(table, by_locator, segments):
    tokens = defaultdict(set)
    for row in table("tokens.csv"):
        tokens[row["locator"]].add(row["token"])
    for locator, spans in by_locator.items():
        low, high = int(segments[locator]["start"]), int(segments[locator]["end"])
        for start, end, phrase in spans:
            assert low <= start < end <= high, phrase
            assert end - start == len(phrase), phrase
            assert set(rt.tokens(phrase)) <= tokens[locator], phrase


def test_phrases_stand_in_the_texts(by_locator, texts):
    normal = {article: rt.normalise(raw) for article, raw in texts.items()}
    for locator, spans in by_locator.items():
        for start, end, phrase in spans:
            assert normal[locator[:3]][start:end] == phrase


def test_neighbouring_phrases_do_not_join_into_a_passage(by_locator, texts):
    for locator, spans in by_locator.items():
        text = rt.normalise(texts[locator[:3]])
        first, last = -1, -1
        for start, end, phrase in spans:
            # Phrases with no word between them read as one.
            joined = first >= 0 and (start <= last or not build.plain_words(text[last:start]))
            first, last = (first, max(last, end)) if joined else (start, end)
            assert len(build.plain_words(text[first:last])) <= MOST_WORDS, phrase
