"""The fork server: a warm parent without secrets. Runs as ``python -m grader.execution.server``.

It imports what exercises import, once, and never anything of the answer key, so no child can
find a key in its memory. For every run the client passes two sockets over the control socket:
one goes to the child, which reads its request there and writes what the cells give; the other
stays here, for the client's orders and for the news that the child has ended. The client keeps
the clock; this process only forks, passes signals on, and buries.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

from . import child, late, sandbox, session
from .protocol import INTERRUPT, RUN_LATE

# A guard that is told to end has this long to kill what it guards, before it is killed itself.
GUARD_SECONDS = 2


class Server:
    """Children by process id, each with the status socket of its run."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.children: dict[int, socket.socket] = {}
        self.ending: dict[int, float] = {}
        self.complete = False  # with the packages of `late`
        # A signal wakes `select` through this pair: no death of a child is overlooked.
        self.wake, wake_end = socket.socketpair()
        for end in (self.wake, wake_end):
            end.setblocking(False)
        self._wake_end = wake_end
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake_end.fileno())

    def serve(self) -> None:
        """Fork, pass on, bury, until the client closes the control socket."""
        while True:
            by_socket = {status: pid for pid, status in self.children.items()}
            patience = 0.2 if self.ending else None
            ready, *_ = select.select([self.control, self.wake, *by_socket], [], [], patience)
            if self.wake in ready:
                with suppress(BlockingIOError):
                    self.wake.recv(4096)
            for status in ready:
                if status in by_socket:
                    self._order(by_socket[status], status)
            self._bury()
            if self.control in ready and not self._fork():
                break
        for pid, status in self.children.items():
            status.close()  # no news: what ends now has not ended by itself
            self._end(pid)
        deadline = time.monotonic() + GUARD_SECONDS
        while self.children and time.monotonic() < deadline:
            select.select([self.wake], [], [], 0.05)
            self._bury()
        for pid in self.children:
            _signal(pid, signal.SIGKILL)

    def _order(self, pid: int, status: socket.socket) -> None:
        """An order of the client; when it has gone away, its run ends."""
        try:
            order = status.recv(1)
        except OSError:
            order = b""
        if order == INTERRUPT:
            _signal(pid, signal.SIGINT)
        elif pid not in self.ending:
            self._end(pid)

    def _end(self, pid: int) -> None:
        self.ending[pid] = time.monotonic() + GUARD_SECONDS
        _signal(pid, signal.SIGTERM)

    def _bury(self) -> None:
        for pid, status in list(self.children.items()):
            ended, code, used = os.wait4(pid, os.WNOHANG)
            if ended:
                del self.children[pid]
                self.ending.pop(pid, None)
                news = {"code": os.waitstatus_to_exitcode(code),
                        "cpu_seconds": used.ru_utime + used.ru_stime,
                        # Linux counts in KiB, macOS in bytes.
                        "peak_bytes": used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)}
                with suppress(OSError):  # the client may have gone, or be about to
                    status.sendall(json.dumps(news).encode())
                status.close()
            elif time.monotonic() > self.ending.get(pid, float("inf")):
                _signal(pid, signal.SIGKILL)

    def _fork(self) -> bool:
        message, numbers, *_ = socket.recv_fds(self.control, 16, 2)
        if not message:
            return False
        data, status = numbers
        if message == RUN_LATE and not self.complete:
            late.bring()
            self.complete = True
        pid = os.fork()
        if pid == 0:
            try:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                child.main(data)
            finally:
                os._exit(1)
        os.close(data)
        self.children[pid] = socket.socket(fileno=status)
        return True


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def main() -> None:
    """Warm up, say so, and serve."""
    control = socket.socket(fileno=int(sys.argv[1]))
    # Ctrl-C in a terminal reaches the whole group; only the client decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The survey forks, which is cheaper before the process has grown.
    course = Path(__file__).parents[2]
    sandbox.prepare([str(course / "classroom"), str(course / "exercises")])
    session.warm()
    sandbox.refresh()
    control.sendall(b"ready")
    Server(control).serve()


if __name__ == "__main__":
    main()
