"""articles.csv, segments.csv, tokens.csv, links.csv: what they say, and that the texts say so."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict

import pytest

import seeds
from reader import build
from reader import text as rt

SEGMENTS = {"000": 6, "001": 24, "002": 7, "003": 37, "004": 32}
WORDS = {"000": 408, "001": 780, "002": 581, "003": 866, "004": 981}
COMPUTED = ["articles.csv", "segments.csv", "tokens.csv", "links.csv", "phrases.csv",
            "mentions.csv"]
# Labels that take a side: in a digest they may stand as quoted data only.
CONTESTED = re.compile(r"\b(regimes?|rebels?|terror\w*|extremis\w*|militants?|insurgen\w*|jihad\w*"
                       r"|liberat\w*|occup(?:y|ied)\w*)\b", re.IGNORECASE)
QUOTED = re.compile(r'"([^"]*)"')


# --- without the texts -------------------------------------------------------------------


def test_counts_are_those_the_course_relies_on(table):
    articles = {row["article"]: row for row in table("articles.csv")}
    assert {key: int(row["segments"]) for key, row in articles.items()} == SEGMENTS
    assert {key: int(row["words"]) for key, row in articles.items()} == WORDS


def test_segments_tile_their_article_in_order(table):
    rows = defaultdict(list)
    for row in table("segments.csv"):
        rows[row["article"]].append(row)
    for article in table("articles.csv"):
        mine, letter = rows[article["article"]], "S" if article["unit"] == "sentence" else "P"
        assert len(mine) == int(article["segments"])
        assert sum(int(row["words"]) for row in mine) == int(article["words"])
        end = -1
        for position, row in enumerate(mine, start=1):
            assert row["locator"] == f"{article['article']} {letter}{position}"
            assert int(row["position"]) == position
            assert end < int(row["start"]) < int(row["end"])
            end = int(row["end"])
        assert end == int(article["characters"])


def test_tokens_add_up_to_the_words_of_their_segment(table):
    counted, order = Counter(), defaultdict(list)
    for row in table("tokens.csv"):
        counted[row["locator"]] += int(row["count"])
        order[row["locator"]].append(row["token"])
    assert counted == {row["locator"]: int(row["words"]) for row in table("segments.csv")}
    assert all(listed == sorted(set(listed)) for listed in order.values())


def test_links_are_the_markup_of_003(table):
    links = table("links.csv")
    assert [(row["locator"], row["tag"]) for row in links] == [
        ("003 S3", "a"), ("003 S14", "a"), ("003 S23", "a"), ("003 S27", "a"), ("003 S37", "em")]
    assert [bool(row["href"]) for row in links] == [True] * 4 + [False]


def test_every_segment_has_a_digest_of_one_or_two_sentences(table):
    for row in table("segments.csv"):
        digest = row["digest"]
        # A sentence ends at . ? or ! when a capital or a quotation mark follows.
        sentences = re.split(r"(?<=[.?!])\s+(?=[A-Z\"])", digest)
        assert digest and digest[-1] in '."', row["locator"]
        assert 1 <= len(sentences) <= 2, row["locator"]
        assert len(rt.words(digest)) <= 60, row["locator"]


def test_digests_keep_contested_labels_in_quotation_marks(table):
    for row in table("segments.csv"):
        assert row["digest"].count('"') % 2 == 0, row["locator"]
        assert not CONTESTED.search(QUOTED.sub(" ", row["digest"])), row["locator"]


def test_digests_quote_only_words_of_their_segment_and_few(table):
    tokens = defaultdict(set)
    for row in table("tokens.csv"):
        tokens[row["locator"]].add(row["token"])
    for row in table("segments.csv"):
        for quoted in QUOTED.findall(row["digest"]):
            assert len(rt.words(quoted)) <= 6, (row["locator"], quoted)
            assert set(rt.tokens(quoted)) <= tokens[row["locator"]], (row["locator"], quoted)


# --- with the texts ----------------------------------------------------------------------


def test_spans_and_checksums_are_those_of_the_texts(table, texts):
    normal = {article: rt.normalise(raw) for article, raw in texts.items()}
    for row in table("articles.csv"):
        text = normal[row["article"]]
        assert hashlib.sha256(text.encode()).hexdigest() == row["sha256"]
        assert int(row["characters"]) == len(text)
    for row in table("segments.csv"):
        piece = normal[row["article"]][int(row["start"]):int(row["end"])]
        assert hashlib.sha256(piece.encode()).hexdigest() == row["sha256"], row["locator"]
        assert len(re.findall(r"\w+(?:['\-]\w+)*", piece)) == int(row["words"])
        for quoted in QUOTED.findall(row["digest"]):
            assert quoted.lower() in piece.lower(), (row["locator"], quoted)


@pytest.mark.parametrize("name", COMPUTED)
def test_building_again_changes_nothing(name, texts_folder, tmp_path):
    for file in COMPUTED:
        (tmp_path / file).write_bytes(seeds.path(file).read_bytes())
    build.build(texts_folder, tmp_path)
    assert (tmp_path / name).read_bytes() == seeds.path(name).read_bytes()
