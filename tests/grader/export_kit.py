"""A synthetic class with names that break careless files, and what its exports must hold."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import gradebook_kit as kit

from grader import roster
from grader.course import Course
from grader.exports import EXPORTERS
from grader.roster import Person

EX, LATER = "01-sources", "04-timeline"
#: Synthetic students with names that break careless files. Id → last name, first name.
NAMES = {"synthetic-a": ("O'Comma, Jr.", 'The "Quoted"'), "synthetic-b": ("=1+1", "@sum"),
         "synthetic-c": ("\tTabbed", "Two\nLines"), "synthetic-d": ("Ünïcode", "سارة"),
         "synthetic-e": ("-5", "+49 30"), "synthetic-f": ("Plain", "Late"),
         "synthetic-g": ("Plain", "Absent")}
#: What must go out: manual before automatic, extra credit, less the penalty, not below 0.
GRADES = {"synthetic-a": 7, "synthetic-b": 6.75, "synthetic-c": 3.33, "synthetic-d": 0,
          "synthetic-e": None, "synthetic-f": 4.5, "synthetic-g": None}
LMS = {
    "canvas": lambda n, who: {"Student": ", ".join(NAMES[who]), "ID": f"47{n}",
                              "SIS User ID": f"00{n}", "SIS Login ID": f"+login{n}",
                              "Section": "=Section, 1"},
    "moodle": lambda n, who: {"Email address": f"S{n}@example.edu", "ID number": f"0{n}"},
    "brightspace": lambda n, who: {"OrgDefinedId": f"#00{n}", "Username": f"=user.{n}"}}


def make(folder: Path) -> Course:
    """The class, with a gradebook and without a roster."""
    course = kit.make_course(folder, EX, LATER)
    kit.exercise(course, EX, {"check-01-1": 4, "check-01-2": 3, "rubric-01-1": 5})
    kit.exercise(course, LATER, {"check-04-1": 10})
    for who, (last, first) in NAMES.items():
        kit.student(course, who, first_name=first, last_name=last)
    for who, points, more in (
            ("a", (4, 3, 0), {}), ("b", (4, 0, None), {"manual": {"rubric-01-1": 2.25},
                                                      "extra": {"check-01-1": 0.5}}),
            ("c", (1.111, 2.222, 0), {}), ("d", (1, 0, 0), {"late": 5, "penalty": 3}),
            ("e", (4, 3, None), {}), ("f", (4, 2, 0), {"late": 30, "penalty": 1.5})):
        kit.hand_in(course, EX, f"synthetic-{who}",
                    dict(zip(("check-01-1", "check-01-2", "rubric-01-1"), points, strict=True)),
                    **more)
    return course


def enrol(course, platform, but=()):
    """A roster with the columns of a platform, but not for some."""
    roster.save(course.classroom, [
        Person(who, first, last, f"{who}@example.edu",
               LMS[platform](n, who) if who not in but else {})
        for n, (who, (last, first)) in enumerate(NAMES.items())])


def run(course, platform, names=(EX,), **options):
    """The file, and what the export said."""
    exporter = EXPORTERS[platform](config=course.config)
    exporter.course, exporter.assignment = course, list(names)
    for name, value in options.items():
        setattr(exporter, name, value)
    with course.gradebook() as book:
        exporter.export(book)
    return exporter.path.read_bytes(), " ".join(exporter.said)


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
