"""Every lesson and every solved exercise runs from top to bottom, with and without the texts."""

from __future__ import annotations

import re

import pytest
from course_tools import (
    CHECK,
    EXERCISES,
    LESSONS,
    MODES,
    cells,
    plain,
    raw,
    records,
    source,
    tags,
    unexpected_errors,
)
from places import SHARED

from reader.text import words

# The errors that lesson 00 shows on purpose: cell id and the name of the error.
ON_PURPOSE = {"00-start-here": {"error": "AttributeError", "passage-error": "ReaderError"}}
lessons = pytest.mark.parametrize("name", [path.stem for path in LESSONS])
exercises = pytest.mark.parametrize("name", [path.stem for path in EXERCISES])
modes = pytest.mark.parametrize("mode", MODES)


def test_there_are_lessons_and_exercises():
    """An empty folder would make every other test here pass."""
    assert [path.stem for path in LESSONS][:3] == ["00-start-here", "01-sources", "02-actors"]
    assert [path.stem for path in EXERCISES][:2] == ["01-sources", "02-actors"]


@lessons
@modes
def test_lesson_runs(ran, name, mode):
    errors = unexpected_errors(ran("lesson", name, mode), ON_PURPOSE.get(name, {}))
    assert not errors, "\n".join(errors)


@lessons
def test_lesson_checks_know_their_questions(ran, name):
    """A check that is not in notebooks/checks.json answers with an excuse, not with a hint."""
    notebook = ran("lesson", name, "digests")
    asked = [m[1] for cell in cells(notebook, "code") for m in CHECK.finditer(cell["source"])]
    said = records(notebook)
    assert asked and [question for question, _, _ in said] == asked
    lost = [text for _, _, text in said if "checks.json" in text]
    assert not lost, "\n".join(lost)
    signs = {text[0] for _, _, text in said}
    assert signs <= set("✓◐○△"), signs


@lessons
@modes
def test_figures_have_a_text_form(ran, name, mode):
    """A bare figure, or an image without alternative text, is nothing to a screen reader."""
    for cell in cells(ran("lesson", name, mode), "code"):
        for output in cell["outputs"]:
            data = output.get("data", {})
            assert not [t for t in data if t.startswith("image/")], f"{cell['id']}: bare figure"
            for image in re.findall(r"<img\b[^>]*>", data.get("text/html", "")):
                alt = re.search(r'\balt="([^"]*)"', image)
                assert alt and len(alt[1]) > 20, f"{cell['id']}: image without alt text"


@exercises
@modes
def test_solved_exercise_is_right(ran, name, mode):
    notebook = ran("solved", name, mode)
    asked = [m[1] for cell in cells(notebook, "code") for m in CHECK.finditer(cell["source"])]
    said = records(notebook)
    assert [question for question, _, _ in said] == asked
    wrong = [text for _, _, text in said if not text.startswith("✓")]
    assert not wrong, "\n\n".join(wrong)
    errors = [f"{cell['id']}: {o['ename']}: {o['evalue']}" for cell in cells(notebook, "code")
              for o in cell["outputs"] if o["output_type"] == "error"]
    assert not errors, "\n".join(errors)


@exercises
def test_unanswered_exercise_runs_and_says_so(ran, name):
    """The first Run All of a learner: nothing right yet, and no error but those of checks."""
    notebook = ran("released", name, "digests")
    errors = unexpected_errors(notebook, {})
    assert not errors, "\n".join(errors)
    said = records(notebook)
    assert len(said) >= 9
    early = [text for _, _, text in said if text[0] not in "○△"]
    assert not early, "\n".join(early)


@pytest.mark.parametrize("path", LESSONS + EXERCISES, ids=lambda path: path.stem)
def test_only_checks_may_fail(path):
    """`raises-exception` on any other cell would hide a real fault from every run."""
    meant = ON_PURPOSE.get(path.stem, {})
    for cell in cells(raw(path), "code"):
        may = "raises-exception" in tags(cell)
        is_check = bool(CHECK.search(source(cell)))
        assert may == (is_check or cell["id"] in meant), cell["id"]


@lessons
def test_saved_widgets_hold_no_article_text(ran, name):
    """A learner who has the texts and hands on a saved lesson must not hand on an article."""
    notebook = ran("lesson", name, "texts")
    state = str(notebook["metadata"].get("widgets", {})) + "".join(
        output["data"].get("text/html", "") for cell in cells(notebook, "code")
        for output in cell["outputs"]
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {}))
    assert "PassageReader" not in str(notebook["cells"]) or "locator" in state
    held = set(_runs(state, 9))
    copied = [run for path in sorted((SHARED / "seeds").glob("*.txt"))
              for run in _runs(path.read_text(encoding="utf-8"), 9) if run in held]
    assert not copied, copied[:3]


def _runs(text: str, length: int) -> list[str]:
    found = [word.casefold() for word in words(text)]
    return [" ".join(found[i:i + length]) for i in range(len(found) - length + 1)]


def test_the_modes_differ(ran):
    """Otherwise both runs would be of the same mode, and every comparison empty."""
    status = {mode: [plain(output) for cell in cells(ran("lesson", "00-start-here", mode), "code")
                     if cell["id"] == "status" for output in cell["outputs"]] for mode in MODES}
    assert status["digests"] and status["digests"] != status["texts"]
