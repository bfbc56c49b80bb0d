"""The record of an article that an instructor passes on: digests, counts and positions, no text.

Such a file comes from outside, so it is read as data: only known columns, of known types.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from reader import store, tables
from reader.errors import ReaderError

_PARTS = {"article": "articles.csv", "segments": "segments.csv", "tokens": "tokens.csv"}


def add(path: Path | str, raw: str) -> str:
    """Store a record that ``grader new article`` made; returns what was done, in one sentence.

    Raises
    ------
    ReaderError
        When it is none, or is for one of the five articles; nothing is stored then.
    """
    try:
        content = json.loads(raw)
        found = {name: _checked(content[name], file) for name, file in _PARTS.items()}
        article = found["article"]["article"]
        fits = (content["shared"] is True and re.fullmatch(r"\d{3}", article, re.ASCII)
                and found["segments"] and {row["article"] for row in found["segments"]} == {article}
                and {row["locator"][:4] for row in found["segments"] + found["tokens"]}
                == {f"{article} "})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        fits = False
    if not fits:
        raise ReaderError(f"{path} is no record of an article that an instructor has made.")
    if article in set(tables.read("articles")["article"]):
        raise ReaderError(f"{path} is for article {article}, which is one of the five: ask for "
                          "the record under another id.")
    held = store.records().get(article)
    if held and held["article"]["sha256"] != found["article"]["sha256"]:
        raise ReaderError(f"You have another article {article}: remove it first, with python -m "
                          f"reader remove {article}.")
    store.write(store.record_file(article),
                json.dumps(found | {"shared": True}, ensure_ascii=False, indent=1))
    return (f"{path}: the record of article {article}, {len(found['segments'])} passages as "
            "digests. Your own copy of the text may be added too.")


def _checked(value: Any, file: str) -> Any:
    """A row, or a list of rows, with the columns of a table of ``seeds/`` and nothing else."""
    if isinstance(value, list):
        return [_checked(row, file) for row in value]
    columns = tables.schema(file)
    row = {name: value[name] for name in columns if name in value}
    for name, cell in row.items():
        if type(cell) not in ((int,) if columns[name] == "Int64" else (str,)):
            raise ValueError(f"{file}, {name}")
    return row
