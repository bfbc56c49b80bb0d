"""How long the imports take that a learner waits for."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

from places import ROOT

from . import measure

#: What everything is compared with: the first import of most notebooks on data.
BASE = "import pandas"
CHEAP = ("import reader", "from grader.check import check", "from reader import progress")


def setups() -> dict[str, str]:
    """The first code cell with imports of every lesson, by the lesson's name."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found[path.stem] = next("".join(cell["source"]) for cell in cells
                                if cell["cell_type"] == "code" and "import" in
                                "".join(cell["source"]))
    return found


def figures(folder: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Median wall and CPU seconds of each import, less those of starting Python.

    One after the other in each round, so that a busy machine is busy for all.
    """
    asked = {"": "", BASE: BASE, **{code: code for code in CHEAP},
             **{f"first cell of lesson {name}": code for name, code in setups().items()}}
    taken: dict[str, list[measure.Run]] = {name: [] for name in asked}
    for _ in range(rounds):
        for name, code in asked.items():
            taken[name].append(measure.run(measure.python("-c", code), folder))
    found = {name: {"wall": median(run.wall for run in runs), "cpu": median(
        run.cpu for run in runs)} for name, runs in taken.items()}
    start = found.pop("")
    return {name: {kind: max(0.0, value - start[kind]) for kind, value in one.items()}
            for name, one in found.items()}
