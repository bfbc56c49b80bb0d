"""A class of all cases among honest students, graded by ours."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from grader import sample
from grader.batch import grade_all
from grader.course import Course
from grader.execution import client
from grader.execution.protocol import MIB, Request
from grader.outcome import Outcome

from . import kit
from .kit import DATA, DATA_TEXT, FULL, TOPIC, Case, Hand

#: Honest students whose ids stand in between, so that some are graded after every trouble.
HONEST = ("a-honest", "case-b-honest", "case-k-honest", "case-s-honest", "z-honest")
#: A name that must not reach a notebook.
SECRET = "SECRET_OF_THE_TEST"
#: Seconds for a cell and for a notebook: honest ones take less than one.
CELL_SECONDS, NOTEBOOK_SECONDS = 5, 15


def missing() -> set[str]:
    """Protections that this machine lacks, and ``not root`` where the tests run as root."""
    request = Request(((0, "1"),), allow_unprotected=frozenset(["all"]))
    return set(client.run(request).missing) | ({"not root"} if os.geteuid() == 0 else set())


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


@contextmanager
def surroundings() -> Iterator[int]:
    """Somebody who listens on a port of this machine, and a secret in the environment."""
    os.environ[SECRET] = "x"
    try:
        client.ForkServer.shared().close()  # the next one starts in this environment
        with socket.create_server(("127.0.0.1", 0)) as server:
            yield server.getsockname()[1]
    finally:
        del os.environ[SECRET]


def hand_in(course: Course, cases: list[Case], port: int) -> None:
    """Write the submissions of a class."""
    for step in ("source", "release"):
        (course.folder(step, TOPIC) / DATA).write_text(DATA_TEXT)
    for case in cases:
        folder = course.classroom / "submitted" / case.id / TOPIC
        folder.mkdir(parents=True)
        case.make(Hand(folder, course.folder("release", TOPIC), port))


def grade(course: Course, cases: list[Case]) -> tuple[dict[str, Outcome], dict[str, dict], set]:
    """Grade the cases that this machine can take, among honest students.

    Returns the outcomes and the points by student, and what the machine lacks.
    """
    run = course.config.Run
    run.timeout, run.notebook_seconds, run.allow_unprotected = CELL_SECONDS, NOTEBOOK_SECONDS, [
        "all"]
    run.limits = {"memory_bytes": 1024 * MIB, "disk_bytes": 32 * MIB, "inodes": 512,
                  "processes": 64, "cell_output_bytes": 2 * MIB, "notebook_output_bytes": 8 * MIB}
    with surroundings() as port, Once() as executor, course.alone():
        lacks = missing()
        hand_in(course, [*map(honest, HONEST),
                         *(case for case in cases if not lacks & set(case.needs))], port)
        found = grade_all(course, [(TOPIC, who) for who in course.students(TOPIC)],
                          executor=executor)
    return ({outcome.student: outcome for outcome in found}, sample.scores(course, TOPIC), lacks)
