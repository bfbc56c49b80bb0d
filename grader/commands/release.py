"""`grader release`: what students get."""

from __future__ import annotations

from typing import Annotated

import typer

from . import CourseOption, Names, app, console, room_of


@app.command()
def release(names: Names = None, course: CourseOption = None,
            study: Annotated[bool, typer.Option("--study", help="Also lay out classroom/study/ for "
                             "self-study; your work there is never overwritten.")] = False) -> None:
    """Make the students' version of exercises, with sealed checks, in classroom/release/."""
    from ..release import write_lesson_sheet

    room = room_of(course)
    for name in room.require(names):
        room.release(name)
        console.print(f"{name}: released in {room.folder('release', name).relative_to(room.root)}/")
        if study:
            console.print(f"{name}: {room.lay_out_study(name)}")
    if write_lesson_sheet(room.root):
        console.print("notebooks/checks.json: sealed anew (the lessons' self-checks changed)")
