"""What goes out is the grade of now: penalties, points, key and work are those that hold."""

import csv
import shutil

import pytest
from typer.testing import CliRunner

from grader import marks
from grader.cli import app
from grader.course import Course

TOPIC, LATE = "01-sources", "synthetic-02"


@pytest.fixture(scope="module")
def course(played_class, tmp_path_factory) -> Course:
    """The class with points given by hand after the machine took the late penalty."""
    made = Course(shutil.copytree(played_class, tmp_path_factory.mktemp("final") / "course"))
    (made.root / "class.yaml").write_text("late: {percent_a_day: 50, at_most: 50}\n")
    with made.gradebook() as book:
        for one in book.assignment_submissions(TOPIC):
            for grade in one.notebooks[0].grades:
                if grade.name.startswith("rubric-"):
                    grade.manual_score, grade.needs_manual_grade = 4.0, False
        book.find_submission_notebook(TOPIC, TOPIC, LATE).late_submission_penalty = 1.0
        book.db.commit()
    return made


def command(course: Course, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--course", str(course.root)])
    assert done.exit_code == 0, done.output
    return done.output


def exported(course: Course) -> dict[str, str]:
    path = course.classroom / "exports" / "grades.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["student_id"]: row["score"] for row in csv.DictReader(file)}


def late(course: Course) -> tuple[float, float]:
    with course.gradebook() as book:
        one = marks.read(book, [TOPIC]).submissions[TOPIC, LATE]
        return one.earned, one.penalty


def test_points_by_hand_are_not_free_of_the_late_penalty(course):
    command(course, "grade", TOPIC, "--rescore")  # another policy: this it is that applies it
    earned, penalty = late(course)
    assert earned > 8 and penalty == pytest.approx(earned / 2)
    with course.gradebook() as book:
        book.find_grade("rubric-01-1", TOPIC, TOPIC, LATE).manual_score = 1.0
        book.db.commit()
    said = command(course, "export", "csv", TOPIC)
    assert f"{LATE} {penalty:g} → {penalty - 1.5:g}" in said.replace("\n", " ")
    assert float(exported(course)[LATE]) == pytest.approx((earned - 3) / 2)
    assert late(course) == pytest.approx((earned - 3, penalty - 1.5))
    assert "penalties" not in command(course, "export", "csv", TOPIC)
    assert "No points changed" in command(course, "grade", TOPIC, "--rescore")
    # The report and the students' pages know it too.
    with course.gradebook() as book:
        book.find_submission_notebook(TOPIC, TOPIC, LATE).late_submission_penalty = 0.25
        book.db.commit()
    assert "penalties were taken anew" in command(course, "feedback", TOPIC)
    assert "penalties" not in command(course, "report", TOPIC)


def test_what_policy_does_not_know_stays_and_is_said(course):
    kept = (course.root / "class.yaml").read_text()
    before = late(course)
    (course.root / "class.yaml").unlink()
    assert "`grader grade --rescore` takes them back" in " ".join(
        command(course, "export", "csv", TOPIC).split())
    assert late(course) == before
    (course.root / "class.yaml").write_text(kept)


def test_an_extension_counts_at_once_and_another_due_time_is_refused(course):
    kept = (course.root / "class.yaml").read_text()
    (course.root / "class.yaml").write_text(f"{kept}extensions: {{{LATE}: {{{TOPIC}: 9000}}}}\n")
    assert "→ 0" in command(course, "export", "csv", TOPIC)
    earned, penalty = late(course)
    assert penalty == 0 and float(exported(course)[LATE]) == pytest.approx(earned)
    (course.root / "class.yaml").write_text(f"{kept}extensions: {{{LATE}: {{{TOPIC}: 0}}}}\n"
                                            f"exercises: {{{TOPIC}: {{due: 2020-01-01 10:00}}}}\n")
    done = CliRunner().invoke(app, ["export", "csv", TOPIC, "--course", str(course.root)])
    assert done.exit_code != 0 and "another due time" in str(done.exception)
    (course.root / "class.yaml").write_text(kept + f"extensions: {{{LATE}: {{{TOPIC}: 0}}}}\n")
    command(course, "export", "csv", TOPIC)
    assert late(course)[1] == pytest.approx(earned / 2)


def test_grades_of_other_points_or_other_work_do_not_go_out_in_silence(course):
    kept = (course.root / "class.yaml").read_text()
    command(course, "grade", TOPIC, "--rescore")
    command(course, "export", "csv", TOPIC)
    all_of_now = exported(course)
    path = course.folder("submitted", TOPIC, "synthetic-01") / f"{TOPIC}.ipynb"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    said = " ".join(command(course, "export", "csv", TOPIC).split())
    assert "1 submission handed in anew or changed since grading, and without a grade" in said
    assert exported(course) == {**all_of_now, "synthetic-01": ""}
    (course.root / "class.yaml").write_text(
        f"{kept}exercises: {{{TOPIC}: {{points: {{01.1: 7}}}}}}\n")
    said = " ".join(command(course, "export", "csv", TOPIC).split())
    assert "graded with another key or other points" in said
    assert set(exported(course).values()) == {""}
    assert "rest on other work, another key" in " ".join(command(course, "report", TOPIC).split())
    command(course, "export", "csv", TOPIC, "--provisional")
    assert exported(course) == all_of_now
