"""nbgrader's command, the Formgrader's API and ours fill gradebooks that are equal row by row."""

import shutil

import nbformat
import pytest
from grader_kit import command, find
from nbgrader.apps import NbGraderAPI
from whole_class import differences, files, tables

from grader import key, sample
from grader.batch import grade_all
from grader.course import Course
from grader.seal import FILE_NAME

TOPIC = "05-figures"
PENALTY = """
from nbgrader.plugins import LateSubmissionPlugin
class EachDay(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1.5 * (1 + total_seconds_late // 86400) if student_id != "synthetic-26" else 999
c.AssignLatePenalties.plugin_class = EachDay
c.Run.allow_unprotected = ["all"]  # what this machine lacks is not what is tested here
"""
#: nbgrader as it comes: its own exporter, its own steps, a kernel for each notebook.
STOCK = """
c = get_config()
c.CourseDirectory.course_id = "reading-idlib"
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = "exercises"
c.CourseDirectory.release_directory = "classroom/release"
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.db_url = "sqlite:///{root}/classroom/gradebook.db"
"""


def copy_of(course: Course, name: str) -> Course:
    target = course.root.with_name(name)
    shutil.copytree(course.root, target, symlinks=True)
    return Course(target)


def book(course: Course) -> dict:
    return tables(course.classroom / "gradebook.db")


def graded(course: Course) -> dict:
    return files(course.classroom / "autograded")


def work(course: Course) -> list[tuple[str, str]]:
    return [(TOPIC, student) for student in course.students(TOPIC)]


def hand_in(course: Course, student: str, change, date: str) -> None:
    folder = course.folder("submitted", TOPIC, student)
    path = folder / f"{TOPIC}.ipynb"
    nb = nbformat.read(path, 4)
    change(nb)
    nbformat.write(nb, path)
    (folder / "timestamp.txt").write_text(date)


def answer(number: int, entry: int):
    """A change that answers a question with an entry of its bank."""
    question = key.load(TOPIC).questions[number]
    cell = f"answer-{question.id.replace('.', '-')}"
    source = sample.answer_source(question.variable, question.bank[entry].code)
    return lambda nb: setattr(find(nb, cell), "source", source)


@pytest.fixture
def class_of_sixty(course) -> Course:
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(PENALTY)
    sample.make(course, TOPIC, 60)
    with course.gradebook() as rows:
        rows.update_or_create_assignment(TOPIC, duedate=sample.DUE.replace(tzinfo=None))
        rows.update_or_create_student("synthetic-07", first_name="A", last_name="Name")
    # Zones, fractions of a second, no date, an empty one; files of the student's own.
    dates = {1: "2026-10-13 01:30:00.250000 +0200", 3: "2026-10-14T09:00:00.999999+05:30",
             6: "2026-10-12 22:00:01 UTC", 9: ""}
    for number, date in dates.items():
        hand_in(course, sample.student_id(number), lambda nb: None, date)
    (course.folder("submitted", TOPIC, sample.student_id(11)) / "timestamp.txt").unlink()
    own = course.folder("submitted", TOPIC, sample.student_id(12)) / "data"
    own.mkdir()
    (own / "table.csv").write_text("a,b\n1,2\n")
    (own.parent / FILE_NAME).write_text("{}")
    return Course(course.root)


def resubmit(course: Course) -> None:
    """Between two gradings: people grade by hand, extend a deadline, and hand in again."""
    with course.gradebook() as rows:
        for student in ("synthetic-13", "synthetic-14"):
            notebook = rows.find_submission(TOPIC, student).notebooks[0]
            for grade in notebook.grades:
                if grade.auto_score is None:
                    grade.manual_score, grade.extra_credit = 2.5, 0.5
                    grade.needs_manual_grade = False
            for comment in notebook.comments:
                comment.manual_comment = "Seen."
        rows.db.commit()
        rows.grant_extension(TOPIC, "synthetic-14", days=1)
    for number, student in enumerate(("synthetic-13", "synthetic-14", "synthetic-05")):
        if student == "synthetic-05":  # handed in again, and whole this time
            shutil.copy(course.folder("submitted", TOPIC, "synthetic-10") / f"{TOPIC}.ipynb",
                        course.folder("submitted", TOPIC, student))
        hand_in(course, student, answer(number, 0), "2026-10-13 12:00:00 UTC")


def test_nbgrader_the_formgrader_and_ours_fill_the_same_gradebook(class_of_sixty):
    plain = class_of_sixty
    formgrader, ours = copy_of(plain, "formgrader"), copy_of(plain, "ours")
    command(plain, "nbgrader", "autograde", TOPIC)
    assert {o.state for o in grade_all(ours, work(ours))} == {"graded", "graded with a problem"}
    api = NbGraderAPI(config=formgrader.config)
    for student in ("synthetic-02", "synthetic-05", "synthetic-12"):
        assert api.autograde(TOPIC, student, create=True)["success"]
    found = grade_all(formgrader, work(formgrader))
    assert sum(outcome.state == "unchanged" for outcome in found) == 3

    assert len(book(plain)["submitted_assignment"]) == 60
    assert sum(row[-1] or 0 for row in book(plain)["submitted_notebook"]) > 0, "penalties"
    for other in (ours, formgrader):
        assert not differences(book(plain), book(other))
        assert not differences(graded(plain), graded(other))
    assert not (ours.classroom / "staging").exists()

    for course in (plain, ours):
        resubmit(course)
    command(plain, "nbgrader", "autograde", TOPIC)
    outcomes = {o.student: o for o in grade_all(ours, work(ours))}
    assert sorted(s for s, o in outcomes.items() if o.how) == [
        "synthetic-05", "synthetic-13", "synthetic-14"]
    assert not differences(book(plain), book(ours))
    assert not differences(graded(plain), graded(ours))
    assert outcomes["synthetic-14"].late_seconds == 0
    assert outcomes["synthetic-13"].late_penalty == 1.5


def test_stock_nbgrader_gives_honest_work_the_same(course):
    questions = key.load(TOPIC).questions
    for number in range(12):
        sample.make(course, TOPIC, 1)
        folder = course.folder("submitted", TOPIC, "synthetic-01")
        for position, question in enumerate(questions):
            # Hidden calls are made by ours only, so functions are right or missing here.
            bank = question.bank if question.kind != "function" else [
                entry for entry in question.bank if entry.credit == 1]
            entry = bank[(number * 5 + position) % len(bank)]
            hand_in(course, "synthetic-01", answer(position, question.bank.index(entry)),
                    f"2026-10-{10 + number % 5} 12:00:00 UTC")
        shutil.copy(course.folder("release", TOPIC) / FILE_NAME, folder)
        folder.parent.rename(folder.parent.with_name(f"student-{number:02d}"))
    with course.gradebook() as rows:
        rows.update_or_create_assignment(TOPIC, duedate=sample.DUE.replace(tzinfo=None))
    stock = copy_of(course, "stock")
    (stock.root / "nbgrader_config.py").write_text(STOCK.format(root=str(stock.root)))
    command(stock, "nbgrader", "autograde", TOPIC)
    course.allow(["all"])
    assert {o.state for o in grade_all(course, work(course))} == {"graded"}
    assert len(book(stock)["submitted_assignment"]) == 12
    assert not differences(book(stock), book(course))
