"""checks.json, which learners get: nothing in it tells an answer without being asked."""

from __future__ import annotations

import json
import re
from pathlib import Path

from course_tools import raw, release
from places import ROOT

from grader.key import load
from grader.leaks import plain_words

NAME, SEALED = re.compile(r"[0-9a-f]{20}"), re.compile(r"gAAAA[\w=-]{80,}")
SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def sheets(room: Path) -> dict[str, tuple[dict, list]]:
    """Every checks.json that learners get, with the questions of the key behind it."""
    keys = [load(path.stem) for path in sorted((ROOT / "grader/answer_key").glob("*.yaml"))]
    found = {key.topic: (raw(release(room, key.topic) / "checks.json"), key.questions)
             for key in keys if key.questions}
    found["lessons"] = (raw(room / "notebooks" / "checks.json"),
                        [q for key in keys for q in key.lesson_questions])
    return found


def public_fields(q) -> dict:
    """The fields of a sealed question that stand there in clear, and what may stand in them."""
    fields = {name: getattr(q, name) for name in
              ("id", "title", "kind", "points", "policy", "hints", "options", "columns", "labels",
               "need", "max_words", "above_chance", "words", "requirements") if hasattr(q, name)}
    fields["tolerance"] = getattr(q, "tolerance", 0)
    if q.kind == "sequence":
        fields["length"] = len(q.answer)
    if q.kind == "mapping":
        fields["keys"] = [str(key) for key in q.answer]
        # How often the commonest value is right is found by one try, and said after it.
        most = max(sum(option in (value, *q.accept.get(key, ())) for key, value in q.answer.items())
                   for option in q.options) / len(q.answer) if q.above_chance else 0
        if (chance := round((3 * most - 1) / 2, 4)) > 1 / len(q.options or "-"):
            fields["chance"] = chance
    if q.kind == "function":
        fields["hidden_calls"] = sum(call.hidden for call in q.calls)
    return fields


def sealed_problems(q, spec: dict) -> list[str]:
    """What a sealed question says beyond what the prompt says anyway."""
    clear = public_fields(q)
    bad = [f"{field} is {spec.get(field)!r}" for field, value in clear.items()
           if spec.get(field) != value]
    closed = {"partial", "parts", "explanation", "neutral", "traps", "calls", "opens", "types"}
    bad += [f"unknown field {field}" for field in set(spec) - set(clear) - closed]
    if spec["partial"] not in (True, False, "pairs", "position"):
        bad.append("partial")
    kinds_of_value = {"bool", "date", "list", "num", "number", "text"}
    typed = clear.get("keys") or clear.get("columns") or (
        ["item"] if q.kind in ("set", "sequence") else [])
    bad += [f"type of {key}" for key, names in spec.get("types", {}).items() if key not in typed
            or not set(names) <= kinds_of_value]
    visible = [{"args": c.args, "kwargs": c.kwargs, "hidden": False}
               for c in getattr(q, "calls", []) if not c.hidden]
    if spec["calls"] != visible:
        bad.append(f"calls: {spec['calls']}")
    labels = {"mapping": clear.get("keys"), "brief": clear.get("requirements"),
              "function": [f"call {n + 1}" for n in range(len(visible))]}
    if q.kind in labels and [part["label"] for part in spec["parts"]] != labels[q.kind]:
        bad.append("labels of parts")
    bad += ["a labelled part" for part in spec["parts"] if part["label"] and q.kind not in labels]
    pairs = [pair for part in spec["parts"] for pair in part["any"]] + spec["traps"]
    pairs += list(spec.get("opens", {}).items())
    bad += [f"not sealed: {pair}" for pair in pairs
            if not (NAME.fullmatch(pair[0]) and SEALED.fullmatch(pair[1]))]
    bad += [f"not sealed: {pair}" for pair in spec["neutral"]
            if not (NAME.fullmatch(pair[0]) and (not pair[1] or SEALED.fullmatch(pair[1])))]
    if not SEALED.fullmatch(spec["explanation"]):
        bad.append("explanation is not sealed")
    # Sorted by hash: no order of the key, such as "the best answer first", shines through.
    orders = [part["any"] for part in spec["parts"]] + [spec["neutral"], spec["traps"]]
    if q.kind not in labels:
        orders.append([part["any"] for part in spec["parts"]])
    bad += ["an order of the key" for order in orders if order != sorted(order)]
    return bad


