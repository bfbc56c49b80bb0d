"""A class on a real Dask cluster: the scores of home, whatever ends in the middle."""

from __future__ import annotations

import os
import pickle
import signal
from concurrent.futures import wait

import nbformat
import pytest

pytest.importorskip("distributed", reason="Dask is not installed: pip install distributed")
import dask
from cluster_kit import local_cluster

from grader import key, sample
from grader import notebook as nbk
from grader.execution import client, cluster
from grader.execution.protocol import Request
from grader.rebuild import SubmissionExporter, rebuild
from grader.run import Run, put
from grader.score import Score

TOPIC = "02-actors"
#: Seconds that a busy machine may take.
PATIENCE = 240
RUDE = """\
import os, signal
for process in (os.getppid(), 1, os.getpid()):
    try:
        os.kill(process, signal.SIGKILL)
    except OSError:
        pass
"""


def cells(*sources: str) -> Request:
    return Request(tuple(enumerate(sources)), allow_unprotected=frozenset(["all"]))


def ends_its_worker(request: Request):
    """Sent to a worker in place of `client.run`."""
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(scope="module")
def machines():
    """Two machines with two threads each, which speak TLS."""
    with dask.config.set({"distributed.comm.timeouts.connect": f"{PATIENCE}s"}), local_cluster(
            n_workers=2, threads_per_worker=2, security=True, protocol="tls://",
            dashboard_address=":0") as made:
        yield made


@pytest.fixture
def connected(machines):
    with cluster.executor(machines.scheduler_address, machines.security) as found:
        yield found


def notebook_and_request(course, student: str):
    """What runs for a student, as grading makes it."""
    path = course.folder("submitted", TOPIC, student) / f"{TOPIC}.ipynb"
    text, _ = SubmissionExporter().from_filename(str(path))
    nb = rebuild(course.released(TOPIC), nbformat.reads(text, as_version=4))
    run = Run(config=course.config, allow_unprotected=["all"])
    return nb, run.request(nb, {"nbgrader": {"assignment": TOPIC, "student": student}})


def points(nb) -> dict[str, float]:
    """Score an executed notebook at home: question → points."""
    nb, _ = Score().preprocess(nb, {"nbgrader": {"assignment": TOPIC}})
    return {nbk.question_of(cell): round(
        cell.metadata[nbk.META]["credit"] * nbk.nbgrader_meta(cell)["points"], 2)
        for cell in nb.cells if nbk.is_check(cell)}


def comparable(outputs: list[dict]) -> list:
    """Outputs without what differs from run to run: ids of widgets."""
    return [{**output, "data": {kind: data for kind, data in output["data"].items()
                                if "widget" not in kind}} if "data" in output else output
            for output in outputs]


def test_a_class_gets_the_scores_of_home_though_a_worker_is_killed(course, machines, connected):
    samples = {one.student: one.expected for one in sample.make(course, TOPIC, 8)}
    work = {student: notebook_and_request(course, student) for student in samples}
    futures = {student: connected.submit(client.run, request)
               for student, (_, request) in work.items()}
    rude = connected.submit(client.run, cells(RUDE, "1 + 1"))
    wait(futures.values(), PATIENCE, return_when="FIRST_COMPLETED")
    os.kill(next(iter(machines.workers.values())).pid, signal.SIGKILL)
    for student, (nb, request) in work.items():
        found, here = futures[student].result(PATIENCE), client.run(request)
        assert not found.problem
        assert {i: comparable(o) for i, o in found.outputs.items()} == {
            i: comparable(o) for i, o in here.outputs.items()}
        put(found, nb)
        assert points(nb) == samples[student], student
    assert set(rude.result(PATIENCE).outputs) == {0, 1}


def test_what_takes_workers_down_has_a_problem_and_its_neighbours_none(
        machines, connected):
    machines.scheduler.allowed_failures = 0  # Dask gives a request up that has lost one worker
    guilty = connected.submit(ends_its_worker, cells("1", "2"))
    honest = [connected.submit(client.run, cells(f"{n} * 7")) for n in range(6)]
    for n, future in enumerate(honest):
        assert future.result(PATIENCE).outputs[0][0]["data"]["text/plain"] == str(n * 7)
    found = guilty.result(PATIENCE)
    assert "not run to its end: it ended the machines' processes" in found.problem
    assert [found.outputs[i][0]["ename"] for i in (0, 1)] == ["NotRun", "NotRun"]
    # The cluster is as it was.
    assert not connected.submit(client.run, cells("6 * 7")).result(PATIENCE).problem


def test_messages_to_workers_hold_no_answer(course):
    sample.make(course, TOPIC, 10)
    _, request = notebook_and_request(course, sample.student_id(10))  # she left all open
    message = pickle.dumps(request) + request.to_bytes()
    secrets = {text for q in key.load(TOPIC).questions
               for text in (q.explanation, *(e.code.strip() for e in q.bank if e.credit == 1))}
    assert len(secrets) > 20
    assert [text for text in secrets if text.encode() in message] == []
