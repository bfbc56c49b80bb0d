"""`grader new`: begin a question or an article, and see what of it is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from . import CourseOption, Names, app, console, room_of

new = typer.Typer(no_args_is_help=True, help="Begin a question or an article: the files and cells "
                                             "with marks where you write.")
app.add_typer(new, name="new")


@new.command()
def question(name: Annotated[str, typer.Argument(
                 metavar="ID", help="04.14 for an exercise, L04.10 for a self-check of a lesson, "
                                    "04.R2 for a written task.")],
             kind: Annotated[str, typer.Option(help="choice, number, text, set, sequence, mapping, "
                                               "table, interval, evidence, function, brief; or "
                                               "written.")],
             title: Annotated[str, typer.Option(help="What it is called.")] = "",
             variable: Annotated[str, typer.Option(help="The name of the answer.")] = "",
             points: Annotated[float | None, typer.Option(help="Default: 2; written: 9.")] = None,
             level: Annotated[str, typer.Option(help="remember, understand, apply, analyse, "
                                                "evaluate or create.")] = "apply",
             after: Annotated[str, typer.Option(metavar="ID", help="The question before it "
                                                "(default: the last one).")] = "",
             course: CourseOption = None) -> None:
    """Write the cells of a question and its entry in the answer key."""
    from ..course import CourseProblem
    from ..key import FOLDER
    from ..scaffold.question import New, add

    root = room_of(course).root
    if not FOLDER.is_relative_to(root):
        # The exercise of one course and the key of another would no longer fit.
        raise CourseProblem(f"The answer key in use stands in {FOLDER}, outside of the course "
                            f"{root}; use the environment that belongs to this course.")
    for sentence in add(root, New(name, kind, title, variable, points, level, after)):
        console.print(escape(sentence), soft_wrap=True, highlight=False)


@new.command()
def article(file: Annotated[Path, typer.Argument(help="The text, as a plain file; or the digests "
                                                      "that you have written.")],
            number: Annotated[str, typer.Option("--as", metavar="005", help="Its id (default: the "
                                                "next free one).")] = "",
            outlet: Annotated[str, typer.Option(help="Who published it.")] = "",
            title: Annotated[str, typer.Option(help="Its title.")] = "",
            author: Annotated[str, typer.Option(help="Its author.")] = "",
            published: Annotated[str, typer.Option(help="When: 2019-05-28 or 2019-05.")] = "",
            url: Annotated[str, typer.Option(help="Where.")] = "",
            language: Annotated[str, typer.Option(help="Code, such as en.")] = "en",
            course: CourseOption = None) -> None:
    """Begin a sixth article; with its filled digests.csv, make the record for students."""
    from ..scaffold import article as work

    record = {"outlet": outlet, "title": title, "author": author, "published": published,
              "url": url, "language": language}
    for sentence in work.begin_or_finish(room_of(course).classroom, file, number, record):
        console.print(escape(sentence), soft_wrap=True, highlight=False)


@new.command()
def todo(names: Names = None, course: CourseOption = None) -> None:
    """Say what is missing before a topic can be released; ends with 1 when something is."""
    from ..course import CourseProblem
    from ..key import topics
    from ..scaffold.gaps import of_topic

    known = topics()
    if strange := sorted(set(names or []) - set(known)):
        raise CourseProblem(f"There is no topic {strange[0]}; there are {', '.join(known)}.")
    missing = 0
    for topic in names or known:
        found = list(of_topic(room_of(course).root, topic))
        missing += len(found)
        for sentence in found:
            console.print(f"{topic}: {escape(sentence)}", soft_wrap=True, highlight=False)
    if missing:
        raise typer.Exit(1)
    console.print("Nothing is missing.")
