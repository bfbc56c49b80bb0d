"""Columns of Moodle's lists in other languages than English.

``moodle_columns.csv`` has them as Moodle's language packs have (the strings ``firstname``,
``lastname``, ``email``, ``idnumber``, ``username`` and ``fullname`` of ``moodle.php``, ``recordid``
and ``submissionteam`` of ``assign.php``; https://download.moodle.org/langpack/, as of June 2026 in
the mirror github.com/projectestac/moodle-langpacks). A school may have changed its own.
"""

from __future__ import annotations

import csv
import unicodedata
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".csv")
# Of participants, and of a grading worksheet; in Italian the two share a name of a column.
_LISTS = (("First name", "Last name", "Email address", "ID number", "Username"),
          ("Identifier", "Full name", "Email address", "ID number", "Username", "Group"))
_NEEDED = 3


def english(columns: list[str]) -> dict[str, str]:
    """Moodle's English names of columns, by the names in a file; empty where it is no such list."""
    there = {_norm(name): name for name in columns}
    for words in _languages():
        for wanted in _LISTS:
            if all(words[name] in there for name in wanted[:_NEEDED]):
                return {there[words[name]]: name for name in wanted if words[name] in there}
    return {}


def _norm(name: str) -> str:
    return unicodedata.normalize("NFC", name).replace("’", "'").strip().casefold()


@lru_cache(maxsize=1)
def _languages() -> list[dict[str, str]]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return [{english: _norm(name) for english, name in row.items()}
                for row in csv.DictReader(file)]
