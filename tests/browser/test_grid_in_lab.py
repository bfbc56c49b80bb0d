"""The power-interest grid in a real JupyterLab: by keyboard alone, with the mouse, narrow, dark."""

from __future__ import annotations

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

from lab_page import Page, opened  # noqa: E402
from selenium.webdriver import ActionChains, Keys  # noqa: E402

NOTEBOOK = "notebooks/grid.ipynb"
GRID, SAYS = "# the widget", "print(*grid.placements"
CELLS = [
    'from reader.widgets import PowerInterestGrid\ngrid = PowerInterestGrid(title="A trial")',
    "grid  # the widget",
    'print(*grid.placements.dropna()[["actor", "power", "interest", "quadrant"]].values.tolist())',
]


@pytest.fixture(scope="module")
def page(driver, lab):
    """A notebook with one grid, after *Run All Cells*."""
    page = opened(driver, lab, NOTEBOOK, CELLS)
    page.wait("the grid", lambda: told(page))
    return page


def told(page: Page) -> str:
    found = page.inside(GRID, '.rw [role="status"]')
    return found.text if found else ""


def says(page: Page, expected: str) -> None:
    page.wait(f"the sentence {expected!r}, not {told(page)!r}", lambda: expected in told(page))


def kernel_has(page: Page, expected: str) -> None:
    """Run the cell that prints the placements; the kernel must have what the page shows."""
    page.run_until(SAYS, lambda text: expected in text)


def mark(page: Page, actor: str):
    return page.inside(GRID, f'[data-actor="{actor}"]')


