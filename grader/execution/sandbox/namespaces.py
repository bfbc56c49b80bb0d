"""Namespaces and user ids: in which ways a notebook can be parted from everybody else."""

from __future__ import annotations

import functools
import os
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from . import syscalls

try:
    import fcntl
except ImportError:  # Windows, where this module is imported, but nothing is run
    fcntl = None

# Far above all ids that systems and containers give out (systemd.io/UIDS-GIDS).
_FIRST_ID = 2_000_000_000
_INSIDE = 1000
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1


@dataclass(frozen=True)
class Way:
    """How a notebook is parted from the rest of the machine.

    Attributes
    ----------
    private : bool
        Namespaces of its own: mount, PID, network, IPC, UTS, cgroup.
    user : bool
        With them a user namespace, which gives the right to make the others.
    drop : bool
        Root gives itself up for an id that nobody else has.
    """

    private: bool
    user: bool = False
    drop: bool = False

    def __str__(self) -> str:
        parts = (["namespaces of its own"] if self.private else ["no namespaces"]) + (
            ["made by root"] if self.private and not self.user else []) + (
            ["an unused user id"] if self.drop else [])
        return ", ".join(parts)


def ways() -> list[Way]:
    """The ways for this user, the best one first."""
    if os.getuid() == 0:
        # Root needs no user namespace, and reads Python wherever it lies while it mounts.
        return [Way(True, drop=True), Way(True, True, True), Way(False, drop=True), Way(False)]
    return [Way(True, True), Way(False)]


def spare_id() -> int:
    """A user id that no other process has: it follows from the id of this process."""
    mapped = mapped_ids()
    wanted = _FIRST_ID + os.getpid()
    if any(first <= wanted < first + count for first, _, count in mapped):
        return wanted
    # A container has fewer; the upper half of its largest range is hardly ever given out.
    count, first = max((count, first) for first, _, count in mapped)
    return first + count - 1 - os.getpid() % max(1, count // 2)


@functools.cache
def mapped_ids() -> list[tuple[int, ...]]:
    """Ranges of user ids that this user namespace has: first id, first outside, count."""
    return [tuple(map(int, line.split()))
            for line in syscalls.read("/proc/self/uid_map").splitlines()]


def part(way: Way) -> int:
    """In the guard: make all namespaces but the mount namespace; the next child is inside.

    Returns the user id that the runner has, or must take, in there.
    """
    user = spare_id() if way.drop else os.getuid()
    if way.drop and way.user:
        become(user)
    group = os.getgid()
    if way.private:
        syscalls.unshare(syscalls.CLONE_NEW & ~syscalls.CLONE_NEWNS
                         & ~(0 if way.user else syscalls.CLONE_NEWUSER))
    if way.user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{_INSIDE} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{_INSIDE} {group} 1")
        user = _INSIDE
    return user


def become(user: int) -> None:
    """Take a user id for good, with it a group of the same number and no other groups."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    # The kernel guards what changed its id from its own /proc files.
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)


def lo_up() -> None:
    """Bring up the one interface of an empty network namespace: libzmq aborts without it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack_from("16xh", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, request))[0]
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))


def give_up_rights(way: Way, user: int) -> None:
    """In the runner, at last: no capabilities, no way back to them, no root."""
    if os.geteuid() == 0 or way.user:
        syscalls.drop_bounding_set()
    if way.drop and not way.user:
        become(user)
    syscalls.drop_capabilities()
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)
