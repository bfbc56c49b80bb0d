"""System calls that Python has no function for, each in one line of explanation.

Every function raises :class:`OSError` when the kernel says no; on other systems than Linux
all of them do. Names and constants are those of the manual pages.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

from .numbers import number

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
CLONE_NEW = (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER
             | CLONE_NEWPID | CLONE_NEWNET)
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND = 1, 2, 4, 8, 32, 4096
MS_REC, MS_SLAVE = 16384, 1 << 19
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 36, 38, 47
PR_CAP_AMBIENT_CLEAR_ALL, SECCOMP_MODE_FILTER = 4, 2
LINUX = sys.platform == "linux"

_libc = ctypes.CDLL(None, use_errno=True) if LINUX else None
if _libc:
    _libc.syscall.restype = ctypes.c_long
    _libc.mount.argtypes = [ctypes.c_char_p] * 3 + [ctypes.c_ulong, ctypes.c_char_p]


def _call(name: str, *args: object) -> int:
    if _libc is None:
        raise OSError(errno.ENOSYS, f"{name} is a call of Linux")
    result = getattr(_libc, name)(*args)
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result


def raw(name: str, *args: object) -> int:
    """A call by its number, for those that the C library has no function for."""
    found = number(name) if LINUX else None
    if found is None:
        raise OSError(errno.ENOSYS, f"{name} is unknown on this machine")
    return _call("syscall", ctypes.c_long(found), *(
        ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args))


def read(path: str) -> str:
    """A small file of the kernel's, such as those in /proc; without the layers of open()."""
    number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        parts = []
        while part := os.read(number, 1 << 16):
            parts.append(part)
        return b"".join(parts).decode()
    finally:
        os.close(number)


def prctl(option: int, *args: int) -> int:
    """Change a property of this process."""
    return _call("prctl", option, *(ctypes.c_ulong(arg) for arg in (*args, 0, 0, 0, 0)[:4]))


def unshare(flags: int) -> None:
    """Move this process (a new PID namespace: its next child) into namespaces of its own."""
    _call("unshare", flags)


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    """Attach a file system, or with MS_BIND a folder or file that there is, at ``target``."""
    _call("mount", os.fsencode(source), os.fsencode(target), kind.encode() or None, flags,
          data.encode() or None)


def umount(target: str) -> None:
    """Detach what is mounted at ``target``; it goes when nobody uses it any more."""
    _call("umount2", os.fsencode(target), MNT_DETACH)


def pivot_root(new: str, old: str) -> None:
    """Make ``new`` the root folder and put the former root at ``old`` below it."""
    raw("pivot_root", os.fsencode(new), os.fsencode(old))


def mount_setattr(path: str, set_: int, clear: int = 0) -> None:
    """Change attributes (MS_RDONLY, MS_NOSUID, MS_NODEV) of a mount and of all below it."""
    # struct mount_attr; MOUNT_ATTR_* have the values of the three MS_* flags.
    raw("mount_setattr", -100, os.fsencode(path), 0x8000, struct.pack("=4Q", set_, clear, 0, 0), 32)


def drop_bounding_set() -> None:
    """Give up for good what a program with file capabilities could win back."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError as error:
            if error.errno == errno.EINVAL:  # one past the last that this kernel knows
                return
            raise


def drop_capabilities() -> None:
    """Give up all capabilities of this process: effective, permitted, inheritable, ambient."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    # struct __user_cap_header_struct, version 3, and two times three words of nothing.
    _call("capset", struct.pack("=Ii", 0x20080522, 0), bytes(24))


def set_seccomp(program: bytes) -> None:
    """Filter the system calls of this process and its children with a BPF program."""
    code = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: the number of instructions of eight bytes, and where they are.
    filter_ = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    _call("prctl", PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER), filter_,
          ctypes.c_ulong(0), ctypes.c_ulong(0))


def die_with_parent(signal_number: int, parent: int | None) -> None:
    """Have the kernel send ``signal_number`` when the parent ends; it may just have done so.

    ``parent`` is its process id, or None where it is not known or can't be seen.
    """
    prctl(PR_SET_PDEATHSIG, signal_number)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def wipe(start: int, end: int) -> None:
    """Overwrite a piece of this process's own memory with zeros."""
    ctypes.memset(start, 0, end - start)
