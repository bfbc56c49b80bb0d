"""The guard: the process that stays outside, watches the runner and leaves nothing behind.

It sleeps until a signal comes or the next measurement is due. What it decides it says with its
exit status, which no notebook can forge: the runner's own status is never passed on as such.
"""

# Paths as text: this runs for every notebook, or many times a second.
# ruff: noqa: PTH101, PTH112, PTH114, PTH118

from __future__ import annotations

import gc
import os
import select
import shutil
import signal
import time
from contextlib import suppress
from typing import NoReturn

from ..protocol import Limits
from . import syscalls, usage
from .cgroup import Group

#: Exit statuses of a guard. 0: the runner ended with status 0.
EXITED, MEMORY, DISK, TOLD, CRASHED = 80, 81, 82, 83, 128
#: What they mean, as the end of the sentence "The notebook was not run to its end: ...".
REASONS = {
    EXITED: "it ended its own process",
    MEMORY: "it used more memory than it may",
    DISK: "it wrote more, or more files, than it may",
    TOLD: "it was stopped from outside",
} | {CRASHED + number: f"its process was ended by the signal {number.name}"
     for number in signal.Signals if number < 64}
# Memory fills no faster than this on any machine we know (bytes per second); the time to the
# next look follows from it, between these bounds in seconds.
_FASTEST, _SOONEST, _LATEST = 6 << 30, 0.005, 0.25


class Guard:
    """Takes the signals of the process that makes it; :meth:`watch` never returns."""

    def __init__(self, limits: Limits, contained: bool, group: Group) -> None:
        """``contained``: the runner is the first process of a PID namespace."""
        self._cgroup = group
        self.limits, self.contained = limits, contained
        self.runner, self._told = 0, False
        self._status = EXITED
        self._parent = os.getppid()
        self._woken, self._waker = os.pipe()
        for end in (self._woken, self._waker):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, self._interrupt)
        signal.signal(signal.SIGTERM, self._tell)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        if not contained:
            with suppress(OSError):  # orphans come to this process; elsewhere, to nobody
                syscalls.prctl(syscalls.PR_SET_CHILD_SUBREAPER, 1)

    def let_go(self) -> None:
        """In the runner, after the fork: be a process like any other again."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def _interrupt(self, *_: object) -> None:
        if self.runner:
            with suppress(ProcessLookupError):
                os.kill(self.runner, signal.SIGINT)

    def _tell(self, *_: object) -> None:
        self._told = True

    def watch(self, home: str, start: int) -> NoReturn:
        """Wait for the end of the runner, or bring it about, and leave.

        ``home`` is the folder on a disk that is the notebook's own, or empty where its files
        lie in memory; ``start`` as in :func:`.usage.memory`.
        """
        self._group = self.runner
        folders = [] if home else self._tmpfs()
        close_all({self._woken, self._waker, *self._cgroup.descriptors, *folders})
        gc.disable()  # a collection would copy all pages that are shared with the warm parent
        waking = select.poll()
        waking.register(self._woken, select.POLLIN)
        why = None
        try:
            while why is None and self.runner and not self._told and not self._orphaned():
                self._bury()
                if self.runner:
                    why, wait = self._measure(home, start, folders)
                if self.runner and why is None:
                    waking.poll(wait * 1000)
                    with suppress(BlockingIOError):
                        os.read(self._woken, 4096)
            full = self._cgroup.overflowed()
        finally:  # whatever goes wrong here, nothing is left behind
            self._end_all()
            remove(home)
            self._cgroup.remove()
        # Who is told to end a runner is often told because it has just ended.
        if why is None:
            killed = self._status == CRASHED + signal.SIGKILL
            why = (MEMORY if killed and full else TOLD if killed and self._told else self._status)
        os._exit(why)

    def _orphaned(self) -> bool:
        """Linux sends a signal when the server dies; elsewhere it has to be noticed."""
        return not syscalls.LINUX and os.getppid() != self._parent

    def _tmpfs(self) -> list[int]:
        """The file systems in memory that the runner made, to see how full they are."""
        found = []
        for path in ("dev/shm", "tmp"):
            with suppress(OSError):
                found.append(os.open(f"/proc/{self.runner}/root/{path}", os.O_RDONLY))
        return found

    def _bury(self, wait: bool = False) -> bool:
        """Bury whoever has ended, and note how the runner did; whether somebody is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, 0 if wait else os.WNOHANG)
            except ChildProcessError:
                return False
            if not pid:
                return True
            if pid == self.runner:
                result = os.waitstatus_to_exitcode(status)
                self._status = CRASHED - result if result < 0 else EXITED if result else 0
                self.runner = 0

    def _measure(self, home: str, start: int, folders: list[int]) -> tuple[int | None, float]:
        pids, limits = usage.descendants(os.getpid()), self.limits
        used = usage.memory(pids, start, folders, limits.memory_bytes)
        if used > limits.memory_bytes:
            return MEMORY, 0
        wait = min(_LATEST, max(_SOONEST, (limits.memory_bytes - used) / _FASTEST))
        if home:
            size, number = usage.disk(home, pids, limits.inodes)
            if size > limits.disk_bytes or number > limits.inodes:
                return DISK, 0
            wait = min(wait, 0.05)
        return None, wait

    def _end_all(self) -> None:
        """Kill and bury the runner and all that came of it."""
        if self.contained:
            # With the first process of its namespace the kernel kills all others; it can be
            # buried when they are gone.
            if self.runner:
                os.kill(self.runner, signal.SIGKILL)
            self._bury(wait=True)
            return
        while True:
            # First stop them, until there is none that was not stopped: who stands still
            # starts no other.
            stopped: set[int] = set()
            while found := set(usage.descendants(os.getpid())) - stopped:
                _send(found, signal.SIGSTOP)
                stopped |= found
            _send(stopped, signal.SIGKILL)
            if not syscalls.LINUX:  # no /proc to find them by
                with suppress(OSError):
                    os.killpg(self._group, signal.SIGKILL)
            if not self._bury():
                return
            time.sleep(0.002)


def _send(pids: set[int], number: int) -> None:
    for pid in pids:
        with suppress(OSError):
            os.kill(pid, number)


def close_all(keep: set[int]) -> None:
    """Close every descriptor but 0-2 and ``keep``."""
    start = 3
    for number in sorted(keep):
        os.closerange(start, number)
        start = max(start, number + 1)
    os.closerange(start, os.sysconf("SC_OPEN_MAX"))


def remove(folder: str) -> None:
    """Delete the notebook's folder, whatever it made of it; "" is none."""
    shutil.rmtree(folder, ignore_errors=True)
    if os.path.isdir(folder):
        # Folders without rights: nobody is left who could change them behind our back.
        for parent, names, _ in os.walk(folder):
            for name in names:
                if not os.path.islink(path := os.path.join(parent, name)):
                    os.chmod(path, 0o700)
        shutil.rmtree(folder, ignore_errors=True)
