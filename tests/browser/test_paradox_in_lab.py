"""The kappa paradox in a real JupyterLab: by keys, by mouse, wide, narrow, dark, and exported."""

from __future__ import annotations

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

from lab_page import Page, opened  # noqa: E402
from selenium.webdriver import Keys  # noqa: E402

NOTEBOOK = "notebooks/paradox.ipynb"
CELL, SAYS = "# the widget", "print(widget.cells)"
CELLS = [
    "from reader.widgets import KappaParadox\nwidget = KappaParadox()",
    "widget  # the widget",
    "print(widget.cells)",
]
SKEWED = ("By chance, kappa expects an agreement of 0.91 and AC1 of 0.10: "
          "kappa is -0.05, AC1 is 0.89.")


@pytest.fixture(scope="module")
def page(driver, lab):
    page = opened(driver, lab, NOTEBOOK, CELLS)
    page.wait("the widget", lambda: told(page))
    return page


def told(page: Page) -> str:
    found = page.inside(CELL, '.rw [role="status"]')
    return found.text if found else ""


def says(page: Page, expected: str) -> None:
    page.wait(f"the sentence {expected!r}", lambda: expected in told(page))


def values(page: Page) -> list[str]:
    return [cell.text for cell in page.cell(CELL).find_elements(
        "css selector", ".rw table:last-of-type tbody td:nth-child(2)")]


def preset(page: Page, name: str):
    return next(button for button in page.cell(CELL).find_elements("css selector", ".rw button")
                if button.text == name)


def test_every_control_and_the_picture_have_names(page):
    controls = page.cell(CELL).find_elements("css selector", ".rw input, .rw button")
    names = [control.accessible_name for control in controls]
    assert len(names) == len(set(names)) == 9
    assert "Coding units: only coder a says yes" in names
    assert all(names)
    picture = page.inside(CELL, '.rw [role="img"]')
    assert "Cohen's kappa 0.80" in picture.accessible_name
    heads = page.cell(CELL).find_elements("css selector", ".rw th")
    assert all(head.get_attribute("scope") in ("row", "col") for head in heads)


def test_by_keyboard_alone(page, screenshots):
    """A preset, each kind of number, the slider: Tab, arrows, digits, Enter, nothing else."""
    page.script("arguments[0].focus()", preset(page, "balanced"))
    page.keys(Keys.TAB)
    assert page.focused().text == "skewed"
    page.tab_to("button:focus")
    page.keys(Keys.ENTER)
    says(page, SKEWED)
    assert values(page) == ["0.9000", "-0.0526", "-0.0526", "-0.0263", "0.8895"]
    assert page.focused().text == "skewed", "the focus was taken away"
    page.picture(screenshots, "paradox-wide-skewed", CELL)
    page.tab_to('[aria-label="Coding units: both coders say yes"]')
    page.keys(Keys.ARROW_UP)
    says(page, "The coders agree on 19 of 21 coding units (0.90).")
    page.tab_to('[aria-label="Coding units: neither coder says yes"]')
    page.focused().send_keys(Keys.BACKSPACE, Keys.BACKSPACE, "17", Keys.TAB)
    says(page, "The coders agree on 18 of 20 coding units (0.90).")
    assert values(page) == ["0.9000", "0.4444", "0.4444", "0.4583", "0.8780"]
    page.tab_to("[id$=-shift]")
    for _ in range(8):
        page.keys(Keys.ARROW_RIGHT)
    says(page, "kappa is 0.80, AC1 is 0.80.")
    assert page.focused().get_attribute("aria-valuetext") == "9 agreed yes, 9 agreed no"
    page.run_until(SAYS, lambda text: "[9, 1, 1, 9]" in text)


def test_numbers_out_of_range_are_brought_back(page):
    field = page.inside(CELL, '[aria-label="Coding units: only coder a says yes"]')
    page.script("arguments[0].focus()", field)
    field.send_keys("999", Keys.TAB)
    page.wait("the largest number", lambda: field.get_attribute("value") == "100")
    field.clear()
    field.send_keys(Keys.TAB)
    page.wait("the number of before", lambda: field.get_attribute("value") == "100")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("1", Keys.TAB)
    says(page, "The coders agree on 18 of 20 coding units (0.90).")


def test_by_mouse(page, screenshots):
    preset(page, "constant").click()
    says(page, "Kappa, pi and alpha are undefined: both coders gave 'no' to all 20 coding units")
    assert values(page) == ["1.0000", *["undefined"] * 3, "1.0000"]
    page.picture(screenshots, "paradox-constant", CELL)
    preset(page, "biased").click()
    says(page, "The coders agree on 16 of 20 coding units (0.80).")
    assert values(page) == ["0.8000", "0.6154", "0.6000", "0.6100", "0.6000"]


def test_no_unit_is_said(page):
    for name in ("both coders say yes", "only coder a says yes", "neither coder says yes"):
        field = page.inside(CELL, f'[aria-label="Coding units: {name}"]')
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys("0", Keys.TAB)
    says(page, "There is no coding unit")
    assert not page.inside(CELL, "[id$=-shift]").is_enabled()
    preset(page, "skewed").click()
    says(page, SKEWED)


@pytest.mark.parametrize("sidebar", [True, False], ids=["with file list", "without"])
def test_narrow_screen(page, screenshots, sidebar):
    page.enter("from reader")  # the widget keeps keys to itself while it has the focus
    page.size(600, 900)
    page.wait("the side bar to follow", lambda: page.sidebar(sidebar))
    try:
        page.picture(screenshots, f"paradox-{'narrowest' if sidebar else 'narrow'}", CELL)
        assert page.cut_off(CELL, ".rw") <= 1
    finally:
        page.size(1400, 1000)
        page.wait("the side bar to come back", lambda: page.sidebar(True))


def test_at_320_pixels(page, screenshots):
    """As wide as a small telephone: nothing is cut, and targets stay large enough to touch."""
    widget = page.inside(CELL, ".rw")
    page.script("arguments[0].style.width = '320px'", widget)
    try:
        page.picture(screenshots, "paradox-320", CELL)
        assert page.script("return arguments[0].scrollWidth <= 320", widget)
        for control in widget.find_elements("css selector", "button, input"):
            assert control.size["height"] >= 24, control.accessible_name
            assert control.rect["x"] + control.size["width"] <= widget.rect["x"] + 320
    finally:
        page.script("arguments[0].style.width = ''", widget)


def test_dark_theme(page, screenshots):
    page.theme("JupyterLab Dark")
    try:
        page.picture(screenshots, "paradox-dark", CELL)
        for selector in (".rw-told", "th", "input", ".rw-row span"):
            red = page.script("return getComputedStyle(arguments[0]).color.match(/\\d+/)[0]",
                              page.inside(CELL, f".rw {selector}"))
            assert int(red) > 150, f"{selector}: letters must be light on dark"
    finally:
        page.theme("JupyterLab Light")


def test_export_shows_the_same(page, screenshots):
    page.run(CELL)
    page.wait("the widget anew", lambda: told(page))
    now = told(page)
    with page.exported(NOTEBOOK) as groups:
        text = groups[0].text
        assert now in text
        for words in ("Two coders and one code", "a: yes", "Gwet's AC1", "0.8895", "none"):
            assert words in text, words
        page.driver.save_screenshot(str(screenshots / "paradox-exported.png"))


def test_the_browser_reports_no_error(page):
    assert not page.faults()
