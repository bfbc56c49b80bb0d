"""Paths that a learner gives."""

from __future__ import annotations

from pathlib import Path

from reader.errors import ReaderError


def known_path(path: str | Path, example: str) -> Path:
    """Return a path as such, or say what is wrong with it and what one looks like."""
    if not isinstance(path, (str, Path)) or not str(path).strip() or "\0" in str(path):
        given = repr(path) if isinstance(path, str) else type(path).__name__
        raise ReaderError(f"A path is text in quotes, such as {example!r}, not {given}.")
    return Path(path)


def read_table_text(path: str | Path, example: str) -> tuple[str, str]:
    """Return the text of a learner's CSV file and the mark between its columns.

    The text is empty where the file is no text in UTF-8: then it is no table either.

    Raises
    ------
    ReaderError
        When there is no such file.
    """
    file = known_path(path, example)
    try:
        # Only files: a device or a pipe need not have an end.
        text = file.read_text(encoding="utf-8-sig") if file.is_file() else None
    except (OSError, ValueError):
        text = ""
    if text is None:
        raise ReaderError(f"There is no file {path} that can be read.")
    first = text.split("\n", 1)[0]
    # A spreadsheet of another country writes semicolons.
    return text, max(",;\t", key=first.count)
