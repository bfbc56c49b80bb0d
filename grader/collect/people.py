"""Whose a file is: the names and numbers of platforms, matched to the roster."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from ..notebook_file import plain
from ..roster import Person
from .names import WORKSHEET, Piece

_WORD = re.compile(r"[^\W_]+")
# A line in which a student says who wrote this; elsewhere a word may be an id by chance.
_SIGNED = re.compile(r"(?im)^[^\w\n]*(?:name|student|author|id|user|login|matric\w*)\b.*$")
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w")
# So much of what a student wrote is searched for a name or an id.
MAX_TEXT = 4_000


def norm(name: str) -> str:
    """A name without what platforms drop from it: case, spaces, marks between letters."""
    return "".join(_words(name))


def _words(name: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", name).casefold())


class People:
    """Everybody on the roster, found by whatever a platform says of them.

    Parameters
    ----------
    known : dict of str to Person
        Id in the gradebook → the real person.
    participants : dict of str to str
        Moodle's participant numbers in this assignment → id in the gradebook.
    groups : dict of str to (list of str)
        Moodle's groups in this assignment, by :func:`norm` of their names → ids in the gradebook.
    """

    def __init__(self, known: Mapping[str, Person],
                 participants: Mapping[str, str] | None = None,
                 groups: Mapping[str, list[str]] | None = None) -> None:
        self.known, self.participants = known, dict(participants or {})
        self.groups = dict(groups or {})
        self._names: dict[str, set[str]] = defaultdict(set)
        self._canvas: dict[str, set[str]] = defaultdict(set)
        self._ids: dict[str, set[str]] = defaultdict(set)
        self._numbered: set[str] = set()
        for student, person in known.items():
            for name in _names(person):
                self._names[name].add(student)
            if number := person.lms.get("ID") or person.lms.get("lms_user_id"):
                self._canvas[number].add(student)
                self._numbered.add(student)
            for id_ in _ids(student, person):
                self._ids[id_].add(student)
        self._longest = max((id_.count("-") + id_.count("_") + id_.count(".") + 1
                             for id_ in self._ids), default=1)

    def find(self, piece: Piece, platform: str) -> tuple[str, str]:
        """Id in the gradebook, or why there is none: one of the two is empty."""
        if piece.problem:
            return "", piece.problem
        shown = plain(piece.name)
        if platform == "canvas":
            if piece.number in self._canvas:
                return self._one(self._canvas[piece.number], f"Canvas user {piece.number}")
            # Who has another number is somebody else of the same name.
            named = {student for student in self._names.get(norm(piece.name), ())
                     if student not in self._numbered}
            return self._one(named, f"{shown} (Canvas user {piece.number})")
        if platform == "moodle":
            if piece.number in self.participants:
                return self.participants[piece.number], ""
            if norm(piece.name) in ("participant", ""):
                return "", (f"Moodle hid the name of participant {piece.number} (anonymous "
                            "submissions); reveal the identities in Moodle and download again")
            who, why = self._one(self._names.get(norm(piece.name), set()), shown)
            if "students" in why:
                why += f"; {WORKSHEET}"
            elif why:
                why += f"; if this is a group, {WORKSHEET}"
            return who, why
        by_number = self._ids.get(piece.number.casefold(), set())
        return self._one(by_number or self._names.get(norm(piece.name), set()), shown)

    def group(self, piece: Piece, platform: str) -> list[str]:
        """Ids of those who handed something in together; empty where it is of one student."""
        return self.groups.get(norm(piece.name), []) if platform == "moodle" else []

    def find_user(self, user: str) -> tuple[str, str]:
        """The same for a user name on this machine, which is an id and nothing else."""
        return self._one({student for student in self._ids.get(user.casefold(), ())
                          if user in (student, self.known[student].student,
                                      self.known[student].lms.get("Username"))}, user)

    def known_as(self, person: Person) -> str:
        """Id in the gradebook of somebody on another list; empty when that is not clear."""
        for found in (set().union(*(self._ids.get(id_, ()) for id_ in _ids("", person))),
                      # In a plain list, as one makes of Canvas's API, the id may be the number.
                      self._canvas.get(person.lms.get("ID") or person.student, set()),
                      set().union(*(self._names.get(name, ()) for name in _names(person)))):
            if len(found) == 1:
                return next(iter(found))
        return ""

    def find_loose(self, path: str, exercises: Iterable[str], text: str) -> tuple[str, str]:
        """The same for a file of which only its path, and what was written in it, is known.

        Ids count before names, and the path before the text.
        """
        for name in exercises:
            path = re.sub(rf"(?i)(?<![^\W_]){re.escape(name)}(?![^\W_])", " ", path)
        path = re.sub(r"(?i)\.(ipynb|zip|txt)\b", " ", path)
        text = text[:MAX_TEXT]
        parts = {part.strip(" -_.()").casefold() for part in path.split("/")}
        whole = {student for part in parts for student in self._ids.get(part, ())}
        for where, ways in (
                ("its name", (whole, self._mentioned(path), self._named(path))),
                ("its cells", (self._mentioned("\n".join(_SIGNED.findall(text)))
                               | self._mentioned(" ".join(_ADDRESS.findall(text))),
                               self._named(text)))):
            for found in ways:
                if len(found) == 1:
                    return found.pop(), ""
                if found:
                    return "", f"{where} has more than one student ({_list(found)})"
        return "", "neither its name nor what is written in it says who on the roster handed it in"

    def signs(self, student: str, text: str) -> bool:
        """Whether a student's whole name or address stands in a text."""
        email = self.known[student].email
        return student in self._named(text) or bool(email) and email.casefold() in text.casefold()

    def _one(self, found: set[str], who: str) -> tuple[str, str]:
        if len(found) == 1:
            return next(iter(found)), ""
        if found:
            return "", f"{len(found)} students are called {who}: {_list(found)}"
        return "", f"{who} is not on the roster"

    def _mentioned(self, text: str) -> set[str]:
        """Students whose id, number or address stands in a text, the longest where they overlap."""
        # Apart from one another by whatever is no part of an id.
        found, taken = set(), ""
        for chunk in re.split(r"[\s/,;:()\[\]<>\"'`*|]+", text.casefold()):
            parts = re.split(r"([-_.])", chunk)
            start = 0
            while start < len(parts):
                for end in range(min(len(parts), start + 2 * self._longest), start, -2):
                    taken = "".join(parts[start:end]).strip("-_.")
                    if taken in self._ids and _telling(taken):
                        found |= self._ids[taken]
                        start = end
                        break
                start += 2 if start % 2 == 0 else 1
        return found

    def _named(self, text: str) -> set[str]:
        """Students whose whole name stands in a text, in either order."""
        words = _words(text)
        there = {"".join(words[i:i + n]) for n in range(2, 7) for i in range(len(words) - n + 1)}
        # In a file name all may stand together, as in LovelaceAda.
        there |= {word for word in words if len(word) > 7}
        return {student for name in there for student in self._names.get(name, ())}


def _names(person: Person) -> set[str]:
    first, last = person.first_name, person.last_name
    full = [person.lms.get("Full name", ""), person.lms.get("Student", "")]
    if first and last:
        full += [f"{first} {last}", f"{last} {first}"]
        if username := person.lms.get("Username"):
            full.append(f"{username} {first} {last}")  # Moodle can put it in front
    elif first or last:
        full.append(first or last)
    return {key for name in full if (key := norm(name))}


def _ids(student: str, person: Person) -> set[str]:
    lms = (person.lms.get(name, "").lstrip("#") for name in (
        "SIS User ID", "SIS Login ID", "ID number", "Username", "OrgDefinedId"))
    # A short number would be found in dates and copies, so it counts alone when it is the id.
    extra = {id_ for id_ in (*lms, person.email) if len(id_) > 3}
    return {id_.casefold() for id_ in {student, person.student, *extra} if id_}


def _telling(id_: str) -> bool:
    """Whether an id is no number or letter that could stand anywhere."""
    return len(id_) >= (5 if id_.isdigit() else 3)


def _list(students: set[str]) -> str:
    names = sorted(students)
    return ", ".join(plain(name) for name in names[:4]) + (" …" if names[4:] else "")
