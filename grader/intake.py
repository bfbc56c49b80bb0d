"""What was handed in: looked at without following a link and without changing anything.

A submission folder may hold anything. :func:`receive` says which notebook counts, which files
may lie beside it, and in one sentence each what the student and the instructor should know.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

from nbgrader.utils import parse_utc

from .candidates import choose
from .notebook_file import (
    MAX_BYTES,
    closed,
    one_line,
    plain,
    read_bytes,
    what_stands_there,
    why,
)
from .seal import FILE_NAME

# An exercise of this course needs no file of the student's own; the limits leave room for a
# table or some pictures, and keep the copies in the work folders of a class small.
MAX_FILES = 200
MAX_FILE_BYTES = MAX_BYTES
MAX_ALL_BYTES = 50_000_000
MAX_DEPTH = 6
# Folders and files that are looked at, so that a million empty ones delay nobody.
MAX_ENTRIES = 5_000
TIMESTAMP = "timestamp.txt"
MAX_DATE = 200
#: No work is older.
EARLIEST = datetime(2020, 1, 1)
#: A date without its zone may be so far ahead.
ZONES = timedelta(days=1)
#: What nbgrader leaves out of a submission by default (CourseDirectory.ignore).
LITTER = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")


@dataclass(frozen=True)
class Intake:
    """What counts of a submission.

    Attributes
    ----------
    notebook : Path or None
        The notebook that is graded; None when there is none.
    files : dict of str to Path
        Relative POSIX path → regular file within the limits, notebooks left out.
    problems : tuple of str
        One helpful sentence each, for the student and the instructor.
    fingerprint : str
        SHA-256 of all that counts; another one means that there is something new to grade.
    as_it_is : bool
        Whether nbgrader may read the folder itself, because nothing in it is odd.
    """

    notebook: Path | None = None
    files: dict[str, Path] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    fingerprint: str = ""
    as_it_is: bool = False


def students(submitted: Path, assignment: str) -> list[str]:
    """Ids of the students who handed something in, whatever it is, in order."""
    if not submitted.is_dir():
        return []
    with os.scandir(submitted) as found:
        return sorted(e.name for e in found if os.path.lexists(Path(e.path, assignment)))


def unfit(student: str) -> str:
    """Why a name cannot be a student's id in a gradebook; empty when it can."""
    if one_line(student):
        return ""
    return (f"The name of the folder {plain(student)} in classroom/submitted/ has characters that "
            "are not text (a line end, or bytes that are not UTF-8), so it cannot be a student "
            "id; rename the folder, then grade again.")


def receive(folder: Path, assignment: str, release: Path) -> Intake:
    """Look at a submission.

    Parameters
    ----------
    folder : Path
        ``submitted/STUDENT/ASSIGNMENT``; it may be empty, a link, a file or unreadable.
    assignment : str
        Name of the exercise, which is the name of its notebook.
    release : Path
        The folder of the released exercise: its notebook tells ours from others, and its data
        files win over the student's copies.
    """
    look = _Look(folder, assignment)
    for place, name in ((folder.parent, "the student's folder"), (folder, "the submission")):
        if place.is_symlink() or not place.is_dir():
            stands = what_stands_there(place) or "it is a file, not a folder"
            look.problems.append(f"Nothing of {name} was read: {stands}.")
            notebook = None
            break
    else:
        look.walk()
        notebook, more = choose(folder, look.notebooks, sorted(look.files),
                                release / f"{assignment}.ipynb")
        look.problems += more
        look.odd = look.odd or len(look.notebooks) > 1
        look.check_time()
        look.compare(release)
    if notebook is None:
        look.problems.append("It was graded as an unanswered notebook; what was handed in is kept "
                             "as it was.")
    as_it_is = not look.odd and notebook == folder / f"{assignment}.ipynb"
    return Intake(notebook, look.files, tuple(look.problems), look.fingerprint(notebook), as_it_is)


