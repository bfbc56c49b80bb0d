"""Whether a line, a page or a row of a table is about one student, and not about another.

An id such as ``12`` is a number of points as well, and a name may be that of somebody else, or
part of it. What is taken for a mention here is deleted by :mod:`grader.forget`, so doubt means no.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .roster import Person

#: Columns whose cells say who a row is about, in tables of ours and of the platforms.
_WHO = {"student", "student_id", "id", "pseudonym", "username", "email", "email address",
        "id number", "orgdefinedid", "sis user id", "sis login id", "login"}
#: A shorter number is found among points and years, shorter text among words.
_NUMBER, _TEXT = 7, 4


class Mentions:
    """Knows the ids, the address and the name of one student.

    Parameters
    ----------
    student : str
        Id in the gradebook.
    person : Person
        Who is meant.
    others : iterable of Person
        Everybody else, so that a name that others share counts for nobody.
    """

    def __init__(self, student: str, person: Person, others: Iterable[Person]) -> None:
        ids = {student, person.student, person.email} - {""}
        self._ids = ids
        weak = {one for one in ids if len(one) < (_NUMBER if one.isdigit() else _TEXT)}
        names = _names(person)
        by_name = _whole(names)
        #: Whether names count, too.
        self.by_name = bool(names) and not any(
            by_name.search(name) for other in others for name in _names(other))
        words = ids - weak | (names if self.by_name else set())
        self._words = _whole(words)
        # Where an id stands as such: in a path, between quotes or tags, or as a log names it.
        each = "|".join(map(re.escape, sorted(weak)))
        self._weak = re.compile(rf"(?<=[/\"'>])(?:{each})(?=[/\"'<])|, (?:{each}): " if weak
                                else r"(?!)")

    def text(self, line: str) -> bool:
        """Whether a line of a log or of a page names the student."""
        return bool(self._words.search(line) or self._weak.search(line))

    def row(self, row: list[str], header: list[str]) -> bool:
        """Whether a row of a table is about the student."""
        for name, cell in zip([*header, *[""] * len(row)], row, strict=False):
            if name.strip().casefold() in _WHO and cell.strip().lstrip("'#") in self._ids:
                return True
        return any(self._words.fullmatch(cell.lstrip("'#"))
                   or len(cell) > 8 and self._words.search(cell) for cell in row)


def _names(person: Person) -> set[str]:
    first, last = person.first_name, person.last_name
    names = {person.lms.get("Full name", ""), person.lms.get("Student", "")}
    if first and last:
        # As in Canvas's file names, too.
        names |= {f"{first} {last}", f"{last}, {first}", re.sub(r"\W", "", last + first).lower()}
    return names - {""}


def _whole(words: Iterable[str]) -> re.Pattern:
    """Any of these, where it is no part of a longer name or id."""
    each = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?<![^\W_][-.@])(?:{each})(?![^\W_]|[-.@]\w)" if each
                      else r"(?!)")
