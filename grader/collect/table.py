"""What a run of `grader collect` says: lines for the instructor, and lists to keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .. import roster, spreadsheet
from ..course import Course
from ..notebook_file import plain
from . import origins, versions
from .rows import Report

LIST, OTHERS = "collected.csv", "unmatched.csv"
#: Platforms as people call them.
SPOKEN = {"canvas": "a Canvas download", "moodle": "a Moodle download",
          "brightspace": "a Brightspace download", "folder": "loose files",
          "exchange": "nbgrader's exchange"}
_SHOWN = 20


def folder(course: Course) -> Path:
    """Where the lists stand: file names may be names of people, which stay private."""
    if roster.pseudonymous(course):
        return roster.private_file(course).parent
    return course.classroom / versions.FOLDER


def write(course: Course, report: Report) -> None:
    """Write the lists of this run anew, and add its names to those of earlier runs."""
    place = folder(course)
    spreadsheet.write({
        place / origins.FILE: origins.table(origins.joined(origins.read(place), report)),
        place / LIST: spreadsheet.table(
            ("student", "exercise", "file", "source", "handed in", "late", "what became of it",
             "note"),
            ((r.student, r.exercise, r.file, r.source, r.time, r.late, r.state, r.note)
             for r in report.rows)),
        place / OTHERS: spreadsheet.table(("source", "file", "why it was not collected"),
                                          report.unmatched)})


def lines(course: Course, report: Report) -> Iterator[str]:
    """What an instructor should read, the most important last."""
    by_exercise: dict[str, Counter] = {}
    for row in report.rows:
        by_exercise.setdefault(row.exercise, Counter())[row.state] += 1
    for exercise, counts in sorted(by_exercise.items()):
        parts = ", ".join(f"{counts[state]} {state}" for state in (
            versions.NEW, versions.REPLACED, versions.UNCHANGED, versions.EARLIER)
            if counts[state])
        yield f"{exercise}: {counts.total()} submissions ({parts})."
    if not report.rows:
        yield "Nothing was collected."
    late = {(row.student, row.exercise): row for row in report.rows
            if row.late and row.state != versions.EARLIER}
    if late:
        yield f"Late: {len(late)}"
        yield from _first([f"  {row.student}  {row.exercise}  {row.time or 'time unknown'}  "
                           f"{row.late}" for row in late.values()])
    if undated := {row.exercise for row in report.rows if "no time" in row.late}:
        yield (f"Canvas does not say when these were handed in, so they are dated one minute after "
               f"the due time of {', '.join(sorted(undated))}, where one is set; give a CSV with "
               "the columns id and submitted_at beside the zip to date them.")
    unknown = {(row.student, row.exercise) for row in report.rows
               if row.undated and row.state != versions.EARLIER}
    if unknown:
        yield (f"When they were handed in is not known of {len(unknown)} submissions "
               f"({', '.join(sorted({name for _, name in unknown}))}), so they count as in time; "
               "give a CSV with the columns id and submitted_at (from Moodle, the grading "
               "worksheet) beside them to date them.")
    if noted := [row for row in report.rows if row.note]:
        yield f"To look at: {len(noted)}"
        yield from _first([f"  {row.student}  {row.exercise}  {plain(row.file, 80)}: {row.note}"
                           for row in noted])
    for exercise in sorted(by_exercise):
        everybody = set(roster.people(course))
        missing = sorted(everybody - set(course.students(exercise)))
        if missing:
            shown = ", ".join(missing[:8]) + (" …" if missing[8:] else "")
            yield f"{exercise}: {len(missing)} on the roster have handed in nothing ({shown})."
    if report.unmatched:
        where = folder(course) / OTHERS
        yield f"Not collected: {len(report.unmatched)} files, listed in {where}"
        yield from _first([f"  {plain(name, 90)}: {why}" for _, name, why in report.unmatched])


def _first(found: list[str]) -> list[str]:
    more = len(found) - _SHOWN
    return found[:_SHOWN] + [f"  … and {more} more"] * (more > 0)
