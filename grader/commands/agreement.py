"""`grader agreement`: do two graders agree?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.columns import Columns
from rich.markup import escape
from rich.table import Table

from . import CourseOption, app, console, room_of

if TYPE_CHECKING:
    from ..agreement.compare import Comparison

agreement = typer.Typer(no_args_is_help=True, help="Let two graders grade a shared sample of a "
                        "written task, and see how far they agree.")
app.add_typer(agreement, name="agreement")
Task = Annotated[str, typer.Argument(metavar="TASK", help="A written task, such as 08.R2.")]


@agreement.command()
def draw(task: Task, course: CourseOption = None,
         size: Annotated[int, typer.Option(min=2, max=99, help="Answers in the sample.")] = 20,
         graders: Annotated[int, typer.Option(min=2, max=20, help="Worksheets.")] = 2,
         seed: Annotated[int, typer.Option(help="The same seed draws the same answers.")] = 1,
         ) -> None:
    """Draw answers, and write a worksheet for each grader and a page to read."""
    from ..agreement import draw as sample

    room = room_of(course)
    found = sample.draw(room, task, size, graders, seed)
    console.print(f"{found.size} of {found.answers} answers to {task} are in "
                  f"{found.folder.relative_to(room.root)}/: give each grader {sample.PAGE} and one "
                  f"grader-N.csv, and keep {sample.KEY}.", soft_wrap=True)
    if found.naming:
        console.print(f"A name or id of the writer stands in {', '.join(found.naming)}: take it "
                      f"out of {sample.PAGE} before you pass it on.", soft_wrap=True)


@agreement.command()
def compute(task: Task,
            sheets: Annotated[list[Path], typer.Argument(metavar="SHEET…", help="Two worksheets, "
                                                         "or one and --gradebook.")],
            course: CourseOption = None,
            gradebook: Annotated[bool, typer.Option("--gradebook", help="The second grader is who "
                                 "graded in the Formgrader (points alone).")] = False,
            as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")
                               ] = False) -> None:
    """Say how far two graders agree, criterion by criterion, and what to talk about."""
    from ..agreement import compare as c
    from ..agreement.draw import drawn
    from ..agreement.rubric import find
    from ..agreement.worksheet import read
    from ..course import CourseProblem

    if len(sheets) != 2 - gradebook:
        raise CourseProblem("Give two worksheets, or one and --gradebook.")
    if len({path.resolve() for path in sheets}) < len(sheets):
        raise CourseProblem(f"{sheets[0]} was given twice; a grader always agrees with herself, so "
                            "give the worksheets of two.")
    room = room_of(course)
    found = find(room, task)
    codes = list(drawn(room, task))
    sides = [read(path, found, codes) for path in sheets]
    if gradebook:
        sides.append(c.by_gradebook(room, found))
    comparisons = c.compare(found, *sides)
    if as_json:
        print(json.dumps({"task": task, "comparisons": [_plain(one) for one in comparisons],
                          "caution": c.caution(comparisons)}, indent=1))
        return
    table = Table("", "answers", "same value", "weighted kappa", "alpha (ordinal)", "difference")
    for one in comparisons:
        table.add_row(escape(one.name), str(len(one.answers)), f"{one.percent:.0%}",
                      _two(one.kappa), _two(one.alpha), f"{one.difference:+.2f}")
    console.print(table)
    for one in comparisons:
        console.print(f"[bold]{escape(one.name)}[/]: {c.meaning(one)}", soft_wrap=True)
    console.print(Columns([_cross(one) for one in comparisons[:-1] or comparisons], padding=(1, 4)))
    if talk := list(c.disputed(comparisons)):
        console.print("Talk about:\n  " + escape("\n  ".join(talk)))
    console.print(c.caution(comparisons), soft_wrap=True)


def _two(value: float) -> str:
    return "undefined" if value != value else f"{value:.2f}"


def _cross(one: Comparison) -> Table:
    frame = one.cross_table()
    table = Table(title=escape(one.name), caption="first down, second across")
    table.add_column("")
    for name in frame.columns:
        table.add_column(_label(name), justify="right")
    for name, row in frame.iterrows():
        table.add_row(_label(name), *(str(int(value)) for value in row))
    return table


def _label(name: object) -> str:
    return name if isinstance(name, str) else f"{name:g}"


def _plain(one: Comparison) -> dict:
    def number(value: float) -> float | None:
        return None if value != value else value
    return {"name": one.name, "answers": one.answers, "first": one.a, "second": one.b,
            "percent_agreement": one.percent, "weighted_kappa": number(one.kappa),
            "alpha_ordinal": number(one.alpha), "difference": one.difference}
