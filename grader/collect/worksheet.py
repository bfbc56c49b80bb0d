"""What a list beside a download adds: when students handed in, and Moodle's numbers and groups.

Moodle's grading worksheet has all (``Last modified (submission)``, ``Identifier``, and ``Group``
where the members of a group hand in one work). For Canvas,
whose downloads do not say when, any class list with a column ``submitted_at`` or ``time`` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from .. import roster_files
from ..course import CourseProblem
from ..spreadsheet import one_line
from . import times
from .people import People, norm

_TIMES = ("last modified (submission)", "submitted_at", "submitted at", "time")

_CLOCK = re.compile(r"\d:\d\d")


@dataclass
class Worksheet:
    """By id in the gradebook: ISO time in UTC; by participant number: id in the gradebook; by name
    of a group, without what platforms drop from names: ids of its members."""

    times: dict[str, str] = field(default_factory=dict)
    participants: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)


def read(path: Path, people: People, zone: str) -> Worksheet:
    """Read a list. Raises CourseProblem when it says nothing that is not known."""
    listed = roster_files.read(path)
    found = Worksheet()
    for person, row in zip(listed.people, listed.rows, strict=True):
        who = people.known_as(person)
        if not who:
            continue
        get = {name.casefold(): value for name, value in row.items()}.get
        if number := re.search(r"\d+", get("identifier") or ""):
            found.participants[number[0]] = who
            if group := norm(get("group") or ""):
                found.groups.setdefault(group, []).append(who)
        for name in _TIMES:
            if not re.search(r"\w", text := get(name) or ""):  # Moodle writes a dash
                continue
            when = times.parse(text, zone)
            if when is None or not _CLOCK.search(text):
                raise CourseProblem(
                    f"{path.name} has for {who} the time {one_line(text)[:40]!r}, which cannot be "
                    "read without doubt, so nothing was collected; write it as 2026-10-12 22:00.")
            found.times[who] = when.isoformat()
            break
    if not (found.times or found.participants):
        raise CourseProblem(f"{path.name} says nothing of when students on the roster handed in; "
                            "it needs a column submitted_at or, from Moodle, Last modified "
                            "(submission).")
    return found
