"""Questions of the kind `brief`: the text alone is read, in the process that scores."""

import json
import time

import pytest
from nbformat.v4 import new_code_cell, new_output
from pydantic import TypeAdapter

from grader import briefs, engine, seal
from grader import check as check_module
from grader.canonical import MAX_TEXT, MIME, canonical
from grader.check import NotYet, check
from grader.compile import compile_question
from grader.key import Question
from grader.score import score_cell

NAMES = ["length", "tags", "locators", "keys", "quotations", "labels"]
# Twelve words: four sentences are 48 words, seven are 84.
GOOD = "The two states agreed on a zone in that part of Syria [T 003 S6; V s2018852]. "
WORDS = ("two", "three", "four", "five", "six", "seven", "eight")


def times(count: int, text: str = GOOD) -> str:
    """The same sentence with another number in each: a sentence that stands twice counts once."""
    return "".join(text.replace("two", word, 1) for word in WORDS[:count])


def brief(**fields) -> dict:
    """A compiled question of 40 to 60 words with all requirements, or with other fields."""
    return compile_question(TypeAdapter(Question).validate_python({
        "id": "77.1", "title": "A brief", "kind": "brief", "variable": "text", "points": 6,
        "level": "create", "words": [40, 60], "requirements": NAMES,
        "misconceptions": [{"name": "one-sided", "has": "labels",
                            "hint": "Use the neutral name of this side."}],
        "explanation": "A sentence of sufficient length.", **fields}))


def result(text, spec=None) -> engine.Result:
    return engine.evaluate(spec or brief(), canonical(text), seal.Unsealed())


def score(answer, spec) -> engine.Result:
    """What an executed check cell with this record earns."""
    form = json.loads(json.dumps(canonical(answer)))
    cell = new_code_cell('check("77.1", text)', outputs=[new_output("display_data", data={
        "text/plain": "✓ 77.1 Right (6 of 6 points)", MIME: {"question": "77.1", "answer": form}})])
    return score_cell(cell, spec)


def test_all_requirements_met_give_full_points():
    found = result(times(4))
    assert (found.credit, found.score, found.state) == (1, 6, engine.RIGHT)
    assert found.explanation == "A sentence of sufficient length."


@pytest.mark.parametrize(("text", "missed"), [
    (times(7), "length"),                                                   # 84 words
    (times(4) + "And so it went.", "tags"),
    (times(4, GOOD.replace("T 003 S6; ", "")), "locators"),                       # none is named
    (times(4, GOOD.replace("S6", "S99")), "locators"),
    (times(4, GOOD.replace("s2018852", "mydiary")), "keys"),
    (times(4, GOOD.replace("a zone in that part of Syria", '"one two three four five six seven"')),
     "quotations"),
    (times(4, GOOD.replace("states", "regimes")), "labels"),
])
def test_each_requirement_counts_one_part(text, missed):
    found = result(text)
    assert found.credit == pytest.approx(5 / 6, abs=1e-4) and found.state == engine.PARTLY
    assert found.messages[-1] == f"Not yet: {missed}."
    met = ", ".join(n for n in NAMES if n != missed)
    assert found.messages[-2] == f"5 of 6 requirements are met: {met}."
    assert len(found.messages) > 2, "one sentence at least says what is missing"
    assert found.misconceptions == (["one-sided"] if missed == "labels" else [])


def test_only_requirements_that_are_asked_for_count():
    spec = brief(requirements=["tags", "locators"], misconceptions=[])
    found = result(times(4, GOOD.replace("states", "regimes")), spec)
    assert found.credit == 1
    assert result(times(4, GOOD.replace("states", "regimes")) + "No tag.", spec).messages[1:] == [
        "1 of 2 requirements is met: locators.", "Not yet: tags."]


@pytest.mark.parametrize(("text", "says"), [
    ("word " * 50, "0 of your 1 sentences end with a tag"),
    ("".join(f"Sentence {word} says it. " for word in WORDS) + GOOD,
     "1 of your 8 sentences end with a tag"),
    ("It is so [T 000 P3].", "3 words. The check begins at 20"),
    (GOOD * 4, "12 words, each sentence counted once. The check begins at 20"),
    ("", "There is no sentence"),
    (" \n\t", "There is no sentence"),
    ([GOOD] * 4, "A text (str) is expected"),
    (GOOD.encode(), "A text (str) is expected"),
])
def test_a_text_without_substance_earns_nothing(text, says):
    found = result(text)
    assert (found.credit, found.state) == (0, engine.SHAPE)
    assert says in found.messages[0] and len(found.messages) == 1


