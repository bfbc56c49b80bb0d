"""Running cells in a session, and comparing outputs of two runs of a notebook."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from places import ROOT


class Sessions:
    """A warm process (see ``session_driver.py``); each run is a forked child of it."""

    def __init__(self, env: dict[str, str]) -> None:
        one = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("session_driver.py"))], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd="/", encoding="utf-8",
            env={**env, "PYTHONPATH": str(ROOT), **one})
        self.threads = self._answer()["threads"]

    def __enter__(self) -> Sessions:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def _answer(self) -> dict:
        line = self.process.stdout.readline()
        assert line, "the driver of sessions has ended"
        return json.loads(line)

    def run(self, sources: list[str], folder: Path, sheet: str = "",
            meanwhile: Callable[[int], None] | None = None, **limits: float) -> Run:
        """Run cells; ``meanwhile`` gets the process id of the child."""
        request = {"cells": list(enumerate(sources)), "folder": str(folder), "sheet": sheet,
                   "limits": limits}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        events = [self._answer()]
        if "pid" in events[0] and meanwhile is not None:
            meanwhile(events[0]["pid"])
        while "end" not in events[-1]:
            events.append(self._answer())
        return Run(len(sources), events)


class Run:
    """The events of a run: outputs and counts of each cell, exit code and peak memory."""

    def __init__(self, size: int, events: list[dict]) -> None:
        self.events = [event for event in events if "cell" in event]
        self.code, self.peak_kib = events[-1]["end"], events[-1]["peak_kib"]
        last = {event["cell"]: event for event in self.events}
        self.outputs = [last[i]["outputs"] if i in last else None for i in range(size)]
        self.counts = [last[i]["count"] if i in last else None for i in range(size)]

    def text(self, cell: int) -> str:
        """All that a cell has shown, as plain text; of an error its name and message."""
        return "".join(shown(output) for output in self.outputs[cell])


def shown(output: dict) -> str:
    """An output as plain text."""
    if output["output_type"] == "stream":
        return output["text"]
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    return output["data"].get("text/plain", "")


def without_home() -> dict[str, str]:
    """This environment without what tests set for themselves."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "NBGRADER", "READING_IDLIB"))}


# --- comparing --------------------------------------------------------------------------------

# What differs in any two runs of a kernel, and what stands for it.
CHANGING = [
    (r"0x[0-9a-f]{6,}", "ADDRESS"),
    (r"ipykernel_\d+/\d+", "ipykernel_PID/CELL"),
    (r"\b\d{6,}\.py\b", "CELL.py"),
    (r"\b[0-9a-f]{32}\b", "UUID"),
    (r"Task-\d+", "Task-N"),
    (r"(CPU times|Wall time): [^\\\"]*", r"\1"),
    (r"[\d.]+ \S?s ± [^\\\"]*", "TIME"),
    (r"<dc:date>[^<]*", "<dc:date>"),
    (r"/[^\s\"<]*/checks\.jsonl", "LOG"),
]


def joined(outputs: list[dict], everywhere: bool = False) -> list[dict]:
    """Texts of the same stream in a row as one output: how a kernel cuts them depends on time.

    With ``everywhere`` also those that are not in a row, as nbclient's ``coalesce_streams`` does.
    """
    found: list[dict] = []
    for output in outputs:
        same = [one for one in (found if everywhere else found[-1:])
                if output["output_type"] == "stream" == one["output_type"]
                and one["name"] == output["name"]]
        if same:
            same[0]["text"] += output["text"]
        else:
            found.append(dict(output))
    return found


def comparable(outputs: list[dict], *folders: Path, everywhere: bool = False) -> list[dict]:
    """Outputs without what differs in any two runs; ``folders`` are those of the notebook."""
    text = json.dumps(joined(outputs, everywhere), ensure_ascii=False, sort_keys=True)
    for folder in folders:
        text = text.replace(str(folder), "FOLDER")
    for pattern, instead in CHANGING:
        text = re.sub(pattern, instead, text)
    found = json.loads(text)
    for output in found:
        # How many frames an endless recursion has depends on the frames below it.
        if lines := output.get("traceback"):
            output["traceback"] = [line for line, _ in itertools.groupby(lines)]
    return found
