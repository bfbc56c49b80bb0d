"""A real JupyterLab in a real browser: what a learner sees, clicks and types."""

from __future__ import annotations

import csv
import re

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

from lab_page import Page  # noqa: E402
from places import ROOT  # noqa: E402
from selenium.webdriver import Keys  # noqa: E402

# Cells of lesson 01, by what stands in them.
DESK, CLUES, TOY = 'PassageReader(["000"', "ClueInterval(text_clues", 'check("L01.2"'
CHECK = ".reading-idlib-check"


@pytest.fixture(scope="module")
def lesson(driver, lab, screenshots):
    """Lesson 01 after *Run All Cells*."""
    page = Page(driver, lab)
    page.size(1400, 1000)
    page.open("notebooks/01-sources.ipynb")
    page.run_all()
    return page


def place(page: Page) -> str:
    found = page.inside(DESK, ".rw .rw-place")
    return found.text if found else ""


def test_reading_desk_by_keyboard(lesson, screenshots):
    """Tab leads to the passage, arrows and End and Home move in it, and JupyterLab stays out."""
    page = lesson
    assert page.wait("the reading desk", lambda: place(page)).startswith("000 P1, 1 of 6")
    page.script("arguments[0].focus()", page.inside(DESK, ".rw select"))
    # JupyterLab would take these two keys, to move from cell to cell.
    for key, expected in ((Keys.ARROW_DOWN, "002 P1"), (Keys.ARROW_UP, "000 P1")):
        page.keys(key)
        page.wait(f"{expected} in the list", lambda: place(page).startswith(expected))  # noqa: B023
        assert page.focused().tag_name == "select", "the focus was taken away"
    for _ in range(8):
        page.keys(Keys.TAB)
        if "rw-box" in page.focused().get_attribute("class"):
            break
    assert page.focused().get_attribute("aria-label") == "Passage"
    for key, expected in ((Keys.ARROW_RIGHT, "000 P2, 2"), (Keys.ARROW_RIGHT, "000 P3, 3"),
                          (Keys.END, "000 P6, 6"), (Keys.ARROW_LEFT, "000 P5, 5"),
                          (Keys.ARROW_UP, "000 P4, 4"), (Keys.ARROW_DOWN, "000 P5, 5"),
                          (Keys.HOME, "000 P1, 1")):
        page.keys(key)
        page.wait(f"{expected} after a key", lambda: place(page).startswith(expected))  # noqa: B023
        assert page.focused().get_attribute("aria-label") == "Passage", "the focus was taken away"
    shown = page.inside(DESK, ".rw-box").text
    with (ROOT / "seeds/segments.csv").open(encoding="utf-8", newline="") as file:
        digest = next(row["digest"] for row in csv.DictReader(file) if row["locator"] == "000 P1")
    assert digest in shown
    page.picture(screenshots, "lesson-wide-desk", DESK)


def told(page: Page) -> str:
    found = page.inside(CLUES, ".rw .rw-place")
    return found.text if found else ""


def test_clues_by_keyboard(lesson, screenshots):
    """The space key toggles a clue; the kernel answers with another interval, and back."""
    page = lesson
    before = page.wait("the days left", lambda: told(page))
    assert re.search(r"Possible: \S+", before)
    page.script("arguments[0].focus()", page.inside(CLUES, ".rw-choice:nth-of-type(3) input"))
    page.keys(Keys.SPACE)
    narrow = page.wait("another interval", lambda: (now := told(page)) != before and now)
    assert "2018-08-24/2018-08-30" in narrow and "7 days" in narrow
    drawn = page.inside(CLUES, ".rw svg")
    assert drawn.get_attribute("aria-label") == narrow
    page.picture(screenshots, "lesson-wide-clues", CLUES)
    page.keys(Keys.SPACE)
    page.wait("the interval of before", lambda: told(page) == before)


def test_check_answers_in_a_box(lesson, screenshots):
    """A wrong answer is "not yet" with a sentence, and no traceback stands beside it."""
    page = lesson
    page.type_into(TOY, 'toy_paragraphs = 5\ncheck("L01.2", toy_paragraphs)')
    box = page.wait("the answer of the check", lambda: (
        (b := page.inside(TOY, CHECK)) and "Not yet" in b.text and b))
    assert box.get_attribute("role") == "status" and len(box.text) > 40
    assert "Traceback" not in page.cell(TOY).text
    page.picture(screenshots, "lesson-wide-check", TOY)
    page.type_into(TOY, 'toy_paragraphs = 3\ncheck("L01.2", toy_paragraphs)')
    page.wait("Right", lambda: "Right" in page.inside(TOY, CHECK).text)
    assert "Why." in page.inside(TOY, CHECK).text


@pytest.mark.parametrize("sidebar", [True, False], ids=["with file list", "without"])
def test_narrow_screen(lesson, screenshots, sidebar):
    """On 600 pixels, of which the list of files takes half, nothing of ours is cut off."""
    page = lesson
    page.size(600, 900)
    page.sidebar(sidebar)
    try:
        for name, cell, selector in (("desk", DESK, ".rw"), ("clues", CLUES, ".rw"),
                                     ("check", TOY, CHECK),
                                     ("figure", "plots.show", "figure")):
            page.picture(screenshots, f"lesson-{'narrowest' if sidebar else 'narrow'}-{name}",
                    cell)
            assert page.cut_off(cell, selector) <= 1, name
    finally:
        page.size(1400, 1000)
        page.sidebar(True)


def test_export_shows_the_widgets(lesson, screenshots):
    """*Save and Export as HTML*: no kernel will answer there, so the static form must show."""
    page = lesson
    with page.exported("notebooks/01-sources.ipynb") as groups:
        shown = "\n".join(group.text for group in groups)
        assert "Article 000 Gulf News, passage by passage" in shown and "000 P6" in shown
        assert "When was 000 published?" in shown and "Possible: 2018-03" in shown
        page.script("arguments[0].scrollIntoView({block: 'start'})", groups[-1])
        page.driver.save_screenshot(str(screenshots / "lesson-exported.png"))


def test_released_exercise(driver, lab, screenshots):
    """Answer 01.1 by typing, run its check: first no answer, then right with the explanation."""
    page = Page(driver, lab)
    page.size(1400, 1000)
    page.open("classroom/release/01-sources/01-sources.ipynb")
    page.run("from grader.check import check")
    page.run("paragraphs = ...")
    page.run('check("01.1"')
    box = page.wait("a first answer", lambda: page.inside('check("01.1"', CHECK))
    assert "three dots" in box.text and "Right" not in box.text
    page.picture(screenshots, "exercise-wide-unanswered", 'check("01.1"')
    page.type_into("paragraphs = ...",
                   'paragraphs = corpus.segments().groupby("article")["paragraph"].max()')
    page.run('check("01.1"')
    text = page.wait("the answer of the check", lambda: (
        (b := page.inside('check("01.1"', CHECK)) and "Right" in b.text and b.text))
    assert "2 of 2 points" in text and "Why." in text
    page.picture(screenshots, "exercise-wide-right", "paragraphs = corpus")
    page.size(600, 900)
    page.picture(screenshots, "exercise-narrow-right", "paragraphs = corpus")


def test_the_browser_reports_no_error(lesson):
    assert not lesson.faults()
