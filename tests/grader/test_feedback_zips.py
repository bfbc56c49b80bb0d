"""Feedback packed for platforms: each finds its students again by its own rules."""

from __future__ import annotations

import errno
import os
import re
import shutil
import zipfile
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from collect_kit import ONE, SOURCES, TWO, collect, tree
from typer.testing import CliRunner

from grader import enrol, forget, roster
from grader import sample_downloads as sd
from grader.cli import app
from grader.collect import names, origins, table
from grader.course import Course, CourseProblem
from grader.feedback import returns

THREE = "synthetic-03"


@pytest.fixture(scope="module")
def collected(played_class, handed, tmp_path_factory) -> Path:
    """The played class; each fourth of it handed in by another way, one of them by two."""
    place = tmp_path_factory.mktemp("returned")
    course = Course(shutil.copytree(played_class, place / "course"))
    work = handed[SOURCES]
    enrol.enrol(course, sd.canvas_list(place / "canvas.csv", [one.student for one in work]))
    deal = [[one for one in work if one.number % 4 == way] for way in range(4)]
    with course.alone():  # each download in a run of its own, as they come
        for source in (sd.canvas(place / "c.zip", deal[0]), sd.moodle(place / "m.zip", deal[1]),
                       sd.moodle(place / "flat.zip", deal[0][:1], folders=False),
                       sd.brightspace(place / "b.zip", deal[2]), sd.loose(place / "l", deal[3])):
            table.write(course, collect(course, source))
    return course.root


@pytest.fixture
def course(collected, tmp_path) -> Course:
    return Course(shutil.copytree(collected, tmp_path / "course"))


def run(course: Course, *words: str):
    done = CliRunner().invoke(app, ["feedback", *words, "--course", str(course.root)],
                              env={"COLUMNS": "1000"})
    assert "Traceback" not in done.output
    return done


