"""What the processes of a notebook use together: memory and, without a private view, disk."""

# Paths as text: this runs for every notebook, or many times a second.
# ruff: noqa: PTH116, PTH208

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress

from . import syscalls

_PAGE = os.sysconf("SC_PAGESIZE") if hasattr(os, "sysconf") else 4096


def descendants(ancestor: int) -> list[int]:
    """Process ids of all that ``ancestor`` and its descendants started and that still is."""
    found, waiting = [], [ancestor]
    while waiting:
        pid = waiting.pop()
        with suppress(OSError):
            for thread in os.listdir(f"/proc/{pid}/task"):
                children = syscalls.read(f"/proc/{pid}/task/{thread}/children").split()
                waiting += map(int, children)
                found += map(int, children)
    return found


def memory(pids: Sequence[int], start: int, folders: Iterable[int], limit: int) -> int:
    """Bytes of memory in use, never less than there are.

    A bound that costs little is enough as long as it stays below ``limit``: what is resident,
    and all that was mapped since. Above it each page is counted once.

    Parameters
    ----------
    pids : sequence of int
    start : int
        Bytes of address space that the runner had when it began.
    folders : iterable of int
        Open folders of file systems whose content is memory.
    limit : int
    """
    files = sum(status.f_frsize * (status.f_blocks - status.f_bfree)
                for status in map(os.fstatvfs, folders))
    bound = files
    for pid in pids:
        with suppress(OSError, ValueError, IndexError):
            mapped, resident = syscalls.read(f"/proc/{pid}/statm").split()[:2]
            bound += int(resident) * _PAGE + max(0, int(mapped) * _PAGE - start)
    return bound if bound <= limit else files + _counted(pids)


def _counted(pids: Sequence[int]) -> int:
    total, shared = 0, {}
    for pid in pids:
        with suppress(OSError):
            total += _own(pid)
            for line in syscalls.read(f"/proc/{pid}/maps").splitlines():
                # Memory that processes share without a file stays as long as one of them has
                # it mapped, whether or not its pages are counted as resident in any.
                if line.endswith("/dev/zero (deleted)"):
                    span, _, offset, _, inode, *_ = line.split()
                    first, last = (int(part, 16) for part in span.split("-"))
                    shared[inode] = max(shared.get(inode, 0), int(offset, 16) + last - first)
    return total + sum(shared.values())


def _own(pid: int) -> int:
    """A process's share of the memory that belongs to no file."""
    try:
        lines = syscalls.read(f"/proc/{pid}/smaps_rollup").splitlines()[1:]
        sizes = dict(line.split(":") for line in lines)
        return int(sizes.get("Pss_Anon", sizes["Pss"]).split()[0]) * 1024
    except (PermissionError, KeyError, ValueError):
        # It hides its memory from us: then all that is resident counts as its own.
        return int(syscalls.read(f"/proc/{pid}/statm").split()[1]) * _PAGE


def disk(folder: str, pids: Sequence[int], most: int) -> tuple[int, int]:
    """Bytes and number of files in ``folder``, counted up to ``most`` files.

    Files that were deleted but that a process still has open count too.
    """
    size, number, waiting = 0, 0, [folder]
    while waiting and number <= most:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                number += 1
                if number > most:
                    break
                status = entry.stat(follow_symlinks=False)
                size += status.st_blocks * 512
                if stat.S_ISDIR(status.st_mode):
                    waiting.append(entry.path)
    device, deleted = os.stat(folder).st_dev, {}
    for pid in pids:
        with suppress(OSError):
            for entry in os.scandir(f"/proc/{pid}/fd"):
                with suppress(OSError):
                    status = os.stat(entry.path)
                    if (not status.st_nlink and status.st_dev == device
                            and stat.S_ISREG(status.st_mode)):
                        deleted[status.st_ino] = status.st_blocks * 512
    return size + sum(deleted.values()), number + len(deleted)
