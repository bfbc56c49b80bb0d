"""The `grader` command: release, grade, feedback, demo, doctor."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="Release, grade and give feedback for the course Reading Idlib.")
console = Console()

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
          force: Annotated[bool, typer.Option(help="Grade again what is graded.")] = False) -> None:
    """Grade what lies in classroom/submitted/. A second run does only what is left."""
    from .batch import bar, grade_all

    room = _course(course)
    work = [(name, who) for name in room.require(names) for who in room.students(name)
            if student in ("", who)]
    _something(work, student, room)
    with room.alone(), bar(console) as progress:
        outcomes = grade_all(room, work, progress, force)
    _print_outcomes(outcomes)
    if any(o.state == "not graded" for o in outcomes):
        raise typer.Exit(1)


def _print_outcomes(outcomes: list) -> None:
    from .batch import tally

    console.print(tally(outcomes))
    stated = [o for o in outcomes if o.problems and o.state != "unchanged"]
    if stated:
        table = Table("student", "exercise", "state", "problem")
        for o in stated:
            table.add_row(escape(o.student), o.assignment, o.state, escape(" ".join(o.problems)))
        console.print(table)


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
    from .batch import bar, feedback_all

    room = _course(course)
    work = [(name, who) for name in room.require(names) for who in room.students(name)
            if student in ("", who) and room.folder("autograded", name, who).is_dir()]
    _something(work, student, room)
    with bar(console) as progress:
        problems = feedback_all(room, work, progress)
    console.print(f"{len(work) - len(problems)} pages in classroom/feedback/.")
    for problem in problems:
        console.print(problem)
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
    # jsonschema would build a grammar of international addresses at every start, which takes
    # longer than all else together. It is optional there, and no schema of a notebook asks for it.
    sys.modules.setdefault("rfc3987_syntax", None)
    from .course import CourseProblem
    from .key import KeyProblem

    try:
        app()
    except (CourseProblem, KeyProblem) as problem:
        console.print(f"[bold]grader:[/] {escape(str(problem))}", soft_wrap=True, highlight=False)
        sys.exit(2)


if __name__ == "__main__":
    main()
