"""Every submission that was ever collected, and the latest of each in its place.

``classroom/collected/EXERCISE/STUDENT/`` holds one folder for each version: its ``files/`` and what
is known of it, ``collected.json``. ``classroom/submitted/STUDENT/EXERCISE/`` is a copy of the
latest. Each folder appears by one rename, and what is placed follows from what is kept, so that a
run may be stopped anywhere and the next one goes on.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.utils import parse_utc

from ..course import Course, CourseProblem
from ..intake import MAX_DATE, TIMESTAMP
from ..notebook_file import read_bytes
from ..staging import FOLDER as STAGING

FOLDER = "collected"
_ABOUT, _FILES, _PLACED = "collected.json", "files", "placed.txt"

#: What became of a version that was collected.
NEW, REPLACED, UNCHANGED, EARLIER = "new", "replaced an earlier one", "as before", "an earlier one"


@dataclass(frozen=True)
class About:
    """What is known of a version.

    Attributes
    ----------
    number : int
        The how manieth it was that was collected; 0 for one that was there before.
    time : str
        When it was handed in, ISO 8601 in UTC; empty where unknown.
    late : bool
        Whether the platform calls it late.
    platform : str
        Where it comes from.
    order : int
        Of two from one platform the larger is the later; 0 where unknown.
    """

    number: int = 0
    time: str = ""
    late: bool = False
    platform: str = ""
    order: int = 0

    def when(self) -> datetime | None:
        return datetime.fromisoformat(self.time) if self.time else None

    def later_than(self, other: About) -> bool:
        """Dates decide, then the platform's numbers, then what was collected last."""
        if self.time and other.time and self.time != other.time:
            return self.when() > other.when()
        if self.order and other.order and self.platform == other.platform:
            return (self.order, self.number) > (other.order, other.number)
        return self.number > other.number


class Shelf:
    """All versions of one student's submission of one exercise.

    Raises :class:`~grader.course.CourseProblem` where something cannot be written.
    """

    def __init__(self, course: Course, exercise: str, student: str) -> None:
        self._submitted = course.folder("submitted", exercise, student)
        self._home = course.classroom / FOLDER / exercise / student
        self._staging = course.classroom / STAGING

    def keep(self, files: Mapping[str, bytes], about: About) -> str:
        """Put a version on the shelf and return its digest; one that is there already stays."""
        digest = _digest({name: hashlib.sha256(data).hexdigest() for name, data in files.items()})
        folder = self._home / digest
        if folder.is_dir():
            known = _about(folder)
            if about.time and (not known.time or known.late != about.late):
                self._note(folder, replace(known, time=about.time, late=about.late))
            return digest
        try:
            with self._work() as work:
                new = Path(work, digest)
                for name, data in files.items():
                    path = new / _FILES / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
                number = 1 + max((_about(f).number for f in self._folders()), default=0)
                self._note(new, replace(about, number=number))
                self._home.mkdir(parents=True, exist_ok=True)
                new.rename(folder)
        except OSError as error:
            raise self._stopped(error) from None
        return digest

    def settle(self, digest: str, due: datetime | None) -> tuple[str, About]:
        """Put the latest version in its place; say what that means for the one just kept.

        ``due`` dates a late submission whose platform does not say when it came.
        """
        folders = self._folders()
        found = {folder.name: _about(folder) for folder in folders}
        there = self._submitted.is_dir() and not self._submitted.is_symlink()
        present = _digest_of(self._submitted) if there else ""
        placed = self._placed()
        if there and not placed and present not in found:
            found[""] = About(time=stamp(self._submitted))  # somebody put it there before us
        chosen = _latest(found)
        state = UNCHANGED if digest in (placed, present) else EARLIER
        try:
            if chosen and (not there or chosen != (placed or present)):
                self._place(chosen, found[chosen], due, present if present in found else "")
                state = REPLACED if there else NEW
            elif chosen and there:
                self._date(self._submitted, found[chosen], due)
                if not placed:
                    self._mark(chosen)
        except OSError as error:
            raise self._stopped(error) from None
        if digest != chosen:
            state = EARLIER
        return state, found[digest]

    def _place(self, chosen: str, about: About, due: datetime | None, known: str) -> None:
        with self._work() as work:
            new = Path(work, "new")
            shutil.copytree(self._home / chosen / _FILES, new)
            self._date(new, about, due)
            self._submitted.parent.mkdir(parents=True, exist_ok=True)
            if self._submitted.is_symlink() or self._submitted.exists():
                if known:
                    self._submitted.rename(Path(work, "old"))
                else:
                    spare = self._spare()
                    spare.mkdir(parents=True)
                    self._submitted.rename(spare / _FILES)
            new.rename(self._submitted)
        self._mark(chosen)

    def _spare(self) -> Path:
        number = 1
        while (folder := self._home / f"found-{number}").exists():
            number += 1
        return folder

    def _date(self, folder: Path, about: About, due: datetime | None) -> None:
        when = dated(about, due)
        path = folder / TIMESTAMP
        # The exchange's own time, to the microsecond, is what its feedback is found by.
        if when and (not path.is_file() or stamp(folder) != when.isoformat()):
            path.write_text(f"{when:%Y-%m-%d %H:%M:%S.%f} UTC\n", encoding="utf-8")

    def _mark(self, chosen: str) -> None:
        new = self._home / f"{_PLACED}.new"
        new.write_text(chosen, encoding="utf-8")
        new.replace(self._home / _PLACED)

    def _placed(self) -> str:
        path = self._home / _PLACED
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def _folders(self) -> list[Path]:
        if not self._home.is_dir():
            return []
        return sorted(path for path in self._home.iterdir() if (path / _FILES).is_dir())

    def _note(self, folder: Path, about: About) -> None:
        new = folder / f"{_ABOUT}.new"
        new.write_text(json.dumps(asdict(about), indent=1) + "\n", encoding="utf-8")
        new.replace(folder / _ABOUT)

    def _work(self) -> tempfile.TemporaryDirectory:
        self._staging.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=self._staging, ignore_cleanup_errors=True)

    def _stopped(self, error: OSError) -> CourseProblem:
        return CourseProblem(f"{self._submitted} cannot be written ({error.strerror}); nothing was "
                             "lost. Mend that, then run the same command again.")


