"""The form of notebooks: valid, clean, readable, in step with the answer key."""

from __future__ import annotations

import re

import nbformat
import pytest
from course_tools import (
    CHECK,
    EXERCISES,
    LESSONS,
    cells,
    nbgrader,
    raw,
    source,
    without_code,
)

from grader.key import load
from grader.scaffold.notebook_gaps import of_exercise

everything = pytest.mark.parametrize("path", LESSONS + EXERCISES, ids=lambda path: path.stem)
lessons = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
exercises = pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)


@everything
def test_valid_and_stripped(path):
    """Outputs and widget states in the repository are stale, and may hold an article's text."""
    notebook = raw(path)
    nbformat.validate(notebook)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert "widgets" not in notebook["metadata"]
    left = [cell["id"] for cell in cells(notebook, "code")
            if cell["outputs"] or cell["execution_count"] is not None]
    assert not left, f"run `make tidy`: {left}"


@everything
def test_cell_ids_are_names(path):
    """Grading finds cells by id, and people find them in a diff: random ids help neither."""
    ids = [cell["id"] for cell in raw(path)["cells"]]
    assert len(set(ids)) == len(ids)
    odd = [i for i in ids if not re.fullmatch(r"[a-z][a-z0-9-]{1,63}", i)
           or re.fullmatch(r"[0-9a-f]{8}|[0-9a-f-]{36}", i)]
    assert not odd, odd
    for cell in raw(path)["cells"]:
        assert nbgrader(cell).get("grade_id", cell["id"]) == cell["id"] or \
            not (nbgrader(cell)["grade"] or nbgrader(cell)["solution"]), cell["id"]


@everything
def test_headings(path):
    """One title, and no level left out: screen readers travel by headings."""
    levels = [len(found[1]) for cell in cells(raw(path), "markdown")
              for found in re.finditer(r"^(#{1,6}) +\S", without_code(source(cell)), re.M)]
    assert levels[0] == 1 and levels.count(1) == 1
    jumps = [pair for pair in zip(levels, levels[1:], strict=False) if pair[1] > pair[0] + 1]
    assert not jumps, jumps


@everything
def test_images_have_alt_text(path):
    for cell in cells(raw(path), "markdown"):
        text = without_code(source(cell))
        assert not re.search(r"!\[\s*\]", text), cell["id"]
        for image in re.findall(r"<img\b[^>]*>", text):
            assert re.search(r'alt="[^"]+"', image), cell["id"]


@lessons
def test_length(path):
    """Long cells are skipped, and a lesson beyond an hour and a half is not finished."""
    notebook = raw(path)
    least = 25 if path.stem.startswith("00") else 30
    assert least <= len(notebook["cells"]) <= 60
    lengths = [len(source(cell).split()) for cell in cells(notebook, "markdown")]
    assert sum(lengths) / len(lengths) <= 120
    long = {cell["id"]: n for cell in cells(notebook, "code")
            if (n := len(source(cell).splitlines())) > 15}
    assert not long, long


# --- exercises ---------------------------------------------------------------------------

@exercises
def test_nothing_is_missing(path):
    """Cells, metadata, stubs, rubrics and sums, as `grader new todo` looks at them; that it finds
    each fault is tested in tests/grader/test_scaffold.py."""
    notebook, key = raw(path), {q.id: q for q in load(path.stem).questions}
    assert len(key) >= 9
    assert not list(of_exercise(notebook, key))
    tasks = [cell for cell in cells(notebook, "markdown") if nbgrader(cell).get("grade")]
    assert 1 <= len(tasks) <= 2
    assert not [cell["id"] for cell in notebook["cells"] if nbgrader(cell) and (
        nbgrader(cell)["schema_version"] != 3 or nbgrader(cell)["task"])]


@exercises
def test_questions_are_of_several_levels(path):
    assert len({question.level for question in load(path.stem).questions}) >= 3


@lessons
def test_lesson_checks_fit_the_key(path):
    """A check under another name than the key's would call a right answer missing."""
    key = {q.id: q for q in load(path.stem).lesson_questions}
    asked = {}
    for cell in cells(raw(path), "code"):
        for number, answer in CHECK.findall(source(cell)):
            asked.setdefault(number, set()).add(answer)
    assert set(asked) == set(key)
    for number, names in asked.items():
        # Lesson 00 also passes wrong values, to show what comes of them.
        assert key[number].variable in names, f"{number}: {names}"
        assert path.stem.startswith("00") or names == {key[number].variable}, number
