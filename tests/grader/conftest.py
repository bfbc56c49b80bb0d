"""A real course in a temporary folder, released by the real command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from collect_kit import empty_class, handed_in
from grader_kit import find

from grader import key
from grader.course import Course


@pytest.fixture(scope="session")
def released(released_course) -> Course:
    """A course whose exercises are released. Tests that write take `course`."""
    return Course(released_course)


@pytest.fixture
def course(released, tmp_path) -> Course:
    """A copy of the released course that a test may change."""
    target = tmp_path / "course"
    shutil.copytree(released.root, target)
    return Course(target)


@pytest.fixture
def submit(course):
    """Write a submission: answers by question id, as Python source; returns the path."""

    def write(student: str, assignment: str, answers: dict[str, str] | None = None,
              change=None) -> Path:
        nb = course.released(assignment)
        variables = {q.id: q.variable for q in key.load(assignment).questions}
        for question, code in (answers or {}).items():
            cell = find(nb, f"answer-{question.replace('.', '-')}")
            cell.source = ("import numpy as np\nimport pandas as pd\n"
                           "import datetime as dt\nfrom datetime import date, datetime\n"
                           f"{variables[question]} = (\n{code}\n)")
        text = None
        if change is not None:
            text = change(nb)
        folder = course.folder("submitted", assignment, student)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{assignment}.ipynb"
        path.write_text(text if isinstance(text, str) else nbformat.writes(nb), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def handed(played_class) -> dict:
    """What the synthetic class handed in: exercise → its submissions."""
    return handed_in(played_class)


@pytest.fixture
def enrolled_class(released_course, handed, tmp_path) -> Course:
    """A released course with a class list, in which nobody has handed in anything."""
    return empty_class(released_course, tmp_path, [h.student for h in handed["01-sources"]])


@pytest.fixture
def at_sheet(tmp_path, monkeypatch):
    """Stand in a folder with a given checks.json, with a log of its own."""

    def stand(data) -> Path:
        text = data if isinstance(data, str) else json.dumps(data)
        (tmp_path / "checks.json").write_text(text, encoding="utf-8")
        return tmp_path

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("READING_IDLIB_LOG", str(tmp_path / "log.jsonl"))
    return stand
