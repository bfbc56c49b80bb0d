"""The unit checker in a real JupyterLab: by keys, by mouse, wide, narrow, and exported."""

from __future__ import annotations

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

from lab_page import Page, opened  # noqa: E402
from selenium.webdriver import Keys  # noqa: E402
from selenium.webdriver.support.ui import Select  # noqa: E402

NOTEBOOK = "units.ipynb"
CELL, PLOT = "UnitChecker(", "plot_triangulation("
CELLS = [
    "from reader import figures\nfrom reader.widgets import UnitChecker",
    'UnitChecker(first="F10", second="F11", title="Displaced people and land?")',
    'figures.plot_triangulation("F09")',
    'figures.plot_series("displacement-nw-syria")',
]


@pytest.fixture(scope="module")
def page(driver, lab):
    return opened(driver, lab, NOTEBOOK, CELLS)


def told(page: Page) -> str:
    found = page.inside(CELL, ".rw .rw-told")
    return found.text if found else ""


def test_every_control_has_a_name(page):
    page.wait("the widget", lambda: told(page))
    controls = page.cell(CELL).find_elements("css selector", ".rw select, .rw input, .rw button")
    assert len(controls) == 5
    for control in controls:
        assert control.accessible_name, control.get_attribute("outerHTML")
    assert page.inside(CELL, ".rw-told").get_attribute("role") == "status"


def test_by_keyboard_alone(page, screenshots):
    """From people and land, refused, to a share: list, list, reason, and back by the button."""
    assert page.wait("a refusal", lambda: told(page)).startswith(
        "Not computed: People and percent can't be divided")
    page.picture(screenshots, "units-wide-refused", CELL)
    page.script("arguments[0].focus()", page.inside(CELL, ".rw select"))
    assert page.focused().get_attribute("id").endswith("-first")
    page.tab_to("[id$=-operation]")
    page.tab_to("[id$=-second]")
    # Two up in the list; JupyterLab would take the key to move to another cell.
    page.keys(Keys.ARROW_UP)
    page.wait("F10 twice", lambda: "open at both ends" in told(page))
    page.keys(Keys.ARROW_UP)
    page.wait("F09", lambda: "which the text calls a city" in told(page))
    assert page.focused().get_attribute("id").endswith("-second"), "the focus was taken away"
    page.tab_to("[id$=-reason]")
    page.focused().send_keys("F10 counts people among those of F09", Keys.ENTER)
    page.wait("a share", lambda: told(page).startswith("36.4 percent or more. Both count people."))
    assert page.focused().get_attribute("id").endswith("-reason"), "the focus was taken away"
    page.picture(screenshots, "units-wide-share", CELL)


def test_by_mouse(page):
    before = told(page)
    page.inside(CELL, ".rw button").click()
    page.wait("the figures to change places", lambda: (
        told(page) != before and Select(page.inside(CELL, ".rw select"))
        .first_selected_option.text.startswith("F09")))
    page.inside(CELL, ".rw button").click()
    page.wait("the share of before", lambda: told(page) == before)
    Select(page.inside(CELL, ".rw select[id$=operation]")).select_by_value("difference")
    page.wait("a difference", lambda: told(page).startswith("-2,100,000 people or more."))
    Select(page.inside(CELL, ".rw select[id$=operation]")).select_by_value("share")
    page.wait("the share of before", lambda: told(page) == before)


@pytest.mark.parametrize("sidebar", [True, False], ids=["with file list", "without"])
def test_narrow_screen(page, screenshots, sidebar):
    page.enter("from reader import")  # the widget keeps keys to itself while it has the focus
    page.size(600, 900)
    page.wait("the side bar to follow", lambda: page.sidebar(sidebar))
    try:
        for name, cell, selector in (("checker", CELL, ".rw"), ("plot", PLOT, "figure"),
                                     ("series", "plot_series(", "figure")):
            page.picture(screenshots, f"units-{'narrowest' if sidebar else 'narrow'}-{name}", cell)
            assert page.cut_off(cell, selector) <= 1, name
    finally:
        page.size(1400, 1000)
        page.wait("the side bar to come back", lambda: page.sidebar(True))


def test_export_shows_the_same(page, screenshots):
    """The static form was made when the cell ran: it tells what the widget told then."""
    page.run(CELL)
    page.wait("the widget anew", lambda: told(page).startswith("Not computed: People and percent"))
    now = told(page)
    with page.exported(NOTEBOOK) as groups:
        group = groups[0]
        assert now in group.text
        for words in ("Displaced people and land?", "1,200,000 or more", "area of Syria", "001 P2"):
            assert words in group.text, words
        page.driver.save_screenshot(str(screenshots / "units-exported.png"))


def test_the_browser_reports_no_error(page):
    assert not page.faults()
