"""reader.framing on a coding that can be counted by hand."""

import matplotlib
import pandas as pd
import pytest

from reader import annotations, corpus, framing, plots
from reader.errors import ReaderError

matplotlib.use("Agg")

# 001 P1 (41 words) has two LL, 001 P6 (27 words) one NC in quotation marks, 001 P14 (a heading,
# 5 words) one RP, 001 P19 (9 words) nothing, 003 S18 (28 words) one NC.
ROWS = annotations.check_rows([
    {"locator": "003 S18", "code": "NC", "start": 2541, "end": 2550},
    {"locator": "003 S18", "code": "CON"},
    {"locator": "001 P1", "code": "HUM"}, {"locator": "001 P1", "code": "CON"},
    {"locator": "001 P1", "code": "LL", "start": 169, "end": 181},
    {"locator": "001 P1", "code": "LL", "start": 141, "end": 160},
    {"locator": "001 P6", "code": "CON"},
    {"locator": "001 P6", "code": "NC", "voice": "quoted", "start": 1094, "end": 1112},
    {"locator": "001 P14", "code": "RP"}, {"locator": "001 P19", "code": "none"}])


def test_the_words_counted_by_hand_are_those_of_the_course():
    words = corpus.segments().set_index("locator")["words"]
    assert [words[place] for place in ("001 P1", "001 P6", "001 P14", "001 P19", "003 S18")] == \
        [41, 27, 5, 9, 28]


def test_matrix_counts_segments_not_rows():
    table = framing.matrix(ROWS)
    assert table.index.tolist() == ["001", "003"]
    assert list(table.columns) == ["segments", "CON", "HUM", "RES", "MOR", "ECO"]
    assert table.values.tolist() == [[4, 2, 1, 0, 0, 0], [1, 1, 0, 0, 0, 0]]
    techniques = framing.matrix(ROWS, family="technique")
    assert list(techniques.columns) == ["segments", "NC", "LL", "RP"]
    assert techniques.loc["001"].tolist() == [4, 1, 1, 1]


def test_matrix_by_segment_keeps_the_order_of_the_text():
    table = framing.matrix(ROWS, by="segment", family="technique")
    assert table.index.tolist() == ["001 P1", "001 P6", "001 P14", "001 P19", "003 S18"]
    assert table["NC"].tolist() == [0, 1, 0, 0, 1]
    assert table.loc["001 P1", "LL"] == 1


def test_a_coding_without_a_code_of_the_family_is_all_zeros():
    empty = annotations.check_rows([{"locator": "001 P19", "code": "none"}])
    assert framing.matrix(empty).values.tolist() == [[1, 0, 0, 0, 0, 0]]
    assert framing.matrix(empty, family="technique").values.tolist() == [[1]]
    assert framing.matrix([]).empty and framing.density([]).empty


def test_density_leaves_headings_out():
    # 001: three techniques in 41 + 27 + 9 = 77 words; 003: one in 28.
    table = framing.density(ROWS)
    assert table[["article", "segments", "words", "techniques"]].values.tolist() == [
        ["001", 3, 77, 3], ["003", 1, 28, 1]]
    assert table["per_100_words"].tolist() == pytest.approx([300 / 77, 100 / 28])
    # With the heading: four techniques in 82 words.
    assert framing.density(ROWS, headings=True).iloc[0].tolist()[1:4] == [4, 82, 4]


def test_density_by_voice_keeps_all_words():
    author = framing.density(ROWS, "author")
    assert author[["words", "techniques"]].values.tolist() == [[77, 2], [28, 1]]
    assert framing.density(ROWS, "quoted")["techniques"].tolist() == [1, 0]
    assert framing.density(ROWS, "reported")["per_100_words"].tolist() == [0, 0]


def test_what_is_left_out_is_rule_10():
    assert framing.not_coded() == ["001 P14", "002 P6", "003 S37", "004 P9", "004 P21",
                                   "004 P25", "004 P27", "004 P32"]


def test_side_by_side_tells_absent_from_not_coded():
    table = framing.side_by_side("001 P6", "003 s18", ROWS)
    assert list(table.columns) == ["001 P6", "003 S18"]
    assert table.index.tolist() == ["words", "digest", "CON", "NC"]
    assert table.loc["NC"].tolist() == ["quoted", "author"]
    assert framing.side_by_side("001 P1", "003 S18", ROWS).loc["HUM"].tolist() == ["author", ""]
    assert pd.isna(framing.side_by_side("001 P1", "001 P2", ROWS).loc["HUM", "001 P2"])
    assert framing.side_by_side("001 P6", "003 S18", ROWS, "generic").index.tolist()[2:] == ["CON"]
    assert framing.side_by_side("001 P6", "003 S18").index.tolist() == ["words", "digest"]


def test_the_heat_map_says_in_words_and_numbers_what_it_shows():
    shown = framing.heat_map(ROWS, "generic")
    assert isinstance(shown, plots.Shown)
    assert shown.table.equals(framing.matrix(ROWS))
    assert "001: CON (2 of 4); 003: CON (1 of 1)" in shown.alt
    assert shown.image.startswith(b"\x89PNG")


def test_every_cell_of_the_heat_map_has_its_number(monkeypatch):
    figures = []
    monkeypatch.setattr(plots, "show", lambda fig, **_: figures.append(fig))
    framing.heat_map(ROWS, "technique")
    assert [text.get_text() for text in figures[0].axes[0].texts] == list("111") + list("100")


@pytest.mark.parametrize(("call", "words"), [
    (lambda: framing.matrix(ROWS, by="coder"), "by must be 'article' or 'segment'"),
    (lambda: framing.matrix(ROWS, family="frames"), "family must be one of entman"),
    (lambda: framing.matrix("ROWS"), "A coding is a DataFrame"),
    (lambda: framing.heat_map(ROWS, "policy"), "nothing to draw"),
    (lambda: framing.heat_map([]), "nothing to draw"),
    (lambda: framing.density(ROWS, "author's"), "voice must be author"),
    (lambda: framing.side_by_side("001 P1", "001 p1"), "Both sides are 001 P1"),
    (lambda: framing.side_by_side("001 P1", "001 P77"), "no segment 001 P77")])
def test_bad_input_is_met_with_one_sentence(call, words):
    with pytest.raises(ReaderError, match=words):
        call()


def test_two_coders_are_not_one():
    both = pd.concat([annotations.rows_of("A"), annotations.rows_of("B")])
    for call in (framing.matrix, framing.density, framing.heat_map,
                 lambda rows: framing.side_by_side("001 P1", "001 P2", rows)):
        with pytest.raises(ReaderError, match="rows of one coder, and these are of A, B"):
            call(both)
