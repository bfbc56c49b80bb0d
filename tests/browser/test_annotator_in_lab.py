"""The annotator in a real JupyterLab: by keys alone, with the mouse, both modes, narrow, dark."""

from __future__ import annotations

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

from annotator_page import (  # noqa: E402
    CELLS,
    DESK,
    NOTEBOOK,
    SAVE,
    SAYS,
    TEXT,
    empty,
    focus_text,
    kernel_has,
    picked,
    says,
    told,
)
from lab_page import opened  # noqa: E402
from selenium.webdriver import ActionChains, Keys  # noqa: E402
from selenium.webdriver.support.ui import Select  # noqa: E402


@pytest.fixture(scope="module")
def page(driver, lab):
    page = opened(driver, lab, NOTEBOOK, CELLS)
    page.wait("the text", lambda: page.inside(DESK, ".rw-words").text)
    return page


def test_every_control_has_a_name(page):
    controls = page.cell(DESK).find_elements(
        "css selector", ".rw select, .rw input, .rw button, .rw [tabindex='0']")
    assert len(controls) > 15
    for control in controls:
        if control.is_displayed():
            assert control.accessible_name, control.get_attribute("outerHTML")
    assert page.inside(DESK, ".rw-words").get_attribute("aria-readonly") == "true"


def test_by_keyboard_alone(page, screenshots):
    """Pick words, label, change the voice, note, undo, redo, remove, move on: no mouse."""
    empty(page)
    focus_text(page)
    page.keys(Keys.CONTROL, Keys.HOME)
    page.keys(Keys.CONTROL, Keys.ARROW_RIGHT)
    page.keys(Keys.CONTROL, Keys.SHIFT, Keys.ARROW_RIGHT)
    picked(page, "“ferry”")
    page.keys(Keys.SHIFT, Keys.ARROW_LEFT)
    picked(page, "“ferr”")
    page.keys(Keys.SHIFT, Keys.ARROW_RIGHT)
    page.keys("3")
    says(page, "Added: CD Casting doubt on “ferry” (author).")
    page.keys("v")
    says(page, "Voice: reported")
    page.keys("v")
    says(page, "Voice: quoted")
    assert "rw-words" in page.focused().get_attribute("class"), "the focus was taken away"
    kernel_has(page, "['005 P1', 4, 9, 'CD', 'quoted']")

    focus_text(page)
    picked(page, "“ferry”")  # what was picked is so again
    page.keys("4")
    says(page, "AH Appeal to hypocrisy on “ferry”")
    page.keys(Keys.CONTROL, "z")
    says(page, "Undone. Rows: 1.")
    page.keys(Keys.CONTROL, "y")
    says(page, "Done again. Rows: 2.")
    page.keys(Keys.ESCAPE)
    picked(page, "the whole segment")
    page.keys("5")
    says(page, "Added: QR Questioning the reputation on the whole segment (author).")
    page.keys("0")
    says(page, "005 P1 has codes: remove them before you say that no code applies.")
    page.picture(screenshots, "annotator-wide", DESK)
    assert page.inside(DESK, ".rw-words").text == TEXT.replace("“", '"').replace("”", '"')

    # The caret within marked words chooses their row; Enter goes on to the next one there.
    page.keys(Keys.CONTROL, Keys.HOME)
    page.keys(Keys.CONTROL, Keys.ARROW_RIGHT)
    page.keys(Keys.ARROW_RIGHT)
    says(page, "Chosen: ")
    first = told(page)
    page.keys(Keys.ENTER)
    page.wait("the other row", lambda: told(page) not in (first, ""))
    page.keys(Keys.DELETE)
    says(page, "Removed: AH ")

    page.tab_to(".rw-rows .rw-list")
    page.keys(Keys.HOME)
    page.wait("the first row", lambda: "QR" in page.inside(DESK, ".rw-which").text)
    page.keys(Keys.ARROW_DOWN)
    page.wait("the second row", lambda: "ferry" in page.inside(DESK, ".rw-which").text)
    page.script("arguments[0].focus()", page.inside(DESK, ".rw-words"))
    page.tab_to("[id$=-note]")
    page.focused().send_keys("see rule 2", Keys.ENTER)
    says(page, "Note kept.")

    page.keys(Keys.SHIFT, Keys.TAB)  # out of the line: keys are keys again
    page.keys(Keys.PAGE_DOWN)
    says(page, "005 P2, 2 of 3. Rows here: 0.")
    assert "rw-words" in page.focused().get_attribute("class"), "the focus went with the row"
    page.keys("0")
    says(page, "Added: no code applies to 005 P2.")
    page.tab_to(".rw-rows .rw-list")
    page.keys(Keys.END)
    page.keys(Keys.DELETE)
    says(page, "Removed: no code applies to 005 P2.")

    # A segment that the kernel has not sent before, and one without a copy of its article.
    focus_text(page)
    page.keys(Keys.PAGE_DOWN)
    says(page, "000 P1, 3 of 3.")
    page.wait("the keys in the new segment", lambda: (
        "rw-list" in page.focused().get_attribute("class")))
    page.keys(Keys.ARROW_DOWN)
    picked(page, "“horrific massacre is looming”")
    kernel_has(page, "['005 P1', 0, 77, 'QR', 'author']", "['005 P1', 4, 9, 'CD', 'quoted']")


