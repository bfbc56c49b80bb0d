"""Who is in the class: ``classroom/roster.csv``, made from what a platform lets one download.

The gradebook knows students by id. Platforms know them by numbers and columns of their own, which
they want back with the grades; the roster keeps these as they were.

In a pseudonymous class (``pseudonyms: true`` in class.yaml) the roster, the gradebook and all
folders know made-up ids alone. Who is meant stands in one file, ``private/pseudonyms.csv`` below
``classroom/``, which only its owner may read; :data:`ELSEWHERE` names another place for it.
"""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from . import settings
from .notebook_file import one_line

if TYPE_CHECKING:
    from .course import Course

FILE = "roster.csv"
PRIVATE = "private/pseudonyms.csv"
#: Environment variable with the path of the file of pseudonyms, when it is kept elsewhere.
ELSEWHERE = "READING_IDLIB_PSEUDONYMS"
_OWN = ("student", "first_name", "last_name", "email")
_PSEUDONYM = "pseudonym"
# Columns of a platform's own file, kept under their own names, stand behind this mark.
_MARK = "lms:"
# Made-up ids cannot spell a word, and no two of these letters look alike.
_LETTERS, _LENGTH = "bcdfghjkmnpqrstvwxz23456789", 6


@dataclass(frozen=True)
class Person:
    """One student.

    Attributes
    ----------
    student : str
        Id in the gradebook, and the name of the folder in ``classroom/submitted/``. In what
        :func:`real` gives back it is the student's own id, never the made-up one.
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
    """All students of the roster, in its order; empty where there is none.

    In a pseudonymous class these are made-up ids without names; :func:`people` has both.
    """
    return [person for _, person in _read(Path(classroom) / FILE)]


def save(classroom: Path, students: Iterable[Person]) -> Path:
    """Write the roster in place of an earlier one and return its path."""
    path = Path(classroom) / FILE
    _write(path, [("", person) for person in students])
    return path


# --- who is meant ----------------------------------------------------------------------------


def real(course: Course, student: str) -> Person:
    """The person behind an id of the gradebook, with what the platform knows of them.

    Outside a pseudonymous class the id is the student's own. Somebody who is not on the roster is
    a :class:`Person` with nothing but that id.

    Raises
    ------
    CourseProblem
        The class is pseudonymous, and the file that says who is meant is not there.
    """
    return people(course).get(student) or Person(student)


def people(course: Course) -> dict[str, Person]:
    """Everybody on the roster: id of the gradebook → the real person. Raises as :func:`real`."""
    if not pseudonymous(course):
        return {person.student: person for person in load(course.classroom)}
    path = private_file(course)
    if not path.is_file() and (listed := load(course.classroom)):
        if own := [person.student for person in listed if not made_up(person.student)]:
            raise _problem(f"class.yaml asks for pseudonyms, but this class began without them (its"
                           f" roster has {own[0]}); they can only begin with an empty classroom/.")
        raise _problem(f"This class is pseudonymous, and {path} is not there, so nobody can be "
                       f"named: put the file back, or name its place in {ELSEWHERE}.")
    return dict(_read(path))


def pseudonymous(course: Course) -> bool:
    """Whether the gradebook knows students by made-up ids alone.

    Raises
    ------
    CourseProblem
        class.yaml does not say so any more although the file of pseudonyms is there.
    """
    asked = settings.load(course.root).pseudonyms
    if not asked and private_file(course).is_file():
        raise _problem(f"{private_file(course)} says that this class is pseudonymous, and "
                       "class.yaml does not: write `pseudonyms: true` there again. A class cannot "
                       "change back, for its gradebook knows made-up ids alone.")
    return asked


def private_file(course: Course) -> Path:
    """Where it stands who is meant by the made-up ids."""
    elsewhere = os.environ.get(ELSEWHERE)
    return Path(elsewhere).expanduser() if elsewhere else course.classroom / PRIVATE


def enrol(course: Course, students: Iterable[Person]) -> dict[str, str]:
    """Put real people on the roster, and give a made-up id to whoever needs one.

    What is known of somebody already is kept where the new entry says nothing. The gradebook is
    not touched.

    Returns
    -------
    dict of str to str
        The students' own ids → their ids in the gradebook.
    """
    hidden = pseudonymous(course)
    known = people(course)
    ids = {person.student: student for student, person in known.items()}
    for person in students:
        if person.student not in ids:
            ids[person.student] = _made_up(known) if hidden else person.student
        known[ids[person.student]] = _merged(known.get(ids[person.student]), person)
    _put(course, known, hidden)
    return ids


def strike(course: Course, student: str) -> bool:
    """Take somebody off the roster, by id of the gradebook; whether they were on it."""
    hidden, known = pseudonymous(course), people(course)
    if known.pop(student, None) is None:
        return False
    _put(course, known, hidden)
    return True


def _put(course: Course, known: dict[str, Person], hidden: bool) -> None:
    if hidden:
        # First who is meant: a made-up id that nobody can resolve would be lost work.
        path = private_file(course)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, known.items(), _PSEUDONYM, mode=0o600)
    save(course.classroom, [Person(student) for student in known] if hidden else known.values())


def _merged(old: Person | None, new: Person) -> Person:
    if old is None:
        return new
    said = {name: value for name in _OWN if (value := getattr(new, name))}
    return replace(old, **said, lms=old.lms | {k: v for k, v in new.lms.items() if v})


def unfit(student: str) -> str:
    """Why an id cannot be one, to stand behind it; empty when it can.

    It is the name of a folder, and must not lead anywhere else.
    """
    if not student:
        return "is empty"
    if re.search(r"[/\\\x00]", student) or student in (".", ".."):
        return "has a slash or would lead to another folder, and folders are named by it"
    if student != student.strip() or student.startswith("."):
        return "begins with a dot, or begins or ends with a space"
    if len(student.encode(errors="replace")) > 120:
        return "is too long for the name of a folder"
    return "" if one_line(student) else "has characters that are not text"


def made_up(student: str) -> bool:
    """Whether an id has the form of those that are made up here."""
    return bool(re.fullmatch(f"p-[{_LETTERS}]{{{_LENGTH}}}", student))


def _made_up(taken: Iterable[str]) -> str:
    while True:
        name = "p-" + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        if name not in taken:
            return name


# --- files -----------------------------------------------------------------------------------


def _read(path: Path) -> tuple[tuple[str, Person], ...]:
    """Pairs of made-up id (or the id itself) and person, in the order of the file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    return _parsed(path, found.st_mtime_ns, found.st_size, found.st_ino)


