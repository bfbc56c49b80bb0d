"""Two modes (with and without the reader's texts), and a small corpus of our own words.

The real texts are not part of the project. Tests of recognition therefore run on a made-up
corpus everywhere, and on the real one where the machine has it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from places import SHARED

import seeds
from reader import annotations, build, library

SEEDS = Path(seeds.__file__).parent

#: Paragraph article 000 and sentence article 003, as in the course, but about nothing.
MADE_UP = {
    "000": "The ferry left at noon — or so the “harbour office” says.\n\n"
           "Nobody saw it leave; forty people waited on the quay until dark.\n\n"
           "A second ferry is expected; no bookings, null and void.\n",
    "003": 'Rain is <a href="https://example.org/rain-forecast">expected in the hills</a>. '
           "Mr Hill said that he doubts it. Snow fell last year, as the old almanac shows.",
}


@pytest.fixture(autouse=True)
def texts(tmp_path, monkeypatch) -> Path:
    """Give every test an empty folder of texts: what this machine holds must not matter."""
    folder = tmp_path / "texts"
    monkeypatch.setattr(seeds, "TEXTS", folder)
    return folder


@pytest.fixture(scope="session")
def real_files() -> list[Path]:
    """Return the files of the five articles, or skip."""
    files = sorted((SHARED / "seeds").glob("*.txt"))
    if len(files) != 5:
        pytest.skip(f"the five texts are not in {SHARED / 'seeds'} (set READING_IDLIB_SHARED)")
    return files


@pytest.fixture(scope="session")
def real_texts(real_files, tmp_path_factory) -> Path:
    """Return a folder of texts to which the five articles were added."""
    folder, before = tmp_path_factory.mktemp("real"), seeds.TEXTS
    seeds.TEXTS = folder
    try:
        for file in real_files:
            library.add(file)
    finally:
        seeds.TEXTS = before
    return folder


@pytest.fixture(params=["without texts", "with texts"])
def mode(request, monkeypatch) -> str:
    """Run a test in both modes of the course."""
    if request.param == "with texts":
        monkeypatch.setattr(seeds, "TEXTS", request.getfixturevalue("real_texts"))
    return request.param


@pytest.fixture
def made_up(tmp_path, monkeypatch) -> dict[str, Path]:
    """Put the made-up corpus in place of the course's, and return its files by id."""
    folder, raw = tmp_path / "seeds", tmp_path / "raw"
    folder.mkdir()
    raw.mkdir()
    files = {}
    for article, text in MADE_UP.items():
        files[article] = raw / f"{article}.txt"
        files[article].write_text(text, encoding="utf-8")
    build.write_table(folder / "articles.csv", [
        {"article": "000", "outlet": "Harbour Post", "published": "2018-08"},
        {"article": "003", "outlet": "Hill Times", "published": "2019-05"}])
    build.write_table(folder / "segments.csv", [
        {"article": "000", "locator": "000 P1", "digest": "A ferry is said to have left."}])
    build.write_table(folder / "phrases.csv", [
        {"locator": "000 P1", "phrase": "harbour office", "use": "attribution"},
        {"locator": "000 P2", "phrase": "forty people", "use": "figure"},
        {"locator": "000 P2", "phrase": "people waited", "use": "wording"}])
    shutil.copy(SEEDS / "datapackage.json", folder)
    build.build(raw, folder)
    monkeypatch.setattr(seeds, "path", lambda name: folder / name)
    return files


@pytest.fixture
def rows() -> pd.DataFrame:
    """A small coding: a whole segment, two phrases in two voices, and a segment without a code."""
    return annotations.check_rows([
        {"locator": "001 P1", "code": "HUM"},
        {"locator": "001 P1", "start": 169, "end": 181, "code": "LL", "voice": "author"},
        {"locator": "001 P6", "start": 1094, "end": 1112, "code": "NC", "voice": "quoted",
         "note": "the minister's words"},
        {"locator": "001 P19", "code": "none"}])


@pytest.fixture
def both() -> pd.DataFrame:
    """The rows of coders A and B together."""
    return pd.concat([annotations.rows_of("A"), annotations.rows_of("B")], ignore_index=True)