@pytest.mark.parametrize("text", [
    "[" * MAX_TEXT, "(" * 999 + "]" * 800, "[T " * 599, '"' * 1_799, "'" * 1_799, "“‘" * 890,
    ". " * 890, ".[T 000 P1]" * 160, "\u202e\x00[V x]. " * 150, "\ud800 [I]. " * 200, "à" * 1_799,
    "a. b? c! " * 199, "[T 000 P1, P2, P3, 003 S1; V " * 60, "<a href='x'>" * 140,
    "\n\n".join(["- [I]"] * 300), "regime " * 250, "𝔸 [I]. " * 250,
])
def test_hostile_texts_are_answered_fast_and_in_few_words(text):
    began = time.process_time()
    found = result(text)
    assert time.process_time() - began < 2
    assert found.credit < 1
    assert sum(len(line) for line in found.messages) < 6_000
    assert all("\n" not in line for line in found.messages)


def test_the_size_is_bounded_before_the_text_is_read(monkeypatch):
    def never(*args, **kwargs):
        raise AssertionError("a text of this size must not be read")

    monkeypatch.setattr("reader.brief.check_brief", never)
    found = result("x" * (60 * briefs.MAX_CHARACTERS_PER_WORD + 1))
    assert found.state == engine.SHAPE and "1,801 characters" in found.messages[0]


def test_scoring_reads_the_recorded_text_and_believes_nothing_else(monkeypatch):
    """A learner's own copy of reader.brief, or a box that says "Right", earns no point."""
    from reader import brief as module

    read, real = [], module.check_brief
    monkeypatch.setattr(module, "check_brief",
                        lambda text, words: read.append((text, words)) or real(text, words=words))
    spec = brief()
    bad = times(3) + "Nothing speaks for this sentence here, and nobody says it at all."
    found = score(bad, spec)
    assert read == [(bad, (40, 60))]
    assert found.score == 5 and found.messages[-1] == "Not yet: tags."
    forged = new_code_cell('check("77.1", text)', outputs=[new_output("display_data", data={
        MIME: {"question": "77.1", "answer": ["brief", dict.fromkeys(NAMES, True)]}})])
    assert score_cell(forged, spec).score == 0


def test_check_and_scoring_say_the_same(at_sheet, capsys):
    spec = brief()
    sheet = seal.seal([spec])
    at_sheet(sheet)
    for text in (times(4), times(7), times(4, GOOD.replace("states", "regimes")) + "No tag.", "x"):
        open_ = result(text, spec)
        closed = engine.evaluate(sheet["questions"]["77.1"], canonical(text),
                                 seal.Seal(sheet["salt"], "77.1"))
        assert open_ == closed == score(text, spec)
        capsys.readouterr()
        try:
            check("77.1", text)
        except NotYet:
            assert open_.credit == 0
        said = capsys.readouterr().out
        assert all(" ".join(line.split()) in said for line in open_.messages)


def test_the_texts_of_a_learner_make_no_difference(monkeypatch, tmp_path):
    """Quotations are looked up in the course's tables, so no copy of an article is needed."""
    text = times(4, GOOD.replace("a zone", 'a "demilitarised buffer zone"'))
    first = result(text)
    monkeypatch.setenv("READING_IDLIB_TEXTS", str(tmp_path))
    assert result(text) == first and first.credit == 1


def test_the_sealed_question_holds_no_hint_and_no_token():
    closed = seal.seal([brief()])["questions"]["77.1"]
    assert (closed["words"], closed["requirements"]) == ([40, 60], NAMES)
    text = json.dumps(closed)
    assert "neutral name" not in text and "b:tags" not in text and "sufficient" not in text


def test_where_work_is_graded_the_record_is_the_text(at_sheet, capsys):
    at_sheet(seal.record_sheet([brief()]))
    assert check_module._form(brief(), GOOD) == ["text", GOOD]


@pytest.mark.parametrize(("field", "value", "says"), [
    ("words", [400], "at least 2 items"),
    ("words", [440, 360], "lowest and a highest"),
    ("words", [0, 10], "lowest and a highest"),
    ("words", [360, 4400], "at most 1,000"),
    ("requirements", ["tags", "truth"], "knows no requirement ['truth']"),
    ("requirements", ["tags"], "at least 2 items"),
])
def test_a_key_that_does_not_fit_is_refused(field, value, says):
    with pytest.raises(ValueError, match=".") as error:
        brief(**{field: value})
    assert says in str(error.value)
