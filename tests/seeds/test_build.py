"""reader.build on texts made up here: needs none of the five."""

from __future__ import annotations

import csv

import pytest

from reader import build
from reader import text as rt

RAW = """The mayor spoke on Monday. Mayor Ada Grey said so.

Grey\u2019s office <a href="https://example.org/a?b=1&amp;c=2">did not reply</a>, Grey said.

<em>A credit</em>
"""


@pytest.fixture
def folders(tmp_path):
    texts, tables = tmp_path / "texts", tmp_path / "seeds"
    texts.mkdir()
    tables.mkdir()
    (texts / "005_ab.txt").write_text(RAW, encoding="utf-8")
    return texts, tables


def write(path, header, *rows):
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def place(*surfaces):
    segments = build.segments_of("005", RAW)
    rows = [{"locator": locator, "surface": surface, "start": start}
            for locator, surface, start in surfaces]
    return [row["start"] for row in build.place(rows, segments, "surface")]


def test_links_know_their_segment():
    assert build.link_rows("005", RAW) == [
        {"locator": "005 P2", "tag": "a", "href": "https://example.org/a?b=1&c=2"},
        {"locator": "005 P3", "tag": "em", "href": ""}]


def test_a_unit_can_be_chosen():
    sentences = [row["locator"] for row in build.segment_rows("005", RAW, unit="sentence")]
    assert sentences == ["005 S1", "005 S2", "005 S3", "005 S4"]


def test_locate_counts_whole_words_only():
    assert build.locate("Turkeys, Turkey, Turkey's", "Turkey", 2) == (17, 23)
    with pytest.raises(build.BuildError, match="occurs 2 times"):
        build.locate("Turkeys, Turkey, Turkey's", "Turkey", 3)
    with pytest.raises(build.BuildError):
        build.locate("Turkey", "Turkey", 0)


def test_places_are_taken_in_row_order():
    first, second = place(("005 P2", "Grey", ""), ("005 P2", "Grey", ""))
    text = rt.normalise(RAW)
    assert (first, second) == (text.index("Grey's"), text.index("Grey said."))


def test_a_short_form_avoids_the_inside_of_a_longer_one():
    text = "Ada Grey came. Grey left."
    segments = build.segments_of("005", text)
    rows = [{"locator": "005 P1", "surface": name, "start": ""} for name in ("Grey", "Ada Grey")]
    assert [row["start"] for row in build.place(rows, segments, "surface")] == [15, 0]


def test_a_start_that_fits_is_kept_and_one_that_does_not_is_replaced():
    text = "Grey came. Grey left."
    segments = build.segments_of("005", text)
    rows = [{"locator": "005 P1", "surface": "Grey", "start": start} for start in ("11", "3")]
    assert [row["start"] for row in build.place(rows, segments, "surface")] == [11, 0]


@pytest.mark.parametrize(("row", "words"), [
    (("005 P1", "no such phrase", ""), "005 P1 does not contain the phrase 'no such phrase'."),
    (("005 P9", "Grey", ""), "names '005 P9', which is no segment"),
])
def test_a_row_that_does_not_fit_is_named(row, words):
    with pytest.raises(build.BuildError, match=words):
        place(row)


def test_a_phrase_listed_too_often_is_named():
    with pytest.raises(build.BuildError, match="005 P1 has 'Grey' 1 times"):
        place(("005 P1", "Grey", ""), ("005 P1", "Grey", ""))


def test_build_keeps_hand_written_columns(folders):
    texts, tables = folders
    write(tables / "articles.csv", "article,outlet,words", "005,Example Post,1")
    write(tables / "segments.csv", "locator,digest", "005 P2,A digest.")
    write(tables / "phrases.csv", "locator,phrase,use", "005 P2,did not reply,attribution")
    build.build(texts, tables, tables / "runs.txt")
    [article] = read(tables / "articles.csv")
    assert (article["outlet"], article["words"], article["segments"]) == ("Example Post", "19", "3")
    assert [row["digest"] for row in read(tables / "segments.csv")] == ["", "A digest.", ""]
    [phrase] = read(tables / "phrases.csv")
    assert (phrase["start"], phrase["end"], phrase["use"]) == ("66", "79", "attribution")
    assert len((tables / "runs.txt").read_text(encoding="utf-8").split()) == 14
    assert not (tables / "mentions.csv").exists()


def test_build_writes_nothing_when_a_row_is_wrong(folders):
    texts, tables = folders
    write(tables / "phrases.csv", "locator,phrase,use", "005 P1,no such phrase,naming")
    with pytest.raises(build.BuildError, match="no such phrase"):
        build.build(texts, tables)
    assert [path.name for path in tables.iterdir()] == ["phrases.csv"]


def test_build_says_what_is_missing(folders):
    texts, tables = folders
    write(tables / "articles.csv", "article", "005", "006")
    with pytest.raises(build.BuildError, match="lacks the text of article 006"):
        build.build(texts, tables)
    (texts / "005_ab.txt").unlink()
    with pytest.raises(build.BuildError, match="holds no article"):
        build.build(texts, tables)


def test_a_digest_is_never_lost(folders):
    texts, tables = folders
    write(tables / "segments.csv", "locator,digest", "005 P7,A digest.")
    with pytest.raises(build.BuildError, match="005 P7"):
        build.build(texts, tables)


def test_two_texts_of_one_article_are_refused(folders):
    texts, _ = folders
    (texts / "005.txt").write_text("x", encoding="utf-8")
    with pytest.raises(build.BuildError, match="two files for article 005"):
        build.read_texts(texts)
