"""What the files that learners have say of the course: its questions, and where lessons ask them.

The sealed checks (``checks.json``) name the questions of a lesson or an exercise with title and
points; a lesson's notebook says under which heading it asks. No answer is in either.
"""

from __future__ import annotations

import json
import math
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reader.text import printable

FILE_NAME = "checks.json"
_ID = re.compile(r"(L?)(\d\d)\.(\d{1,2})", re.ASCII)
_CHECK = re.compile(r"""^check\(["'](L\d\d\.\d{1,2})["']""", re.M)
_HEADING = re.compile(r"^(##?) +(.+)$", re.M)
# A lesson with all its figures has some megabytes.
_LARGEST = 50_000_000
# What reading a file can raise that is damaged, or none of the course.
_NOT_OURS = (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError,
             RecursionError)


@dataclass(frozen=True)
class Asked:
    """A question of a lesson or an exercise, as the sealed checks name it."""

    id: str
    title: str = ""
    points: float = 0.0

    @property
    def topic(self) -> str:
        """Number of the topic: ``"01"``."""
        return _ID.fullmatch(self.id)[2]

    @property
    def part(self) -> str:
        return "lesson" if self.id.startswith("L") else "exercise"

    @property
    def place(self) -> tuple[str, bool, int]:
        """Where it comes in the course: topics in order, lessons before exercises."""
        lesson, topic, number = _ID.fullmatch(self.id).groups()
        return topic, not lesson, int(number)


def _folders() -> Iterator[Path]:
    """Folders in which notebooks and their sealed checks may lie, the nearest first."""
    try:
        here = Path.cwd()
    except FileNotFoundError:  # deleted meanwhile
        here = Path(__file__).parent
    yield here
    for root in dict.fromkeys([here, *here.parents[:3], Path(__file__).resolve().parents[1]]):
        yield root / "notebooks"
        yield from _numbered(root / "classroom" / "study", "")
        yield from _numbered(root / "exercises", "")  # where a class has them
    yield from _numbered(here.parent, "")  # a class's exercises, side by side


def _numbered(folder: Path, ending: str) -> list[Path]:
    """Files or folders named ``NN-topic`` and the ending; none in a folder that may not be read."""
    try:
        return sorted(path for path in folder.iterdir()
                      if re.match(r"\d\d-", path.name, re.ASCII) and path.name.endswith(ending))
    except OSError:
        return []


def _json(path: Path) -> Any:
    """The content of a file; a pipe would be waited for, and a device has no end."""
    facts = path.stat()
    if not stat.S_ISREG(facts.st_mode) or facts.st_size > _LARGEST:
        raise ValueError("no file of the course")
    return json.loads(path.read_text(encoding="utf-8"))


def _read(path: Path) -> dict[str, Asked]:
    """The questions in one file; none where it is damaged or no file of the course."""
    try:
        found = {name: Asked(name, printable(str(spec.get("title", ""))),
                             float(spec.get("points", 0)))
                 for name, spec in _json(path)["questions"].items() if _ID.fullmatch(name)}
        return found if all(math.isfinite(question.points) for question in found.values()) else {}
    except _NOT_OURS:
        return {}


@dataclass
class Course:
    """What was found of the course, from where the notebook is.

    Attributes
    ----------
    questions : dict of str to Asked
        By id, in the order of the course.
    names : dict of str to str
        Names of the topics by number: ``{"01": "sources"}``.
    lessons : Path or None
        The folder of the lessons.
    """

    questions: dict[str, Asked]
    names: dict[str, str]
    lessons: Path | None

    def lesson(self, topic: str) -> Path | None:
        """The notebook of a lesson, if it is here."""
        return self._notebooks().get(topic)

    def _notebooks(self) -> dict[str, Path]:
        files = _numbered(self.lessons, ".ipynb") if self.lessons else []
        # A copy ("01-sources-Copy1") has the longer name.
        return {path.stem[:2]: path for path in sorted(files, key=lambda path: -len(path.name))}


def course() -> Course:
    """Look for the sealed checks that are here: beside the notebook, and where they usually are."""
    found, names, lessons, seen = {}, {}, None, set()
    for folder in _folders():
        path = folder / FILE_NAME
        if path in seen or not (asked := _read(path)):
            continue
        seen.add(path)
        for name, question in asked.items():
            found.setdefault(name, question)
        if lessons is None and any(name.startswith("L") for name in asked):
            lessons = folder
        if re.match(r"\d\d-", folder.name, re.ASCII):
            names.setdefault(folder.name[:2], folder.name[3:])
    whole = Course(dict(sorted(found.items(), key=lambda item: item[1].place)), names, lessons)
    for number, path in whole._notebooks().items():
        names.setdefault(number, path.stem[3:])
    whole.names = {number: printable(name.replace("-", " ")) for number, name in names.items()}
    return whole


def sections(lesson: Path) -> dict[str, tuple[str, str]]:
    """Where a lesson asks each of its questions: heading of the section and id of its cell."""
    try:
        found, heading = {}, ("", "")
        for cell in _json(lesson)["cells"]:
            source = cell["source"]
            text = source if isinstance(source, str) else "".join(source)
            if cell["cell_type"] == "markdown":
                titles = [title for level, title in _HEADING.findall(text) if level == "##"]
                heading = (printable(titles[-1].strip()), printable(str(cell.get("id", "")))
                           ) if titles else heading
            for name in _CHECK.findall(text) if cell["cell_type"] == "code" else ():
                found.setdefault(name, heading)
        return found
    except _NOT_OURS:
        return {}
