"""The works behind the keys in columns named ``source``, from ``seeds/references.bib``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from pathlib import Path

import seeds
from reader.dates import MONTHS
from reader.errors import ReaderError
from reader.lazy import lazy

bibtexparser = lazy("bibtexparser")
pd = lazy("pandas")

_MONTHS = [name[:3].lower() for name in MONTHS]
#: Where a work stands, in the order in which a citation says it.
_PLACES = ("journal", "booktitle", "howpublished", "publisher")


@lru_cache(maxsize=2)
def _read(path: Path, stamp: int) -> dict[str, dict[str, str]]:
    library = bibtexparser.parse_file(str(path), encoding="utf-8")
    return {entry.key: {"key": entry.key, **{
        field.key: re.sub(r"\\([&%])", r"\1", re.sub(r"(?<!\\)[{}]", "", str(field.value)))
        for field in entry.fields}} for entry in library.entries}


def _works() -> dict[str, dict[str, str]]:
    path = seeds.path("references.bib")
    return _read(path, path.stat().st_mtime_ns)


def _date(work: dict[str, str]) -> str:
    parts = [work.get("year", "")]
    if (month := work.get("month", "")[:3].lower()) in _MONTHS:
        parts.append(f"{_MONTHS.index(month) + 1:02}")
        if work.get("day", "").isdigit():
            parts.append(f"{int(work['day']):02}")
    return "-".join(parts)


def _row(work: dict[str, str]) -> dict[str, str]:
    return {"key": work["key"], "author": work.get("author", ""), "date": _date(work),
            "title": work.get("title", ""),
            "where": ", ".join(work[place] for place in _PLACES if work.get(place)),
            "url": work.get("url") or (f"https://doi.org/{work['doi']}" if "doi" in work else ""),
            "note": work.get("note", "")}


def _split(keys: str) -> list[str]:
    return [key.strip() for key in str(keys).split(";") if key.strip()]


def works(keys: str | None = None) -> pd.DataFrame:
    """Return the works that the course cites.

    Parameters
    ----------
    keys : str, optional
        One key, or several with semicolons between them, as in a column ``source``; all works
        by default.

    Returns
    -------
    pandas.DataFrame
        Columns key, author, date (EDTF; empty where the work has none), title, where (journal,
        outlet, publisher or document number), url and note, all text.

    Raises
    ------
    ReaderError
        When a key is unknown.
    """
    known = _works()
    chosen = list(known) if keys is None else _split(keys) if isinstance(keys, str) else []
    if not chosen:
        raise ReaderError("Give the key of a source, such as 'tass944911', or several with "
                          "semicolons between them, as the tables do.")
    if unknown := [key for key in chosen if key not in known]:
        raise ReaderError(f"There is no source {unknown[0]!r}: works() lists them all.")
    return pd.DataFrame([_row(known[key]) for key in chosen]).astype("str")


def cite(keys: str) -> str:
    """Say which works stand behind keys: author (date). Title. Where it stands.

    What is no key of ours, such as a web address, is given back as it is.

    Parameters
    ----------
    keys : str
        One key, or several with semicolons between them.

    Returns
    -------
    str
        One work after another, with semicolons between them.

    Examples
    --------
    >>> cite("mitchell1997")[:34]
    'Mitchell, Ronald K. and Agle, Brad'
    """
    known = _works()
    return "; ".join(_sentence(_row(known[key])) if key in known else key
                     for key in _split(keys))


def _sentence(row: dict[str, str]) -> str:
    date = f" ({row['date']})" if row["date"] else ""
    # "at The Independent" says where a copy was read; it goes on after the title.
    joint = ", " if row["where"].startswith("at ") else ". "
    return f"{row['author']}{date}. {row['title']}{joint}{row['where']}".rstrip(". ")


def as_html(column: Iterable) -> str:
    """Return the works behind a column of keys as an HTML list, to be opened below a table."""
    known = _works()
    keys = sorted({key for cell in column if not pd.isna(cell) for key in _split(cell)}
                  & known.keys())
    items = "".join(f"<li><strong>{escape(row['key'])}</strong>: {escape(_sentence(row))}. "
                    f"{escape(row['url'])}</li>" for row in (_row(known[key]) for key in keys))
    return f"<details><summary>The sources</summary><ul>{items}</ul></details>" if keys else ""
