"""What check says of every answer in the banks: something that helps, in both forms the same."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from grader_kit import all_questions

from grader import check, engine, render, seal
from grader.compile import bank_value, compile_question

QUESTIONS = [pytest.param(q, id=q.id) for _, q in all_questions()]
HOW_MANY = re.compile(r"\d of (the |your )?\d|None of the \d|^The \w+ is (not )?\w+( yet)?\.$|"
                      r"^The clues rule out |^Your interval leaves out ", re.M)


def results(q) -> list[tuple[str, engine.Result, dict]]:
    """(answer, result, question) of each bank entry, as a learner's machine knows the question."""
    spec = compile_question(q)
    calls = [call for call in spec["calls"] if not call["hidden"]]
    if q.kind == "function":
        spec = {**spec, "calls": calls, "parts": spec["parts"][:len(calls)]}
    found = []
    for entry in q.bank:
        form = check._form(spec, bank_value(entry.code))
        found.append((entry.code, engine.evaluate(spec, form, seal.Unsealed()), spec))
    return found


@pytest.mark.parametrize("q", QUESTIONS)
def test_every_box_says_more_than_its_headline(q):
    for code, result, _ in results(q):
        lines = render.plain(result, q.hints[:1]).splitlines()
        assert len(lines) > 1 or q.policy == "shape", code
        for line in lines:
            assert line[-1] in ".!?)`\"'”>…:" or line == lines[0], line
            assert "Traceback" not in line and "  " not in line, line


@pytest.mark.parametrize("q", QUESTIONS)
def test_a_partial_result_says_how_many_of_how_many(q):
    """As far as the policy of the question lets it: `shape` tells nothing but the points."""
    for code, result, spec in results(q):
        said = "\n".join(result.messages)
        if result.state == engine.PARTLY and spec["policy"] != "shape":
            assert HOW_MANY.search(said), (code, said)
        if result.state == engine.PARTLY and spec["policy"] == "shape":
            assert not HOW_MANY.search(said), (code, said)
        if spec["policy"] == "count" and q.kind in ("mapping", "set", "sequence", "table"):
            assert not re.search(r" (right|found): |^Not yet: |^These ", said, re.M), (code, said)


@pytest.mark.parametrize("q", QUESTIONS)
def test_html_and_plain_text_say_the_same(q):
    def words(text: str) -> list[str]:
        return re.findall(r"\w+", text)

    for code, result, _ in results(q):
        page = re.sub(r"<[^>]+>", " ", render.box(result, q.hints))
        assert words(html.unescape(page)) == words(render.plain(result, q.hints)), code


class Tags(HTMLParser):
    """Names of all tags and attributes of a box."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names |= {tag, *(name for name, _ in attrs)}


@pytest.mark.parametrize("q", QUESTIONS)
@pytest.mark.parametrize("text", ["`<img src=x onerror=y>`\x1b[2J\x00", 10**5 * "x"],
                         ids=["markup", "long"])
def test_what_is_told_back_of_an_answer_stays_text(q, text):
    """No markup, no command to a terminal, no flood, in whatever place of an answer it stands."""
    spec = compile_question(q)
    columns = spec.get("columns", ["locator", "label", "phrase"])
    named = [(text, label, text) for label in spec.get("labels", ())]
    for answer in (text, [text] * 3, [text + str(n) for n in range(spec.get("length", 1))],
                   dict.fromkeys(spec.get("keys", "x"), text), {text: 1}, named,
                   pd.DataFrame({text: [1]}), pd.DataFrame([[text] * len(columns)], None, columns),
                   lambda *_, **__: text, type(text[:26], (), {})()):
        result = engine.evaluate(spec, check._form(spec, answer), seal.Unsealed())
        result.question = text[:50]
        page, plain = render.box(result), render.plain(result)
        assert Tags(page).names <= {"div", "p", "span", "strong", "code", "class", "style", "role",
                                    "aria-live", "aria-hidden"}
        assert not re.search(r"[\x00-\x08\x0e-\x1f\x7f]", page + plain) and len(plain) < 5000


@pytest.mark.parametrize(("fitting", "given", "said"), [
    (0, 1, "The clues rule out the day that you give."),
    (0, 9, "The clues rule out all of your 9 days."),
    (4, 9, "The clues rule out 5 of your 9 days; 4 fit.")])
def test_days_of_an_interval_are_counted_in_the_learners_own(fitting, given, said):
    assert engine._say_interval(fitting, given, False) == [said]


@pytest.mark.parametrize(("number", "answer", "said"), [
    ("L01.4", ["on Tuesday, last month"], '"on Tuesday, last month" is a single text. Put each'),
    ("01.4", ["001 P1" "001 P2"], '"001 P1001 P2" is a single text. Put each item in quotation'),
    ("01.10", {"001, 004"}, '"001, 004" is a single text. Put each item in quotation marks of'),
    ("L02.2", "\brebels?\b", 'Copy one of them as it is, between r" and ".'),
    ("L01.1", "machine", "worthless. Copy one of them as it is."),
    ("02.7", {"YPG": "2"}, "Write it without quotation marks."),
    ("01.2", {"000": "opinion"}, "hybrid. Copy one of them as it is."),
    ("01.11", lambda clues: ..., "There is no answer yet: the value is still the three dots."),
    ("01.11", lambda clues: "None", "gave 'None' (a text: `None` has no quotation marks)"),
    ("01.11", lambda clues: [..., 1][len(clues) - 1], "gave ... (the three dots)")])
def test_what_beginners_type_is_told_in_words_that_help(number, answer, said):
    spec = compile_question(next(q for _, q in all_questions() if q.id == number))
    result = engine.evaluate(spec, check._form(spec, answer), seal.Unsealed())
    assert said in "\n".join(result.messages)


def test_one_wrong_day_is_told_once():
    """Who was asked for a day, and gave one, has no interval that could be too short."""
    spec = compile_question(next(q for _, q in all_questions() if q.id == "01.5"))
    result = engine.evaluate(spec, check._form(spec, "2020-02-18"), seal.Unsealed())
    assert result.messages == ["The clues rule out the day that you give."]


def test_a_function_that_prints_and_returns_nothing_is_told_so():
    q = next(q for _, q in all_questions() if q.kind == "function")
    spec = compile_question(q)
    spec["calls"] = [call for call in spec["calls"] if not call["hidden"]]
    spec["parts"] = spec["parts"][:len(spec["calls"])]

    def stops(*_):
        raise ValueError("on purpose")

    for function, said in ((lambda *_: None, "gave None (is the `return` missing?)"),
                           (stops, "your function stopped: ValueError: on purpose.")):
        result = engine.evaluate(spec, check._form(spec, function), seal.Unsealed())
        text = "\n".join(result.messages)
        assert said in text
        # Each call is spoken of once.
        assert all(text.count(f"alled with {call}") <= 1 for call in {
            engine.kinds.call_text(call) for call in spec["calls"]})
