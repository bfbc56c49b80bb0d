"""check() on a learner's machine: it speaks, records, and tells nbgrader."""

import json
import warnings

import nbformat
import pandas as pd
import pytest
from grader_kit import all_questions
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade
from pydantic import TypeAdapter

from grader import check as module
from grader import seal
from grader.canonical import MIME
from grader.check import NotYet, check
from grader.compile import compile_question
from grader.key import Question

QUESTION = next(q for _, q in all_questions() if q.id == "01.1")
RIGHT = {"000": 6, "001": 24, "002": 7, "003": 1, "004": 32}


@pytest.fixture
def sheet(at_sheet):
    at_sheet(seal.seal([compile_question(QUESTION)]))
    module.attempts.begin()


def said(capsys) -> str:
    return capsys.readouterr().out


def test_right_partly_and_not_yet(sheet, capsys):
    assert check("01.1", RIGHT) is None
    assert "✓ 01.1 Right (2 of 2 points)" in (text := said(capsys))
    assert "Why: " in text
    partly = check("01.1", {**RIGHT, "003": 37})
    bundle = partly._repr_mimebundle_()
    assert float(bundle["text/plain"]) == 1.6
    assert "segments" in said(capsys)
    with pytest.raises(NotYet, match="Not yet"):
        check("01.1", dict.fromkeys(RIGHT, 99))


@pytest.mark.parametrize(("answer", "sentence"), [
    (..., "There is no answer yet: the value is still the three dots"),
    (None, "There is no answer yet: the value is None"),
    ([...], "There is no answer yet: the value is still the three dots"),
    ({"000": ..., "001": ...}, "There is no answer yet: the value is still the three dots"),
    (70, "A dict with a value for each key is expected; yours is a number."),
    ("six", "yours is a text (str)"),
    ([6, 24], "yours is a list"),
    (len, "parentheses behind its name"),
    (pd.DataFrame({"a": [1]}), "yours is a DataFrame"),
    ({"000": 6, "000 ": 7}, "The key 000 stands twice"),
    (pd.Series([6, 7], index=["000", "000"]), "The key 000 stands twice"),
    ({"x": 1}, "has no value for the keys that are asked for: 000, 001"),
    (object(), "an object of type object"),
])
def test_type_and_shape_come_first(sheet, answer, sentence):
    with pytest.raises(NotYet) as error:
        check("01.1", answer)
    assert sentence in str(error.value)
    assert "Traceback" not in str(error.value)


def test_a_defensible_row_is_told_apart_with_its_rule(at_sheet, capsys):
    """It counts neither way, and the sentence that names the rule is sealed under that row."""
    rule = "Rule 3: the label is about wording, not about truth."
    question = TypeAdapter(Question).validate_python({
        "id": "99.1", "kind": "evidence", "title": "t", "variable": "x", "points": 2,
        "level": "apply", "labels": ["LL", "AF"], "need": 1, "core": [["000 P1", "LL"]],
        "defensible": [["000 P2", "LL", rule], ["000 P4", "AF"]],
        "explanation": "Because the rule says so."})
    closed = seal.seal([compile_question(question)])
    assert rule not in json.dumps(closed) and "000 P4" not in json.dumps(closed)
    at_sheet(closed)
    right, rule_row = ("000 P1", "LL", "massacre"), ("000 P2", "LL", "cruel practices")
    check("99.1", [right, rule_row, ("000 P4", "AF", "heavy casualties")])
    text = said(capsys)
    assert "✓ 99.1 Right" in text and text.count("can be defended") == 2
    assert f"000 P2 LL can be defended: it counts neither for nor against you. {rule}" in text
    with pytest.raises(NotYet):
        check("99.1", [rule_row])
    assert rule in said(capsys)
    check("99.1", [right, ("000 P5", "LL", "currently unclear")])
    assert rule not in said(capsys)


def test_points_may_begin_above_what_guessing_gives(at_sheet, capsys):
    question = TypeAdapter(Question).validate_python({
        "id": "99.2", "kind": "mapping", "title": "t", "variable": "x", "points": 2,
        "level": "apply", "options": ["a", "b"], "answer": dict(zip("pqrs", "abab", strict=True)),
        "above_chance": True, "explanation": "Because the rule says so."})
    at_sheet(seal.seal([compile_question(question)]))
    with pytest.raises(NotYet):  # half of two options: what a coin gives
        check("99.2", dict.fromkeys("pqrs", "a"))
    assert "Guessing gets 1 in 2 right, so points begin above that." in said(capsys)
    partly = check("99.2", {"p": "a", "q": "b", "r": "a", "s": "a"})
    assert float(partly._repr_mimebundle_()["text/plain"]) == 1.0  # (3/4 - 1/2) / (1 - 1/2) of 2


