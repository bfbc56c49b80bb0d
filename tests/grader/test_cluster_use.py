"""A cluster as a department sees it: refused in one sentence, or used with workers without key."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from places import BIN

pytest.importorskip("distributed", reason="Dask is not installed: pip install distributed")
from cluster_kit import local_cluster
from distributed import Client
from grader_kit import command

from grader import sample
from grader.editions import lite_contents
from grader.execution import client, cluster, worker
from grader.execution.protocol import Refused, Request

#: Seconds that a busy machine may take.
PATIENCE = 240


def cells(*sources: str) -> Request:
    return Request(tuple(enumerate(sources)), allow_unprotected=frozenset(["all"]))


def refuses(request: Request):
    """Sent to a worker in place of `client.run`."""
    raise Refused(["network", "files"])


@pytest.mark.parametrize("address", ["tcp://head.example.edu:8786", "tcp://10.0.0.5:8786",
                                     "ws://localhost:8786", "tcp://localhost.example.edu:8786",
                                     "tcp://127.0.0.1@10.0.0.5:8786", "inproc://10.0.0.5/1/1"])
def test_open_networks_are_refused(address):
    with pytest.raises(cluster.ClusterProblem, match="is not encrypted.*tls://.*ssh -L"):
        cluster.executor(address)


@pytest.mark.parametrize("address", ["", "localhost:8786", "8786"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(cluster.ClusterProblem, match="is no address of a scheduler"):
        cluster.executor(address)


def test_without_dask_the_pip_line_is_given(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(cluster.ClusterProblem, match="pip install 'dask=="):
        cluster.executor("tcp://localhost:8786")


def test_a_scheduler_that_does_not_answer(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with pytest.raises(cluster.ClusterProblem, match="tls://127.0.0.1:9 does not answer"):
        cluster.executor("tls://127.0.0.1:9")


def test_no_workers_other_workers_and_workers_that_go_away(monkeypatch):
    with local_cluster(n_workers=0, threads_per_worker=1, dashboard_address=":0") as machines:
        address = machines.scheduler_address
        with monkeypatch.context() as hurry:
            hurry.setattr(cluster, "CONNECT_SECONDS", 1)
            with pytest.raises(cluster.ClusterProblem, match="has no workers"):
                cluster.executor(address)
        machines.scale(1)
        with monkeypatch.context() as elsewhere, at_home(elsewhere, "2.7"), pytest.raises(
                cluster.ClusterProblem, match="Worker tcp://127.0.0.1:[0-9]+ is not like this "
                                              "machine: Python is .* there and 2.7 here"):
            cluster.executor(address)
        with cluster.executor(address) as found:
            assert not found.submit(client.run, cells("6 * 7")).result(PATIENCE).problem
            with pytest.raises(Refused) as refused:
                found.submit(refuses, cells()).result(PATIENCE)
            assert refused.value.names == ["network", "files"]
            # One that joins later is looked at when it gets work.
            with monkeypatch.context() as elsewhere, at_home(elsewhere, "2.7"):
                late = found.submit(client.run, cells("1"))
            with pytest.raises(cluster.ClusterProblem, match="A worker is not like this machine: "
                                                             "Python is .* there and 2.7 here"):
                late.result(PATIENCE)
            monkeypatch.setattr(cluster, "EMPTY_SECONDS", 1)
            waiting = found.submit(client.run, cells("import time", "time.sleep(600)"))
            machines.scale(0)
            with pytest.raises(cluster.ClusterProblem, match="no workers for 1 seconds"):
                waiting.result(PATIENCE)


@contextmanager
def at_home(monkeypatch, python: str):
    """This machine, but no worker, has another version of Python."""
    monkeypatch.setattr(worker.platform, "python_version", lambda: python)
    worker.versions.cache_clear()
    yield
    monkeypatch.undo()
    worker.versions.cache_clear()


def test_a_worker_has_all_that_a_check_needs():
    checks = {path.stem for path in lite_contents.learner_modules() if path.parent.name == "grader"}
    assert "check" in checks and checks <= set(worker.MODULES)


def test_workers_need_few_files_and_hold_no_key(course, tmp_path):
    """As a department does it: a copied folder, Dask's own commands, and ours."""
    code = tmp_path / "code"
    made = subprocess.run([sys.executable, "-m", "grader.execution.worker", str(code)],
                          capture_output=True, text=True, timeout=PATIENCE)
    assert made.returncode == 0, made.stderr
    assert sorted(path.name for path in code.iterdir()) == ["grader", "reader", "seeds"]
    assert not [path for pattern in ("*.yaml", "key.py", "*.ipynb") for path in code.rglob(pattern)]
    # On a worker's machine the course is not installed, as it is here for editing.
    apart = tmp_path / "apart"
    apart.mkdir()
    (apart / "sitecustomize.py").write_text(
        "import sys\nsys.meta_path[:] = [f for f in sys.meta_path if 'ditable' not in repr(f)]\n")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (code, apart)))}
    where, processes = tmp_path / "scheduler.json", []

    def start(*words: str) -> None:
        with (tmp_path / f"{words[0]}.log").open("w") as log:
            processes.append(subprocess.Popen(
                [str(BIN / "dask"), *words, "--scheduler-file", str(where), "--host", "127.0.0.1",
                 "--no-dashboard"], cwd=code, env=env,
                stdout=log, stderr=log))

    try:
        start("scheduler", "--port", "0")
        start("worker", "--nthreads", "2", "--local-directory", str(tmp_path))
        until(lambda: where.exists() and where.read_text())
        address = json.loads(where.read_text())["address"]
        with cluster.executor(address) as found:
            result = found.submit(client.run, cells("import pandas", "6 * 7")).result(PATIENCE)
            assert result.outputs[1][0]["data"]["text/plain"] == "42"
            with Client(address, set_as_default=False) as other:
                (there,) = other.run(lambda: [importlib.util.find_spec("grader").origin,
                                              importlib.util.find_spec("grader.key"),
                                              client.ForkServer.shared().process.pid]).values()
        assert there[:2] == [str(code / "grader" / "__init__.py"), None]
        samples = sample.make(course, "02-actors", 3)
        command(course, "grader", "grade", "02-actors", "--scheduler", address,
                "--allow-unprotected", "all")
        assert sample.scores(course, "02-actors") == {one.student: one.expected for one in samples}
        # The fork server ends with its worker.
        assert is_running(there[2])
        processes[1].terminate()
        until(lambda: not is_running(there[2]))
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(PATIENCE)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def until(holds) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
