"""Collect: each file matched to student and exercise, the latest in its place, all kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

from nbgrader.api import Assignment, SubmittedAssignment
from sqlalchemy import select

from .. import roster, settings
from ..course import Course, CourseProblem
from ..intake import EARLIEST, MAX_DATE, TIMESTAMP, ZONES
from ..notebook_file import of_bytes, plain
from . import exchange, names, times, worksheet
from .exercises import Exercises
from .people import People
from .rows import Report, Row
from .sources import Source, opened
from .units import File, Unit, fit, units
from .versions import About, Shelf, dated, lateness


@dataclass(frozen=True)
class Wanted:
    """What the user said: where sources come from, what and whose they are; empty where not."""

    platform: str = ""
    exercise: str = ""
    student: str = ""


class Collector:
    """One run over any number of sources. The caller holds ``course.alone()``.

    Parameters
    ----------
    course : Course
    wanted : Wanted
    lists : iterable of Path
        Worksheets beside the downloads; see :mod:`~grader.collect.worksheet`.

    Raises
    ------
    CourseProblem
        Nobody is known, nothing is released, or what was wanted is not there.
    """

    def __init__(self, course: Course, wanted: Wanted,
                 lists: Iterable[Path] = ()) -> None:
        self.course, self.wanted, self.report = course, wanted, Report()
        self._hidden = roster.pseudonymous(course)
        self.zone = settings.load(course.root).timezone
        self.exercises = Exercises(course)
        if wanted.exercise and wanted.exercise not in self.exercises.names:
            raise CourseProblem(f"There is no released exercise {wanted.exercise}; there are "
                                f"{', '.join(self.exercises.names)}.")
        known = everybody(course)
        if not known:
            raise CourseProblem("Nobody is on the roster yet, so no file can be matched to a "
                                "student: run `grader roster FILE` with a class list first.")
        if wanted.student and wanted.student not in known:
            raise CourseProblem(f"{wanted.student} is not on the roster; write the id as it stands "
                                "there, or add the student with `grader roster`.")
        self.people = People(known)
        self._times: dict[str, str] = {}
        for path in lists:
            given = worksheet.read(path, self.people, self.zone)
            self.people.participants.update(given.participants)
            self.people.groups.update(given.groups)
            self._times.update(given.times)
        self._due, self._more = due_times(course)

    # --- what else is known ----------------------------------------------------------------

    def due(self, exercise: str, student: str) -> datetime | None:
        """The due time of a student in UTC, with an extension; None where none is set."""
        due = self._due.get(exercise)
        return due + self._more.get((exercise, student), timedelta()) if due else None

    # --- sources ---------------------------------------------------------------------------

    def take(self, path: Path) -> None:
        """Collect one zip, folder or notebook."""
        with opened(path) as source:
            if not any(kind in entry.name.lower() for entry in source.entries
                       for kind in (".ipynb", ".zip")):
                raise CourseProblem(f"{source.label} holds no notebook (.ipynb); is it the right "
                                    "download?")
            platform = self.wanted.platform or names.recognise(
                [entry.name for entry in source.entries])
            self.report.platforms[source.label] = platform
            for unit in units(source, platform):
                self._unit(source, platform, unit)

    def _unit(self, source: Source, platform: str, unit: Unit) -> None:
        for name, why in unit.left_out:
            self._cannot(source.label, name, why)
        notebooks = [file for file in unit.files if file.is_notebook]
        others = [file for file in unit.files if not file.is_notebook
                  and not _claims(file, platform)]
        if not notebooks:
            for file in others:
                if file.piece.file != TIMESTAMP:
                    self._cannot(source.label, file.shown, file.piece.problem or
                                 "it is no notebook (.ipynb)")
            return
        found: dict[tuple[str, str], list[File]] = {}
        notes: dict[str, str] = {}
        group = [] if self.wanted.student else self.people.group(unit.piece, platform)
        for file in notebooks:
            exercise, student = self._match(source, platform, unit, file, notes, group)
            for one in (group or [student]) if exercise else ():
                found.setdefault((one, exercise), []).append(file)
        if len(found) > max(1, len(group)):
            for file in others:
                if file.piece.file != TIMESTAMP:
                    self._cannot(source.label, file.shown, "it lies beside notebooks of several "
                                 "exercises or students, so it was not clear whose it is")
            others = []
        for (student, exercise), files in found.items():
            self._arrived(source.label, platform, student, exercise, files, others, notes,
                          bool(group))

    def _match(self, source: Source, platform: str, unit: Unit, file: File,
               notes: dict[str, str], group: list[str]) -> tuple[str, str]:
        """Exercise and student of a notebook, of a group the first of its students.

        Empty when it was put on the list of the others.
        """
        notebook = of_bytes(file.data)
        path = f"{source.label}/{file.shown}"
        exercise, why, note = self.exercises.find(
            file.piece.file if platform != "folder" else path, notebook, self.wanted.exercise)
        if self.wanted.student:
            student, nobody = self.wanted.student, ""
        elif group:
            student, nobody = group[0], ""
            note = "; ".join(filter(None, (note, f"handed in by a group of {len(group)}")))
        elif platform == "folder":
            text = self.exercises.written(exercise, notebook) if exercise else ""
            student, nobody = self.people.find_loose(
                file.shown, self.exercises.names, text)
        else:
            student, nobody = self.people.find(unit.piece, platform)
        if why or nobody:
            self._cannot(source.label, file.shown, "; ".join(filter(None, (nobody, why))))
            return "", ""
        written = "\n".join(cell.source for cell in notebook.nb.cells) if self._hidden else ""
        if any(self.people.signs(one, written) for one in (group or [student]) if written):
            note = "; ".join(filter(None, (note, "the name or address of its author stands in it")))
        if note:
            notes[file.shown] = note
        return exercise, student

    def doubt_times(self) -> None:
        """A list with times does not say for which exercise they are; say so where it matters."""
        rows = self.report.rows
        if self._times and len({row.exercise for row in rows if row.student in self._times}) > 1:
            self.report.rows = [row if row.student not in self._times else replace(
                row, note="; ".join(filter(None, (row.note, "dated by a list that does not say for "
                                                  "which exercise: collect each by itself, with "
                                                  "--as and its own list")))) for row in rows]

    def _cannot(self, source: str, name: str, why: str) -> None:
        self.report.unmatched.append((source, name, why))

    # --- one submission --------------------------------------------------------------------

    def _arrived(self, label: str, platform: str, student: str, exercise: str,
                 files: list[File], others: list[File], notes: dict[str, str],
                 group: bool) -> None:
        """Keep what came of one student for one exercise, and put the latest in its place."""
        by_content = {file.data: file for file in reversed(files)}
        files = [file for file in files if by_content[file.data] is file]
        # Files that the platform, or the disk, put in order are versions; others belong together.
        each = [[file] for file in sorted(files, key=lambda file: file.piece.order)] if all(
            file.piece.order for file in files) else [files]
        for version in each:
            content = {f"{exercise}.ipynb": version[0].data} if len(version) == 1 else {
                PurePosixPath(file.piece.file).name: file.data for file in version}
            beside, left_out = fit({file.piece.file: file.data for file in others
                                    if file.piece.file not in content})
            for name, why in left_out:
                self._cannot(label, name, why)
            piece = version[0].piece
            said = piece.time or beside.get(TIMESTAMP, b"")[:MAX_DATE].decode("utf-8", "replace")
            time = times.parse(said, self.zone)
            odd = [notes[file.shown] for file in version if file.shown in notes]
            if said and not time:
                odd.append(f"its date ({plain(said)}) could not be read")
            elif time and not EARLIEST <= time.replace(tzinfo=None) <= _now() + ZONES:
                odd.append(f"its date ({plain(said)}) cannot be right")
                time = None
            self.keep(student, exercise, {**beside, **content}, About(
                time=time.isoformat() if time else self._times.get(student, ""), late=piece.late,
                platform=platform, order=piece.order), label, version[0].shown,
                "; ".join(odd), group)

    def keep(self, student: str, exercise: str, files: Mapping[str, bytes], about: About,
             label: str, shown: str, note: str = "", group: bool = False) -> None:
        """Keep one version and write down what became of it."""
        shelf = Shelf(self.course, exercise, student)
        due = self.due(exercise, student)
        digest = shelf.keep(files, about)
        state, about = shelf.settle(digest, due)
        when = dated(about, due)
        self.report.rows.append(Row(
            student, exercise, shown, label, about.time and f"{about.when():%Y-%m-%d %H:%M:%S} UTC",
            lateness(about, when, due), state, note,
            # Canvas marks what is late.
            undated=bool(due and not when and about.platform != "canvas"), group=group))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _claims(file: File, platform: str) -> bool:
    """Whether this is a date or a secret that a student could have made up.

    nbgrader would believe it. Only what lies in an instructor's own folder counts.
    """
    return PurePosixPath(file.piece.file).name.lower() in (TIMESTAMP, "submission_secret.txt") and (
        platform != "folder" or ".zip/" in file.shown.lower())


def collect(course: Course, sources: Iterable[Path], wanted: Wanted) -> Report:
    """Collect everything from these sources, or from the exchange where there are none.

    The caller holds ``course.alone()``. Raises CourseProblem where a source, or what is wanted of
    it, is not there; what was collected before that stays.
    """
    sources = list(sources)
    lists = [path for path in sources if path.suffix.lower() == ".csv"]
    downloads = [path for path in sources if path not in lists]
    if wanted.platform == "exchange" and downloads:
        raise CourseProblem("The exchange has its own place, so --from exchange takes no files.")
    collector = Collector(course, wanted, lists)
    if downloads:
        for path in downloads:
            collector.take(path)
        collector.doubt_times()
    elif lists:
        raise CourseProblem(f"{lists[0].name} says when something was handed in; give the download "
                            "too. (A class list is for `grader roster`.)")
    else:
        exchange.take(collector)
    return collector.report


def everybody(course: Course) -> dict[str, roster.Person]:
    """Roster and gradebook: id in the gradebook → the real person."""
    known = dict(roster.people(course))
    with course.gradebook() as book:
        for student in book.students:
            if student.id not in known and not roster.unfit(student.id):
                known[student.id] = roster.Person(
                    student.id, student.first_name or "", student.last_name or "",
                    student.email or "", {"ID": student.lms_user_id}
                    if (student.lms_user_id or "").isdigit() else {})
    return known


def due_times(course: Course) -> tuple[dict[str, datetime], dict[tuple[str, str], timedelta]]:
    """Due times in UTC by exercise, and extensions by exercise and student.

    What class.yaml sets counts before what stands in nbgrader's gradebook.
    """
    chosen = settings.load(course.root)
    with course.gradebook() as book:
        due = {name: when.replace(tzinfo=UTC) for name, when in book.db.execute(
            select(Assignment.name, Assignment.duedate)) if when}
        more = {(name, student): extension for name, student, extension in book.db.execute(
            select(Assignment.name, SubmittedAssignment.student_id, SubmittedAssignment.extension)
            .join(SubmittedAssignment, SubmittedAssignment.assignment_id == Assignment.id))
            if extension}
    due |= {name: when for name in chosen.exercises if (when := chosen.due(name))}
    more |= {(name, student): timedelta(hours=hours)
             for student, by in chosen.extensions.items() for name, hours in by.items()}
    return due, more
