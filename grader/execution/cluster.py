"""Many machines: a Dask cluster as a :class:`concurrent.futures.Executor`.

>>> from grader.execution import client, cluster
>>> with cluster.executor("tls://head.example.edu:8786") as machines:      # doctest: +SKIP
...     result = machines.submit(client.run, request).result()

What travels is a :class:`.protocol.Request` and its :class:`.protocol.Result`. Points are given
at home: no worker ever holds a key. The machines of a cluster are trusted with the notebooks and
with each other, as Dask's own protocol demands; student code is kept apart from them by the
sandbox, on each of them as at home.
"""

from __future__ import annotations

import ipaddress
import logging
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from . import worker
from .client import unfinished
from .protocol import CannotRun, Refused, Request, Result

# A scheduler on the same continent answers within a second.
CONNECT_SECONDS = 20
# Workers of a batch system come and go; a cluster without any for so long has none.
EMPTY_SECONDS = 120
WATCH_SECONDS = 2


class ClusterProblem(CannotRun):
    """Something about the cluster that the user must know, in one sentence."""


def executor(address: str, security: Any = None) -> Cluster:
    """Connect to a running scheduler.

    Parameters
    ----------
    address : str
        Such as ``tls://head.example.edu:8786``; ``tcp://`` only on this machine.
    security : distributed.Security, optional
        Certificates; by default those of Dask's configuration.

    Raises
    ------
    ClusterProblem
        When Dask is missing, the address is not encrypted or does not answer, or a worker runs
        other code than this machine.
    """
    _refuse_open(address)
    try:
        from distributed import Client
    except ImportError:
        raise ClusterProblem("Grading on a cluster needs Dask: pip install 'dask==2026.8.0' "
                             "'distributed==2026.8.0', here and on its machines.") from None
    # What matters to the user is said in sentences; Dask's own words are for developers of Dask.
    for name in logging.root.manager.loggerDict:
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", message="Sending large graph")  # data files of a student
    try:
        client = Client(address, security=security, timeout=CONNECT_SECONDS, set_as_default=False,
                        direct_to_workers=False)
    except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
        raise ClusterProblem(
            f"The scheduler {address} does not answer ({_short(error)}). Look whether it runs, and "
            "for tls:// whether this machine has its certificates (Dask's settings "
            "distributed.comm.tls.ca-file, .client.cert and .client.key).") from None
    try:
        _compare(client)
        return Cluster(client)
    except BaseException:
        client.close()
        raise


def _refuse_open(address: str) -> None:
    """Student work and the programs to run must not cross a network in the clear."""
    scheme, _, rest = address.partition("://")
    if not rest:
        raise ClusterProblem(f"{address} is no address of a scheduler; those look like "
                             "tls://head.example.edu:8786.")
    try:
        host = urlsplit(address).hostname or ""
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if scheme != "tls" and not (scheme == "tcp" and loopback):
        raise ClusterProblem(
            f"{address} is not encrypted, and Dask runs what anybody sends it. Start the scheduler "
            "and its workers with certificates (Dask's settings distributed.comm.tls) and use "
            "tls://; or reach it through a tunnel: ssh -L 8786:localhost:8786 HOST, then "
            "tcp://localhost:8786.")


def _compare(client: Any) -> None:
    """Wait for a first worker; refuse workers whose outputs could differ from ours."""
    with suppress(TimeoutError):
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    found = client.run(worker.versions, on_error="return")
    if not found:
        raise ClusterProblem("The cluster has no workers; start some (dask worker ADDRESS) and try "
                             "again.")
    for name, versions in found.items():
        if isinstance(versions, BaseException):
            raise ClusterProblem(f"Worker {name} cannot load the course's code "
                                 f"({_short(versions)}). {_HOW}")
        if difference := worker.differs(versions, worker.versions()):
            raise ClusterProblem(f"Worker {name} is not like this machine: {difference}. {_HOW}")


_HOW = ("Make a folder for workers with `python -m grader.execution.worker FOLDER`, copy it to "
        "each machine, install requirements.txt there, and start the workers in it.")


class _Job:
    def __init__(self, function: Callable[[Request], Result], request: Request) -> None:
        self.function, self.request, self.future = function, request, Future()


