"""Whatever is handed in: the whole corpus as one class, graded once, among honest neighbours."""

from __future__ import annotations

import html
import os
import shutil
import socket
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import nbformat
import pytest
from corpus import kit
from corpus.kit import DATA, DATA_TEXT, FULL, TOPIC, Case, Hand

from grader import sample
from grader.batch import grade_all
from grader.course import Course
from grader.execution import client, sandbox
from grader.execution.protocol import MIB, Request
from grader.outcome import Outcome

CASES = kit.every_case()
#: Honest students whose ids stand in between, so that some are graded after every trouble.
HONEST = ("a-honest", "case-b-honest", "case-k-honest", "case-s-honest", "z-honest")


def missing() -> set[str]:
    """Protections that this machine lacks, and ``not root`` where the tests run as root."""
    lacks = {"not root"} if os.geteuid() == 0 else set()
    if not hasattr(sandbox, "PROTECTIONS"):
        return lacks | {"processes", "fork", "memory", "disk", "read", "write", "network"}
    return lacks | set(client.run(Request(((0, "1"),), allow_unprotected=frozenset(["all"])))
                       .missing)


class Once(ThreadPoolExecutor):
    """Runs equal requests once: half of the corpus is the same right answers in odd wrapping."""

    def __init__(self) -> None:
        super().__init__(2)
        self._known: dict[str, Future] = {}

    def submit(self, function, request):
        digest = request.digest()
        if digest not in self._known:
            self._known[digest] = super().submit(function, request)
        found: Future = Future()
        self._known[digest].add_done_callback(lambda done: found.set_result(done.result()))
        return found


def honest(name: str) -> Case:
    """An honest student with a notebook that is only hers."""
    def make(hand: Hand) -> None:
        nb = hand.notebook()
        kit.find(nb, "answer-02-1").source += f"\n# {name}"
        hand.write(nb)
    return Case(name, "honest", make, kit.GRADED, FULL, student=name)


def hand_in(course: Course, cases: list[Case], port: int = 0) -> None:
    """Write the submissions of a class."""
    release = course.folder("release", TOPIC)
    for step in ("source", "release"):
        (course.folder(step, TOPIC) / DATA).write_text(DATA_TEXT)
    for case in [*map(honest, HONEST), *cases]:
        folder = course.classroom / "submitted" / case.id / TOPIC
        folder.mkdir(parents=True)
        case.make(Hand(folder, release, port))


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
    lacks: set[str]


@pytest.fixture(scope="module")
def graded(released, tmp_path_factory) -> Class:
    root = tmp_path_factory.mktemp("corpus") / "course"
    shutil.copytree(released.root, root)
    course = Course(root)
    run = course.config.Run
    run.timeout, run.notebook_seconds, run.allow_unprotected = 5, 15, ["all"]
    run.limits = {"memory_bytes": 1024 * MIB, "disk_bytes": 32 * MIB, "inodes": 512,
                  "processes": 64, "cell_output_bytes": 2 * MIB, "notebook_output_bytes": 8 * MIB}
    with (pytest.MonkeyPatch.context() as patch, socket.create_server(("127.0.0.1", 0)) as server,
          Once() as executor):
        patch.setenv("SECRET_OF_THE_TEST", "x")
        client.ForkServer.shared().close()  # a server of this environment
        lacks = missing()
        hand_in(course, [case for case in CASES if not lacks & set(case.needs)],
                server.getsockname()[1])
        with course.alone():
            found = grade_all(course, [(TOPIC, who) for who in course.students(TOPIC)],
                              executor=executor)
    return Class(course, {outcome.student: outcome for outcome in found},
                 sample.scores(course, TOPIC), lacks)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.theme}: {case.name!a}")
def test_it_ends_as_it_must(graded, case):
    if lacking := sorted(graded.lacks & set(case.needs)):
        pytest.skip(f"this machine lacks: {', '.join(lacking)}")
    outcome, scores = graded.outcomes[case.id], graded.scores.get(case.id, {})
    points = round(sum(scores.values()), 2)
    assert (outcome.state, points) in ((case.state, case.points), case.also), (
        outcome.problems, scores)
    assert all(sentence.isprintable() for sentence in outcome.problems)
    if outcome.state == kit.NOT_GRADED:
        assert case.says in outcome.problems[0]
        return
    assert set(scores) == set(kit.POINTS)  # a row for every question
    assert max(case.points, case.also[1] if case.also else 0) <= FULL
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
