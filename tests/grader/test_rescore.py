"""`grader grade --rescore`: points change, people's work stays, whoever moved is named."""

import csv
import errno
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import grader.compile
import grader.release
from grader import key, marks, moved
from grader.batch import Interrupted, grade_all
from grader.cli import app
from grader.course import Course, CourseProblem
from grader.execution import client

TOPIC = "01-sources"
GRADED_BY_HAND, LATE, RESUBMITTED = "synthetic-01", "synthetic-02", "synthetic-03"


@pytest.fixture
def room(played_class, tmp_path, monkeypatch) -> Course:
    """A copy of the class in which no notebook can run; somebody has been graded by hand."""
    course = Course(shutil.copytree(played_class, tmp_path / "course"))

    def must_not_run(*_: object) -> None:
        raise AssertionError("student code would run")
    monkeypatch.setattr(client, "run", must_not_run)
    for name in ("04-timeline", "08-voices"):
        shutil.rmtree(course.folder("release", name))
        shutil.rmtree(course.root / "exercises" / name)
    with course.gradebook() as book:
        for student in (GRADED_BY_HAND, LATE):
            task = book.find_grade("rubric-01-1", TOPIC, TOPIC, student)
            task.manual_score, task.extra_credit, task.needs_manual_grade = 4.0, 0.5, False
            book.find_comment("rubric-01-1", TOPIC, TOPIC, student).manual_comment = "Well argued."
        book.db.commit()
    return course


@pytest.fixture
def other_key(monkeypatch):
    """Let the key be another one, as if its file had been edited."""
    def change(edit) -> None:
        other = key.load(TOPIC).model_copy(deep=True)
        edit({question.id: question for question in other.questions})
        for module in (grader.compile, grader.release):
            monkeypatch.setattr(module, "load", lambda topic: other)
    return change


def rescore(course: Course, *words: str, code: int = 0) -> dict:
    done = CliRunner().invoke(app, ["grade", "--rescore", "--json", "--course", str(course.root),
                                    *words])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def rows(course: Course) -> dict:
    """Every mark by (student, item), as nbgrader's gradebook has it."""
    with course.gradebook() as book:
        return {(one.student, item): (mark.points, mark.extra, mark.awaits)
                for one in marks.read(book, [TOPIC]).of(TOPIC) for item, mark in one.marks.items()}


def listed(path: Path) -> list[dict]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def shorter(questions: dict) -> None:
    """Another right answer for one part of a question."""
    one = questions["01.1"]
    first = next(iter(one.answer))
    one.answer[first] += 1


def test_who_moved_is_said_and_what_people_gave_stays(room, other_key):
    before = rows(room)
    other_key(shorter)
    found = rescore(room)
    after = rows(room)
    changed = {pair for pair in after if after[pair] != before[pair]}
    assert changed and {item for _, item in changed} == {"01.1"}
    said = {(move["student"], move["item"]): move for move in found["moved"]}
    assert changed == {pair for pair in said if pair[1] != moved.TOTAL}
    for pair in changed:
        assert (said[pair]["before"], said[pair]["after"]) == (before[pair][0], after[pair][0])
        total = said[pair[0], moved.TOTAL]
        assert total["after"] - total["before"] == pytest.approx(after[pair][0] - before[pair][0])
    with room.gradebook() as book:
        assert book.find_comment("rubric-01-1", TOPIC, TOPIC, LATE).manual_comment == "Well argued."
    assert after[GRADED_BY_HAND, "01.R1"] == (4.0, 0.5, False)
    kept = listed(room.classroom / moved.FILE)
    assert {(row["student"], row["item"]) for row in kept} == set(said)
    assert not (room.classroom / "rescore.json").exists()

    again = rescore(room)  # a second time there is nothing to do, and the list stays
    assert not again["moved"] and {o["state"] for o in again["submissions"]} == {"unchanged"}
    assert listed(room.classroom / moved.FILE) == kept


def test_what_would_have_to_run_is_left_and_said(room, other_key):
    other_key(shorter)
    path = room.folder("submitted", TOPIC, RESUBMITTED) / f"{TOPIC}.ipynb"
    path.write_text(path.read_text() + " ")
    shutil.rmtree(room.folder("autograded", TOPIC, "synthetic-06"))
    shutil.rmtree(room.folder("submitted", TOPIC, "synthetic-09"))
    before = rows(room)
    found = {o["student"]: o for o in rescore(room, code=1)["submissions"]}
    left = {student for student, o in found.items() if o["state"] == "left as it is"}
    assert left == {RESUBMITTED, "synthetic-06", "synthetic-09"}
    for student in left:
        [sentence] = found[student]["problems"]
        assert f"`grader grade {TOPIC} --student {student}`" in sentence
        assert rows(room)[student, "01.1"] == before[student, "01.1"]