def test_all_labels_of_a_long_family(page):
    empty(page)
    focus_text(page)
    page.keys("m")
    says(page, "Labels 10 to 18: from Appeal to fear or prejudice")
    page.keys("1")
    says(page, "Added: AF ")
    page.keys("f")
    page.focused().send_keys("loa")
    says(page, "Labels found: 1. Enter takes LL Loaded language.")
    page.keys(Keys.ENTER)
    says(page, "Added: LL Loaded language on the whole segment")
    assert "rw-words" in page.focused().get_attribute("class"), "back in the text"
    page.keys("9")
    says(page, "Added: AV ")


def test_letters_do_not_write_into_the_text(page):
    empty(page)
    focus_text(page)
    before = page.inside(DESK, ".rw-words").text
    for keys in (("x",), (Keys.SPACE,), (Keys.BACKSPACE,), (Keys.CONTROL, "x"), (Keys.ENTER,)):
        page.keys(*keys)
    assert page.inside(DESK, ".rw-words").text == before
    kernel_has(page)


def test_with_the_mouse(page, screenshots):
    """A drag picks whole words, a press labels them, a press on marked words chooses the row."""
    empty(page)
    page.wait("the page to stand still", lambda: page.at_top(DESK))
    spots = page.script("""
      const n = arguments[0].firstChild, r = document.createRange(), box = (at) => {
        r.setStart(n, at); r.setEnd(n, at + 1); const b = r.getBoundingClientRect();
        return [b.left + b.width / 2, b.top + b.height / 2]; };
      const f = arguments[0].getBoundingClientRect(), mid = [f.left + f.width / 2,
        f.top + f.height / 2];
      return [36, 43].map((at) => box(at).map((v, k) => Math.round(v - mid[k])));
    """, page.inside(DESK, ".rw-words"))
    text = page.inside(DESK, ".rw-words")
    drag = ActionChains(page.driver).move_to_element_with_offset(text, *spots[0]).click_and_hold()
    drag.move_to_element_with_offset(text, *spots[1]).release().perform()
    picked(page, "“harbour office”")  # from the middle of one word to the middle of the other
    page.cell(DESK).find_elements("css selector", ".rw-palette button")[0].click()
    says(page, "Added: NC Name calling or labelling on “harbour office” (author).")
    Select(page.inside(DESK, "[id$=-voice]")).select_by_value("reported")
    says(page, "Voice: reported")
    kernel_has(page, "['005 P1', 34, 48, 'NC', 'reported']")

    page.wait("the page to stand still", lambda: page.at_top(DESK))
    next(b for b in page.cell(DESK).find_elements("css selector", ".rw button")
         if b.text == "Pick the whole segment").click()
    picked(page, "the whole segment")
    ActionChains(page.driver).move_to_element_with_offset(text, *spots[0]).click().perform()
    says(page, "Chosen: NC Name calling or labelling, reported, “harbour office”.")
    next(b for b in page.cell(DESK).find_elements("css selector", ".rw button")
         if b.text == "Remove this row").click()
    says(page, "Removed: ")
    ActionChains(page.driver).move_to_element_with_offset(text, *spots[0]).double_click().perform()
    picked(page, "“harbour”")


def test_without_the_text(page, screenshots):
    """Digest and phrases; the positions are those of the article, as with the text."""
    empty(page)
    page.script("arguments[0].focus()", page.inside(DESK, ".rw select"))
    page.keys(Keys.END)
    says(page, "000 P1, 3 of 3.")
    page.tab_to(".rw-box .rw-list")
    page.keys(Keys.ARROW_DOWN)
    picked(page, "“horrific massacre is looming”")
    page.keys("2")
    says(page, "Added: GA Guilt by association on “horrific massacre is looming” (author).")
    page.keys(Keys.HOME)
    picked(page, "the whole segment")
    page.keys("1")
    says(page, "on the whole segment")
    kernel_has(page, "['000 P1', 0, 551, 'NC', 'author']", "['000 P1', 8, 36, 'GA', 'author']")
    page.picture(screenshots, "annotator-without-text", DESK)


