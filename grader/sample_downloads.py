"""Synthetic downloads: what Canvas, Moodle and Brightspace would give for synthetic submissions.

For tests, for the demo and for whoever wants to try `grader roster` and `grader collect` before a
class begins. All people and numbers are made up and labelled: ids begin with ``synthetic-``, first
names are Synthetic, addresses end in ``example.org`` (RFC 2606). File names are as
:mod:`grader.collect.names` describes them.
"""

from __future__ import annotations

import csv
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from .course import Course
from .roster import Person
from .sample import DUE, PREFIX

LABEL = "SYNTHETIC DOWNLOAD: made by grader.sample_downloads. No real student.\n"
_ID, _ATTACHMENT, _PARTICIPANT = 90_000, 700_000, 4_000
_DATE = (2026, 10, 20, 8, 0, 0)


@dataclass(frozen=True)
class Handed:
    """One synthetic submission: whose, of what, its notebook, and when."""

    student: str
    exercise: str
    notebook: bytes
    time: datetime
    due: datetime = DUE

    @property
    def number(self) -> int:
        return int(re.sub(r"\D", "", self.student))


def person(student: str) -> Person:
    """A synthetic student, with what all platforms know of one."""
    number = int(re.sub(r"\D", "", student))
    last = f"Student {number:02d}"
    return Person(student, "Synthetic", last, f"{student}@example.org", {
        "Student": f"{last}, Synthetic", "ID": str(_ID + number), "SIS User ID": f"S{number:05d}",
        "SIS Login ID": student, "Section": "Synthetic section",
        "Full name": f"Synthetic {last}", "ID number": student,
        "Email address": f"{student}@example.org",
        "OrgDefinedId": f"{80_000_000 + number}", "Username": student})


def handed_in(course: Course, exercise: str) -> list[Handed]:
    """What synthetic students have in ``classroom/submitted/``, with its time."""
    found = []
    for student in course.students(exercise):
        folder = course.folder("submitted", exercise, student)
        notebook, stamp = folder / f"{exercise}.ipynb", folder / "timestamp.txt"
        if student.startswith(PREFIX) and notebook.is_file():
            time = parse_utc(stamp.read_text()).replace(tzinfo=UTC) if stamp.is_file() else DUE
            found.append(Handed(student, exercise, notebook.read_bytes(), time))
    return found


# --- downloads -------------------------------------------------------------------------------


def canvas(path: Path, handed: Iterable[Handed]) -> Path:
    """Canvas's "Download Submissions" of one assignment."""
    return _zip(path, ((canvas_name(one), one.notebook) for one in handed))


def canvas_name(one: Handed, resubmitted: int = 0) -> str:
    """Name of a file in Canvas's zip; a file handed in again has ``-1`` and a later number."""
    sortable = re.sub(r"\W", "", person(one.student).lms["Student"].lower())
    late = "_LATE" * (one.time > one.due)
    again = f"-{resubmitted}" * bool(resubmitted)
    number = _ATTACHMENT + one.number + 1_000 * resubmitted
    return f"{sortable}{late}_{_ID + one.number}_{number}_{one.exercise}{again}.ipynb"


def moodle(path: Path, handed: Iterable[Handed], folders: bool = True) -> Path:
    """Moodle's "Download all submissions", with or without a folder for each student."""
    return _zip(path, ((moodle_name(one, folders), one.notebook) for one in handed))


def moodle_name(one: Handed, folders: bool = True) -> str:
    """Path of a file in Moodle's zip."""
    name = person(one.student).lms["Full name"]
    between = "/" if folders else "_"
    return (f"{name}_{_PARTICIPANT + one.number}_assignsubmission_file{between}"
            f"{one.exercise}.ipynb")


def brightspace(path: Path, handed: Iterable[Handed], folders: bool = True) -> Path:
    """Brightspace's download of a submission folder, with its list of what is in it."""
    def files() -> Iterator[tuple[str, bytes]]:
        for one in handed:
            yield brightspace_name(one, folders), one.notebook
        yield "index.html", f"<html><body>{LABEL}</body></html>".encode()

    return _zip(path, files())


def brightspace_name(one: Handed, folders: bool = True) -> str:
    """Path of a file in Brightspace's zip; its clock has no colon."""
    clock = f"{one.time.hour % 12 or 12}{one.time:%M %p}"
    prefix = (f"{_ID + one.number}-{_ATTACHMENT + one.number} - "
              f"{person(one.student).lms['Full name']} - {one.time:%b} {one.time.day}, "
              f"{one.time.year} {clock}")
    return f"{prefix}{'/' if folders else ' - '}{one.exercise}.ipynb"


