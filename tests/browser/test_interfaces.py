"""What of nbgrader learners see, and what instructors see: in the pages and on the server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

from lab_page import Page  # noqa: E402
from places import ROOT  # noqa: E402
from running import LEARNERS, jupyterlab  # noqa: E402

EXERCISE = "classroom/study/01-sources/01-sources.ipynb"
#: Where nbgrader's server extensions listen, for instructors; Validate's address is the last.
ADDRESSES = ("formgrader", "courses", "assignments?course_id=x", "nbgrader_version?version=x")
ON, OFF = 200, 404


def menus(page: Page) -> list[str]:
    return [item.text for item in page.all(".lm-MenuBar-item")]


def start_page(page: Page) -> None:
    """What the server opens when nothing is asked for."""
    page.driver.get(page.lab.page("?reset"))
    page.wait("the start page", lambda: page.all(".jp-MarkdownViewer table"))
    assert "/lab/tree/notebooks/index.md" in page.driver.current_url


def open_launcher(page: Page) -> list[str]:
    page.menu("File", "launcher:create")
    return [card.text for card in page.wait("the launcher", lambda: page.all(".jp-LauncherCard"))]


def commands(page: Page, words: str) -> list[str]:
    """What the list of all commands offers for some words."""
    page.menu("View", "apputils:activate-command-palette")
    page.wait("the list of commands", lambda: page.script(
        "return document.activeElement.matches('.lm-CommandPalette-input')"))
    page.focused().send_keys(words)
    page.wait("an answer", lambda: page.all(".lm-CommandPalette-content mark, "
                                            ".lm-CommandPalette-emptyMessage"))
    found = [item.text for item in page.all(".lm-CommandPalette-item .lm-CommandPalette-itemLabel")]
    page.focused().send_keys("\ue00c")  # Escape
    return found


def test_learners_see_validate_and_nothing_else(driver, lab, screenshots):
    page = Page(driver, lab)
    page.size(1400, 1000)
    start_page(page)
    assert "Nbgrader" not in menus(page)
    assert not [text for text in open_launcher(page) if "rad" in text.lower()]
    assert not [text for text in commands(page, "Formgrader") if "Formgrader" in text]
    driver.save_screenshot(str(screenshots / "learner-launcher.png"))
    assert [lab.status(address) for address in ADDRESSES] == [OFF, OFF, OFF, ON]
    page.open(EXERCISE)
    assert page.all(".validate-button") and "Create Assignment" not in driver.page_source
    assert not page.all(".jp-toast, .Toastify__toast"), "no notice about news, updates or builds"


def test_learners_in_notebook_7(driver, lab, screenshots):
    page = Page(driver, lab)
    driver.get(lab.page("tree"))
    page.wait("the list of files", lambda: page.all(".jp-DirListing-item"))
    assert "Nbgrader" not in menus(page)
    driver.get(lab.page(f"notebooks/{EXERCISE}"))
    page.wait("Validate", lambda: page.all(".validate-button"))
    assert "Nbgrader" not in menus(page)
    driver.save_screenshot(str(screenshots / "learner-notebook-7.png"))


def test_instructors_see_everything(driver, course, tmp_path_factory, screenshots):
    """As `make lab-instructor` starts it; the Formgrader shows the exercises of this course."""
    folders = [LEARNERS / "instructor", LEARNERS]
    with jupyterlab(course, tmp_path_factory.mktemp("instructor"), *folders) as lab:
        assert [lab.status(address) for address in ADDRESSES[:2]] == [ON, ON]
        assert lab.status(ADDRESSES[2]) != OFF
        page = Page(driver, lab)
        page.size(1400, 1000)
        start_page(page)
        assert "Nbgrader" in menus(page) and "Formgrader" in commands(page, "Formgrader")
        page.menu("Nbgrader", "nbgrader:open-formgrader")
        frame = page.wait("the Formgrader", lambda: page.all("iframe"))[0]
        driver.switch_to.frame(frame)
        try:
            page.wait("the exercises", lambda: "08-voices" in page.all("body")[0].text)
        finally:
            driver.switch_to.default_content()
        driver.save_screenshot(str(screenshots / "instructor-formgrader.png"))


def test_the_make_targets_name_these_folders():
    """What the tests try is what people start."""
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    named = [line.split('"')[1] for line in lines if "JUPYTER_CONFIG_PATH=" in line]
    here = "$(CURDIR)/.jupyter"
    assert named == [here, f"{here}/instructor:{here}"]


def test_what_is_off_is_also_locked():
    """Otherwise a learner could switch it on, and meet a page without a server behind it."""
    def of(folder: Path, key: str) -> dict:
        return json.loads((folder / "labconfig/page_config.json").read_text())[key]

    off = {name for name in of(LEARNERS, "disabledExtensions") if "nbgrader" in name}
    assert off == set(of(LEARNERS, "lockedExtensions"))
    for key in ("disabledExtensions", "lockedExtensions"):
        assert of(LEARNERS / "instructor", key) == dict.fromkeys(
            of(LEARNERS / "instructor", key), False)
        assert set(of(LEARNERS / "instructor", key)) == off
