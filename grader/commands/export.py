"""`grader export`: grades for Canvas, Moodle, Brightspace, or a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from . import CourseOption, Names, app, console, room_of


@app.command()
def export(platform: Annotated[str, typer.Argument(help="canvas, moodle, brightspace or csv.")],
           names: Names = None, course: CourseOption = None,
           to: Annotated[Path | None, typer.Option(help="The file to write (default: in "
                                                   "classroom/exports/).")] = None,
           into: Annotated[Path | None, typer.Option(help="A gradebook or grading worksheet "
                           "downloaded from the platform: its numbers and columns are kept, and "
                           "our grades put in.")] = None,
           title: Annotated[list[str] | None, typer.Option(metavar="EXERCISE=NAME", help="What an "
                            "exercise is called on the platform; may be given again.")] = None,
           provisional: Annotated[bool, typer.Option("--provisional", help="Export points so far "
                                  "where written work awaits grading.")] = False,
           missing_zero: Annotated[bool, typer.Option("--missing-zero", help="Write 0 for what was "
                                   "not handed in.")] = False,
           scale: Annotated[bool, typer.Option("--scale", help="Convert grades where the platform "
                            "has other points.")] = False) -> None:
    """Write grades in the columns that a platform reads."""
    from ..course import CourseProblem
    from ..exports import EXPORTERS

    if platform not in EXPORTERS:
        raise CourseProblem(f"There is no export {platform!r}; there are {', '.join(EXPORTERS)}.")
    if into and platform == "csv":
        raise CourseProblem("--into is for files from Canvas, Moodle and Brightspace.")
    room = room_of(course)
    exporter = EXPORTERS[platform](config=room.config)
    exporter.course, exporter.to, exporter.into = room, str(to or ""), str(into or "")
    exporter.assignment = list(names or []) and room.require(names)
    exporter.titles = _titles(title or [], room.assignments())
    exporter.provisional, exporter.missing_zero = provisional, missing_zero
    exporter.scale = scale
    with room.gradebook() as book:
        exporter.export(book)
    for sentence in exporter.said:
        console.print(escape(sentence), soft_wrap=True, highlight=False)
    console.print(escape(f"{exporter.path} is written."), soft_wrap=True, highlight=False)


def _titles(given: list[str], known: list[str]) -> dict[str, str]:
    from ..course import CourseProblem

    found = {}
    for one in given:
        exercise, sign, name = one.partition("=")
        if not sign or exercise not in known:
            raise CourseProblem(f"--title {one!r} is not EXERCISE=NAME with an exercise of this "
                                f"course, such as '{known[0] if known else '01-sources'}=Sources'.")
        found[exercise] = name
    return found
