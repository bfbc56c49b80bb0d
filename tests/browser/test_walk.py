"""From the start page to a passed Validate, with the keyboard alone."""

from __future__ import annotations

import nbformat
import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

from keyboard import PANEL, Keyboard  # noqa: E402
from selenium.webdriver import Keys  # noqa: E402

from grader.key import load  # noqa: E402

EXERCISE = "classroom/study/01-sources/01-sources.ipynb"
WRITTEN = ("Write your answer in place of this line: click it and press Enter, so that a cursor "
           "blinks. Shift + Enter ends the writing.")


def answers() -> dict[str, str]:
    """What a learner could type: of each question's bank the first right answer on one line."""
    return {q.variable: next(entry.code.strip() for entry in q.bank if entry.credit == 1
                             and "\n" not in entry.code.strip())
            for q in load("01-sources").questions}


def checks(page: Keyboard) -> list[str]:
    return [box.text for box in page.all(f"{PANEL} .reading-idlib-check")]


def test_by_keyboard_alone(driver, lab, screenshots):
    page = Keyboard(driver, lab)
    page.size(1400, 1000)

    # The start page is what the server opens, as a page, and the focus is in it.
    page.start("?reset")
    page.wait("the start page", lambda: page.all(".jp-MarkdownViewer table"))
    assert "/lab/tree/notebooks/index.md" in driver.current_url
    assert page.all(".jp-MarkdownViewer h1")[0].text.startswith("Reading Idlib")
    page.wait("the focus in it", lambda: "jp-MarkdownViewer" in page.focused().get_attribute(
        "class"))
    driver.save_screenshot(str(screenshots / "walk-start-page.png"))
    page.follow("lesson 01")

    # Lesson 01: run everything, and use its reading desk.
    page.notebook("Lesson 01")
    assert page.at()[0] == 0
    with page.everything_runs():
        page.command("Run All Cells")
        page.wait("the last cell, to which this leads", page.at_the_end)
    page.cell_with('PassageReader(["000"', Keys.ARROW_UP)
    desk = page.at()
    page.press_until((Keys.TAB,), "the passage", lambda: page.name() == "Passage")
    place = page.focused().find_element("xpath", "ancestor::*[contains(@class, 'rw ')]"
                                        "//*[contains(@class, 'rw-place')]")
    before = place.text
    page.keys(Keys.ARROW_RIGHT)
    page.wait("the next passage", lambda: place.text != before)
    assert page.at() == desk, "the notebook took the key"
    driver.save_screenshot(str(screenshots / "walk-widget.png"))

    # Back to the cells, and from the end of the lesson to its exercise.
    page.press_until((Keys.SHIFT, Keys.TAB), "the cell", lambda: "jp-Notebook-cell" in
                     page.focused().get_attribute("class"))
    page.press_until((Keys.ARROW_DOWN,), "the last cell", page.at_the_end)
    page.follow("exercise 01 (of this lesson)")

    # Exercise 01: cell by cell.
    page.notebook("Exercise 01")
    right, typed = answers(), []
    assert page.at()[0] == 0
    while not page.at_the_end():
        source = page.source()
        variable = source.partition(" = ...")[0]
        if variable in right and source.startswith(f"{variable} = ..."):
            page.write(f"{variable} = {right[variable]}")
            typed.append(variable)
        elif source.strip() == WRITTEN:
            page.write("What I think, and where it stands.")
            typed.append("text")
        page.run_and_go_on()
    assert sorted(typed) == sorted([*right, "text", "text"])
    page.wait("an answer of every check", lambda: len(checks(page)) == len(right))
    wrong = [text for text in checks(page) if "Right" not in text]
    assert not wrong
    page.saved()
    driver.save_screenshot(str(screenshots / "walk-exercise-done.png"))

    # The last gate.
    page.toolbar("Validate")
    said = page.dialog()
    driver.save_screenshot(str(screenshots / "walk-validated.png"))
    assert "Success" in said, said
    page.keys(Keys.ENTER)
    page.wait("the box to close", lambda: not page.all(".jp-Dialog"))
    # JupyterLab leaves the focus nowhere. Lesson 00 says how to get it back.
    page.keys(Keys.CONTROL, Keys.SHIFT, "[")
    page.wait("the lesson", lambda: "Lesson 01" in page.all(f"{PANEL} h1")[0].text)
    page.keys(Keys.CONTROL, Keys.SHIFT, "]")
    page.notebook("Exercise 01")
    assert not page.pointer_used()
    kept = nbformat.read(lab.course / EXERCISE, as_version=4)
    assert all(any(c.source == f"{variable} = {code}" for c in kept.cells)
               for variable, code in right.items())


def test_validate_names_a_written_task_that_is_empty(driver, lab):
    """nbgrader's Validate also looks at the texts that a person grades."""
    page = Keyboard(driver, lab)
    copy = lab.course / EXERCISE
    nb = nbformat.read(copy, as_version=4)
    text = next(c for c in reversed(nb.cells) if "solution" in c.metadata.get("nbgrader", {})
                and c.metadata.nbgrader.solution)
    text.source = f"*{WRITTEN}*"
    nbformat.write(nb, copy)
    page.start(f"lab/tree/{EXERCISE}?reset")
    page.notebook("Exercise 01")
    page.toolbar("Validate")
    said = page.dialog()
    assert "Success" not in said and "did not provide a response" in said
    page.keys(Keys.ENTER)


def test_a_link_of_the_glossary_lands_at_once(driver, lab):
    """The lesson is not open yet: JupyterLab finds a cell in it, where it would miss a heading."""
    page = Keyboard(driver, lab)
    page.start("lab/tree/notebooks/glossary.md?reset")
    page.wait("the glossary", lambda: page.all(".jp-MarkdownViewer table"))
    page.follow("lesson 04, 4. How two intervals relate")
    page.wait("the heading in sight", lambda: page.script(f"""
        const place = document.querySelector('{PANEL} .jp-WindowedPanel-outer')
          .getBoundingClientRect();
        return [...document.querySelectorAll('{PANEL} h2')].some((h) => {{
          const top = h.getBoundingClientRect().top;
          return h.textContent.startsWith('4. How two intervals') && top >= place.top
            && top < place.bottom;
        }});"""))
