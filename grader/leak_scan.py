"""The scan at every release: what is about to be published is looked at, file by file.

:mod:`grader.leaks` knows the texts that must stay closed. Here come the kinds of leak that are no
text: a copy of an instructor's file, marks of nbgrader, recorded answers, checks that are not
sealed. Texts are found in base64, hexadecimal digits and gzip too (:mod:`grader.wrapped`).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from . import notebook as nbk
from . import roster, wrapped
from .canonical import MIME
from .course import Course, CourseProblem
from .key import FOLDER
from .leaks import (
    Index,
    answers,
    key_texts,
    prompts,
    readable,
    records,
    solution_regions,
    solutions,
)
from .seal import FILE_NAME

_MARK = re.compile(r"(?:BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")
_MARKS = {"SOLUTION": "nbgrader's mark around a solution",
          "HIDDEN TESTS": "nbgrader's mark around hidden tests",
          "MARK SCHEME": "nbgrader's mark around a marking scheme"}
_HASH = re.compile(r"[0-9a-f]{20}")
_KINDS = {"explanation": "the explanation of question {}", "hint": "a hint of question {}",
          "input": "a hidden input of question {}", "answer": "an answer to question {}",
          "solution": "the solution of the cell {}"}
# Rooms and files that students never get, wherever they lie.
_CLOSED = re.compile(r"(?:^|/)(?:answer_key/|guide/|texts/|submitted/|autograded/|private/|"
                     r"class\.yaml$|roster\.csv$|gradebook\.db|nbgrader_config\.py$)")
# A copy of one of these leaks, whatever it is called.
_PRIVATE = ("exercises/*/*.ipynb", "grader/guide/*", "seeds/texts/*", "class.yaml",
            "nbgrader_config.py", "classroom/roster.csv", "classroom/private/*")
# A shorter line of a solution is a line as anybody writes it.
_SHORT_LINE = 8


@dataclass(frozen=True)
class Leak:
    """Something that must not be published.

    Attributes
    ----------
    file : str
        Where it stands.
    what : str
        What it is, without saying it.
    """

    file: str
    what: str


class Scan:
    """Knows what a course must keep closed; made once, looks at any number of files."""

    def __init__(self, course: Course) -> None:
        sources = {name: course.source(name) for name in course.assignments()}
        self._texts = Index(key_texts())
        self._code = Index(answers() | solutions(sources.values()), prompts(sources.values()))
        self._records = records()
        self._lines = {name: _distinct_lines(nb) for name, nb in sources.items()}
        private = [path for pattern in _PRIVATE for path in course.root.glob(pattern)]
        private += [path for path in FOLDER.glob("*") if path.is_file()]
        self._private = {hashlib.sha256(path.read_bytes()).hexdigest(): path.name
                         for path in private if path.is_file()}
        self._people = _people(course)
        self._seen: dict[tuple[str, str], list[str]] = {}

    def leaks(self, files: Iterable[tuple[str, bytes]]) -> Iterator[Leak]:
        """What must not be published in these files, given as names and contents."""
        for name, content in files:
            if _CLOSED.search(name):
                yield Leak(name, "what belongs to instructors alone, as its name says")
            # Folder, archive and branch hold the same, below other folders.
            place = "/".join(name.split("/")[-2:])
            digest = hashlib.sha256(content).hexdigest()
            if (place, digest) not in self._seen:
                self._seen[place, digest] = list(self._look(place, content, digest))
            for what in self._seen[place, digest]:
                yield Leak(name, what)

    def require_none(self, where: str, files: Iterable[tuple[str, bytes]]) -> None:
        """Raise :class:`CourseProblem`, naming file and kind, at the first leak."""
        for leak in self.leaks(files):
            raise CourseProblem(
                f"Nothing was published, because {leak.file} in {where} holds {leak.what}, which "
                "students must not see. Take it out of where it comes from, then release again.")

    def _look(self, name: str, content: bytes, digest: str) -> Iterator[str]:
        if digest in self._private:
            yield f"a copy of the instructor's file {self._private[digest]}"
        text = readable(name, content)
        for mark in dict.fromkeys(_MARK.findall(text)):
            yield _MARKS[mark]
        sealed = name.rpartition("/")[2] == FILE_NAME
        # What stands in clear in a sealed file are names and options of its questions.
        coated = list(wrapped.texts(text))
        if content.startswith(wrapped.PACKED):
            coated += wrapped.of_bytes(content)
        for index in (self._texts,) if sealed else (self._texts, self._code):
            for how, one in (("", text), *((", encoded", one) for one in coated)):
                for question, what in index.hits(one):
                    yield _KINDS[what.partition(" ")[0]].format(question) + how
        if self._people and self._people.search(text):
            yield "the id or the address of a student"
        bare = "".join(text.split())
        for question, start in self._records.items():
            if start in bare:
                yield f"the recorded form of an answer to question {question}"
        if sealed:
            yield from _not_sealed(content)
        elif name.endswith(".ipynb"):
            yield from self._notebook(name, text, content)

    def _notebook(self, name: str, text: str, content: bytes) -> Iterator[str]:
        if MIME in text:
            yield "an answer that a check has recorded"
        parts = name.split("/")
        exercise = parts[-1].removesuffix(".ipynb")
        if parts[-2:-1] == [exercise]:  # the exercise itself, not its lesson
            for line, cell in self._lines.get(exercise, {}).items():
                if line in text:
                    yield f"a line of the solution of the cell {cell}"
                    break


def _people(course: Course) -> re.Pattern | None:
    """Addresses and ids of students, as whole words; names may be those of authors, too."""
    known = roster.load(course.classroom)
    with contextlib.suppress(CourseProblem):  # a file of pseudonyms that is kept elsewhere
        known += roster.people(course).values()
    with course.gradebook() as book:
        ids = {value for student in book.students for value in (student.id, student.email)}
    ids |= {value for person in known for value in (person.student, person.email)}
    # A short id, or one of letters alone, is a word of the language, or a number of a source.
    telling = sorted(re.escape(value) for value in ids if value and re.search(r"[\d@]", value)
                     and len(value) > (6 if value.isdigit() else 4))
    return re.compile(rf"(?<![\w.-])(?:{'|'.join(telling)})(?![\w-])", re.I) if telling else None


def _distinct_lines(nb: NotebookNode) -> dict[str, str]:
    """Lines of an exercise's solutions, each with its cell."""
    return {line.strip(): str(nbk.nbgrader_meta(cell).get("grade_id", cell.get("id")))
            for cell in nb.cells for region in solution_regions(cell)
            for line in region.splitlines()
            # The first line of a function may stand in its prompt.
            if len(line.strip()) > _SHORT_LINE and not line.strip().startswith("def ")}


def _not_sealed(content: bytes) -> Iterator[str]:
    """What a sealed file would tell without being asked."""
    try:
        questions = json.loads(content)["questions"]
        for question, spec in questions.items():
            pairs = [pair for part in spec["parts"] for pair in part["any"]]
            tokens = [pair[0] for pair in [*pairs, *spec["traps"], *spec["neutral"]]]
            if not all(isinstance(token, str) and _HASH.fullmatch(token) for token in tokens):
                yield f"an answer to question {question} that is not sealed"
            if any(_hidden(call) for call in spec["calls"]):
                yield f"a hidden input of question {question}"
    except (ValueError, KeyError, TypeError, AttributeError):
        yield "checks that are not in the sealed form"


def _hidden(call: Any) -> bool:
    return bool(call.get("hidden")) or "expect" in call
