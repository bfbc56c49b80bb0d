"""For all tests: one released course, tests that share what is costly, nothing left to chance."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings
from places import ROOT, copy_course

# The same examples in every run, and no clock: a busy machine is not a fault of the course.
settings.register_profile("course", deadline=None, derandomize=True, database=None)
settings.load_profile("course")

#: Fixtures that are costly to make: in a run of several processes, all tests that use one run in
#: the same process, so that it is made once.
TOGETHER = {"lab": "browser", "executed": "notebooks", "graded": "notebooks"}


def pytest_itemcollected(item):
    groups = {group for name, group in TOGETHER.items() if name in item.fixturenames}
    if groups:
        item.add_marker(pytest.mark.xdist_group(groups.pop()))


@pytest.fixture(scope="session")
def released_course(tmp_path_factory) -> Path:
    """The course, released by the real command; made once, by whichever process comes first.

    It is shared: a test that writes takes a copy.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # of this run, but of all its processes
    made = folder / "released-course"
    with (folder / "released-course.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            course = copy_course(tmp_path_factory.mktemp("release"), "exercises", "notebooks")
            done = subprocess.run(
                [sys.executable, "-m", "grader.cli", "release", "--course", str(course)], cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
                timeout=900)
            assert done.returncode == 0, done.stdout + done.stderr
            course.rename(made)
    return made
