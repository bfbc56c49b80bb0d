"""Class lists as platforms write them, recognised by their columns.

Canvas's gradebook export has ``Student, ID, SIS User ID, SIS Login ID, Section`` (with names split,
``LastName, FirstName`` in place of ``Student``) and rows that are no students ("Points Possible",
the test student). Its columns are in English whatever language the page has
(``lib/gradebook_exporter.rb`` of canvas-lms). Moodle's participants list has ``First name, Last
name, ID number, Email address``, its grading worksheet ``Identifier, Full name, Email address``, or
the same in a language that :mod:`grader.moodle_columns` knows. Brightspace's grades export has
``OrgDefinedId, Username, Last Name, First Name, Email`` and ``End-of-Line Indicator``, with a
number sign in front of the two ids. A plain list has nbgrader's own columns: ``id, first_name,
last_name, email, lms_user_id``.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from . import moodle_columns, roster
from .course import CourseProblem
from .notebook_file import plain
from .roster import Person

MAX_BYTES = 50_000_000
#: Platform → columns that it must have, and those that tell students apart, the best id first.
_FORMS = {
    "canvas": ({"student", "id", "section"}, ("SIS Login ID", "SIS User ID", "ID")),
    "canvas ": ({"lastname", "firstname", "id", "section"}, ("SIS Login ID", "SIS User ID", "ID")),
    "brightspace": ({"orgdefinedid", "username"}, ("Username", "OrgDefinedId")),
    "brightspace ": ({"username", "end-of-line indicator"}, ("Username",)),
    "brightspace  ": ({"orgdefinedid", "end-of-line indicator"}, ("OrgDefinedId",)),
    "moodle": ({"identifier", "full name"}, ("Username", "ID number", "Email address")),
    "moodle ": ({"first name", "last name", "email address"},
                ("Username", "ID number", "Email address")),
    "moodle  ": ({"first name", "surname", "email address"},
                 ("Username", "ID number", "Email address")),
}
_PLAIN_ID = ("student", "student_id", "id", "username", "email")
#: What a platform wants to read again beside a grade.
_KEPT = {
    "canvas": ("Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account",
               "Section"),
    "brightspace": ("OrgDefinedId", "Username", "Email"),
    "moodle": ("Username", "ID number", "Email address", "Full name"),
    "plain": ("lms_user_id",),
}


@dataclass
class ClassList:
    """What a file says.

    Attributes
    ----------
    platform : str
        ``canvas``, ``moodle``, ``brightspace`` or ``plain``.
    id_column : str
        The column that gave the ids.
    people : list of Person
    rows : list of dict
        The rows that gave them, in the same order, by column.
    problems : list of str
        One sentence for each row that was left out.
    """

    platform: str
    id_column: str
    people: list[Person] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read(path: Path, id_column: str = "") -> ClassList:
    """Read a class list.

    Parameters
    ----------
    path : Path
        CSV with commas, semicolons or tabs, in UTF-8 or UTF-16.
    id_column : str
        The column with the ids; chosen by platform when empty.

    Raises
    ------
    CourseProblem
        The file cannot be read, is none of these, or no column tells all students apart.
    """
    columns, rows = _table(path)
    english = {} if _form(columns) else moodle_columns.english(columns)
    columns = [english.get(name, name) for name in columns]
    rows = [{english.get(name, name): value for name, value in row.items()} for row in rows]
    id_column = english.get(id_column, id_column)
    platform = _platform(path, columns)
    rows = [row for row in rows if _is_student(row, platform)]
    found = ClassList(platform, _id_column(path, platform, columns, rows, id_column))
    if not rows:
        raise CourseProblem(f"{path.name} lists no student; look whether it is the whole download.")
    taken: set[str] = set()
    for number, row in enumerate(rows, 1):
        person = _person(row, platform, found.id_column, columns)
        name = plain(" ".join((person.first_name, person.last_name)).strip()) or f"row {number}"
        if why := roster.unfit(person.student):
            found.problems.append(f"{name} was left out: the {found.id_column} "
                                  f"{plain(person.student)!r} {why}; choose another column with "
                                  "--id, or change it.")
        elif _folder(person.student) in taken:
            found.problems.append(f"{name} was left out: somebody before has the same "
                                  f"{found.id_column}, {plain(person.student)}.")
        else:
            taken.add(_folder(person.student))
            found.people.append(person)
            found.rows.append(row)
    return found


def _folder(student: str) -> str:
    """An id as it names a folder where capital letters and ways to write an accent do not count."""
    return unicodedata.normalize("NFC", student).casefold()


def _table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CourseProblem(f"{path} cannot be read ({error.strerror}).") from None
    if data[:4] == b"PK\x03\x04":
        raise CourseProblem(f"{path.name} is a spreadsheet or a zip, not a CSV file; export it as "
                            "CSV.")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        if len(data) > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES // 1_000_000} MB")
        lines = data.decode(encoding).splitlines(keepends=True)
        head = lines[0] if lines else ""
        delimiter = max(",;\t", key=head.count)
        table = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except UnicodeDecodeError:
        raise CourseProblem(f"{path.name} is not in UTF-8; save it as CSV UTF-8, or download it "
                            "again, so that no name is spoilt.") from None
    except (csv.Error, ValueError) as error:
        raise CourseProblem(f"{path.name} is no CSV file with a class list ({error}).") from None
    columns = [name.strip() for name in table[0]] if table else []
    return columns, [dict(zip(columns, map(str.strip, row), strict=False)) for row in table[1:]
                     if any(cell.strip() for cell in row)]


def _form(columns: list[str]) -> str:
    """The form in :data:`_FORMS` that these columns have; empty where it is none."""
    small = {name.casefold() for name in columns}
    return next((form for form, (needed, _) in _FORMS.items() if needed <= small), "")


def _platform(path: Path, columns: list[str]) -> str:
    if form := _form(columns):
        return form.strip()
    if {name.casefold() for name in columns} & set(_PLAIN_ID):
        return "plain"
    shown = ", ".join(plain(name) for name in columns[:6]) or "none"
    raise CourseProblem(
        f"{path.name} is no class list that is known here (its columns: {shown}); it needs the "
        "columns of a Canvas, Moodle or Brightspace export in English (switch the platform's "
        "language for the download; Moodle's may be in other languages, too), or id, first_name, "
        "last_name, email.")


def _is_student(row: dict[str, str], platform: str) -> bool:
    if platform != "canvas":
        return True
    # Canvas's second and third rows describe the columns; its test student is nobody.
    name = row.get("Student") or f"{row.get('LastName', '')}, {row.get('FirstName', '')}"
    return bool(row.get("ID")) and name not in ("Points Possible", "Student, Test", "Test Student")


def _id_column(path: Path, platform: str, columns: list[str], rows: list[dict[str, str]],
               asked: str) -> str:
    by_small = {name.casefold(): name for name in columns}
    if asked:
        if asked.casefold() not in by_small:
            raise CourseProblem(f"{path.name} has no column {asked}; it has "
                                f"{', '.join(map(plain, columns[:8]))}.")
        return by_small[asked.casefold()]
    choices = _PLAIN_ID if platform == "plain" else _FORMS[_form(columns)][1]
    there = [by_small[name.casefold()] for name in choices if name.casefold() in by_small]
    for name in there:
        if all(row.get(name, "").strip("#") for row in rows):
            return name
    # Rather the column that most have: those without are named one by one.
    counts = Counter({name: sum(bool(row.get(name)) for row in rows) for name in there})
    if not counts or not max(counts.values()):
        raise CourseProblem(f"{path.name} has no column that could be the students' ids; name one "
                            "with --id.")
    return counts.most_common(1)[0][0]


def _person(row: dict[str, str], platform: str, id_column: str, columns: list[str]) -> Person:
    get = {name.casefold(): value for name, value in row.items()}.get
    first = get("first name") or get("first_name") or ""
    last = get("last name") or get("last_name") or get("surname") or ""
    if platform == "canvas" and "Student" in row:  # the sortable name
        last, _, first = (part.strip() for part in row["Student"].partition(","))
    elif platform == "canvas":
        last, first = row["LastName"], row["FirstName"]
    elif platform == "moodle" and not (first or last):
        first, _, last = row["Full name"].rpartition(" ")
    student = row.get(id_column, "")
    return Person(student.lstrip("#") if platform == "brightspace" else student, first, last,
                  get("email address") or get("email") or "",
                  {name: row[name] for name in columns
                   if name in _KEPT[platform] and row.get(name)})
