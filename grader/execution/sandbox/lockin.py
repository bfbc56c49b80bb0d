"""From the warm parent's child to a locked-in runner, step by step, in the order that works."""

from __future__ import annotations

import functools
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from ..protocol import Limits
from . import cgroup, filesystem, landlock, namespaces, seccomp, syscalls
from . import limits as rlimits
from .cgroup import Group
from .filesystem import View
from .guard import Guard, close_all, remove
from .namespaces import Way

# Variables that programs need to find and to show things; the rest is nobody's business.
_KEPT = ("LANG", "LANGUAGE", "TZ", "TERM", "PAGER", "GIT_PAGER", "CLICOLOR", "CLICOLOR_FORCE",
         "FORCE_COLOR", "MPLBACKEND", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "PYTHONPATH",
         "PYTHONHASHSEED", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE", "OMP_NUM_THREADS",
         "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_KEPT_FAMILIES = ("LC_", "READING_IDLIB_", "NBGRADER_EXECUTION")


class Failed(RuntimeError):
    """The sandbox could not be built this time, though the machine gave it before."""


def lock_in(way: Way, view: View, limits: Limits, files: Mapping[str, bytes],
            keep: Sequence[int], parent: int | None) -> list[str]:
    """Fork the runner and return in it, locked in; this process becomes its guard.

    Takes a process with one thread; ``parent`` is the id of the process that forked it. Returns
    sentences about what could not be had.

    Raises
    ------
    Failed
        In the guard, before anything of the notebook ran.
    """
    os.setsid()
    with suppress(OSError):  # elsewhere than on Linux the client has to see to it
        syscalls.die_with_parent(signal.SIGTERM, parent)
    # Who gives itself up before it has made its namespaces can't remove a group of root's.
    group = Group(limits, wanted=not (way.user and way.drop))
    guard = Guard(limits, way.private, group)
    said, saying = os.pipe()
    home = ""
    try:
        user = namespaces.part(way)
        if not way.private:
            home = tempfile.mkdtemp(prefix="reading-idlib-")
            filesystem.make_folders(home, user if way.drop else None)
        guard.runner = os.fork()
    except OSError as error:
        remove(home)
        group.remove()
        raise Failed(str(error)) from error
    if guard.runner == 0:
        guard.let_go()
        return _runner(way, view, limits, files, keep, user, home, saying, group)
    os.close(saying)
    with os.fdopen(said, "rb") as answer:
        text = answer.read().decode(errors="replace")
    if text != "ready":
        os.waitpid(guard.runner, 0)
        remove(home)
        group.remove()
        raise Failed(text or "the process ended while it locked itself in")
    return guard.watch(home, rlimits.address_space())


def prepare(way: Way, view: View) -> None:
    """Compute in the warm parent what is the same for all of its children."""
    cgroup.parent()
    environment_area()
    namespaces.mapped_ids()
    filesystem.readable(view)
    seccomp.program(way.private, way.private, way.private)


def _runner(way: Way, view: View, limits: Limits, files: Mapping[str, bytes],
            keep: Sequence[int], user: int, home: str, saying: int, group: Group) -> list[str]:
    notes: list[str] = []
    try:
        group.enter()
        os.setsid()
        os.umask(0o022)
        close_all({*keep, saying})
        crowd = 0 if way.drop or way.user and _counts_by_namespace() else rlimits.crowd(user)
        if way.private:
            syscalls.unshare(syscalls.CLONE_NEWNS)
            namespaces.lo_up()
            notes += filesystem.build(view, limits, user)
            home = view.home
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        os.close(null)
        clean_environment(home)
        if syscalls.LINUX:
            namespaces.give_up_rights(way, user)
            # Forgotten when the user id changes; a guard that died before can't be written to.
            syscalls.die_with_parent(signal.SIGKILL, None)
        os.chdir(f"{home}/work")
        notes += lay_out(files)
        rlimits.set_limits(limits, crowd)
        notes += _shut(way, view, home)
        os.write(saying, b"ready")
        os.close(saying)
    except BaseException as error:
        with suppress(OSError):
            os.write(saying, f"{type(error).__name__}: {error}".encode()[:4000])
        os._exit(1)
    return notes


def _shut(way: Way, view: View, home: str) -> list[str]:
    """The last two layers, which forbid what the steps before needed."""
    notes = []
    steps: list[tuple[str, Callable[[], None]]] = [
        ("Landlock", lambda: landlock.restrict(
            filesystem.rights(view, way.private, home), network=way.private)),
        ("the filter of system calls", lambda: seccomp.install(
            network=way.private, view=way.private, processes=way.private))]
    for name, step in steps:
        try:
            step()
        except (OSError, KeyError) as error:
            notes.append(f"This machine does without {name} ({error}).")
    return notes


def lay_out(files: Mapping[str, bytes]) -> list[str]:
    """Write the notebook's files into the current folder; say which names were left out."""
    notes = []
    for name, data in files.items():
        path = PurePosixPath(name)
        try:
            if path.is_absolute() or not path.parts or ".." in path.parts:
                raise ValueError("it leads out of the work folder")
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(data)
        except (OSError, ValueError) as error:
            notes.append(f"The file {name!r} was left out: {error}.")
    return notes


def clean_environment(home: str) -> None:
    """Leave what a notebook needs; overwrite what the kernel keeps of the rest."""
    kept = {name: value for name, value in os.environ.items()
            if name in _KEPT or name.startswith(_KEPT_FAMILIES)}
    kept |= {"HOME": home, "USER": "learner", "LOGNAME": "learner", "TMPDIR": f"{home}/tmp",
             "PATH": os.pathsep.join((f"{sys.prefix}/bin", "/usr/local/bin", "/usr/bin", "/bin"))}
    os.environ.clear()
    os.environ.update(kept)
    tempfile.tempdir = None
    if area := environment_area():
        syscalls.wipe(*area)


@functools.cache
def environment_area() -> tuple[int, int] | None:
    """Where the environment lies that this program was started with (proc_pid_stat(5))."""
    try:
        fields = syscalls.read("/proc/self/stat").rpartition(")")[2].split()
        return int(fields[47]), int(fields[48])
    except (OSError, IndexError, ValueError):
        return None


def _counts_by_namespace() -> bool:
    """Since Linux 5.14 the processes of a user are counted in each user namespace anew."""
    return tuple(map(int, os.uname().release.split(".")[:2])) >= (5, 14)
