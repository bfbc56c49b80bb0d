"""The class report in a real browser: nothing serious, no script, no request, on any screen."""

from __future__ import annotations

import shutil

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

import axe  # noqa: E402

from grader.course import Course  # noqa: E402
from grader.report.make import make  # noqa: E402


@pytest.fixture(scope="module")
def page(played_class, tmp_path_factory) -> str:
    room = Course(shutil.copytree(played_class, tmp_path_factory.mktemp("report") / "course"))
    return (make(room, room.assignments()).folder / "report.html").as_uri()


@pytest.fixture
def window(driver):
    yield driver
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


@pytest.mark.parametrize("width, scheme", [(1400, "light"), (320, "dark")])
def test_for_all_eyes(window, page, screenshots, width, scheme):
    window.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500})
    window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
        {"name": "prefers-color-scheme", "value": scheme}]})
    window.get_log("browser")
    window.get(page)
    loaded = window.execute_script("return performance.getEntriesByType('resource').length")
    assert loaded == 0, "the page asks for nothing"
    assert not [entry for entry in window.get_log("browser") if "data:" not in entry["message"]]
    assert window.execute_script("return document.documentElement.scrollWidth") <= width
    assert window.execute_script("return getComputedStyle(document.querySelector('table'))"
                                 ".borderCollapse") == "collapse", "its own style is let through"
    for one in window.find_elements("css selector", "details"):
        window.execute_script("arguments[0].open = true", one)
    found = axe.findings(window)
    assert not found, "\n".join(found)
    window.save_screenshot(str(screenshots / f"report-{width}-{scheme}.png"))


def test_every_picture_has_a_table_and_words(window, page):
    window.get(page)
    pictures = window.find_elements("css selector", "figure")
    assert len(pictures) == 4
    for picture in pictures:
        assert picture.find_elements("css selector", "[role=img][aria-label*='table below']")
        assert window.execute_script(
            "let e = arguments[0].nextElementSibling; return !!(e && (e.matches('table') || "
            "e.querySelector('table')))", picture)
        assert picture.find_element("css selector", "figcaption").text
