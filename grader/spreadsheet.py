"""Tables for spreadsheets: no text in them is run as a formula, and no file is ever half there."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .course import CourseProblem

# A cell that begins so may be run: OWASP, "CSV Injection". The last four are the full-width forms.
# (Tabs and line ends, which OWASP names too, do not stay in a text.)
_STARTS = tuple("=+-@＝＋－＠")
# Where a spreadsheet takes semicolons for separators, a cell begins behind each of them.
_CELL = re.compile(r"(;\s*[\"']?)(?=[=+\-@＝＋－＠])")
# Signs that turn the text after them round, so that a cell reads as another one.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_NEW = ".new"


def one_line(text: str) -> str:
    """A text on one line: line ends, tabs and other control characters become a space.

    Signs that override the direction of writing are left out.
    """
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
                            for c in _TURNS.sub("", text)).split())


def safe(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula.

    Texts stand on one line; those that begin with ``=``, ``+``, ``-`` or ``@`` get an apostrophe
    before them, which spreadsheets read as "this is text". Numbers stay numbers.
    """
    if not isinstance(value, str):
        return value
    line = one_line(value)
    return "'" * line.startswith(_STARTS) + _CELL.sub(r"\1'", line)


def table(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """A CSV for people: all texts made safe, in UTF-8 with the mark that Excel looks for."""
    return b"\xef\xbb\xbf" + text([[safe(cell) for cell in row] for row in (header, *rows)])


def text(rows: Iterable[Iterable[Any]]) -> bytes:
    """Rows as CSV (RFC 4180) in UTF-8, just as they are."""
    made = io.StringIO()
    csv.writer(made).writerows(rows)
    return made.getvalue().encode("utf-8", "replace")


def number(value: float | None, digits: int = 2) -> float | int | str:
    """A number with at most so many digits behind the point; an empty text for None."""
    if value is None:
        return ""
    rounded = round(float(value), digits)
    return int(rounded) if rounded == int(rounded) else rounded


def write(files: dict[Path, bytes]) -> None:
    """Write all files, or none: what stood there stays until everything is on the disk.

    Raises
    ------
    CourseProblem
        A file cannot be written; no file was changed.
    """
    new = {path: path.with_name(path.name + _NEW) for path in files}
    path = next(iter(files))
    for path in files:
        if path.exists() and not path.is_file():
            raise CourseProblem(f"{path} is no file that could be written anew; name another one.")
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with new[path].open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for path in files:
            new[path].replace(path)
    except OSError as error:
        raise CourseProblem(f"{path} cannot be written ({error.strerror}); nothing was changed "
                            "there. Make room, or name another place, and run the same command "
                            "again.") from None
    finally:
        for left in new.values():
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
