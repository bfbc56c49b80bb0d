"""Dates that could be two, work without a date, and what must not be released."""

import shutil
from datetime import datetime

import pytest
from nbgrader.converters import Autograde

from grader import roster, roster_files, spreadsheet
from grader.collect import times, worksheet
from grader.collect.people import People
from grader.collect.table import lines
from grader.course import Course, CourseProblem
from grader.editions import bundle
from grader.late import GrantExtension
from grader.leak_scan import Scan
from grader.roster import Person

TOPIC, WHO = "01-sources", "synthetic-01"


@pytest.fixture(scope="module")
def course(played_class, tmp_path_factory) -> Course:
    made = Course(shutil.copytree(played_class, tmp_path_factory.mktemp("odd") / "course"))
    roster.save(made.classroom, [Person(WHO, "Synthetic", "One", "one@example.org"),
                                 Person("syn7", "S", "Short", "")])
    return made


@pytest.mark.parametrize("text, utc", [
    ("10/11/2026 10:00", None), ("13/11/2026 10:00", "2026-11-13 10:00"),
    ("10.11.2026 10:00", "2026-11-10 10:00"), ("11/11/2026 10:00", "2026-11-11 10:00")])
def test_a_date_that_could_be_two_is_none(text, utc):
    found = times.parse(text, "UTC")
    assert (found and f"{found:%Y-%m-%d %H:%M}") == utc


@pytest.mark.parametrize("text", ["yesterday", "10/11/2026 10:00", "2026-10-10", "Okt. 2026"])
def test_a_time_in_a_list_that_cannot_be_read_is_not_taken_for_none(tmp_path, text):
    path = tmp_path / "times.csv"
    path.write_text(f"id,submitted_at\n{WHO},{text}\n", encoding="utf-8")
    people = People({WHO: Person(WHO)})
    with pytest.raises(CourseProblem, match=f"for {WHO} the time '{text}', which cannot be read"):
        worksheet.read(path, people, "UTC")
    path.write_text(f"id,submitted_at\n{WHO},2026-10-10 22:00\nsyn7,-\n", encoding="utf-8")
    people = People({WHO: Person(WHO), "syn7": Person("syn7")})
    assert worksheet.read(path, people, "UTC").times == {WHO: "2026-10-10T22:00:00+00:00"}


def test_new_work_without_a_date_does_not_keep_the_old_one(course, tmp_path):
    from grader.collect import run

    folder = course.folder("submitted", TOPIC, WHO)
    with course.gradebook() as book:
        assert book.find_submission(TOPIC, WHO).timestamp
    new = tmp_path / "loose"
    new.mkdir()
    work = (folder / f"{TOPIC}.ipynb").read_bytes()
    (new / f"{WHO} {TOPIC}.ipynb").write_bytes(work + b"\n")
    report = run.collect(course, [new], run.Wanted())
    assert any("so they count as in time" in line for line in lines(course, report))
    course.config.Run.allow_unprotected = ["all"]
    assert course.grade(TOPIC, WHO).state == "graded"
    with course.gradebook() as book:
        assert book.find_submission(TOPIC, WHO).timestamp is None


def test_a_date_to_come_costs_nothing(course):
    """With our command, and where plain nbgrader has written it into the gradebook already."""
    other = "synthetic-03"
    (course.folder("submitted", TOPIC, other) / "timestamp.txt").write_text("2099-01-01 00:00 UTC")
    course.config.Run.allow_unprotected = ["all"]
    outcome = course.grade(TOPIC, other)
    assert (outcome.state, outcome.late_seconds) == ("graded with a problem", 0)
    assert "says 2099-01-01 00:00 UTC, which was still to come" in outcome.problems[0]
    names = {"assignment": TOPIC, "student": other, "db_url": course.directory().db_url}
    with course.gradebook() as book:
        assert book.find_submission(TOPIC, other).timestamp is None
        book.find_submission(TOPIC, other).timestamp = datetime(2099, 1, 1)
        book.db.commit()
    step = GrantExtension(parent=Autograde(coursedir=course.directory(), config=course.config))
    step.preprocess(None, {"nbgrader": names})
    with course.gradebook() as book:
        assert book.find_submission(TOPIC, other).timestamp is None


