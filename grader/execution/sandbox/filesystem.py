"""What a notebook can see of the file system: Python, the course's tools, its own work folder.

:func:`look_around` finds once what there is; :func:`build` makes a private root folder of it
(mount namespace), :func:`rights` says the same to Landlock.
"""

# Paths as text: this runs for every notebook, or many times a second.
# ruff: noqa: PTH100, PTH102, PTH103, PTH110, PTH112, PTH113, PTH117, PTH120, PTH211

from __future__ import annotations

import errno
import functools
import itertools
import os
import site
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..protocol import Limits
from . import landlock, syscalls
from .syscalls import MS_BIND, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_RDONLY, MS_REC, MS_REMOUNT

_SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin", "/etc/ld.so.cache",
           "/etc/localtime", "/etc/fonts", "/etc/alternatives", "/etc/mime.types",
           f"/etc/python3.{sys.version_info[1]}")
# Package managers whose programs refer to each other by these paths.
_STORES = ("/nix/store", "/gnu/store")
# Where there is no private /proc: what the number libraries and multiprocessing look up.
_READABLE = ("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat",
             "/sys/devices/system/cpu")
_DEVICES = tuple(f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom"))
_LINKS = {"/dev/fd": "/proc/self/fd", "/dev/stdin": "/proc/self/fd/0",
          "/dev/stdout": "/proc/self/fd/1", "/dev/stderr": "/proc/self/fd/2",
          "/dev/ptmx": "pts/ptmx"}
_NAMES = {
    "/etc/passwd": "learner:x:{user}:{user}::{home}:/bin/sh\n",
    "/etc/group": "learner:x:{user}:\n",
    "/etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n"}


@dataclass(frozen=True, eq=False)
class View:
    """What may be read.

    Attributes
    ----------
    folders : tuple of str
        Real paths of folders and files; none lies in another one.
    files : dict of str to bytes
        Files to make: empty ones on which something is mounted, and modules of other folders
        that were imported, because tracebacks show their lines.
    ways : tuple of str
        Folders to make, in order: all that leads to the others.
    links : tuple of (str, str)
        Symbolic links by which they are known: the link, and the real path.
    hidden : tuple of str
        Folders in ``folders`` that must not be seen all the same.
    home : str
        Where a private home folder hides none of them.
    """

    folders: tuple[str, ...]
    files: dict[str, bytes]
    ways: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    hidden: tuple[str, ...]
    home: str

    def reaches(self, path: str) -> bool:
        """Whether something of it lies below ``path``."""
        return any(_below(seen, path)
                   for seen in (*self.folders, *self.files, *dict(self.links)))


def look_around(secrets: Sequence[str]) -> View:
    """Find what Python and the course need.

    Interpreter prefixes and single packages, never ``sys.path``: the course folder is on it,
    and with it the key, the submissions and the gradebook.
    """
    named = [*_SYSTEM, sys.base_prefix, sys.base_exec_prefix, sys.prefix, sys.exec_prefix,
             *(store for store in _STORES if sys.base_prefix.startswith(store))]
    if site.ENABLE_USER_SITE and site.getusersitepackages() in sys.path:
        named.append(site.getusersitepackages())
    named += [os.path.dirname(sys.modules[name].__file__) for name in ("reader", "seeds")
              if getattr(sys.modules.get(name), "__file__", None)]
    if os.environ.get("READING_IDLIB_TEXTS"):
        named.append(os.path.abspath(os.environ["READING_IDLIB_TEXTS"]))
    folders: list[str] = []
    links: dict[str, str] = {}
    _add(named, folders, links)
    files = dict.fromkeys((*_DEVICES, *(path for path in folders if os.path.isfile(path))), b"")
    files |= {file: Path(file).read_bytes() for module in list(sys.modules.values())
              if str(file := getattr(module, "__file__", None)).endswith(".py")
              and os.path.isabs(file) and os.path.isfile(file)
              and not any(_below(file, seen) for seen in (*folders, *links))}
    hidden = [real for real in map(os.path.realpath, secrets) if os.path.isdir(real)
              and any(_below(real, folder) for folder in folders)]
    view = View(tuple(folders), files, (), tuple(links.items()), tuple(hidden), "")
    homes = (f"/home/learner{number or ''}" for number in itertools.count())
    home = next(home for home in homes if not view.reaches(home))
    ways = {home, "/proc", "/tmp", "/dev/shm", "/dev/pts", "/etc",
            *(path for path in folders if os.path.isdir(path))}
    for path in (*ways, *files, *links):
        ways |= {str(parent) for parent in Path(path).parents} - {"/"}
    return replace(view, home=home, ways=tuple(sorted(ways)))


def _add(paths: Sequence[str], folders: list[str], links: dict[str, str]) -> None:
    there = {path: os.path.realpath(path) for path in paths if os.path.exists(path)}
    there.pop("/", None)  # that would be everything
    for path, real in sorted(there.items(), key=lambda item: len(item[1])):
        if not any(_below(real, folder) for folder in folders):
            folders.append(real)
        if path != real and not any(_below(path, seen) for seen in (*folders, *links)):
            links[path] = real


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def build(view: View, limits: Limits, user: int) -> list[str]:
    """Make ``view`` this process's whole file system; the current folder is the work folder.

    Needs a mount and a PID namespace of its own and the rights to mount. Nothing of it lies on
    a disk: the writable part is memory, limited in size and number of files. Returns sentences
    about what the kernel refused but a notebook can do without.
    """
    syscalls.mount("none", "/", flags=MS_REC | syscalls.MS_SLAVE)
    syscalls.mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID, "size=4m,nr_inodes=8192,mode=755")
    os.chdir("/tmp")
    os.mkdir(".old")
    syscalls.pivot_root(".", ".old")
    os.chdir("/")
    for path in view.ways:
        os.mkdir(path)
    names = {path: text.format(user=user, home=view.home).encode()
             for path, text in _NAMES.items()}
    for path, content in (view.files | names).items():
        number = os.open(path, os.O_CREAT | os.O_WRONLY, 0o644)
        os.write(number, content)
        os.close(number)
    for path, real in (*view.links, *_LINKS.items()):
        os.symlink(real, path)
    for path in (*view.folders, *_DEVICES):
        syscalls.mount(f"/.old{path}", path, flags=MS_BIND | MS_REC)
    for folder in view.hidden:
        syscalls.mount("tmpfs", folder, "tmpfs", 0, "size=4k,nr_inodes=1,mode=000")
    notes = []
    for kind, target, options in (("proc", "/proc", ""),
                                  ("devpts", "/dev/pts", "newinstance,ptmxmode=0666,mode=620")):
        try:
            syscalls.mount(kind, target, kind, MS_NOSUID | MS_NOEXEC, options)
        except OSError as error:
            notes.append(f"The kernel refused a private {target} ({error}); there is none.")
    _make_read_only()
    syscalls.umount("/.old")
    size = f"size={limits.disk_bytes},nr_inodes={limits.inodes}"
    syscalls.mount("tmpfs", view.home, "tmpfs", MS_NOSUID | MS_NODEV, f"{size},mode=755")
    make_folders(view.home, user)
    if view.reaches("/tmp"):
        notes.append("/tmp can only be read, because the course or Python lies in it.")
    else:
        syscalls.mount(f"{view.home}/tmp", "/tmp", flags=MS_BIND)
    syscalls.mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
                   f"{size},mode=1777")
    return notes


