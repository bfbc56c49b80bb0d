"""`grader feedback`: a page for every graded submission."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rich.markup import escape

from . import CourseOption, Names, app, console, room_of, something


class Target(StrEnum):
    """Where pages go back to."""

    canvas = "canvas"
    moodle = "moodle"
    brightspace = "brightspace"
    mail = "mail"


@app.command()
def feedback(names: Names = None, course: CourseOption = None,
             student: Annotated[str, typer.Option(help="Only this student.")] = "",
             force: Annotated[bool, typer.Option("--force", help="Make pages again that are up to "
                                                                 "date.")] = False,
             target: Annotated[Target | None, typer.Option("--zip", help="Also pack them as this "
                               "platform takes many feedback files at once; mail: a file for each "
                               "student.")] = None) -> None:
    """Write a feedback page for every graded submission to classroom/feedback/."""
    from ..course import CourseProblem
    from ..feedback import returns
    from ..feedback.of_class import feedback_all
    from ..meter import bar

    room = room_of(course)
    work = [(name, who) for name in room.require(names) for who in room.students(name)
            if student in ("", who) and room.folder("autograded", name, who).is_dir()]
    something(work, student, room)
    with bar(console) as progress:
        made = feedback_all(room, work, progress, force)
    pages = made.pages + made.unchanged
    kept = f"; {made.unchanged} as before" if made.unchanged else ""
    said = [f"{pages} page{'s' * (pages != 1)} in classroom/feedback/{kept}.", *made.said,
            *made.problems]
    if target:
        exercises = dict.fromkeys(name for name, _ in work)
        packed = [returns.pack(room, name, [who for one, who in work if one == name
                                            and (one, who) not in made.failed], target)
                  for name in exercises]
        said += [sentence for one in packed for sentence in one.said]
    for sentence in said:
        console.print(escape(sentence), soft_wrap=True, highlight=False)
    if target and not any(one.pages for one in packed):
        raise CourseProblem(f"There is nothing to pack for {returns.SPOKEN[target]}.")
    if made.problems:
        raise typer.Exit(1)
