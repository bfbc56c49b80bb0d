"""The `grader` command: release, grade, feedback, demo, doctor."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="Release, grade and give feedback for the course Reading Idlib.")
console = Console()
# What went wrong is no part of what a program reads from standard output.
errors = Console(stderr=True)

_Names = Annotated[list[str] | None, typer.Argument(help="Exercises such as 01-sources "
                                                         "(default: all).")]
_CourseOption = Annotated[Path | None, typer.Option("--course", help="The course folder (default: "
                                                                     "found from here).")]


def _course(folder: Path | None):
    from .course import Course

    return Course(folder) if folder else Course.find()


@app.command()
def release(names: _Names = None, course: _CourseOption = None,
            study: Annotated[bool, typer.Option("--study", help="Also lay out classroom/study/ for "
                             "self-study; your work there is never overwritten.")] = False) -> None:
    """Make the students' version of exercises, with sealed checks, in classroom/release/."""
    from .release import write_lesson_sheet

    room = _course(course)
    for name in room.require(names):
        room.release(name)
        console.print(f"{name}: released in {room.folder('release', name).relative_to(room.root)}/")
        if study:
            console.print(f"{name}: {room.lay_out_study(name)}")
    if write_lesson_sheet(room.root):
        console.print("notebooks/checks.json: sealed anew (the lessons' self-checks changed)")


@app.command()
def grade(names: _Names = None, course: _CourseOption = None,
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
        from .execution import client

        client.ForkServer.shared()  # warms up while this process imports nbgrader
    from .batch import Interrupted, grade_all
    from .meter import Meter
    from .outcome import NOT_GRADED, document

    room = _course(course)
    work = [(name, who) for name in room.require(names) for who in room.students(name)
            if student in ("", who)]
    _something(work, student, room)
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
    from .course import CourseProblem
    from .execution import cluster

    try:
        with cluster.executor(scheduler) as machines:
            yield machines
    except cluster.ClusterProblem as problem:
        raise CourseProblem(str(problem)) from None


def _print_outcomes(outcomes: list, stopped: str) -> None:
    from .outcome import missing, table, tally

    if outcomes:
        console.print(tally(outcomes))
    if found := table(outcomes):
        console.print(found)
    if names := missing(outcomes):
        console.print(f"Student code ran without these protections: {', '.join(names)}; "
                      "`grader doctor` says what each one stops.")
    if stopped:
        _say(stopped)


def _something(work: list, student: str, room) -> None:
    from .course import CourseProblem

    if not work:
        who = f" of {student}" if student else ""
        raise CourseProblem(f"There are no submissions{who} in {room.classroom / 'submitted'}; "
                            "collect them first (nbgrader collect, zip_collect, or copy them to "
                            "classroom/submitted/STUDENT/EXERCISE/).")


@app.command()
def feedback(names: _Names = None, course: _CourseOption = None,
             student: Annotated[str, typer.Option(help="Only this student.")] = "") -> None:
    """Write a feedback page for every graded submission to classroom/feedback/."""
    from .batch import feedback_all
    from .meter import bar

    room = _course(course)
    work = [(name, who) for name in room.require(names) for who in room.students(name)
            if student in ("", who) and room.folder("autograded", name, who).is_dir()]
    _something(work, student, room)
    with bar(console) as progress:
        problems = feedback_all(room, work, progress)
    console.print(f"{len(work) - len(problems)} pages in classroom/feedback/.")
    for problem in problems:
        console.print(escape(problem))
    if problems:
        raise typer.Exit(1)


@app.command()
def demo(course: _CourseOption = None,
         size: Annotated[int, typer.Option(min=1, max=500, help="Students.")] = 30,
         seed: Annotated[int, typer.Option(help="The same seed gives the same class.")] = 1,
         remove: Annotated[bool, typer.Option("--remove", help="Clear a demo away.")] = False,
         ) -> None:
    """Play a whole class on this machine: release, synthetic submissions, grading, feedback."""
    from . import demo as play

    room = _course(course)
    if remove:
        play.remove(room)
        console.print("The demo is cleared away.")
    elif not play.run(room, size, seed, console):
        raise typer.Exit(1)


@app.command()
def doctor(course: _CourseOption = None) -> None:
    """Look whether everything is in place, and say what to do where it is not."""
    from .doctor import examine

    bad = 0
    for ok, name, sentence in examine(_course(course)):
        bad += not ok
        console.print(f"{'[green]ok[/]     ' if ok else '[bold red]problem[/]'} {name}: {sentence}",
                      soft_wrap=True)
    if bad:
        raise typer.Exit(1)


def main() -> None:
    """Entry point: problems that we foresee end in one sentence, not in a traceback."""
    from . import execution  # noqa: F401  before nbgrader: see there

    try:
        app()
    except Exception as problem:
        from .course import CourseProblem
        from .key import KeyProblem

        if not isinstance(problem, (CourseProblem, KeyProblem)):
            raise
        _say(str(problem))
        sys.exit(2)


def _say(problem: str) -> None:
    errors.print(f"[bold]grader:[/] {escape(problem)}", soft_wrap=True, highlight=False)


if __name__ == "__main__":
    main()
