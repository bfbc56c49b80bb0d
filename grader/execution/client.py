"""The trusted side of a run: starts the fork server, keeps the clock, believes nothing.

>>> from grader.execution import client
>>> from grader.execution.protocol import Request
>>> client.run(Request(cells=((0, "6 * 7"),))).outputs[0]            # doctest: +SKIP
[{'output_type': 'execute_result', 'data': {'text/plain': '42'}, ...}]
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from . import late, sandbox
from .outputs import Lines, event, outputs_of
from .protocol import (
    HEADER,
    INTERRUPT,
    KILL,
    RUN,
    RUN_LATE,
    CannotRun,
    Refused,
    Request,
    Result,
)

# An interrupted cell has this long to stop before its processes are killed.
GRACE_SECONDS = 3
# Start-up of the fork server, and of one child, on the busiest machine.
PATIENCE_SECONDS = 120
# Brackets and commas become Python objects of up to a hundred bytes each, a line takes time; so
# many are in no honest notebook, and parsing them takes under a GB and some seconds.
MAX_PARTS, LINE_PARTS = 10_000_000, 100
# Only what Python and the course need; nothing of the instructor's environment.
KEEP = ("PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "READING_IDLIB_TEXTS")
# Threads of number libraries would have to be forked, and no exercise is large enough for them.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class ServerEnded(Exception):
    """The fork server, or a notebook's guard, was ended from outside."""


def run(request: Request) -> Result:
    """Run a notebook on this machine; any number of threads may call this at once.

    Raises
    ------
    Refused
        When the machine lacks a protection that ``request`` does not allow to be missing.
    ServerEnded
        When the fork server of this process was closed meanwhile.
    """
    server = ForkServer.shared()
    try:
        return server.run(request)
    except ServerEnded:
        if server.closed:
            raise  # on purpose: this process is about to end
    # Perhaps another notebook's doing: once more, with a server that runs nothing else.
    alone = ForkServer()
    try:
        return alone.run(request)
    except ServerEnded:
        return unfinished(request, Result(), "its process was killed twice, or it ended the "
                          "process that runs notebooks")
    finally:
        alone.close()


class ForkServer:
    """One warm server process; many notebooks at a time."""

    _shared: ForkServer | None = None
    _starting = threading.Lock()

    def __init__(self) -> None:
        self._sending = threading.Lock()
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        package = Path(__file__).resolve().parents[2]
        env = {name: os.environ[name] for name in KEEP if name in os.environ}
        paths = [str(package), *env.get("PYTHONPATH", "").split(os.pathsep)]
        env |= ONE_THREAD | {
            "PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONDONTWRITEBYTECODE": "1",
            "NBGRADER_EXECUTION": "autograde",
            "READING_IDLIB_LOG": os.devnull}  # these runs are not anybody's practice
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader.execution.server", str(theirs.fileno())],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[theirs.fileno()],
            env=env, cwd="/")
        theirs.close()
        atexit.register(self.close)
        self._ready, self.closed, self._owner = False, False, os.getpid()

    @classmethod
    def shared(cls) -> ForkServer:
        """The server of this process, started at first use and again when it has ended."""
        with cls._starting:
            if cls._shared is None or not cls._shared._usable():
                cls._shared = cls()
            return cls._shared

    @classmethod
    def end_shared(cls) -> None:
        """End the server of this process, if it has one, with all that it runs."""
        with cls._starting:
            if cls._shared is not None and cls._shared._usable():
                cls._shared.close()

    def _usable(self) -> bool:
        # A process forked from ours has the object, but the server answers to us alone.
        return not self.closed and self._owner == os.getpid() and self.process.poll() is None

    def close(self) -> None:
        """End the server and everything that it runs."""
        atexit.unregister(self.close)
        self.closed = True
        self.control.close()
        if not self._ready:
            self.process.kill()  # it would end its warm-up first
        try:
            self.process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def run(self, request: Request) -> Result:
        """Run a notebook; see :func:`run`."""
        data, theirs = socket.socketpair()
        status, kept = socket.socketpair()
        try:
            with self._sending:
                self._await_ready()
                order = RUN_LATE if late.wanted(request.cells) else RUN
                socket.send_fds(self.control, [order], [theirs.fileno(), kept.fileno()])
            theirs.close()
            kept.close()
            return _Run(request, data, status).result()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise ServerEnded from error
        finally:
            for end in (data, status, theirs, kept):
                end.close()

    def _await_ready(self) -> None:
        if self.closed:
            raise ServerEnded
        if self._ready:
            return
        if not select.select([self.control], [], [], PATIENCE_SECONDS)[0] or (
                self.control.recv(16) != b"ready"):
            self.close()
            raise CannotRun("The process that runs notebooks did not start; `grader doctor` "
                            "says more.")
        self._ready = True


