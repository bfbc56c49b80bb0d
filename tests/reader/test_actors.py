"""Counting words and mentions; the counts of the real articles are those of the foundation."""

from __future__ import annotations

import pytest

from reader import actors, corpus, library
from reader.errors import ReaderError


@pytest.mark.parametrize(("word", "counts"), [
    ("regime", [8, 11, 1, 3, 11]),  # "regime-held" and "regime's" in 001 count
    ("ceasefire", [0, 0, 0, 0, 0]),
    ("women", [0, 1, 0, 0, 0]),
    ("government", [0, 1, 2, 1, 1]),
])
def test_counts_by_article(mode, word, counts):
    found = actors.count_word(word)
    assert list(found) == counts
    assert list(found.index) == ["000", "001", "002", "003", "004"]
    assert str(found.dtype) == "Int64"


def test_a_word_is_counted_as_a_word_boundary_search_would(made_up, tmp_path):
    file = tmp_path / "own.txt"
    file.write_text("A regime, a regime-held town, the regime's S-400 and S-400s; regimes.",
                    encoding="utf-8")
    library.add_as(file, "005")
    assert actors.count_word("Regime", "005").to_dict() == {"005": 3}
    assert actors.count_word("s-400", ["005", "000"]).to_dict() == {"005": 1, "000": 0}
    assert actors.count_word("held", "005", by="segment").to_dict() == {"005 P1": 1}


def test_counts_agree_with_a_search_of_the_text(real_texts, monkeypatch):
    import re
    monkeypatch.setattr("seeds.TEXTS", real_texts)
    for word in ("regime", "Idlib", "Turkey", "forces"):
        found = actors.count_word(word)
        for article in found.index:
            expected = len(re.findall(rf"\b{word}\b", corpus.text(article), re.IGNORECASE))
            assert found[article] == expected, (word, article)


def test_markup_is_counted_apart():
    # Three web addresses in 003 hold the word [C].
    assert actors.count_raw("Idlib").to_dict() == {"text": 11, "markup": 3, "raw": 14}
    assert actors.count_raw("government").to_dict() == {"text": 1, "markup": 1, "raw": 2}
    assert actors.count_raw("Idlib", "000")["markup"] == 0


def test_raw_counts_agree_with_the_raw_file(real_files):
    import re
    raw = real_files[3].read_text(encoding="utf-8")
    for word in ("Idlib", "government", "a", "em", "href", "Russian"):
        assert actors.count_raw(word)["raw"] == len(re.findall(rf"\b{word}\b", raw,
                                                               re.IGNORECASE)), word


def test_a_careless_search_finds_isis_in_crisis():
    assert actors.find_tokens("ISIS").to_dict("records") == [
        {"token": "crisis", "article": "001", "count": 1}]
    assert actors.find_tokens("zzz").empty


@pytest.mark.parametrize("word", ["", "two words", "  "])
def test_only_single_words_are_counted(word):
    with pytest.raises(ReaderError, match="is not one word"):
        actors.count_word(word)


def test_wrong_options_are_named():
    with pytest.raises(ReaderError, match="by must be 'article' or 'segment'"):
        actors.count_word("a", by="paragraph")
    with pytest.raises(ReaderError, match="There is no article 009"):
        actors.count_word("a", "009")
    with pytest.raises(ReaderError, match="level must be"):
        actors.mention_table(level="names")


def test_the_mention_table_counts_every_resolved_mention_once():
    table, listed = actors.mention_table(), actors.mentions()
    assert int(table.drop(columns="name").to_numpy().sum()) == int(listed["actor"].notna().sum())
    names, descriptions = (actors.mention_table(level=level).drop(columns="name")
                           for level in ("name", "description"))
    assert (names + descriptions).equals(table.drop(columns="name"))
    assert list(table.columns) == ["name", "000", "001", "002", "003", "004"]


def test_naming_lists_every_form_of_an_actor_where_it_stands():
    found = actors.naming("A26")
    assert set(found["article"]) == {"004"}
    listed = actors.mentions()
    assert found["count"].sum() == (listed["actor"] == "A26").sum()
    assert all(corpus.normalise_locator(place) for cell in found["locators"]
               for place in cell.split("; "))


def test_actors_are_known_by_id_and_name_and_others_come_with_a_suggestion():
    assert actors.known_actor("a07") == actors.known_actor("turkey") == "A07"
    with pytest.raises(ReaderError, match=r"ids run from A01 to A32\. Do you mean A12 Hayat"):
        actors.known_actor("HTS")
    with pytest.raises(ReaderError, match=r"A32\.$"):
        actors.known_actor("A99")


def test_mentions_of_one_passage():
    assert set(actors.mentions("000 P4")["locator"]) == {"000 P4"}
    assert len(actors.mentions("000")) < len(actors.mentions())
