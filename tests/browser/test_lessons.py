"""Every lesson in a real JupyterLab: it runs, nothing of ours is cut off, no script fails."""

from __future__ import annotations

from contextlib import suppress

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

import axe  # noqa: E402
from lab_page import Page  # noqa: E402
from places import ROOT, only_thorough  # noqa: E402
from selenium.common.exceptions import TimeoutException  # noqa: E402

LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
# The timeline, the annotator, figures and boxes: what is in the others is in one of these, or in
# lesson 01, which other tests here run.
SAMPLE = ("04-timeline", "06-framing")
# Our outputs, each with the pixels by which it does not fit into its place.
OURS = """
const wide = (e) => e.scrollWidth - e.clientWidth;
return [...document.querySelectorAll(
    '.jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output')].flatMap(
  (place) => [...place.querySelectorAll('.rw, .reading-idlib-check, figure')].map(
    (ours) => [ours.className || ours.tagName, Math.max(wide(ours), wide(place))]));
"""


def too_wide(page: Page) -> list:
    shown = page.script(OURS)
    return [[what, over] for what, over in shown if over > 1] if len(shown) > 3 else ["nothing"]


@pytest.mark.parametrize("name", [
    name if name in SAMPLE else pytest.param(name, marks=only_thorough("two of nine lessons"))
    for name in LESSONS])
def test_lesson(driver, lab, screenshots, name):
    page = Page(driver, lab)
    page.size(1400, 1000)
    driver.get_log("browser")  # what other pages reported is not this lesson's
    page.open(f"notebooks/{name}.ipynb")
    page.run_all()
    found = axe.findings(driver, axe.NOTEBOOK, axe.JUPYTERS)
    assert not found, "\n".join(found)
    for width in (1400, 600):
        page.size(width, 900)
        page.sidebar(width > 600)
        with suppress(TimeoutException):  # drawing follows the new width in its own time
            page.wait("everything to fit", lambda: not too_wide(page), 30)
        assert not too_wide(page), f"at {width} pixels"
        driver.save_screenshot(str(screenshots / f"{name}-{width}.png"))
    page.size(1400, 1000)
    page.sidebar(True)
    assert not page.faults()
