"""Downloads into classroom/submitted/: all matched, the latest counts, nothing is lost."""

from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from collect_kit import (
    ONE,
    SOURCES,
    TIMELINE,
    TWO,
    collect,
    stamp,
    states,
    submitted,
    tree,
)

from grader import sample_downloads as sd
from grader.collect import versions
from grader.course import Course, CourseProblem
from grader.sample import DUE


@pytest.fixture
def course(enrolled_class) -> Course:
    return enrolled_class


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


def test_a_class_that_hands_in_by_four_ways(course, handed, tmp_path, monkeypatch, capsys,
                                            played_class):
    monkeypatch.chdir(played_class)
    sd.main(["--deal", str(tmp_path / "all"), SOURCES, TIMELINE])
    made = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert all(path.exists() for path in made) and len(made) == 14
    for name in (SOURCES, TIMELINE):
        for way in (["canvas-{}.zip"], ["moodle-{}.zip", "moodle-{}.csv"], ["brightspace-{}.zip"],
                    ["loose-{}"]):
            report = collect(course, *(tmp_path / "all" / part.format(name) for part in way))
            assert report.unmatched == []
            assert states(report) == {versions.NEW}
        assert {h.student: h.notebook for h in handed[name]} == {
            h.student: submitted(course, h.student, name) for h in handed[name]}


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


@pytest.mark.parametrize("who", [TWO, sd.person(TWO).lms["ID"]], ids=["id here", "Canvas's"])
def test_canvas_says_late_but_not_when(course, handed, tmp_path, who):
    late = next(h for h in handed[SOURCES] if h.student == TWO)
    zipped = sd.canvas(tmp_path / "c.zip", [late])
    report = collect(course, zipped)
    assert report.rows[0].late == "late (no time given)"
    assert stamp(course, TWO) == f"{DUE + timedelta(minutes=1):%Y-%m-%d %H:%M:%S}"
    times = tmp_path / "times.csv"
    times.write_text(f'"id","submitted_at"\n{who},"2026-10-13T10:00:00Z"\n90003,\n')
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
