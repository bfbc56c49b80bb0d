"""`grader feedback`: a page for every graded submission."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from . import CourseOption, Names, app, console, room_of, something


@app.command()
def feedback(names: Names = None, course: CourseOption = None,
             student: Annotated[str, typer.Option(help="Only this student.")] = "",
             force: Annotated[bool, typer.Option("--force", help="Make pages again that are up to "
                                                                 "date.")] = False) -> None:
    """Write a feedback page for every graded submission to classroom/feedback/."""
    from ..feedback.of_class import feedback_all
    from ..meter import bar

    room = room_of(course)
    work = [(name, who) for name in room.require(names) for who in room.students(name)
            if student in ("", who) and room.folder("autograded", name, who).is_dir()]
    something(work, student, room)
    with bar(console) as progress:
        made = feedback_all(room, work, progress, force)
    kept = f"; {made.unchanged} of them are as they were" if made.unchanged else ""
    console.print(f"{made.pages + made.unchanged} pages in classroom/feedback/{kept}.")
    for sentence in made.said:
        console.print(escape(sentence), soft_wrap=True, highlight=False)
    for problem in made.problems:
        console.print(escape(problem), soft_wrap=True, highlight=False)
    if made.problems:
        raise typer.Exit(1)
