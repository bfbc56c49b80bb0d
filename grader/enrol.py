"""Class lists into the roster and into nbgrader's gradebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbgrader.api import Student

from . import roster, roster_files
from .course import Course, CourseProblem
from .roster import Person


@dataclass
class Enrolment:
    """What one class list changed; ``absent`` are known students whom it does not name."""

    platform: str
    id_column: str
    new: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    same_name: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def enrol(course: Course, path: Path, id_column: str = "") -> Enrolment:
    """Put the students of a class list on the roster and into the gradebook.

    Somebody who is there already keeps the id, whichever list named them first. Raises
    :class:`~grader.course.CourseProblem` where the list cannot be used; nothing is changed then.
    """
    listed = roster_files.read(path, id_column)
    before = roster.people(course)
    strangers = _strangers(course, before)
    if roster.pseudonymous(course) and strangers:
        raise CourseProblem(
            f"The gradebook knows {strangers[0]} by a real id, so a pseudonymous class cannot "
            "begin in it: copy the course, empty classroom/ there, and release and enrol again.")
    same_as = _Known(before.values())
    people = [same_as(person) for person in listed.people]
    ids = roster.enrol(course, people)
    write_gradebook(course)
    found = Enrolment(listed.platform, listed.id_column, problems=listed.problems)
    for person in people:
        here = ids[person.student]
        (found.known if here in before else found.new).append(here)
    found.absent = sorted(before.keys() - set(found.known))
    found.same_name = _namesakes(roster.people(course))
    return found


def write_gradebook(course: Course) -> None:
    """Bring nbgrader's students up to the roster, in one transaction; none is taken away."""
    hidden = roster.pseudonymous(course)
    with course.gradebook() as book:
        there = {student.id: student for student in book.db.query(Student)}
        for student, person in roster.people(course).items():
            row = there.get(student) or Student(id=student)
            if not hidden:
                row.first_name = person.first_name or row.first_name
                row.last_name = person.last_name or row.last_name
                row.email = person.email or row.email
                row.lms_user_id = lms_user_id(person) or row.lms_user_id
            book.db.add(row)
        book.db.commit()


def lms_user_id(person: Person) -> str:
    """The number by which a platform knows somebody, as nbgrader's field wants it."""
    return next((value.lstrip("#") for name in ("lms_user_id", "ID", "OrgDefinedId", "ID number")
                 if (value := person.lms.get(name))), "")


def _strangers(course: Course, known: dict[str, Person]) -> list[str]:
    with course.gradebook() as book:
        return sorted(student.id for student in book.students
                      if student.id not in known and not roster.made_up(student.id))


class _Known:
    """Finds somebody again under the id of before: by number or address on the platform."""

    def __init__(self, known: Iterable[Person]) -> None:
        self._found: dict[tuple[str, str], set[str]] = {}
        for person in known:
            for key in self._keys(person):
                self._found.setdefault(key, set()).add(person.student)

    def __call__(self, person: Person) -> Person:
        for key in self._keys(person):
            if len(same := self._found.get(key, set())) == 1:
                return replace(person, student=next(iter(same)))
        return person

    @staticmethod
    def _keys(person: Person) -> Iterator[tuple[str, str]]:
        for name in ("ID", "OrgDefinedId", "Email address", "Username"):
            if value := person.lms.get(name):
                yield name, value.lstrip("#").casefold()
        if person.email:
            yield "email", person.email.casefold()


def _namesakes(known: dict[str, Person]) -> list[str]:
    """Each name that several students have, with their ids, in one sentence."""
    by_name: dict[str, list[str]] = {}
    for student, person in known.items():
        name = f"{person.first_name} {person.last_name}".strip()
        if name:
            by_name.setdefault(name, []).append(student)
    return [f"{name} is the name of {len(ids)} students ({', '.join(ids)}): a download that gives "
            "only names cannot tell them apart." for name, ids in by_name.items() if len(ids) > 1]
