"""What is in the JupyterLite edition, and what must not be; no browser is needed to see it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pytest
from course_tools import EXERCISES, LESSONS, written
from packaging.utils import canonicalize_name
from places import ROOT, copy_course

import grader
from grader.course import Course
from grader.editions import lite, lite_contents, lite_sources
from grader.editions.lite_lock import DISTRIBUTION
from grader.editions.lite_sources import LiteProblem, NotReachable
from grader.leaks import find, key_texts

_LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def wheel(lite_edition) -> Path:
    return next((lite_edition / "static" / "pyodide").glob("reading_idlib-*.whl"))


@pytest.fixture(scope="module")
def lock(lite_edition) -> dict:
    path = lite_edition / "static" / "pyodide" / "pyodide-lock.json"
    return json.loads(path.read_text(encoding="utf-8"))["packages"]


def notebook(site: Path, path: str) -> nbformat.NotebookNode:
    return nbformat.read(site / "files" / path, as_version=4)


# --- what must not be there --------------------------------------------------------------

def test_no_text_of_the_key(lite_edition, wheel, tmp_path):
    """Neither in the files nor in the wheel; the detector itself is tested in test_no_leaks."""
    with ZipFile(wheel) as packed:
        packed.extractall(tmp_path)
    files = [path for folder in (lite_edition / "files", tmp_path)
             for path in sorted(folder.rglob("*")) if path.is_file()]
    assert {"08-voices.ipynb", "checks.json", "check.py", "claims.csv"} <= {f.name for f in files}
    found = find(files, key_texts())
    assert not found, found


def test_the_wheel_holds_what_learners_need_and_no_more(wheel):
    """The modules are those that the package's docstring names; of seeds, no text of an article."""
    with ZipFile(wheel) as packed:
        names = packed.namelist()
    named = set(re.findall(r"``(\w+)``", grader.__doc__)) | {"__init__", "check"}
    assert {name for name in names if name.startswith("grader/")} == {
        f"grader/{name}.py" for name in named}
    kinds = {Path(name).suffix for name in names if ".dist-info/" not in name}
    assert kinds == {".py", ".csv", ".json", ".bib", ".md", ".js", ".css"}
    assert not [name for name in names if "texts" in name or "answer_key" in name]


def test_no_solution_no_source_no_key_file(lite_edition):
    files = [path for path in (lite_edition / "files").rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".ipynb", ".json", ".md", ".html"}
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(BEGIN|END) (SOLUTION|HIDDEN|MARK SCHEME)", text), path
    assert not (lite_edition / "files" / "exercises").exists()
    assert not list(lite_edition.rglob("*.yaml"))


def test_other_wheels_are_those_that_are_pinned(lite_edition, wheel):
    there = {path.name for path in (lite_edition / "static" / "pyodide").glob("*.whl")}
    ours = {path.name for path in lite_sources.wheels()}
    kernel = there - ours - {wheel.name}
    assert {name.split("-")[0] for name in kernel} == {
        "ipykernel", "piplite", "pyodide_kernel", "reading_idlib_start", "widgetsnbextension"}


def test_no_interface_for_instructors(lite_edition):
    config = json.loads((lite_edition / "jupyter-lite.json").read_text(encoding="utf-8"))
    names = {item["name"] for item in config["jupyter-config-data"]["federated_extensions"]}
    assert names == {"@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension",
                     "anywidget", "jupyterlab_pygments"}


# --- what must be there ------------------------------------------------------------------

def test_all_lessons_and_exercises_as_released(lite_edition, released_course):
    for path in LESSONS:
        assert notebook(lite_edition, f"notebooks/{path.name}").cells
    for path in EXERCISES:
        ours = notebook(lite_edition, f"classroom/study/{path.stem}/{path.name}")
        release = released_course / "classroom" / "release" / path.stem
        theirs = nbformat.read(release / path.name, as_version=4)
        assert [cell.id for cell in ours.cells] == [cell.id for cell in theirs.cells]
        sheet = lite_edition / "files" / "classroom" / "study" / path.stem / "checks.json"
        assert sheet.read_bytes() == (release / "checks.json").read_bytes()


