"""`grader queue`: what awaits a person, in numbers that add up, and without names on request."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from grader import by_hand
from grader.cli import app
from grader.course import Course, CourseProblem

NAMES = ["01-sources", "04-timeline", "08-voices"]


@pytest.fixture(scope="module")
def room(played_class, tmp_path_factory) -> Course:
    """Two are graded by hand; one check was overruled and waits; one has no graded notebook; one
    submission came after the machine had graded."""
    course = Course(shutil.copytree(played_class, tmp_path_factory.mktemp("queue") / "course"))
    with course.gradebook() as book:
        for student in ("synthetic-01", "synthetic-03"):
            grade = book.find_grade("rubric-01-1", NAMES[0], NAMES[0], student)
            grade.manual_score, grade.needs_manual_grade = 3.0, False
        check = book.find_grade("check-04-1", NAMES[1], NAMES[1], "synthetic-06")
        check.manual_score, check.needs_manual_grade = 1.0, True
        book.db.commit()
    shutil.rmtree(course.folder("autograded", NAMES[2], "synthetic-06"))
    shutil.copytree(course.folder("submitted", NAMES[0], "synthetic-01"),
                    course.folder("submitted", NAMES[0], "synthetic-new"))
    return course


def say(course: Course, *words: str) -> str:
    done = CliRunner().invoke(app, ["queue", "--course", str(course.root), *words],
                              env={"COLUMNS": "200"}, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_numbers_add_up_and_written_tasks_come_first(room):
    found = json.loads(say(room, "--json"))
    assert found["not_graded_by_machine"] == 1
    tasks = found["tasks"]
    assert [task["item"] for task in tasks] == ["01.R1", "01.R2", "04.R1", "08.R1", "08.R2", "04.1"]
    assert [task["written"] for task in tasks] == [True] * 5 + [False]
    for task in tasks:
        assert task["open"] + task["done"] + task["empty"] == len(task["answers"]) == 10
    assert (tasks[0]["open"], tasks[0]["done"], tasks[0]["empty"]) == (5, 2, 3)
    assert tasks[-1]["open"] == 1


def test_the_formgrader_counts_the_same_submissions(room):
    """Its numbers run over the graded notebooks that are there, by id."""
    [task] = by_hand.queue(room, NAMES, "08.R2")
    numbers = {work.submission: work.number for work in task.answers}
    assert sorted(numbers.values()) == list(range(10))
    there = sorted(one for one in numbers if numbers[one])
    assert [numbers[one] for one in there] == list(range(1, 10))
    assert "no graded notebook  synthetic-06: run `grader grade`" in say(room, "--task", "08.R2")


def test_what_is_printed(room):
    said = say(room)
    assert "01.R1 (01-sources, written, 5 points): 5 open, 2 done, 3 empty or settled" in said
    assert "04.1 (04-timeline, graded by machine, to be looked at" in said and "(1 points)" in said
    assert "2 more: grader queue --task 01.R2" in said and "in no queue: 1." in said
    assert said.count("http://localhost:8888/formgrader/submissions/") > 10
    hidden = say(room, "--task", "01.R1", "--anonymous", "--all", "--server", "https://hub.example/")
    assert "synthetic" not in hidden and hidden.count("https://hub.example/formgrader/") == 10


def test_an_unknown_task_is_named(room):
    with pytest.raises(CourseProblem, match="There is no graded question 09.R9 in 01-sources, 04"):
        say(room, "--task", "09.R9")