class _Run:
    """One notebook under way: its sockets, its clock, what came so far."""

    def __init__(self, request: Request, data: socket.socket, status: socket.socket) -> None:
        self.request, self.data, self.status = request, data, status
        self.found = Result()
        self.cells = {index for index, _ in request.cells}
        self.waiting = set(self.cells)
        self.lines = Lines(3 * request.limits.notebook_output_bytes)
        self.received = self.parts = 0
        self.begun = self.done = self.interrupted = False
        self.why = ""  # why it was killed

    def result(self) -> Result:
        payload = self.request.to_bytes()
        self.data.sendall(HEADER.pack(len(payload)) + payload)
        start = time.monotonic()
        self.cell_end = self.end = start + PATIENCE_SECONDS
        news = b""
        while not news:
            self._keep_time()
            wait = max(0.01, min(self.cell_end, self.end) - time.monotonic())
            ends = [self.status] if self.done else [self.data, self.status]
            ready, *_ = select.select(ends, [], [], wait)
            if self.data in ready:
                self._read()
            elif self.status in ready:
                news = self.status.recv(1 << 16)
                if not news:
                    raise ServerEnded
        # The child has ended; every line counts that it had sent.
        while not self.done and select.select([self.data], [], [], 0)[0]:
            self._read()
        self.found.seconds = time.monotonic() - start
        news = json.loads(news)
        self.found.cpu_seconds = news["cpu_seconds"]
        self.found.peak_bytes = max(self.found.peak_bytes, news["peak_bytes"])
        return self._finish(news["code"])

    def _keep_time(self) -> None:
        """The clock is read before every event: a notebook that keeps talking is late too."""
        now, limits = time.monotonic(), self.request.limits
        if self.why or self.done:
            if now >= self.end:
                raise ServerEnded  # not even the server buries its child any more
        elif now >= self.end:
            self._kill(f"the notebook took more than {limits.notebook_seconds:g} seconds"
                       if self.begun else "it could not be started")
        elif now >= self.cell_end and self.interrupted:
            self._kill("it took too long and did not stop when interrupted")
        elif now >= self.cell_end:
            self.status.sendall(INTERRUPT)
            self.interrupted, self.cell_end = True, now + GRACE_SECONDS

    def _kill(self, why: str) -> None:
        self.why = why
        self._end()

    def _end(self) -> None:
        self.cell_end = self.end = time.monotonic() + PATIENCE_SECONDS
        with suppress(BrokenPipeError):
            self.status.sendall(KILL)

    def _read(self) -> None:
        chunk = self.data.recv(1 << 18)
        self.received += len(chunk)
        self.parts += LINE_PARTS * chunk.count(b"\n") + sum(map(chunk.count, (b"[", b"{", b",")))
        flooded = self.parts > MAX_PARTS
        if not chunk:
            self.done = True
            self._end()
        elif not self.why and (
                flooded or self.received > 4 * self.request.limits.notebook_output_bytes):
            self._kill("it sent more than its outputs may hold")
        if flooded:
            return
        for line in self.lines.feed(chunk):
            self._take(event(line))

    def _take(self, said: dict) -> None:
        limits = self.request.limits
        if not self.begun:
            # The first line is the child's own, before any cell ran.
            if "refused" in said:
                raise Refused(said["refused"])
            if "failed" in said:
                raise ServerEnded(said["failed"])
            self.begun = True
            self.found.missing = [str(name) for name in said.get("missing", [])]
            now = time.monotonic()
            self.end, self.cell_end = now + limits.notebook_seconds, now + limits.cell_seconds
        elif said.get("done") is True:
            self.done = True
            self._end()
        elif type(said.get("cell")) is int and said["cell"] in self.cells:
            index, outputs = said["cell"], outputs_of(said.get("outputs"))
            if index in self.waiting:
                self.waiting.remove(index)
                if self.interrupted:
                    outputs.append(_error("CellTimeoutError", "the cell took more than "
                                          f"{limits.cell_seconds:g} seconds and was interrupted"))
                if not self.why:
                    self.interrupted = False
                    self.cell_end = time.monotonic() + limits.cell_seconds
            self.found.outputs[index] = outputs
            if type(said.get("count")) is int and said["count"] >= 0:
                self.found.counts[index] = said["count"]

    def _finish(self, code: int) -> Result:
        if not self.waiting:
            return self.found
        if code == -signal.SIGKILL and not self.why:
            raise ServerEnded  # neither we did it nor the notebook, which cannot reach its guard
        why = self.why or sandbox.REASONS.get(code) or "its process ended early"
        return unfinished(self.request, self.found, why)


def unfinished(request: Request, found: Result, why: str) -> Result:
    """Give every cell that did not run to its end an error that says why."""
    found.problem = f"The notebook was not run to its end: {why}."
    reason = why
    for index, _ in request.cells:
        if index not in found.outputs:
            found.outputs[index] = [_error("NotRun", "the cell was not run to its end: " + reason)]
            reason = "a cell before it stopped the notebook"
    return found


def _error(name: str, text: str) -> dict:
    return {"output_type": "error", "ename": name, "evalue": text,
            "traceback": [f"{name}: {text}"]}
