"""Who is in the class: ``classroom/roster.csv``, made from what a platform lets one download.

The gradebook knows students by id. Platforms know them by numbers and columns of their own, which
they want back with the grades; the roster keeps these as they were.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

FILE = "roster.csv"
_OWN = ("student", "first_name", "last_name", "email")
# Columns of a platform's own file, kept under their own names, stand behind this mark.
_MARK = "lms:"


@dataclass(frozen=True)
class Person:
    """One student.

    Attributes
    ----------
    student : str
        Id in the gradebook, and the name of the folder in ``classroom/submitted/``.
    first_name, last_name, email : str
        Empty where unknown.
    lms : dict of str to str
        Columns of the platform's own file, such as ``{"ID": "4711", "SIS Login ID": "ada"}``.
    """

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms: dict[str, str] = field(default_factory=dict)


def load(classroom: Path) -> list[Person]:
    """All students of the roster, in its order; empty where there is none."""
    path = Path(classroom) / FILE
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [Person(**{name: row[name] or "" for name in _OWN},
                       lms={name.removeprefix(_MARK): value or "" for name, value in row.items()
                            if name and name.startswith(_MARK)})
                for row in csv.DictReader(file)]


def save(classroom: Path, people: list[Person]) -> Path:
    """Write the roster in place of an earlier one and return its path."""
    columns = dict.fromkeys(name for person in people for name in person.lms)
    path = Path(classroom) / FILE
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*_OWN, *(_MARK + name for name in columns)])
        for person in people:
            writer.writerow([*(getattr(person, name) for name in _OWN),
                             *(person.lms.get(name, "") for name in columns)])
    new.replace(path)
    return path
