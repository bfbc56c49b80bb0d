"""`grader grade`: a class, from what was handed in to the gradebook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from . import CourseOption, Names, app, console, room_of, say, something


@app.command()
def grade(names: Names = None, course: CourseOption = None,
          student: Annotated[str, typer.Option(help="Only this student.")] = "",
          force: Annotated[bool, typer.Option("--force", help="Run again also what is graded and "
                                              "has not changed.")] = False,
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
    if not scheduler:
        from ..execution import client

        client.ForkServer.shared()  # warms up while this process imports nbgrader
    from ..batch import Interrupted, grade_all
    from ..meter import Meter
    from ..outcome import NOT_GRADED, document

    room = room_of(course)
    work = [(name, who) for name in room.require(names) for who in room.students(name)
            if student in ("", who)]
    something(work, student, room)
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
