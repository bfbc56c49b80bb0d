"""A class without names: one file says who is who, and nothing else does."""

from __future__ import annotations

import stat

import pytest
from collect_kit import ONE, SOURCES, collect, states

from grader import enrol, forget, roster
from grader import sample_downloads as sd
from grader.collect import table, versions
from grader.course import Course, CourseProblem


@pytest.fixture
def course(enrolled_class) -> Course:
    return enrolled_class


def test_in_a_pseudonymous_class_only_one_file_names_anybody(course, handed, tmp_path):
    students = [h.student for h in handed[SOURCES]]
    with course.gradebook() as book:
        for student in list(book.students):
            book.remove_student(student.id)
        forget.wipe(book)
    (course.classroom / "roster.csv").unlink()
    (course.root / "class.yaml").write_text("pseudonyms: true\n")
    enrol.enrol(course, sd.canvas_list(tmp_path / "list.csv", students))
    work = handed[SOURCES]
    signed = work[0].notebook.replace(b"SUBMISSION:", b"SUBMISSION of Synthetic Student 01:", 1)
    assert signed != work[0].notebook
    work = [sd.Handed(ONE, SOURCES, signed, work[0].time), *work[1:]]
    report = collect(course, sd.canvas(tmp_path / "c.zip", work))
    table.write(course, report)
    assert report.unmatched == []
    assert [roster.real(course, row.student).student for row in report.rows
            if "stands in it" in row.note] == [ONE]
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
    assert states(collect(course, sd.canvas(tmp_path / "c.zip", work))) == {versions.UNCHANGED}
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
