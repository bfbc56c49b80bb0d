"""Limits of a control group, version 2, where one may be made (cgroups(7)).

The kernel then keeps the limits of memory and processes by itself and counts what no process
shows: buffers of pipes and sockets, page tables. Where there is none, the guard's watch over
memory and the limit of processes per user are left.
"""

from __future__ import annotations

import functools
import os
from contextlib import suppress
from pathlib import Path

from ..protocol import Limits

_PREFIX = "reading-idlib-"


@functools.cache
def parent() -> Path | None:
    """The group in which this process may make others with limits of their own, if any.

    It is the one above its own: a group that has processes can't give limits to its children.
    """
    try:
        own = next(line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines()
                   if line.startswith("0::"))
        mounts = [line.split(" - ") for line in
                  Path("/proc/self/mountinfo").read_text().splitlines()]
        root = next(Path(place.split()[4]) for place, kind in mounts
                    if kind.startswith("cgroup2 "))
        folder = root / own.strip("/")
        folder = folder if folder == root else folder.parent
        given = (folder / "cgroup.subtree_control").read_text().split()
    except (OSError, StopIteration):
        return None
    if not {"memory", "pids"} <= set(given) or not all(
            os.access(path, os.W_OK) for path in (folder, folder / "cgroup.procs")):
        return None
    for left in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # of a guard that was killed; who has processes stays
            left.rmdir()
    return folder


class Group:
    """A group for one notebook; where there can be none, all methods do nothing."""

    def __init__(self, limits: Limits, wanted: bool = True) -> None:
        self._folder: Path | None = None
        self._entrance = self._events = -1
        if not wanted or parent() is None:
            return
        folder = parent() / f"{_PREFIX}{os.getpid()}"
        with suppress(OSError):
            folder.mkdir()
            self._folder = folder
            for name, value in {"memory.max": limits.memory_bytes, "memory.swap.max": 0,
                                "memory.oom.group": 1, "pids.max": limits.processes}.items():
                with suppress(FileNotFoundError):  # no swap; older kernels
                    (folder / name).write_text(str(value))
            # Opened now: from inside other namespaces and ids they could not be.
            self._entrance = os.open(folder / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC)
            self._events = os.open(folder / "memory.events", os.O_RDONLY | os.O_CLOEXEC)

    @property
    def descriptors(self) -> set[int]:
        """What the guard has to keep open."""
        return {self._events} - {-1}

    def enter(self) -> None:
        """Put this process into the group."""
        if self._entrance >= 0:
            os.write(self._entrance, b"0")

    def overflowed(self) -> bool:
        """Whether the kernel had to end somebody for want of memory."""
        if self._events < 0:
            return False
        events = dict(line.split() for line in
                      os.pread(self._events, 4096, 0).decode().splitlines())
        return int(events.get("oom_kill", 0)) > 0

    def remove(self) -> None:
        """Remove the group, when its last process is buried."""
        if self._folder is not None:
            with suppress(OSError):
                self._folder.rmdir()
