"""The number of attempts: from a check's output to the report, and nothing else by that way."""

from __future__ import annotations

import contextlib
import json
import shutil

import pytest
from grader_kit import sealed

from grader import check
from grader.canonical import MIME
from grader.course import Course
from grader.notebook_file import read_notebook
from grader.report import answers
from grader.tried import believed, claimed

EX = "01-sources"


def test_a_check_says_how_many_answers_were_tried(at_sheet, monkeypatch):
    shown = []
    at_sheet(sealed(EX, "01.3"))
    monkeypatch.setattr(check, "_display", shown.append)
    check.begin()
    for answer in (["000"], ["000"], ["001", "000"], ...):
        with contextlib.suppress(check.NotYet):
            check.check("01.3", answer)
    assert [bundle[MIME].get("attempts") for bundle in shown] == [1, 1, 2, 2]


def test_where_work_is_graded_there_is_none(at_sheet, monkeypatch):
    shown = []
    at_sheet(sealed(EX, "01.3"))
    monkeypatch.setattr(check, "_display", shown.append)
    check.begin(json.dumps({"record": True, "questions": {}}))
    check.check("01.3", ["000"])
    assert set(shown[0][MIME]) == {"question", "answer"}


@pytest.mark.parametrize("number", [0, -1, 1000, 10**400, 1.5, True, None, "x", [3], {"a": 1}, "٣",
                                    "9" * 5000])
def test_only_numbers_of_attempts_are_believed(number):
    assert believed({"01.3": number, "04.1": "7", "01.3<b>": 2, 5: 2}) == {"04.1": 7}
    record = {"data": {MIME: {"question": "01.3", "attempts": number}}}
    assert claimed([{"outputs": [record, "x", {}, {"data": 3}]}, {"outputs": 4}, None, {}]) == {}


def test_from_a_submission_to_the_graded_notebook(played_class, tmp_path):
    course = Course(shutil.copytree(played_class, tmp_path / "course"))
    path = course.folder("submitted", EX, "synthetic-01") / f"{EX}.ipynb"
    nb = json.loads(path.read_text(encoding="utf-8"))
    checks = [cell for cell in nb["cells"] if cell["cell_type"] == "code"
              and cell["metadata"].get("nbgrader", {}).get("grade")]
    for cell, record in zip(checks, (
            {"question": "01.1", "answer": ["num", 1], "attempts": 4},
            json.dumps({"question": "01.2", "attempts": 12}),
            {"question": "01.3", "attempts": "<script>"}), strict=False):
        cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {MIME: record}}]
    path.write_text(json.dumps(nb), encoding="utf-8")
    assert read_notebook(path).tried == {"01.1": 4, "01.2": 12}
    before = _points(course)
    course.grade(EX, "synthetic-01", force=True)
    found = answers.read(course.folder("autograded", EX, "synthetic-01") / f"{EX}.ipynb")
    assert {q: given.attempts for q, given in found.given.items() if given.attempts} == {
        "01.1": 4, "01.2": 12}
    assert _points(course) == before, "nothing is graded by it"


def _points(course) -> float:
    with course.gradebook() as book:
        return book.find_submission(EX, "synthetic-01").score
