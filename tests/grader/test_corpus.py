"""Whatever is handed in: the whole corpus as one class, graded once, among honest neighbours."""

from __future__ import annotations

import html
import os
import shutil
from dataclasses import dataclass

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


@dataclass
class Class:
    """What came of everybody."""

    course: Course
    outcomes: dict[str, Outcome]
    scores: dict[str, dict[str, float]]
    lacks: set[str]


def hand_in(course: Course, cases: list[Case]) -> None:
    """Write the submissions of a class."""
    release = course.folder("release", TOPIC)
    for step in ("source", "release"):
        (course.folder(step, TOPIC) / DATA).write_text(DATA_TEXT)
    honest = [Case(name, "honest", lambda hand: hand.write(hand.notebook()), kit.GRADED, FULL,
                   student=name) for name in HONEST]
    for case in [*honest, *cases]:
        folder = course.classroom / "submitted" / case.id / TOPIC
        folder.mkdir(parents=True)
        case.make(Hand(folder, release))


@pytest.fixture(scope="session")
def graded(released, tmp_path_factory) -> Class:
    root = tmp_path_factory.mktemp("corpus") / "course"
    shutil.copytree(released.root, root)
    course, lacks = Course(root), missing()
    run = course.config.Run
    run.timeout, run.notebook_seconds, run.allow_unprotected = 4, 12, ["all"]
    run.limits = {"memory_bytes": 1024 * MIB, "disk_bytes": 32 * MIB, "inodes": 512,
                  "processes": 64, "cell_output_bytes": MIB, "notebook_output_bytes": 4 * MIB}
    hand_in(course, [case for case in CASES if not lacks & set(case.needs)])
    with course.alone():
        found = grade_all(course, [(TOPIC, who) for who in course.students(TOPIC)])
    return Class(course, {outcome.student: outcome for outcome in found},
                 sample.scores(course, TOPIC), lacks)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.theme}: {case.name!a}")
def test_it_ends_as_it_must(graded, case):
    if lacking := sorted(graded.lacks & set(case.needs)):
        pytest.skip(f"this machine lacks: {', '.join(lacking)}")
    outcome = graded.outcomes[case.id]
    assert outcome.state == case.state, outcome.problems
    if case.state == kit.PROBLEM:
        assert case.says in " ".join(outcome.problems)
        assert all(sentence.isprintable() for sentence in outcome.problems)
    if case.state == kit.NOT_GRADED:
        assert case.says in " ".join(outcome.problems)
        return
    scores = graded.scores[case.id]
    assert set(scores) == set(kit.POINTS)
    assert round(sum(scores.values()), 2) == case.points, scores
    assert case.points <= FULL
    if case.says:
        page = graded.course.feedback(TOPIC, case.id).read_text(encoding="utf-8")
        assert html.escape(case.says) in page or case.says in page


@pytest.mark.parametrize("student", HONEST)
def test_honest_neighbours_keep_their_points(graded, student):
    assert graded.outcomes[student].state == "graded"
    assert graded.scores[student] == kit.POINTS


def test_nobody_is_forgotten_and_nothing_was_changed(graded):
    handed_in = [case.id for case in CASES if not graded.lacks & set(case.needs)]
    assert sorted(graded.outcomes) == sorted([*handed_in, *HONEST])
    assert not (graded.course.classroom / "staging").exists() or not list(
        (graded.course.classroom / "staging").iterdir())
    log = (graded.course.classroom / "grader.log").read_text(encoding="utf-8")
    for case in CASES:
        if case.id in graded.outcomes and case.state == kit.PROBLEM:
            assert case.says in log
    assert "Traceback" not in log


def test_the_corpus_is_large_enough():
    assert len(CASES) >= 90
    assert len({case.id for case in CASES}) == len(CASES)
    assert {case.theme for case in CASES} >= {"broken files", "tricks", "hostile code", "unusual"}
