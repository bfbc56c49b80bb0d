"""Old browser states, two windows, a reload and a dead kernel: no answer is lost."""

from __future__ import annotations

import json
import os
import urllib.request
from pathlib import Path

import nbformat
import psutil
import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

from lab_page import Page  # noqa: E402
from running import Lab  # noqa: E402
from selenium.webdriver import Keys  # noqa: E402

# An exercise that no other test of this room opens.
EXERCISE = "classroom/study/02-actors/02-actors.ipynb"


def api(lab: Lab, path: str, body: dict | None = None) -> object:
    request = urllib.request.Request(
        lab.page(path), data=json.dumps(body).encode() if body else None,
        method="PUT" if body else "GET", headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or "null")


def in_file(lab: Lab) -> str:
    """The first answer as the file has it; empty while the file is being written."""
    try:
        nb = nbformat.read(lab.course / EXERCISE, as_version=4)
    except ValueError:
        return ""
    return next(cell.source for cell in nb.cells if cell.id.startswith("answer-"))


@pytest.fixture
def page(driver, lab) -> Page:
    """The exercise, not answered, in a window of its own."""
    nb = nbformat.read(lab.course / EXERCISE, as_version=4)
    next(cell for cell in nb.cells if cell.id.startswith("answer-")).source = "mine = ..."
    nbformat.write(nb, lab.course / EXERCISE)
    opened = Page(driver, lab)
    opened.size(1400, 1000)
    opened.open(EXERCISE)
    return opened


def type_answer(page: Page, found: str, code: str) -> None:
    page.enter(found)
    page.keys(Keys.CONTROL, "a")
    page.focused().send_keys(code)


def box(page: Page, text: str) -> None:
    page.wait(text, lambda: any(text in b.text for b in page.all(".jp-Dialog")))


def choose(page: Page, button: str) -> None:
    next(b for b in page.all(".jp-Dialog-button") if b.text == button).click()
    page.wait("the box to close", lambda: not page.all(".jp-Dialog"))


def test_a_state_from_before(driver, lab, screenshots):
    """The browser remembers a notebook and a folder that are gone: the start page all the same."""
    gone, index = "notebook:old/gone.ipynb", "markdownviewer-widget:notebooks/index.md"
    dock = {"type": "tab-area", "currentIndex": 0, "widgets": [gone, index]}
    api(lab, "lab/api/workspaces/default", {"metadata": {"id": "default"}, "data": {
        "layout-restorer:data": {"main": {"dock": dock, "current": gone}},
        gone: {"data": {"path": "old/gone.ipynb", "factory": "Notebook"}},
        "file-browser-filebrowser:cwd": {"path": "old"}}})
    page = Page(driver, lab)
    driver.get(lab.page(""))
    page.wait("the start page", lambda: [h for h in page.all(".jp-MarkdownViewer h1")
                                         if h.is_displayed()])
    assert not page.all(".jp-Dialog")
    driver.save_screenshot(str(screenshots / "old-state.png"))


def test_a_reload_keeps_what_was_typed(page):
    """Nobody has saved; the notebook has saved itself."""
    type_answer(page, "mine = ...", "mine = 'typed and not saved'")
    page.wait("the notebook to save itself", lambda: "typed" in in_file(page.lab))
    page.driver.refresh()
    page.wait("the answer", lambda: page.cell("typed and not saved"))


def test_two_windows_on_one_exercise(page, screenshots):
    """The second one to be saved asks; until then, and with each answer, nothing is lost unsaid."""
    driver, first = page.driver, page.driver.current_window_handle
    driver.switch_to.new_window("tab")
    try:
        driver.get(page.lab.page(f"lab/tree/{EXERCISE}"))
        page.wait("the second window", lambda: page.cell("mine = ..."))
        second = driver.current_window_handle
        driver.switch_to.window(first)
        type_answer(page, "mine = ...", "mine = 'first'")
        page.keys(Keys.CONTROL, "s")
        page.wait("the first answer in the file", lambda: "first" in in_file(page.lab))
        driver.switch_to.window(second)
        type_answer(page, "mine = ...", "mine = 'second'")
        page.keys(Keys.CONTROL, "s")
        box(page, "File Changed")
        driver.save_screenshot(str(screenshots / "two-windows.png"))
        assert "first" in in_file(page.lab) and page.cell("mine = 'second'")
        choose(page, "Overwrite")
        page.wait("the second one in the file", lambda: "second" in in_file(page.lab))
    finally:
        driver.close()
        driver.switch_to.window(first)


def test_a_dead_kernel(page):
    """What was typed stays; running everything again is all that it takes."""
    type_answer(page, "mine = ...", "mine = 'before'")
    page.keys(Keys.SHIFT, Keys.ENTER)
    page.wait("the answer to have run",
              lambda: page.prompt("mine = 'before'").strip("[]:").isdigit())
    kernel = next(s["kernel"]["id"] for s in api(page.lab, "api/sessions")
                  if s["path"] == EXERCISE)
    process = next(p for p in psutil.process_iter(["cmdline"])
                   if any(kernel in word for word in p.info["cmdline"] or []))
    os.kill(process.pid, 9)
    box(page, "Kernel Restarting")
    choose(page, "Ok")
    page.wait("a new kernel", page.idle)
    assert page.cell("mine = 'before'")
    page.run_all()
    assert page.all(".reading-idlib-check")


def test_the_start_page_says_what_to_do(lab):
    """The words of the boxes are those that the start page explains."""
    text = Path(lab.course, "notebooks/index.md").read_text(encoding="utf-8")
    section = text.partition("## When something goes wrong")[2]
    for words in ("File Changed", "*Overwrite*", "*Revert*", "Kernel Restarting",
                  "Restart Kernel and Run All Cells", "Binder"):
        assert words in section, words
