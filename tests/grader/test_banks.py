"""Every bank entry of every question: through the engine, through check, through scoring."""

import json
from functools import cache

import pytest
from grader_kit import all_questions, sealed
from nbformat.v4 import new_code_cell, new_output

from grader import check as check_module
from grader import engine, seal
from grader.canonical import MIME
from grader.compile import bank_value, compile_question
from grader.score import score_cell

# One test for each question, not for each of its answers: 4,600 tests would cost half a minute.
QUESTIONS = [pytest.param(topic, q, id=q.id) for topic, q in all_questions()]


@pytest.fixture(autouse=True, scope="module")
def quick_seals():
    """Few rounds of stretching: they make no answer right or wrong, and cost half of the time.

    (`test_seal.py` has the real number.)
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seal, "ITERATIONS", 20)
        yield


@cache
def sheet(topic: str, question: str) -> str:
    """The sealed question; its seal is only good in this module."""
    return sealed.__wrapped__(topic, question)


def recorded(question, answer) -> list:
    """What the check cell of a graded notebook would record."""
    return check_module._form(compile_question(question), answer)


@pytest.mark.parametrize(("topic", "question"), QUESTIONS)
def test_scoring_gives_the_stated_credit(topic, question):
    known = {m.name for m in question.misconceptions} | {"empty", "type"}
    spec = compile_question(question)
    for entry in question.bank:
        form = json.loads(json.dumps(recorded(question, bank_value(entry.code))))
        cell = new_code_cell(f'check("{question.id}", x)', outputs=[new_output(
            "display_data", data={MIME: {"question": question.id, "answer": form}})])
        cell.metadata["nbgrader"] = {"points": question.points}
        result = score_cell(cell, spec)
        assert result.credit == pytest.approx(entry.credit, abs=5e-5), (entry, result.messages)
        if entry.credit < 1 and entry.misconception in known:
            assert entry.misconception in result.misconceptions, (entry, result)


@pytest.mark.parametrize(("topic", "question"), QUESTIONS)
def test_check_says_what_scoring_gives(topic, question, at_sheet, capsys):
    at_sheet(sheet(topic, question.id))
    if question.kind == "function":
        opened = [c for c in compile_question(question)["calls"] if not c["hidden"]]
        assert opened, "a function question needs open calls"
    for entry in question.bank:
        value = bank_value(entry.code)
        try:
            result = check_module.check(question.id, value)
            state = "right" if result is None else "partly"
        except check_module.NotYet:
            state = "not"
        said = capsys.readouterr().out
        assert said.strip(), (entry, "check always says something")
        if question.kind == "function":
            # The learner's machine does not know the hidden calls: it may only be more hopeful.
            assert state == "right" or entry.credit < 1, (entry, said)
            continue
        expected = "right" if entry.credit == 1 else "partly" if entry.credit else "not"
        if expected == "partly" and not question.points:
            expected = "right"  # nothing is raised and nothing returned; the box says "Partly"
            assert "Partly" in said, entry
        assert state == expected, (entry, said)


@pytest.mark.parametrize(("topic", "question"), QUESTIONS)
def test_banks_are_large_enough_and_honest(topic, question):
    passing = [e for e in question.bank if e.credit == 1]
    failing = [e for e in question.bank if e.credit < 1]
    if not question.id.startswith("L"):
        assert len(passing) >= 4
        assert len(failing) >= 6
        assert {"empty", "type"} <= {e.misconception for e in failing}
    assert len({e.code for e in question.bank}) == len(question.bank)
    met = {e.misconception for e in failing}
    for misconception in question.misconceptions:
        assert misconception.name in met, f"no bank entry shows {misconception.name}"


@pytest.mark.parametrize(("topic", "question"), [
    pytest.param(t, q, id=q.id) for t, q in all_questions() if q.kind != "function"])
def test_sealed_and_open_questions_agree_to_the_letter(topic, question):
    spec = compile_question(question)
    found = json.loads(sheet(topic, question.id))
    for entry in question.bank:
        form = recorded(question, bank_value(entry.code))
        open_ = engine.evaluate(spec, form, seal.Unsealed())
        closed = engine.evaluate(found["questions"][question.id], form,
                                 seal.Seal(found["salt"], question.id))
        assert open_ == closed
