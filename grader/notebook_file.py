"""Read one submitted notebook file: whatever is in it, in bounded memory and time.

Only what is needed to find answers is taken over: the kind, source, names and pictures of
each cell. Outputs and all other metadata stay behind; of outputs, only the number of attempts is
noted.
"""

from __future__ import annotations

import codecs
import json
import os
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_notebook

from .canonical import sound
from .tried import claimed

# An exercise with its figures is well under a megabyte; the limit keeps one hostile file from
# taking the memory that the rest of the class needs.
MAX_BYTES = 20_000_000
# Commas and brackets: each may become a Python object of up to a hundred bytes. A notebook of
# the full size whose outputs are tables of numbers has about a million.
MAX_PARTS = 2_000_000
# An exercise has about sixty cells, and a busy student adds as many.
MAX_CELLS = 1_000
# Characters in all cells; colouring and rendering them for a page takes seconds from there on.
MAX_SOURCE = 500_000
_TYPES = {"code": "code", "markdown": "markdown", "raw": "raw", "heading": "markdown",
          "html": "markdown"}


class NotAFile(OSError):
    """The path leads to a link, a folder, a pipe or a device."""


@dataclass
class NotebookFile:
    """What a file holds.

    Attributes
    ----------
    nb : NotebookNode
        Its cells, bare; none when the file cannot be read.
    unreadable : str
        Empty, or why not, to stand behind "could not be read: ".
    notes : list of str
        One sentence for each thing that the student should know.
    tried : dict of str to int
        Attempts by question, as the outputs say (see :mod:`grader.tried`).
    """

    nb: NotebookNode = field(default_factory=new_notebook)
    unreadable: str = ""
    notes: list[str] = field(default_factory=list)
    tried: dict[str, int] = field(default_factory=dict)


def read_bytes(path: Path, limit: int) -> bytes:
    """The first ``limit`` bytes of a regular file, and one more if there are more.

    Raises :class:`NotAFile` for a link and for anything else that is not a regular file, and
    OSError for what cannot be opened.
    """
    # Opening a pipe would wait for a writer, and a link must not be followed even if it comes
    # to stand there after somebody looked.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if path.is_symlink():
        raise NotAFile(f"{path} is a link")
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise NotAFile(f"{path} is not a regular file")
        return file.read(limit + 1)


def read_notebook(path: Path) -> NotebookFile:
    """Read a submitted notebook. Never raises; never reads more than :data:`MAX_BYTES`."""
    try:
        data = read_bytes(path, MAX_BYTES)
    except FileNotFoundError:
        return NotebookFile(unreadable="there is no such file")
    except OSError as error:
        return NotebookFile(unreadable=what_stands_there(path) or why(error))
    return of_bytes(data)


def of_bytes(data: bytes) -> NotebookFile:
    """The same of what was read already."""
    if len(data) > MAX_BYTES:
        return NotebookFile(unreadable=f"it is larger than {MAX_BYTES // 1_000_000} MB; clear its "
                                       "outputs and hand it in again")
    if sum(map(data.count, (b",", b"[", b"{"))) > MAX_PARTS:
        return NotebookFile(unreadable=f"it has more than {MAX_PARTS:,} parts; clear its outputs "
                                       "and hand it in again")
    text, note = _decode(data)
    try:
        found = _as_notebook(_parse(text))
    except RecursionError:
        return NotebookFile(unreadable="it is nested too deeply to be a notebook")
    except (ValueError, TypeError, KeyError, AttributeError, MemoryError) as error:
        return NotebookFile(unreadable=_reason(data, error))
    found.notes[:0] = [note] * bool(note)
    return found


def what_stands_there(path: Path) -> str:
    """What a path is when it is not a regular file, in plain words; empty when it is one."""
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        return why(error)
    if stat.S_ISLNK(mode):
        return "it is a symbolic link, and links are not followed"
    if stat.S_ISDIR(mode):
        return "it is a folder"
    return "" if stat.S_ISREG(mode) else "it is a pipe, a socket or a device, not a file"


def closed(path: Path) -> str:
    """Why a file cannot be opened; empty when it can."""
    return "" if os.access(path, os.R_OK) else "it cannot be read (permission denied)"


def why(error: OSError) -> str:
    """The reason of an operating-system error, without the path."""
    return (error.strerror or type(error).__name__).lower()


def _decode(data: bytes) -> tuple[str, str]:
    """Text of a file, and what to say when it is not in UTF-8."""
    encoding = json.detect_encoding(data)
    if encoding == "utf-8" or data.startswith(codecs.BOM_UTF8):
        try:
            return data.decode("utf-8-sig", "surrogatepass"), ""
        except UnicodeDecodeError:
            # Every byte has a meaning there, so an old editor's umlauts cost nobody an answer.
            return data.decode("latin-1"), (
                "The file is not in UTF-8 and was read as Latin-1; letters outside English may "
                "be wrong. Save it from JupyterLab next time.")
    name = encoding[:6].upper()
    return data.decode(encoding, "replace"), (
        f"The file is in {name}, not in UTF-8; it was read all the same. Save it from JupyterLab "
        "next time.")


