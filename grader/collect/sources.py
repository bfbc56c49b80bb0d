"""The files of a zip or a folder, looked at without following a link or trusting a path."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath

from ..course import CourseProblem
from ..intake import MAX_ALL_BYTES
from ..notebook_file import MAX_BYTES, plain, read_bytes, what_stands_there, why

# A class of 2,000 hands in some thousand files an exercise.
MAX_ENTRIES = 100_000
# All that is unpacked of one source: 2,000 notebooks of the usual size are 200 MB.
MAX_UNPACKED = 4_000_000_000
# Patterns of names are looked for in each path; systems allow 255 characters a part.
MAX_NAME = 1_000
#: What operating systems and Jupyter leave beside files.
LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints",
          "__pycache__")


class Unreadable(Exception):
    """A file of a source cannot be read; the message says why, without its name."""


@dataclass(frozen=True)
class Entry:
    """One file of a source.

    Attributes
    ----------
    name : str
        Path within the source with slashes; never absolute, never upwards unless `problem`
        says so.
    problem : str
        Why it is not read, or empty.
    """

    name: str
    problem: str = ""
    _where: object = field(default=None, repr=False, compare=False)


class Source:
    """A zip or a folder; ``read`` raises :class:`Unreadable`."""

    def __init__(self, label: str, entries: list[Entry], archive: zipfile.ZipFile | None) -> None:
        self.label, self.entries, self._archive = label, entries, archive
        self._left = MAX_UNPACKED

    def read(self, entry: Entry) -> bytes:
        """The whole file, at most :data:`~grader.notebook_file.MAX_BYTES`."""
        if entry.problem:
            raise Unreadable(entry.problem)
        data = self._bytes(entry)
        self._left -= len(data)
        if len(data) > MAX_BYTES:
            raise Unreadable(f"it is larger than {MAX_BYTES // 1_000_000} MB")
        if self._left < 0:
            raise CourseProblem(
                f"{self.label} holds more than {MAX_UNPACKED // 1_000_000_000} GB; unpack it, and "
                "collect its folders one after the other.")
        return data

    def _bytes(self, entry: Entry) -> bytes:
        if self._archive is None:
            try:
                return read_bytes(entry._where, MAX_BYTES)
            except OSError as error:
                raise Unreadable(what_stands_there(entry._where) or why(error)) from None
        try:
            with self._archive.open(entry._where) as file:
                return file.read(MAX_BYTES + 1)
        except NotImplementedError:
            raise Unreadable("it is packed in a way that cannot be read here; unpack the zip and "
                             "collect its folder") from None
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError) as error:
            raise Unreadable(f"the zip is damaged there ({type(error).__name__}); download it "
                             "again") from None
        except Exception as error:  # zlib and lzma have errors of their own
            raise Unreadable(f"it cannot be unpacked ({type(error).__name__}); download the zip "
                             "again") from None


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a zip, a folder or a single file.

    Raises
    ------
    CourseProblem
        There is nothing, or it is no zip.
    """
    path = Path(path)
    if not path.exists():
        raise CourseProblem(f"{path} is not there; look at the name of the download.")
    if path.is_dir():
        yield Source(path.name, list(_walk(path.resolve())), None)
    elif path.suffix.lower() == ".ipynb":
        yield Source(path.name, [Entry(path.name, _where=path)], None)
    else:
        archive = _zip(path, plain(path.name, 200))
        with archive:
            yield Source(path.name, _listed(archive, path.name), archive)


@contextmanager
def nested(data: bytes, label: str) -> Iterator[Source]:
    """A zip that a student handed in. Raises :class:`Unreadable`."""
    try:
        archive = _zip(BytesIO(data), label)
    except CourseProblem:
        raise Unreadable("it is no zip file, or it is cut off") from None
    with archive:
        if sum(info.file_size for info in archive.infolist()) > MAX_ALL_BYTES:
            raise Unreadable(f"what is packed in it is larger than "
                             f"{MAX_ALL_BYTES // 1_000_000} MB")
        try:
            yield Source(label, _listed(archive, label), archive)
        except CourseProblem as problem:
            raise Unreadable(str(problem)) from None


def _zip(file: Path | BytesIO, label: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise CourseProblem(f"{label} is no zip file, or it was cut off while it was downloaded; "
                            "download it again, or give the folder of the unpacked "
                            "files.") from None
    except OSError as error:
        raise CourseProblem(f"{label} cannot be read ({error.strerror}).") from None


def _listed(archive: zipfile.ZipFile, label: str) -> list[Entry]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MAX_ENTRIES:
        raise CourseProblem(f"{label} holds more than {MAX_ENTRIES:,} files, so it is no download "
                            "of submissions.")
    found, seen = [], set()
    for info in infos:
        name, problem = _inside(_decoded(info))
        mode = info.external_attr >> 16
        if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            problem = "it is a link or a device, and these are not followed"
        elif info.flag_bits & 1:
            problem = "it is encrypted"
        elif info.file_size > MAX_BYTES:
            problem = f"it is larger than {MAX_BYTES // 1_000_000} MB"
        elif name in seen:
            problem = "the zip has two files of this name, and only the first was read"
        seen.add(name)
        if not _litter(name):
            found.append(Entry(name, problem, info))
    return found


def _decoded(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: many programs write UTF-8 without saying so."""
    if not info.flag_bits & 0x800:
        try:
            return info.orig_filename.encode("cp437").decode("utf-8").partition("\0")[0]
        except UnicodeError:
            pass
    return info.filename


def _inside(name: str) -> tuple[str, str]:
    """A name with slashes, and what is wrong when it leads out of its zip."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    leaves = ".." in parts or name[:1] in "/\\" or parts[:1] and parts[0][1:] == ":"
    kept = "/".join(part for part in parts if part != "..") or "(no name)"
    if len(kept) > MAX_NAME:
        return f"{kept[:60]}…", "its path is too long"
    return kept, "its path leads out of the zip" if leaves else ""


def _walk(folder: Path) -> Iterator[Entry]:
    count = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in LITTER)
        for name in sorted([*files, *(f for f in folders if Path(place, f).is_symlink())]):
            path = Path(place, name)
            inner = path.relative_to(folder).as_posix()
            count += 1
            if count > MAX_ENTRIES:
                raise CourseProblem(f"{folder} holds more than {MAX_ENTRIES:,} files, so it is no "
                                    "folder of submissions.")
            if not _litter(inner):
                yield Entry(inner, "it is a symbolic link, and links are not followed"
                            if path.is_symlink() else "", path)


def _litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part in LITTER for part in parts) or parts[-1].startswith("._")
