"""The students' bundle works alone: installed, in a kernel, and behind a Jupyter server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path
from zipfile import ZipFile

import pytest
from course_tools import EXERCISES
from kernel_start import STARTUP
from places import ROOT

from grader.key import load


@pytest.fixture(scope="module")
def alone(released_course, tmp_path_factory) -> tuple[Path, dict]:
    """A copy of the bundle far from the course, and an environment that knows nothing else."""
    folder = shutil.copytree(released_course / "classroom/bundle",
                             tmp_path_factory.mktemp("student") / "reading-idlib")
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("JUPYTER", "READING_IDLIB", "PYTHON", "IPYTHON"))}
    return folder, env | {"HOME": str(folder.parent), "PYTHONPATH": str(folder),
                          "JUPYTER_CONFIG_PATH": str(folder / ".jupyter")}


def test_it_can_be_installed(alone, tmp_path):
    """The build backend accepts its pyproject.toml, and every package that it names is there."""
    folder, env = alone
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    for package in project["tool"]["setuptools"]["packages"]:
        assert (folder / package.replace(".", "/")).is_dir(), package
    done = subprocess.run(
        [sys.executable, "-c", "from setuptools.build_meta import build_editable as make; "
         "print(make(__import__('sys').argv[1]))", str(tmp_path)],
        cwd=folder, env=env, capture_output=True, text=True)
    assert "reading_idlib-" in done.stdout, done.stderr[-2000:]
    shutil.rmtree(folder / "reading_idlib.egg-info", ignore_errors=True)
    with ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        texts = {name.partition("/")[2]: wheel.read(name).decode() for name in wheel.namelist()}
    assert "Requires-Dist: pandas" in texts["METADATA"] and "typer" not in texts["METADATA"]
    # Where IPython looks for files to run as a kernel starts, below the environment's folder.
    assert texts["data/etc/ipython/startup/reading-idlib.py"] == STARTUP.read_text("utf-8")


# Stands in the folder of the exercise, as its kernel does.
DRIVER = """
import importlib.util, json, sys
from pathlib import Path
# The environment of the tests has the whole course installed; a student's has not.
sys.meta_path = [f for f in sys.meta_path if '__editable__' not in getattr(f, '__module__', '')]
sys.path = [entry for entry in sys.path if '__editable__' not in entry]
import grader, reader, seeds
root = Path.cwd().parents[1]
assert all(Path(m.__file__).is_relative_to(root) for m in (grader, reader, seeds))
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
def run(notebook, *names):
    cells = {c['id']: ''.join(c['source']) for c in json.loads(Path(notebook).read_text())['cells']}
    for name in names:
        assert shell.run_cell(cells[name]).success or name.startswith('check'), name
run(root / 'notebooks' / '01-sources.ipynb', 'setup')
from reader import corpus, progress
print('ARTICLES', len(corpus.articles()))
run('04-timeline.ipynb', 'setup', 'answer-04-10', 'check-04-10')
from grader.check import check
check('04.10', int(sys.argv[1]))
print('PARTS', sum(part.name.endswith('exercise') for part in progress().parts))
print('KEY', *(importlib.util.find_spec(f'grader.{n}') for n in ('key', 'answer_key')))
"""


def test_a_lesson_cell_and_a_check_run_with_nothing_else(alone):
    folder, env = alone
    answer = next(q.answer for q in load("04-timeline").questions if q.id == "04.10")
    done = subprocess.run([sys.executable, "-c", DRIVER, str(answer)], env=env, text=True,
                          cwd=folder / "exercises" / "04-timeline", capture_output=True,
                          timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ARTICLES 5" in done.stdout and f"PARTS {len(EXERCISES)}" in done.stdout
    assert "There is no answer yet" in done.stdout  # the released notebook, nothing filled in
    assert re.search(r"04\.10.*\n?.*Right", done.stdout), done.stdout
    assert "KEY None None" in done.stdout


def test_the_students_server_has_no_key_and_no_tools_of_instructors(alone):
    """A real Jupyter server in the bundle, asked for what must not be there."""
    folder, env = alone
    sys.path.insert(0, str(ROOT / "tests" / "browser"))
    from running import serving

    program = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root",
               f"--ServerApp.root_dir={folder}"]
    with serving(program, folder, env, folder.parent / "server.log") as server:
        def status(path: str) -> int:
            return server.status(f"api/contents/{path}")

        assert status("exercises/04-timeline/04-timeline.ipynb") == 200
        assert status("notebooks/index.md") == 200
        for path in ("grader/answer_key", "grader/answer_key/04-timeline.yaml", "grader/guide",
                     "grader/key.py", "grader/sample.py", "nbgrader_config.py", "classroom",
                     "class.yaml", "seeds/texts", "tests", "../course/exercises"):
            assert status(path) in (403, 404), path
        with urllib.request.urlopen(server.page(
                "api/contents/exercises/04-timeline/04-timeline.ipynb")) as answer:
            assert "BEGIN SOLUTION" not in (text := answer.read().decode()) and "04.13" in text
        assert server.status("formgrader") == 404
        assert server.status("nbgrader_version?version=x") == 200  # Validate is there