def _parse(text: str) -> Any:
    # A crashed disk or editor may leave zero bytes at the end. Numbers are never needed, and a
    # very long one would be refused by Python, so they stay text.
    return json.loads(text.rstrip("\x00 \r\n\t"), parse_int=str, parse_float=str,
                      parse_constant=str)


def _reason(data: bytes, error: Exception) -> str:
    if not data.strip(b"\x00 \r\n\t"):
        return "it is empty"
    if isinstance(error, json.JSONDecodeError):
        return (f"it is not a whole notebook file (line {error.lineno} is not JSON). It may have "
                "been cut off, or saved by a program that is not for notebooks")
    return "it is not a notebook (it has no list of cells)"


def _as_notebook(raw: Any) -> NotebookFile:
    """The well-formed cells of a notebook, whatever format version it says it has."""
    found = NotebookFile()
    cells = raw["cells"] if "cells" in raw else [
        cell for sheet in raw["worksheets"] for cell in sheet["cells"]]  # format 3, before 2015
    if not isinstance(cells, list):
        raise TypeError("no list of cells")
    if len(cells) > MAX_CELLS:
        found.notes.append(f"The notebook has {len(cells):,} cells; only the first {MAX_CELLS:,} "
                           "were read.")
    found.tried = claimed(cells[:MAX_CELLS])
    found.nb.cells = [_cell(cell, n) for n, cell in enumerate(cells[:MAX_CELLS])
                      if _well_formed(cell)]
    left = MAX_SOURCE
    for cell in found.nb.cells:
        left -= len(cell.source)
        if left < 0:
            cell.source = ""
    if left < 0:
        found.notes.append(f"The cells hold more than {MAX_SOURCE:,} characters; what stands "
                           "behind them was not read.")
    last: dict[str, NotebookNode] = {}
    for n, cell in enumerate(found.nb.cells):
        # Of cells with one id the last keeps it, as the last of copied answers counts.
        if cell.id in last:
            last[cell.id]["id"] = f"copied-{n}"
        last[cell.id] = cell
    language = _language(raw.get("metadata"))
    if language and not language.lower().startswith(("python", "ipython")):
        found.notes.append(f"The notebook says that it is written in {plain(language)}; this "
                           "course is in Python, and it was run as Python.")
    return found


def _language(metadata: Any) -> str:
    for part, name in (("kernelspec", "language"), ("language_info", "name")):
        inner = metadata.get(part) if isinstance(metadata, dict) else None
        value = inner.get(name) if isinstance(inner, dict) else None
        if isinstance(value, str):
            return value
    return ""


def _well_formed(cell: Any) -> bool:
    if not (isinstance(cell, dict) and isinstance(cell.get("cell_type"), str)
            and cell["cell_type"] in _TYPES):
        return False
    return isinstance(_source(cell), (str, list))


def _source(cell: dict) -> Any:
    return cell.get("source", cell.get("input"))  # `input` in format 3


def _cell(raw: dict, number: int) -> NotebookNode:
    source = _source(raw)
    text = source if isinstance(source, str) else "".join(
        line for line in source if isinstance(line, str))
    meta = raw.get("metadata")
    meta = meta.get("nbgrader") if isinstance(meta, dict) else None
    name = meta.get("grade_id") if isinstance(meta, dict) else None
    # Older notebooks have no ids.
    id_ = raw["id"] if isinstance(raw.get("id"), str) else f"unnamed-{number}"
    cell = NotebookNode(cell_type=_TYPES[raw["cell_type"]], id=sound(id_), source=sound(text),
                        metadata=NotebookNode())
    if isinstance(name, str):
        cell.metadata["nbgrader"] = NotebookNode(grade_id=sound(name))
    if isinstance(raw.get("attachments"), dict) and cell.cell_type == "markdown":
        cell["attachments"] = from_dict({
            sound(key): {sound(kind): data for kind, data in files.items()
                         if isinstance(data, str)}
            for key, files in raw["attachments"].items() if isinstance(files, dict)})
    if cell.cell_type == "code":
        cell.update(outputs=[], execution_count=None)
    return cell


#: Bidirectional classes of the characters that turn the direction of writing around.
_TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def one_line(name: str) -> bool:
    """Whether a name is text on one line: no control or half characters, none that turn a line
    around."""
    return not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")
                   or unicodedata.bidirectional(c) in _TURNS for c in name)


def plain(name: str, most: int = 60) -> str:
    """A student's name for something, safe in a sentence, a log line and a page.

    A file name may hold HTML, Markdown, line ends and half characters.
    """
    kept = "".join(c if c.isalnum() or c in " .,_-+=()@#~/" else "?" for c in sound(name))
    return kept if len(kept) <= most else kept[:most - 1] + "…"
