"""`grader collect`: what students handed in, wherever it lies."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from . import CourseOption, app, console, room_of


class Origin(StrEnum):
    """Where submissions come from."""

    canvas = "canvas"
    moodle = "moodle"
    brightspace = "brightspace"
    folder = "folder"
    exchange = "exchange"


@app.command()
def collect(sources: Annotated[list[Path] | None, typer.Argument(
                metavar="SOURCE...", help="Zips or folders as Canvas, Moodle or Brightspace give "
                "them, folders of loose notebooks, single notebooks; a CSV beside them gives the "
                "times. Without any: nbgrader's exchange.")] = None,
            course: CourseOption = None,
            exercise: Annotated[str, typer.Option("--as", metavar="EXERCISE", help="Take "
                                "everything as this exercise (default: known by name and "
                                "cells).")] = "",
            origin: Annotated[Origin | None, typer.Option("--from", help="Where it comes from "
                              "(default: known by the names of the files).")] = None,
            student: Annotated[str, typer.Option(help="Take everything as handed in by this "
                               "student.")] = "") -> None:
    """Match what was handed in to students and exercises; the latest counts, all is kept."""
    from ..collect import run, table
    from ..notebook_file import plain

    room = room_of(course)
    with room.alone():
        report = run.collect(room, sources or [], run.Wanted(origin or "", exercise, student))
        table.write(room, report)
    for label, platform in report.platforms.items():
        console.print(escape(f"{plain(label, 100)}: read as {table.SPOKEN[platform]}."),
                      soft_wrap=True)
    for line in table.lines(room, report):
        console.print(escape(line), soft_wrap=True)
    if report.unmatched:
        raise typer.Exit(1)
