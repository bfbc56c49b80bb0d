"""A feedback page in a real browser: for every screen, in light and dark, on paper, for axe."""

from __future__ import annotations

import base64

import nbformat
import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

import axe  # noqa: E402
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output  # noqa: E402
from places import ROOT  # noqa: E402

from grader import notebook as nbk  # noqa: E402
from grader.feedback import FeedbackExporter  # noqa: E402
from grader.marks import Mark, Submission, item_id  # noqa: E402

# One white point.
_DOT = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5E"
        "rkJggg==")
_LONG = "A written answer that goes on and on. " * 260
_RTL = "هذا نص بالعربية، ثم *Idlib* وسط الجملة."


def _unusual() -> list:
    """Cells that a student may have added: a text from right to left, much text, wide tables."""
    wide = "".join(f"<td>{n:_>12}</td>" for n in range(12))
    return [
        new_markdown_cell(f"# My heading\n\n{_RTL}\n\n- {_RTL}", id="extra-1"),
        new_markdown_cell(_LONG, id="extra-2"),
        new_markdown_cell("![a dot](attachment:dot.png) $\\frac{p_o}{1 - p_e}$", id="extra-3",
                          attachments={"dot.png": {"image/png": _DOT}}),
        new_code_cell("x" * 4_000 + "\n" + "y = 1\n" * 100, id="extra-4", outputs=[
            new_output("display_data", {"text/html": f"<table>{f'<tr>{wide}</tr>' * 70}</table>"}),
            new_output("display_data", {"image/png": _DOT, "text/plain": "<Figure size 640x480>"}),
            new_output("stream", text="\x1b[31mred\x1b[0m " + "z" * 3_000),
            new_output("display_data", {"text/html": "<p style='background:#ffff99'>marked</p>"}),
            new_output("error", ename="ValueError", evalue="no", traceback=["one", "two"])])]


@pytest.fixture(scope="module")
def page(executed_lessons, tmp_path_factory):
    """An exercise with points and comments, every form that lessons show, and odd cells."""
    notebook = nbformat.read(ROOT / "exercises/02-actors/02-actors.ipynb", as_version=4)
    submission = Submission("synthetic-01", "02-actors")
    states = [("right", 1.0), ("partly", 0.5), ("not yet", 0.0), ("shape", 0.0)]
    for number, cell in enumerate(notebook.cells):
        meta = nbk.nbgrader_meta(cell)
        if not meta.get("grade"):
            continue
        state, credit = states[number % 4]
        most = meta["points"]
        submission.marks[item_id(meta["grade_id"])] = Mark(credit * most, most=most)
        submission.comments[meta["grade_id"]] = "Look at *000 P3* again."
        if nbk.is_check(cell):
            cell.metadata["reading_idlib"] = {"state": state, "credit": credit,
                                              "misconceptions": []}
    for name in ("02-actors", "05-figures"):
        for n, cell in enumerate(executed_lessons[name].cells):
            if cell.cell_type == "code" and cell.outputs:
                cell = nbformat.from_dict(cell)
                cell.id = f"extra-{name}-{n}"
                notebook.cells.append(cell)
    notebook.cells += _unusual()
    notebook.metadata["reading_idlib"] = {"problems": ["A cell took too long and was stopped."]}
    text, _ = FeedbackExporter().from_notebook_node(notebook, {"nbgrader": {
        "student": "synthetic-01", "assignment": "02-actors", "notebook": "02-actors",
        "submission": submission}})
    path = tmp_path_factory.mktemp("page") / "02-actors.html"
    path.write_text(text, encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def screen(driver, page):
    """Opens the page on a screen of a width, in a colour scheme."""
    def open_(width: int, scheme: str = "light") -> None:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
        driver.get(page)
    yield open_
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1400, "dark")])
def test_nothing_serious_and_nothing_too_wide(driver, screen, width, scheme):
    screen(width, scheme)
    assert len(driver.find_elements("css selector", ".fb-question")) > 10
    assert len(driver.find_elements("css selector", ".fb-out")) > 30
    driver.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert driver.execute_script(
        "return document.documentElement.scrollWidth <= window.innerWidth")
    found = axe.findings(driver)
    assert not found, "\n".join(found)


def test_texts_and_pictures_are_seen(driver, screen):
    screen(1400)
    seen = driver.execute_script("""
        const rtl = [...document.querySelectorAll(".fb-words p")]
          .find((one) => one.textContent.startsWith("هذا"));
        const range = document.createRange();
        range.selectNodeContents(rtl);
        return {
          right: rtl.getBoundingClientRect().right - range.getBoundingClientRect().right,
          pictures: [...document.images].every((one) => one.complete && one.naturalWidth > 0),
          many: document.images.length,
          folded: [...document.querySelectorAll(".fb-long summary")].map((one) => one.textContent),
          formula: document.querySelector(".formula").textContent};""")
    assert seen["right"] < 5  # a line of Arabic begins at the right
    assert seen["pictures"] and seen["many"] >= 4
    assert "Long output: 70 lines" in seen["folded"] and "Long code: 102 lines" in seen["folded"]
    assert seen["formula"] == r"\frac{p_o}{1 - p_e}"


def test_keys_alone_lead_from_the_table_to_an_answer_and_back(driver, screen):
    from selenium.webdriver.common.keys import Keys

    screen(1400)
    link = driver.find_element("css selector", ".fb-points a")
    link.send_keys(Keys.ENTER)
    target = driver.find_element("css selector", "h3:target")
    assert target.text == link.text
    driver.back()
    assert driver.find_element("css selector", ".fb-total").is_displayed()


def test_on_paper_it_is_black_on_white_and_whole(driver, screen, tmp_path):
    screen(1400, "dark")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    body = driver.find_element("css selector", "body")
    assert body.value_of_css_property("color") == "rgba(0, 0, 0, 1)"
    assert body.value_of_css_property("background-color") == "rgba(255, 255, 255, 1)"
    folded = driver.find_element("css selector", ".fb-question > details:not([open]) .fb-words")
    assert folded.size["height"] > 20, "what is folded up on the screen is on the paper"
    pdf = base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", {})["data"])
    assert pdf.startswith(b"%PDF") and pdf.count(b"/Type /Page") > 10
