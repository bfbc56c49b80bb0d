"""What runs again, what is scored again without running, and what is left as it is."""

import shutil
from concurrent.futures import Executor, Future
from pathlib import Path

import nbformat
import pytest
from grader_kit import find, right_answers
from whole_class import differences, files, tables

import grader.compile
from grader import key, sample
from grader.batch import AHEAD, grade_all
from grader.course import CourseProblem
from grader.execution import client

TOPIC = "05-figures"


class Counting(Executor):
    """Runs at once what it is given, and remembers how much there was."""

    def __init__(self, most: int = 1000) -> None:
        self.most, self.runs = most, 0

    def submit(self, function, request):
        self.runs += 1
        assert self.runs <= self.most, "this must not run again"
        future = Future()
        future.set_result(function(request))
        return future


@pytest.fixture
def room(course, submit):
    """Ann is right; bob leaves a question out and stops a check; cem hands in nothing new."""
    course.allow(["all"])
    submit("ann", TOPIC, right_answers(TOPIC))
    submit("bob", TOPIC, dict(list(right_answers(TOPIC).items())[2:]),
           lambda nb: setattr(find(nb, "answer-05-1"), "source", "print('x' * 50)\n1 / 0"))
    submit("cem", TOPIC)
    return course


def grade(course, runs: int, **more) -> dict[str, str]:
    """Grade all; exactly ``runs`` notebooks may run. How each came about."""
    executor = Counting(runs)
    work = [(TOPIC, student) for student in course.students(TOPIC)]
    found = grade_all(course, work, executor=executor, **more)
    assert executor.runs == runs
    assert all(outcome.state != "not graded" for outcome in found), found
    return {outcome.student: outcome.how or outcome.state for outcome in found}


def state(course) -> dict:
    """Every table and every graded file."""
    return {**tables(course.classroom / "gradebook.db"), **files(course.classroom / "autograded")}


def change_key(monkeypatch, change) -> None:
    """Let the key be another one, as if its file had been edited."""
    other = key.load(TOPIC).model_copy(deep=True)
    change({question.id: question for question in other.questions})
    monkeypatch.setattr(grader.compile, "load", lambda topic: other)


def test_nothing_new_is_left_alone_and_force_runs_all(room):
    assert set(grade(room, 3).values()) == {"ran"}
    before = state(room)
    assert set(grade(room, 0).values()) == {"unchanged"}
    assert set(grade(room, 3, force=True).values()) == {"ran"}
    assert not differences(before, state(room))


def test_another_key_scores_recorded_answers_and_gives_what_a_run_would(room, monkeypatch):
    grade(room, 3)
    right = sample.scores(room, TOPIC)["ann"]

    def change(questions):
        one = questions["05.1"]
        first = next(iter(one.answer))
        one.answer[first] = next(value for value in one.answer.values()
                                 if value != one.answer[first])
        questions["05.2"].explanation += " And this."
    change_key(monkeypatch, change)
    assert set(grade(room, 0).values()) == {"re-scored"}
    now = sample.scores(room, TOPIC)["ann"]
    assert now["05.1"] < right["05.1"]
    assert {q: p for q, p in now.items() if q != "05.1"} == {
        q: p for q, p in right.items() if q != "05.1"}
    rescored = state(room)
    page = rescored[f"ann/{TOPIC}/{TOPIC}.ipynb"][0].decode()
    assert "And this." in page
    assert "ZeroDivisionError" in rescored[f"bob/{TOPIC}/{TOPIC}.ipynb"][0].decode()
    grade(room, 3, force=True)
    assert not differences(rescored, state(room))


def test_other_hidden_calls_run_again(room, monkeypatch):
    grade(room, 3)

    def change(questions):
        question = next(q for q in questions.values() if q.kind == "function")
        hidden = next(call for call in question.calls if call.hidden)
        question.calls.remove(hidden)
    change_key(monkeypatch, change)
    assert set(grade(room, 3).values()) == {"ran"}


def test_a_new_file_or_date_runs_again_for_one(room):
    grade(room, 3)
    (room.folder("submitted", TOPIC, "cem") / "table.csv").write_text("1,2\n")
    assert grade(room, 1) == {"ann": "unchanged", "bob": "unchanged", "cem": "ran"}
    (room.folder("submitted", TOPIC, "bob") / "timestamp.txt").write_text("2026-10-01 12:00 UTC")
    assert grade(room, 1) == {"ann": "unchanged", "bob": "ran", "cem": "unchanged"}


