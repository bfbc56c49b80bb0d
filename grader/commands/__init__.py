"""The subcommands of `grader`, one module each, and what they share.

A module here holds options and sentences; what it does stands in a module of its own and is
imported when the command runs, so that `grader --help` is there at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

if TYPE_CHECKING:
    from ..course import Course


class InOrder(TyperGroup):
    """Lists the subcommands in the order in which a class needs them."""

    _ORDER = ("release", "roster", "collect", "grade", "queue", "agreement", "feedback", "report",
              "export", "forget", "new", "demo", "doctor")

    def list_commands(self, context: Any) -> list[str]:
        """Names of all subcommands; an unknown one stands at the end."""
        names = super().list_commands(context)
        return sorted(names, key=[*self._ORDER, *names].index)


app = typer.Typer(cls=InOrder, no_args_is_help=True, add_completion=False,
                  pretty_exceptions_enable=False,
                  help="Release, collect, grade, give feedback, report and export for the course "
                       "Reading Idlib.")
console = Console()
# What went wrong is no part of what a program reads from standard output.
errors = Console(stderr=True)

Names = Annotated[list[str] | None, typer.Argument(help="Exercises such as 01-sources "
                                                        "(default: all).")]
CourseOption = Annotated[Path | None, typer.Option("--course", help="The course folder (default: "
                                                                    "found from here).")]


def room_of(folder: Path | None) -> Course:
    """The course that a command works on."""
    from ..course import Course

    return Course(folder) if folder else Course.find()


def say(problem: str) -> None:
    """Print a problem in one sentence to standard error."""
    errors.print(f"[bold]grader:[/] {escape(problem)}", soft_wrap=True, highlight=False)


def something(work: list, student: str, room: Course) -> None:
    """Refuse a command that would have nothing to work on."""
    from ..course import CourseProblem

    if not work:
        who = f" of {student}" if student else ""
        raise CourseProblem(f"There are no submissions{who} in {room.classroom / 'submitted'}; "
                            "collect them first (`grader collect`, or copy them to "
                            "classroom/submitted/STUDENT/EXERCISE/).")
