"""Folders that may not be written, files that are gone, settings that are no code: one sentence."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from grader import cli, doctor, key, logs, release
from grader.course import Course, CourseProblem
from grader.execution import client
from grader.execution.protocol import Refused, Result
from grader.kept import kept
from grader.key import KeyProblem

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bare(tmp_path):
    """A course folder that has nothing but its settings."""
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    return tmp_path


@pytest.fixture
def told(monkeypatch, capsys):
    """What the real command says where it cannot work; it must end with 2."""
    def run(*arguments) -> str:
        monkeypatch.setattr(sys, "argv", ["grader", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert end.value.code == 2
        said = capsys.readouterr().err.strip()
        assert "Traceback" not in said and "\n" not in said
        return said
    return run


def test_a_file_in_the_place_of_the_classroom(bare, told):
    (bare / "classroom").write_text("")
    assert told("doctor", "--course", bare) == (
        f"grader: {bare}/classroom: File exists. Put that right, then run the same command again.")


@pytest.mark.parametrize(("line", "says"), [
    ("c.x = (", "SyntaxError in line"), ("no_such_name", "NameError: name 'no_such_name'")])
def test_settings_that_are_no_code(bare, told, line, says):
    with (bare / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(line)
    said = told("grade", "--course", bare)
    assert f"nbgrader_config.py cannot be run ({says}" in said and "restore it" in said


@pytest.mark.parametrize("content", ["", "x", "{}", '{"cells": 1, "nbformat": 4}', "[" * 99_999])
def test_a_damaged_release(bare, content):
    released = bare / "classroom" / "release" / "01-sources" / "01-sources.ipynb"
    released.parent.mkdir(parents=True)
    released.write_text(content)
    with pytest.raises(CourseProblem, match=r"is damaged \(.*`grader release 01-sources`"):
        Course(bare).released("01-sources")


def test_what_the_system_says_is_told_without_its_numbers():
    assert logs.in_words(PermissionError(13, "Not permitted", "a/b")) == "a/b: Not permitted"
    assert logs.in_words(shutil.Error([("a", "b", "No space left on device")])) == (
        "No space left on device")
    assert logs.cause("2026 ERROR Traceback\nOSError: [Errno 28] No space left on device") == (
        "No space left on device. Put that right, then run the same command again.")
    assert "may only be read here" in logs.cause(
        "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) attempt to write a readonly "
        "database\n[SQL: DELETE")


def test_what_fails_leaves_a_folder_as_it_was(tmp_path):
    folder = tmp_path / "release"
    folder.mkdir()
    (folder / "a").write_text("before")
    with pytest.raises(KeyboardInterrupt), kept(folder):
        (folder / "a").write_text("after")
        (folder / "b").write_text("new")
        raise KeyboardInterrupt
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("a", "before")]
    with pytest.raises(KeyboardInterrupt), kept(tmp_path / "new"):
        (tmp_path / "new").mkdir()
        raise KeyboardInterrupt
    assert not (tmp_path / "new").exists()


def test_a_key_that_is_gone_takes_no_self_checks_with_it(tmp_path, monkeypatch):
    """Sealed anew without it, the lessons' file would lose the questions of that topic."""
    keys, notebooks = tmp_path / "keys", tmp_path / "notebooks"
    keys.mkdir()
    notebooks.mkdir()
    (notebooks / "09-more.ipynb").write_text("{}")
    sheet = notebooks / "checks.json"
    sheet.write_text(json.dumps({"questions": {"L09.1": {}}}))
    monkeypatch.setattr(release, "topics", lambda: key.topics(keys))
    before = sheet.read_text()
    with pytest.raises(KeyProblem, match="There is no answer key 09-more.yaml"):
        release.write_lesson_sheet(tmp_path)
    assert sheet.read_text() == before
    (notebooks / "09-more.ipynb").unlink()  # the lesson is gone too: nothing is lost
    assert release.write_lesson_sheet(tmp_path)


def test_the_doctor_sees_patients_without_protections(monkeypatch):
    """It is there to say which are missing, so it must not need them."""
    def run(request):
        if "all" not in request.allow_unprotected:
            raise Refused(["fork"])
        return Result({0: [{"data": {"text/plain": "42"}}]})

    monkeypatch.setattr(client, "run", run)
    assert doctor._executor()[0]


def test_a_damaged_source_notebook_is_one_sentence_and_the_release_stays(course):
    source = course.folder("source", "04-timeline") / "04-timeline.ipynb"
    folder = course.folder("release", "04-timeline")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    whole = source.read_text(encoding="utf-8")
    lost = json.loads(whole)
    del lost["cells"][3]["cell_type"]
    for text in (whole[:5_000], "", "[]", json.dumps(lost)):
        source.write_text(text, encoding="utf-8")
        with pytest.raises(CourseProblem) as told:
            course.release("04-timeline")
        assert str(told.value).startswith(
            "The source notebook exercises/04-timeline/04-timeline.ipynb is damaged (")
        assert "\n" not in str(told.value)
    # What nbgrader finds wrong only later, when it has taken the old release away.
    odd = json.loads(whole)
    next(c for c in odd["cells"] if c["id"] == "check-04-2")["metadata"]["nbgrader"]["points"] = 99
    source.write_text(json.dumps(odd), encoding="utf-8")
    with pytest.raises(CourseProblem, match="Question 04.2 has 99 points in the notebook"):
        course.release("04-timeline")
    assert {path.name: path.read_bytes() for path in Path(folder).iterdir()} == before
