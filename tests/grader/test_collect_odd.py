"""What instructors give by mistake, and what students pack."""

from __future__ import annotations

import csv
import io
import shutil
import stat
import zipfile
from pathlib import Path

import pytest
from collect_kit import (
    ONE,
    SOURCES,
    TIMELINE,
    TWO,
    collect,
    reasons,
    submitted,
    tree,
)

from grader import doctor, enrol, roster
from grader import sample_downloads as sd
from grader.collect import origins, run, sources, table
from grader.course import Course, CourseProblem


@pytest.fixture
def course(enrolled_class) -> Course:
    return enrolled_class


# --- what is not as it should be -------------------------------------------------------------


def test_the_notebooks_own_cells_count_more_than_its_name(course, handed, tmp_path):
    folder = tmp_path / "loose"
    folder.mkdir()
    work, other = handed[SOURCES][0].notebook, handed[TIMELINE][0].notebook
    (folder / "synthetic-01.ipynb").write_bytes(work)
    (folder / "synthetic-02 01-sources.ipynb").write_bytes(other)
    lesson = (course.root / "notebooks" / "01-sources.ipynb").read_bytes()
    (folder / "synthetic-03 01-sources.ipynb").write_bytes(lesson)
    (folder / "synthetic-04 01-sources.ipynb").write_bytes(
        b'{"cells": [{"cell_type": "code", "source": "1 + 1", "id": "a1b2"}], "nbformat": 4}')
    (folder / "synthetic-06 essay.docx").write_bytes(b"PK")
    report = collect(course, folder)
    assert [(row.student, row.exercise, row.note) for row in report.rows] == [
        (ONE, SOURCES, ""), (TWO, TIMELINE, "its cells are those of 04-timeline")]
    why = {name: why for _, name, why in report.unmatched}
    assert "it is the lesson" in why["synthetic-03 01-sources.ipynb"]
    assert "another course" in why["synthetic-04 01-sources.ipynb"]
    assert "no notebook" in why["synthetic-06 essay.docx"]
    wrong = collect(course, folder / "synthetic-02 01-sources.ipynb", exercise=SOURCES)
    assert "are those of 04-timeline, not of 01-sources" in reasons(wrong)


def test_what_nobody_could_match_is_taken_by_hand(course, handed, tmp_path):
    path = tmp_path / "Untitled.ipynb"
    path.write_bytes(handed[SOURCES][2].notebook)
    assert "who on the roster" in reasons(collect(course, path))
    report = collect(course, path, student=ONE)
    assert [(row.student, row.exercise) for row in report.rows] == [(ONE, SOURCES)]
    with pytest.raises(CourseProblem, match="synthetic-99 is not on the roster"):
        collect(course, path, student="synthetic-99")


def hostile(path: Path, notebook: bytes) -> Path:
    """A Canvas download with everything in it that an unpacker must not do."""
    def entry(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        return info

    name = "student{0:02d}synthetic_900{0:02d}_7000{0:02d}_01-sources.ipynb".format
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry(f"../../{name(1)}"), notebook)
        archive.writestr(entry(f"/etc/{name(2)}"), notebook)
        archive.writestr(entry(f"C:\\temp\\{name(3)}"), notebook)
        archive.writestr(entry(name(4), stat.S_IFLNK | 0o777), b"/etc/passwd")
        archive.writestr(entry(name(6)), b"0" * 20_000_001)
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as bomb:
            for number in range(9):
                bomb.writestr(f"{number}.ipynb", b"0" * 9_000_000)
        archive.writestr(entry("student07synthetic_90007_700007_all.zip"), inner.getvalue())
        archive.writestr(entry("__MACOSX/._x"), b"litter")
        archive.writestr(entry("notes.txt"), b"whose is this")
        # Windows writes its own separators; this one is honest.
        archive.writestr(entry(f"submissions\\{name(8)}"), notebook)
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as work:
            work.writestr("my work/01-sources (1).ipynb", notebook)
            work.writestr("my work/data/table.csv", "a,b")
            work.writestr("my work/" + "x" * 250 + ".csv", "a,b")
        archive.writestr(entry("student09synthetic_90009_700009_work.zip"), inner.getvalue())
    return path


