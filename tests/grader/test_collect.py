"""Downloads into classroom/submitted/: all matched, the latest counts, nothing is lost."""

from __future__ import annotations

import csv
import io
import shutil
import stat
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader import enrol, forget, roster
from grader import sample_downloads as sd
from grader.collect import run, sources, table, versions
from grader.collect.run import Wanted
from grader.course import Course, CourseProblem
from grader.sample import DUE

SOURCES, TIMELINE = "01-sources", "04-timeline"
ONE, TWO = "synthetic-01", "synthetic-02"


@pytest.fixture(scope="module")
def handed(played_class) -> dict[str, list[sd.Handed]]:
    """What the synthetic class handed in, by exercise."""
    course = Course(played_class)
    return {name: sd.handed_in(course, name) for name in (SOURCES, TIMELINE)}


@pytest.fixture
def course(released_course, tmp_path, handed) -> Course:
    """A released course in which nobody has handed in anything; its class is on the roster."""
    folder = tmp_path / "course"
    for name in (SOURCES, TIMELINE):
        shutil.copytree(released_course / "exercises" / name, folder / "exercises" / name)
        shutil.copytree(released_course / "classroom" / "release" / name,
                        folder / "classroom" / "release" / name)
    shutil.copytree(released_course / "notebooks", folder / "notebooks")
    for name in ("nbgrader_config.py", "classroom/gradebook.db"):
        shutil.copy(released_course / name, folder / name)
    made = Course(folder)
    with made.gradebook() as book:
        book.update_or_create_assignment(SOURCES, duedate=DUE.replace(tzinfo=None))
    enrol.enrol(made, sd.canvas_list(tmp_path / "list.csv", [h.student for h in handed[SOURCES]]))
    return made


def collect(course: Course, *paths: Path, platform="", exercise="", student="") -> run.Report:
    return run.collect(course, paths, Wanted(platform, exercise, student))


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def submitted(course: Course, student: str, exercise: str = SOURCES) -> bytes:
    return (course.folder("submitted", exercise, student) / f"{exercise}.ipynb").read_bytes()


def stamp(course: Course, student: str, exercise: str = SOURCES) -> str:
    path = course.folder("submitted", exercise, student) / "timestamp.txt"
    return path.read_text()[:19] if path.exists() else ""


def states(report: run.Report) -> set[str]:
    return {row.state for row in report.rows}


def reasons(report: run.Report) -> str:
    return "\n".join(why for _, _, why in report.unmatched)


# --- the four ways ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["canvas", "moodle", "moodle flat", "brightspace",
                                  "brightspace flat", "loose", "loose zip"])
def test_a_download_of_each_kind_arrives_whole(course, handed, tmp_path, kind):
    work = handed[SOURCES]
    make = {"canvas": sd.canvas, "moodle": sd.moodle, "brightspace": sd.brightspace,
            "loose": sd.loose}[kind.split()[0]]
    if kind == "loose zip":
        source = Path(shutil.make_archive(str(tmp_path / "all"), "zip",
                                          sd.loose(tmp_path / "loose", work)))
    elif kind.endswith("flat"):
        source = make(tmp_path / "download.zip", work, False)
    else:
        source = make(tmp_path / "download.zip", work)
    report = collect(course, source)
    assert report.unmatched == []
    assert states(report) == {versions.NEW}
    assert list(report.platforms.values()) == [kind.split()[0].replace("loose", "folder")]
    assert {h.student: h.notebook for h in work} == {
        h.student: submitted(course, h.student) for h in work}
    late = {row.student for row in report.rows if row.late}
    assert late == ({TWO} if kind.split()[0] in ("canvas", "brightspace") else set())
    before = tree(course.classroom)
    assert states(collect(course, source)) == {versions.UNCHANGED}
    assert tree(course.classroom) == before


