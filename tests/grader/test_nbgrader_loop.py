"""The whole loop through nbgrader's real command line and gradebook, and through ours."""

import subprocess
import time

import nbformat
import psutil
import pytest
from grader_kit import command, find, full_points, right_answers
from nbconvert.exporters import Exporter
from nbgrader.preprocessors import GetGrades, SaveAutoGrades
from places import BIN

from grader import key, sample
from grader.canonical import MIME
from grader.engine import OPEN_SHARE
from grader.feedback import FeedbackExporter
from grader.score import SaveScores

TOPIC = "02-actors"


def bank_answers(pick: int) -> tuple[dict, dict]:
    """One bank entry per question, as source, and the points that it must give."""
    answers, expected = {}, {}
    for q in key.load(TOPIC).questions:
        entry = q.bank[pick % len(q.bank)]
        answers[q.id] = entry.code
        expected[q.id] = round(entry.credit * q.points, 2)
    return answers, expected


@pytest.fixture
def class_of_three(course, submit):
    """Three students with bank answers: first entries, middle ones, last ones."""
    expected = {}
    for student, pick in (("ann", 0), ("bob", 6), ("cem", -1)):
        answers, expected[student] = bank_answers(pick)
        submit(student, TOPIC, answers)
    return expected


def test_plain_nbgrader_gives_the_scores_of_the_banks(course, submit, class_of_three):
    command(course, "nbgrader", "generate_assignment", TOPIC, "--force")
    command(course, "nbgrader", "autograde", TOPIC)
    assert sample.scores(course, TOPIC) == class_of_three
    command(course, "nbgrader", "generate_feedback", TOPIC)
    page = course.folder("feedback", TOPIC, "bob") / f"{TOPIC}.html"
    assert "Partly right" in page.read_text(encoding="utf-8")


def test_kernel_and_fork_give_the_same_scores(course, class_of_three):
    command(course, "nbgrader", "autograde", TOPIC, "--Run.executor=kernel",
            "--Run.allow_unprotected=all", "--student=bob")
    assert sample.scores(course, TOPIC)["bob"] == class_of_three["bob"]
    command(course, "grader", "grade", TOPIC, "--student", "bob", "--force")
    assert sample.scores(course, TOPIC)["bob"] == class_of_three["bob"]


def test_our_command_gives_the_same_and_does_only_what_is_left(course, class_of_three, submit):
    assert "3 graded." in command(course, "grader", "grade", TOPIC)
    assert sample.scores(course, TOPIC) == class_of_three
    assert "3 unchanged." in command(course, "grader", "grade", TOPIC)
    submit("dee", TOPIC, right_answers(TOPIC))
    assert "1 graded, 3 unchanged." in command(course, "grader", "grade", TOPIC)
    assert "4 pages" in command(course, "grader", "feedback", TOPIC)


def test_formgraders_own_api_grades_too(course, class_of_three):
    from nbgrader.apps import NbGraderAPI

    api = NbGraderAPI(config=course.config)
    assert api.autograde(TOPIC, "ann", force=True)["success"]
    assert sample.scores(course, TOPIC)["ann"] == class_of_three["ann"]
    row = next(a for a in api.get_assignments() if a["name"] == TOPIC)
    assert row["max_code_score"] == full_points(TOPIC)


