"""The timeline in JupyterLab: by keyboard alone, with the mouse, narrow, dark and exported."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

from lab_page import Page, opened  # noqa: E402
from selenium.webdriver import ActionChains, Keys  # noqa: E402
from selenium.webdriver.common.actions.wheel_input import ScrollOrigin  # noqa: E402

from reader import timeline  # noqa: E402

LINE, KEPT = "line = Timeline(", "kept = Timeline("
NOTEBOOK = "notebooks/timeline-test.ipynb"
SEEN = ".rw-chart + .rw-quiet"
#: What sticks out of the widget at the right; the chart cuts its own drawing.
WIDER = """
const box = arguments[0].getBoundingClientRect();
return [...arguments[0].querySelectorAll('*')].filter((e) => !e.closest('svg')
  && e.getBoundingClientRect().width && e.getBoundingClientRect().right > box.right + 1)
  .map((e) => e.className + e.tagName);
"""
#: Pairs of names in the drawing that lie over each other.
OVER = """
const texts = [...arguments[0].querySelectorAll('.rw-event text')].map((t) =>
  [t.textContent, t.getBoundingClientRect()]);
const out = [];
texts.forEach(([a, r], i) => texts.slice(i + 1).forEach(([b, s]) => {
  if (r.left < s.right - 1 && s.left < r.right - 1 && r.top < s.bottom - 4 && s.top < r.bottom - 4)
    out.push(a + ' / ' + b);
}));
return out;
"""
#: Texts of the drawing that its edges cut.
CUT = """
const box = arguments[0].querySelector('.rw-lines').getBoundingClientRect();
return [...arguments[0].querySelectorAll('.rw-lines text')].filter((t) => {
  const r = t.getBoundingClientRect(); return r.left < box.left - 1 || r.right > box.right + 1;
}).map((t) => t.textContent);
"""


@pytest.fixture(scope="module")
def page(driver, lab):
    """A notebook with two timelines after *Run All Cells*."""
    cells = ["import warnings\nfrom reader.widgets import Timeline",
             "line = Timeline()\nline",
             "print(line.article, line.selected, line.hindsight)",
             'kept = Timeline(article="000", title="What 000 could know")\nkept']
    return opened(driver, lab, NOTEBOOK, cells)


def told(page: Page, cell: str = LINE) -> str:
    found = page.inside(cell, ".rw .rw-place")
    return found.text if found else ""


def ids(page: Page, cell: str = LINE) -> list[str]:
    return page.script("return [...arguments[0].querySelectorAll('[role=option] strong')]"
                       ".map((e) => e.textContent)", page.cell(cell, show=False))


def test_the_horizon_by_keyboard(page, screenshots):
    """Choose an article, see the later events go, and bring them back with their note."""
    everything = len(timeline.everything())
    assert f"Events: {everything}, none is hidden" in page.wait("the timeline", lambda: told(page))
    before = ids(page)
    assert any(name.startswith("E48") for name in before)
    page.picture(screenshots, "timeline-wide", LINE)
    page.script("arguments[0].focus()", page.inside(LINE, ".rw select"))
    page.keys(Keys.ARROW_DOWN)
    page.wait("000 chosen", lambda: told(page).startswith("000 Gulf News, published 2018-08."))
    after = page.wait("fewer events", lambda: (now := ids(page)) and len(now) < len(before) and now)
    assert not any(name.startswith(("E28 ", "E29 ", "E48 ")) for name in after)
    assert "E24 (depends) 2018-08-24" in after
    assert not page.inside(LINE, ".rw-note").is_displayed()
    page.picture(screenshots, "timeline-wide-horizon", LINE)
    # A day of one's own, typed: wrong first, then right.
    page.tab_to(".rw input[type=text]")
    page.keys(Keys.CONTROL, "a")
    page.focused().send_keys("soon", Keys.ENTER)
    page.wait("the fault", lambda: "not a date the course can read" in told(page))
    assert page.focused().get_attribute("aria-describedby").endswith("-told")
    assert page.focused().get_property("value") == "soon", "it must be there to be corrected"
    page.keys(Keys.CONTROL, "a")
    page.focused().send_keys("2018-08-31", Keys.ENTER)
    page.wait("the day", lambda: "published 2018-08-31." in told(page))
    assert "E24 2018-08-24" in ids(page)
    # What came later, shown together with the note.
    page.tab_to(".rw input[type=checkbox]")
    page.keys(Keys.SPACE)
    page.wait("the note", lambda: page.inside(LINE, ".rw-note").is_displayed())
    assert "8 December 2024" in page.inside(LINE, ".rw-note").text
    assert "E48 (later) 2024-12-08" in ids(page)
    page.picture(screenshots, "timeline-wide-hindsight", LINE)
    page.keys(Keys.SPACE)
    page.wait("hidden again", lambda: ", hidden." in told(page))


def test_zoom_move_and_list_by_keyboard(page, screenshots):
    """The line and the list each take their keys; the kernel knows what was chosen."""
    page.script("arguments[0].focus()", page.inside(LINE, ".rw .rw-tracks input"))
    page.tab_to(".rw-chart")

    def seen() -> str:
        return page.inside(LINE, SEEN).text

    first = seen()
    assert "2016-12-01 to 2020-04-15" in first
    for key, text in (("+", "zoomed in"), (Keys.ARROW_RIGHT, "moved"), ("-", "zoomed out"),
                      (Keys.HOME, "the first event")):
        before = seen()
        page.keys(key)
        page.wait(text, lambda: seen() != before)  # noqa: B023
        assert "rw-chart" in page.focused().get_attribute("class"), "the focus was taken away"
    assert re.search(r"to 19[12]\d-", seen()), "Home must show 1920"
    page.keys("0")
    page.wait("the first view", lambda: seen() == first)
    page.tab_to("[role=option]")
    page.keys(Keys.END)
    last = page.focused().text
    page.keys(Keys.HOME)
    page.wait("the first event", lambda: page.focused().text.startswith("H1"))
    page.wait("its details", lambda: "1920-01-28 (1 day)" in page.inside(LINE, ".rw-detail").text)
    assert "Misak-ı Millî" in page.inside(LINE, ".rw-detail").text, "the source"
    assert "high" in page.inside(LINE, ".rw-detail").text, "the confidence"
    assert re.search(r"view: 19[012]\d-", seen()), "the line must follow the list"
    page.keys(Keys.ARROW_DOWN)
    page.wait("the next event", lambda: page.focused().text.startswith("H2"))
    assert last.split()[0] != "E48", "later events stay out of the list"
    page.run_until("print(line.article", lambda text: text == "000 H2 False")
    # The line stands in 1921: a new horizon must be brought into sight.
    page.script("arguments[0].focus()", page.inside(LINE, ".rw select"))
    page.keys(Keys.ARROW_DOWN)
    page.wait("001 chosen", lambda: told(page).startswith("001 "))
    page.wait("its horizon", lambda: "published 2018-09/2018-10" in page.inside(
        LINE, ".rw-chart").text)


def test_the_mouse_does_the_same(page, screenshots):
    """A click chooses, a drag moves, Ctrl and the wheel zoom, a box removes a track."""
    cell = KEPT
    page.wait("the second timeline", lambda: page.at_top(cell))
    page.script("arguments[0].scrollIntoView({block: 'center'})", page.inside(cell, ".rw-chart"))
    marks = page.cell(cell, show=False).find_elements("css selector", ".rw-event")
    mark = next(m for m in marks if m.text.endswith("E10"))
    ActionChains(page.driver).move_to_element(
        mark.find_element("css selector", ".rw-hit")).click().perform()
    page.wait("E10", lambda: page.inside(cell, ".rw-detail").text.startswith("E10."))
    before = page.inside(cell, SEEN).text
    ActionChains(page.driver).drag_and_drop_by_offset(
        page.inside(cell, ".rw-chart"), 200, 0).perform()
    page.wait("the line to move", lambda: page.inside(cell, SEEN).text != before)
    before = page.inside(cell, SEEN).text
    ActionChains(page.driver).key_down(Keys.CONTROL).scroll_from_origin(
        ScrollOrigin.from_element(page.inside(cell, ".rw-chart")), 0, -200).key_up(
        Keys.CONTROL).perform()
    page.wait("the line to zoom", lambda: page.inside(cell, SEEN).text != before)
    box = page.inside(cell, ".rw-tracks .rw-choice:nth-of-type(2) input")
    box.click()
    page.wait("no military event", lambda: page.inside(cell, ".rw-chart").text.find("E05") < 0)
    box.click()


def fits(page: Page, cell: str) -> None:
    page.wait("a drawing of the width there is", lambda: abs(
        page.inside(cell, ".rw-lines").size["width"]
        - page.inside(cell, ".rw-chart").size["width"]) < 2)
    widget = page.inside(cell, ".rw")
    assert page.script(WIDER, widget) == []
    assert page.script(OVER, widget) == []
    assert page.script(CUT, widget) == []


@pytest.mark.parametrize(("width", "files"), [(1400, True), (600, False), (600, True)],
                         ids=["wide", "narrow", "narrowest"])
def test_nothing_is_cut_off_or_laid_over(page, screenshots, width, files):
    page.script("document.activeElement.blur()")
    page.size(width, 1000)
    page.wait("the side bar to follow", lambda: page.sidebar(files))
    name = f"timeline-{width}{'-files' if files else ''}"
    try:
        for cell in (LINE, KEPT):
            fits(page, cell)
        page.picture(screenshots, name, KEPT)
        page.script("arguments[0].scrollIntoView({block: 'start'})", page.inside(KEPT, SEEN))
        page.driver.save_screenshot(str(screenshots / f"{name}-list.png"))
    finally:
        page.size(1400, 1000)
        page.wait("the side bar to come back", lambda: page.sidebar(True))


def test_export_shows_the_same_and_hides_the_same(page, screenshots):
    """The static form: later events stay hidden, and it says how many and how to see them."""
    page.size(1400, 1000)
    with page.exported(NOTEBOOK) as groups:
        shown = groups[1].text
        # 000 is of August 2018: what began in September or after it came later.
        later = (timeline.everything()["first"] >= "2018-09-01").sum()
        assert "What 000 could know" in shown and f"Came later: {later}, hidden." in shown
        assert "hindsight=True" in shown
        assert "E23" in shown and "E48" not in shown and "8 December 2024" not in shown
        assert "E48" in groups[0].text, "no article is chosen there"
        page.script("arguments[0].scrollIntoView({block: 'start'})", groups[1])
        page.driver.save_screenshot(str(screenshots / "timeline-exported.png"))


#: Contrast of the letters of an element against what lies behind them (WCAG 2.2, 1.4.3).
CONTRAST = """
const rgb = (c) => c.match(/[\\d.]+/g).map(Number);
const light = (c) => { const [r, g, b] = rgb(c).map((v) => { v /= 255;
  return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
return arguments[0].map((e) => {
  let behind = e;
  while (behind && (rgb(getComputedStyle(behind).backgroundColor)[3] ?? 1) < 1)
    behind = behind.parentElement;
  const style = getComputedStyle(e);
  const pair = [e.tagName === 'text' ? style.fill : style.color,
    behind ? getComputedStyle(behind).backgroundColor : 'rgb(255,255,255)'].map(light);
  return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
});
"""


def test_the_dark_theme_is_readable(page, screenshots):
    page.save()
    page.theme("JupyterLab Dark")
    try:
        page.run_all()
        page.wait("the timeline", lambda: told(page))
        cell = page.cell(LINE)
        for selector in (".rw-event text", ".rw-lines > g > .rw-tick", "[role=option]",
                         ".rw-detail dd", ".rw button", ".rw-place", ".rw-quiet"):
            parts = cell.find_elements("css selector", selector)[:20]
            assert parts, selector
            assert min(page.script(CONTRAST, parts)) >= 4.5, selector
        page.script("arguments[0].focus()", page.inside(LINE, ".rw select"))
        page.keys(Keys.ARROW_DOWN)
        page.tab_to(".rw input[type=checkbox]")
        page.keys(Keys.SPACE)
        page.wait("the later events", lambda: "shown" in told(page))
        page.picture(screenshots, "timeline-dark", LINE)
        page.size(600, 1000)
        page.script("arguments[0].scrollIntoView({block: 'start'})", page.inside(LINE, ".rw-chart"))
        page.driver.save_screenshot(str(screenshots / "timeline-dark-600.png"))
    finally:
        page.size(1400, 1000)
        page.theme("JupyterLab Light")


def test_the_browser_reports_no_error(page):
    assert not page.faults()
