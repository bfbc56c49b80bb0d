"""The students' bundle: complete in itself, and without anything that only instructors have."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pytest
from course_tools import EXERCISES, LESSONS, without_code, written
from places import ROOT
from typer.testing import CliRunner

import grader
from grader.cli import app
from grader.course import Course, CourseProblem
from grader.editions import bundle

ALL = [path.stem for path in EXERCISES]
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def course(released_course, tmp_path_factory) -> Course:
    """A released course of which a test may publish what it likes."""
    return Course(shutil.copytree(released_course, tmp_path_factory.mktemp("bundle") / "course"))


@pytest.fixture(scope="module")
def whole(released_course) -> Path:
    """The bundle with all exercises, as `grader release` has made it."""
    return released_course / "classroom" / "bundle"


def files(folder: Path) -> dict[str, bytes]:
    return dict(bundle.contents(folder))


# --- what is in it ---------------------------------------------------------------------------

def test_everything_a_student_needs_is_there_and_the_archive_holds_the_same(whole):
    found = files(whole)
    assert {f"notebooks/{path.name}" for path in LESSONS} <= found.keys()
    assert {"README.md", "LICENSE", "LICENSE-CONTENT.md", "requirements.txt", "pyproject.toml",
            "Makefile", ".binder/postBuild", ".jupyter/jupyter_server_config.json",
            "seeds/claims.csv", "notebooks/index.md", "grader/check.py",
            "reader/widgets/static/common.js"} <= found.keys()
    for name in ALL:
        release = files(whole.parent / "release" / name)
        assert {f"exercises/{name}/{part}": text for part, text in release.items()}.items() \
            <= found.items()
    assert found["requirements.txt"] == found[".binder/requirements.txt"]
    with ZipFile(whole.parent / "reading-idlib.zip") as packed:
        assert {name.removeprefix("reading-idlib/"): packed.read(name)
                for name in packed.namelist()} == found
        program = packed.getinfo("reading-idlib/.binder/postBuild")
        assert program.external_attr >> 16 & 0o111
    assert os.access(whole / ".binder/postBuild", os.X_OK)


def test_nothing_of_an_instructor_is_there(whole):
    names = set(files(whole))
    learners = {*re.findall(r"``(\w+)``", grader.__doc__), "__init__", "check"}
    assert {name for name in names if name.startswith("grader/")} == {
        "grader/startup/reading-idlib.py", *(f"grader/{name}.py" for name in learners)}
    assert not [name for name in names if re.search(
        r"answer_key|guide|texts/|instructor|config\.py|\.yaml|\.db|tests/", name)]
    for name in ALL:
        notebook = nbformat.read(whole / "exercises" / name / f"{name}.ipynb", 4)
        assert not [cell.id for cell in notebook.cells if "SOLUTION" in cell.source]


def test_links_lead_somewhere_in_the_whole_and_in_a_part(whole, course, tmp_path):
    part = tmp_path / "part"
    part.mkdir()
    bundle.write(course, ["01-sources"], part)
    for folder in (whole, part):
        dead = []
        for path, texts in written(folder):
            for text in texts:
                assert not re.search(r"classroom/study|form that instructors use|`make course` "
                                     r"once|made by `make course`", text), path.name
                dead += [(path.name, link) for link in _LINK.findall(without_code(text))
                         if "://" not in link and (target := link.partition("#")[0])
                         and not (path.parent / target).exists()]
        assert not dead
    start = (part / "notebooks" / "index.md").read_text(encoding="utf-8")
    assert "[exercise 01](../exercises/01-sources/01-sources.ipynb), 130 min" in start
    assert "exercise 02 (not released yet), 130 min" in start
    assert "If it is an exercise, it has not been released yet." in start
    lesson = nbformat.read(part / "notebooks" / "02-actors.ipynb", 4)
    assert "exercise 02 (of this lesson) (not released yet)" in lesson.cells[0].source


def test_outputs_and_a_learners_own_coding_stay_at_home(course, tmp_path):
    """An instructor may have run a lesson with the articles: outputs would hold their text."""
    lesson = course.root / "notebooks" / "00-start-here.ipynb"
    before = lesson.read_bytes()
    notebook = nbformat.read(lesson, 4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.outputs = [nbformat.v4.new_output("stream", text="words that somebody else wrote")]
    cell.execution_count = 7
    notebook.metadata["widgets"] = {"state": "words that somebody else wrote"}
    nbformat.write(notebook, lesson)
    (course.root / "notebooks" / "my-coding.csv").write_text("mine")
    (course.root / "notebooks" / "linked.csv").symlink_to(ROOT / "nbgrader_config.py")
    bundle.write(course, [], tmp_path)
    lesson.write_bytes(before)
    text = (tmp_path / "notebooks" / lesson.name).read_text(encoding="utf-8")
    assert "somebody else wrote" not in text and '"execution_count": null' in text
    assert not list(tmp_path.rglob("*coding.csv")) and not list(tmp_path.rglob("linked.csv"))
    (course.root / "notebooks" / "linked.csv").unlink()


def test_due_times_stand_on_the_start_page(course, tmp_path):
    (course.root / "class.yaml").write_text(
        "exercises: {01-sources: {due: 2026-10-12 22:00}}", encoding="utf-8")
    bundle.write(course, ALL, tmp_path)
    (course.root / "class.yaml").unlink()
    start = (tmp_path / "notebooks" / "index.md").read_text(encoding="utf-8")
    assert "130 min, due 2026-10-12 22:00 (UTC) |" in start and start.count(", due ") == 1


# --- publishing ------------------------------------------------------------------------------

def test_the_same_files_give_the_same_archive(course, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        bundle.write(course, ["01-sources"], tmp_path / name)
        os.utime(tmp_path / name / "README.md", (1, 1))
        bundle.pack(tmp_path / name, tmp_path / f"{name}.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_exercises_come_one_by_one_and_nothing_is_withdrawn(released_course, tmp_path):
    room = Course(shutil.copytree(released_course, tmp_path / "course"))
    shutil.rmtree(room.classroom / "bundle")
    (room.classroom / bundle.ARCHIVE).unlink()

    def release(*words: str) -> str:
        done = CliRunner().invoke(app, ["release", *words, "--course", str(room.root)])
        assert done.exit_code == 0, done.output
        return " ".join(done.output.split())

    assert bundle.published(room) == []
    assert "with 02-actors. Not in it: 01-sources, 03" in release("02-actors")
    # What was released before is made anew if it is no longer there.
    shutil.rmtree(room.folder("release", "02-actors"))
    (room.classroom / "bundle").rename(tmp_path / "lost")
    release("01-sources")
    assert bundle.published(room) == ["01-sources", "02-actors"]
    assert (room.classroom / "bundle/exercises/02-actors/checks.json").is_file()
    assert "with 01-sources. Not" in release("01-sources", "--only")
    # A leak that only the scan sees: the exercise itself goes back to what it was, too.
    folder, before = room.folder("release", "01-sources"), files(room.classroom / "bundle")
    archive = (room.classroom / bundle.ARCHIVE).read_bytes()
    (folder / "mark.txt").write_text("of the release before")
    (room.root / "notebooks" / "notes.md").write_text("### BEGIN SOLUTION\n")
    done = CliRunner().invoke(app, ["release", "01-sources", "--course", str(room.root)])
    assert "notebooks/notes.md in the folder holds nbgrader's mark around a solution" in str(
        done.exception)
    assert (room.classroom / bundle.ARCHIVE).read_bytes() == archive
    assert not list(room.classroom.glob(".bundle-*"))
    assert (folder / "mark.txt").is_file() and files(room.classroom / "bundle") == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
def test_a_full_disk_leaves_what_was_there(course, monkeypatch):
    room = course.classroom
    before = files(room / "bundle"), (room / bundle.ARCHIVE).read_bytes()
    real = bundle.pack
    monkeypatch.setattr(bundle, "pack", lambda folder, _: real(folder, Path("/dev/full")))
    with pytest.raises(CourseProblem, match=r"cannot be written \(No space left on device"):
        bundle.publish(course, ["01-sources", "02-actors"])
    assert (files(room / "bundle"), (room / bundle.ARCHIVE).read_bytes()) == before