def test_our_steps_do_what_nbgraders_own_do(course, class_of_three):
    """Scores in one transaction, and grades read in a few queries, change nothing of what comes
    out: rows of the gradebook, and what the template of a page gets to know."""
    def outcome() -> tuple:
        course.grade(TOPIC, "bob", force=True)
        with course.gradebook() as book:  # what a grader writes stands before what nbgrader says
            for comment in book.find_submission(TOPIC, "bob").notebooks[0].comments:
                comment.manual_comment = f"Look at {comment.name} again."
            book.db.commit()
        course.feedback(TOPIC, "bob")
        nb, resources = told[-1]
        names = [round(resources["nbgrader"][name], 6)
                 for name in ("score", "max_score", "late_penalty")]
        cells = [[cell.metadata.nbgrader.get(name) for name in ("score", "points", "comment")]
                 for cell in nb.cells if "nbgrader" in cell.metadata]
        with course.gradebook() as book:
            (notebook,) = book.find_submission(TOPIC, "bob").notebooks
            return (names, cells), notebook.score, sorted(
                [(g.name, g.auto_score, g.needs_manual_grade) for g in notebook.grades]
                + [(c.name, c.auto_comment, "comment") for c in notebook.comments], key=str)

    told = []

    class Telling(FeedbackExporter):
        """Keeps what the steps before it have made known, and writes a page of no interest."""

        def from_notebook_node(self, nb, resources=None, **kw):
            told.append(Exporter.from_notebook_node(self, nb, resources, **kw))
            return "", told[-1][1]

    course.config.GenerateFeedback.exporter_class = Telling
    ours = outcome()
    course.config.GenerateFeedback.preprocessors = [GetGrades]
    course.config.Autograde.autograde_preprocessors = [
        SaveAutoGrades if step is SaveScores else step
        for step in course.config.Autograde.autograde_preprocessors]
    assert SaveAutoGrades in course.config.Autograde.autograde_preprocessors
    assert outcome() == ours
    assert ours[1] == sum(class_of_three["bob"].values())


def test_validate_reads_right_and_wrong(course, submit):
    release = course.folder("release", TOPIC)
    def write_answers(nb):
        for cell in nb.cells:
            if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source = "A written answer."
    path = submit("ann", TOPIC, right_answers(TOPIC), write_answers)
    (release / "mine.ipynb").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    output = command(course, "nbgrader", "validate", str(release / "mine.ipynb"))
    assert "Success! Your notebook passes all the tests." in output
    output = command(course, "nbgrader", "validate", str(release / f"{TOPIC}.ipynb"))
    assert "VALIDATION FAILED" in output
    assert "There is no answer yet" in output
    assert "Traceback" not in output


def test_a_manual_grade_survives_and_asks_for_review(course, submit):
    path = submit("ann", TOPIC, right_answers(TOPIC))
    nb = nbformat.read(path, 4)
    rubric = next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade")
                  and c.cell_type == "markdown").metadata.nbgrader.grade_id
    find(nb, rubric).source = "A written answer."
    nbformat.write(nb, path)
    course.grade(TOPIC, "ann")
    with course.gradebook() as book:
        grade = book.find_grade(rubric, TOPIC, TOPIC, "ann")
        assert grade.needs_manual_grade
        grade.manual_score = 5
        book.db.commit()
    course.grade(TOPIC, "ann", force=True)
    with course.gradebook() as book:
        assert book.find_grade(rubric, TOPIC, TOPIC, "ann").manual_score == 5


