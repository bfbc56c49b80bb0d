"""Nothing that a notebook holds runs on a feedback page, fetches anything, or hides the points."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

import axe  # noqa: E402
import hostile_pages as hostile  # noqa: E402
from nbformat import from_dict  # noqa: E402
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook  # noqa: E402

from grader.feedback import FeedbackExporter  # noqa: E402
from grader.marks import Mark, Submission  # noqa: E402

_RUN = "top.ran=(top.ran||0)+1"


class _Pages:
    """A server that knows some pages, and notes who asks for anything else."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.asked: list[str] = []
        pages, asked = self.pages, self.asked

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path not in pages:
                    asked.append(self.path)
                self.send_response(200 if self.path in pages else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(pages.get(self.path, "").encode("utf-8", "replace"))

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def pages():
    server = _Pages()
    yield server
    server.close()


def _notebook(url: str, disguises: bool) -> dict:
    """A graded notebook: its first question has all of the corpus between text and points."""
    def text(entry: str) -> str:
        return hostile.filled(entry, _RUN, f"{url}/asked")

    def shows(data: dict) -> dict:
        return {"output_type": "display_data", "metadata": {}, "data": data}

    html = [*hostile.HTML, *hostile.DISGUISES * disguises]
    data = json.loads(text(json.dumps(hostile.DATA)))
    cells = [
        new_markdown_cell("# Exercise 01: an exercise", id="intro"),
        new_markdown_cell("### 01.1 A question (2 points)", id="prompt", metadata={
            "nbgrader": {"locked": True, "grade": False, "solution": False, "task": False,
                         "grade_id": "prompt-01-1"}}),
        *(new_markdown_cell(text(entry), id=f"extra-m{n}")
          for n, entry in enumerate([*hostile.MARKDOWN, *hostile.DISGUISES * disguises])),
        new_markdown_cell("![p](attachment:a.svg) ![q](attachment:a.png)", id="extra-a",
                          attachments={"a.svg": {"image/svg+xml": "AA\"><script>RUN</script>"},
                                       "a.png": {"image/png": f"AA\" onerror=\"{_RUN}"}}),
        new_code_cell("</pre><script>top.ran=1</script>", id="extra-code", outputs=[
            {"output_type": "stream", "name": "stdout",
             "text": "\x1b]8;;javascript:x\x07</pre><script>top.ran=1</script>"},
            {"output_type": "error", "ename": "<b>", "evalue": "<script>top.ran=1</script>",
             "traceback": ["<script>top.ran=1</script>\x1b[31m"]},
            *map(shows, data), *(shows({"text/html": text(entry)}) for entry in html)]),
        new_code_cell('check("01.1", x)', id="check", metadata={
            "nbgrader": {"locked": True, "grade": True, "solution": False, "task": False,
                         "points": 2, "grade_id": "check-01-1"},
            "reading_idlib": {"credit": 0.5, "state": "partly", "misconceptions": []}},
            outputs=[shows({"text/html": f"<p>Head</p>{text(hostile.HTML[3])}<p>Half.</p>"})])]
    return from_dict(dict(new_notebook(cells=cells)))


def _page(url: str, disguises: bool = False) -> str:
    exporter = FeedbackExporter()
    exporter.optimistic_validation = True
    submission = Submission(
        "synthetic-01", "no-such-exercise", marks={"01.1": Mark(1.0, most=2.0)},
        comments={"check-01-1": f"<img src=x onerror={_RUN}> [x](javascript:1)"})
    page, _ = exporter.from_notebook_node(_notebook(url, disguises), {"nbgrader": {
        "student": "<script>top.ran=1</script>", "assignment": "no-such-exercise",
        "notebook": "x", "submission": submission}})
    return page


def _open(driver, pages: _Pages, name: str, page: str) -> tuple[int, list[str], list[str]]:
    """How often something ran, what was asked for, and what the policy had to stop."""
    pages.pages[name] = page
    pages.asked.clear()
    driver.get_log("browser")
    driver.get(pages.url + name)
    # Everything that begins by itself has begun, and links were followed by a click.
    driver.set_script_timeout(30)
    driver.execute_async_script("""
        const done = arguments[0];
        document.querySelectorAll("a.click, .fb-words a[href], .fb-out a[href]").forEach((link) => {
          if (!/^(https?|mailto):/.test(link.getAttribute("href"))) link.click(); });
        document.querySelectorAll("details").forEach((one) => { one.open = true; });
        document.querySelectorAll("*").forEach((one) => { if (one.focus) one.focus(); });
        setTimeout(done, 300);""")
    assert driver.current_url.split("#")[0] == pages.url + name
    stopped = [entry["message"] for entry in driver.get_log("browser")
               if "Content Security Policy" in entry["message"]]
    return driver.execute_script("return window.ran || 0"), list(pages.asked), stopped


def test_nothing_runs_and_nothing_is_fetched(driver, pages):
    ran, asked, stopped = _open(driver, pages, "/page", _page(pages.url))
    assert (ran, asked) == (0, [])
    assert not stopped, "the sanitiser has left something for the policy to stop"


def test_the_sanitiser_alone_is_enough(driver, pages):
    page, times = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "",
                          _page(pages.url))
    assert times == 1
    assert _open(driver, pages, "/no-policy", page)[:2] == (0, [])