def test_a_hostile_zip_harms_nothing_and_the_honest_in_it_arrive(course, handed, tmp_path):
    (tmp_path / "evil").mkdir()
    path = hostile(tmp_path / "evil" / "c.zip", handed[SOURCES][0].notebook)
    outside = tree(tmp_path / "evil")
    report = collect(course, path)
    assert {(row.student, row.exercise) for row in report.rows} == {
        ("synthetic-08", SOURCES), ("synthetic-09", SOURCES)}
    beside = course.folder("submitted", SOURCES, "synthetic-09")
    assert sorted(tree(beside)) == ["01-sources.ipynb", "my work/data/table.csv"]
    why = reasons(report)
    for reason in ("leads out of the zip", "link or a device", "larger than 20 MB",
                   "larger than 50 MB", "not one that Canvas gives", "name is too long"):
        assert reason in why
    assert why.count("leads out of the zip") == 3
    assert tree(tmp_path / "evil") == outside
    assert sorted(path.name for path in (course.classroom / "submitted").iterdir()) == [
        "synthetic-08", "synthetic-09"]


def test_wrong_and_damaged_sources_are_said_in_one_sentence(course, handed, tmp_path):
    good = sd.canvas(tmp_path / "c.zip", handed[SOURCES])
    cut = tmp_path / "cut.zip"
    cut.write_bytes(good.read_bytes()[:-400])
    (tmp_path / "t.csv").write_text(f"id,time\n{ONE},2026-10-13 10:00\n")
    empty = tmp_path / "empty"
    empty.mkdir()
    for path, sentence in ((cut, "was cut off"), (tmp_path / "no.zip", "is not there"),
                           (empty, "holds no notebook"), (tmp_path / "t.csv", "give the download"),
                           (tmp_path / "list.csv", "says nothing of when")):
        with pytest.raises(CourseProblem, match=sentence):
            collect(course, path)
    data = bytearray(good.read_bytes())
    data[2_000] ^= 255  # one byte of the first notebook
    (tmp_path / "flipped.zip").write_bytes(data)
    report = collect(course, tmp_path / "flipped.zip")
    assert len(report.rows) == len(handed[SOURCES]) - 1
    assert "the zip is damaged there" in reasons(report) or "cannot be unpacked" in reasons(report)
    with pytest.raises(CourseProblem, match="no released exercise 99-x"):
        collect(course, good, exercise="99-x")


def test_a_date_that_a_student_packed_is_not_believed(course, handed, tmp_path):
    one = handed[SOURCES][0]
    path = tmp_path / "m.zip"
    with zipfile.ZipFile(path, "w") as archive:
        name = sd.moodle_name(one)
        archive.writestr(name, one.notebook)
        for made_up in ("timestamp.txt", "submission_secret.txt"):
            archive.writestr(name.replace(f"{SOURCES}.ipynb", made_up), "2026-01-01 00:00 UTC")
    report = collect(course, path)
    assert [(row.student, row.time) for row in report.rows] == [(ONE, "")]
    assert list(tree(course.folder("submitted", SOURCES, ONE))) == [f"{SOURCES}.ipynb"]
    # In a folder of nbgrader's own form it is the instructor's.
    home = tmp_path / "old" / TWO / SOURCES
    home.mkdir(parents=True)
    (home / f"{SOURCES}.ipynb").write_bytes(handed[SOURCES][1].notebook)
    (home / "timestamp.txt").write_text("2026-10-12 21:00:00 UTC")
    report = collect(course, tmp_path / "old")
    assert [(row.student, row.time) for row in report.rows] == [
        (TWO, "2026-10-12 21:00:00 UTC")]


def test_work_of_a_moodle_group_goes_to_its_members(course, handed, tmp_path):
    """Moodle writes the group's name and number; a number may be a participant's, too."""
    three = handed[SOURCES][:3]
    sheet = sd.moodle_worksheet(tmp_path / "sheet.csv", three)
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    number = rows[2]["Identifier"].split()[1]
    path = tmp_path / "m.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"Group A_{number}_assignsubmission_file/{SOURCES}.ipynb",
                         three[0].notebook)
    assert "if this is a group, give" in reasons(collect(course, path))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], "Group"])
        writer.writeheader()
        writer.writerows({**row, "Group": group} for row, group in zip(
            rows, ("Group_A", "Group_A", "Default group"), strict=True))
    report = collect(course, path, sheet)
    assert [(row.student, row.note) for row in report.rows] == [
        (ONE, "handed in by a group of 2"), (TWO, "handed in by a group of 2")]
    assert submitted(course, ONE) == submitted(course, TWO) == three[0].notebook
    # Given back under the group's number, a page would go to whoever has that number.
    assert not origins.read(table.folder(course))


