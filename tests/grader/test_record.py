"""An answer record is untrusted data: one sound record counts, anything else is zero and a
sentence."""

import json

import numpy as np
import pandas as pd
import pytest
from grader_kit import all_questions
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from grader import canonical as limits
from grader.canonical import MIME, canonical
from grader.compile import compile_question
from grader.record import find_answer, well_formed
from grader.score import score_cell
from grader.values import plain_text

QUESTIONS = {q.id: q for _, q in all_questions()}
RIGHT = canonical({"000": 6, "001": 24, "002": 7, "003": 1, "004": 32})


def cell_with(*outputs):
    cell = new_code_cell('check("01.1", paragraphs)')
    dict.__setitem__(cell, "outputs", list(outputs))
    cell.metadata["nbgrader"] = {"points": 2, "grade": True, "solution": False, "grade_id": "x",
                                 "locked": True, "schema_version": 3, "task": False}
    return cell


def record(answer, question="01.1"):
    return new_output("display_data", data={MIME: {"question": question, "answer": answer}})


def raw_record(answer):
    """As it would come from a child; nbformat itself takes no deep one."""
    return {"output_type": "display_data", "data": {MIME: {"question": "01.1", "answer": answer}}}


def score(*outputs):
    return score_cell(cell_with(*outputs), compile_question(QUESTIONS["01.1"]))


def test_one_sound_record_counts():
    assert score(record(RIGHT)).score == 2
    # Some front ends pass JSON on as text, and an update may show the same record again.
    text = new_output("display_data", data={MIME: json.dumps({"question": "01.1",
                                                              "answer": RIGHT})})
    assert score(text, record(RIGHT)).score == 2
    assert score(record(RIGHT, "01.2"), record(RIGHT)).score == 2


def test_two_answers_are_none():
    other = canonical({"000": 1, "001": 2, "002": 3, "003": 4, "004": 5})
    for pair in ((RIGHT, other), (other, RIGHT)):
        result = score(*map(record, pair))
        assert result.score == 0
        assert "More than one answer was recorded" in result.messages[0]


def test_the_search_ends_at_the_second_answer(monkeypatch):
    """With each further one compared, half a million of them would take hours."""
    looked = []
    monkeypatch.setattr("grader.record.well_formed", lambda form: looked.append(form) or True)
    answer, why = find_answer({"outputs": [raw_record(["num", n]) for n in range(99)]}, "01.1")
    assert answer is None
    assert "More than one answer" in why
    assert looked == [["num", 0], ["num", 1]]


@pytest.mark.parametrize(("text", "kept"), [
    ("2019?", "2019?"), ("a?!", "a"), ("2019-05/..", "2019-05/.."), ("a/...", "a/.."),
    ("1!?.", "1"), ("b. ", "b"), ("\u2047" * 400, ""), ("a" + "?." * 400, "a")])
def test_closing_marks_are_taken_off_unless_they_mean_something(text, kept):
    assert plain_text(text) == kept


def test_the_answer_to_another_question_is_none():
    result = score(record(RIGHT, "01.2"))
    assert result.score == 0
    assert "the answer to another question" in result.messages[0]


def deep(levels: int) -> list:
    form = ["num", 1]
    for _ in range(levels):
        form = ["list", [form]]
    return form


