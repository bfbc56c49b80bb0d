"""One JupyterLab and one Chromium for all browser tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from running import chromium, jupyterlab, missing

from grader.course import Course


@pytest.fixture(scope="session")
def course(released_course, tmp_path_factory) -> Path:
    """A copy of the course with its exercises released, and laid out for self-study: no test
    writes into the checkout."""
    folder = shutil.copytree(released_course, tmp_path_factory.mktemp("room") / "course")
    copy = Course(folder)
    for name in copy.assignments():
        copy.lay_out_study(name)
    return folder


@pytest.fixture(scope="session")
def lab(course, tmp_path_factory):
    with jupyterlab(course, tmp_path_factory.mktemp("jupyter")) as started:
        yield started


@pytest.fixture(scope="session")
def driver(tmp_path_factory):
    if lacking := missing():
        pytest.skip(lacking)
    pytest.importorskip("selenium")
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("screenshots")
    yield folder
    print(f"\nScreenshots: {folder}")
