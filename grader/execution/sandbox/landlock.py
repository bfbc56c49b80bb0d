"""Landlock: files, signals and sockets that this process and its children may still reach.

It needs no rights and no namespace, so it holds in containers too. Rules can only allow; what
no rule names is refused. See landlock(7).
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Mapping

from . import syscalls

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
READ = EXECUTE | READ_FILE | READ_DIR
ALL = (1 << 16) - 1
#: Rights that a rule for a file, not a folder, may name.
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | _TRUNCATE | _IOCTL_DEV
_TCP = 0b11  # bind, connect
_SCOPES = 0b11  # abstract Unix sockets, signals


def version() -> int:
    """The version of Landlock in this kernel; 0 where there is none."""
    try:
        return syscalls.raw("landlock_create_ruleset", 0, 0, 1)
    except OSError:
        return 0


def restrict(rights: Mapping[str, int], network: bool) -> None:
    """Leave this process what ``rights`` names: paths, each with what may be done below it.

    Signals and abstract Unix sockets reach only processes that were restricted with this one
    (from version 6 on). ``network`` leaves TCP alone. PR_SET_NO_NEW_PRIVS must be set. Paths
    that there are not are left out.

    Raises
    ------
    OSError
        Where the kernel has no Landlock, or it is switched off.
    """
    abi = version()
    handled = ALL
    for since, right in ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEV)):
        if abi < since:
            handled &= ~right
    # struct landlock_ruleset_attr has grown with its versions.
    attributes = [handled]
    if abi >= 4:
        attributes.append(0 if network else _TCP)
    if abi >= 6:
        attributes.append(_SCOPES)
    data = struct.pack(f"={len(attributes)}Q", *attributes)
    ruleset = syscalls.raw("landlock_create_ruleset", data, len(data), 0)
    try:
        for path, allowed in rights.items():
            _allow(ruleset, path, allowed & handled)
        syscalls.raw("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, allowed: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            allowed &= _OF_FILES
        # struct landlock_path_beneath_attr; 1 is LANDLOCK_RULE_PATH_BENEATH.
        syscalls.raw("landlock_add_rule", ruleset, 1, struct.pack("=Qi", allowed, place), 0)
    finally:
        os.close(place)