def test_the_keys_of_the_notebook_still_work(page):
    """Ctrl+S saves from inside the text, and Ctrl with arrows moves no cell."""
    empty(page)
    dirty = ".lm-DockPanel-tabBar .lm-TabBar-tab.lm-mod-current.jp-mod-dirty"
    page.wait("an unsaved change", lambda: page.all(dirty))
    focus_text(page)
    page.keys(Keys.CONTROL, Keys.SHIFT, Keys.ARROW_DOWN)
    page.keys(Keys.CONTROL, "s")
    page.wait("the notebook to be saved", lambda: not page.all(dirty))
    assert "rw-words" in page.focused().get_attribute("class")
    page.keys("1")
    says(page, "Added: NC ")


@pytest.mark.parametrize("sidebar", [True, False], ids=["with file list", "without"])
def test_narrow_screen(page, screenshots, sidebar):
    """On 600 pixels, and beside the list of files on about 300, nothing is cut off."""
    page.enter("import pathlib")
    page.size(600, 1300)
    page.wait("the side bar to follow", lambda: page.sidebar(sidebar))
    name = "narrowest" if sidebar else "narrow"
    try:
        page.picture(screenshots, f"annotator-{name}", DESK)
        assert page.cut_off(DESK, ".rw") <= 1
        for control in page.cell(DESK).find_elements("css selector", ".rw button, .rw-list li"):
            assert not control.is_displayed() or control.size["height"] >= 24
        page.script("arguments[0].scrollIntoView({block: 'end'})", page.inside(DESK, ".rw"))
        page.driver.save_screenshot(str(screenshots / f"annotator-{name}-end.png"))
    finally:
        page.size(1400, 1000)
        page.wait("the side bar to come back", lambda: page.sidebar(True))


def test_dark_theme(page, screenshots):
    empty(page)
    focus_text(page)
    page.keys(Keys.CONTROL, Keys.SHIFT, Keys.ARROW_RIGHT)
    page.keys("2")
    says(page, "Added: ")
    page.theme("JupyterLab Dark")
    try:
        colours = page.script(
            "const c = (s, k) => getComputedStyle(arguments[0].querySelector(s))[k];"
            "return [c('.rw-words', 'color'), c('.rw-words', 'caretColor'), c('.rw-tag', 'color'),"
            "c('.rw-list mark', 'color'), c('.rw-palette kbd', 'color')]", page.inside(DESK, ".rw"))
        for colour in colours:
            channels = [float(part) for part in colour.split("(")[1].rstrip(")").split(",")[:3]]
            assert min(channels) > 150, colours
        page.picture(screenshots, "annotator-dark", DESK)
    finally:
        page.theme("JupyterLab Light")


def test_saved_and_exported(page, screenshots):
    """The file has positions and labels; the exported page shows the rows, and no text."""
    page.type_into(SAYS, 'desk.rows = [dict(locator="005 P1", start=4, end=9, code="LL", '
                         'voice="quoted"), dict(locator="000 P1", start=8, end=36, code="AF")]')
    page.wait("two rows", lambda: "Rows: 2, in 2 of 3" in page.inside(DESK, ".rw-rows").text)
    page.run(SAVE)
    page.wait("the file", lambda: "005 P1,4,9,LL,quoted,me," in page.inside(
        SAVE, ".jp-OutputArea-output").text)
    page.run(DESK)
    with page.exported(NOTEBOOK) as groups:
        shown = " ".join(groups[0].text.split())
        assert "Rows: 2, in 2 of 3 segments." in shown
        for row in ("005 P1 LL Loaded language quoted 4 9 me",
                    "000 P1 AF Appeal to fear or prejudice author “horrific massacre is looming” "
                    "8 36 me"):
            assert row in shown, shown
        assert "noon" not in shown
        page.driver.save_screenshot(str(screenshots / "annotator-exported.png"))
    assert "harbour office says. " not in (page.lab.course / NOTEBOOK).read_text().split(
        "# the widget")[1], "no text in the saved notebook"


def test_the_browser_reports_no_error(page):
    assert not page.faults()