def test_a_run_that_was_cut_off_tells_the_whole_story_in_the_end(room, other_key, monkeypatch):
    other_key(shorter)
    before = rows(room)
    work, real = [], grade_all

    def cut(course, pairs, **more):
        work.extend(pairs)
        real(course, pairs[:4], **more)
        raise Interrupted("Stopped.", [])
    monkeypatch.setattr("grader.rescore.grade_all", cut)
    rescore(room, code=1)
    monkeypatch.setattr("grader.rescore.grade_all", real)
    found = rescore(room)
    after = rows(room)
    assert {(m["student"], m["item"]) for m in found["moved"] if m["item"] != moved.TOTAL} == {
        pair for pair in after if after[pair] != before[pair]}
    assert len({m["student"] for m in found["moved"]} - {s for _, s in work[:4]}) > 0


def test_late_policy_and_points_given_by_hand_change_the_penalty(room):
    def late() -> tuple[float, float]:
        with room.gradebook() as book:
            one = marks.read(book, [TOPIC]).submissions[TOPIC, LATE]
            return one.earned, one.penalty
    (room.root / "class.yaml").write_text("late: {percent_a_day: 50, at_most: 50}\n")
    found = rescore(room)
    earned, penalty = late()
    assert earned > 4 and penalty == pytest.approx(earned / 2)
    assert {(m["student"], m["item"]) for m in found["moved"]} == {
        (LATE, moved.PENALTY), (LATE, moved.TOTAL)}
    assert {o["how"] for o in found["submissions"] if o["student"] != LATE} == {""}
    with room.gradebook() as book:
        book.find_grade("rubric-01-1", TOPIC, TOPIC, LATE).manual_score = 2.0
        book.db.commit()
    rescore(room)
    assert late() == (earned - 2, pytest.approx((earned - 2) / 2))


def test_other_points_keep_grades_given_by_hand_and_those_above_wait(room):
    (room.root / "class.yaml").write_text(
        f"exercises: {{{TOPIC}: {{points: {{01.R1: 3, 01.1: 3}}}}}}\n")
    handed_out = room.classroom / "bundle" / "exercises" / TOPIC
    shutil.copytree(room.folder("release", TOPIC), handed_out)
    before = rows(room)
    found = rescore(room)
    after = rows(room)
    note, bundle = found["notes"]
    assert bundle.startswith(f"Students still get the earlier {TOPIC}: the bundle in classroom/")
    assert note == ("01.R1 has 3 points instead of 5. The 2 grades given by hand stay as they were "
                    "given; 2 of them are above 3 and wait in `grader queue --task 01.R1`.")
    assert after[GRADED_BY_HAND, "01.R1"] == (4.0, 0.5, True)
    was = key.load(TOPIC).questions[0].points
    for student in {student for student, _ in before}:
        assert after[student, "01.1"][0] == pytest.approx(before[student, "01.1"][0] * 3 / was)


def test_what_makes_no_sense_is_refused(room, tmp_path):
    for words, sentence in ((["--force"], "give one or the other"),
                            (["--student", "nobody"], "There are no submissions of nobody"),
                            (["02-actors"], "There is no exercise 02-actors")):
        with pytest.raises(CourseProblem, match=sentence):
            CliRunner().invoke(app, ["grade", "--rescore", "--course", str(room.root), *words],
                               catch_exceptions=False)
    shutil.rmtree(room.folder("release", TOPIC))
    with pytest.raises(CourseProblem, match="has not been released"):
        CliRunner().invoke(app, ["grade", "--rescore", "--course", str(room.root), TOPIC],
                           catch_exceptions=False)


def test_a_long_list_ends_with_where_the_rest_is_and_no_cell_is_a_formula(tmp_path):
    before = {TOPIC: moved.Exercise({"01.1": 2}, {f"=s{n}": {"01.1": 1.0, moved.TOTAL: 1.0}
                                                 for n in range(100)})}
    after = {TOPIC: moved.Exercise({"01.1": 3}, {f"=s{n}": {"01.1": 1 + n / 50, moved.TOTAL: 1.0}
                                                for n in range(100)})}
    found = moved.moves(before, after)
    assert len(found) == 99
    assert moved.by_item(found).row_count == 1
    for _ in range(2):
        path = moved.keep(tmp_path, found)
    written = listed(path)
    assert len(written) == 198 and all(row["student"].startswith("'=") for row in written)


def test_where_the_list_cannot_be_written_the_old_one_stays(tmp_path, monkeypatch):
    move = moved.Move("ann", TOPIC, "01.1", 1, 2, 2, 2)
    path = moved.keep(tmp_path, [move])
    first = path.read_bytes()


    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CourseProblem, match="moved.csv cannot be written"):
        moved.keep(tmp_path, [move])
    assert path.read_bytes() == first