class _Look:
    """One walk over a submission folder."""

    def __init__(self, folder: Path, assignment: str) -> None:
        self.folder, self.assignment = folder, assignment
        self.files: dict[str, Path] = {}
        self.notebooks: list[str] = []
        self.problems: list[str] = []
        self.odd = False
        self._entries, self._bytes = 0, 0
        self._left_out: dict[str, list[str]] = {}

    def walk(self) -> None:
        # What the course itself asks for counts, however many other files there are.
        for name in (FILE_NAME, TIMESTAMP):
            if os.path.lexists(self.folder / name):
                self._take(name, self.folder / name)
        if os.path.lexists(self.folder / f"{self.assignment}.ipynb"):
            self.notebooks.append(f"{self.assignment}.ipynb")
        level = [self.folder]
        for depth in range(MAX_DEPTH + 1):
            below = []
            for folder in level:
                below += self._list(folder)
            level = below
            if depth == MAX_DEPTH:
                for folder in level:
                    self._leave_out(f"deeper than {MAX_DEPTH} folders", folder)
        for reason, names in self._left_out.items():
            shown = ", ".join(plain(name) for name in names[:5]) + (" …" if names[5:] else "")
            self.odd = True
            self.problems.append(f"Left out of the submission, because {reason}: {shown}.")

    def _list(self, folder: Path) -> list[Path]:
        """Take the files of one folder and return the folders in it, both in order of names."""
        entries = []
        try:
            with os.scandir(folder) as found:
                for entry in found:
                    self._entries += 1
                    if self._entries > MAX_ENTRIES:
                        self._leave_out(f"there are more than {MAX_ENTRIES:,} files and folders",
                                        folder)
                        break
                    entries.append(entry)
        except OSError as error:
            self._leave_out(f"it cannot be read ({why(error)})", folder)
        below = []
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = Path(entry.path)
            name = path.relative_to(self.folder).as_posix()
            if any(fnmatch.fnmatchcase(entry.name, pattern) for pattern in LITTER):
                continue
            if entry.is_dir(follow_symlinks=False) and not entry.name.endswith(".ipynb"):
                below.append(path)
            elif ".ipynb" in entry.name.lower():  # browsers save "name.ipynb.txt" at times
                if name not in self.notebooks:
                    self.notebooks.append(name)
            elif name not in (FILE_NAME, TIMESTAMP):
                self._take(name, path)
        return below

    def _leave_out(self, reason: str, path: Path) -> None:
        self._left_out.setdefault(reason, []).append(path.relative_to(self.folder).as_posix())

    def _take(self, name: str, path: Path) -> None:
        """Keep a file, or say why it is left out."""
        if reason := what_stands_there(path):
            self._leave_out(reason, path)
        elif not one_line(name):
            self._leave_out("its name has characters that are not text", path)
        elif (size := path.lstat().st_size) > MAX_FILE_BYTES:
            self._leave_out(f"it is larger than {MAX_FILE_BYTES // 1_000_000} MB", path)
        elif len(self.files) >= MAX_FILES:
            self._leave_out(f"there are more than {MAX_FILES} files", path)
        elif self._bytes + size > MAX_ALL_BYTES:
            self._leave_out("all files together are larger than "
                            f"{MAX_ALL_BYTES // 1_000_000} MB", path)
        elif reason := closed(path):
            self._leave_out(reason, path)
        else:
            self._bytes += size
            self.files[name] = path

    def check_time(self) -> None:
        """Leave out a date that is none, at which nbgrader would stop, and one that cannot be.

        nbgrader believes every date. One far off, from a clock that is wrong, would cost points.
        """
        path = self.files.get(TIMESTAMP)
        if path is None:
            return
        try:
            date = read_bytes(path, MAX_DATE)
            if len(date) > MAX_DATE:
                raise ValueError("too long for a date")
            when = parse_utc(date.decode().strip())
            if not re.search(r"\d{4}", date.decode()):
                raise ValueError("a time without a year is read as one of today")
        except Exception:  # the parser of dates has many ways to fail on what is none
            odd = "cannot be read"
        else:
            # When the file came here, no student can choose; and it stays the same later.
            came = datetime.fromtimestamp(path.lstat().st_ctime, UTC).replace(tzinfo=None)
            odd = ("was still to come when the work arrived here" if when > came + ZONES
                   else "is before any release of this course" if when < EARLIEST else "")
            odd = odd and f"says {when:%Y-%m-%d %H:%M} UTC, which {odd}"
        if odd:
            del self.files[TIMESTAMP]
            self.odd = True
            self.problems.append(f"timestamp.txt {odd}, so the time of submission is unknown and "
                                 "no lateness was noted.")

    def compare(self, release: Path) -> None:
        """Say which data files differ from the released ones, which are used in their place."""
        masters = {path.relative_to(release).as_posix(): path for path in release.rglob("*")
                   if path.is_file() and path.suffix != ".ipynb"}
        for name in list(self.files):
            own = PurePosixPath(name)
            if name in masters:
                if name != FILE_NAME and read_bytes(self.files[name], MAX_FILE_BYTES) != (
                        masters[name].read_bytes()):
                    self.problems.append(f"The file {plain(name)} is not as it was released; the "
                                         "released one was used.")
            elif any(own in PurePosixPath(m).parents or PurePosixPath(m) in own.parents
                     for m in masters):
                # A folder cannot stand where a file must, nor the other way round.
                del self.files[name]
                self.odd = True
                self.problems.append(f"{plain(name)} stands where the exercise has a file or "
                                     "folder of its own; the released one was used.")

    def fingerprint(self, notebook: Path | None) -> str:
        """SHA-256 of the names and contents of what counts."""
        digest = hashlib.sha256()
        counted = [("notebook", notebook)] if notebook else []
        for name, path in [*counted, *sorted(self.files.items())]:
            try:
                content = hashlib.sha256(read_bytes(path, MAX_FILE_BYTES)).hexdigest()
            except OSError as error:
                content = why(error)
            digest.update(f"{name}\0{content}\n".encode(errors="surrogateescape"))
        digest.update("\n".join(self.problems).encode())
        return digest.hexdigest()