@lru_cache(maxsize=8)
def _parsed(path: Path, *_changed: int) -> tuple[tuple[str, Person], ...]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        return tuple((row.get(_PSEUDONYM) or row["student"], Person(
            **{name: row[name] or "" for name in _OWN},
            lms={name.removeprefix(_MARK): value or "" for name, value in row.items()
                 if name and name.startswith(_MARK)})) for row in rows)
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        raise _problem(f"{path} cannot be read as a roster ({' '.join(str(error).split())[:120]}): "
                       f"it needs the columns {', '.join(_OWN)}, in UTF-8.") from None


def _write(path: Path, entries: Iterable[tuple[str, Person]], *first: str,
           mode: int = 0o666) -> None:
    entries = list(entries)
    columns = dict.fromkeys(name for _, person in entries for name in person.lms)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*first, *_OWN, *(_MARK + name for name in columns)])
    for student, person in entries:
        writer.writerow([*[student] * len(first), *(getattr(person, name) for name in _OWN),
                         *(person.lms.get(name, "") for name in columns)])
    new = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w",  # noqa: PTH123
                  encoding="utf-8", newline="") as file:
            file.write(text.getvalue())
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise _problem(f"{path} cannot be written ({error.strerror}); the file that was there is "
                       "as it was.") from None


def _problem(sentence: str) -> Exception:
    from .course import CourseProblem  # which imports what takes long

    return CourseProblem(sentence)