def test_by_keyboard_alone(page, screenshots):
    """Choose, place, move, type numbers, compare, take off: Tab, arrows, letters, nothing else."""
    page.script("arguments[0].focus()", page.inside(GRID, "select"))
    says(page, "Syrian government and its forces (A01): not placed.")
    page.keys(Keys.ARROW_DOWN)
    says(page, "Russia (A03): not placed.")
    page.tab_to(".rw-plane")
    outline = page.script("return getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px", "the focus must be seen"
    for keys, expected in (((Keys.ARROW_RIGHT,), "power 5, interest 5, player"),
                           ((Keys.ARROW_RIGHT,), "power 5.5, interest 5, player"),
                           ((Keys.SHIFT, Keys.ARROW_DOWN), "power 5.5, interest 3, context setter"),
                           ((Keys.SHIFT, Keys.ARROW_LEFT), "power 3.5, interest 3, crowd"),
                           ((Keys.SHIFT, Keys.ARROW_UP), "power 3.5, interest 5, subject"),
                           ((Keys.PAGE_DOWN,), "Turkey (A07): not placed"),
                           ((Keys.ARROW_UP,), "Turkey (A07): power 5, interest 5"),
                           ((Keys.DELETE,), "Turkey (A07): not placed"),
                           ((Keys.PAGE_UP,), "Russia (A03): power 3.5")):
        page.keys(*keys)
        says(page, expected)
        assert "rw-plane" in page.focused().get_attribute("class"), "the focus was taken away"
    kernel_has(page, "['A03', 3.5, 5.0, 'subject']")

    page.script("arguments[0].focus()", page.inside(GRID, "select"))
    page.tab_to("[id$=-power]")
    page.focused().send_keys(Keys.CONTROL, "a")
    page.focused().send_keys("8", Keys.TAB)
    says(page, "power 8, interest 5, player")
    page.focused().send_keys(Keys.CONTROL, "a")
    page.focused().send_keys("11", Keys.TAB)
    says(page, "A rating is a number from 0 to 10.")
    kernel_has(page, "['A03', 8.0, 5.0, 'player']")

    page.script("arguments[0].focus()", page.inside(GRID, "select"))
    page.tab_to("[id$=-other]")
    page.keys(Keys.ARROW_DOWN)
    says(page, 'Beside it, another reading ("force"): power 9, interest 7, player.')
    assert "Neither placement is the right one." in page.inside(GRID, ".rw").text
    assert page.inside(GRID, ".rw-hollow line"), "the two places of Russia are joined"
    page.picture(screenshots, "grid-wide", GRID)
    page.keys(Keys.ARROW_UP)
    page.wait("no hollow mark", lambda: not page.inside(GRID, ".rw-hollow"))


def test_ctrl_s_saves_the_notebook(page):
    """From inside a widget it would otherwise open the browser's "save page"."""
    dirty = ".lm-DockPanel-tabBar .lm-TabBar-tab.lm-mod-current.jp-mod-dirty"
    page.type_into(SAYS, "saved = True")
    page.type_into("saved = True", CELLS[2])
    page.wait("an unsaved change", lambda: page.all(dirty))
    page.script("arguments[0].focus()", page.inside(GRID, ".rw-plane"))
    page.keys(Keys.CONTROL, "s")
    page.wait("the notebook to be saved", lambda: not page.all(dirty))
    before = page.inside(GRID, "[role=status]").text
    page.keys(Keys.ARROW_RIGHT)
    page.wait("the arrows to be the widget's again",
              lambda: page.inside(GRID, "[role=status]").text != before)
    page.keys(Keys.ARROW_LEFT)


def test_with_the_mouse(page):
    """A click places, a drag moves; the page and the kernel agree where."""
    page.script("arguments[0].focus()", page.inside(GRID, "select"))
    page.inside(GRID, 'option[value="A28"]').click()
    says(page, "People of Idlib: residents and displaced people (A28): not placed.")
    page.wait("the page to stand still", lambda: page.at_top(GRID))
    frame = page.inside(GRID, ".rw-plane svg rect")
    # The side of the grid is 10 ratings long. Below, it goes 4 to the left and 4.5 up.
    side = page.script("return arguments[0].getBoundingClientRect().width", frame)
    ActionChains(page.driver).move_to_element(frame).click().perform()
    says(page, "(A28): power 5, interest 5, player")
    drag = ActionChains(page.driver).move_to_element(mark(page, "A28")).click_and_hold()
    drag.move_by_offset(round(-0.2 * side), 0)
    drag.move_by_offset(round(-0.2 * side), round(-0.45 * side)).release().perform()
    says(page, "(A28): power 1, interest 9.5, subject")
    kernel_has(page, "['A28', 1.0, 9.5, 'subject']")
    # To press another mark chooses it and moves nothing.
    mark(page, "A03").click()
    says(page, "Russia (A03): power 8, interest 5")


def test_the_kernel_moves_the_marks_too(page):
    page.type_into(SAYS, 'grid.place("A03", 2, 2); grid.reference = "consent"')
    says(page, 'Russia (A03): power 2, interest 2, crowd. Beside it, another reading ("consent")')
    page.type_into("grid.place", CELLS[2])


@pytest.mark.parametrize("sidebar", [True, False], ids=["with file list", "without"])
def test_narrow_screen(page, screenshots, sidebar):
    """On 600 pixels nothing is cut off, and marks are still large enough for a finger."""
    page.size(600, 900)
    # In the grid, the keys are the grid's, not JupyterLab's.
    page.script("document.activeElement.blur()")
    page.wait("the side bar to follow", lambda: page.sidebar(sidebar))
    try:
        page.picture(screenshots, f"grid-{'narrowest' if sidebar else 'narrow'}", GRID)
        assert page.cut_off(GRID, ".rw") <= 1
        box = page.script("const b = arguments[0].getBoundingClientRect();"
                          "return [b.width, b.height]", mark(page, "A03"))
        assert min(box) >= 24
    finally:
        page.size(1400, 1000)
        page.wait("the side bar to come back", lambda: page.sidebar(True))


def test_dark_theme(page, screenshots):
    """Letters and lines take the theme's colours: light on dark."""
    page.theme("JupyterLab Dark")
    try:
        colours = page.script(
            "const c = (s, k) => getComputedStyle(arguments[0].querySelector(s))[k];"
            "return [c('.rw-tick', 'fill'), c('.rw-actor text', 'fill'),"
            "c('.rw-hollow circle', 'stroke')]", page.inside(GRID, ".rw"))
        for colour in colours:
            channels = [float(part) for part in colour.split("(")[1].rstrip(")").split(",")[:3]]
            assert min(channels) > 150, colours
        page.picture(screenshots, "grid-dark", GRID)
    finally:
        page.theme("JupyterLab Light")


def test_dark_and_narrow_by_keyboard(page, screenshots):
    """Dark, 600 pixels, no mouse: choose, place, move, compare; nothing is cut off."""
    page.theme("JupyterLab Dark")
    page.size(600, 900)
    page.script("document.activeElement.blur()")
    page.wait("the side bar to follow", lambda: page.sidebar(False))
    try:
        page.type_into(SAYS, 'grid.places = {}; grid.reference = ""; grid.selected = "A01"')
        says(page, "Syrian government and its forces (A01): not placed.")
        page.script("arguments[0].focus()", page.inside(GRID, "select"))
        page.keys(Keys.END)
        says(page, "Syrian refugees (A29): not placed.")
        page.keys(Keys.ARROW_UP)
        says(page, "(A28): not placed.")
        page.tab_to(".rw-plane")
        page.keys(Keys.ARROW_UP)
        page.keys(Keys.SHIFT, Keys.ARROW_LEFT)
        page.keys(Keys.SHIFT, Keys.ARROW_UP)
        says(page, "(A28): power 3, interest 7, subject")
        page.tab_to("[id$=-other]")
        page.keys(Keys.ARROW_DOWN)
        says(page, 'Beside it, another reading ("force"): power 0, interest 2, crowd.')
        page.driver.save_screenshot(str(screenshots / "grid-dark-narrow-focus.png"))
        page.picture(screenshots, "grid-dark-narrow", GRID)
        root = page.inside(GRID, ".rw")
        assert page.script("return arguments[0].scrollWidth - arguments[0].clientWidth", root) <= 1
        page.script("arguments[0].scrollIntoView({block: 'end'})", root)
        page.driver.save_screenshot(str(screenshots / "grid-dark-narrow-end.png"))
    finally:
        page.size(1400, 1000)
        page.script("document.activeElement.blur()")
        page.wait("the side bar to come back", lambda: page.sidebar(True))
        page.theme("JupyterLab Light")


def test_export_shows_the_same(page, screenshots):
    """*Save and Export as HTML*: a table says what the widget showed when its cell last ran."""
    page.type_into("grid.", 'grid.places = {"A03": [2, 2], "A28": [1, 9.5]}; '
                   'grid.reference = "consent"; grid.selected = "A03"')
    says(page, "Russia (A03): power 2, interest 2, crowd.")
    page.run(GRID)
    with page.exported(NOTEBOOK) as groups:
        shown = groups[0].text
        assert "A trial: 2 of 12 actors are placed" in shown
        assert 'Columns ending in _other: another reading ("consent")' in shown
        # As the widget: Russia at 2 and 2, beside 8 and 6; Turkey not placed, beside 8 and 10.
        for row in ("A03 Russia 2.0 2.0 crowd 8.0 6.0 player",
                    "A07 Turkey not placed 8.0 10.0 player", "A29 Syrian refugees not placed"):
            assert row in " ".join(shown.split()), row
        page.driver.save_screenshot(str(screenshots / "grid-exported.png"))


def test_the_browser_reports_no_error(page):
    assert not page.faults()
