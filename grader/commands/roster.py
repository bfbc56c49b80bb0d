"""`grader roster`: who is in the class."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from . import CourseOption, app, console, room_of

_SPOKEN = {"canvas": "Canvas", "moodle": "Moodle", "brightspace": "Brightspace"}


@app.command()
def roster(files: Annotated[list[Path], typer.Argument(
               metavar="FILE...", help="Class lists: Canvas's gradebook export, Moodle's "
               "participants or grading worksheet, Brightspace's grades export, or a plain CSV "
               "with id, first_name, last_name, email.")],
           course: CourseOption = None,
           id_column: Annotated[str, typer.Option("--id", metavar="COLUMN", help="The column with "
                                "the students' ids (default: chosen by platform).")] = "") -> None:
    """Put students on the roster and into nbgrader's gradebook. Nobody is ever taken away."""
    from .. import roster as people
    from ..enrol import enrol

    room = room_of(course)
    problems = []
    with room.alone():
        for path in files:
            found = enrol(room, path, id_column)
            problems += found.problems
            console.print(escape(
                f"{path.name}: a {_SPOKEN.get(found.platform, 'plain')} list; "
                f"{len(found.new)} new, {len(found.known)} known (ids from the column "
                f"{found.id_column})."), soft_wrap=True)
            if found.absent:
                names = ", ".join(found.absent[:5]) + (" …" if found.absent[5:] else "")
                console.print(escape(f"On the roster but not in {path.name}: {names}. `grader "
                                     "forget STUDENT` deletes somebody who has left."),
                              soft_wrap=True)
            for sentence in found.same_name:
                console.print(escape(sentence), soft_wrap=True)
        if people.pseudonymous(room):
            console.print(escape(f"This class is pseudonymous: who is meant stands in "
                                 f"{people.private_file(room)} alone. Keep a copy of it."),
                          soft_wrap=True)
    for sentence in problems:
        console.print(escape(sentence), soft_wrap=True)
    if problems:
        raise typer.Exit(1)
