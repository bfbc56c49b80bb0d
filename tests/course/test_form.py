"""The form of notebooks: valid, clean, readable, in step with the answer key."""

from __future__ import annotations

import re

import nbformat
import pytest
from course_tools import (
    CHECK,
    EXERCISES,
    LESSONS,
    REGION,
    cells,
    nbgrader,
    raw,
    source,
    tags,
    without_code,
)

from grader.key import load

everything = pytest.mark.parametrize("path", LESSONS + EXERCISES, ids=lambda path: path.stem)
lessons = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
exercises = pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
LEVELS = {"0", "1", "2", "3"}


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

def triples(notebook: dict) -> list[tuple[dict, dict, dict]]:
    """Prompt, answer and check cell of every question."""
    found = notebook["cells"]
    at = [i for i, cell in enumerate(found) if cell["cell_type"] == "code"
          and nbgrader(cell).get("grade")]
    return [(found[i - 2], found[i - 1], found[i]) for i in at]


META = {  # role: (grade, solution, locked)
    "prompt": (False, False, True), "answer": (False, True, False), "check": (True, False, True)}


@exercises
def test_questions_have_three_cells(path):
    key = {q.id: q for q in load(path.stem).questions}
    notebook = raw(path)
    seen = []
    for trio in triples(notebook):
        prompt, answer, check = trio
        number = check["id"].removeprefix("check-")
        question = key[number.replace("-", ".")]
        seen.append(question.id)
        for cell, role in zip(trio, META, strict=True):
            meta = nbgrader(cell)
            assert cell["id"] == meta["grade_id"] == f"{role}-{number}"
            assert (meta["grade"], meta["solution"], meta["locked"]) == META[role], cell["id"]
            assert meta["schema_version"] == 3 and meta["task"] is False, cell["id"]
        assert nbgrader(check)["points"] == question.points
        assert source(check) == f'check("{question.id}", {question.variable})'
        assert tags(check) == ["raises-exception"]
        heading = source(prompt).splitlines()[0]
        unit = "point" if question.points == 1 else "points"
        assert re.fullmatch(rf"### {re.escape(question.id)} .+ \({question.points:g} {unit}\)",
                            heading), heading
        assert f"`{question.variable}" in source(prompt), f"{prompt['id']}: no variable name"
    assert sorted(seen) == sorted(key), "notebook and key ask different questions"
    assert len(seen) == len(set(seen)) >= 9


@exercises
def test_answer_cells_have_a_stub_and_a_solution(path):
    """Without the stub a released cell is bare; without the region nbgrader removes nothing."""
    for _, answer, check in triples(raw(path)):
        variable = CHECK.search(source(check))[2]
        code = source(answer)
        assert len(REGION.findall(code)) == code.count("SOLUTION") / 2 == 1, answer["id"]
        stub = REGION.sub("", code).strip()
        assert re.fullmatch(rf"{variable} = \.\.\.|def {variable}\([\w, ]*\):\n    \.\.\.",
                            stub), f"{answer['id']}: {stub}"


@exercises
def test_rubric_tasks(path):
    notebook = raw(path)
    found = notebook["cells"]
    tasks = [i for i, cell in enumerate(found) if cell["cell_type"] == "markdown"
             and nbgrader(cell).get("grade")]
    assert 1 <= len(tasks) <= 2
    for i in tasks:
        meta, before = nbgrader(found[i]), found[i - 1]
        assert found[i]["id"] == meta["grade_id"] and meta["grade_id"].startswith("rubric-")
        assert (meta["solution"], meta["locked"], meta["task"]) == (True, False, False)
        assert nbgrader(before)["locked"] and not nbgrader(before)["grade"]
        assert f"({meta['points']:g} points" in source(before)
        assert _criteria(source(before)) >= 3, f"{before['id']}: no rubric with levels 0 to 3"


def _criteria(text: str) -> int:
    """Rows of a table whose header names the levels 0 to 3 and whose cells all say something."""
    count, inside = 0, False
    for line in text.splitlines():
        row = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif set(row[1:]) == LEVELS:
            inside = True
        elif inside and not set("".join(row)) <= set("-: "):
            assert len(row) == 5 and all(len(cell) > 3 for cell in row), line
            count += 1
    return count


@exercises
def test_points_in_the_introduction(path):
    """The sums that a learner reads at the top are those of the cells."""
    notebook = raw(path)
    machine = sum(nbgrader(check)["points"] for _, _, check in triples(notebook))
    person = sum(nbgrader(cell)["points"] for cell in cells(notebook, "markdown")
                 if nbgrader(cell).get("grade"))
    said = set(re.findall(r"\d+", source(notebook["cells"][0])))
    assert {f"{machine:g}", f"{person:g}"} <= said


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