def test_sealed_checks_hold_nothing_but_what_is_public(room):
    for where, (sheet, questions) in sheets(room).items():
        assert set(sheet) == {"format", "salt", "fingerprint", "questions"}
        assert re.fullmatch(r"[0-9a-f]{24}", sheet["salt"]) and NAME.fullmatch(sheet["fingerprint"])
        assert list(sheet["questions"]) and len(sheet["questions"]) == len(questions)
        for q in questions:
            problems = sealed_problems(q, sheet["questions"][q.id])
            assert not problems, f"{where} {q.id}: {problems}"


def test_the_key_is_sealed_under_each_question_alone(room):
    """The same answer to two questions must not show as the same hash."""
    names = [pair[0] for sheet, _ in sheets(room).values() for spec in sheet["questions"].values()
             for part in spec["parts"] for pair in part["any"]]
    assert len(names) > 100 and len(set(names)) == len(names)


def test_seal_detector_detects(room):
    """Each way of telling too much is found when it is planted."""
    sheet, questions = sheets(room)["01-sources"]
    key = {q.id: q for q in questions}

    def planted(number, change):
        spec = json.loads(json.dumps(sheet["questions"][number]))
        change(spec)
        return sealed_problems(key[number], spec)

    assert planted("01.5", lambda spec: None) == []
    for number, change in {
        "01.1": lambda spec: spec["types"].update({"000": ["6"]}),
        "01.2": lambda spec: spec["parts"].reverse(),
        "01.4": lambda spec: spec["neutral"].append(["002 P1", ""]),
        "01.5": lambda spec: spec.update(answer="2020-02-19"),
        "01.6": lambda spec: spec.update(explanation=key["01.6"].explanation),
        "01.7": lambda spec: spec["parts"][0]["any"][0].__setitem__(0, "p:000>002"),
        "01.11": lambda spec: spec["calls"].append(key["01.11"].calls[-1].model_dump()),
    }.items():
        assert planted(number, change), number


# --- general hints stand there in clear --------------------------------------------------

def forms(value: object) -> set[str]:
    """A value as it would stand in a hint."""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    spelt = {SMALL[value]} if type(value) is int and 0 <= value < len(SMALL) else set()
    return {" ".join(plain_words(form)) for form in {text} | spelt}


def says(text: str, value: object) -> bool:
    line = f" {' '.join(plain_words(text))} "
    return any(form and f" {form} " in line for form in forms(value))


def told(q, hint: str) -> list:
    """Parts of the right answer that a sentence of a hint gives away."""
    found = []
    for sentence in re.split(r"(?<=[.!?:;])\s+", hint):
        if q.kind == "mapping":
            found += [pair for pair in q.answer.items() if all(says(sentence, v) for v in pair)]
        elif q.kind in ("number", "text", "choice"):
            found += [q.answer] if says(sentence, q.answer) else []
        elif q.kind == "set":
            found += [value for value in q.answer if says(sentence, value)]
        elif q.kind == "sequence":
            at = [sentence.casefold().find(str(value).casefold()) for value in q.answer]
            found += [q.answer] if -1 not in at and at == sorted(at) else []
        elif q.kind == "interval":
            days = {day for edtf in (q.core, q.allowed) for day in edtf.split("/")}
            found += [day for day in days if says(sentence, day)]
        elif q.kind == "evidence":
            found += [row for row in q.core if says(sentence, row[0])]
        elif q.kind == "table":
            found += [row for row in q.answer if all(says(sentence, v) for v in row.values())]
    return found


def test_general_hints_do_not_tell_the_answer():
    found = {}
    for path in sorted((ROOT / "grader/answer_key").glob("*.yaml")):
        key = load(path.stem)
        for q in key.questions + key.lesson_questions:
            found |= {(q.id, hint): t for hint in q.hints if (t := told(q, hint))}
    assert not found, found
    number = next(q for q in load("00-start-here").lesson_questions if q.kind == "number")
    assert told(number, f"There are {number.answer} of them.")  # and it can find one
