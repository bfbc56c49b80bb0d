"""`grader demo`: a synthetic class, from release to feedback."""

from __future__ import annotations

from typing import Annotated

import typer

from . import CourseOption, Names, app, console, room_of


@app.command()
def demo(names: Names = None, course: CourseOption = None,
         size: Annotated[int, typer.Option(min=1, max=500, help="Students.")] = 30,
         seed: Annotated[int, typer.Option(help="The same seed gives the same class.")] = 1,
         remove: Annotated[bool, typer.Option("--remove", help="Clear a demo away.")] = False,
         ) -> None:
    """Play a whole class on this machine: release, synthetic submissions, grading, feedback.

    All exercises with 30 students take a minute or two. For a first look, name one or two
    exercises (`grader demo 01-sources 02-actors`), or give a smaller --size.
    """
    from .. import demo as play

    room = room_of(course)
    if remove:
        play.remove(room)
        console.print("The demo is cleared away.")
    elif not play.run(room, size, seed, console, room.require(names)):
        raise typer.Exit(1)