def test_unpacked_downloads_and_several_at_once(course, handed, tmp_path):
    with zipfile.ZipFile(sd.moodle(tmp_path / "m.zip", handed[SOURCES])) as archive:
        archive.extractall(tmp_path / "unpacked")
    report = collect(course, tmp_path / "unpacked", sd.canvas(tmp_path / "c.zip", handed[TIMELINE]))
    assert report.platforms == {"unpacked": "moodle", "c.zip": "canvas"}
    assert len(report.rows) == len(handed[SOURCES]) + len(handed[TIMELINE])
    assert report.unmatched == []


def test_brightspace_and_moodles_worksheet_date_the_late(course, handed, tmp_path):
    late = next(h for h in handed[SOURCES] if h.student == TWO)
    report = collect(course, sd.brightspace(tmp_path / "b.zip", [late]))
    assert stamp(course, TWO) == f"{late.time:%Y-%m-%d %H:%M}:00"
    hours = int((late.time - DUE).total_seconds() // 3600)
    assert report.rows[0].late.split(" late")[0] in (
        f"{hours} h 0 min", f"{hours // 24} d {hours % 24} h")
    shutil.rmtree(course.root / "classroom" / "submitted")
    shutil.rmtree(course.root / "classroom" / "collected")
    zipped, sheet = sd.moodle(tmp_path / "m.zip", [late]), sd.moodle_worksheet(
        tmp_path / "sheet.csv", [late])
    collect(course, zipped)
    assert stamp(course, TWO) == ""  # Moodle's zip does not say when
    collect(course, zipped, sheet)  # known later, the time is written to what is there
    assert stamp(course, TWO) == f"{late.time:%Y-%m-%d %H:%M}:00"


def test_canvas_says_late_but_not_when(course, handed, tmp_path):
    late = next(h for h in handed[SOURCES] if h.student == TWO)
    zipped = sd.canvas(tmp_path / "c.zip", [late])
    report = collect(course, zipped)
    assert report.rows[0].late == "late (no time given)"
    assert stamp(course, TWO) == f"{DUE + timedelta(minutes=1):%Y-%m-%d %H:%M:%S}"
    times = tmp_path / "times.csv"
    times.write_text(f"id,submitted_at\n{TWO},2026-10-13T10:00:00Z\n")
    assert collect(course, zipped, times).rows[0].late == "12 h 0 min late"
    assert stamp(course, TWO) == "2026-10-13 10:00:00"


def test_an_extension_and_class_yaml_move_the_due_time(course, handed, tmp_path):
    (course.root / "class.yaml").write_text(
        "timezone: Europe/Berlin\nexercises:\n  01-sources:\n    due: 2026-10-12 12:00\n"
        f"extensions:\n  {ONE}: {{01-sources: 24}}\n")
    at = datetime(2026, 10, 12, 20, 0, tzinfo=UTC)
    both = [sd.Handed(h.student, SOURCES, h.notebook, at) for h in handed[SOURCES][:2]]
    report = collect(course, sd.brightspace(tmp_path / "b.zip", both))
    # Brightspace's clock is read in the class's zone: 20:00 is 18:00 UTC, due was 10:00 UTC.
    assert [(row.student, row.late) for row in report.rows] == [(ONE, ""), (TWO, "8 h 0 min late")]


# --- several of one student ------------------------------------------------------------------


def test_the_latest_counts_in_whatever_order_it_comes(course, handed, tmp_path):
    first, second = handed[SOURCES][0], handed[SOURCES][2]
    early = sd.Handed(ONE, SOURCES, first.notebook, DUE - timedelta(hours=5))
    later = sd.Handed(ONE, SOURCES, second.notebook, DUE - timedelta(hours=1))
    a = sd.brightspace(tmp_path / "a.zip", [later])
    b = sd.brightspace(tmp_path / "b.zip", [early])
    assert states(collect(course, a)) == {versions.NEW}
    assert states(collect(course, b)) == {versions.EARLIER}
    assert submitted(course, ONE) == later.notebook
    shutil.rmtree(course.classroom / "submitted")
    shutil.rmtree(course.classroom / "collected")
    assert states(collect(course, b)) == {versions.NEW}
    assert states(collect(course, a)) == {versions.REPLACED}
    assert submitted(course, ONE) == later.notebook
    kept = [path.read_bytes() for path in (course.classroom / "collected").rglob("*.ipynb")]
    assert set(kept) == {early.notebook, later.notebook}


def test_canvas_numbers_say_which_upload_was_later(course, handed, tmp_path):
    old, new = handed[SOURCES][0], sd.Handed(ONE, SOURCES, handed[SOURCES][2].notebook, DUE)
    path = tmp_path / "c.zip"
    with zipfile.ZipFile(path, "w") as archive:  # the later one stands first
        archive.writestr(sd.canvas_name(new, resubmitted=1), new.notebook)
        archive.writestr(sd.canvas_name(old), old.notebook)
    collect(course, path)
    assert submitted(course, ONE) == new.notebook
    # The first download, given again by mistake, changes nothing.
    assert states(collect(course, sd.canvas(tmp_path / "old.zip", [old]))) == {versions.EARLIER}
    assert submitted(course, ONE) == new.notebook


def test_what_lay_there_before_is_never_lost(course, handed, tmp_path):
    by_hand = course.folder("submitted", SOURCES, ONE)
    by_hand.mkdir(parents=True)
    (by_hand / f"{SOURCES}.ipynb").write_text("put there by hand")
    (by_hand / "timestamp.txt").write_text(f"{DUE - timedelta(hours=2):%Y-%m-%d %H:%M:%S} UTC")
    earlier = sd.Handed(ONE, SOURCES, handed[SOURCES][0].notebook, DUE - timedelta(hours=3))
    assert states(collect(course, sd.brightspace(tmp_path / "a.zip", [earlier]))) == {
        versions.EARLIER}
    assert submitted(course, ONE) == b"put there by hand"
    later = sd.Handed(ONE, SOURCES, handed[SOURCES][2].notebook, DUE - timedelta(hours=1))
    collect(course, sd.brightspace(tmp_path / "b.zip", [later]))
    assert submitted(course, ONE) == later.notebook
    # A grader's repair stays until something newer comes, and is kept then.
    (by_hand / f"{SOURCES}.ipynb").write_text("repaired by a grader")
    collect(course, sd.brightspace(tmp_path / "b.zip", [later]))
    assert submitted(course, ONE) == b"repaired by a grader"
    newest = sd.Handed(ONE, SOURCES, handed[SOURCES][3].notebook, DUE)
    collect(course, sd.brightspace(tmp_path / "c.zip", [newest]))
    assert submitted(course, ONE) == newest.notebook
    kept = {path.read_bytes() for path in (course.classroom / "collected").rglob("*.ipynb")}
    assert {b"put there by hand", b"repaired by a grader", earlier.notebook, later.notebook,
            newest.notebook} <= kept


def test_stopped_anywhere_and_started_again_is_the_same(course, handed, tmp_path, monkeypatch):
    old = sd.brightspace(tmp_path / "a.zip", [sd.Handed(
        ONE, SOURCES, handed[SOURCES][2].notebook, DUE - timedelta(hours=9))])
    collect(course, old)
    new = sd.brightspace(tmp_path / "b.zip", [sd.Handed(
        h.student, SOURCES, h.notebook, DUE) for h in handed[SOURCES][:2]])
    begun = shutil.copytree(course.root, tmp_path / "begun")
    collect(course, new)
    whole = tree(course.classroom)
    rename, write = Path.rename, Path.write_bytes
    for stop in range(1, 12):
        again = Course(shutil.copytree(begun, tmp_path / f"again-{stop}"))
        left = [stop]

        def counted(real, left=left):
            def act(self, *args):
                left[0] -= 1
                if left[0] == 0:
                    raise KeyboardInterrupt
                return real(self, *args)
            return act

        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", counted(rename))
            patch.setattr(Path, "write_bytes", counted(write))
            try:
                collect(again, new)
                assert left[0] > 0
            except KeyboardInterrupt:
                pass
        report = collect(again, new)
        assert len(report.rows) == 2
        found = tree(again.classroom)
        assert {k: v for k, v in found.items() if "gradebook" not in k} == {
            k: v for k, v in whole.items() if "gradebook" not in k}
    assert left[0] > 0, "the last round was not stopped at all, so all places were tried"


def test_a_full_disk_stops_in_one_sentence(course, handed, tmp_path, monkeypatch):
    zipped = sd.canvas(tmp_path / "c.zip", handed[SOURCES][:3])

    def full(self, data):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(CourseProblem, match="No space left"):
            collect(course, zipped, platform="canvas")
    assert not (course.classroom / "submitted").exists()
    assert len(collect(course, zipped).rows) == 3


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
                           (empty, "holds no file"), (tmp_path / "t.csv", "give the download"),
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


# --- pseudonyms ------------------------------------------------------------------------------


def test_in_a_pseudonymous_class_only_one_file_names_anybody(course, handed, tmp_path):
    students = [h.student for h in handed[SOURCES]]
    with course.gradebook() as book:
        for student in list(book.students):
            book.remove_student(student.id)
        forget.wipe(book)
    (course.classroom / "roster.csv").unlink()
    (course.root / "class.yaml").write_text("pseudonyms: true\n")
    enrol.enrol(course, sd.canvas_list(tmp_path / "list.csv", students))
    report = collect(course, sd.canvas(tmp_path / "c.zip", handed[SOURCES]))
    table.write(course, report)
    assert report.unmatched == []
    private = course.classroom / "private" / "pseudonyms.csv"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert stat.S_IMODE(private.parent.stat().st_mode) == 0o700
    ids = {path.name for path in (course.classroom / "submitted").iterdir()}
    assert len(ids) == len(students) and all(map(roster.made_up, ids))
    assert {roster.real(course, id_).student for id_ in ids} == set(students)
    assert roster.real(course, next(iter(ids))).lms["SIS Login ID"] in students
    for path in sorted(course.classroom.rglob("*")):
        if path.is_file() and path.parent != private.parent and path.suffix != ".ipynb":
            content = path.read_bytes()
            for name in (b"example.org", b"S00001", b"student01synthetic", b"Student 01"):
                assert name not in content, path
    # The same people again get the same ids; the map may be kept elsewhere.
    enrol.enrol(course, sd.moodle_list(tmp_path / "m.csv", students))
    assert states(collect(course, sd.canvas(tmp_path / "c.zip", handed[SOURCES]))) == {
        versions.UNCHANGED}
    private.rename(tmp_path / "kept.csv")
    with pytest.raises(CourseProblem, match="nobody can be named"):
        roster.real(course, next(iter(ids)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(roster.ELSEWHERE, str(tmp_path / "kept.csv"))
        assert {roster.real(course, id_).student for id_ in ids} == set(students)
    (tmp_path / "kept.csv").rename(private)
    (course.root / "class.yaml").write_text("pseudonyms: false\n")
    with pytest.raises(CourseProblem, match="cannot change back"):
        roster.real(course, next(iter(ids)))


def test_a_class_with_real_ids_cannot_turn_pseudonymous(course, tmp_path):
    (course.root / "class.yaml").write_text("pseudonyms: true\n")
    with pytest.raises(CourseProblem, match="began without them"):
        enrol.enrol(course, sd.plain_list(tmp_path / "l.csv", [ONE]))
    (course.classroom / "roster.csv").unlink()
    with pytest.raises(CourseProblem, match="by a real id"):
        enrol.enrol(course, sd.plain_list(tmp_path / "l.csv", [ONE]))


def test_the_lists_are_safe_in_a_spreadsheet(course, tmp_path):
    report = run.Report(unmatched=[("c.zip", '=HYPERLINK("x").ipynb', "why")])
    table.write(course, report)
    with (course.classroom / "collected" / "unmatched.csv").open(encoding="utf-8-sig") as file:
        assert list(csv.reader(file))[1][1] == '\'=HYPERLINK("x").ipynb'
