"""Delete one student everywhere, and say what is beyond reach.

What is the student's own goes; lists and logs lose their lines; pages and other files that name
the student go as a whole, for they are made anew by one command. The roster comes last, so that a
run that was stopped can be started again.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange.default import Exchange
from nbgrader.utils import notebook_hash
from sqlalchemy import text

from . import logs, roster, settings
from .agreement.withdraw import samples, withdraw
from .course import Course, CourseProblem
from .intake import MAX_DATE
from .mentions import Mentions
from .notebook_file import read_bytes

# Folders with one folder a student; what lies in them beside it is other students' own.
_STEPS = ("submitted", "autograded", "feedback")
_OTHERS = {*_STEPS, "collected", "release", "sealed", "staging", "solution", "study", "bundle",
           "agreement"}
#: Files that lose lines rather than being deleted.
_LINES = {".log", ".txt", ".jsonl"}
_PAGES = {".html", ".htm", ".json", ".md", ".ipynb", ".svg", ".yaml", ".yml", ".xml", ".tsv"}

BEYOND = (
    "Beyond reach, and to be seen to by hand: the learning platform, the student's own computer "
    "and its nbgrader cache, backups, mail, downloads and other files outside classroom/, and "
    "what others wrote about this student in their own text.")


@dataclass
class Traces:
    """What there is of one student.

    Attributes
    ----------
    student : str
        Id in the gradebook.
    person : Person
        Who is meant.
    mentions : Mentions
        What counts as a line or a page about this student.
    submissions : int
        In the gradebook.
    on_roster, in_gradebook : bool
    own : list of Path
        Files and folders that are the student's own, the exchange's among them.
    lines, pages : list of Path
        Files that lose lines; files that name the student and go as a whole.
    samples : dict of str to str
        Task → code of the student's answer in the sample that graders share.
    by_hand : list of str
        One sentence each for what must be done by hand.
    """

    student: str
    person: roster.Person
    mentions: Mentions
    submissions: int = 0
    on_roster: bool = False
    in_gradebook: bool = False
    own: list[Path] = field(default_factory=list)
    lines: list[Path] = field(default_factory=list)
    pages: list[Path] = field(default_factory=list)
    samples: dict[str, str] = field(default_factory=dict)
    by_hand: list[str] = field(default_factory=list)

    def sentences(self) -> Iterator[str]:
        """What would be deleted, for somebody who must decide."""
        yield f"Of {self.student} there is:"
        if self.in_gradebook:
            yield f"  in the gradebook: {self.submissions} submissions with all their grades"
        for path in self.own:
            yield f"  {path}"
        for path in self.lines:
            yield f"  lines in {path}"
        for path in self.pages:
            yield f"  {path} (names the student; make it anew)"
        for item, code in self.samples.items():
            yield f"  the answer {code} in the shared sample of {item}"
        if self.on_roster:
            yield "  a line of the roster"


def find(course: Course, who: str) -> Traces:
    """Look for everything of a student.

    Parameters
    ----------
    who : str
        Id in the gradebook, or the student's own id in a pseudonymous class.

    Raises
    ------
    CourseProblem
        There is nothing of that name.
    """
    known = roster.people(course)
    student = next((id_ for id_, person in known.items() if person.student == who), who)
    person = roster.real(course, student)
    with course.gradebook() as book:
        others = [roster.Person(one.id, one.first_name or "", one.last_name or "")
                  for one in book.students if one.id != student]
    others += [one for id_, one in known.items() if id_ != student]
    found = Traces(student, person, Mentions(student, person, others), on_roster=student in known)
    if person.last_name and not found.mentions.by_name:
        found.by_hand.append("Somebody else has that name too, or it is part of theirs, so lines "
                             "and pages with the name alone stay.")
    if not roster.unfit(student):
        found.own += dict.fromkeys(_own(course, found))
    with course.gradebook() as book, contextlib.suppress(MissingEntry):
        found.submissions = len(book.find_student(student).submissions)
        found.in_gradebook = True
    if not (found.own or found.in_gradebook or found.on_roster):
        raise CourseProblem(f"There is nothing of {who}: neither roster nor gradebook nor any "
                            "folder has that id; write it as it stands in classroom/roster.csv.")
    found.samples = samples(course, student)
    _mentions(course, found)
    if who in _extensions(course) or student in _extensions(course):
        found.by_hand.append(f"class.yaml gives {student} an extension; take that line out.")
    found.by_hand += [f"{path} is an older copy of the gradebook; delete it, or keep it knowingly."
                      for path in sorted(course.classroom.glob("gradebook*"))
                      if path.name not in ("gradebook.db", "gradebook.db-wal", "gradebook.db-shm")]
    return found


def delete(course: Course, found: Traces) -> Iterator[str]:
    """Delete what :func:`find` found, and say what was done and what remains.

    Raises
    ------
    CourseProblem
        Something cannot be deleted; the same command goes on from there.
    """
    problems = []
    for path in found.own:
        try:
            _remove(path)
        except OSError as error:
            problems.append(f"{path} cannot be deleted ({error.strerror}); ask its owner.")
    for item, code in found.samples.items():
        withdraw(course, item, code)
    for path in found.lines:
        _without(path, found.mentions)
    for path in found.pages:
        _remove(path)
    if found.in_gradebook:
        with course.gradebook() as book:
            with contextlib.suppress(MissingEntry):
                book.remove_student(found.student)
            wipe(book)
    if not problems and found.on_roster:
        roster.strike(course, found.student)
    yield (f"Deleted: {found.student}: {found.submissions} submissions in the gradebook, "
           f"{len(found.own)} folders and files, lines in {len(found.lines)} files, "
           f"{len(found.pages)} pages.")
    yield from found.by_hand
    yield BEYOND
    if problems:
        raise CourseProblem(" ".join(problems))


def wipe(book: Gradebook) -> None:
    """Write SQLite's file anew: deleted rows stay in it until then."""
    if book.engine.dialect.name == "sqlite":
        with book.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))


