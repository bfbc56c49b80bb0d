"""Run a command in a process of its own and measure it from outside."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil
from places import BIN, ROOT


@dataclass
class Run:
    """One finished command: seconds, and what it printed.

    ``cpu`` counts the process and all descendants that it waited for. ``marks`` holds the time,
    from the start, of every line that matches the pattern asked for.
    """

    wall: float
    cpu: float
    output: str
    marks: list[float] = field(default_factory=list)


def environment() -> dict[str, str]:
    """As a user has it, but with no log of checks and no articles beside the checkout."""
    paths = [str(ROOT), str(ROOT / "tests")]
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "200",
            "READING_IDLIB_LOG": os.devnull, "PYTHONPATH": os.pathsep.join(paths)}


def run(words: list[str], cwd: Path, mark: str = "", watch: Memory | None = None) -> Run:
    """Run a command to its end; raises :class:`RuntimeError` with its output when it fails."""
    pattern, marks, lines = re.compile(mark or r"(?!)"), [], []
    start = time.perf_counter()
    process = subprocess.Popen(words, cwd=cwd, env=environment(), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if watch is not None:
        watch.begin(process.pid)
    for line in process.stdout:
        if pattern.search(line):
            marks.append(time.perf_counter() - start)
        lines.append(line)
    if watch is not None:
        watch.end()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, words))}\n{''.join(lines)[-4000:]}")
    return Run(wall, usage.ru_utime + usage.ru_stime, "".join(lines), marks)


def python(*words: str) -> list[str]:
    """A command of this environment's Python."""
    return [sys.executable, *words]


class Memory:
    """Samples the memory of a process tree, by role, until told to stop.

    PSS counts a page that several processes share once, split among them; where the kernel does
    not tell it, RSS counts it for each.

    Attributes
    ----------
    peaks : dict of str to int
        The most bytes seen of ``grader``, ``fork server``, one ``notebook`` and ``all together``.
    """

    def __init__(self, interval: float = 0.02) -> None:
        self.peaks: dict[str, int] = defaultdict(int)
        self.unit = "PSS"
        self._interval, self._stop = interval, threading.Event()

    def begin(self, pid: int) -> None:
        self._thread = threading.Thread(target=self._sample, args=(psutil.Process(pid),))
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self, root: psutil.Process) -> None:
        while not self._stop.wait(self._interval):
            now: dict[str, int] = {"grader": self._bytes(root)}
            try:
                servers = root.children()
            except psutil.NoSuchProcess:
                continue
            for server in servers:
                now["fork server"] = now.get("fork server", 0) + self._bytes(server)
                for child in _children(server):
                    size = self._bytes(child) + sum(
                        self._bytes(one) for one in _children(child, recursive=True))
                    self.peaks["one notebook"] = max(self.peaks["one notebook"], size)
                    now["notebooks"] = now.get("notebooks", 0) + size
            now["all together"] = sum(now.values())
            for name, size in now.items():
                self.peaks[name] = max(self.peaks[name], size)

    def _bytes(self, process: psutil.Process) -> int:
        try:
            return process.memory_full_info().pss
        except psutil.NoSuchProcess:
            return 0
        except (psutil.AccessDenied, AttributeError):
            self.unit = "RSS"
        try:
            return process.memory_info().rss
        except psutil.NoSuchProcess:
            return 0


def _children(process: psutil.Process, recursive: bool = False) -> list[psutil.Process]:
    try:
        return process.children(recursive=recursive)
    except psutil.NoSuchProcess:
        return []


def middle(values: list[float]) -> float:
    """The median; of nothing, 0."""
    return median(values) if values else 0.0
