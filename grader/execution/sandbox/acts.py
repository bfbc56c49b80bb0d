"""What a hostile notebook would try, each act as one small function.

An act has succeeded when it returns True or when its effect is seen outside; one that raises
has been stopped. :mod:`.probes` runs them.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..protocol import MIB, Limits
from . import syscalls


@dataclass(frozen=True)
class Aim:
    """What the acts aim at, all of it outside the sandbox.

    Attributes
    ----------
    folder, file : Path
        A folder that everybody may write to, and a file in it.
    descriptor : int
        The file, open for reading and writing in the process that forks.
    pid : int
        A process of the same user.
    tcp, udp : int
        Ports of this machine where somebody listens.
    path, abstract : str or bytes
        Unix sockets where somebody listens; the second may be empty.
    secrets : tuple of str
        Folders that no notebook may see.
    limits : Limits
    """

    folder: Path
    file: Path
    descriptor: int
    pid: int
    tcp: int
    udp: int
    path: str
    abstract: bytes
    secrets: tuple[str, ...]
    limits: Limits


Act = tuple[str, str, Callable[[Aim], "bool | None"]]


def _connect(aim: Aim) -> None:
    socket.create_connection(("127.0.0.1", aim.tcp), timeout=2).close()


def _send(aim: Aim) -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", aim.udp))


def _send_to_path(aim: Aim) -> None:
    # A pair needs no call of socket(), and can be turned to another address.
    for make in (lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM),
                 lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0]):
        with suppress(OSError):
            make().sendto(b"x", aim.path)


def _send_abstract(aim: Aim) -> None:
    if aim.abstract:
        for make in (lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM),
                     lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0]):
            with suppress(OSError):
                make().sendto(b"x", aim.abstract)


def _read_file(aim: Aim) -> bool:
    return bool(aim.file.read_bytes())


def _read_secret(aim: Aim) -> bool:
    for folder in aim.secrets:
        for path in Path(folder).rglob("*"):
            with suppress(OSError):
                if path.is_file() and path.read_bytes():
                    return True
    return False


def _read_environment(aim: Aim) -> bool:
    return bool(Path(f"/proc/{aim.pid}/environ").read_bytes())


def _read_through_root(aim: Aim) -> bool:
    return bool(Path(f"/proc/{aim.pid}/root{aim.file}").read_bytes())


def _read_descriptor(aim: Aim) -> bool:
    return bool(os.pread(aim.descriptor, 1, 0))


def _append(aim: Aim) -> None:
    with aim.file.open("a") as stream:
        stream.write("changed")


def _create(aim: Aim) -> None:
    (aim.folder / "new").write_text("made")


def _delete(aim: Aim) -> None:
    aim.file.unlink()


def _change_mode(aim: Aim) -> None:
    aim.file.chmod(0)


def _write_descriptor(aim: Aim) -> None:
    os.pwrite(aim.descriptor, b"changed", 0)


def _terminate(aim: Aim) -> None:
    os.kill(aim.pid, signal.SIGTERM)
    time.sleep(0.05)  # it is looked for at the end


def _trace(aim: Aim) -> bool:
    seize = 0x4206  # does not stop the other process, and ends with this one
    syscalls.raw("ptrace", seize, aim.pid, 0, 0)
    return True


def _read_memory(aim: Aim) -> bool:
    own = ctypes.create_string_buffer(8)
    where = (ctypes.c_size_t * 2)(ctypes.addressof(own), 8)
    syscalls.raw("process_vm_readv", aim.pid, where, 1, where, 1, 0)
    return True


def _open_memory(aim: Aim) -> bool:
    os.close(os.open(f"/proc/{aim.pid}/mem", os.O_RDONLY))
    return True


def _daemon(aim: Aim) -> None:
    """A process that has left its parent and session behind; it ends by itself."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(3)
        os._exit(0)
    os.wait()


def _many(aim: Aim) -> bool:
    count = 0
    while count < 3 * aim.limits.processes:
        if os.fork() == 0:
            time.sleep(5)
            os._exit(0)
        count += 1
    return True