def test_a_type_does_not_say_which_key_takes_a_word(at_sheet, capsys):
    question = next(q for _, q in all_questions() if q.id == "05.2")
    spec = compile_question(question)
    assert len({tuple(spec["types"][key]) for key in question.mixed}) == 1
    at_sheet(seal.seal([spec]))
    module.attempts.begin()
    for key, value in (("A low", 1), ("A high", 1), ("A low", "open"), ("B high", "not said")):
        with pytest.raises(NotYet):
            check("05.2", {key: value})
        assert "should be" not in said(capsys)
    with pytest.raises(NotYet):
        check("05.2", {"A high": "12,000"})  # a number in quotation marks is one for every key
    assert "should be a number" in said(capsys)


def test_one_more_hint_per_new_attempt(sheet):
    texts = []
    for wrong in (97, 98, 98, 99):
        with pytest.raises(NotYet) as error:
            check("01.1", dict.fromkeys(RIGHT, wrong))
        texts.append(str(error.value).count("Tip: "))
    assert texts == [1, 2, 2, 2]  # the question has two general hints; a repeated answer adds none


def test_warnings_stay_inside(sheet):
    class Warns(dict):
        def items(self):
            warnings.warn("loud", stacklevel=1)
            return super().items()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        check("01.1", Warns(RIGHT))
    assert caught == []


def test_the_answer_is_not_changed(sheet):
    frame = pd.Series(RIGHT)
    before = frame.copy()
    check("01.1", frame)
    pd.testing.assert_series_equal(frame, before)


@pytest.mark.parametrize(("content", "sentence"), [
    ("{not json", "is damaged"),
    ("[]", "is damaged"),
    ('{"format": 2}', "is damaged"),
    ('{"format": 99, "questions": {}}', "has format 99"),
    ('{"format": 2, "salt": "x", "questions": {"01.1": 5}}', "is damaged"),
    ('{"format": 2, "salt": "x", "questions": {"01.1": {"kind": "mapping"}}}', "is damaged"),
    ('{"format": 2, "salt": "x", "questions": {"01.1": {"kind": "function", "calls": 5}}}',
     "is damaged"),
    (100_000 * "[", "is damaged"),
], ids=lambda value: value[:60])
def test_a_bad_sheet_is_one_sentence_and_costs_nothing(at_sheet, capsys, content, sentence):
    at_sheet(content)
    for answer in (RIGHT, len):
        with pytest.raises(NotYet) as error:
            check("01.1", answer)
        assert sentence in str(error.value)


def test_a_missing_sheet_and_an_unknown_question(tmp_path, monkeypatch, at_sheet):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotYet, match=r"checks\.json is not beside this\s+notebook"):
        check("01.1", RIGHT)
    at_sheet(seal.seal([compile_question(QUESTION)]))
    with pytest.raises(NotYet, match="Write its number in quotation marks"):
        check(1.1, 3)
    with pytest.raises(NotYet, match="No answer yet"):
        check("01.1")
    with pytest.raises(NotYet, match=r"has no question 09\.9; it has 01\.1"):
        check("09.9", RIGHT)


def run(folder, *sources) -> list:
    """Execute cells as nbgrader's Validate does, in a real kernel, and return them."""
    nb = new_notebook(cells=[new_code_cell("from grader.check import check")]
                      + [new_code_cell(s) for s in sources])
    Execute(timeout=300, startup_timeout=300).preprocess(nb, {"metadata": {"path": str(folder)}})
    return nb.cells[1:]


def test_in_a_real_kernel_stock_nbgrader_reads_every_outcome(sheet, tmp_path, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    cells = run(tmp_path, *(f'check("01.1", {answer!r})' for answer in (
        RIGHT, {**RIGHT, "003": 37}, dict.fromkeys(RIGHT, 99), 5)), 'check("01.1", nothing_here)',
        "nothing_here")
    grades = []
    for cell in cells[:5]:
        cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": 2}
        grades.append(determine_grade(cell)[0])
    assert grades == [2, 1.6, 0, 0, 0]
    for cell in cells[:4]:
        box = cell.outputs[0].data
        assert 'role="status"' in box["text/html"]
        assert box[MIME]["question"] == "01.1"
        assert "01.1" in box["text/plain"]
    not_yet = cells[2].outputs[-1]
    assert not_yet.ename == "NotYet"
    assert "Traceback" not in "".join(not_yet.traceback)
    [no_name] = cells[4].outputs  # nbgrader would add an error whose name differs from the reply's
    # nbgrader's Validate cuts longer lines off.
    assert max(map(len, [*no_name.traceback, *not_yet.traceback])) <= 80
    no_name = " ".join(no_name.traceback)
    assert no_name.startswith("The name `nothing_here` does not exist yet.")
    assert "Traceback" not in no_name
    # Outside a check, a NameError stays what it was.
    assert cells[5].outputs[-1].ename == "NameError"
    assert json.loads(nbformat.writes(new_notebook(cells=cells)))
