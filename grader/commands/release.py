"""`grader release`: what students get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from . import CourseOption, Names, app, console, room_of

if TYPE_CHECKING:
    from ..editions.bundle import Bundle


@app.command()
def release(names: Names = None, course: CourseOption = None,
            study: Annotated[bool, typer.Option("--study", help="Lay out classroom/study/ for "
                             "self-study, and make no bundle; your work there is never "
                             "overwritten.")] = False,
            bundle: Annotated[bool | None, typer.Option("--bundle/--no-bundle", help=(
                "Make the students' bundle: classroom/bundle/ and classroom/reading-idlib.zip "
                "(default: yes, but for --study)."), show_default=False)] = None,
            only: Annotated[bool, typer.Option("--only", help="The bundle holds just the exercises "
                            "named now, not those released before too.")] = False,
            branch: Annotated[str | None, typer.Option("--branch", metavar="NAME", help=(
                "Also commit the bundle on this branch of git, ready for nbgitpuller."))] = None,
            ) -> None:
    """Make the students' version of exercises, with sealed checks, and the students' bundle."""
    from contextlib import ExitStack

    from ..editions.bundle import publish, published
    from ..release import write_lesson_sheet
    from ..settings import require_sound

    room = room_of(course)
    chosen, wanted = room.require(names), bool(branch) or (not study if bundle is None else bundle)
    require_sound(room)
    with room.alone(), ExitStack() as kept:
        before = [] if only or not wanted else published(room)
        new = [name for name in before if not room.folder("release", name).is_dir()]
        for name in sorted({*chosen, *new}):
            kept.enter_context(room.kept_release(name))
            room.release(name)
        sealed = write_lesson_sheet(room.root)
        made = publish(room, sorted({*chosen, *before}), branch) if wanted else None
    for name in chosen:
        console.print(f"{name}: released in {room.folder('release', name).relative_to(room.root)}/")
        if study:
            console.print(f"{name}: {room.lay_out_study(name)}")
    if sealed:
        console.print("notebooks/checks.json: sealed anew (the lessons' self-checks changed)")
    if made:
        _say(made, room.assignments())


def _say(made: Bundle, known: list[str]) -> None:
    missing = [name for name in known if name not in made.exercises]
    console.print(
        f"Students' bundle: classroom/bundle/ and classroom/reading-idlib.zip ({made.files} files, "
        f"{made.size / 1e6:.1f} MB), with {', '.join(made.exercises)}."
        + (f" Not in it: {', '.join(missing)}." if missing else ""))
    console.print("Scanned: no key, no solution, no hidden input and no answer bank is in it.")
    if made.branch:
        console.print(made.branch)
