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
