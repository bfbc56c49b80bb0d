"""The codebook prints on one sheet of A4, in type that can be read, and fits a narrow window."""

from __future__ import annotations

import base64
import re

import pytest

from reader import codebook


@pytest.fixture
def page(driver, tmp_path):
    driver.get(codebook.save_page(tmp_path / "codebook.html").as_uri())
    return driver


def test_it_prints_on_one_sheet_of_a4(page):
    made = page.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pdf = base64.b64decode(made["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    width, height = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups()
    # A4 is 210 by 297 mm: 595 by 842 points.
    assert float(width) == pytest.approx(595, abs=1)
    assert float(height) == pytest.approx(842, abs=1)


def test_nothing_on_paper_is_smaller_than_eight_points(page):
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        sizes = page.execute_script(
            "return [...document.querySelectorAll('.idlib-codebook *')]"
            ".map(part => parseFloat(getComputedStyle(part).fontSize))")
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert len(sizes) > 150
    assert min(sizes) >= 8 * 96 / 72


def test_a_narrow_window_has_one_column_and_nothing_cut_off(page):
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": False})
    try:
        assert page.execute_script("return document.documentElement.scrollWidth") <= 320
        assert page.execute_script(
            "return getComputedStyle(document.querySelector('.idlib-codebook')).columnCount") == "1"
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
