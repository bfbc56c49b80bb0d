"""The files of one submission, as they came: read, unpacked, in bounded memory."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from zipfile import ZipInfo

from ..intake import MAX_ALL_BYTES, MAX_DEPTH, MAX_FILES
from ..notebook_file import one_line
from . import names
from .names import Piece
from .sources import Entry, Source, Unreadable, nested


@dataclass
class File:
    """One file of a submission: what its name says, what it is called for people, its bytes."""

    piece: Piece
    shown: str
    data: bytes

    @property
    def is_notebook(self) -> bool:
        return ".ipynb" in self.piece.file.lower()  # browsers save "name.ipynb.txt" at times


@dataclass
class Unit:
    """What one student handed in at one time.

    Attributes
    ----------
    piece : Piece
        What is said of the student; the same for all files.
    files : list of File
    left_out : list of (str, str)
        Name and reason of what was not read.
    """

    piece: Piece
    files: list[File] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def units(source: Source, platform: str) -> Iterator[Unit]:
    """The submissions in a source, one after the other; only one is in memory at a time."""
    groups: dict[str, list[tuple[Entry, Piece | None]]] = {}
    notebooks = Counter(PurePosixPath(entry.name).parent for entry in source.entries
                        if ".ipynb" in entry.name.lower())
    for entry in source.entries:
        if names.overview(entry.name, platform):
            continue
        piece = names.read(entry.name, platform)
        key = piece.unit if piece else f"?{entry.name}"
        if platform == "folder":
            # What lies beside one notebook belongs to it; a zip is a folder of its own.
            folder = PurePosixPath(entry.name).parent
            alone = folder.name and notebooks[folder] == 1 and not _packed(entry.name)
            key = folder.as_posix() if alone else f"/{entry.name}"
        groups.setdefault(key, []).append((entry, piece))
    for group in groups.values():
        entry, piece = group[0]
        if piece is None:
            yield Unit(Piece("", entry.name), left_out=[(
                entry.name, f"its name is not one that {platform.capitalize()} gives to submitted "
                            "files; --from folder reads it by itself")])
            continue
        unit = Unit(piece)
        left = MAX_ALL_BYTES
        for entry, piece in group:
            try:
                if len(unit.files) >= MAX_FILES:
                    raise Unreadable(f"the submission has more than {MAX_FILES} files")
                data = source.read(entry)
                left -= len(data)
                if left < 0:
                    raise Unreadable("the submission is larger than "
                                     f"{MAX_ALL_BYTES // 1_000_000} MB")
                if _packed(entry.name):
                    _unpack(unit, piece, entry.name, data)
                else:
                    order = piece.order or (_changed(entry) if platform == "folder" else 0)
                    unit.files.append(File(replace(piece, order=order), entry.name, data))
            except Unreadable as reason:
                unit.left_out.append((entry.name, str(reason)))
        yield unit


def _packed(name: str) -> bool:
    return name.lower().endswith(".zip")


def _unpack(unit: Unit, piece: Piece, name: str, data: bytes) -> None:
    """Add what a student packed into a zip; a zip in it stays unopened."""
    with nested(data, name) as inner:
        for entry in inner.entries[:MAX_FILES]:
            shown = f"{name}/{entry.name}"
            try:
                if _packed(entry.name):
                    raise Unreadable("it is a zip in a zip")
                file = File(replace(piece, file=entry.name, order=piece.order or _changed(entry)),
                            shown, inner.read(entry))
                unit.files.append(file)
            except Unreadable as reason:
                unit.left_out.append((shown, str(reason)))
        if inner.entries[MAX_FILES:]:
            unit.left_out.append((name, f"it holds more than {MAX_FILES} files"))


def _changed(entry: Entry) -> int:
    """When a file was changed, in a number that grows with time."""
    where = entry._where
    if isinstance(where, ZipInfo):
        return int("".join(f"{part:02d}" for part in where.date_time))
    try:
        found = where.lstat()
        return found.st_mtime_ns if stat.S_ISREG(found.st_mode) else 0
    except OSError:
        return 0


def fit(files: dict[str, bytes]) -> tuple[dict[str, bytes], list[tuple[str, str]]]:
    """The files whose names a folder can hold, and the others with the reason."""
    kept: dict[str, bytes] = {}
    left_out = []
    folders: set[str] = set()
    for name, data in files.items():
        path = PurePosixPath(name)
        above = {parent.as_posix() for parent in path.parents} - {"."}
        if not one_line(name) or any(len(part.encode(errors="replace")) > 200
                                     for part in path.parts):
            left_out.append((name, "its name is too long, or has characters that are not text"))
        elif len(path.parts) > MAX_DEPTH:
            left_out.append((name, f"it lies deeper than {MAX_DEPTH} folders"))
        elif name in folders or above & kept.keys():
            left_out.append((name, "it has the name of a folder"))
        else:
            kept[name] = data
            folders |= above
    return kept, left_out
