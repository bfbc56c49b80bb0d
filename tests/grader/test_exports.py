"""Exports: read back as each platform's documentation says, the grades are the gradebook's.

The readers below follow Canvas's gradebook_importer.rb, Moodle's load_data.php and Brightspace's
page "Importing grades", as far as they say who is meant and which grade it is.
"""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import shutil
from pathlib import Path

import gradebook_kit as kit
import pytest
from export_kit import EX, GRADES, LATER, LMS, NAMES, enrol, make, run
from export_kit import rows as read
from grader_kit import command
from nbgrader.api import Student, SubmittedAssignment

from grader import roster, spreadsheet
from grader.commands.export import export
from grader.course import Course, CourseProblem
from grader.notebook import META
from grader.roster import Person


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Course:
    return make(tmp_path_factory.mktemp("made"))


@pytest.fixture
def course(made, tmp_path) -> Course:
    return Course(shutil.copytree(made.root, tmp_path / "course"))


def _canvas(data):
    """By ID, as the importer finds students and assignments."""
    header, points, *students = read(data)
    assert "Student" in header[0] and "ID" in header[1]
    assert re.match(r"SIS\s+User\s+ID", header[2]) and re.match(r"SIS\s+Login\s+ID", header[3])
    last = next(i for i, name in enumerate(header) if name == "Section")
    assert "Points Possible" in points[0]
    return ({row[1]: dict(zip(header[last + 1:], row[last + 1:], strict=True)) for row in students},
            dict(zip(header[last + 1:], points[last + 1:], strict=True)), students)


def test_canvas(course):
    enrol(course, "canvas")
    data, said = run(course, "canvas")
    grades, points, rows = _canvas(data)
    assert points == {EX: "12"}
    for n, who in enumerate(NAMES):
        expected = GRADES[who]
        assert grades[f"47{n}"][EX] == ("" if expected is None else f"{expected:g}"), who
        assert rows[[r[1] for r in rows].index(f"47{n}")][2:4] == [f"00{n}", f"+login{n}"]
    assert not any(row[0].startswith(("=", "+", "-", "@")) or row[4].startswith("=")
                   or "\n" in row[0] for row in rows)
    assert {"O'Comma, Jr., The \"Quoted\"", "'=1+1, @sum"} <= {row[0] for row in rows}
    assert "1 submission without a grade in the file, because written work awaits" in said
    assert "1 submission not handed in, and without a grade" in said


def test_canvas_into_its_own_file(course, tmp_path):
    """Numbers of assignments, other people's rows and grades that we do not have stay."""
    enrol(course, "canvas")
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Sources, week 1 (991)",
              "Essay (992)", "Final Score"]
    old = [header, ["", "", "", "", "", "Manual Posting", "", ""],
           ["    Points Possible", "", "", "", "", "12.00", "20", "(read only)"],
           *([", ".join(NAMES[who]), f"47{n}", f"00{n}", "x", "s", "1.00", "9", "3"]
             for n, who in enumerate(NAMES)),
           ["Student, Test", "999", "", "", "s", "5", "", ""]]
    file = tmp_path / "download.csv"
    file.write_bytes(b"\xef\xbb\xbf" + spreadsheet.text(old))
    with pytest.raises(CourseProblem, match="no column for 01-sources; its assignments are "
                                            "Sources, week 1, Essay"):
        run(course, "canvas", into=str(file))
    data, said = run(course, "canvas", into=str(file), titles={EX: "Sources, week 1"})
    grades, points, rows = _canvas(data)
    title = "Sources, week 1 (991)"
    assert points == {title: "12.00"} and len(rows) == len(NAMES)
    for n, who in enumerate(NAMES):
        kept = GRADES[who] is None
        assert grades[f"47{n}"][title] == ("1.00" if kept else f"{GRADES[who]:g}")
    assert "not in the gradebook" in said
    with course.gradebook() as book:
        book.find_grade_cell("check-01-1", EX, EX).max_score = 8
        book.db.commit()
    with pytest.raises(CourseProblem, match="16 points here and 12 in download.csv"):
        run(course, "canvas", into=str(file), titles={EX: "Sources, week 1"})
    data, _ = run(course, "canvas", into=str(file), titles={EX: "Sources, week 1"}, scale=True)
    assert _canvas(data)[0]["470"][title] == f"{7 * 12 / 16:g}"


def test_moodle(course):
    """Every row has the identifier; what has no grade is a hyphen, as in Moodle's own export."""
    enrol(course, "moodle", but=["synthetic-f"])
    data, said = run(course, "moodle")
    header, *rows = read(data)
    key, grade = header.index("Email address"), header.index(EX)
    found = {row[key]: row[grade] for row in rows}
    assert found == {f"S{n}@example.edu": "-" if GRADES[who] is None else f"{GRADES[who]:g}"
                     for n, who in enumerate(NAMES) if who != "synthetic-f"}
    assert "Left out" in said and "synthetic-f" in said
    assert "'=1+1" in [row[header.index("Last name")] for row in rows]


