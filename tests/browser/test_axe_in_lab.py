"""axe-core on everything that the course shows in JupyterLab: light, dark, narrow."""

from __future__ import annotations

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

import axe  # noqa: E402
from every_output import CELLS, LINE, NOTEBOOK, PARADOX, READER  # noqa: E402
from lab_page import opened  # noqa: E402

#: JupyterLab hides what is out of sight, and axe passes over what is hidden.
TALL = 16000


@pytest.fixture(scope="module")
def page(driver, lab):
    page = opened(driver, lab, NOTEBOOK, CELLS)
    page.size(1400, TALL)
    page.wait("the last widget", lambda: page.inside(PARADOX, ".rw [role=status]").text)
    yield page
    page.size(1400, 1000)
    page.sidebar(True)
    page.theme("JupyterLab Light")


def test_all_is_there(page):
    """An output that is missing, or an examination that looks at nothing, finds no fault."""
    assert len(page.all(".jp-OutputArea-output .rw")) == 9
    assert len(page.all(".jp-OutputArea-output figure")) == 3
    boxes = [box.text for box in page.all(".jp-OutputArea-output .reading-idlib-check")]
    assert {box[0] for box in boxes} == set("✓◐○△")
    assert len(page.all(".jp-OutputArea-output table.dataframe")) >= 2
    page.script("arguments[0].querySelector('p').style.color = '#ccc'",
                page.inside(READER, ".rw"))
    assert "color-contrast" in "".join(axe.findings(page.driver, axe.NOTEBOOK, axe.JUPYTERS))
    page.script("arguments[0].querySelector('p').style.color = ''", page.inside(READER, ".rw"))
    hidden = page.script("return [...document.querySelectorAll('.jp-OutputArea-output')]"
                         ".filter((e) => !e.checkVisibility({contentVisibilityAuto: true})).length")
    assert not hidden, "the window is not tall enough"


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_nothing_serious(page, screenshots, theme):
    page.theme(theme)
    found = axe.findings(page.driver, axe.NOTEBOOK, axe.JUPYTERS)
    page.driver.save_screenshot(str(screenshots / f"everything-{theme.split()[1].lower()}.png"))
    assert not found, "\n".join(found)


def test_what_is_chosen_is_seen_in_colours_of_the_readers_own(page):
    """Forced colours take tints and shadows away: lines have to say it."""
    driver, chosen = page.driver, "[role=option][aria-selected=true]"
    row = page.wait("an event", lambda: page.inside(LINE, chosen))
    style = "return getComputedStyle(arguments[0]).borderLeftWidth"
    assert page.script(style, row) == "0px"
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
        {"name": "forced-colors", "value": "active"}]})
    try:
        assert page.script(style, row) == "6px"
        for mark in page.cell(READER).find_elements("css selector", ".rw mark"):
            assert page.script("return getComputedStyle(arguments[0]).borderBottomWidth",
                               mark) == "3px"
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_nothing_serious_where_it_is_narrow(page):
    page.size(600, TALL)
    page.sidebar(False)
    found = axe.findings(page.driver, axe.NOTEBOOK, axe.JUPYTERS)
    assert not found, "\n".join(found)