def test_real_users_of_the_exchange_stand_in_no_log_of_a_pseudonymous_class(course, tmp_path):
    from grader.collect import run

    root = shutil.copytree(course.root, tmp_path / "course")
    for name in ("submitted", "autograded", "feedback", "roster.csv", "grader.log"):
        path = root / "classroom" / name
        path.unlink() if path.is_file() else shutil.rmtree(path, ignore_errors=True)
    (root / "class.yaml").write_text("pseudonyms: true\n", encoding="utf-8")
    hidden = Course(root)
    roster.enrol(hidden, [Person("real-user")])
    inbound = tmp_path / "exchange" / hidden.directory().course_id / "inbound"
    shutil.copytree(course.folder("submitted", TOPIC, "synthetic-02"),
                    inbound / f"real-user+{TOPIC}+2026-10-12 09:00:00 UTC+x")
    (tmp_path / "exchange").chmod(0o777)
    hidden.config.Exchange.root = str(tmp_path / "exchange")
    [row] = run.collect(hidden, [], run.Wanted(exercise=TOPIC)).rows
    assert roster.made_up(row.student)
    texts = {path.relative_to(hidden.classroom).parts[0]: path.read_text(errors="replace")
             for path in hidden.classroom.rglob("*.log")}
    assert [place for place, text in texts.items() if "real-user" in text] == ["private"]


def test_no_student_is_in_the_bundle(course):
    scan = Scan(course)

    def found(text: str) -> list[str]:
        return [leak.what for leak in scan.leaks([("notebooks/list.csv", text.encode())])]
    assert found(f"id\n{WHO}\n") == found("mail one@example.org") == [
        "the id or the address of a student"]
    assert not found("synthetic-011 syn7 Synthetic")


def test_what_cannot_be_released_is_one_sentence(course):
    other = course.folder("source", TOPIC) / "copy.ipynb"
    other.write_text("{}", encoding="utf-8")
    with pytest.raises(CourseProblem, match=r"has another notebook, copy\.ipynb, and would give"):
        course.release(TOPIC)
    other.unlink()
    source = course.folder("source", TOPIC) / f"{TOPIC}.ipynb"
    whole = source.read_text(encoding="utf-8")
    source.write_text(whole.replace('"check-01-2"', '"check-01-12"'), encoding="utf-8")
    with pytest.raises(CourseProblem, match="counts no more when class.yaml sets its points to 0"):
        course.release(TOPIC)
    source.write_text(whole, encoding="utf-8")
    page = course.root / "notebooks" / "old.md"
    page.parent.mkdir(exist_ok=True)
    page.write_bytes("Zürich".encode("utf-16"))
    with pytest.raises(CourseProblem, match=r"old\.md is not in UTF-8"):
        bundle.publish(course, [])
    page.unlink()


def test_ids_that_would_share_a_folder_are_one_id(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("id,email\nAda.S,a@example.org\nada.s,b@example.org\n\u00f1u,c@example.org\n"
                    "n\u0303u,d@example.org\n", encoding="utf-8")
    found = roster_files.read(path)
    assert [person.student for person in found.people] == ["Ada.S", "\u00f1u"]
    assert len(found.problems) == 2


def test_no_cell_begins_behind_a_semicolon_and_no_text_is_turned_round(tmp_path):
    assert spreadsheet.safe('Ada;=1+1; "+2;x-3') == "Ada;'=1+1; \"'+2;x-3"
    assert spreadsheet.safe("\u202e\u2066=1") == "'=1"
    (tmp_path / "here").mkdir()
    with pytest.raises(CourseProblem, match="is no file that could be written anew"):
        spreadsheet.write({tmp_path / "here": b""})
