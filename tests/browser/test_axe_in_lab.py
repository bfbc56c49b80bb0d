"""axe-core on everything that the course shows in JupyterLab: light, dark, narrow."""

from __future__ import annotations

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

import axe  # noqa: E402
from every_output import CELLS, NOTEBOOK, PARADOX, READER  # noqa: E402
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


def test_nothing_serious_where_it_is_narrow(page):
    page.size(600, TALL)
    page.sidebar(False)
    found = axe.findings(page.driver, axe.NOTEBOOK, axe.JUPYTERS)
    assert not found, "\n".join(found)