class Cluster(Executor):
    """Runs requests on the workers of a Dask cluster.

    When a worker dies, Dask runs its requests elsewhere, and after some deaths (its setting
    ``distributed.scheduler.allowed-failures``) gives up on all that the last dead worker had, the
    innocent too. So what Dask gave up is run once more with nothing beside it; what takes workers
    down even then ends as a :class:`Result` with a problem.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._changing = threading.RLock()
        self._running: dict[_Job, Any] = {}
        self._waiting: deque[_Job] = deque()
        self._suspects: deque[_Job] = deque()
        self._alone: _Job | None = None
        self._closed = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def threads(self) -> int:
        """How many requests the workers run at the same time."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        return sum(one["nthreads"] for one in workers.values())

    def submit(self, function: Callable[[Request], Result], request: Request) -> Future:
        """Run ``function(request)`` on a worker; ``function`` is known there by its name.

        The future raises :class:`.protocol.Refused` as the function itself does, and
        :class:`ClusterProblem` when the cluster can't do it.
        """
        job = _Job(function, request)
        job.future.add_done_callback(lambda _: self._forget(job))
        with self._changing:
            if self._closed.is_set():
                raise RuntimeError("The connection to the cluster is closed.")
            if self._alone is None:
                self._start(job)
            else:
                self._waiting.append(job)
        return job.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Close the connection; the cluster itself goes on for others."""
        with self._changing:
            jobs = [*self._running, *self._waiting, *self._suspects]
        if cancel_futures or not wait:
            self._fail(jobs, None)
        else:
            for job in jobs:
                with suppress(BaseException):
                    job.future.exception()
        self._closed.set()
        self._client.close()

    def _start(self, job: _Job) -> None:
        sent = self._client.submit(worker.run, job.function, job.request, worker.versions(),
                                   key=f"notebook-{id(job)}-{time.monotonic_ns()}", pure=False)
        self._running[job] = sent
        sent.add_done_callback(lambda done: self._done(job, done))

    def _forget(self, job: _Job) -> None:
        """What the caller has cancelled need not be run."""
        with self._changing:
            sent = self._running.get(job)
            if sent is not None and job.future.cancelled():
                sent.cancel()

    def _done(self, job: _Job, sent: Any) -> None:
        from distributed import KilledWorker

        result, error = None, None
        try:
            result = sent.result()
        except KilledWorker:
            with self._changing:
                if self._alone is job:
                    result = unfinished(job.request, Result(), "it ended the machines' processes")
                else:
                    self._suspects.append(job)
        except (Refused, CannotRun) as known:
            error = known
        except worker.WorkerDiffers as other:
            error = ClusterProblem(f"A worker is not like this machine: {other}. {_HOW}")
        except CancelledError:
            error = ClusterProblem("The scheduler has ended, or the connection to it; what is "
                                   "graded stays, so start the command again.")
        except BaseException as other:
            error = ClusterProblem(f"The cluster did not run a notebook ({_short(other)}); what is "
                                   "graded stays, so start the command again.")
        with self._changing:
            self._running.pop(job, None)
            if self._alone is job:
                self._alone = None
        with suppress(Exception):  # somebody may have cancelled it meanwhile
            if result is not None:
                job.future.set_result(result)
            elif error is not None:
                job.future.set_exception(error)
        self._next()

    def _next(self) -> None:
        """What died with its workers runs alone; others wait meanwhile."""
        with self._changing:
            if self._closed.is_set() or self._alone is not None:
                return
            if self._suspects and not self._running:
                self._alone = self._suspects.popleft()
                self._start(self._alone)
                return
            while self._waiting:
                self._start(self._waiting.popleft())

    def _watch(self) -> None:
        """Without workers or scheduler, Dask would wait for ever."""
        empty = 0.0
        while not self._closed.wait(WATCH_SECONDS):
            try:
                there = bool(self._client.scheduler_info(n_workers=-1)["workers"])
            except Exception:
                there = False
            empty = 0.0 if there else empty + WATCH_SECONDS
            if empty >= EMPTY_SECONDS:
                with self._changing:
                    jobs = [*self._running, *self._waiting, *self._suspects]
                self._fail(jobs, ClusterProblem(
                    f"The cluster has had no workers for {EMPTY_SECONDS} seconds; what is graded "
                    "stays, so start the command again."))

    def _fail(self, jobs: list[_Job], why: ClusterProblem | None) -> None:
        with self._changing:
            sent = [self._running.pop(job) for job in jobs if job in self._running]
            self._waiting.clear()
            self._suspects.clear()
        for job in jobs:
            with suppress(Exception):
                if why is None:
                    job.future.cancel()
                    job.future.set_running_or_notify_cancel()
                else:
                    job.future.set_exception(why)
        with suppress(Exception):
            self._client.cancel(sent, force=True)


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
