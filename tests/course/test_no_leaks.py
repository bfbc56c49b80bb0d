"""Nothing that learners get gives an answer away: release, course files, feedback."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from course_tools import (
    CHECK,
    EXERCISES,
    MIME,
    REGION,
    cells,
    command,
    nbgrader,
    raw,
    release,
    source,
)
from places import ROOT

from grader import engine
from grader.compile import bank_value, compile_question
from grader.key import load
from grader.leaks import find, key_texts, readable, strings
from grader.sample import answer_source
from grader.seal import Unsealed

exercises = pytest.mark.parametrize("name", [path.stem for path in EXERCISES])

def learner_files() -> list[Path]:
    """What a learner's copy of the course has, but for the exercises."""
    found = [path for folder in ("seeds", "reader", "notebooks")
             for path in sorted((ROOT / folder).rglob("*"))
             if path.is_file() and path.suffix in (".csv", ".json", ".bib", ".md", ".py", ".js",
                                                   ".css", ".ipynb")]
    found = [path for path in found if "texts" not in path.parts]
    assert {"segments.csv", "corpus.py", "01-sources.ipynb"} <= {path.name for path in found}
    return found


# --- the released notebook -------------------------------------------------------------

@exercises
def test_release_has_no_solution(room, name):
    """Neither code nor model text of a solution, nor nbgrader's marks around it."""
    notebook = raw(ROOT / "exercises" / name / f"{name}.ipynb")
    released = readable("notebook.ipynb", (release(room, name) / f"{name}.ipynb").read_bytes())
    assert not re.search(r"BEGIN|END SOLUTION|HIDDEN|MARK SCHEME", released)
    secret = set()
    for cell in notebook["cells"]:
        text = source(cell)
        model = cell["cell_type"] == "markdown" and nbgrader(cell).get("solution")
        for region in [text] if model else REGION.findall(text):
            secret |= {line.strip() for line in region.splitlines()}
    # The first line of a function may stand in its prompt.
    secret = {line for line in secret if len(line) > 8 and not line.startswith("def ")}
    lines = [line for line in secret if line in released]
    assert len(secret) > 30 and not lines, lines


@exercises
def test_release_is_a_notebook_to_work_in(room, name):
    """Without this, an empty notebook would pass every test of leaks."""
    folder = release(room, name)
    assert {path.name for path in folder.iterdir()} == {f"{name}.ipynb", "checks.json"}
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    asked = [m[1] for cell in notebook.cells for m in CHECK.finditer(cell.source)]
    assert sorted(asked) == sorted(q.id for q in load(name).questions)
    stubs = [c.source for c in notebook.cells if c.id.startswith("answer-")]
    assert all("..." in stub and "Your code here" in stub for stub in stubs)


def test_learner_files_hold_no_key_text(room):
    files = learner_files() + [path for name in [p.stem for p in EXERCISES]
                               for path in sorted(release(room, name).iterdir())]
    found = find(files, key_texts())
    assert not found, found


# --- feedback ----------------------------------------------------------------------------

@pytest.fixture(scope="module")
def graded(room) -> tuple[Path, dict[tuple[str, str], str]]:
    """Feedback of one submission per exercise, and the key texts that must not be in it.

    Of every question some wrong answer of its bank is handed in, but two are right: one
    explanation and some hints are opened, and all others must stay closed.
    """
    closed = key_texts()
    for path in EXERCISES:
        key = {q.id: q for q in load(path.stem).questions}
        notebook = nbformat.read(release(room, path.stem) / path.name, as_version=4)
        for n, q in enumerate(key.values()):
            entry = next(e for e in q.bank if (e.credit == 1) == (n < 2))
            if q.kind == "function":
                entry = next(e for e in q.bank if 0 < e.credit < 1)
            cell = next(c for c in notebook.cells if c.id == f"answer-{q.id.replace('.', '-')}")
            cell.source = answer_source(q.variable, entry.code)
        folder = room / "classroom" / "submitted" / "ada" / path.stem
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / path.name)
        shutil.copy(release(room, path.stem) / "checks.json", folder)
    command("grader.cli", "grade", "--course", room)
    command("grader.cli", "feedback", "--course", room)
    for path in EXERCISES:
        key = {q.id: q for q in load(path.stem).questions}
        done = raw(room / "classroom" / "autograded" / "ada" / path.stem / path.name)
        for cell in cells(done, "code"):
            for output in cell["outputs"]:
                if record := output.get("data", {}).get(MIME):
                    q = key[record["question"]]
                    result = engine.evaluate(compile_question(q), record["answer"], Unsealed())
                    # Several misconceptions may share one hint.
                    for label in [label for label, text in closed.items()
                                  if label[0] == q.id and text in result.hints]:
                        del closed[label]
                    if result.explanation:
                        closed.pop((q.id, "explanation"))
    return room / "classroom" / "feedback" / "ada", closed


def test_feedback_shows_what_was_opened(graded):
    folder, closed = graded
    pages = [folder / path.stem / f"{path.stem}.html" for path in EXERCISES]
    opened = {label: text for label, text in key_texts().items() if label not in closed}
    seen = {opened[question, what] for _, question, what in find(pages, opened)}
    texts = set(opened.values())  # several misconceptions may share one hint
    assert len(texts) > 10 and seen == texts, texts - seen


def test_feedback_holds_nothing_else(graded):
    folder, closed = graded
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} == {f"{path.stem}.html" for path in EXERCISES}
    found = find(files, closed)
    assert not found, found


# --- the detector itself -----------------------------------------------------------------

@pytest.mark.parametrize("suffix", [".md", ".csv", ".html", ".ipynb"])
def test_the_detector_detects(tmp_path, suffix):
    """Half an explanation, in whatever markup, is found; so is one input of a hidden call."""
    texts = key_texts()
    for label in (("01.2", "explanation"), ("01.4", "hint of teaser-missed"),
                  next(label for label in texts if label[1].startswith("input 0"))):
        words = texts[label].split()
        half = " ".join(words[:max(14, len(words) // 2)])
        path = tmp_path / f"planted{suffix}"
        if suffix == ".ipynb":
            cell = {"cell_type": "markdown", "source": ["Well: ", half.replace(" ", "\n", 1)]}
            path.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
        else:
            marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", half) if suffix == ".html" else half
            path.write_text(f"# A page\n\nSome text. {marked}\n", encoding="utf-8")
        assert (path.name, *label) in find([path], texts), label
        assert not find([path], {label: "quite another sentence about bridges and rivers " * 3})


def test_strings_reads_everything():
    assert strings({"a": ["b", {"c": "d"}]}) == ["a", "b", "c", "d"]
    assert bank_value("{'a': 1}") == {"a": 1}