def test_moodles_grading_worksheet(course, tmp_path):
    enrol(course, "moodle")
    header = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade",
              "Grade can be changed", "Last modified (submission)", "Last modified (grade)",
              "Feedback comments"]
    old = [header, *([f"Participant {n}", " ".join(NAMES[who][::-1]), f"s{n}@example.edu",
                      "Submitted for grading", "", "12,00", "Yes", "Monday, 2 March 2026, 9:00 AM",
                      "-", "well, \"done\""] for n, who in enumerate(NAMES)),
           ["Participant 77", "No One", "no@example.edu", "", "3,00", "12,00", "Yes", "", "-", ""]]
    file = tmp_path / "worksheet.csv"
    file.write_bytes(spreadsheet.text(old))
    with pytest.raises(CourseProblem, match="is for one assignment: name the exercise"):
        run(course, "moodle", names=(EX, LATER), into=str(file))
    data, said = run(course, "moodle", into=str(file))
    new = read(data)
    for n, who in enumerate(NAMES):
        expected = [*old[n + 1]]
        expected[4] = "" if GRADES[who] is None else f"{GRADES[who]:g}"
        assert new[n + 1] == expected
    assert new[-1] == old[-1] and new[0] == header


def test_brightspace(course):
    enrol(course, "brightspace")
    data, _ = run(course, "brightspace", titles={EX: "Sources"})
    header, *rows = read(data)
    assert header == ["OrgDefinedId", "Username", "Sources Points Grade", "End-of-Line Indicator"]
    assert {row[-1] for row in rows} == {"#"} and all(row[0].startswith("#") for row in rows)
    assert {row[0].removeprefix("#"): row[2] for row in rows} == {
        f"00{n}": "" if GRADES[who] is None else f"{GRADES[who]:g}"
        for n, who in enumerate(NAMES)}
    assert [row[1] for row in rows if row[0] == "#001"] == ["#=user.1"]


def test_brightspace_into_its_own_file(course, tmp_path):
    enrol(course, "brightspace")
    file = tmp_path / "export.csv"
    title = "01-sources Points Grade <Numeric MaxPoints:12 Weight:10 Category:Weekly work>"
    file.write_bytes(spreadsheet.text([
        ["OrgDefinedId", "Username", "Last Name", title, "End-of-Line Indicator"],
        *([f"#00{n}", f"#=user.{n}", "x", "2", "#"] for n in range(3))]))
    data, said = run(course, "brightspace", into=str(file))
    assert read(data)[0] == ["OrgDefinedId", "Username", title, "End-of-Line Indicator"]
    assert [row[2] for row in read(data)[1:]] == ["7", "6.75", "3.33"]
    assert "Not in export.csv, so not in the export: synthetic-" in said


def test_table_for_people(course):
    data, _ = run(course, "csv", names=(EX, LATER))
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == 2 * len(NAMES)
    found = {row["student_id"]: row for row in rows if row["assignment"] == EX}
    for who, grade in GRADES.items():
        assert found[who]["score"] == ("" if grade is None else f"{grade:g}")
        assert not any(str(cell).startswith(("=", "+", "-", "@", "\t")) for cell in
                       found[who].values())
    assert found["synthetic-e"]["awaits_grading"] == "01.R1"
    assert found["synthetic-a"]["last_name"] == "O'Comma, Jr."
    assert found["synthetic-b"]["extra_credit"] == "0.5"
    assert found["synthetic-d"]["late_submission_penalty"] == "3"


def test_so_far_and_zero_on_request(course):
    enrol(course, "canvas")
    data, said = run(course, "canvas", provisional=True, missing_zero=True)
    grades, _, _ = _canvas(data)
    assert grades["474"][EX] == "7" and grades["476"][EX] == "0"
    assert "because you asked" in said and "and 0 in the file" in said


def test_a_zero_for_work_with_a_problem_is_named(course):
    assert "noted a problem" not in run(course, "canvas")[1]
    for who in ("synthetic-c", "synthetic-d"):  # only d has 0
        graded = course.folder("autograded", EX, who) / f"{EX}.ipynb"
        graded.parent.mkdir(parents=True)
        graded.write_text(json.dumps({"metadata": {META: {"problems": ["It could not be read."]}}}))
    said = run(course, "canvas")[1]
    assert "noted a problem" in said and "has the notes): synthetic-d." in said


def test_without_a_roster_the_ids_of_the_gradebook_stand_in(course):
    data, said = run(course, "canvas")
    header, _, *rows = read(data)
    assert header[:4] == ["Student", "ID", "SIS Login ID", "Section"]
    assert {row[2] for row in rows} == set(NAMES) and "has no columns of Canvas" in said


