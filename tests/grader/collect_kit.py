"""A class that has handed in nothing yet, and what tests of `grader collect` ask of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from grader import enrol
from grader import sample_downloads as sd
from grader.collect import run
from grader.collect.run import Wanted
from grader.course import Course
from grader.sample import DUE

SOURCES, TIMELINE = "01-sources", "04-timeline"
ONE, TWO = "synthetic-01", "synthetic-02"


def handed_in(played_class: Path) -> dict[str, list[sd.Handed]]:
    """What the synthetic class handed in, by exercise."""
    course = Course(played_class)
    return {name: sd.handed_in(course, name) for name in (SOURCES, TIMELINE)}


def empty_class(released_course: Path, tmp_path: Path, students: list[str]) -> Course:
    """A released course in which nobody has handed in anything; its class is on the roster."""
    folder = tmp_path / "course"
    for name in (SOURCES, TIMELINE):
        shutil.copytree(released_course / "exercises" / name, folder / "exercises" / name)
        shutil.copytree(released_course / "classroom" / "release" / name,
                        folder / "classroom" / "release" / name)
    shutil.copytree(released_course / "notebooks", folder / "notebooks")
    for name in ("nbgrader_config.py", "classroom/gradebook.db"):
        shutil.copy(released_course / name, folder / name)
    made = Course(folder)
    with made.gradebook() as book:
        book.update_or_create_assignment(SOURCES, duedate=DUE.replace(tzinfo=None))
    enrol.enrol(made, sd.canvas_list(tmp_path / "list.csv", students))
    return made


def collect(course: Course, *paths: Path, platform="", exercise="", student="") -> run.Report:
    return run.collect(course, paths, Wanted(platform, exercise, student))


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def submitted(course: Course, student: str, exercise: str = SOURCES) -> bytes:
    return (course.folder("submitted", exercise, student) / f"{exercise}.ipynb").read_bytes()


def stamp(course: Course, student: str, exercise: str = SOURCES) -> str:
    path = course.folder("submitted", exercise, student) / "timestamp.txt"
    return path.read_text()[:19] if path.exists() else ""


def states(report: run.Report) -> set[str]:
    return {row.state for row in report.rows}


def reasons(report: run.Report) -> str:
    return "\n".join(why for _, _, why in report.unmatched)
