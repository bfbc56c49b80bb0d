"""The reader's own copies of the articles: one folder, ``seeds.TEXTS``, outside the project.

``<id>.txt`` holds a copy as it was added (UTF-8). An article that is not one of the five has
a record beside it, ``<id>.json``, with the rows that ``seeds/`` holds for the others. A record
that was passed on (``shared``) stands alone: it has digests in place of the text.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import seeds
from reader import tables
from reader import text as rt
from reader.errors import ReaderError
from reader.match import locate

# What is asked of a segment's row.
_SEGMENT = ("locator", "start", "end", "words", "sha256", "paragraph")


@dataclass(frozen=True)
class Copy:
    """A stored copy of an article, compared with what ``seeds/`` knows of it.

    Attributes
    ----------
    text : str
        The normalised copy.
    complete : bool
        The copy is the text that all offsets of the course refer to.
    segments : dict of str to str
        Text by locator, for the segments that agree.
    """

    text: str
    complete: bool
    segments: dict[str, str]


def text_file(article: str) -> Path:
    """Return where the copy of an article is, or would be."""
    return Path(seeds.TEXTS) / f"{article}.txt"


def record_file(article: str) -> Path:
    """Return where the record of an added article is, or would be."""
    return Path(seeds.TEXTS) / f"{article}.json"


def write(path: Path, content: str) -> None:
    """Write a file whole or not at all: a crash must not leave half an article."""
    name = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError as error:
        own = path.parent == Path(seeds.TEXTS)
        raise ReaderError(f"{path} can't be written: {error.strerror or error}." + (
            " Make room there and let it be written, or name another folder in "
            "READING_IDLIB_TEXTS." if own else "")) from None
    finally:
        if name:
            Path(name).unlink(missing_ok=True)


@lru_cache(maxsize=32)
def _record(path: Path, stamp: int, size: int) -> dict:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if not _whole(record):
            raise ValueError
        return record
    except (ValueError, RecursionError):
        raise ReaderError(f"{path} is damaged: remove it with python -m reader remove "
                          f"{path.stem} and add the article again.") from None


def _whole(record: Any) -> bool:
    """Whether a record has the rows, and they the columns, that are read without another look."""
    return isinstance(record, dict) and all(
        isinstance(record.get(part), list) and all(
            isinstance(row, dict) and row.keys() >= set(columns) for row in record[part])
        for part, columns in (("segments", _SEGMENT), ("tokens", ("locator", "token", "count")))
    ) and isinstance(record.get("article"), dict) and (
        record["article"].keys() >= {"article", "sha256", "segments"})


@contextmanager
def _readable() -> Iterator[None]:
    """Say in one sentence that the folder, or a file in it, can't be read."""
    try:
        yield
    except OSError as error:
        raise ReaderError(f"{error.filename} can't be read: {error.strerror}. Let it be read, or "
                          "name another folder in READING_IDLIB_TEXTS.") from None


def records() -> dict[str, dict]:
    """Return the records of added articles by id: their article, segment and token rows."""
    folder, found = Path(seeds.TEXTS), {}
    with _readable():
        for path in sorted(folder.glob("[0-9][0-9][0-9].json")) if folder.is_dir() else ():
            facts = path.stat()
            record = _record(path, facts.st_mtime_ns, facts.st_size)
            if record.get("shared") or text_file(path.stem).is_file():
                found[path.stem] = record
    return found


@lru_cache(maxsize=32)
def _copy(path: Path, stamp: int, size: int, sha256: str, known: tuple) -> Copy:
    try:
        text = rt.normalise(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise ReaderError(f"{path} is damaged: remove it with python -m reader remove "
                          f"{path.stem} and add your copy again.") from None
    if rt.fingerprint(text) == sha256:
        return Copy(text, True, {row["locator"]: text[row["start"]:row["end"]]
                                 for row in map(dict, known)})
    return Copy(text, False, locate(text, [dict(row) for row in known]))


def copy_of(article: str) -> Copy | None:
    """Return the stored copy of an article, or None when there is none."""
    path = text_file(article)
    with _readable():
        if not path.is_file():
            return None
        facts = path.stat()
    if added := records().get(article):
        record, rows = added["article"], added["segments"]
    else:
        articles, segments = tables.read("articles"), tables.read("segments")
        known = articles[articles["article"] == article]
        if known.empty:
            return None
        record = known.iloc[0]
        rows = segments[segments["article"] == article].to_dict("records")
    with _readable():
        return _copy(path, facts.st_mtime_ns, facts.st_size, record["sha256"],
                     tuple(tuple((key, row[key]) for key in _SEGMENT) for row in rows))
