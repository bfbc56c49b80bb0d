"""Two passages side by side in a real JupyterLab: by keys, narrow, dark, and exported."""

from __future__ import annotations

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

from lab_page import Page, opened  # noqa: E402
from selenium.webdriver import Keys  # noqa: E402

NOTEBOOK = "notebooks/pair.ipynb"
PAIR, OWN = "# the widget", "# own texts"
CELLS = [
    "import pathlib, seeds, tempfile\nfrom reader import annotations, library\n"
    "from reader.widgets import SideBySide",
    'pair = SideBySide(["001 P6", "001 P8"], ["003 S18", "001 P3"], annotations.rows_of("A"))\n'
    "pair  # the widget",
    # Articles in our own words: with a text, in every checkout.
    "seeds.TEXTS = pathlib.Path(tempfile.mkdtemp())  # own texts\n"
    'own = seeds.TEXTS / "own"\n'
    '_ = own.write_text("The ferry left at noon.\\n\\nForty people waited.", encoding="utf-8")\n'
    'library.add_as(own, "005", outlet="Harbour Post")\n'
    'SideBySide("005 P1", "005 P2", [dict(locator="005 P1", start=4, end=9, code="LL", '
    'voice="quoted"), dict(locator="005 P2", code="HUM")])',
]


@pytest.fixture(scope="module")
def page(driver, lab):
    page = opened(driver, lab, NOTEBOOK, CELLS)
    page.wait("the text", lambda: page.inside(OWN, ".rw-words").text)
    return page


def side(page: Page, number: int) -> str:
    return page.cell(PAIR).find_elements("css selector", ".rw-side")[number].text


def table(page: Page) -> str:
    return page.inside(PAIR, ".rw-codes").text


def test_by_keyboard_alone(page, screenshots):
    assert "001 P6 TRT World" in side(page, 0)
    assert "NC quoted “nest of terrorists”" in side(page, 0)
    assert "003 S18 The National" in side(page, 1)
    assert "NC Name calling or labelling quoted author" in table(page)
    page.picture(screenshots, "pair-wide", PAIR)
    page.script("arguments[0].focus()", page.inside(PAIR, ".rw select"))
    page.keys(Keys.ARROW_DOWN)
    page.wait("the other passage", lambda: "001 P8 TRT World" in side(page, 0))
    page.wait("its codes", lambda: "NC Name calling or labelling author author" in table(page))
    assert page.focused().tag_name == "select", "the focus was taken away"
    assert page.inside(PAIR, "[role=status]").text == "On view: 001 P8 and 003 S18."
    page.tab_to("[id$=-right]")
    page.keys(Keys.ARROW_DOWN)
    page.wait("a passage that was not coded", lambda: "CON Conflict author not coded"
              in table(page))
    page.keys(Keys.ARROW_UP)
    page.wait("the first again", lambda: "003 S18" in side(page, 1))


def test_with_texts_the_words_are_marked(page, screenshots):
    page.picture(screenshots, "pair-texts", OWN)
    words = page.script("""
      const n = arguments[0].querySelector('.rw-words').firstChild, r = document.createRange();
      r.setStart(n, 4); r.setEnd(n, 9);
      const a = r.getBoundingClientRect(),
        b = arguments[0].querySelector('.rw-layer mark').getBoundingClientRect();
      return [a.left - b.left, a.right - b.right, a.top - b.top];
    """, page.inside(OWN, ".rw-side"))
    assert max(map(abs, words)) <= 1, "the mark lies on its words"
    assert page.inside(OWN, ".rw-tag").text == "LL quoted"
    page.inside(OWN, "summary").click()
    assert "LL quoted “ferry”" in page.inside(OWN, ".rw-side").text


@pytest.mark.parametrize("sidebar", [True, False], ids=["with file list", "without"])
def test_narrow_and_dark(page, screenshots, sidebar):
    page.enter("import pathlib")
    page.theme("JupyterLab Dark")
    page.size(600, 1100)
    page.wait("the side bar to follow", lambda: page.sidebar(sidebar))
    try:
        for cell, name in ((PAIR, "digests"), (OWN, "texts")):
            page.picture(screenshots, f"pair-{name}-{'narrowest' if sidebar else 'narrow'}", cell)
            assert page.cut_off(cell, ".rw") <= 1
        tops = [box.rect["y"] for box in page.cell(PAIR).find_elements("css selector", ".rw-side")]
        assert tops[0] != tops[1], "below each other"
        colours = page.script("return [...arguments[0].querySelectorAll('.rw-tag, .rw-words')]"
                              ".map((e) => getComputedStyle(e).color)", page.inside(OWN, ".rw"))
        for colour in colours:
            channels = [float(part) for part in colour.split("(")[1].rstrip(")").split(",")[:3]]
            assert min(channels) > 150, colours
    finally:
        page.size(1400, 1000)
        page.script("document.activeElement.blur()")
        page.wait("the side bar to come back", lambda: page.sidebar(True))
        page.theme("JupyterLab Light")


def test_export_shows_the_same(page, screenshots):
    page.run(PAIR)
    with page.exported(NOTEBOOK) as groups:
        shown = " ".join(groups[0].text.split())
        assert "001 P6 and 003 S18, side by side" in shown
        assert "NC Name calling or labelling quoted author" in shown
        assert "RES Attribution of responsibility author not there" in shown
        assert "ferry" not in groups[1].text
        page.driver.save_screenshot(str(screenshots / "pair-exported.png"))


def test_the_browser_reports_no_error(page):
    assert not page.faults()
