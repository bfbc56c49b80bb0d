"""What tests of whole classes need: every table of a gradebook, every graded file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

#: Tables whose ids are made up by nbgrader, and the columns that name a row to people.
_NAMED = {"assignment": ("name",), "notebook": ("assignment_id", "name"),
          "base_cell": ("notebook_id", "type", "name"), "source_cell": ("notebook_id", "name"),
          "submitted_assignment": ("assignment_id", "student_id"),
          "submitted_notebook": ("assignment_id", "notebook_id"),
          "grade": ("notebook_id", "cell_id"), "comment": ("notebook_id", "cell_id")}


def tables(database: Path) -> dict[str, list[tuple]]:
    """All rows of all tables, sorted, with made-up ids replaced by names that stay the same."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        names = [row[0] for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}
    connection.close()
    known: dict[str, str] = {}
    for table, columns in _NAMED.items():  # in this order: a name is made of names before it
        for row in rows[table]:
            parts = (str(known.get(row[column], row[column])) for column in columns)
            known[row["id"]] = f"{table}({', '.join(parts)})"
    return {name: sorted((tuple(known.get(value, value) for value in row) for row in found),
                         key=repr) for name, found in rows.items()}


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Content and permissions of every file below a folder."""
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode)
            for path in sorted(folder.rglob("*")) if path.is_file()}


def differences(one: dict, other: dict) -> dict:
    """What stands in one of two such dicts only."""
    return {name: (one.get(name), other.get(name)) for name in one.keys() | other.keys()
            if one.get(name) != other.get(name)}