def dated(about: About, due: datetime | None) -> datetime | None:
    """The time of submission; a minute after the due time where only lateness is known."""
    return about.when() or (due + timedelta(minutes=1) if about.late and due else None)


def lateness(about: About, when: datetime | None, due: datetime | None) -> str:
    """How late a submission is, in words; empty when it is not, or nobody knows."""
    if about.late and not about.time:
        return "late (no time given)"
    if not when or not due or when <= due:
        return "late, says the platform" if about.late else ""
    minutes = int((when - due).total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    parts = [f"{days} d"] * bool(days) + [f"{hours} h"] * bool(hours) + [f"{minutes % 60} min"]
    return " ".join(parts[:2]) + " late"


def _latest(found: dict[str, About]) -> str:
    chosen = ""
    for name in sorted(found, key=lambda name: (found[name].number, name)):
        if chosen not in found or found[name].later_than(found[chosen]):
            chosen = name
    return chosen


def _about(folder: Path) -> About:
    try:
        return About(**json.loads((folder / _ABOUT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return About(time=stamp(folder / _FILES))  # moved here from submitted/


def stamp(folder: Path) -> str:
    """The time in a submission's timestamp.txt, ISO 8601 in UTC; empty where there is none."""
    try:
        text = read_bytes(folder / TIMESTAMP, MAX_DATE).decode()
        return parse_utc(text.strip()).replace(tzinfo=UTC).isoformat()
    except Exception:  # the parser of dates has many ways to fail on what is none
        return ""


def _digest(files: Mapping[str, str]) -> str:
    """Of names and contents; the time may become known later and does not count."""
    lines = sorted(f"{name}\0{content}" for name, content in files.items() if name != TIMESTAMP)
    return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()[:16]


def _digest_of(folder: Path) -> str:
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            name = path.relative_to(folder).as_posix()
            regular = path.is_file() and not path.is_symlink()
            with path.open("rb") if regular else open("/dev/null", "rb") as file:  # noqa: PTH123
                files[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return _digest(files)
