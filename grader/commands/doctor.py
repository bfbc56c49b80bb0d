"""`grader doctor`: is everything in place?"""

from __future__ import annotations

import typer

from . import CourseOption, app, console, room_of


@app.command()
def doctor(course: CourseOption = None) -> None:
    """Look whether everything is in place, and say what to do where it is not."""
    from ..doctor import examine

    bad = 0
    for ok, name, sentence in examine(room_of(course)):
        bad += not ok
        console.print(f"{'[green]ok[/]     ' if ok else '[bold red]problem[/]'} {name}: {sentence}",
                      soft_wrap=True)
    if bad:
        raise typer.Exit(1)