def _own(course: Course, found: Traces) -> Iterator[Path]:
    student, room = found.student, course.classroom
    # The exchange names feedback by a secret in the submission, so it is looked up first.
    yield from _in_exchange(course, found)
    yield from (path for step in _STEPS if os.path.lexists(
        path := course.folder(step, ".", student).parent / student))
    yield from sorted(path for path in (room / "collected").glob("*/*") if path.name == student)
    for folder in sorted((room / "logs").glob("*")):
        path = logs.submission_log(room, folder.name, student)
        if path.is_file():
            yield path


def _in_exchange(course: Course, found: Traces) -> Iterator[Path]:
    root = Path(Exchange(config=course.config).root)
    here = root / course.directory().course_id
    if not here.is_dir():
        return
    names = {found.student, found.person.student}
    inbound = []
    with contextlib.suppress(OSError):
        inbound = sorted(path for path in (here / "inbound").iterdir()
                         if path.name.rsplit("+", 3)[0] in names
                         or path.name.rsplit("+", 2)[0] in names)
    yield from inbound
    # Pages are named by the secret of the submission that they are about, whichever version.
    for folder in (*inbound, *(course.folder(step, name, found.student) for step in _STEPS
                               for name in course.assignments()),
                   *course.classroom.glob(f"collected/*/{escape(found.student)}/*/files")):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            secret = read_bytes(folder / "submission_secret.txt", 10 * MAX_DATE).decode()
            for name in course.assignments():
                page = here / "feedback" / (
                    notebook_hash(secret=secret, notebook_id=name) + ".html")
                if page.is_file():
                    yield page


def _mentions(course: Course, found: Traces) -> None:
    """Lists, logs and pages in ``classroom/`` that name the student."""
    room = course.classroom
    private = roster.private_file(course)
    own_lists = {room / roster.FILE, private}
    top = [path for path in room.iterdir() if path.name not in _OTHERS] if room.is_dir() else []
    top += (room / "collected").glob("*.csv")
    places = [*top, course.root / ".nbgrader.log", *(
        [private.parent] if private.is_file() and room not in private.parents else [])]
    for place in places:
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in files:
            if path in own_lists or path in found.own or path.is_symlink() or not path.is_file():
                continue
            kind = path.suffix.lower()
            # Of archives, only feedback that was packed for a platform; the bundle names nobody.
            packed = kind == ".zip" and path.parent.name == "exports"
            if not packed and kind not in _LINES | _PAGES | {".csv"}:
                continue
            if _named(path, found.mentions):
                (found.pages if packed or kind in _PAGES else found.lines).append(path)


def _named(path: Path, about: Mentions) -> bool:
    if path.suffix.lower() == ".csv":
        rows = _rows(path)
        return any(about.row(row, rows[0]) for row in rows[1:])
    if path.suffix.lower() == ".zip":
        with contextlib.suppress(OSError, zipfile.BadZipFile), zipfile.ZipFile(path) as packed:
            return any(about.text(name) or about.text(packed.read(name).decode(errors="replace"))
                       for name in packed.namelist())
        return False
    with path.open(encoding="utf-8", errors="replace") as file:
        return any(about.text(line) for line in file)


def _without(path: Path, about: Mentions) -> None:
    """Write a file anew without the lines that name the student."""
    new = path.with_name(f"{path.name}.new")
    if path.suffix.lower() == ".csv":
        kept = io.StringIO()
        rows = _rows(path)
        csv.writer(kept).writerows([*rows[:1], *(
            row for row in rows[1:] if not about.row(row, rows[0]))])
        mark = "\ufeff" * path.read_bytes().startswith(b"\xef\xbb\xbf")
        new.write_text(mark + kept.getvalue(), encoding="utf-8", newline="")
    else:
        with (path.open(encoding="utf-8", errors="surrogateescape", newline="") as old,
              new.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file):
            file.writelines(line for line in old if not about.text(line))
    new.replace(path)


def _rows(path: Path) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            return list(csv.reader(file))
    except csv.Error:
        return []


def _extensions(course: Course) -> set[str]:
    return set(settings.load(course.root).extensions)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