FORGED = {
    "deep": deep(limits.MAX_DEPTH + 1), "very deep": deep(900),
    "many": ["list", [["num", 1]] * (limits.MAX_ITEMS + 1)],
    "many rows of nothing": ["table", [], [[]] * (2 * limits.MAX_CHARACTERS + 1)],
    "long": ["text", "x" * (limits.MAX_TEXT + 1)],
    "long in all": ["list", [["text", "x" * limits.MAX_TEXT]] * 51],
    "huge number": ["num", 10**limits.MAX_DIGITS], "NaN": ["num", float("nan")],
    "infinity": ["num", float("inf")], "a bool as a number": ["num", True],
    "a number as a bool": ["bool", 1], "a list as a text": ["text", ["a"]],
    "half a character": ["text", "\ud83d"], "no tag": [], "a dict": [{}], "a number": [1],
    "an unknown tag": ["right", 1], "too long": ["num", 1, 2], "too short": ["map"],
    "pairs of three": ["map", [[["num", 1]] * 3]], "pairs of text": ["map", ["ab"]],
    "an unhashable key": ["map", [[{}, ["num", 1]]]], "a ragged table": ["table", ["a"], [[]]],
    "a column of a number": ["table", [1], [[["num", 1]]]],
    "a ragged series": ["series", [["num", 1]], []], "an error alone": ["error", "E", "x"],
    "calls in a list": ["list", [["calls", []]]], "calls of no list": ["calls", "abc"],
    "very many calls": ["calls", [["num", 1]] * 1_001],
    "a long error": ["calls", [["error", "E", "x" * 301]]],
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_form_is_zero_and_a_sentence(name):
    assert not well_formed(FORGED[name])
    result = score(raw_record(FORGED[name]))
    assert result.score == 0
    assert "cannot be read" in result.messages[0]


@pytest.mark.parametrize("data", [
    None, [], "x", {MIME: None}, {MIME: []}, {MIME: "{"}, {MIME: "[" * 100_000}, {MIME: 5},
    {MIME: {"question": "01.1"}}, {MIME: {"question": [], "answer": RIGHT}},
    {MIME: {"question": "01.1", "answer": {"a": 1}}}, {MIME: " " * 5_000_000}])
def test_a_record_of_any_other_form_is_zero(data):
    for output in ({"output_type": "display_data", "data": data}, data):
        cell = cell_with(output)
        result = score_cell(cell, compile_question(QUESTIONS["01.1"]))
        assert result.score == 0
        assert result.messages[0]


def test_a_cell_that_stopped_says_so():
    long = new_output("error", ename="E\n" * 900, evalue="<b>" * 90_000, traceback=[])
    _, why = find_answer(cell_with(long), "01.1")
    assert why.startswith("No answer was recorded, because the cell stopped: E E")
    assert len(why) < 500
    unknown = new_output("error", ename="NameError", traceback=[], evalue=(
        "The name `paragraphs` does not exist yet. Run the answer cell above first. If it "
        "ends with an error, mend that one; and keep the name that the question gives."))
    _, why = find_answer(cell_with(unknown), "01.1")
    assert why == "No answer was recorded: " + unknown.evalue
    assert find_answer({"outputs": 5}, "01.1")[1] == (
        "No answer was recorded: the cell did not run, or something kept its check from "
        "recording.")
    assert find_answer({"outputs": [{"output_type": "error"}]}, "01.1")[0] is None


HONEST = [
    ..., None, True, 3, 2.5, "x" * 50_000, b"bytes", len, range(4_000), {1: {2: [3, {4}]}},
    float("nan"), float("inf"), 10**500, np.arange(6).reshape(2, 3), np.float64(1), pd.NA,
    pd.DataFrame({"a": [1, 2]}, index=pd.Index([3, 4], name="n")), pd.Series({"a": 1}),
    pd.DataFrame(np.zeros((4_000, 1))), pd.DataFrame(np.zeros((4_000, 9))), pd.DataFrame(),
    [[[[[[[[1]]]]]]]], list(range(4_999)), list(range(9_999)), "\ud83d", {"\ud83d": 1},
    pd.Timestamp("2020-02-19"), np.datetime64("NaT"), {1, "a", None}, {}.keys(), object(),
    ["x" * 19_000] * 20, ["x" * 19_000] * 200, pd.DataFrame({"x" * 19_000: [1]})]


@pytest.mark.parametrize("value", HONEST, ids=range(len(HONEST)))
def test_whatever_check_records_is_sound(value):
    form = json.loads(json.dumps(canonical(value)))
    assert well_formed(form)
    assert well_formed(["calls", [form, ["error", "ValueError", "no"]]])


TALL = limits.MAX_TEXT
TEXTS = ["!" * TALL, "?" * TALL, "\ufdfa" * TALL, "1" * TALL, "[2020-01-01.." * (TALL // 13),
         "2020-XX-XX/" * (TALL // 11), "{" + ",".join(map(str, range(3_000))) + "}",
         "[T 000 P1]. " * (TALL // 12), '"\\' * (TALL // 2)]


@pytest.mark.parametrize("kind", sorted({q.kind for q in QUESTIONS.values()}))
def test_the_largest_answers_are_read_all_the_same(kind):
    """Every reader takes every sound form, however hostile, to a result of a readable size."""
    question = next(q for q in QUESTIONS.values() if q.kind == kind)
    spec = compile_question(question)
    columns = spec.get("columns") or ["locator", "label", "phrase"]
    keys = spec.get("keys") or ["a"]
    many = [["num", n] for n in range(1_500)]
    forms = [["list", many], ["set", many], ["map", [[n, n] for n in many]],
             ["series", many, many], ["table", columns, [[n] * len(columns) for n in many[:900]]],
             ["calls", many[:1_000]], ["calls", [["set", many]] * len(spec["parts"])],
             ["list", [["list", [["text", "000 P1"], ["text", "x"], ["text", "the"]]]] * 1_200]]
    for text in (["text", tall] for tall in TEXTS):
        forms += [text, ["list", [text] * 24], ["list", [text, text]],
                  ["map", [[["text", key], text] for key in keys[:20]]],
                  ["table", columns, [[text] * len(columns)] * (24 // len(columns))],
                  ["calls", [["set", [["set", [["set", [text]]]]]]] * 24]]
    for form in forms:
        assert well_formed(form)
        cell = cell_with(record(form, question.id))
        result = score_cell(cell, spec)
        assert result.credit == 0 or kind == "function"
        assert sum(map(len, result.messages)) < 8_000


@pytest.mark.parametrize("noise", [
    new_output("stream", name="stderr", text="UserWarning: mind"),
    new_output("stream", name="stdout", text="error"),
    new_output("error", ename="ValueError", evalue="late", traceback=[]),
    new_output("execute_result", data={"text/plain": "0"}),
    new_output("execute_result", data={"text/plain": "1"})], ids=str)
def test_nothing_but_the_record_moves_a_point(noise):
    """In nbgrader, stderr and errors cost all points, and a printed number is the points."""
    for outputs in ([noise, record(RIGHT)], [record(RIGHT), noise]):
        cell = cell_with(*outputs)
        assert determine_grade(cell)[0] != 2 or noise.get("name") == "stdout"
        score_cell(cell, compile_question(QUESTIONS["01.1"]))
        assert determine_grade(cell) == (2, 2)
