"""Sealed checks keep answers out of sight and open texts only to their answers."""

import json

import pytest
from grader_kit import all_questions, sealed

from grader import check, engine, seal
from grader.canonical import canonical
from grader.compile import bank_value, compile_question

QUESTIONS = [pytest.param(topic, q, id=q.id) for topic, q in all_questions()]
PUBLIC = {"id", "title", "kind", "points", "policy", "hints", "explanation", "partial",
          "tolerance", "calls", "hidden_calls", "options", "columns", "labels", "need",
          "max_words", "length", "keys", "types", "parts", "neutral", "traps", "opens",
          "above_chance", "chance", "words", "requirements"}


@pytest.mark.parametrize(("topic", "q"), QUESTIONS)
def test_sealed_question_has_only_public_fields_and_hashes(topic, q):
    spec = compile_question(q)
    closed = json.loads(sealed(topic, q.id))["questions"][q.id]
    assert set(closed) <= PUBLIC
    tokens = [t for part in spec["parts"] for t, _ in part["any"]]
    tokens += [part for pair in spec["neutral"] for part in pair if part]
    for part in closed["parts"]:
        assert part["label"] in {"", *spec.get("keys", []), *spec.get("requirements", []),
                                 *(f"call {n}" for n in range(1, 99))}
        for name, wrapped in part["any"]:
            assert len(name) == 20 and int(name, 16) >= 0
            assert wrapped.startswith("gAAAA")
    if q.kind == "mapping":  # how many answers a key takes is nobody's business
        assert len({(len(part["any"]), *(len(sealed_) for _, sealed_ in part["any"]))
                    for part in closed["parts"]}) == 1
    text = json.dumps(closed)
    for secret in [q.explanation, *(m.hint for m in q.misconceptions), *tokens]:
        assert secret not in text
    assert not any(call["hidden"] for call in closed["calls"])
    assert all("expect" not in call for call in closed["calls"])


@pytest.mark.parametrize(("topic", "q"), QUESTIONS)
def test_only_right_answers_open_the_explanation(topic, q, monkeypatch):
    # What opens what does not depend on the rounds of stretching, which make this slow.
    monkeypatch.setattr(seal, "ITERATIONS", 20)
    sheet = json.loads(sealed.__wrapped__(topic, q.id))
    closed = sheet["questions"][q.id]
    for entry in q.bank:
        form = check._form(closed, bank_value(entry.code))
        result = engine.evaluate(closed, form, seal.Seal(sheet["salt"], q.id))
        if entry.credit == 1:
            assert result.explanation == q.explanation
        elif q.kind != "function":
            assert result.explanation == ""


def test_a_hint_opens_to_its_own_misconception_only(at_sheet):
    q = next(q for _, q in all_questions() if q.id == "01.1")
    spec = compile_question(q)
    sheet = seal.seal([spec])
    lock = seal.Seal(sheet["salt"], "01.1")
    question = sheet["questions"]["01.1"]
    (_, closed), *_ = question["traps"]
    assert lock.hint("w:some other answer", closed) == {"name": "", "hint": ""}
    wrong = {"000": 6, "001": 24, "002": 7, "003": 37, "004": 32}
    result = engine.evaluate(question, canonical(wrong), lock)
    assert result.misconceptions == ["segments-not-paragraphs"]
    assert len(result.hints) == 1


def test_sealing_again_changes_nothing_unless_the_key_did():
    specs = [compile_question(q) for _, q in all_questions()[:3]]
    first = seal.seal(specs)
    assert seal.seal(specs, existing=json.loads(json.dumps(first))) == first
    changed = [{**specs[0], "explanation": "Another explanation."}, *specs[1:]]
    assert seal.seal(changed, existing=first) != first
    assert seal.seal(specs)["salt"] != first["salt"]


def test_the_same_answer_looks_different_in_every_question_and_release():
    names = {seal.Seal(salt, question).name("t:yes")
             for salt in ("a", "b") for question in ("01.1", "01.2")}
    assert len(names) == 4


def test_graded_work_gets_calls_but_no_answers():
    specs = [compile_question(q) for _, q in all_questions() if q.kind == "function"]
    sheet = seal.record_sheet(specs)
    text = json.dumps(sheet)
    assert all(set(q) == {"kind", "calls"} for q in sheet["questions"].values())
    assert '"expect"' not in text and '"parts"' not in text
    assert all(set(c) == {"args", "kwargs"} for q in sheet["questions"].values()
               for c in q["calls"])
