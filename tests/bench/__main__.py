"""``python -m bench``: see the package's own words."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path

from rich.console import Console

from . import measure, report, room


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=room.__doc__)
    full = bool(os.environ.get("FULL"))
    parser.add_argument("--exercise", default="01-sources", help="default: %(default)s")
    parser.add_argument("--size", type=int, default=400 if full else 40,
                        help="students (default: 40, with FULL=1 400)")
    parser.add_argument("--sample", type=int, default=40,
                        help="of these, how many stock nbgrader grades (default: 40)")
    parser.add_argument("--rounds", type=int, default=4, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="of the class (default: 1)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args()


def blocks(students: tuple[str, ...], rounds: int) -> list[tuple[str, ...]]:
    """Share students out among rounds, as evenly as can be; no block is empty."""
    found = [students[i::rounds] for i in range(rounds)]
    return [block for block in found if block]


def one_round(made: room.Room, folder: Path, block: tuple[str, ...], processes: int) -> dict:
    """Stock takes its block, ours and the floor the whole class; figures in seconds."""
    exercise = made.exercise
    stock = made.copy(folder / "stock", block).as_stock()
    command = ["nbgrader", "autograde", exercise]
    taken = measure.run(command, stock.root, mark="Creating/updating student")
    idle = measure.run(command, stock.root)  # all is graded: what is left is the start
    alone = made.copy(folder / "one", made.students[:1])
    first = measure.run(["grader", "grade", exercise], alone.root)
    ours = made.copy(folder / "ours")
    whole = measure.run(["grader", "grade", exercise], ours.root)
    again = measure.run(["grader", "grade", exercise], ours.root)
    floor = made.copy(folder / "floor")
    words = measure.python("-m", "bench.floor", str(floor.root), exercise, str(processes))
    bare = measure.run(words, floor.root)
    inside = json.loads(bare.output)
    n, others = len(made.students), max(1, len(made.students) - 1)
    return {
        "stock": {"start": idle.wall, "wall": (taken.wall - idle.wall) / len(block),
                  "cpu": (taken.cpu - idle.cpu) / len(block),
                  "class": idle.wall + (taken.wall - idle.wall) / len(block) * n},
        "ours": {"start": first.wall - (whole.wall - first.wall) / others,
                 "wall": (whole.wall - first.wall) / others,
                 "cpu": (whole.cpu - first.cpu) / others, "class": whole.wall,
                 "unchanged": again.wall},
        "floor": {"start": bare.wall - inside["class"], "wall": inside["class"] / n,
                  "cpu": inside["cpu"] / n, "class": bare.wall},
        "scores": {"stock": stock.scores(), "ours": ours.scores()}}


def main() -> None:
    """Grade the class in every way and print what it took."""
    chosen, console = options(), Console(width=100, highlight=False)
    processes = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        made = room.make(folder / "made", chosen.exercise, chosen.size, chosen.seed)
        rounds = []
        for i, block in enumerate(blocks(made.students[:chosen.sample], chosen.rounds)):
            rounds.append(one_round(made, folder / f"round-{i}", block, processes))
            console.print(f"round {i + 1}: {report.line(rounds[-1])}")
        watch = measure.Memory()
        measure.run(["grader", "grade", made.exercise], made.copy(folder / "memory").root,
                    watch=watch)
        staged = made.copy(folder / "stages")
        stages = json.loads(measure.run(measure.python(
            "-m", "bench.stages", str(staged.root), made.exercise), staged.root).output)
        imports = measure.run(measure.python("-c", "import grader.course"), folder)
        figures = {
            "exercise": made.exercise, "size": len(made.students), "processes": processes,
            "rounds": rounds, "memory": {"unit": watch.unit, **watch.peaks}, "stages": stages,
            "import_course": imports.wall,
            "graded_by_stock": min(chosen.sample, len(made.students))}
        graded = [one.pop("scores") for one in rounds]
        figures["scores"] = room.compare(
            made, {name: scores for one in graded for name, scores in one["stock"].items()},
            graded[-1]["ours"])
    for table in report.tables(figures):
        console.print(table)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if figures["scores"]["wrong"]:
        raise SystemExit("The scores differ.")


if __name__ == "__main__":
    main()
