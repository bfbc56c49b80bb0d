"""What can be guessed must not pay."""

import nbformat
import pytest
from grader_kit import EXERCISES
from places import ROOT
from pydantic import TypeAdapter

from grader import notebook
from grader.key import Question, load
from grader.lint import guessable


@pytest.mark.parametrize("topic", EXERCISES)
def test_no_question_of_the_course_pays_for_guessing(topic):
    nb = nbformat.read(ROOT / "exercises" / topic / f"{topic}.ipynb", as_version=4)
    questions = load(topic).questions
    assert all(notebook.prompt(nb, q.id) for q in questions)
    assert [what for q in questions for what in guessable(q, notebook.prompt(nb, q.id))] == []


def calls(opened, hidden):
    return [{"args": [n], "expect": value, "hidden": n >= len(opened)}
            for n, value in enumerate(opened + hidden)]


KEYS = dict.fromkeys("pqrst", "x")
BAD = {
    "three options": ({"kind": "choice", "options": [1, 2, 3], "answer": 1}, "a guess among 3"),
    "a small count": ({"kind": "number", "answer": 2}, "found by trying"),
    "a wide tolerance": ({"kind": "number", "answer": 10, "tolerance": 4}, "tolerance is 40%"),
    "a given number": ({"kind": "number", "answer": 535}, "stands in the prompt"),
    "a given text": ({"kind": "text", "answer": "Crisis"}, "stands in the prompt"),
    "yes or no": ({"kind": "text", "answer": "Yes"}, "a coin's answer"),
    "two options": ({"kind": "mapping", "options": ["x", "y"], "answer": {"p": "x", "q": "y"}},
                    "guessing earns 50%"),
    "booleans": ({"kind": "mapping", "answer": {"p": True, "q": False, "r": 700}},
                 "guessing earns 33%"),
    "one option for all": ({"kind": "mapping", "options": [*"abcdex"],
                            "answer": {**KEYS, "s": "a", "t": "b"}}, "for every key earns 60%"),
    "pairs": ({"kind": "sequence", "answer": [1, 2, 3], "partial": "pairs"}, "any order earns 50%"),
    "a year": ({"kind": "interval", "core": "2018-05", "allowed": "2018"}, "an interval of 400"),
    "no hidden call": ({"kind": "function", "calls": calls([1, 2], [])}, "no hidden call"),
    "a constant": ({"kind": "function", "calls": calls([7, 8], [7, 7, 9])}, "always returns"),
    "a lucky table": ({"kind": "function", "calls": calls([7, 8], [7, 7, 9])}, "a table of the"),
    "truth values": ({"kind": "function", "calls": calls([True, False], [True, False, True])},
                     "always returns"),
}


def question(fields):
    return TypeAdapter(Question).validate_python({
        "id": "99.1", "title": "t", "variable": "x", "points": 2, "level": "apply",
        "explanation": "Because the rule says so.", **fields})


@pytest.mark.parametrize("name", BAD)
def test_what_can_be_guessed_is_found(name):
    fields, says = BAD[name]
    prompt = "Of **535** people, what is the word? `crisis`."
    found = guessable(question(fields), prompt)
    assert any(says in what for what in found), found
    assert guessable(question({**fields, "points": 0}), prompt) == []


GOOD = {
    "four options": {"kind": "choice", "options": [1, 2, 3, 4], "answer": 1},
    "a large number": {"kind": "number", "answer": 536, "tolerance": 5},
    "above chance": {"kind": "mapping", "options": [*"abcdx"], "above_chance": True,
                     "answer": {**KEYS, "s": "a", "t": "b"}},
    "all or nothing": {"kind": "mapping", "partial": False, "answer": {"p": 1, "q": 2}},
    "values to be found": {"kind": "mapping", "answer": {"p": 14, "q": 11}},
    "an order": {"kind": "sequence", "answer": [1, 2, 3, 4], "partial": "position"},
    "different results": {"kind": "function", "calls": calls([7, 8], [1, 2, 3, 4])},
}


@pytest.mark.parametrize("name", GOOD)
def test_what_must_be_found_is_left_alone(name):
    assert guessable(question(GOOD[name]), "Of 535 people") == []
