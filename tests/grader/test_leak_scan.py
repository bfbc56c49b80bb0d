"""The scan at every release finds a planted leak of each kind, names it, and does not repeat it."""

from __future__ import annotations

import base64
import gzip
import json
import zipfile

import nbformat
import pytest
from places import ROOT

from grader.canonical import MIME, canonical
from grader.compile import bank_value, compiled
from grader.course import CourseProblem
from grader.editions import bundle
from grader.key import load
from grader.leak_scan import Scan
from grader.leaks import key_texts

QUESTIONS = {q.id: q for q in load("04-timeline").questions}
EXERCISE = "exercises/04-timeline/04-timeline.ipynb"


@pytest.fixture(scope="module")
def scan(released) -> Scan:
    return Scan(released)


@pytest.fixture(scope="module")
def contents(released) -> dict[str, bytes]:
    """The bundle with all exercises, by name."""
    return dict(bundle.contents(released.classroom / "bundle"))


def whats(scan: Scan, name: str, content: bytes | str) -> set[str]:
    data = content.encode() if isinstance(content, str) else content
    return {leak.what for leak in scan.leaks([(name, data)])}


def test_the_bundle_itself_is_clean(scan, contents):
    assert not list(scan.leaks(contents.items()))


def source() -> bytes:
    return (ROOT / "exercises/04-timeline/04-timeline.ipynb").read_bytes()


def right(question: str) -> str:
    return next(entry.code for entry in QUESTIONS[question].bank if entry.credit == 1)


def hidden_input() -> str:
    """The text of a hidden call of some function of the course."""
    return next(text for label, text in key_texts().items()
                if label[1].startswith("input") and len(text.split()) > 5)


def solution() -> str:
    cells = json.loads(source())["cells"]
    return "".join(next(c for c in cells if c["id"] == "answer-04-3")["source"]).split(
        "### BEGIN SOLUTION\n")[1].split("### END")[0]


def model_text() -> str:
    cells = json.loads(source())["cells"]
    return " ".join("".join(next(c for c in cells if c["id"] == "rubric-04-1")["source"]).split(
        "\n")[1].split()[:20])


# What is planted in a page, and what it is called.
TEXTS = {
    "half an explanation": (lambda: " ".join(QUESTIONS["04.1"].explanation.split()[:16]),
                            "the explanation of question 04.1"),
    "a hint": (lambda: QUESTIONS["04.1"].misconceptions[0].hint, "a hint of question 04.1"),
    "a hidden input": (hidden_input, "a hidden input of question "),
    "an entry of a bank": (lambda: right("04.3"), "an answer to question 04.3"),
    "a solution": (solution, "the solution of the cell answer-04-3"),
    "a model text": (model_text, "the solution of the cell rubric-04-1"),
    "a recorded answer": (lambda: json.dumps(canonical(bank_value(right("04.3")))),
                          "the recorded form of an answer to question 04.3"),
    "a mark of a solution": (lambda: "### BEGIN SOLUTION", "nbgrader's mark around a solution"),
    "a mark of hidden tests": (lambda: "### BEGIN HIDDEN TESTS",
                               "nbgrader's mark around hidden tests"),
    "a mark of a scheme": (lambda: "=== BEGIN MARK SCHEME ===",
                           "nbgrader's mark around a marking scheme"),
}


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("place", ["notebooks/notes.md", "notebooks/02-actors.ipynb",
                                   "reader/tools.py"])
def test_a_planted_text_is_found(scan, contents, kind, place):
    planted, called = TEXTS[kind][0](), TEXTS[kind][1]
    if place.endswith(".ipynb"):
        nb = nbformat.reads(contents[place].decode(), 4)
        nb.cells.insert(3, nbformat.v4.new_markdown_cell(f"Well: {planted}"))
        content = nbformat.writes(nb)
    else:
        content = f"# A page\n\nSome text before.\n{planted}\nand after.\n"
    assert any(what.startswith(called) for what in whats(scan, place, content))


CODES = {
    "base64": lambda data: base64.b64encode(data), "hexadecimal": lambda data: data.hex().encode(),
    "base64 in lines": base64.encodebytes, "for addresses": base64.urlsafe_b64encode,
    "gzip in base64": lambda data: base64.b64encode(gzip.compress(data)),
    "base64 twice": lambda data: base64.b64encode(base64.b64encode(data)),
}


