"""Hints and explanations, read as somebody who is about to give up: they say where to read, name
their evidence, are short, and do not scold. (That they give nothing away is tested with the
sealed checks; that the places exist, with the course.)"""

from __future__ import annotations

import re
from contextlib import suppress

import pandas as pd
import pytest

from grader.key import FOLDER, load

KEYS = [load(path.stem) for path in sorted(FOLDER.glob("*.yaml"))]
QUESTIONS = [q for key in KEYS for q in key.questions]
ALL = QUESTIONS + [q for key in KEYS for q in key.lesson_questions]
LOCATOR = re.compile(r"\b(?:00\d )?[PS]\d+\b")
# Words that tell a learner how easy it was.
SCOLDS = re.compile(r"\b(?:obvious(?:ly)?|of course|trivial(?:ly)?|careless(?:ly)?|silly|stupid|"
                    r"you should have|as you (?:know|surely)|simply read|"
                    r"wrong again|read properly)\b", re.I)
by_id = pytest.mark.parametrize("q", ALL, ids=lambda q: q.id)


@pytest.mark.parametrize("q", QUESTIONS, ids=lambda q: q.id)
def test_the_first_hint_and_the_explanation_say_where_to_read(q):
    hint = re.search(r" \(Lesson (\d\d), section (\d+)\.\)$", q.hints[0])
    again = re.search(r" Read again: lesson (\d\d), section (\d+)\.$", q.explanation)
    assert hint and again and hint.groups() == again.groups()
    assert hint[1] == q.id[:2]


@by_id
def test_an_explanation_names_its_evidence(q):
    if any(entry.locator for entry in q.evidence):
        assert LOCATOR.search(q.explanation), [entry.locator for entry in q.evidence]


@by_id
def test_hints_are_short_and_do_not_scold(q):
    hints = [*q.hints, *(m.hint for m in q.misconceptions)]
    assert hints
    assert not [hint for hint in hints if len(hint.split()) > 65]
    assert not [text for text in [*hints, q.explanation] if SCOLDS.search(text)]


@by_id
def test_an_example_in_a_hint_does_not_come_to_an_answer(q):
    """A line of code that runs as it stands must give some other value."""
    answer = getattr(q, "answer", None)
    values = list(answer.values()) if isinstance(answer, dict) else [answer]
    shown = []
    for code in re.findall(r"`([^`]+)`", " ".join(q.hints)):
        with suppress(Exception):  # most of it stands on names of the notebook
            shown.append(eval(code, {"pd": pd}))
    assert not [value for value in shown if value is not None and any(
        type(right) is type(value) and right == value for right in values)]


@by_id
def test_a_hint_does_not_count_right_answers_place_by_place(q):
    assert q.kind not in ("set", "evidence") or not [hint for hint in q.hints if re.search(
        r"\b(?:one|two|three|four|five|six|\d+) in (?:one passage of )?00\d\b", hint)]
