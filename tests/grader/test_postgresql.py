"""The gradebook on a real PostgreSQL server: the same numbers, and several graders at once."""

import shutil
import threading

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from postgres_server import missing, running

import grader.compile
import grader.release
from grader import by_hand, demo, key, marks, moved
from grader import rescore as again
from grader.batch import grade_all
from grader.course import Course, CourseProblem
from grader.doctor import _gradebook
from grader.execution import client
from grader.gradebook_url import ENVIRONMENT
from grader.report.make import make
from grader.settings import SettingsProblem

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "-")
TOPIC = "01-sources"
#: nbgrader's class, out of reach: a grading run lends its own connection to every module here.
OWN = [Gradebook]


@pytest.fixture(scope="module")
def server():
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def pair(played_class, server, tmp_path_factory) -> tuple[Course, Course]:
    """The same class with its gradebook in SQLite, and in PostgreSQL."""
    courses = []
    for name in ("sqlite", "postgresql"):
        root = shutil.copytree(played_class, tmp_path_factory.mktemp("pair") / name)
        for other in ("04-timeline", "08-voices"):
            for step in ("exercises", "classroom/release"):
                shutil.rmtree(root / step / other)
        if name == "postgresql":
            (root / "classroom" / "gradebook.db").unlink()
            (root / "class.yaml").write_text(f"gradebook: {server.create('idlib')}\n")
        courses.append(Course(root))
    fill(courses[1], courses[0])
    return tuple(courses)


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch) -> None:
    """No student code, and no gradebook but the course's own."""
    def must_not_run(*_: object) -> None:
        raise AssertionError("student code would run")
    monkeypatch.setattr(client, "run", must_not_run)
    monkeypatch.delenv(ENVIRONMENT, raising=False)


def fill(course: Course, like: Course) -> None:
    """Release, and grade from the answers that are recorded in the graded notebooks."""
    course.release(TOPIC)
    with like.gradebook() as old, course.gradebook() as book:
        book.update_or_create_assignment(TOPIC, duedate=old.find_assignment(TOPIC).duedate)
        for student in old.students:
            book.update_or_create_student(student.id, first_name=student.first_name,
                                          last_name=student.last_name)
    found = grade_all(course, [(TOPIC, student) for student in course.students(TOPIC)])
    assert {outcome.how for outcome in found} == {"re-scored"}


def numbers(course: Course) -> dict:
    """All that reports and exports read."""
    with course.gradebook() as book:
        read = marks.read(book, [TOPIC])
    return {"submissions": read.submissions, "exercises": read.exercises,
            "students": read.students}


def by_a_person(course: Course, students: list[str], points: float) -> None:
    """As the Formgrader does it: a connection of one's own, a commit for each grade."""
    directory = course.directory()
    with OWN[0](directory.db_url, directory.course_id) as book:
        for student in students:
            grade = book.find_grade("rubric-01-1", TOPIC, TOPIC, student)
            grade.manual_score, grade.needs_manual_grade = points, False
            book.find_comment("rubric-01-1", TOPIC, TOPIC, student).manual_comment = f"{points:g}"
            book.db.commit()


def test_the_whole_way_gives_the_same_numbers(pair, monkeypatch):
    sqlite, postgres = pair
    assert postgres.directory().db_url.startswith("postgresql+psycopg://")
    assert numbers(sqlite) == numbers(postgres)
    other = key.load(TOPIC).model_copy(deep=True)
    first = other.questions[0]
    first.answer[next(iter(first.answer))] += 1
    results = []
    for course in pair:
        by_a_person(course, course.students(TOPIC)[:3], 3.5)
        with monkeypatch.context() as patch:
            for module in (grader.compile, grader.release):
                patch.setattr(module, "load", lambda topic: other)
            results.append(again.rescore(course, [TOPIC],
                                         again.submissions(course, [TOPIC])))
    assert numbers(sqlite) == numbers(postgres)
    assert results[0].moves == results[1].moves and results[0].moves
    tasks = [by_hand.queue(course, [TOPIC], anonymous=True) for course in pair]
    assert [(task.item, len(task.open), task.done, task.empty) for task in tasks[0]] == [
        (task.item, len(task.open), task.done, task.empty) for task in tasks[1]]
    assert tasks[1][0].done == 3
    assert (postgres.classroom / moved.FILE).is_file()
    # What the report says.
    tables = []
    for course in pair:
        make(course, [TOPIC])
        tables.append({path.name: path.read_bytes()
                       for path in (course.classroom / "report").glob("*.csv")})
    assert tables[0] == tables[1] and {"questions.csv", "items.csv"} <= tables[0].keys()
    # What the Formgrader shows.
    shown = [{row["student"]: row["score"] for row in NbGraderAPI(config=course.config)
              .get_submissions(TOPIC)} for course in pair]
    assert shown[0] == shown[1] and len(shown[0]) == 10


def test_graders_at_the_same_time_lose_nothing(pair):
    """Two people grade by hand, each with a connection, while a third scores the class anew."""
    course = pair[1]
    students = course.students(TOPIC)
    failed = []

    def person(mine: list[str], points: float) -> None:
        try:
            for _ in range(3):
                by_a_person(course, mine, points)
        except Exception as error:  # a thread's failure must be this test's
            failed.append(error)
    people = [threading.Thread(target=person, args=(students[n::2], 2.0 + n)) for n in range(2)]
    for one in people:
        one.start()
    path = course.folder("release", TOPIC) / f"{TOPIC}.ipynb"
    for number in range(2):  # other words in the release, so every submission is scored anew
        nb = nbformat.read(path, 4)
        nb.cells[0].source += f" Version {number}."
        nbformat.write(nb, path)
        found = grade_all(course, [(TOPIC, student) for student in students])
        assert {outcome.how for outcome in found} == {"re-scored"}, found
    for one in people:
        one.join()
    assert not failed
    with course.gradebook() as book:
        read = marks.read(book, [TOPIC])
        for number, student in enumerate(students):
            mark = read.submissions[TOPIC, student].marks["01.R1"]
            assert (mark.points, mark.awaits) == (2.0 + number % 2, False)
            assert book.find_comment("rubric-01-1", TOPIC, TOPIC,
                                     student).manual_comment == f"{2 + number % 2}"


def test_what_is_wrong_is_one_sentence_without_the_password(pair, server, monkeypatch):
    course = pair[1]
    cases = {
        server.url("idlib", "not-it"): "is not opened for this user and password",
        server.url("nowhere"): "is not on the server",
        server.url("idlib").replace(f":{server.port}/", ":9/"): "no database server answers",
        f"mongodb://u:{server.password}@h/d": "is no address of a database",
        "nonsense": "is no address of a database",
    }
    for url, sentence in cases.items():
        monkeypatch.setenv(ENVIRONMENT, url)
        with pytest.raises((CourseProblem, SettingsProblem)) as refused:
            Course(course.root).require_gradebook()
        said = str(refused.value)
        assert sentence in said and server.password not in said and "not-it" not in said
        assert "\n" not in said
    ok, _, said = _gradebook(course)
    assert ok and ":***@" in said and server.password not in said
    with pytest.raises(CourseProblem, match="which the demo would fill and clear") as refused:
        demo.make_room(course)
    assert server.password not in str(refused.value)