@pytest.mark.parametrize("code", CODES)
def test_an_encoded_text_is_found(scan, code):
    """In the explanation of a question, each letter of which may begin another group of three."""
    text = QUESTIONS["04.1"].explanation
    assert not whats(scan, "reader/tools.py", f"x = '{'QUJDREVG' * 20}'")
    for start in range(3):
        planted = CODES[code](("é" + "-" * start + text).encode()).decode()
        assert whats(scan, "reader/tools.py", f'DATA = """{planted}"""\n') == {
            "the explanation of question 04.1, encoded"}
    assert "the explanation of question 04.1, encoded" in whats(
        scan, "reader/data.gz", gzip.compress(text.encode()))


FILES = {
    "a key": ("seeds/more.csv", lambda: (ROOT / "grader/answer_key/04-timeline.yaml").read_bytes(),
              "a copy of the instructor's file 04-timeline.yaml"),
    "a source notebook": (EXERCISE, source, "a copy of the instructor's file 04-timeline.ipynb"),
    "the folder of the key": ("grader/answer_key/README.md", lambda: b"# The key",
                              "what belongs to instructors alone, as its name says"),
    "the guide": ("grader/guide/release.md", lambda: b"# Release",
                  "what belongs to instructors alone, as its name says"),
    "settings": ("class.yaml", lambda: b"{}", "what belongs to instructors alone, as its name"),
    "an article": ("seeds/texts/000.txt", lambda: b"words", "what belongs to instructors alone"),
    "the compiled key": ("exercises/04-timeline/checks.json", lambda: json.dumps(
        {"questions": compiled("04-timeline")}, default=str).encode(),
        "an answer to question 04.1 that is not sealed"),
    "damaged checks": ("exercises/04-timeline/checks.json", lambda: b"{}",
                       "checks that are not in the sealed form"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_planted_file_is_found(scan, kind):
    name, content, called = FILES[kind]
    assert any(what.startswith(called) for what in whats(scan, name, content()))


def test_a_hidden_call_in_the_sealed_checks_is_found(scan, contents):
    name = "exercises/04-timeline/checks.json"
    sheet = json.loads(contents[name])
    assert not whats(scan, name, contents[name])
    sheet["questions"]["04.13"]["calls"].append({"args": [1], "kwargs": {}, "hidden": True})
    assert whats(scan, name, json.dumps(sheet)) == {"a hidden input of question 04.13"}


def test_one_line_of_a_solution_and_a_recorded_output_are_found_in_an_exercise(scan, contents):
    nb = nbformat.reads(contents[EXERCISE].decode(), 4)
    cell = next(cell for cell in nb.cells if cell.id == "answer-04-10")
    cell.source = 'days_between = dates.days_between(day["E29"], day["E46e"])'
    assert whats(scan, EXERCISE, nbformat.writes(nb)) == {
        "a line of the solution of the cell answer-04-10"}
    nb = nbformat.reads(contents[EXERCISE].decode(), 4)
    cell = next(cell for cell in nb.cells if cell.id == "check-04-10")
    cell.outputs = [nbformat.v4.new_output("display_data", {MIME: {"answer": ["num", "1"]}})]
    assert whats(scan, EXERCISE, nbformat.writes(nb)) == {"an answer that a check has recorded"}


def test_the_sentence_names_file_and_kind_and_repeats_nothing(scan, tmp_path):
    secret = QUESTIONS["04.1"].explanation
    page = f"# A page\n\n{secret}\n".encode()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("reading-idlib/notebooks/notes.md", page)
    with zipfile.ZipFile(tmp_path / "a.zip") as packed, pytest.raises(CourseProblem) as told:
        scan.require_none("the archive", [(name, packed.read(name)) for name in packed.namelist()])
    said = str(told.value)
    assert said == ("Nothing was published, because reading-idlib/notebooks/notes.md in the "
                    "archive holds the explanation of question 04.1, which students must not see. "
                    "Take it out of where it comes from, then release again.")
    words = set(secret.split())
    assert not [word for word in words if len(word) > 9 and word in said]