def members(course: Course, platform: str) -> dict[str, bytes]:
    with zipfile.ZipFile(returns.path_of(course, SOURCES, platform)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def page(course: Course, student: str) -> bytes:
    return (course.folder("feedback", SOURCES, student) / f"{SOURCES}.html").read_bytes()


def of(way: int) -> set[str]:
    return {f"synthetic-{n:02d}" for n in range(1, 11) if n % 4 == way}


def canvas_rule(name: str) -> tuple[int, int]:
    """canvas-lms, infer_comment_context_from_filename: user and attachment."""
    parts = [part for part in os.path.basename(name).split("_") if part != "LATE"]  # noqa: PTH119
    user, attachment = [part for part in parts if re.fullmatch(r"\d+", part)][:2]
    assert not parts[-1].startswith("link") and not name.startswith("._")
    return int(user), int(attachment)


def moodle_rule(path: str, parts_needed: int) -> tuple[int, str]:
    """Moodle, is_valid_filename_for_import: participant, and the name of the feedback file.

    Versions before 4.1 asked for five parts between underscores, later ones for four.
    """
    rest = path.split("/")
    while rest:
        part = rest.pop(0).split("_", 4)
        if len(part) >= parts_needed and part[1].isdigit() and part[2:4] == [
                "assignsubmission", "file"]:
            return int(part[1]), "/".join([*part[4:], *rest])
    raise AssertionError(path)


def test_canvas_finds_user_and_attachment_and_gets_notebooks(course):
    done = run(course, SOURCES, "--zip", "canvas")
    assert done.exit_code == 0, done.output
    assert f"{len(of(0))} pages for Canvas; upload it with Upload Submissions" in done.output
    assert f"not in a zip for Canvas: 8 pages, of students whose work was not collected from it " \
           f"({ONE}, " in done.output
    found = {canvas_rule(name): data for name, data in members(course, "canvas").items()}
    numbers = {who: int(who[-2:]) for who in of(0)}
    assert set(found) == {(90_000 + n, 700_000 + n) for n in numbers.values()}
    assert all(name.endswith(f"_{SOURCES}.ipynb") for name in members(course, "canvas"))
    for who, n in numbers.items():
        notebook = nbformat.reads(found[90_000 + n, 700_000 + n].decode(), as_version=4)
        nbformat.validate(notebook)
        shown = notebook.cells[0].outputs[0].data["text/html"]
        whole = BeautifulSoup(page(course, who), "html.parser").main
        assert BeautifulSoup(shown, "html.parser").get_text() == whole.get_text()
        assert who in shown and "<style" not in shown and "<script" not in shown


def test_moodle_of_every_version_finds_the_participant(course):
    done = run(course, SOURCES, "--zip", "moodle")
    assert done.exit_code == 0 and "need the feedback type Feedback files" in done.output
    flat = "synthetic-04"  # handed in to Canvas, and here without a folder
    files = members(course, "moodle")
    assert len(files) == len(of(1)) + 1
    for name, data in files.items():
        number, file = moodle_rule(f"/import/{name}", 5 if "/" not in name else 4)
        assert file.strip("/") == f"{SOURCES}.html"
        assert data == page(course, f"synthetic-{number - 4_000:02d}")
        assert ("/" in name) == (number != int(flat[-2:]) + 4_000)
    assert page(course, flat) in files.values()


def test_brightspace_gets_the_folders_of_its_download(course, handed):
    assert run(course, SOURCES, "--zip", "brightspace").exit_code == 0
    want = {sd.brightspace_name(one).replace(".ipynb", ".html"): page(course, one.student)
            for one in handed[SOURCES] if one.student in of(2)}
    assert members(course, "brightspace") == want


def test_a_file_for_each_student_to_be_mailed(course):
    done = run(course, SOURCES, "--zip", "mail")
    assert done.exit_code == 0 and "each file is named by the student's id" in done.output
    assert members(course, "mail") == {f"{who}-{SOURCES}.html": page(course, who)
                                       for way in range(4) for who in of(way)}
    run(course, SOURCES, "--zip", "mail", "--student", ONE)
    assert set(members(course, "mail")) == {f"{ONE}-{SOURCES}.html"}


def test_the_same_pages_are_the_same_zip_and_a_full_disk_keeps_the_old_one(course, monkeypatch):
    run(course, SOURCES, "--zip", "moodle")
    before = tree(course.classroom / "exports")
    run(course, SOURCES, "--zip", "moodle")
    assert tree(course.classroom / "exports") == before

    def full(number):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("grader.spreadsheet.os.fsync", full)
        with pytest.raises(CourseProblem, match="cannot be written .No space left on dev"):
            returns.pack(course, SOURCES, [ONE], "moodle")
    assert tree(course.classroom / "exports") == before


def test_nothing_to_pack_is_one_sentence(course):
    done = CliRunner().invoke(app, ["feedback", "08-voices", "--zip", "canvas", "--course",
                                    str(course.root)], env={"COLUMNS": "1000"})
    assert str(done.exception) == "There is nothing to pack for Canvas."
    assert "whose work was not collected from it (synthetic-01" in done.output
    assert not returns.path_of(course, "08-voices", "canvas").exists()


def test_names_of_all_runs_are_kept_and_the_latest_of_canvas_counts(course, handed, tmp_path):
    one = next(h for h in handed[SOURCES] if h.student == "synthetic-04")
    with zipfile.ZipFile(tmp_path / "again.zip", "w") as archive:
        for again in (0, 1):
            archive.writestr(sd.canvas_name(one, again), one.notebook + b"\n" * again)
    known = origins.read(table.folder(course))
    table.write(course, collect(course, tmp_path / "again.zip"))
    now = origins.read(table.folder(course))
    assert {key: name for key, name in now.items() if key[0] != one.student} == {
        key: name for key, name in known.items() if key[0] != one.student}
    assert now[one.student, SOURCES, "canvas"] == sd.canvas_name(one, 1)
    run(course, SOURCES, "--zip", "canvas", "--student", one.student)
    assert [canvas_rule(name) for name in members(course, "canvas")] == [(90_004, 701_004)]


def test_a_student_who_handed_in_a_zip_is_named(course, handed, tmp_path):
    one = next(h for h in handed[SOURCES] if h.student == "synthetic-08")
    name = sd.canvas_name(one, 1).replace(f"{SOURCES}-1.ipynb", "my work.zip")
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(f"{SOURCES}.ipynb", one.notebook + b"\n")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr(name, inner.read_bytes())
    table.write(course, collect(course, tmp_path / "all.zip"))
    done = run(course, SOURCES, "--zip", "canvas", "--student", one.student)
    assert "under another name to synthetic-08" in done.output
    assert [canvas_rule(name) for name in members(course, "canvas")] == [(90_008, 701_008)]


@pytest.mark.parametrize(("platform", "name", "want"), [
    ("canvas", "all/lovelaceada_LATE_12_34_01_02_x.ipynb", "lovelaceada_LATE_12_34_"),
    ("canvas", "lovelaceada_12_34_work.zip/a/5_6_7.ipynb", "lovelaceada_12_34_"),
    ("moodle", "x/Ada  Lovelace_7_assignsubmission_file_/sub/a.ipynb",
     "Ada  Lovelace_7_assignsubmission_file_/"),
    ("moodle", "=1+1_7_assignsubmission_file_a_b.ipynb", "=1+1_7_assignsubmission_file_"),
    ("brightspace", "Ex 1/12-34 - Ada Lovelace - Oct 10, 2026 1022 AM/a.ipynb",
     "12-34 - Ada Lovelace - Oct 10, 2026 1022 AM/"),
    ("brightspace", "12-34 - Ada - 10 October, 2026 10.22 - a - b.ipynb",
     "12-34 - Ada - 10 October, 2026 10.22 - "),
    ("folder", "lovelaceada_12_34_x.ipynb", ""), ("canvas", "loose.ipynb", "")])
def test_what_a_platform_wrote_in_front(platform, name, want, tmp_path):
    assert names.handle(name, platform) == want
    key = ("ada", SOURCES, platform)
    (tmp_path / origins.FILE).write_bytes(origins.table({key: name}))
    assert origins.read(tmp_path) == {key: name}  # double spaces and formula signs, too


def test_a_list_of_names_that_cannot_be_read(tmp_path):
    (tmp_path / origins.FILE).write_bytes("student,exercise,came as\nada,é".encode("latin-1"))
    with pytest.raises(CourseProblem, match="origins.csv cannot be read .UnicodeDecodeError.; del"):
        origins.read(tmp_path)


def test_names_stay_private_in_a_pseudonymous_class(released_course, handed, tmp_path):
    folder = shutil.copytree(released_course, tmp_path / "course",
                             ignore=shutil.ignore_patterns("bundle", "*.zip"))
    course = Course(folder)
    (folder / "class.yaml").write_text("pseudonyms: true\n", encoding="utf-8")
    enrol.enrol(course, sd.moodle_list(tmp_path / "list.csv", [ONE, TWO]))
    work = [one for one in handed[SOURCES] if one.student in (ONE, TWO)]
    table.write(course, collect(course, sd.moodle(tmp_path / "m.zip", work)))
    made_up = {person.student: id_ for id_, person in roster.people(course).items()}
    for id_ in made_up.values():
        place = course.folder("feedback", SOURCES, id_)
        place.mkdir(parents=True)
        (place / f"{SOURCES}.html").write_text(f"<main>{id_}</main>")
    assert not (course.classroom / "collected" / origins.FILE).exists()
    assert (course.classroom / "private" / origins.FILE).exists()
    for platform, named in (("moodle", "Synthetic Student 01_4001_assignsubmission_file/"
                                       f"{SOURCES}.html"), ("mail", f"{ONE}-{SOURCES}.html")):
        assert returns.pack(course, SOURCES, made_up.values(), platform).pages == 2
        assert members(course, platform)[named] == f"<main>{made_up[ONE]}</main>".encode()


def test_a_forgotten_student_is_in_no_zip_and_no_list(course):
    for platform in ("canvas", "moodle", "mail"):
        run(course, SOURCES, "--zip", platform)
    found = forget.find(course, THREE)  # loose files: only in the zip for mail
    assert [path.name for path in found.pages if path.suffix == ".zip"] == [
        f"feedback-mail-{SOURCES}.zip"]
    list(forget.delete(course, forget.find(course, ONE)))
    assert not returns.path_of(course, SOURCES, "moodle").exists()
    assert returns.path_of(course, SOURCES, "canvas").exists()
    assert ONE not in {key[0] for key in origins.read(table.folder(course))}