def test_another_release_runs_where_its_code_is_another(room):
    grade(room, 3)
    path = room.folder("release", TOPIC) / f"{TOPIC}.ipynb"

    def edit(kind, more):
        nb = nbformat.read(path, 4)
        cell = next(c for c in nb.cells if c.cell_type == kind and (
            kind == "markdown" or not c.metadata.get("nbgrader", {}).get("solution")))
        cell.source += more
        nbformat.write(nb, path)
    edit("markdown", " A misprint put right.")
    assert set(grade(room, 0).values()) == {"re-scored"}
    assert "misprint" in (room.folder("autograded", TOPIC, "ann") / path.name).read_text()
    edit("code", "\n1 + 1")
    assert set(grade(room, 3).values()) == {"ran"}
    (room.folder("source", TOPIC) / "extra.csv").write_text("1,2\n")
    assert set(grade(room, 3).values()) == {"ran"}


def test_a_lost_or_older_gradebook_is_filled_again_without_running(room, submit):
    grade(room, 3)
    after, database = state(room), room.classroom / "gradebook.db"
    # An older copy, with the row of an earlier hand-in of ann's.
    full = submit("ann", TOPIC, right_answers(TOPIC)).read_bytes()
    submit("ann", TOPIC)
    grade(room, 1)
    backup = database.read_bytes()
    (room.folder("submitted", TOPIC, "ann") / f"{TOPIC}.ipynb").write_bytes(full)
    grade(room, 1)
    assert not differences(after, state(room))
    database.write_bytes(backup)
    assert grade(room, 0) == {"ann": "re-scored", "bob": "unchanged", "cem": "unchanged"}
    assert not differences(after, state(room))

    database.unlink()
    with pytest.raises(CourseProblem, match="run `grader release 05-figures` again"):
        grade(room, 0)
    room.release(TOPIC)
    assert set(grade(room, 0).values()) == {"re-scored"}
    # Other exercises, which are not released again here, are not in it.
    assert differences(after, state(room)).keys() <= {
        "assignment", "notebook", "base_cell", "grade_cells", "solution_cells", "source_cell"}


def test_people_keep_their_word_and_a_new_deadline_is_noticed(room):
    (room.folder("submitted", TOPIC, "ann") / "timestamp.txt").write_text("2026-10-02 12:00 UTC")
    with room.gradebook() as book:
        book.update_or_create_assignment(TOPIC, duedate="2026-10-01 12:00 UTC")
    grade(room, 3)
    with room.gradebook() as book:
        notebook = book.find_submission(TOPIC, "ann").notebooks[0]
        grades = {g.name: g for g in notebook.grades}
        grades["check-05-1"].manual_score = 0.5
        notebook.comments[0].manual_comment = "See me."
        comment = notebook.comments[0].name
        book.db.commit()
        book.grant_extension(TOPIC, "ann", days=2)
    assert grade(room, 0) == {"ann": "re-scored", "bob": "unchanged", "cem": "unchanged"}
    grade(room, 3, force=True)
    with room.gradebook() as book:
        found = book.find_grade("check-05-1", TOPIC, TOPIC, "ann")
        assert (found.manual_score, found.needs_manual_grade) == (0.5, True)
        assert book.find_comment(comment, TOPIC, TOPIC, "ann").manual_comment == "See me."


def test_a_damaged_graded_notebook_is_graded_again(room):
    grade(room, 3)
    after = state(room)
    path = room.folder("autograded", TOPIC, "ann") / f"{TOPIC}.ipynb"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:2000])
    shutil.rmtree(room.folder("autograded", TOPIC, "bob"))
    assert grade(room, 2) == {"ann": "ran", "bob": "ran", "cem": "unchanged"}
    assert not differences(after, state(room))


def test_nbgraders_hooks_are_called_and_what_they_change_counts(room):
    called = []

    def unpack(assignment, student, notebooks):
        Path(notebooks[0]).with_name("table.csv").write_text(f"{assignment},{student}\n")
    room.config.Autograde.pre_convert_hook = unpack
    room.config.Autograde.post_convert_hook = lambda **what: called.append(what["student"])
    grade(room, 3)
    assert sorted(called) == ["ann", "bob", "cem"]
    beside = room.folder("autograded", TOPIC, "bob") / "table.csv"
    assert beside.read_text() == f"{TOPIC},bob\n"
    assert set(grade(room, 0).values()) == {"unchanged"}


def test_few_submissions_are_on_their_way_at_a_time(room):
    sample.make(room, TOPIC, 9)

    class Slow(Counting):
        """Holds results back until no more requests come."""

        waiting, most_at_once = [], 0

        def submit(self, function, request):
            self.waiting.append((future := Future(), function, request))
            self.most_at_once = max(self.most_at_once, len(self.waiting))
            if len(self.waiting) == 3 + AHEAD:
                self.flush()
            return future

        def flush(self):
            while self.waiting:
                future, function, request = self.waiting.pop(0)
                future.set_result(function(request))

    slow = Slow()
    work = [(TOPIC, student) for student in room.students(TOPIC)][:5 + 5]
    found = grade_all(room, work, executor=slow, workers=3)
    assert slow.most_at_once == 3 + AHEAD
    assert {outcome.how for outcome in found} == {"ran"}
    assert client.ForkServer.shared().process.poll() is None
