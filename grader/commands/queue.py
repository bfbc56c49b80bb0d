"""`grader queue`: what awaits a person."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.markup import escape

from . import CourseOption, Names, app, console, room_of

#: Links under one question, when all questions are shown.
FEW = 5


@app.command()
def queue(names: Names = None, course: CourseOption = None,
          task: Annotated[str, typer.Option(metavar="ID", help="Only this question, such as "
                                            "08.R2, with all its links.")] = "",
          everything: Annotated[bool, typer.Option("--all", help="Also answers that are graded "
                                                   "already.")] = False,
          anonymous: Annotated[bool, typer.Option("--anonymous", help="Say numbers of "
                                                  "submissions, not who they are.")] = False,
          server: Annotated[str, typer.Option(help="Where JupyterLab runs (`make "
                                              "lab-instructor`).")] = "http://localhost:8888",
          as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
          ) -> None:
    """Say what is left to grade by hand, question by question, with links to the Formgrader."""
    from .. import by_hand
    from ..notebook_file import plain

    room = room_of(course)
    exercises = room.require(names)
    tasks = by_hand.queue(room, exercises, task, anonymous)
    waiting = by_hand.ungraded(room, exercises)
    if as_json:
        print(json.dumps(by_hand.document(tasks, waiting), indent=1))
        return
    for one in tasks:
        kind = "written" if one.written else "graded by machine, to be looked at"
        console.print(f"[bold]{one.item}[/] ({one.exercise}, {kind}, {one.most:g} points): "
                      f"{len(one.open)} open, {one.done} done, {one.empty} empty or settled",
                      soft_wrap=True)
        shown = one.answers if everything else one.open
        for work in shown if task else shown[:FEW]:
            who = f"  {escape(plain(work.student))}" if work.student else ""
            given = "" if work.manual is None else f"  ({work.manual:g} points)"
            console.print(f"  #{work.number}{who}{given}  {server.rstrip('/')}{work.address}"
                          if work.number else f"  no graded notebook{who}: run `grader grade`",
                          soft_wrap=True, highlight=False)
        if not task and len(shown) > FEW:
            console.print(f"  … {len(shown) - FEW} more: grader queue --task {one.item}")
    if not any(one.open for one in tasks):
        console.print("Nothing awaits a grader.")
    if waiting:
        console.print(f"Not graded by machine yet, and so in no queue: {waiting}. Run "
                      "`grader grade`.")
