"""A brief's form can't be met by a text that is none."""

from __future__ import annotations

import pytest

from reader import labels
from reader.brief import check_brief

TAGS = " [T 000 P1] [V tass944911]. "


def missed(text: str, words=(1, 100)) -> set[str]:
    return {name for name, met in check_brief(text, words).requirements.items() if not met}


def told(text: str, words=(1, 100)) -> str:
    return " ".join(sentence for _, sentence in check_brief(text, words).problems)


def test_a_sentence_that_stands_twice_counts_once():
    # Seven words each; the second, third and fourth say no more than the first.
    text = "".join(f"{first} {year} the talks ended without result{TAGS}" for first, year in
                   [("In", 2018), ("In", 2019), ("IN", 2020), ("In", "2020,")])
    assert check_brief(text, (7, 7)).words == 7
    assert missed(text, (7, 7)) == {"length"}
    assert "Sentence 4 (In 2020, the talks …) says no more than sentence 1" in told(text)
    assert missed(text.replace("IN", "After"), (1, 20)) == {"length"}  # one is new, two are not
    assert check_brief(text.replace("IN", "After"), (1, 20)).words == 14


def test_one_sentence_over_and_over_is_no_brief():
    assert len(missed(f"The two states agreed on a zone in the north{TAGS}" * 40,
                      (360, 440))) == 6


def test_few_words_in_any_order_are_no_sentences():
    text = "".join(f"{'Blah ' * n}ended{TAGS}" for n in range(1, 20))
    assert missed(text, (1, 400)) == {"length"}
    assert "Only 2 different words" in told(text, (1, 400))


def test_a_tag_does_not_stand_for_a_page():
    words = " ".join(f"w{chr(97 + n // 10)}{chr(97 + n % 10)}" for n in range(81))
    assert missed(words + TAGS) == {"tags"}
    assert "has 81 words before its tag" in told(words + TAGS)
    assert not missed(words.partition(" ")[2] + TAGS)


@pytest.mark.parametrize("written", [
    "r\u0435gime", "R\u0415GIME", "reg\u200bime", "re\u00adgime", "re\u0301gime", "_regime_",
    "\uff52\uff45\uff47\uff49\uff4d\uff45", "reg\u0131me", "r\u03b5gime", "jihad\u0456st",
    "\U0001d42b\U0001d41e\U0001d420\U0001d422\U0001d426\U0001d41e",
])
def test_a_label_in_disguise_is_a_label(written):
    assert missed(f"The {written} agreed on a zone{TAGS}") == {"labels"}


@pytest.mark.parametrize("written", [
    "the National Liberation Front", "l'r\u00e9gional", "\u0440\u0435\u0436\u0438\u043c",
    "a regimen", "a terrorism law",
])
def test_other_words_are_none(written):
    assert not labels.loaded(labels.plain(written))
