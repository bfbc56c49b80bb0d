"""The real texts, where the machine has them: they are not part of the project."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from places import SHARED

import seeds
from reader import build


@pytest.fixture(scope="session")
def texts_folder() -> Path:
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip(f"the five texts are not in {folder} (set READING_IDLIB_SHARED)")
    return folder


@pytest.fixture(scope="session")
def texts(texts_folder) -> dict[str, str]:
    """Raw text by article id."""
    return build.read_texts(texts_folder)


@pytest.fixture(scope="session")
def table():
    """Read a committed table as rows of strings, without any code that the tests judge."""

    def read(name: str) -> list[dict]:
        with seeds.path(name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read
