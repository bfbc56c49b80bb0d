"""Read the tables of ``seeds/`` with the types that ``datapackage.json`` states."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import seeds
from reader.errors import ReaderError
from reader.lazy import lazy

pd = lazy("pandas")

_DTYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}


@lru_cache(maxsize=4)
def _schemas(path: Path, stamp: int) -> dict[str, dict[str, str]]:
    package = json.loads(path.read_text(encoding="utf-8"))
    return {
        resource["path"]: {
            # Dates stay text: EDTF says more ("about", "one of these days") than a timestamp.
            field["name"]: _DTYPES.get(field.get("type", "string"), "str")
            for field in resource.get("schema", {}).get("fields", [])
        }
        for resource in package["resources"]
        if isinstance(resource.get("path"), str)
    }


def schema(file: str) -> dict[str, str]:
    """Return the pandas dtype of each column of a table such as ``"segments.csv"``."""
    package = seeds.path("datapackage.json")
    try:
        return _schemas(package, package.stat().st_mtime_ns)[file]
    except KeyError:
        raise ReaderError(f"datapackage.json describes no table named {file!r}.") from None


@lru_cache(maxsize=64)
def _parse(path: Path, stamp: int, size: int) -> pd.DataFrame:
    # keep_default_na=False: "none" and "null" are words that a text may contain.
    return pd.read_csv(path, dtype=schema(path.name), keep_default_na=False, na_values=[""],
                       encoding="utf-8")


def read(name: str) -> pd.DataFrame:
    """Return one table of ``seeds/``, typed, as a copy that the caller may change.

    Parameters
    ----------
    name : str
        Name of the table without ``.csv``.

    Returns
    -------
    pandas.DataFrame
        Text columns are ``str``, counts and offsets ``Int64``, figures ``Float64``; an empty
        cell is missing. The file is parsed again only when it has changed.
    """
    path = seeds.path(f"{name}.csv")
    facts = path.stat()
    return _parse(path, facts.st_mtime_ns, facts.st_size).copy()


def typed(rows: list[dict], file: str) -> pd.DataFrame:
    """Return rows as a table with the columns and types of `file`."""
    columns = schema(file)
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.replace({"": None}).astype(columns)