def _much_together(aim: Aim) -> bool:
    """Processes of which none is too large, but all together are."""
    share = aim.limits.memory_bytes // 4
    for _ in range(8):
        if os.fork() == 0:
            block = mmap.mmap(-1, share, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            for place in range(0, share, mmap.PAGESIZE):
                block[place] = 1
            time.sleep(5)
            os._exit(0)
    time.sleep(2)  # whoever is watched does not live so long
    return True


def _much_alone(aim: Aim) -> bool:
    return len(bytearray(aim.limits.memory_bytes + 64 * MIB)) > 0


def _fill(aim: Aim) -> bool:
    block = bytes(aim.limits.disk_bytes // 2)
    for number in range(8):
        Path(f"block{number}").write_bytes(block)
    time.sleep(1)
    return True


def _fill_memory_files(aim: Aim) -> bool:
    block = bytes(aim.limits.disk_bytes // 2)
    for number in range(8):
        Path(f"/dev/shm/reading-idlib-{aim.pid}-{number}").write_bytes(block)
    return True


def memory_files(aim: Aim) -> list[Path]:
    """What the act before this one left where it succeeded."""
    return list(Path("/dev/shm").glob(f"reading-idlib-{aim.pid}-*"))


def _many_files(aim: Aim) -> bool:
    for number in range(2 * aim.limits.inodes):
        Path(f"file{number}").touch()
    time.sleep(1)
    return True


def _open_many(aim: Aim) -> bool:
    return len([os.dup(0) for _ in range(aim.limits.open_files + 1)]) > 0


def _calls(aim: Aim) -> bool:
    """Calls that an unprivileged process may well make: any answer but a refusal is one."""
    word = ctypes.create_string_buffer(256)
    for name, args in {"unshare": (syscalls.CLONE_NEWUSER,), "keyctl": (0, -3, 1),
                       "userfaultfd": (1,), "io_uring_setup": (1, word),
                       "perf_event_open": (word, 0, -1, -1, 0), "bpf": (0, word, 0),
                       "memfd_create": (b"probe", 0), "open_tree": (-100, b"/", 1)}.items():
        try:
            syscalls.raw(name, *args)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOSYS, errno.EACCES):
                return True
        else:
            return True
    return False


def _unfiltered(aim: Aim) -> bool:
    if sys.platform != "linux":
        return True
    seccomp_get_mode = 21
    return syscalls.prctl(seccomp_get_mode) != 2


#: Acts that can be tried one after the other in one sandbox.
TOGETHER: list[Act] = [
    ("network", "a TCP connection", _connect),
    ("network", "a UDP packet", _send),
    ("network", "a message to a Unix socket", _send_to_path),
    ("network", "a message to an abstract socket", _send_abstract),
    ("read", "a file that everybody may read was read", _read_file),
    ("read", "the answer key or the classroom was read", _read_secret),
    ("read", "the environment of another process was read", _read_environment),
    ("read", "a file was read through another process's root", _read_through_root),
    ("read", "a file was read through an inherited descriptor", _read_descriptor),
    ("write", "a file outside the work folder was changed", _append),
    ("write", "a file outside the work folder was made", _create),
    ("write", "the rights of a file outside the work folder were changed", _change_mode),
    ("write", "a file was changed through an inherited descriptor", _write_descriptor),
    ("write", "a file outside the work folder was deleted", _delete),
    ("processes", "another process was traced", _trace),
    ("processes", "the memory of another process was read", _read_memory),
    ("processes", "the memory of another process was opened", _open_memory),
    ("processes", "another process was ended", _terminate),
    ("kernel", "system calls that lead out of sandboxes were made", _calls),
    ("kernel", "no filter of system calls is in place", _unfiltered),
    ("disk", "more files were open than allowed", _open_many),
]
#: Acts that may end their sandbox.
ALONE: list[Act] = [
    ("processes", "a process outlived the notebook", _daemon),
    ("fork", "more processes were started than allowed", _many),
    ("memory", "one process took more memory than allowed", _much_alone),
    ("memory", "processes took more memory together than allowed", _much_together),
    ("disk", "more was written than allowed", _fill),
    ("disk", "more was written to /dev/shm than allowed", _fill_memory_files),
    ("disk", "more files were made than allowed", _many_files),
]

def work_folder_is_usable() -> None:
    """The opposite: what any notebook needs, and what must work. Raises when it does not."""
    Path("file").write_text("work")
    with tempfile.TemporaryFile() as stream:
        stream.write(b"temporary")
    Path(os.__file__).read_bytes()
    next(Path(sys.prefix).iterdir())
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    Path(os.devnull).write_text("")
