"""Whatever is handed in: the whole corpus as one class, graded once, among honest neighbours."""

from __future__ import annotations

import html
import shutil
from dataclasses import dataclass

import nbformat
import pytest
from corpus import classroom, kit
from corpus.classroom import HONEST
from corpus.kit import FULL, TOPIC

from grader.course import Course
from grader.outcome import Outcome

CASES = kit.every_case()
ATTACKS = ("tricks", "records", "hooks", "hostile code", "hostile to the machine")
SLIPS = ("SyntaxError", "IndentationError", "NameError", "ModuleNotFoundError")


def slips(nb) -> list[str]:
    """Errors that only a slip of the pen makes: an attack that is no Python shows nothing."""
    return [f"{cell.id}: {output.evalue}" for cell in nb.cells if cell.cell_type == "code"
            for output in cell.outputs if output.get("ename") in SLIPS]


@dataclass
class Class:
    """What came of everybody."""

    course: Course
    outcomes: dict[str, Outcome]
    scores: dict[str, dict[str, float]]
    comments: dict[str, str]
    lacks: set[str]


@pytest.fixture(scope="module")
def graded(released, tmp_path_factory) -> Class:
    root = tmp_path_factory.mktemp("corpus") / "course"
    shutil.copytree(released.root, root)
    course = Course(root)
    outcomes, scores, lacks = classroom.grade(course, CASES)
    with course.gradebook() as book:
        comments = {submission.student_id: " ".join(
            comment.auto_comment or "" for comment in submission.notebooks[0].comments)
            for submission in book.assignment_submissions(TOPIC)}
    return Class(course, outcomes, scores, comments, lacks)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.theme}: {case.name!a}")
def test_it_ends_as_it_must(graded, case):
    if lacking := sorted(graded.lacks & set(case.needs)):
        pytest.skip(f"this machine lacks: {', '.join(lacking)}")
    outcome, scores = graded.outcomes[case.id], graded.scores.get(case.id, {})
    points = round(sum(scores.values()), 2)
    assert (outcome.state, points) in case.right, (
        outcome.problems, scores)
    assert all(sentence.isprintable() for sentence in outcome.problems)
    if outcome.state == kit.NOT_GRADED:
        assert case.says in outcome.problems[0]
        return
    assert set(scores) == set(kit.POINTS)  # a row for every question
    assert all(sentence in graded.comments[case.id] for sentence in outcome.problems)
    assert points <= FULL
    if outcome.state == case.state:
        assert case.state != kit.PROBLEM or case.says in " ".join(outcome.problems)
        path = graded.course.folder("autograded", TOPIC, case.id) / kit.EXPECTED
        text = path.read_text(encoding="utf-8")
        assert case.says in text
        assert not slips(nbformat.reads(text, as_version=4)) or case.theme not in ATTACKS


@pytest.mark.parametrize("case", CASES[::5], ids=lambda case: f"{case.theme}: {case.name!a}")
def test_the_page_says_why(graded, case):
    """A page can be made of everything; a fifth of the corpus is enough to see it."""
    outcome = graded.outcomes.get(case.id)
    if outcome is None or outcome.state == kit.NOT_GRADED:
        pytest.skip("there is no graded notebook")
    page = graded.course.feedback(TOPIC, case.id).read_text(encoding="utf-8")
    for sentence in [*outcome.problems, *[case.says] * (outcome.state == case.state)]:
        assert html.escape(sentence) in page or sentence in page


@pytest.mark.parametrize("student", HONEST)
def test_honest_neighbours_keep_their_points(graded, student):
    assert graded.outcomes[student].state == "graded"
    assert graded.scores[student] == kit.POINTS


def test_nobody_is_forgotten_and_nothing_is_left_behind(graded):
    handed_in = [case.id for case in CASES if not graded.lacks & set(case.needs)]
    # As ASCII: pytest-xdist cannot report names that are no text.
    assert sorted(map(ascii, graded.outcomes)) == sorted(map(ascii, [*handed_in, *HONEST]))
    room = graded.course.classroom
    assert not list(room.glob("staging/*"))
    assert not list(room.rglob("left-by-a-notebook"))
    log = (room / "grader.log").read_text(encoding="utf-8")
    for outcome in graded.outcomes.values():
        assert all(sentence in log for sentence in outcome.problems)
    assert "Traceback" not in log


def test_the_corpus_is_large_enough():
    assert len(CASES) >= 90
    assert len({case.id for case in CASES}) == len(CASES)
    assert {case.theme for case in CASES} >= {"broken files", "tricks", "hostile code", "unusual"}
