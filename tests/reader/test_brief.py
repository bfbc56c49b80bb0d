"""The form of a brief: sentences and tags, and what is said about each fault."""

from __future__ import annotations

import time

import pytest

from reader import brief, sentences
from reader.brief import check_brief
from reader.errors import ReaderError

#: Ten sentences of eight words: 80 words, all in order.
GOOD = " ".join(f"Sentence {number} of this brief has eight words{tag}" for number, tag in [
    ("one", ". [T 000 P4]"), ("two", " [T 003 S2]."), ("three", ". [V tass944911]"),
    ("four", ". [T 000 P1] [V tass944911]"), ("five", " [T 000 P1; V tass944911]."),
    ("six", ". [C 3 of 866 words]"), ("seven", "! [I]"), ("eight", "? [K]"),
    ("nine", ". [I from the dates; T 001 P1, P2 and P3]"), ("ten", ". [t 003 s14]")])
LIMITS = (70, 90)


def cut(text: str) -> list[tuple[str, list[str]]]:
    return [(part.text, [str(tag) for tag in part.tags]) for part in sentences.split(text)]


def problems(text: str, words=(1, 100)) -> dict[str, list[str]]:
    """Problems of a short text, without the general complaint about a lack of tags."""
    found: dict[str, list[str]] = {}
    for name, told in check_brief(text, words).problems:
        if not told.startswith("No sentence has a tag"):
            found.setdefault(name, []).append(told)
    return found


def test_a_good_brief_meets_everything():
    report = check_brief(GOOD, LIMITS)
    assert report.words == 80
    assert report.requirements == dict.fromkeys(brief.REQUIREMENTS, True)
    assert report.problems == []
    assert report.sentences["words"].tolist() == [8] * 10
    assert report.sentences["tags"].tolist()[8] == "[I from the dates] [T 001 P1, P2 and P3]"
    assert report.table()["met"].tolist() == ["yes"] * 6
    assert "6 of 6" in repr(report)


@pytest.mark.parametrize(("text", "expected"), [
    ("One. [K] Two [K].", [("One.", ["[K]"]), ("Two.", ["[K]"])]),
    ("One. [K] [I]\nTwo.[K]", [("One.", ["[K]", "[I]"]), ("Two.", ["[K]"])]),
    ("Mr. Hill of the U.N. met Dr. Lee at 3.5 km, approx. [K]",
     [("Mr. Hill of the U.N. met Dr. Lee at 3.5 km, approx.", ["[K]"])]),
    ("It was in the U.S. [K] Then not. [I]", [("It was in the U.S.", ["[K]"]),
                                             ("Then not.", ["[I]"])]),
    ('He said "It ends. It is over." [K] Next? [I]', [('He said "It ends. It is over."', ["[K]"]),
                                                     ("Next?", ["[I]"])]),
    ("- one item [K]\n- two items. [I]\n3. three [K]",
     [("one item", ["[K]"]), ("two items.", ["[I]"]), ("three", ["[K]"])]),
    ("One.\n\n[K]\n\nTwo wraps\nhere. [I]", [("One.", ["[K]"]), ("Two wraps here.", ["[I]"])]),
    ("One [sic] and [Syrian] words. [K]", [("One [sic] and [Syrian] words.", ["[K]"])]),
    ("A title\n\nOne. [K]", [("A title", []), ("One.", ["[K]"])]),
    ("من يتكلم؟ [K] لا أحد. [I]", [("من يتكلم؟", ["[K]"]), ("لا أحد.", ["[I]"])]),
    ("Кто говорит? [K] Никто. [I]", [("Кто говорит?", ["[K]"]), ("Никто.", ["[I]"])]),
    ("the '90s ended. [K] His '80s too. [I]", [("the '90s ended.", ["[K]"]),
                                              ("His '80s too.", ["[I]"])]),
    ("On 17.\xa0Then it began … [K]", [("On 17.", []), ("Then it began …", ["[K]"])]),
    ("", []), ("[K]", []), (" . ? ! ", []),
])
def test_sentences_and_their_tags(text, expected):
    assert cut(text) == expected


@pytest.mark.parametrize(("text", "name", "told"), [
    ("No tag here.", "tags", "Sentence 1 (No tag here.) has no tag at its end"),
    ("Round brackets (T 000 P1).", "tags", "square brackets"),
    ("One [T 000 P1], two.", "tags", "inside the sentence"),
    ("One. [x]", "tags", "[x] is no tag"),
    ("One. [C]", "tags", "does not say how"),
    ("One [T 000 P1.", "tags", "has no tag"),
    ("One. [T]", "locators", "names no segment"),
    ("One. [T 000 P9]", "locators", "article 000 has P1 to P6"),
    ("One. [T P9]", "locators", "not a locator"),
    ("One. [T 000 P1, P9]", "locators", "000 P9"),
    ("One. [V]", "keys", "names no work"),
    ("One. [V tass94491]", "keys", "Do you mean tass944911?"),
    ("One. [V zzz]", "keys", "works() lists all keys"),
    ('One "a b c d e f g". [T 000 P4]', "quotations", "has 7 words"),
    ('One "never there". [T 000 P4]', "quotations", "lacks the word 'never'"),
    ('One "treason". [T 000 P3]', "quotations", "is not in 000 P3"),
    ('One "treason". [K]', "quotations", "nobody can look"),
    ('One "treason. [T 000 P4]', "quotations", "never closed"),
    ("The regime came. [T 000 P1]", "labels", "'regime' takes a side"),
    ("The “terrorist” and Terrorists came. [T 001 P6]", "labels", "'Terrorists'"),
])
def test_every_fault_has_its_sentence(text, name, told):
    found = problems(text)
    assert told in found[name][0]
    assert not check_brief(text, (1, 100)).requirements[name]
    assert all(sentence.endswith((".", "?")) and "\n" not in sentence
               for listed in found.values() for sentence in listed)


