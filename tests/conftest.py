"""For all tests: one released course, tests that share what is costly, nothing left to chance."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from hypothesis import settings
from places import PLAYED, ROOT, STUDENTS, copy_course

from grader.editions.site import lessons, run_lessons
from grader.editions.site_cells import NO_TEXTS

# The same examples in every run, and no clock: a busy machine is not a fault of the course.
settings.register_profile("course", deadline=None, derandomize=True, database=None)
settings.load_profile("course")

#: Tests that share what is costly to make: a running JupyterLab, executed notebooks, a class.
TOGETHER = ("tests/browser/test_binder.py", "tests/browser/test_lite.py",
            "tests/browser/test_site.py", "tests/browser/test_feedback_",
            "tests/browser/test_formgrader_by_hand.py", "tests/browser/test_notebook7.py",
            "tests/browser/test_report_page.py", "tests/browser/",
            "tests/course/", "tests/grader/test_handed_in.py",
            "tests/grader/test_agreement_of_graders.py", "tests/grader/test_exports.py",
            "tests/grader/test_feedback.py", "tests/grader/test_feedback_zips.py",
            "tests/grader/test_final_grades.py", "tests/grader/test_leak_scan.py",
            "tests/grader/test_odd_files_and_dates.py", "tests/grader/test_postgresql.py",
            "tests/grader/test_queue.py", "tests/grader/test_report.py",
            "tests/grader/test_cluster.py", "tests/grader/test_fidelity.py",
            "tests/grader/test_session.py")

#: Tests that take longest begin first: else the other processes wait for them at the end.
LONGEST = ("tests/grader/test_whole_class.py", "tests/grader/test_same_gradebook.py",
           "tests/grader/test_resume.py", "tests/grader/test_scaffold.py")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


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


def _of_this_run(tmp_path_factory) -> Path:
    """The folder of this run, which all its processes have in common."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def once(tmp_path_factory, name: str, make: Callable[[Path], Path]) -> Path:
    """What `make` lays out in a fresh folder: made once, by whichever process comes first."""
    folder = _of_this_run(tmp_path_factory)
    made = folder / name
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make(tmp_path_factory.mktemp(name)).rename(made)
    return made


def _release(folder: Path) -> Path:
    course = copy_course(folder, "exercises", "notebooks")
    done = subprocess.run(
        [sys.executable, "-m", "grader.cli", "release", "--course", str(course)], cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return course


@pytest.fixture(scope="session")
def played_class(released_course, tmp_path_factory) -> Path:
    """A course after `grader demo`: released, handed in, graded, with feedback; made once.

    The command's words stand in ``demo.txt``. It is shared: a test that writes takes a copy
    (`shutil.copytree`, which takes moments).
    """
    def play(folder: Path) -> Path:
        course = shutil.copytree(released_course, folder, dirs_exist_ok=True)
        for path in (course / "classroom").iterdir():
            if path.name != "sealed":  # sealing anew takes long, and is no part of this
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in (course / "exercises").iterdir():
            if path.name not in PLAYED:
                shutil.rmtree(path)
        done = subprocess.run(
            [sys.executable, "-m", "grader.cli", "demo", "--size", str(STUDENTS)], cwd=course,
            env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "400"}, capture_output=True,
            text=True, timeout=900)
        (course / "demo.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
        assert done.returncode == 0, done.stdout + done.stderr
        return course

    return once(tmp_path_factory, "played-class", play)


@pytest.fixture
def deleted_folder(tmp_path, monkeypatch) -> None:
    """The current folder is one that was deleted meanwhile."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()


@pytest.fixture(scope="session")
def released_course(tmp_path_factory) -> Path:
    """The course, released by the real command. It is shared: a test that writes takes a copy."""
    return once(tmp_path_factory, "released-course", _release)


@pytest.fixture(scope="session")
def no_texts(tmp_path_factory) -> Path:
    """READING_IDLIB_TEXTS of a learner who has none of the articles."""
    folder = _of_this_run(tmp_path_factory) / NO_TEXTS
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def executed_lessons(no_texts, tmp_path_factory) -> dict[str, nbformat.NotebookNode]:
    """The lessons after a run without the articles, by name."""
    def run(folder: Path) -> Path:
        for name, notebook in run_lessons(lessons(), no_texts).items():
            nbformat.write(notebook, folder / f"{name}.ipynb")
        return folder

    made = once(tmp_path_factory, "executed-lessons", run)
    return {path.stem: nbformat.read(path, as_version=4) for path in sorted(made.iterdir())}


#: Cells that the tests of the JupyterLite edition find at the end of its lesson 00.
LITE_CELLS = ("import sys, hashlib\nprint(sys.platform, hasattr(hashlib, 'pbkdf2_hmac'))",
              "from reader.widgets import KappaParadox\nwidget = KappaParadox()\nwidget",
              "print(widget.cells)")


@pytest.fixture(scope="session")
def lite_edition(released_course, tmp_path_factory) -> Path:
    """The whole JupyterLite edition, with three more cells; made once."""
    from grader.course import Course
    from grader.editions import lite
    from grader.editions.lite_sources import NotReachable

    def make(folder: Path) -> Path:
        root = shutil.copytree(released_course, folder / "course")
        lesson = root / "notebooks" / "00-start-here.ipynb"
        notebook = nbformat.read(lesson, as_version=4)
        notebook.cells += [nbformat.v4.new_code_cell(source) for source in LITE_CELLS]
        nbformat.write(notebook, lesson)
        lite.build(folder / "site", Course(root))
        return folder / "site"

    try:
        return once(tmp_path_factory, "lite-edition", make)
    except NotReachable as reason:
        pytest.skip(str(reason))
