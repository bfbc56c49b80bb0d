"""The JupyterLite edition in Chromium: from the start page to a check, without a server's help.

The network is a proxy that refuses everything, as on a machine that can't reach the address of
Pyodide's packages. So pandas and what needs it is not proven here: that it says so is.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

from lab_page import Page  # noqa: E402
from lite_server import Proxy, Server, running  # noqa: E402
from running import chromium, missing  # noqa: E402
from selenium.webdriver import Keys  # noqa: E402

#: Where Pyodide publishes its packages; the rest is asked for by Chromium itself.
EXPECTED = {"cdn.jsdelivr.net:443"}
CHROMIUMS_OWN = ("google.com", "googleapis.com", "duckduckgo.com")

@pytest.fixture(scope="module")
def edition(lite_edition, tmp_path_factory):
    """The whole edition, served below a base path, as the pages of a project are."""
    if lacking := missing():
        pytest.skip(lacking)
    folder = tmp_path_factory.mktemp("pages")
    (folder / "some").mkdir()
    (folder / "some" / "where").symlink_to(lite_edition)
    with running(Server(folder)) as files, running(Proxy()) as proxy, \
            chromium(tmp_path_factory.mktemp("profile"), proxy.flag) as browser:
        yield SimpleNamespace(url=f"{files.url}/some/where/", files=files, proxy=proxy,
                              page=Page(browser, None))


@pytest.fixture(scope="module")
def page(edition):
    """The first lesson, opened from the start page, its kernel ready and the course imported."""
    page = edition.page
    page.driver.get(edition.url)
    page.wait("the start page, rendered", lambda: start_page(page))
    next(link for link in page.all(".jp-RenderedMarkdown a") if link.text == "lesson 00").click()
    ready(page)
    page.run("2018 + 2")
    page.run("from grader.check import")
    return page


def start_page(page: Page) -> str:
    titles = [title.text for title in page.all(".jp-RenderedMarkdown h1")]
    return titles[0] if titles and "start page" in titles[0] else ""


def ready(page: Page) -> None:
    page.wait("the lesson", lambda: page.cell("2018 + 2"))
    page.wait("an idle kernel", page.idle)


def output(page: Page, cell: str) -> str:
    return "\n".join(found.text for found in page.cell(cell).find_elements(
        "css selector", ".jp-OutputArea-output"))


def test_the_start_page_says_which_edition_it_is(edition, page):
    text = page.all(".jp-MarkdownViewer")[0].get_attribute("textContent")
    assert "This edition runs in your browser" in text and "make course" not in text
    asked = [path for path, status in edition.files.served if status >= 400]
    assert not [path for path in asked if "favicon" not in path], asked


def test_python_runs_in_the_browser(page, screenshots):
    assert output(page, "2018 + 2") == "2020"
    page.run("import sys, hashlib")
    assert output(page, "import sys, hashlib") == "emscripten False", "Pyodide has OpenSSL now?"
    page.driver.save_screenshot(str(screenshots / "lite-lesson.png"))


@pytest.mark.parametrize(("cell", "told"), [
    ("how_many = 5", ["L00.1 Right", "Why.", "from 000 to 004"]),
    ('check("L00.1", 4)', ["L00.1 Not yet", "Hint.", "the first is 000"]),
    ('check("L00.1", "five")', ["L00.1 Check the form", "A number is"]),
    ("graded_marks =", ["L00.2 Partly right", "2 of 3"])])
def test_a_check_in_each_state(page, cell, told):
    """Sealed texts open too: there is no cryptography here, so it is Web Crypto that opens them."""
    page.run(cell)
    said = output(page, cell)
    for words in told:
        assert words in said
    assert "Traceback" not in said


def test_what_needs_pandas_says_so(page):
    page.run('articles[["article"')
    said = output(page, 'articles[["article"')
    assert said.startswith("ReaderError: This needs the package") and "restart the kernel" in said


def test_a_widget_by_keyboard(page, screenshots):
    page.run("from reader.widgets import KappaParadox")
    page.wait("the widget", lambda: page.inside("KappaParadox()", '.rw [role="status"]'))
    button = next(button for button in page.cell("KappaParadox()").find_elements(
        "css selector", ".rw button") if button.text == "balanced")
    page.script("arguments[0].focus()", button)
    page.keys(Keys.TAB)
    page.keys(Keys.ENTER)
    page.wait("the sentence of the second example", lambda: "kappa is -0.05, AC1 is 0.89" in (
        page.inside("KappaParadox()", '.rw [role="status"]').text))
    page.driver.save_screenshot(str(screenshots / "lite-widget.png"))
    page.run_until("print(widget.cells)", lambda text: "[0, 1, 1, 18]" in text)


def test_a_reload_keeps_progress_and_answers(page, screenshots):
    page.type_into("word_count = ...", 'word_count = 4\ncheck("L00.3", word_count)')
    page.wait("the check", lambda: "L00.3 Right" in output(page, "word_count = 4"))
    page.save()
    page.driver.refresh()
    ready(page)
    # The kernel is a new one: who forgets the imports is told.
    page.run("word_count = 4")
    said = output(page, "word_count = 4")
    assert said.count("Choose Run → Run All Above Selected Cell") == 1
    assert "name 'check' is not defined" in said
    # In another order than before: a new number shows that a cell has run.
    page.run("import sys, hashlib")
    page.run("2018 + 2")
    page.run("from grader.check import")
    assert page.cell("word_count = 4"), "the answer is gone"
    page.run("progress()")
    said = output(page, "progress()")
    assert "3 of" in said or "2 of" in said, said
    assert "/drive/reading-idlib-progress.jsonl" in said
    page.driver.save_screenshot(str(screenshots / "lite-progress.png"))


def test_nothing_leaves_but_the_packages_of_pyodide(edition, page):
    hosts = {asked.split("//")[-1].split("/")[0] for asked in edition.proxy.asked}
    others = {host for host in hosts if not host.partition(":")[0].endswith(CHROMIUMS_OWN)}
    assert others == EXPECTED
