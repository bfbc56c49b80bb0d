"""Every widget by keyboard alone in Notebook 7, which takes more keys for itself than a page does.

How each widget works, key by key, is tested in JupyterLab; here, that the essential keys reach it,
and that no key typed in a widget edits, moves or deletes a cell.
"""

from __future__ import annotations

from contextlib import suppress

import nbformat
import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")
pytest.importorskip("notebook", reason="notebook is not installed (see requirements.txt)")

from every_output import (  # noqa: E402
    CELLS,
    CLUES,
    DESK,
    GRID,
    LINE,
    PAIR,
    PARADOX,
    READER,
    UNITS,
)
from lab_page import PATIENCE, Page  # noqa: E402
from selenium.common.exceptions import TimeoutException  # noqa: E402
from selenium.webdriver import Keys  # noqa: E402

SHOWN = CELLS[:9]
SOURCES = """
return [...document.querySelectorAll('.jp-Notebook .jp-Cell')].map((c) => [
  c.className.match(/jp-(Code|Markdown|Raw)Cell/)[1],
  c.querySelector('.jp-InputArea-editor').textContent]);
"""
#: Keys that the notebook's command mode knows: cells above, below, cut, other types, undo, run.
COMMANDS = ("a", "b", "x", "c", "d", "d", "m", "r", "y", "o", "z", Keys.ARROW_DOWN, Keys.ARROW_UP)
#: Cell, where the widget tells what it shows, then steps: control to Tab to, keys, what is told.
WALKS = [
    (READER, ".rw-place", [("select", (Keys.ARROW_DOWN,), "002 P1"),
                           (".rw-box", (Keys.ARROW_RIGHT,), "002 P2"),
                           (".rw-box", (Keys.END,), "002 P7")]),
    (CLUES, ".rw-place", [(".rw-choice:nth-of-type(1) input", (Keys.SPACE,), "2018-08-24/.."),
                          (".rw-choice:nth-of-type(2) input", (Keys.SPACE,),
                           "2018-08-24/2018-08-30")]),
    (GRID, "[role=status]", [("select", (Keys.ARROW_DOWN,), "Russia (A03): not placed"),
                             (".rw-plane", (Keys.ARROW_RIGHT,), "power 5, interest 5"),
                             (".rw-plane", (Keys.DELETE,), "not placed")]),
    (LINE, ".rw-place", [("select", (Keys.ARROW_DOWN,), "000 Gulf News"),
                         ("input[type=checkbox]", (Keys.SPACE,), "000 Gulf News")]),
    (LINE, ".rw-detail", [("[role=option]", (Keys.HOME,), "H1"),
                          ("[role=option]", (Keys.ARROW_DOWN,), "H2")]),
    (UNITS, ".rw-told", [("[id$=-second]", (Keys.ARROW_UP,), "open at both ends")]),
    (DESK, "[role=status]", [(".rw-words", (Keys.CONTROL, Keys.HOME), ""),
                             (".rw-words", (Keys.CONTROL, Keys.SHIFT, Keys.ARROW_RIGHT), ""),
                             (".rw-words", ("3",), "Added: CD Casting doubt on “The”"),
                             (".rw-words", (Keys.CONTROL, "z"), "Undone.")]),
    (PAIR, "[role=status]", [("[id$=-left]", (Keys.ARROW_DOWN,), "001 P8 and 003 S18")]),
    (PARADOX, ".rw-told", [("button:nth-child(2)", (Keys.ENTER,), "kappa is -0.05"),
                           ("input[type=range]", (Keys.ARROW_RIGHT,), "kappa is ")]),
]


@pytest.fixture(scope="module")
def page(driver, lab):
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in SHOWN],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    nbformat.write(notebook, lab.course / "notebooks/seven.ipynb")
    page = Page(driver, lab)
    page.size(1400, 1000)
    driver.get(lab.page("notebooks/notebooks/seven.ipynb"))
    page.wait("the notebook's cells", lambda: page.cell("import"))
    # Its sign says idle before there is a kernel, which then has heard of no cell.
    for _ in range(6):
        page.menu("Run", "runmenu:run-all")
        with suppress(TimeoutException):
            page.wait("the last widget", lambda: page.inside(
                PARADOX, ".rw [role=status]").text, PATIENCE / 6)
            break
    return page


def into(page: Page, cell: str, selector: str) -> None:
    """Press Tab, from the cell's own line, until a control of its widget has the focus."""
    page.enter(cell)
    page.keys(Keys.ESCAPE)
    ours = ("return arguments[0].contains(document.activeElement)"
            " && document.activeElement.matches(arguments[1])")
    for _ in range(60):
        page.keys(Keys.TAB)
        if page.script(ours, page.cell(cell, show=False), f".rw {selector}"):
            style = "return getComputedStyle(document.activeElement).outlineStyle"
            assert page.script(style) not in ("none", ""), f"{selector}: the focus must be seen"
            return
    pytest.fail(f"Tab does not lead to {selector} in {cell}")


@pytest.mark.parametrize(("cell", "tells", "steps"), WALKS,
                         ids=[f"{n}-{walk[0].split()[-1]}" for n, walk in enumerate(WALKS)])
def test_by_keyboard_alone(page, cell, tells, steps):
    at = None
    for control, keys, expected in steps:
        if control != at:
            into(page, cell, control)
            at = control
        page.keys(*keys)
        page.wait(f"{expected} after {keys!r}", lambda: expected in page.inside(  # noqa: B023
            cell, f".rw {tells}").text)
        assert page.script("return document.activeElement.closest('.rw') !== null"), \
            f"{control}: the focus was taken away by {keys!r}"


@pytest.mark.parametrize("cell", [READER, CLUES, GRID, LINE, UNITS, DESK, PAIR, PARADOX],
                         ids=lambda cell: cell.split()[-1])
def test_the_notebook_takes_no_key(page, cell):
    before = page.script(SOURCES)
    assert len(before) == len(SHOWN)
    page.script("arguments[0].focus()", page.inside(
        cell, ".rw :is(select, input:not([type=text]), button, [tabindex='0'])"))
    assert page.script("return document.activeElement.closest('.rw') !== null")
    for key in COMMANDS:
        page.keys(key)
    assert page.script("return document.activeElement.closest('.rw') !== null")
    assert page.script(SOURCES) == before
    # Held keys of the notebook leave nothing open for the next one.
    page.keys(Keys.CONTROL, "s")
    page.keys("a")
    assert page.script("return document.activeElement.closest('.rw') !== null")
    assert page.script(SOURCES) == before


def test_our_scripts_report_no_error(page):
    """Notebook has a fault of its own in the console, whatever the notebook holds."""
    assert not [fault for fault in page.faults() if "notebook_core" not in fault]
