"""`grader demo`: a synthetic class, from release to feedback."""

from __future__ import annotations

from typing import Annotated

import typer

from . import CourseOption, app, console, room_of


@app.command()
def demo(course: CourseOption = None,
         size: Annotated[int, typer.Option(min=1, max=500, help="Students.")] = 30,
         seed: Annotated[int, typer.Option(help="The same seed gives the same class.")] = 1,
         remove: Annotated[bool, typer.Option("--remove", help="Clear a demo away.")] = False,
         ) -> None:
    """Play a whole class on this machine: release, synthetic submissions, grading, feedback."""
    from .. import demo as play

    room = room_of(course)
    if remove:
        play.remove(room)
        console.print("The demo is cleared away.")
    elif not play.run(room, size, seed, console):
        raise typer.Exit(1)
