"""Quotations in any text, and marks that do not fit together."""

from __future__ import annotations

import time

import pytest

from reader.errors import ReaderError
from reader.quotes import find_quotations


def quoted(text: str) -> list[str]:
    return find_quotations(text).rows["quotation"].tolist()


@pytest.mark.parametrize(("text", "expected"), [
    ('The pilot\'s "no" came late.', ["no"]),
    ("The pilot said “not now”, and “go”.", ["not now", "go"]),
    ("He calls it ‘late’ and 'early'.", ["late", "early"]),
    ("O'Neill's 'big' day", ["big"]),
    ("'He's here,' said Ann.", ["He's here,"]),
    ("the players' room and the dogs' tails", []),
    ("'the players' room is big', he said", ["the players' room is big"]),
    ("back in the '90s, rock 'n' roll", []),
    ("’tis late", []),
    ('He said:"yes", then ("no")—"maybe"—and left.', ["yes", "no", "maybe"]),
    ('"Yes!" "No!"', ["Yes!", "No!"]),
    ("„Nein“, sagte er; »doch« sie; « oui » lui", ["Nein", "doch", " oui "]),
    ('He said "one\ntwo" on two lines.', ["one\ntwo"]),
    ('<a href="https://example.org/a">the</a> "harbour"', ["harbour"]),
    ('“It is broken,” he', ["It is broken,"]),
    ('"It is broken,” he', ["It is broken,"]),  # a straight and a curly mark: as 004 P6 is printed
    ("", []),
])
def test_what_is_quoted(text, expected):
    found = find_quotations(text)
    assert found.rows["quotation"].tolist() == expected
    assert found.notes == []
    for row in found.rows.itertuples():
        assert text[row.start:row.end] == row.quotation


def test_a_quotation_inside_another_counts_once():
    found = find_quotations('He wrote: "She said \'never again\' twice."')
    assert found.rows["level"].tolist() == [1, 2]
    assert found.rows["words"].tolist() == [5, 2]
    assert found.words == 5


def test_a_fragment_has_at_most_six_words():
    found = find_quotations('"a b c d e f" and "a b c d e f g" and "e-f don\'t"')
    assert found.rows["words"].tolist() == [6, 7, 2]
    assert found.rows["fragment"].tolist() == [True, False, True]


@pytest.mark.parametrize(("text", "expected", "notes"), [
    ('never "closed here\n\nnext one', [], ["character 6 (\"closed here) opens"]),
    ('"one "two" three', ["two"], ["character 0 ("]),
    ("“a “b” c”", ["b"], ["character 0 (", "character 8 (”) closes"]),
    ("It was “over.", [], ["opens a quotation that is never closed"]),
    ("It was over.”", [], ["closes a quotation that was never opened"]),
    ("It was ‘over.", [], ["opens a quotation that is never closed"]),
    ("It was 'over.", [], ["is an apostrophe or opens"]),
    ('A 5" gun and "two words".', ["two words"], ["or means inches"]),
    ('"goes on\n\n"and ends"', ["goes on", "and ends"], ["going on there"]),
    ('an empty "" pair', [], ["No word stands between"]),
])
def test_a_mark_that_does_not_fit_is_told(text, expected, notes):
    found = find_quotations(text)
    assert found.rows["quotation"].tolist() == expected
    assert len(found.notes) == len(notes)
    for sentence, part in zip(found.notes, notes, strict=True):
        assert part in sentence
        assert sentence.endswith(".") and "\n" not in sentence


def test_all_forms_show_table_and_notes():
    found = find_quotations('a "b" <c> "d')
    assert "never closed" in repr(found) and "<li>" in found._repr_html_()
    assert "<c>" not in found._repr_html_()
    assert "No quotation was found" in repr(find_quotations("x"))


@pytest.mark.parametrize("piece", ["'", '"', "a' ", '"a ', "\n \n", "'a ", "s' a", "<a ", "“"])
def test_long_texts_are_read_fast(piece):
    before = time.process_time()
    find_quotations(piece * (60_000 // len(piece)))
    assert time.process_time() - before < 3


@pytest.mark.parametrize("odd", [None, 3, b"x", [], ["a"], object()])
def test_only_text_is_read(odd):
    with pytest.raises(ReaderError, match="reads text"):
        find_quotations(odd)
