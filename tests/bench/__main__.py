"""``python -m bench``: see the package's own words."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path

from rich.console import Console

from . import figures, measure, report, room

#: Of our eight exercises the one in the middle: it costs stock nbgrader and us about the median
#: CPU time, and like five of the eight it has no widget.
TYPICAL = "03-stakeholders"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=room.__doc__)
    full = bool(os.environ.get("FULL"))
    parser.add_argument("--exercise", default=TYPICAL, help="default: %(default)s")
    parser.add_argument("--size", type=int, default=400 if full else 40,
                        help="students (default: 40, with FULL=1 400)")
    parser.add_argument("--sample", type=int, default=40,
                        help="of these, how many stock nbgrader grades (default: 40)")
    parser.add_argument("--rounds", type=int, default=4, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="of the class (default: 1)")
    parser.add_argument("--allow-unprotected", metavar="NAME", action="append", default=[],
                        help="passed on to `grader grade`; for machines that lack protections")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args()


def blocks(students: tuple[str, ...], rounds: int) -> list[tuple[str, ...]]:
    """Share students out among rounds, as evenly as can be; no block is empty."""
    found = [students[i::rounds] for i in range(rounds)]
    return [block for block in found if block]


def one_round(made: room.Room, folder: Path, block: tuple[str, ...], processes: int,
              grade: list[str]) -> dict:
    """Stock takes its block, ours and the floor the whole class, each in a room of its own."""
    exercise = made.exercise
    stock, autograde = made.copy(folder / "stock", block).as_stock(), ["nbgrader", "autograde"]
    ours, floor = made.copy(folder / "ours"), made.copy(folder / "floor")
    words = measure.python("-m", "bench.floor", str(floor.root), exercise, str(processes))
    taken = {
        "stock": measure.run([*autograde, exercise], stock.root),
        # All is graded now: what is left is the start.
        "stock, again": measure.run([*autograde, exercise], stock.root),
        "ours, one": measure.run(grade, made.copy(folder / "one", made.students[:1]).root),
        "ours": measure.run(grade, ours.root),
        "ours, again": measure.run(grade, ours.root),
        "floor": measure.run(words, floor.root)}
    return {"block": len(block), "scores": {"stock": stock.scores(), "ours": ours.scores()},
            "inside floor": json.loads(taken["floor"].output),
            **{name: {"wall": run.wall, "cpu": run.cpu} for name, run in taken.items()}}


def main() -> None:
    """Grade the class in every way and print what it took."""
    chosen, console = options(), Console(width=100, highlight=False)
    processes = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    grade = ["grader", "grade", chosen.exercise, *(
        word for name in chosen.allow_unprotected for word in ("--allow-unprotected", name))]
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        made = room.make(folder / "made", chosen.exercise, chosen.size, chosen.seed)
        rounds = []
        for i, block in enumerate(blocks(made.students[:chosen.sample], chosen.rounds)):
            rounds.append(one_round(made, folder / f"round-{i}", block, processes, grade))
            console.print(f"round {i + 1} of {chosen.rounds} is done")
        graded = [one.pop("scores") for one in rounds]
        watch = measure.Memory()
        measure.run(grade, made.copy(folder / "memory").root, watch)
        staged = made.copy(folder / "stages")
        found = {
            "exercise": made.exercise, "size": len(made.students), "processes": processes,
            "raw": rounds, "rounds": figures.by_round(rounds, len(made.students)),
            "memory": watch.found(),
            "stages": json.loads(measure.run(measure.python(
                "-m", "bench.stages", str(staged.root), made.exercise), staged.root).output),
            "import": measure.run(measure.python("-c", "import grader.execution, grader.course"),
                                  folder).cpu,
            "scores": room.compare(made, {student: scores for one in graded for student, scores
                                          in one["stock"].items()}, graded[-1]["ours"])}
    for table in report.tables(found):
        console.print(table)
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    if found["scores"]["wrong"]:
        raise SystemExit("The scores differ.")


if __name__ == "__main__":
    main()
