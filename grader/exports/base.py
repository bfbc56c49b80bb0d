"""What all exports have in common: which grades, whose, and where they are written."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from traitlets import Bool, Dict, Unicode

from .. import late, recorded, roster, spreadsheet
from ..course import Course, CourseProblem
from ..key import KeyProblem
from ..marks import Marks, read
from ..roster import Person

#: Below ``classroom/``.
FOLDER = "exports"
_FORMULA = tuple("=+-@＝＋－＠")


@dataclass
class Row:
    """One student and the grades that go out.

    Attributes
    ----------
    student : str
        Id in the gradebook.
    person : Person
        Who is meant, with the columns of the platform.
    grades : dict of str to (float or None)
        Points by exercise, with manual ones and extra credit, less the penalty. None: there is
        nothing to tell yet.
    """

    student: str
    person: Person
    grades: dict[str, float | None] = field(default_factory=dict)


class PlatformExporter(ExportPlugin):
    """Base of the exports. A subclass makes :meth:`content` of :class:`Row` s."""

    into = Unicode("", help="a file downloaded from the platform: its columns and students are "
                            "kept, and our grades put in").tag(config=True)
    titles = Dict({}, help="exercise → its name on the platform").tag(config=True)
    provisional = Bool(False, help="export points so far where written work awaits grading").tag(
        config=True)
    missing_zero = Bool(False, help="export 0 for what was not handed in").tag(config=True)
    scale = Bool(False, help="convert to the platform's points where they differ").tag(config=True)

    #: Name of the platform in sentences, and of the file.
    name = "Table"
    file_name = "grades.csv"
    #: Columns of the roster by which the platform finds a student.
    identifiers: tuple[str, ...] = ()

    course: Course | None = None

    def export(self, gradebook: Gradebook) -> None:
        """Write the file; what was left out stands in :attr:`said` and in the log.

        Raises
        ------
        CourseProblem
            Nothing can be exported, or written. As a plugin of `nbgrader export` it ends with that
            sentence instead.
        """
        self.said: list[str] = []
        plain = self.course is None
        try:
            self.course = self.course or Course(Path(self.parent.coursedir.root))
            self._write(gradebook)
        except (CourseProblem, KeyProblem) as problem:
            if not plain:
                raise
            self.log.error(str(problem))
            sys.exit(1)
        if plain:
            for sentence in self.said:
                self.log.warning(sentence)

    @property
    def path(self) -> Path:
        """Where the file goes."""
        return Path(self.to) if self.to else self.course.classroom / FOLDER / self.file_name

    def content(self, rows: list[Row], marks: Marks) -> bytes:
        """The file.

        Parameters
        ----------
        rows : list of Row
            By name.
        marks : Marks
            Of the exercises that are exported.
        """
        raise NotImplementedError

    # --- grades --------------------------------------------------------------------------

    def _write(self, gradebook: Gradebook) -> None:
        names = [str(name) for name in self.assignment]
        self.said += late.settle(self.course, gradebook, names or None)
        marks = read(gradebook, names or None)
        if unknown := [name for name in names if name not in marks.exercises]:
            raise CourseProblem(f"The gradebook does not know {', '.join(unknown)}; run `grader "
                                "release` first, or look at the name.")
        for title in self.titles.values():
            if title.startswith(_FORMULA) or spreadsheet.one_line(title) != title or not title:
                raise CourseProblem(f"The name {title!r} cannot head a column: it must be one line "
                                    "that does not begin with = + - or @.")
        if not names:  # what nobody has handed in would be a column of nothing
            marks.exercises = {name: one for name, one in marks.exercises.items()
                               if marks.of(name)}
        if not marks.exercises:
            raise CourseProblem("There are no grades to export yet: run `grader grade` first.")
        rows = self._rows(marks)
        if not rows:
            raise CourseProblem("There is nobody to export: the gradebook has no student"
                                + (" of those named." if self.student else "."))
        spreadsheet.write({self.path: self.content(rows, marks)})

    def _rows(self, marks: Marks) -> list[Row]:
        people = roster.people(self.course)
        wanted = [str(student) for student in self.student]
        rows, nameless = [], []
        for student, known in marks.students.items():
            if wanted and student not in wanted:
                continue
            person = people.get(student)
            if person is None and roster.made_up(student):
                nameless.append(student)
                continue
            own = Person(student, known.first_name, known.last_name, known.email)
            rows.append(Row(student, _filled(person, own) if person else own))
        if absent := sorted(people.keys() - marks.students.keys()) if not wanted else []:
            self.said.append(f"On the roster and not in the gradebook, so not in the file: "
                             f"{some(absent)}; run `grader roster` with the class list again.")
        if nameless:
            self.said.append(f"Left out, because nobody stands behind these pseudonyms in the "
                             f"roster: {some(nameless)}.")
        rows.sort(key=lambda row: (row.person.last_name.casefold(),
                                   row.person.first_name.casefold(), row.student))
        self._counts: dict[tuple[str, int], list[str]] = {}
        for name in marks.exercises:
            self._grade(name, rows, marks)
        self._say_counts()
        self._say_odd_zeros(rows, marks)
        return rows

    def _grade(self, name: str, rows: list[Row], marks: Marks) -> None:
        counts: Counter[str] = Counter()
        waiting = set(self.course.students(name))
        for row in rows:
            one = marks.submissions.get((name, row.student))
            row.grades[name] = None
            if one is not None and one.marks:
                old = recorded.outdated(self.course, name, row.student)
                counts[old or "awaits"] += bool(old or one.awaits)
                if not (old or one.awaits) or self.provisional:
                    row.grades[name] = one.score
            elif row.student in waiting:
                counts["ungraded"] += 1
            else:
                counts["missing"] += 1
                row.grades[name] = 0.0 if self.missing_zero else None
        for what, number in counts.items():
            if number:
                self._counts.setdefault((what, number), []).append(name)

    def _say_counts(self) -> None:
        """One sentence for all exercises of which the same is to be said."""
        old = "exported as it was" if self.provisional else "without a grade in the file"
        said = {
            "awaits": "exported without the written work that awaits grading, because you asked "
                      "for it" if self.provisional else
                      "without a grade in the file, because written work awaits grading (`grader "
                      "queue` lists it, --provisional exports the points so far)",
            recorded.OTHER_WORK: f"handed in anew or changed since grading, and {old}: run `grader "
                                 "grade`, then export again",
            recorded.OTHER_KEY: f"graded with another key or other points than those of now, and "
                                f"{old}: run `grader grade --rescore`, then export again",
            "ungraded": "handed in and not graded yet: run `grader grade`, then export again",
            "missing": "not handed in, and 0 in the file" if self.missing_zero else
                       "not handed in, and without a grade in the file (--missing-zero writes 0)"}
        for (what, number), names in sorted(self._counts.items(), key=lambda one: one[1]):
            each = " each" if len(names) > 1 else ""
            self.said.append(f"{', '.join(names)}: {number} submission{'s' * (number != 1)}{each} "
                             f"{said[what]}.")

    def _say_odd_zeros(self, rows: list[Row], marks: Marks) -> None:
        """A 0 of work that could not be read, for example, is no 0 of the student's answers."""
        for name in marks.exercises:
            odd = [row.student for row in rows
                   if row.grades[name] == 0 and (name, row.student) in marks.submissions
                   and recorded.noted(self.course.folder("autograded", name, row.student)
                                      / f"{name}.ipynb").get("problems")]
            if odd:
                self.said.append(
                    f"{name}: 0 in the file where the grader noted a problem, such as a file that "
                    f"could not be read (`grader report` has the notes): {some(odd)}.")

    # --- students ------------------------------------------------------------------------

    def known(self, rows: list[Row]) -> list[Row]:
        """Those whom the platform can find, with its columns; the others are named.

        Where the roster has nobody's columns of this platform, ids and addresses of the gradebook
        stand in for all.
        """
        if not any(self._has(row) for row in rows):
            self.said.append(
                f"The roster has no columns of {self.name}, so the ids of the gradebook stand in "
                f"their place; look whether they are {self.name}'s, or run `grader roster` with a "
                f"file from {self.name} first.")
            rows = [replace(row, person=replace(row.person, lms=self.stand_in(row.person)))
                    for row in rows]
        left_out = [row.person.student for row in rows if not self._has(row)]
        if left_out:
            self.said.append(f"Left out, because the roster has no {' or '.join(self.identifiers)} "
                             f"for them: {some(left_out)}.")
        return [row for row in rows if self._has(row)]

    def _has(self, row: Row) -> bool:
        return any(row.person.lms.get(name, "").strip("# ") for name in self.identifiers)

    def stand_in(self, person: Person) -> dict[str, str]:
        """Columns of the platform made of what the gradebook knows."""
        raise NotImplementedError

    def title(self, exercise: str) -> str:
        """The name of an exercise on the platform."""
        return self.titles.get(exercise, exercise)


def _filled(person: Person, own: Person) -> Person:
    return replace(person, first_name=person.first_name or own.first_name,
                   last_name=person.last_name or own.last_name,
                   email=person.email or own.email)


def some(names: Iterable[str], most: int = 10) -> str:
    """Names in a sentence, at most ten of them."""
    names = list(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