def loose(folder: Path, handed: Iterable[Handed]) -> Path:
    """A folder of loose notebooks, as they come by mail."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in handed:
        (folder / f"{one.student} {one.exercise}.ipynb").write_bytes(one.notebook)
    return folder


# --- class lists -----------------------------------------------------------------------------


def canvas_list(path: Path, students: Iterable[str]) -> Path:
    """Canvas's gradebook export, with its rows that are no students."""
    columns = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
    return _csv(path, [
        [*columns, "Exercise (1)"], ["", "", "", "", "", "Manual Posting"],
        ["    Points Possible", "", "", "", "", "10.00"],
        *([person(student).lms[name] for name in columns] + [""] for student in students),
        ["Student, Test", "99999", "", "0a1b2c", "Synthetic section", ""]])


def moodle_list(path: Path, students: Iterable[str]) -> Path:
    """Moodle's list of participants."""
    return _csv(path, [["First name", "Last name", "ID number", "Email address", "Groups"], *(
        [p.first_name, p.last_name, p.lms["ID number"], p.email, ""]
        for p in map(person, students))])


def moodle_worksheet(path: Path, handed: Iterable[Handed]) -> Path:
    """Moodle's grading worksheet of one assignment: participants and times."""
    rows = [["Identifier", "Full name", "ID number", "Email address", "Status", "Grade",
             "Maximum Grade", "Grade can be changed", "Last modified (submission)",
             "Last modified (grade)", "Feedback comments"]]
    for one in handed:
        p, time = person(one.student), one.time
        rows.append([f"Participant {_PARTICIPANT + one.number}", p.lms["Full name"],
                     p.lms["ID number"], p.email, "Submitted for grading - ", "", "10.00", "Yes",
                     f"{time:%A}, {time.day} {time:%B} {time.year}, "
                     f"{time.hour % 12 or 12}:{time:%M %p}", "-", ""])
    return _csv(path, rows, "\ufeff")


def brightspace_list(path: Path, students: Iterable[str]) -> Path:
    """Brightspace's grades export with both keys."""
    return _csv(path, [["OrgDefinedId", "Username", "Last Name", "First Name", "Email",
                        "End-of-Line Indicator"], *(
        [f"#{p.lms['OrgDefinedId']}", f"#{p.lms['Username']}", p.last_name, p.first_name, p.email,
         "#"] for p in map(person, students))])


def plain_list(path: Path, students: Iterable[str]) -> Path:
    """A list with nbgrader's own columns."""
    return _csv(path, [["id", "first_name", "last_name", "email"], *(
        [p.student, p.first_name, p.last_name, p.email] for p in map(person, students))])


# --- all at once -----------------------------------------------------------------------------


def write(folder: Path, handed: Iterable[Handed], deal: bool = False) -> list[Path]:
    """Write every kind of download of one exercise, and return what was written.

    With ``deal`` each submission lies in one of the four alone, as in a class that hands in by
    four ways; without it, each is in all of them.
    """
    work = list(handed)
    if not work:
        return []
    name = work[0].exercise
    shares = [[one for one in work if one.number % 4 == way] if deal else work for way in range(4)]
    return [canvas(folder / f"canvas-{name}.zip", shares[0]),
            moodle(folder / f"moodle-{name}.zip", shares[1]),
            moodle_worksheet(folder / f"moodle-{name}.csv", shares[1]),
            brightspace(folder / f"brightspace-{name}.zip", shares[2]),
            loose(folder / f"loose-{name}", shares[3])]


def write_lists(folder: Path, students: Iterable[str]) -> list[Path]:
    """Write the class list of every platform, and return the files."""
    students = list(students)
    return [canvas_list(folder / "canvas.csv", students),
            moodle_list(folder / "moodle.csv", students),
            brightspace_list(folder / "brightspace.csv", students),
            plain_list(folder / "plain.csv", students)]


def main(words: list[str]) -> None:
    """``python -m grader.sample_downloads [--deal] FOLDER EXERCISE...``, after a demo."""
    deal, words = "--deal" in words, [word for word in words if word != "--deal"]
    folder, course = Path(words[0]), Course.find()
    students: set[str] = set()
    for name in words[1:]:
        work = handed_in(course, name)
        students |= {one.student for one in work}
        for path in write(folder, work, deal):
            print(path)
    for path in write_lists(folder, sorted(students)):
        print(path)


def _zip(path: Path, files: Iterable[tuple[str, bytes]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = LABEL.encode()
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, _DATE), data)
    return path


def _csv(path: Path, rows: Iterable[Iterable[str]], mark: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(mark)
        csv.writer(file).writerows(rows)
    return path


if __name__ == "__main__":
    main(sys.argv[1:])
