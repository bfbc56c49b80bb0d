"""The reader's own copies of the articles: one folder, ``seeds.TEXTS``, outside the project.

``<id>.txt`` holds a copy as it was added (UTF-8). An article that is not one of the five has
a record beside it, ``<id>.json``, with the rows that ``seeds/`` holds for the others. A record
that was passed on (``shared``) stands alone: it has digests in place of the text.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import seeds
from reader import tables
from reader import text as rt
from reader.errors import ReaderError
from reader.match import locate


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
        raise ReaderError(f"{path} can't be written: {error.strerror or error}.") from None
    finally:
        if name:
            Path(name).unlink(missing_ok=True)


@lru_cache(maxsize=32)
def _record(path: Path, stamp: int, size: int) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise ReaderError(f"{path} is damaged: remove it with python -m reader remove "
                          f"{path.stem} and add the article again.") from None


def records() -> dict[str, dict]:
    """Return the records of added articles by id: their article, segment and token rows."""
    folder = Path(seeds.TEXTS)
    if not folder.is_dir():
        return {}
    found = {}
    for path in sorted(folder.glob("[0-9][0-9][0-9].json")):
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
    if not path.is_file():
        return None
    if added := records().get(article):
        record, rows = added["article"], added["segments"]
    else:
        articles, segments = tables.read("articles"), tables.read("segments")
        known = articles[articles["article"] == article]
        if known.empty:
            return None
        record = known.iloc[0]
        rows = segments[segments["article"] == article].to_dict("records")
    keys = ("locator", "start", "end", "words", "sha256", "paragraph")
    facts = path.stat()
    return _copy(path, facts.st_mtime_ns, facts.st_size, record["sha256"],
                 tuple(tuple((key, row[key]) for key in keys) for row in rows))
