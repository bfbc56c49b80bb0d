"""What platforms called the submissions that came from them, for what goes back.

``origins.csv`` stands beside the list of what was collected: one row for each student, exercise and
platform, with the name of the file as it lay in the download. It grows over all runs of `grader
collect`; a later submission takes the place of an earlier one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from .. import spreadsheet
from ..course import CourseProblem
from . import names, versions
from .rows import Report

FILE = "origins.csv"
_COLUMNS = ("student", "exercise", "came as")
#: Student, exercise and platform of a submission.
Key = tuple[str, str, str]


def read(folder: Path) -> dict[Key, str]:
    """Names in the downloads, by student, exercise and platform; empty where there is no list.

    Raises
    ------
    CourseProblem
        It is there and cannot be read.
    """
    path = folder / FILE
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.reader(file) if len(row) == len(_COLUMNS)]
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CourseProblem(f"{path} cannot be read ({type(error).__name__}); delete it, and give "
                            "the downloads to `grader collect` again, which writes it.") from None
    found = {}
    for student, exercise, came_as in rows:
        platform, _, name = came_as.partition(": ")
        if name:
            found[student, exercise, platform] = name
    return found


def joined(known: dict[Key, str], report: Report) -> dict[Key, str]:
    """What was known, and what a run of `grader collect` adds to it."""
    found = dict(known)
    for row in report.rows:
        platform = report.platforms.get(row.source, "")
        # A group's number would be taken for that of a student when feedback goes back.
        if row.group or not names.handle(row.file, platform):
            continue
        key = (row.student, row.exercise, platform)
        if row.state != versions.EARLIER or key not in found:
            found[key] = row.file
    return found


def table(found: dict[Key, str]) -> bytes:
    """The list as it is written: names exactly as they were.

    The platform stands in front of a name, so no spreadsheet takes it for a formula.
    """
    rows: Iterable = ((student, exercise, f"{platform}: {name}")
                      for (student, exercise, platform), name in sorted(found.items()))
    return spreadsheet.text([_COLUMNS, *rows])
