"""`grader report`: what the marks and answers of a class tell."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.markup import escape

from . import CourseOption, Names, app, console, room_of


@app.command()
def report(names: Names = None, course: CourseOption = None,
           below: Annotated[float, typer.Option(min=0, max=100, metavar="PERCENT", help="List "
                            "students who earned less than this share of the points graded so "
                            "far.")] = 50,
           anonymous: Annotated[bool, typer.Option("--anonymous", help="Without any student's name "
                                "or id, to show to others.")] = False,
           as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document with the "
                              "numbers of the exercises.")] = False) -> None:
    """Write classroom/report/: one page, and tables of answers, questions and students."""
    from ..meter import bar
    from ..report.make import make

    room = room_of(course)
    with bar(console) as progress:
        if as_json:
            progress.disable = True
        made = make(room, room.require(names), below=below / 100, anonymous=anonymous,
                    progress=progress)
    if as_json:
        print(json.dumps(made.document(), indent=1))
        return
    for sentence in made.summary():
        console.print(escape(sentence), soft_wrap=True, highlight=False)