HOSTILE = {
    "patches check": "import grader.check\ngrader.check.check = lambda *a: None\n"
                     "check = lambda *a: None",
    "patches canonical": "import grader.check\ngrader.check.canonical = lambda v: ['text', 'x']",
    "prints points": "class P:\n    def __repr__(self): return '1000'\n"
                     "def check(*a): return P()",
    "kills itself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "exits": "import os\nos._exit(0)",
    "forges a record": "from IPython.display import display\ndef check(q, a):\n"
                       f"    display({{'{MIME}': {{'question': q, 'answer': ['map', [[1]]]}}}},"
                       " raw=True)",
    "talks without end": "import os, time\nwhile True:\n    for n in range(3, 64):\n        try:\n"
                         "            os.write(n, b'x\\n' * 100)\n        except OSError: pass\n"
                         "    time.sleep(0.01)",
    "writes on every file": "import os\nfor n in range(3, 64):\n    try:\n"
                            "        os.write(n, b'{\"end\": true}\\n')\n    except OSError: pass",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_cells_earn_nothing_and_stop_nobody(course, submit, name):
    def change(nb):
        cell = find(nb, "answer-02-1")
        cell.source = HOSTILE[name]
    submit("eve", TOPIC, {}, change)
    submit("fay", TOPIC, right_answers(TOPIC))
    course.config.Run.timeout, course.config.Run.notebook_seconds = 2, 4
    assert course.grade(TOPIC, "eve").state.startswith("graded")
    assert sum(sample.scores(course, TOPIC)["eve"].values()) == 0
    # Honest work has its usual time, however busy this machine is.
    del course.config.Run.timeout, course.config.Run.notebook_seconds
    course.grade(TOPIC, "fay")
    assert sum(sample.scores(course, TOPIC)["fay"].values()) == full_points(TOPIC)


def test_an_endless_cell_is_interrupted_and_the_rest_counts(course, submit):
    answers = right_answers(TOPIC)
    course.config.Run.timeout = 4

    def change(nb):
        find(nb, "answer-02-1").source = "while True: pass"
        find(nb, "answer-02-2").source = (
            "import time\nwhile True:\n    try:\n        time.sleep(9)\n"
            "    except KeyboardInterrupt:\n        break\n" + find(nb, "answer-02-2").source)
    submit("eve", TOPIC, answers, change)
    course.grade(TOPIC, "eve")
    scores = sample.scores(course, TOPIC)["eve"]
    assert scores["02.1"] == 0
    assert scores["02.3"] > 0


def test_the_key_is_not_where_student_code_runs(course, submit):
    def change(nb):
        find(nb, "answer-02-1").source = (
            "import sys, gc\n"
            "regime_counts = {name for name in sys.modules if name.startswith('grader')} "
            "| {str(len([o for o in gc.get_objects() if type(o).__name__ in "
            "('Key', 'Mapping', 'SetOf')]))}")
    submit("eve", TOPIC, {}, change)
    course.grade(TOPIC, "eve")
    nb = nbformat.read(course.folder("autograded", TOPIC, "eve") / f"{TOPIC}.ipynb", 4)
    (output, *_) = find(nb, "check-02-1").outputs
    seen = {text for _, text in output.data[MIME]["answer"][1]}
    assert "grader.check" in seen
    assert not seen & {"grader.key", "grader.compile", "grader.score", "grader.release"}


def test_a_killed_grading_run_leaves_no_process_behind(course, submit):
    def change(nb):
        find(nb, "answer-02-1").source = "marker_of_this_test = 1\nwhile True: pass"
    submit("eve", TOPIC, {}, change)
    run = subprocess.Popen([str(BIN / "grader"), "grade", TOPIC], cwd=course.root,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    me = psutil.Process(run.pid)
    deadline = time.monotonic() + 180
    family = []
    while len(family) < 2 and time.monotonic() < deadline:
        time.sleep(0.2)
        family = me.children(recursive=True)
    assert len(family) >= 2, "the fork server and the notebook's process run"
    run.kill()
    run.wait()
    _, alive = psutil.wait_procs(family, timeout=120)
    assert not alive


def test_one_bad_call_costs_one_call(course, submit):
    question = next(q for q in key.load(TOPIC).questions if q.kind == "function")
    right = next(e.code for e in question.bank if e.credit == 1)
    first = question.calls[0].args

    def change(nb):
        cell = find(nb, f"answer-{question.id.replace('.', '-')}")
        cell.source = (f"honest = (\n{right}\n)\ndef {question.variable}(*args):\n"
                       f"    if list(args) == {first!r}:\n        BAD\n    return honest(*args)")
    for bad in ("raise SystemExit", "import time; time.sleep(30)", "print(1, file=__import__('sys')"
                ".stderr); raise ValueError(args)"):
        submit("ann", TOPIC, {}, lambda nb, bad=bad: (
            change(nb), setattr(cell := find(nb, f"answer-{question.id.replace('.', '-')}"),
                                "source", cell.source.replace("BAD", bad)))[0])
        course.grade(TOPIC, "ann")
        n_open = sum(not call.hidden for call in question.calls)
        assert sample.scores(course, TOPIC)["ann"][question.id] == pytest.approx(
            question.points * (1 - OPEN_SHARE / n_open), abs=0.01)
