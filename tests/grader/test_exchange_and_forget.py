"""nbgrader's exchange as a source, and one student deleted everywhere."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest
from nbgrader.api import MissingEntry
from nbgrader.auth import Authenticator
from nbgrader.exchange import ExchangeFactory
from sqlalchemy import text
from typer.testing import CliRunner, Result

from grader import cli, enrol, forget, roster
from grader import sample_downloads as sd
from grader.collect import run, table, versions
from grader.collect.run import Wanted
from grader.course import Course, CourseProblem

SOURCES = "01-sources"
ONE, TWO = "synthetic-01", "synthetic-02"
QUIET = logging.getLogger("tests.exchange")
QUIET.setLevel(logging.CRITICAL)


class Exchange:
    """The exchange of a course in a folder of its own, and what students do with it."""

    def __init__(self, course: Course, root: Path) -> None:
        self.course, self.root = course, root
        root.mkdir(mode=0o777)
        root.chmod(0o777)
        course.config.Exchange.root = str(root)
        course.config.Exchange.cache = str(root.with_name("cache"))

    def step(self, name: str, student: str = "*", assignment: str = SOURCES, **options) -> None:
        config = self.course.config.copy()
        config.Exchange.update(options)
        directory = self.course.directory(assignment, student)
        step = getattr(ExchangeFactory(config=config, log=QUIET), name)
        step(coursedir=directory, config=config, log=QUIET,
             authenticator=Authenticator(config=config)).start()

    def submit(self, student: str, notebook: bytes, home: Path) -> None:
        folder = home / SOURCES
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{SOURCES}.ipynb").write_bytes(notebook)
        self.step("Submit", student, assignment_dir=str(home))


@pytest.fixture
def course(played_class, tmp_path) -> Course:
    """A copy of the played class with its class list."""
    made = Course(shutil.copytree(played_class, tmp_path / "course"))
    enrol.enrol(made, sd.canvas_list(tmp_path / "list.csv", made.students(SOURCES)))
    return made


def test_the_exchange_by_nbgraders_own_means(course, tmp_path):
    work = {h.student: h.notebook for h in sd.handed_in(course, SOURCES)}
    shutil.rmtree(course.classroom / "submitted")
    exchange = Exchange(course, tmp_path / "exchange")
    exchange.step("ReleaseAssignment")
    exchange.submit(ONE, work[TWO], tmp_path / "home")
    exchange.submit(ONE, work[ONE], tmp_path / "home")
    exchange.submit("guest", work[TWO], tmp_path / "guest")
    report = run.collect(course, [], Wanted("exchange", SOURCES))
    assert [(row.student, row.state, row.note) for row in report.rows] == [
        ("guest", versions.NEW, "was not on the roster and has been added to it"),
        (ONE, versions.NEW, "")]
    place = course.folder("submitted", SOURCES, ONE)
    assert (place / f"{SOURCES}.ipynb").read_bytes() == work[ONE]
    inbound = max(p for p in (tmp_path / "exchange").rglob(f"{ONE}+*"))
    for name in ("timestamp.txt", "submission_secret.txt"):  # feedback finds its way back by them
        assert (place / name).read_bytes() == (inbound / name).read_bytes()
    assert {row.state for row in run.collect(course, [], Wanted()).rows} == {versions.UNCHANGED}
    exchange.submit(ONE, work[TWO], tmp_path / "home")
    again = run.collect(course, [], Wanted(student=ONE))
    assert [(row.student, row.state) for row in again.rows] == [(ONE, versions.REPLACED)]
    # An older download does not take the place of what the exchange has.
    old = sd.brightspace(tmp_path / "b.zip", [sd.Handed(ONE, SOURCES, b'{"cells": []}', sd.DUE)])
    report = run.collect(course, [old], Wanted(exercise=SOURCES))
    assert (place / f"{SOURCES}.ipynb").read_bytes() == work[TWO]


def test_without_an_exchange_one_sentence(course, tmp_path):
    course.config.Exchange.root = str(tmp_path / "nowhere")
    with pytest.raises(CourseProblem, match="exchange cannot be collected from"):
        run.collect(course, [], Wanted(exercise=SOURCES))


def test_one_student_is_forgotten_and_nobody_else(course, tmp_path):
    work = sd.handed_in(course, SOURCES)
    exchange = Exchange(course, tmp_path / "exchange")
    exchange.step("ReleaseAssignment")
    exchange.submit(ONE, work[0].notebook + b"\n", tmp_path / "home")
    exchange.submit(TWO, work[1].notebook, tmp_path / "home")
    run.collect(course, [], Wanted("exchange", SOURCES))
    # As grading leaves it: the secret beside the page, by which the exchange names the page.
    for student in course.students(SOURCES):
        if student not in (ONE, TWO):
            shutil.rmtree(course.folder("feedback", SOURCES, student))
            continue
        place = course.folder("feedback", SOURCES, student)
        for name in ("timestamp.txt", "submission_secret.txt"):
            shutil.copy(course.folder("submitted", SOURCES, student) / name, place)
    exchange.step("ReleaseFeedback")
    assert len(list((tmp_path / "exchange").rglob("feedback/*.html"))) == 2
    table.write(course, run.collect(course, [sd.canvas(tmp_path / "c.zip", work)], Wanted()))
    room = course.classroom
    (room / "report").mkdir()
    (room / "report" / "questions.csv").write_text(f"student,points\n{ONE},1\n{TWO},2\n")
    (room / "report" / "report.html").write_text(f"<p>{ONE} needs help</p>")
    (room / "report" / "items.csv").write_text("question,difficulty\n01.1,0.5\n")
    logged = sum(ONE in line for line in (room / "grader.log").read_text().splitlines())
    assert logged
    with course.gradebook() as book:  # long enough for pages of its own in SQLite's file
        written = book.find_submission(SOURCES, ONE).notebooks[0].comments[0]
        written.manual_comment = "word for synthetic-01 alone " * 2_000
        book.db.commit()
    found = forget.find(course, ONE)
    assert found.submissions == 3
    said = list(forget.delete(course, found))
    with course.gradebook() as book:  # no page is left that rows were deleted from
        assert book.db.execute(text("PRAGMA freelist_count")).scalar() == 0
    assert "3 submissions in the gradebook" in said[0]
    assert "learning platform" in said[-1]
    left = [path for folder in (course.root, tmp_path / "exchange") for path in folder.rglob("*")
            if ONE in path.name or path.is_file() and path.name != "demo.txt" and any(
                name in path.read_bytes() for name in (
                    b"synthetic-01", b"Student 01", b"student01synthetic", b"S00001"))]
    assert left == []
    assert len(list((tmp_path / "exchange").rglob("feedback/*.html"))) == 1
    # Everybody else is there as before.
    with course.gradebook() as book:
        with pytest.raises(MissingEntry):
            book.find_student(ONE)
        assert len(book.find_student(TWO).submissions) == 3
        assert len(book.students) == len(work) - 1
    assert course.folder("submitted", SOURCES, TWO).is_dir()
    assert course.folder("autograded", SOURCES, "synthetic-10").is_dir()
    assert (room / "report" / "questions.csv").read_text().split() == [
        "student,points", f"{TWO},2"]
    assert (room / "report" / "items.csv").is_file()
    assert TWO in (room / "grader.log").read_text()
    assert TWO in (room / "collected" / "collected.csv").read_text()
    with pytest.raises(CourseProblem, match="There is nothing of synthetic-01"):
        forget.find(course, ONE)


def test_an_answer_is_taken_out_of_the_shared_sample(course):
    place = course.classroom / "agreement" / "01.R1"
    place.mkdir(parents=True)
    (place / "who-is-who.csv").write_text(f"answer,student\r\nA01,{TWO}\r\nA02,{ONE}\r\n")
    (place / "grader-1.csv").write_bytes("task;answer;points;comment\r\n01.R1;A01;3;\"schön;\nund "
                                         "gut\"\r\n01.R1;A02;1;\r\n".encode("latin-1"))
    (place / "answers.html").write_text(
        '<main><section><h2 id="A01">A01</h2><div>mine &amp; ours</div></section>'
        '<section><h2 id="A02">A02</h2><div>my secret</div></section></main>')
    found = forget.find(course, ONE)
    assert "  the answer A02 in the shared sample of 01.R1" in found.sentences()
    list(forget.delete(course, found))
    assert (place / "who-is-who.csv").read_text().split() == ["answer,student", f"A01,{TWO}"]
    sheet = (place / "grader-1.csv").read_bytes().decode("latin-1")
    assert "A02" not in sheet and 'A01;3;"schön;\nund gut"' in sheet
    page = (place / "answers.html").read_text()
    assert "mine &amp; ours" in page and "A02" not in page and "secret" not in page


def test_what_cannot_be_deleted_is_said_and_the_roster_kept(course, monkeypatch):
    real = shutil.rmtree

    def refuse(path, *more, **options):
        if Path(path).parent.name == "autograded":
            raise PermissionError(13, "Permission denied")
        return real(path, *more, **options)

    found = forget.find(course, ONE)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", refuse)
        with pytest.raises(CourseProblem, match="cannot be deleted .Permission denied"):
            list(forget.delete(course, found))
    assert ONE in roster.people(course)
    list(forget.delete(course, forget.find(course, ONE)))  # and once more
    assert ONE not in roster.people(course)
    assert not (course.classroom / "autograded" / ONE).exists()


def test_the_commands_say_what_they_did(course, tmp_path):
    """What an instructor types, and what stands there then."""
    zipped = sd.canvas(tmp_path / "c.zip", sd.handed_in(course, SOURCES))
    shutil.rmtree(course.classroom / "submitted")

    def grader(*words: str, typed: str = "") -> Result:
        return CliRunner(env={"COLUMNS": "300"}).invoke(
            cli.app, [*words, "--course", str(course.root)], input=typed)

    done = grader("collect", str(zipped), str(tmp_path / "list.csv"))
    assert isinstance(done.exception, CourseProblem)
    assert "says nothing of when" in str(done.exception)
    done = grader("collect", str(zipped))
    assert done.exit_code == 0
    assert "c.zip: read as a Canvas download." in done.stdout
    assert "01-sources: 10 submissions (10 new)." in done.stdout
    assert f"  {TWO}  {SOURCES}  time unknown  late (no time given)" in done.stdout
    (tmp_path / "x.ipynb").write_text("{}")
    done = grader("collect", str(tmp_path / "x.ipynb"))
    assert done.exit_code == 1
    assert "Not collected: 1 files" in done.stdout
    assert grader("forget", ONE, typed="n\n").exit_code == 1
    assert course.folder("submitted", SOURCES, ONE).is_dir()
    done = grader("roster", str(tmp_path / "list.csv"))
    assert "a Canvas list; 0 new, 10 known (ids from the column SIS Login ID)" in done.stdout
    assert grader("forget", ONE, "--yes").exit_code == 0
    assert not course.folder("submitted", SOURCES, ONE).exists()
