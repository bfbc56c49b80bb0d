"""The glossary's names in other languages, in JupyterLab: Arabic runs from right to left, each
language says which it is, and nothing is cut off in a narrow window."""

from __future__ import annotations

import pytest
from lab_page import Page

VIEWER = ".jp-MarkdownViewer"


@pytest.fixture(scope="module")
def glossary(driver, lab):
    page = Page(driver, lab)
    driver.get(lab.page("lab/tree/notebooks/glossary.md?reset"))
    page.wait("the glossary as a page", lambda: page.all(f"{VIEWER} h3"))
    return page


def test_arabic_runs_from_right_to_left(glossary):
    """JupyterLab cleans pages before it shows them: direction and language must survive."""
    directions = glossary.script("""
        return [...document.querySelectorAll(arguments[0])].map((e) => {
          const style = getComputedStyle(e);
          return [style.direction, style.unicodeBidi, e.lang, e.textContent];
        })""", f"{VIEWER} bdi")
    assert len(directions) > 20
    assert {tuple(row[:3]) for row in directions} == {("rtl", "isolate", "ar")}
    assert "هيئة تحرير الشام" in [row[3] for row in directions]
    assert len(glossary.all(f"{VIEWER} [lang=tr]")) > 15
    assert len(glossary.all(f"{VIEWER} [lang=ru]")) > 20


def test_a_narrow_window_shows_the_tables_whole(glossary, screenshots):
    glossary.size(600, 900)
    glossary.sidebar(False)
    try:
        cut = glossary.script("""
            const box = document.querySelector(arguments[0]);
            return [...box.querySelectorAll('table')].map(
              (t) => t.scrollWidth - box.clientWidth)""", f"{VIEWER} .jp-RenderedMarkdown")
        fifth = "document.querySelectorAll(arguments[0])[4]"
        glossary.script(f"{fifth}.scrollIntoView()", f"{VIEWER} bdi")
        glossary.driver.save_screenshot(str(screenshots / "glossary-names.png"))
    finally:
        glossary.size(1400, 1000)
        glossary.sidebar(True)
    assert len(cut) >= 7 and max(cut) <= 0, cut