def test_pseudonyms_are_put_back(course):
    """The gradebook has made-up ids alone; the file has the real people."""
    (course.root / "class.yaml").write_text("pseudonyms: true", encoding="utf-8")
    ids = roster.enrol(course, [Person(who, first, last, lms=LMS["canvas"](n, who))
                                for n, (who, (last, first)) in enumerate(NAMES.items())])
    with course.gradebook() as book:
        for old, new in ids.items():
            book.db.add(Student(id=new))
            book.db.flush()
            book.db.query(SubmittedAssignment).filter_by(student_id=old).update(
                {"student_id": new})
            book.db.query(Student).filter_by(id=old).delete()
        book.db.add(Student(id="p-zzzzzz"))
        book.db.commit()
    data, said = run(course, "canvas")
    grades, _, rows = _canvas(data)
    assert grades["470"][EX] == "7" and not any("p-" in cell for row in rows for cell in row)
    assert "nobody stands behind these pseudonyms in the roster: p-zzzzzz" in said


@pytest.mark.parametrize("data, what", [
    (b"PK\x03\x04\x00\x00", "no CSV file"), (b"a,b\n", "no CSV file"), (b"", "no CSV file"),
    (b"x,y\n1,2\n", "no file from Canvas"), ("Student,ID\nÄ,1".encode("latin-1"), "not in UTF-8"),
    (b"Student,ID,01-sources (1)\nx,12345,\n", "No student of the gradebook"),
    (b"Student,ID,01-sources (1),01-sources again (2)\nx,470,1,1\n", "x"),
    (b"Student,ID,w 01-sources (1),x 01-sources (2)\nx,470,1,1\n", "more than one column"),
], ids=["zip", "one line", "empty", "other", "latin-1", "strangers", "exact name", "two columns"])
def test_wrong_files_get_one_sentence(course, tmp_path, data, what):
    enrol(course, "canvas")
    file = tmp_path / "wrong.csv"
    file.write_bytes(data)
    if what == "x":  # the column with just the name is taken
        found, _ = run(course, "canvas", into=str(file))
        assert read(found) == [["Student", "ID", "01-sources (1)"], ["x", "470", "7"]]
        return
    with pytest.raises(CourseProblem, match=what):
        run(course, "canvas", into=str(file))
    assert not (course.classroom / "exports").exists()


def test_a_full_disk_leaves_the_old_file(course):
    enrol(course, "canvas")
    before, _ = run(course, "canvas")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))
    try:
        with pytest.raises(CourseProblem, match="canvas.csv cannot be written"):
            run(course, "canvas", provisional=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    folder = course.classroom / "exports"
    assert [path.name for path in folder.iterdir()] == ["canvas.csv"]
    assert (folder / "canvas.csv").read_bytes() == before


def test_commands(course):
    """Ours and nbgrader's write the same file; what cannot be done is said in one sentence."""
    enrol(course, "canvas")
    said = command(course, "grader", "export", "canvas", EX, "--to", "ours.csv",
                   "--title", f"{EX}=Sources: week 1")
    assert "ours.csv is written" in said and "awaits grading" in said
    command(course, "nbgrader", "export", "--exporter", "grader.exports.CanvasExporter",
            "--assignment", json.dumps([EX]), "--to", "theirs.csv")
    ours, theirs = ((course.root / name).read_bytes() for name in ("ours.csv", "theirs.csv"))
    assert ours.replace(b"Sources: week 1", EX.encode()) == theirs
    assert "there are canvas, moodle" in command(
        course, "grader", "export", "blackboard", ok=False)


@pytest.mark.parametrize("words, what", [
    ({"title": ["=x"]}, "is not EXERCISE=NAME"), ({"title": ["09-no=x"]}, "is not EXERCISE=NAME"),
    ({"title": [f"{EX}==x"]}, "cannot head a column"), ({"names": ["09-no"]}, "no exercise 09-no"),
    ({"platform": "csv", "into": Path("x")}, "--into is for files from")])
def test_what_cannot_be_done_is_said(course, words, what):
    with pytest.raises(CourseProblem, match=what):
        export(**({"platform": "canvas", "course": course.root} | words))


def test_nothing_to_export(course):
    kit.exercise(course, "02-actors", {"check-02-1": 1})
    with course.gradebook() as book:
        for name in (EX, LATER):
            book.remove_assignment(name)
    with pytest.raises(CourseProblem, match="There are no grades to export yet"):
        run(course, "canvas", names=())
    with pytest.raises(CourseProblem, match="does not know 01-sources"):
        run(course, "canvas")


def test_spreadsheet_texts():
    risky = ["=1", "+1", "-1", "@x", "\t=1", "\r\n+1", " =1", "\x00=1", "＝1"]
    assert all(spreadsheet.safe(text).startswith("'") for text in risky)
    assert [spreadsheet.safe(value) for value in ("a=1", "", -1.5, 3, None)] == [
        "a=1", "", -1.5, 3, None]
    assert spreadsheet.safe("Two\r\nLines\u2028here") == "Two Lines here"
    assert [spreadsheet.number(v) for v in (12.0, 12.346, -0.001, None)] == [12, 12.35, 0, ""]
