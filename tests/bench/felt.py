"""``python -m bench.felt``: what a learner waits for, measured where the learner is."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from browser.running import missing
from places import copy_course
from rich.console import Console
from rich.table import Table

from . import felt_checks, felt_imports, measure


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.felt", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args()


def tables(found: dict) -> Iterator[Table]:
    """All figures, each beside what it is compared with."""
    base = found["imports"][felt_imports.BASE]
    table = Table("imports", "wall, ms", "CPU, ms", f"CPU, of `{felt_imports.BASE}`")
    for name, one in found["imports"].items():
        table.add_row(name, f"{one['wall'] * 1e3:.0f}", f"{one['cpu'] * 1e3:.0f}",
                      f"{one['cpu'] / base['cpu']:.2f}")
    yield table
    checks = found["checks"]
    table = Table("check", "ms")
    table.add_row("first of a lesson", f"{checks['first'][felt_checks.LESSONS] * 1e3:.1f}")
    table.add_row("first of an exercise, most", f"{checks['first exercise'] * 1e3:.1f}")
    table.add_row("later ones, median", f"{checks['median'] * 1e3:.1f}")
    table.add_row("later ones, nine of ten take less than", f"{checks['most of ten'] * 1e3:.1f}")
    for seconds, *what in checks["slowest"]:
        table.add_row(f"slowest: {', '.join(what)}", f"{seconds * 1e3:.1f}")
    yield table
    if "lessons" not in found:
        return
    table = Table("in JupyterLab, s", "open", "first cell")
    for name, one in found["lessons"].items():
        table.add_row(name, f"{one['open']:.2f}", f"{one['first cell']:.2f}")
    yield table
    table = Table("a widget answers in", "ms")
    for name, taken in found["widgets"].items():
        table.add_row(name, f"{taken:.0f}")
    yield table


def main() -> None:
    """Measure everything that this machine can show, and print it."""
    chosen, console = options(), Console(width=100, highlight=False)
    with tempfile.TemporaryDirectory(prefix="felt-") as name:
        folder = Path(name)
        course = folder / "made"
        course.mkdir()
        copy_course(course, "exercises", "notebooks")
        measure.run(["grader", "release", "--course", str(course)], folder)
        checks = json.loads(measure.run(measure.python(
            "-m", "bench.felt_checks", str(course)), folder).output)
        found = {"imports": felt_imports.figures(folder, chosen.rounds), "checks": checks}
        if lacking := missing():
            console.print(f"Not measured in JupyterLab: {lacking}.")
        else:
            from . import felt_lab
            found |= felt_lab.figures(course, folder / "lab", chosen.rounds)
    for table in tables(found):
        console.print(table)
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