@pytest.mark.parametrize("text", [
    'One "treason". [T 000 P4]', "One ‘treason’. [T 000 P4]", "One “Treason”. [T 000 P3, P4]",
    "He didn't. [K]", 'The "regime". [T 000 P1]', "The National Liberation Front. [K]",
    'One "nest of terrorists". [T 001 P6] [V tass944911]', "One. [T000P1]", "One. [T: 000 par 1]",
])
def test_what_is_fine(text):
    found = problems(text)
    assert found == {}


def test_a_quotation_from_another_work_is_told_as_not_checked():
    report = check_brief('One "word of theirs". [V tass944911]', (1, 9))
    assert report.requirements["quotations"]
    assert "1 quotation could not be looked up" in report.notes[-1]


def words_of(first: int, last: int) -> str:
    """Different words, without an end."""
    return " ".join(f"w{chr(97 + n // 10)}{chr(97 + n % 10)}" for n in range(first, last))


@pytest.mark.parametrize("words", [69, 91])
def test_the_length_counts_without_tags(words):
    text = f"{words_of(0, 40)}. [I] {words_of(40, words)}. [T 000 P1] [V tass944911]".title()
    report = check_brief(text, LIMITS)
    assert report.problems == [("length", f"The brief has {words} words; 70 to 90 are asked for.")]


def test_a_text_without_tags_meets_neither_locators_nor_keys():
    met = check_brief(words_of(0, 80), LIMITS).requirements
    assert [name for name, fine in met.items() if not fine] == ["tags", "locators", "keys"]


def test_a_very_short_text_meets_nothing():
    assert not any(check_brief("Word. [T 000 P1] [V tass944911]", LIMITS).requirements.values())


def test_many_faults_are_told_in_few_sentences():
    found = problems("Word. [T 000 P9] " * 30 + "The rebels came. " * 20)
    assert len(found["locators"]) == 1  # the same name is told once
    assert found["labels"][-1] == "There are 14 more of this kind."


def test_the_reader_mode_does_not_matter(mode):
    assert check_brief(GOOD, LIMITS).problems == []
    assert problems('One "never there". [T 000 P4]')["quotations"]


def test_reports_are_escaped():
    report = check_brief("<script>x</script> one. [x<b>]", (1, 9))
    assert "<script>" not in report._repr_html_() and "NOT MET: tags" in repr(report)


def test_the_plan_adds_up_to_400_words():
    frame = brief.plan()
    assert frame["words"].sum() == 400
    assert (frame[["evidence", "point"]] == "").all(axis=None)


@pytest.mark.parametrize("piece", [
    "[T 999 P9] a. ", "[V x] a. ", "'", '"a ', "[", ". ", "a. ", "[K]", "[[", "(T", "a\ue000. ",
    "a [T 0 P1, P2] ", "a? [", '"treason" x. [T 000 P4] '])
def test_a_text_made_to_be_slow_is_read_fast(piece):
    before = time.process_time()
    try:
        check_brief(piece * (20_000 // len(piece)))
    except ReaderError as error:
        assert "no sentence" in str(error)
    assert time.process_time() - before < 3


@pytest.mark.parametrize(("text", "told"), [
    (None, "is text, not NoneType"), (3, "is text"), (b"x", "is text"), ([], "is text"),
    ("", "no sentence"), (" \n[K]", "no sentence"), ("\0", "no sentence"),
    ("x" * 20_001, "20,001 characters")])
def test_what_is_no_brief(text, told):
    with pytest.raises(ReaderError, match=told):
        check_brief(text)


@pytest.mark.parametrize("words", [None, 400, (1,), (0, 9), (9, 1), ("1", "2"), (1.5, 2),
                                   (True, 2)])
def test_limits_are_two_numbers(words):
    with pytest.raises(ReaderError, match="two whole numbers"):
        check_brief("One. [K]", words)


@pytest.mark.parametrize("tags", [
    "[T 004, P19; V tass2020]",
    "[T 004 P18, V tass2020]",
    "[T 004 P18 and P19] [V tass2020 and ohchr20200218]",
    "[T 004 P18] [V tass 2020]",
])
def test_tags_as_people_type_them_are_understood(tags):
    report = brief.check_brief(f"He said so on that day in Moscow {tags}.", words=(5, 20))
    assert report.problems == [] and all(report.requirements.values())


@pytest.mark.parametrize(("text", "said"), [
    ("He said so on that day. [T 004 P18-19] [V tass2020]",
     "'004 P18-19' is a range; name each segment, as in [T 004 P18, P19]."),
    ("He said so on that day. [T 004] [V tass2020]", "[T] names no segment"),
    ("Positions\n\nHe said so on that day. [T 004 P18] [V tass2020]",
     "if it is a heading, leave it out"),
])
def test_what_to_change_is_said(text, said):
    told = [sentence for _, sentence in brief.check_brief(text, words=(5, 20)).problems]
    assert len(told) == 1 and said in told[0]