def test_links_lead_somewhere(lite_edition):
    files, dead = lite_edition / "files", []
    for path, texts in written(files):
        for link in (link for text in texts for link in _LINK.findall(text)):
            target = link.partition("#")[0]
            if target and "://" not in link and not (path.parent / target).exists():
                dead.append((path.name, link))
    assert not dead


def test_a_notebook_says_what_the_browser_must_load_for_it(lite_edition):
    """scikit-learn is large: only where the coefficients are computed is it imported at once."""
    late = {path for path in ("notebooks/07-agreement.ipynb", "notebooks/06-framing.ipynb",
                              "classroom/study/07-agreement/07-agreement.ipynb")
            if any("import sklearn" in cell.source for cell in notebook(lite_edition, path).cells)}
    assert late == {"notebooks/07-agreement.ipynb",
                    "classroom/study/07-agreement/07-agreement.ipynb"}


def test_the_lock_leads_to_every_package(lite_edition, lock):
    folder = lite_edition / "static" / "pyodide"
    for name, entry in lock.items():
        assert {canonicalize_name(need) for need in entry["depends"]} <= lock.keys(), name
        if "/" in entry["file_name"]:
            assert entry["file_name"].startswith(DISTRIBUTION), name
        else:
            there = hashlib.sha256((folder / entry["file_name"]).read_bytes()).hexdigest()
            assert there == entry["sha256"], name
    ours = lock["reading-idlib"]
    assert ours["imports"] == ["grader", "reader", "seeds"]
    assert set(ours["depends"]) == set(lite.NEEDS)
    assert lock["pandas"]["file_name"].startswith(DISTRIBUTION)


def test_own_copies_lie_where_a_reload_keeps_them():
    told = subprocess.run(
        [sys.executable, "-c",
         "import sys; sys.platform = 'emscripten'; import seeds; print(seeds.TEXTS)"],
        cwd=ROOT, env={**os.environ, "READING_IDLIB_TEXTS": ""}, capture_output=True, text=True)
    assert told.stdout == "/drive/texts\n", told.stderr


# --- building ----------------------------------------------------------------------------

def test_the_same_files_give_the_same_wheel(wheel, tmp_path):
    """Else a browser that kept the older one would find that its hash is not the lock's."""
    again = lite_sources.own_wheel(tmp_path, lite_contents.learner_modules(), lite.NEEDS)
    assert (again.name, again.read_bytes()) == (wheel.name, wheel.read_bytes())
    again = lite_sources.start_wheel(tmp_path)
    assert again.read_bytes() == (wheel.parent / again.name).read_bytes()


def test_a_folder_with_something_else_is_not_touched(released_course, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(LiteProblem, match="holds something else"):
        lite.build(tmp_path, Course(released_course))
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_an_exercise_that_is_not_released(tmp_path):
    for name in ("notebooks", "exercises"):
        (copy_course(tmp_path) / name).symlink_to(ROOT / name)
    with pytest.raises(LiteProblem, match="01-sources has not been released: run `grader release`"):
        lite_contents.write(Course(tmp_path), tmp_path / "out")


@pytest.mark.parametrize(("npm", "problem", "told"), [
    (None, NotReachable, "needs the program npm, which is not installed"),
    ("echo no network >&2; exit 1", NotReachable, "no network.* needs the network once"),
    ('echo other > "$4/pyodide-' + lite_sources.PYODIDE + '.tgz"', LiteProblem, "hash differs")])
def test_pyodide_that_can_not_be_had(npm, problem, told, tmp_path, monkeypatch):
    """Said in one sentence, and nothing half is kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    if npm:
        (tmp_path / "npm").write_text(f"#!/bin/sh\n{npm}\n")
        (tmp_path / "npm").chmod(0o755)
    with pytest.raises(problem, match=told):
        lite_sources.pyodide()
    assert list(lite_sources.cache().iterdir()) == []