def test_the_policy_alone_is_enough_for_scripts(driver, pages):
    """And without either, the corpus does what it must: this test can fail."""
    policy = re.search(r'<meta http-equiv="Content-Security-Policy"[^>]*>', _page(pages.url))[0]
    body = "\n".join(hostile.filled(entry, _RUN, f"{pages.url}/asked")
                     for entry in hostile.HTML[:20])
    ran, asked, stopped = _open(driver, pages, "/policy", f"<head>{policy}</head>{body}")
    assert (ran, asked) == (0, []) and stopped
    ran, asked, _ = _open(driver, pages, "/neither", f"<body>{body}")
    assert ran > 5 and asked


@pytest.mark.parametrize("width", [320, 1400])
def test_the_page_keeps_its_words_and_its_look(driver, pages, width):
    pages.pages["/look"] = _page(pages.url, disguises=True)
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
    try:
        driver.get(pages.url + "/look")
        total, *others = driver.find_elements("css selector", ".fb-total")
        assert total.text == "1 of 2 points." and not others
        assert driver.execute_script("""
            const box = arguments[0].getBoundingClientRect();
            const there = document.elementFromPoint(box.left + 5, box.top + box.height / 2);
            return arguments[0].contains(there);""", total)
        assert total.value_of_css_property("color") == "rgba(27, 27, 27, 1)"
        table = driver.find_element("css selector", ".fb-points")
        assert "Partly right" in table.text
        assert len(driver.find_elements("id", "points")) == 1
        assert driver.execute_script(
            "return document.documentElement.scrollWidth <= window.innerWidth")
        # What a notebook shows stays in its place: nothing of it lies over what is outside.
        assert driver.execute_script("""
            const words = document.querySelectorAll("h2, h3, .fb-score, .fb-points a");
            return [...words].every((one) => {
              one.scrollIntoView({block: "center", behavior: "instant"});
              const box = one.getBoundingClientRect();
              const there = document.elementFromPoint(box.left + 3, box.top + box.height / 2);
              return one.contains(there) || there.contains(one); });""")
        assert not [one for one in axe.findings(driver) if "color-contrast" not in one]
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_nothing_runs_in_the_formgrader(driver, pages):
    """Its page, made with the course's configuration as the server makes it, has no policy."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers
    from places import ROOT
    from traitlets.config import Config, PyFileConfigLoader

    own = Config(HTMLExporter={"template_name": "formgrade",
                               "extra_template_basedirs": [handlers.template_path]})
    names = dict.fromkeys(("notebook_id", "assignment_id", "submission_id", "base_url",
                           "student", "notebook_path"), "x")
    names.update(dict.fromkeys(("last_name", "first_name"), f"<script>{_RUN}</script>"))
    found = {}
    course = PyFileConfigLoader("nbgrader_config.py", str(ROOT)).load_config()
    for name, config in (("ours", course), ("stock", Config())):
        config.merge(own)
        page, _ = HTMLExporter(config=config).from_notebook_node(
            _notebook(pages.url, disguises=False), {**names, "index": 0, "total": 1})
        page = re.sub(r'src="https://[^"]*"', "", page)  # MathJax, which no test waits for
        found[name] = _open(driver, pages, f"/formgrader-{name}", page)
    ran, asked, _ = found["ours"]
    assert ran == 0 and not [path for path in asked if path.startswith("/asked")]
    assert found["stock"][0] > 5, "stock nbgrader runs what students wrote; if not, look anew"
