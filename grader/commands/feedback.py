"""`grader feedback`: a page for every graded submission."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from . import CourseOption, Names, app, console, room_of, something


@app.command()
def feedback(names: Names = None, course: CourseOption = None,
             student: Annotated[str, typer.Option(help="Only this student.")] = "") -> None:
    """Write a feedback page for every graded submission to classroom/feedback/."""
    from ..batch import feedback_all
    from ..meter import bar

    room = room_of(course)
    work = [(name, who) for name in room.require(names) for who in room.students(name)
            if student in ("", who) and room.folder("autograded", name, who).is_dir()]
    something(work, student, room)
    with bar(console) as progress:
        problems = feedback_all(room, work, progress)
    console.print(f"{len(work) - len(problems)} pages in classroom/feedback/.")
    for problem in problems:
        console.print(escape(problem))
    if problems:
        raise typer.Exit(1)
