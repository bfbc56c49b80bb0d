"""Where to read again: the lesson and section that the key names for a question."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..key import KeyProblem, load

_AGAIN = re.compile(r"[Rr]ead again: lesson (\d\d), section (\d+)")
_NAMED = re.compile(r"[Ll]esson (\d\d), section (\d+)")
_HEADING = re.compile(r"^## (\d+)\. (.+?)\s*$", re.M)


@dataclass(frozen=True, order=True)
class Place:
    """A section of a lesson; its name is empty where the lesson is not in the course folder."""

    lesson: str
    section: int
    name: str = ""

    def __str__(self) -> str:
        return f"lesson {self.lesson}, section {self.section}" + (
            f", “{self.name}”" if self.name else "")


def places(topic: str, root: Path) -> dict[str, Place]:
    """Where each question of a topic is explained, by question id; empty without a key."""
    try:
        questions = load(topic).questions
    except KeyProblem:
        return {}  # an exercise of the instructor's own, which nbgrader alone grades
    found = {}
    for question in questions:
        # What the explanation says comes first; a hint may lead to a table of another lesson.
        said = _AGAIN.search(question.explanation) or _NAMED.search(" ".join(question.hints))
        if said:
            lesson, section = said[1], int(said[2])
            found[question.id] = Place(lesson, section, _sections(root, lesson).get(section, ""))
    return found


def _sections(root: Path, lesson: str) -> dict[int, str]:
    path = next(iter(sorted(Path(root, "notebooks").glob(f"{lesson}-*.ipynb"))), None)
    return _headings(path, path.stat().st_mtime_ns) if path else {}


@lru_cache(maxsize=32)
def _headings(path: Path, changed: int) -> dict[int, str]:
    try:
        cells = json.loads(path.read_bytes())["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells
                         if cell["cell_type"] == "markdown")
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {int(number): re.sub(r"[`*]", "", name) for number, name in _HEADING.findall(text)}