def make_folders(home: str, user: int | None) -> None:
    """Make the folders of a notebook's own, for the user with this number."""
    for folder in (home, f"{home}/work", f"{home}/tmp"):
        os.makedirs(folder, exist_ok=True)
        if user is not None:
            os.chown(folder, user, user)


def _make_read_only() -> None:
    """Make all that is mounted by now read-only, the old root with it, which goes next."""
    flags = MS_RDONLY | MS_NOSUID
    try:
        syscalls.mount_setattr("/", flags)
    except OSError as error:
        if error.errno != errno.ENOSYS:
            raise
        # Before Linux 5.12: one mount at a time, with the flags that the system had set.
        for line in Path("/.old/proc/self/mountinfo").read_text().splitlines():
            place = line.split()[4].replace("\\040", " ")
            if not _below(place, "/.old"):
                kept = os.statvfs(place).f_flag & (MS_NODEV | MS_NOEXEC)
                syscalls.mount("none", place, flags=MS_REMOUNT | MS_BIND | flags | kept)


def rights(view: View, private: bool, home: str) -> dict[str, int]:
    """The same for Landlock: what may be done below each path.

    ``private`` says that :func:`build` did its work; ``home`` holds the notebook's own folders.
    """
    devices = dict.fromkeys(_DEVICES, landlock.READ_FILE | landlock.WRITE_FILE)
    if private:
        return {"/": landlock.READ, view.home: landlock.ALL, "/tmp": landlock.ALL,
                "/dev/shm": landlock.ALL, "/dev/pts": landlock.ALL} | devices
    return readable(view) | devices | {home: landlock.ALL}


@functools.cache
def readable(view: View) -> dict[str, int]:
    """What may be read, for Landlock.

    A rule can't take back what another one allows: of a folder with a secret in it, only what
    lies beside the way to the secret is opened. Names can be listed in all of it, because
    Python's imports do that.
    """
    reading, listing = list(view.folders), []
    for secret in view.hidden:
        listing += [path for path in reading if _below(secret, path)]
        reading = [part for path in reading for part in
                   (_beside(path, secret) if _below(secret, path) else [path])]
    return dict.fromkeys(listing, landlock.READ_DIR) | dict.fromkeys(
        (*reading, *view.files, *_READABLE), landlock.READ)


def _beside(folder: str, secret: str) -> list[str]:
    found = []
    for entry in os.scandir(folder):
        if entry.is_symlink():
            continue  # a rule for it would be one for where it leads
        if not _below(secret, entry.path):
            found.append(entry.path)
        elif entry.path != secret:
            found += _beside(entry.path, secret)
    return found
