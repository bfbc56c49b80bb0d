"""`grader grade`: a class, from what was handed in to the gradebook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from . import CourseOption, Names, app, console, room_of, say, something

if TYPE_CHECKING:
    from ..course import Course
    from ..rescore import Rescored


@app.command()
def grade(names: Names = None, course: CourseOption = None,
          student: Annotated[str, typer.Option(help="Only this student.")] = "",
          force: Annotated[bool, typer.Option("--force", help="Run again also what is graded and "
                                              "has not changed.")] = False,
          rescore: Annotated[bool, typer.Option("--rescore", help="Run nothing: after another key, "
                                                "other points or another late policy, make the "
                                                "releases anew, score the recorded answers, and "
                                                "say who moved.")] = False,
          workers: Annotated[int | None, typer.Option(min=1, max=512, help="Notebooks that run at "
                             "a time (default: the processors of this machine).")] = None,
          scheduler: Annotated[str, typer.Option(help="Run the notebooks on the workers of this "
                               "Dask scheduler, such as tls://head.example.edu:8786.")] = "",
          allow_unprotected: Annotated[list[str] | None, typer.Option(
              metavar="NAME", help="Run student code although this protection is missing (see "
              "`grader doctor`); may be given again.")] = None,
          as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
          ) -> None:
    """Grade what lies in classroom/submitted/. A second run does only what is left."""
    if rescore:
        if force or scheduler:
            from ..course import CourseProblem

            raise CourseProblem("--rescore runs no student code, and --force and --scheduler are "
                                "about running it; give one or the other.")
        _rescore(room_of(course), names, student, as_json)
        return
    if not scheduler:
        from ..execution import client

        client.ForkServer.shared()  # warms up while this process imports nbgrader
    from ..apply_settings import require_in_force
    from ..batch import Interrupted, grade_all
    from ..meter import Meter
    from ..outcome import NOT_GRADED, document
    from ..settings import require_sound

    room = room_of(course)
    work = [(name, who) for name in room.require(names) for who in room.students(name)
            if student in ("", who)]
    something(work, student, room)
    require_sound(room)
    require_in_force(room, {name for name, _ in work})
    room.allow(allow_unprotected or [])
    stopped = ""
    with room.alone(), _executor(scheduler) as executor, Meter(
            Console(quiet=True) if as_json else console, len(work)) as meter:
        try:
            outcomes = grade_all(room, work, force=force, workers=workers, executor=executor,
                                 report=meter)
        except Interrupted as early:
            outcomes, stopped = early.outcomes, str(early)
    if as_json:
        print(json.dumps(document(outcomes, stopped), indent=1))
    else:
        _print_outcomes(outcomes, stopped)
    if stopped or any(o.state == NOT_GRADED for o in outcomes):
        raise typer.Exit(1)


def _rescore(room: Course, names: list[str] | None, student: str, as_json: bool) -> None:
    from .. import rescore as again
    from ..batch import Interrupted
    from ..meter import Meter
    from ..outcome import LEFT, NOT_GRADED, document

    quiet = Console(quiet=True) if as_json else console
    with room.alone():
        exercises = again.released(room, room.require(names) if names else None)
        work = again.submissions(room, exercises, student)
        something(work, student, room)
        stopped = ""
        with Meter(quiet, len(work)) as meter:
            try:
                found = again.rescore(room, exercises, work, meter)
            except Interrupted as early:
                found, stopped = again.Rescored(early.outcomes), str(early)
    if as_json:
        print(json.dumps({**document(found.outcomes, stopped), "notes": found.notes,
                          "moved": [asdict(move) for move in found.moves]}, indent=1))
    else:
        _print_outcomes(found.outcomes, stopped)
        if not stopped:
            _print_moves(found)
    if stopped or any(o.state in (NOT_GRADED, LEFT) for o in found.outcomes):
        raise typer.Exit(1)


def _print_moves(found: Rescored) -> None:
    from .. import moved

    totals = [move for move in found.moves if move.item == moved.TOTAL]
    if found.since:
        console.print(f"A run of {found.since} was cut off; compared with what was before it:")
    if not found.moves:
        console.print("No points changed.")
    else:
        console.print(moved.by_item(found.moves))
        console.print(moved.by_student(found.moves))
        rest = len(totals) - moved.ROWS
        console.print((f"{rest} more totals moved. " if rest > 0 else "")
                      + f"All changes: classroom/{moved.FILE}. Write the pages again with `grader "
                        "feedback`.", soft_wrap=True)
    for note in found.notes:
        console.print(escape(note), soft_wrap=True)


@contextmanager
def _executor(scheduler: str) -> Iterator[Executor | None]:
    """The workers of a cluster; None for this machine's own."""
    if not scheduler:
        yield None
        return
    from ..course import CourseProblem
    from ..execution import cluster

    try:
        with cluster.executor(scheduler) as machines:
            yield machines
    except cluster.ClusterProblem as problem:
        raise CourseProblem(str(problem)) from None


def _print_outcomes(outcomes: list, stopped: str) -> None:
    from ..outcome import missing, table, tally

    if outcomes:
        console.print(tally(outcomes))
    if found := table(outcomes):
        console.print(found)
    if names := missing(outcomes):
        console.print(f"Student code ran without these protections: {', '.join(names)}; "
                      "`grader doctor` says what each one stops.")
    if stopped:
        say(stopped)
