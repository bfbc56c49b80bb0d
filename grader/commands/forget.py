"""`grader forget`: delete one student everywhere."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from . import CourseOption, app, console, room_of


@app.command()
def forget(student: Annotated[str, typer.Argument(help="Id in the gradebook, or the student's own "
                                                       "in a pseudonymous class.")],
           course: CourseOption = None,
           yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False) -> None:
    """Delete everything of one student: grades, work, feedback, roster, logs, exports."""
    from .. import forget as forgetting

    room = room_of(course)
    with room.alone():
        found = forgetting.find(room, student)
        for line in found.sentences():
            console.print(escape(line), soft_wrap=True)
        if not yes:
            typer.confirm("Delete all this? It cannot be undone.", abort=True)
        for line in forgetting.delete(room, found):
            console.print(escape(line), soft_wrap=True)
