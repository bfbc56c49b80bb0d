"""Limits that the kernel keeps for each process (setrlimit(2))."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from pathlib import Path

from ..protocol import MIB, Limits
from . import syscalls

try:
    import resource
except ImportError:  # Windows, where this module is imported, but nothing is run
    resource = None

# As in a notebook started by hand; deeper recursion ends in RecursionError long before.
_STACK = 8 * MIB


def address_space() -> int:
    """Bytes of this process's address space, used or not; 0 where that can't be known."""
    return _statm(0)


def resident() -> int:
    """Bytes of memory that this process has now; 0 where that can't be known."""
    return _statm(1)


def _statm(column: int) -> int:
    try:
        pages = int(syscalls.read("/proc/self/statm").split()[column])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGESIZE")


def set_limits(limits: Limits, crowd: int) -> None:
    """Limit this process and, each for itself, the processes that it will start.

    Parameters
    ----------
    limits : Limits
    crowd : int
        Processes and threads of this user that are none of the notebook's, but that the
        kernel counts with them; -1 if they are not known.
    """
    cores, mapped = os.cpu_count() or 1, address_space()
    values = {
        # What the warm parent had mapped is there already and costs nothing.
        "AS": mapped + limits.memory_bytes if mapped else None,
        "NPROC": limits.processes + crowd if crowd >= 0 else None,
        "NOFILE": limits.open_files,
        "FSIZE": limits.disk_bytes,
        # 1 and not 0: with 0, a core that is piped to a program would still be written.
        "CORE": 1,
        "STACK": _STACK,
        # The client has the clock; this is for a client that stands still.
        "CPU": math.ceil(limits.notebook_seconds * cores) + 1,
        "MSGQUEUE": 0,
        "MEMLOCK": MIB,
    }
    for name, value in values.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is None or value is None:
            continue
        top = resource.getrlimit(kind)[1]
        if top != resource.RLIM_INFINITY:
            value = min(value, top)
        with suppress(OSError, ValueError):  # macOS refuses some; the probes tell
            resource.setrlimit(kind, (value, value))


def crowd(user: int) -> int:
    """Processes and threads that the user with this number has now; -1 if they can't be seen."""
    if not Path("/proc/self").exists():
        return -1
    count = 0
    for process in Path("/proc").glob("[1-9]*"):
        with suppress(OSError):
            if process.stat().st_uid == user:
                count += len(list((process / "task").iterdir()))
    return count