def test_a_date_in_another_language_is_said(course, handed, tmp_path):
    one = handed[SOURCES][0]
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"1-2 - Synthetic Student 01 - 10 lokakuuta 2026 1022/{SOURCES}.ipynb",
                         one.notebook)
        archive.writestr(f"2-2 - Synthetic Student 02 - Oct 10, 2099 1022 AM/{SOURCES}.ipynb",
                         handed[SOURCES][1].notebook)
    row, other = collect(course, path).rows
    assert (row.student, row.time, other.student, other.time) == (ONE, "", TWO, "")
    assert "could not be read" in row.note
    assert "its date (Oct 10, 2099 1022 AM) cannot be right" in other.note


def test_the_doctor_looks_at_the_roster(course, tmp_path):
    assert doctor._roster(course) == (True, "roster", "10 students")
    (course.classroom / "roster.csv").unlink()
    assert "nobody yet" in doctor._roster(course)[2]
    (course.root / "class.yaml").write_text("pseudonyms: true\n")
    roster.enrol(course, [roster.Person(ONE)])
    assert doctor._roster(course) == (True, "roster", "1 students with made-up ids")
    roster.private_file(course).chmod(0o644)
    assert not doctor._roster(course)[0]
    roster.private_file(course).unlink()
    assert "nobody can be named" in doctor._roster(course)[2]


def test_names_in_zips_without_a_mark_for_utf8(tmp_path):
    path = tmp_path / "m.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("Müller Jörg_1_assignsubmission_file/x.ipynb")
        archive.writestr(info, b"{}")
    data = path.read_bytes()  # take the mark away, as macOS and old servers leave it out
    at = data.index(b"PK\x01\x02")
    data = data[:6] + b"\0\0" + data[8:at + 8] + b"\0\0" + data[at + 10:]
    path.write_bytes(data)
    with sources.opened(path) as source:
        assert source.entries[0].name == "Müller Jörg_1_assignsubmission_file/x.ipynb"


def test_nobody_known_and_nothing_released(course, handed, tmp_path):
    zipped = sd.canvas(tmp_path / "c.zip", handed[SOURCES])
    empty = Course(shutil.copytree(course.root, tmp_path / "other"))
    (empty.classroom / "roster.csv").unlink()
    with empty.gradebook() as book:
        for student in list(book.students):
            book.remove_student(student.id)
    with pytest.raises(CourseProblem, match="grader roster"):
        collect(empty, zipped)
    shutil.rmtree(course.classroom / "release")
    with pytest.raises(CourseProblem, match="grader release"):
        collect(course, zipped)


# --- the class list --------------------------------------------------------------------------


def test_every_kind_of_list_finds_the_same_people_again(course, handed, tmp_path):
    students = [h.student for h in handed[SOURCES]]
    for make in (sd.moodle_list, sd.brightspace_list, sd.plain_list):
        found = enrol.enrol(course, make(tmp_path / "again.csv", students))
        assert (found.new, found.absent, sorted(found.known)) == ([], [], students)
    with course.gradebook() as book:
        ada = book.find_student(ONE)
        assert (ada.first_name, ada.last_name, ada.email, ada.lms_user_id) == (
            "Synthetic", "Student 01", "synthetic-01@example.org", "90001")
    assert enrol.enrol(course, sd.canvas_list(tmp_path / "l.csv", students[1:])).absent == [ONE]
    twins = tmp_path / "twins.csv"
    twins.write_text("id,first_name,last_name\nx1,Synthetic,Twin\nx2,Synthetic,Twin\n")
    assert "name of 2 students (x1, x2)" in enrol.enrol(course, twins).same_name[0]


def test_the_lists_are_safe_in_a_spreadsheet(course, tmp_path):
    report = run.Report(unmatched=[("c.zip", '=HYPERLINK("x").ipynb', "why")])
    table.write(course, report)
    with (course.classroom / "collected" / "unmatched.csv").open(encoding="utf-8-sig") as file:
        assert list(csv.reader(file))[1][1] == '\'=HYPERLINK("x").ipynb'
