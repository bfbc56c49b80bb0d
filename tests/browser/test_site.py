"""The course to read: what its pages hold, and how they are in a browser without any network."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from places import ROOT, SHARED, THOROUGH

from grader.canonical import MIME
from grader.editions import site
from grader.editions.site_cells import SiteProblem, lesson
from grader.notebook import question_of
from reader.text import words

#: Attributes with which a page fetches something as soon as it is opened.
FETCHES = {"img": "src", "script": "src", "link": "href", "iframe": "src", "object": "data",
           "source": "src", "video": "src", "audio": "src", "embed": "src", "use": "href"}


@pytest.fixture(scope="session")
def built(executed_lessons, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("read") / "site"
    site.build(folder, executed_lessons)
    return folder


@pytest.fixture(scope="session")
def pages(built) -> dict[str, BeautifulSoup]:
    return {str(path.relative_to(built)): BeautifulSoup(path.read_text(encoding="utf-8"),
                                                        "html.parser")
            for path in sorted(built.rglob("*.html"))}


def test_every_lesson_and_exercise_has_a_page(pages):
    names = [path.stem for path in site.lessons()]
    assert len(names) == 9
    expected = {"index.html", "notebooks/glossary.html", "notebooks/codebook.html",
                *(f"notebooks/{name}.html" for name in names),
                *(f"classroom/study/{name}/{name}.html" for name in names[1:])}
    assert set(pages) == expected
    # From the first page, each is one step away.
    reached = {a["href"].split("#")[0] for a in pages["index.html"].select("a[href]")}
    assert expected - {"index.html"} <= reached


def test_links_lead_to_pages_and_headings(built, pages):
    wrong = []
    for name, page in pages.items():
        for link in page.select("a[href]"):
            parts = urlsplit(link["href"])
            if parts.scheme:
                continue
            target = (built / name).parent / unquote(parts.path) if parts.path else built / name
            there = str(target.resolve().relative_to(built.resolve()))
            if there not in pages or parts.fragment and not pages[there].find(
                    id=unquote(parts.fragment)):
                wrong.append((name, link["href"]))
    assert not wrong


def test_pages_fetch_nothing_from_elsewhere(built, pages):
    for name, page in pages.items():
        assert not page.select("script"), name
        for tag, attribute in FETCHES.items():
            for node in page.select(f"{tag}[{attribute}]"):
                target = node[attribute]
                if target != "data:,":
                    assert not urlsplit(target).scheme and not target.startswith("/"), target
                    assert ((built / name).parent / target).is_file(), target
    styles = [path.read_text(encoding="utf-8") for path in built.rglob("*.css")]
    styles += [style.get_text() for page in pages.values() for style in page.select("style")]
    assert not [style for style in styles if re.search(r"url\(|@import|@font-face", style)]


def test_heads_of_every_page(pages):
    for name, page in pages.items():
        assert page.html["lang"] == "en", name
        assert page.select_one('meta[name="viewport"]')["content"].startswith("width=device-width")
        assert len(page.select("h1")) == 1, name
        levels = [int(head.name[1]) for head in page.select("h1,h2,h3,h4,h5,h6")]
        assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False)), name
    titles = [page.title.get_text() for page in pages.values()]
    assert len(set(titles)) == len(titles)


def test_tables_and_figures(pages):
    for name, page in pages.items():
        if "codebook" in name:
            continue
        for table in page.select("table"):
            assert table.select("th[scope]"), f"{name}: a table without heads"
            assert not [head for head in table.select("th") if not head.get_text(strip=True)]
            assert table.find_parent(class_="idlib-wide")["tabindex"] == "0", name
        for figure in page.select("figure"):
            assert len(figure.img["alt"]) > 20
            assert figure.select_one("details table"), f"{name}: a figure without its table"
    assert sum(len(page.select("figure")) for page in pages.values()) >= 12


def test_widgets_show_their_static_form(executed_lessons, pages):
    for name, notebook in executed_lessons.items():
        drawn = sum("application/vnd.jupyter.widget-view+json" in output.get("data", {})
                    for cell in notebook.cells for output in cell.get("outputs", []))
        page = pages[f"notebooks/{name}.html"]
        assert len(page.select(".idlib-static")) == drawn, name
        assert not page.select("[type*=widget]")


def test_questions_are_asked_and_nothing_is_said_of_answers(executed_lessons, pages):
    """Only lesson 00 shows what checks say, of answers that it gives itself."""
    for name, notebook in executed_lessons.items():
        page = pages[f"notebooks/{name}.html"]
        asked = [cell for cell in notebook.cells if question_of(cell)]
        boxes = page.select(".reading-idlib-check")
        notes = page.select(".asked a[href]")
        assert len(asked) == len(boxes) + len(notes), name
        assert bool(boxes) == name.startswith("00"), name
        shown = lesson(notebook, name)
        assert MIME not in str(shown)
    for name, page in pages.items():
        assert "BEGIN SOLUTION" not in str(page), name
        if name.startswith("classroom"):
            assert page.select(".asked") and not page.select(".out"), name


def test_pages_hold_no_text_of_an_article_and_no_folder_of_this_machine(pages):
    said = {name: [word.casefold() for word in words(page.get_text(" "))]
            for name, page in pages.items()}
    runs = {name: {" ".join(found[i:i + 9]) for i in range(len(found) - 8)}
            for name, found in said.items()}
    files = sorted((SHARED / "seeds").glob("*.txt"))
    for path in files:
        text = [word.casefold() for word in words(path.read_text(encoding="utf-8"))]
        held = {" ".join(text[i:i + 9]) for i in range(len(text) - 8)}
        copied = [(name, run) for name, found in runs.items() for run in found & held]
        assert not copied, copied[:3]
    for name, page in pages.items():
        for folder in (str(ROOT), str(Path.home()) + "/", "/tmp/", "site-packages"):
            assert folder not in page.get_text(), f"{name}: {folder}"
    if not files:
        pytest.skip(f"the articles are not in {SHARED / 'seeds'} (set READING_IDLIB_SHARED)")


def test_pages_are_small(built, pages):
    """A phone on a slow line: no page with its figures is larger than 400 kB."""
    for name in pages:
        page = built / name
        figures = page.with_name(f"{page.stem}_files").glob("*")
        assert page.stat().st_size + sum(f.stat().st_size for f in figures) < 400_000, name


def test_what_can_not_be_made_is_said(executed_lessons, tmp_path):
    (tmp_path / "diary.txt").write_text("mine")
    with pytest.raises(SiteProblem, match="not of this site"):
        site.build(tmp_path, executed_lessons)
    assert (tmp_path / "diary.txt").read_text() == "mine"
    broken = executed_lessons["01-sources"].copy()
    cell = next(cell for cell in broken.cells if cell.cell_type == "code")
    cell.outputs = [{"output_type": "error", "ename": "OSError", "evalue": "", "traceback": []}]
    with pytest.raises(SiteProblem, match=f"cell {cell.id} failed"):
        lesson(broken, "01-sources")


@pytest.fixture(scope="module")
def window(driver, built):
    """The browser without a network; afterwards as it was."""
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
        "offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})
    yield driver
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
        "offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    driver.execute_cdp_cmd("Network.disable", {})
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def look(window, width: int, scheme: str) -> None:
    window.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
    window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
        {"name": "prefers-color-scheme", "value": scheme}]})


#: A window of 1280 pixels at 200 % has 640; the width does not change colours, nor do colours
#: change the order of things: both together see all of it.
LOOKS = [(1280, "light"), (320, "dark")]
#: Exercises are prose, tables and code alike, and so is most of the lessons: some stand for all in
#: the dark and, outside CI, before axe.
LIKE_OTHERS = {f"classroom/study/{path.stem}/{path.stem}.html" for path in site.lessons()[2:]} | {
    f"notebooks/{path.stem}.html" for path in site.lessons()[2::2 if THOROUGH else 1]}


@pytest.mark.parametrize(("width", "scheme"), LOOKS, ids=["wide-light", "phone-dark"])
def test_in_a_browser(window, built, pages, screenshots, width, scheme):
    """Nothing serious for axe, nothing that the page must be scrolled sideways for, all there."""
    axe = pytest.importorskip("axe")
    window.get_log("browser")
    look(window, width, scheme)
    faults = []
    for name in pages:
        if scheme == "dark" and name in LIKE_OTHERS:
            continue
        window.get((built / name).as_uri())
        if THOROUGH or name not in LIKE_OTHERS:
            faults += [(name, found) for found in axe.findings(window)]
        for narrow in (width, 640):
            look(window, narrow, scheme)
            if window.execute_script(
                    "return document.documentElement.scrollWidth > innerWidth"):
                faults.append((name, f"scrolls sideways at {narrow}"))
        look(window, width, scheme)
        window.execute_script("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
        missing = window.execute_async_script(
            "const done = arguments[0]; Promise.allSettled([...document.images].map(i => "
            "i.decode())).then(all => done(all.filter(a => a.status === 'rejected').length))")
        if missing:
            faults.append((name, f"{missing} figures are missing"))
    faults += [("console", entry["message"]) for entry in window.get_log("browser")]
    assert not faults, "\n".join(map(str, faults))
    window.get((built / "notebooks/01-sources.html").as_uri())
    window.save_screenshot(str(screenshots / f"site-{width}-{scheme}.png"))


def test_by_keyboard(window, built):
    """The first Tab skips to the content; a wide figure scrolls with the arrow keys."""
    keys = pytest.importorskip("selenium.webdriver").Keys
    look(window, 320, "light")
    window.get((built / "notebooks/04-timeline.html").as_uri())
    window.find_element("css selector", "body").send_keys(keys.TAB)
    assert window.switch_to.active_element.text == "Skip to the content"
    assert window.switch_to.active_element.rect["x"] >= 0, "it must be seen"
    window.switch_to.active_element.send_keys(keys.ENTER)
    assert window.switch_to.active_element.tag_name == "main"
    region = window.find_element("css selector", ".drawn")
    window.execute_script("arguments[0].focus()", region)
    assert window.execute_script("return getComputedStyle(arguments[0]).outlineStyle", region) \
        not in ("none", "")
    region.send_keys(keys.ARROW_RIGHT)
    window.execute_async_script("setTimeout(arguments[0], 400)")
    assert window.execute_script("return arguments[0].scrollLeft", region) > 0


def test_on_paper_and_without_motion(window, built):
    window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": [
        {"name": "prefers-reduced-motion", "value": "reduce"}]})
    try:
        window.get((built / "notebooks/01-sources.html").as_uri())
        shown = window.execute_script(
            "return [getComputedStyle(document.querySelector('header')).display,"
            "getComputedStyle(document.body).color,"
            "getComputedStyle(document.documentElement).scrollBehavior]")
        assert shown == ["none", "rgb(0, 0, 0)", "auto"]
    finally:
        window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


def test_without_the_named_fonts(window, built):
    """Another font, and a wide one: nothing is cut off and no page scrolls sideways."""
    look(window, 320, "light")
    for name in ("index", "notebooks/01-sources", "notebooks/codebook", "notebooks/glossary"):
        window.get((built / f"{name}.html").as_uri())
        window.execute_script("document.head.append(Object.assign(document.createElement('style'),"
                              "{textContent: '* {font-family: monospace !important}'}))")
        assert window.execute_script("return document.documentElement.scrollWidth") <= 320, name
