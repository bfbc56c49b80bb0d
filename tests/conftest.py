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

#: Tests that share what is costly to make: a running JupyterLab, executed notebooks, a class.
TOGETHER = ("tests/browser/", "tests/course/", "tests/grader/test_handed_in.py",
            "tests/grader/test_cluster.py", "tests/grader/test_fidelity.py",
            "tests/grader/test_session.py")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """In several processes: all tests of such a folder in one, any other test wherever there is
    room. (The marker `xdist_group` would say the same, but pytest-xdist 3.8 overlooks it under
    pytest 9.2.)"""
    from xdist.scheduler import LoadScopeScheduling

    class ByRoom(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((room for room in TOGETHER if nodeid.startswith(room)), nodeid)

    return ByRoom(config, log)


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
