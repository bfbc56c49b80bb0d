"""Run a command in a process of its own and measure it from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
from places import BIN, ROOT


@dataclass(frozen=True)
class Run:
    """One finished command: wall time and CPU time in seconds, and what it printed.

    ``cpu`` counts the process and all descendants that were waited for.
    """

    wall: float
    cpu: float
    output: str


def environment() -> dict[str, str]:
    """As a user has it, but with no log of checks and no articles beside the checkout."""
    paths = [str(ROOT), str(ROOT / "tests")]
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "200",
            "READING_IDLIB_LOG": os.devnull, "PYTHONPATH": os.pathsep.join(paths)}


def run(words: list[str], cwd: Path, watch: Memory | None = None) -> Run:
    """Run a command to its end; raises :class:`RuntimeError` with its output when it fails."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(words, cwd=cwd, env=environment(), stdin=subprocess.DEVNULL,
                                   stdout=said, stderr=subprocess.STDOUT)
        if watch is not None:
            watch.begin(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if watch is not None:
            watch.end()
        said.seek(0)
        output = said.read()
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)}\n{output[-4000:]}")
    return Run(wall, usage.ru_utime + usage.ru_stime, output)


def python(*words: str) -> list[str]:
    """A command of this environment's Python."""
    return [sys.executable, *words]


class Memory:
    """Samples the memory of ``grader grade`` by role, from :meth:`begin` to :meth:`end`.

    PSS counts a page that several processes share once, split among them; where the kernel does
    not tell it, RSS counts it for each.
    """

    def __init__(self, interval: float = 0.02) -> None:
        self._unit, self._interval, self._stop = "PSS", interval, threading.Event()
        self._peaks: dict[str, int] = defaultdict(int)
        self._notebooks: dict[int, int] = defaultdict(int)

    def found(self) -> dict:
        """Peaks in bytes by role, and the unit that was measured."""
        notebooks = list(self._notebooks.values()) or [0]
        # The sandbox tries itself out at the start: the median is a notebook, the most may not be.
        return {"unit": self._unit, "grader": self._peaks["grader"],
                "fork server": self._peaks["fork server"],
                "one notebook, median": int(median(notebooks)),
                "the most under the fork server": self._peaks["under"],
                "all together": self._peaks["all"]}

    def begin(self, pid: int) -> None:
        self._thread = threading.Thread(target=self._sample, args=(psutil.Process(pid),))
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self, root: psutil.Process) -> None:
        while not self._stop.wait(self._interval):
            now = {"grader": self._bytes(root), "fork server": 0, "under": 0}
            for server in _children(root):
                now["fork server"] += self._bytes(server)
                for child in _children(server):
                    size = sum(map(self._bytes, [child, *_children(child, recursive=True)]))
                    self._notebooks[child.pid] = max(self._notebooks[child.pid], size)
                    now["under"] += size
            now["all"] = sum(now.values())
            for name, size in now.items():
                self._peaks[name] = max(self._peaks[name], size)

    def _bytes(self, process: psutil.Process) -> int:
        try:
            return process.memory_full_info().pss
        except psutil.NoSuchProcess:
            return 0
        except (psutil.AccessDenied, AttributeError):
            self._unit = "RSS"
        try:
            return process.memory_info().rss
        except psutil.NoSuchProcess:
            return 0


def _children(process: psutil.Process, recursive: bool = False) -> list[psutil.Process]:
    try:
        return process.children(recursive=recursive)
    except psutil.NoSuchProcess:
        return []
