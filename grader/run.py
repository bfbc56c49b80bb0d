"""Run: execute a rebuilt notebook, in place of nbgrader's Execute.

``Run.executor`` is the seam: ``fork`` runs each notebook in a child of a warm parent (one
per grading process), ``kernel`` starts a Jupyter kernel each time, as nbgrader does. Both
keep learner code in another process than the answer key; neither is a sandbox.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

from nbformat import NotebookNode, ValidationError, from_dict, validate
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.preprocessors import Execute
from nbgrader.utils import setenv
from traitlets import Enum, Integer

from . import notebook as nbk
from .canonical import sound
from .compile import compiled
from .rebuild import course_directory
from .seal import SHEET, record_sheet
from .zygote import Lines

# How long an interrupted cell may take to stop before its process is killed.
GRACE_SECONDS = 3
# Runs in front of every check while a notebook is graded; nobody sees it.
RESTORE = "from grader.check import check"


class Run(Execute):
    """Execute a notebook cell by cell, with a limit per cell and per notebook."""

    executor = Enum(
        ["fork", "kernel"], default_value="fork" if hasattr(os, "fork") else "kernel",
        help="fork: a child of a warm parent per notebook (fast, POSIX). kernel: a Jupyter "
             "kernel per notebook, as stock nbgrader does.").tag(config=True)
    notebook_seconds = Integer(
        120, help="Seconds for a whole notebook. An honest solution of an exercise of this course "
                  "takes under five.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict, km: object = None):
        checks = [(cell, cell.source) for cell in nb.cells if nbk.is_check(cell)]
        specs = compiled(resources["nbgrader"]["assignment"])
        sheet = json.dumps(record_sheet([specs[q] for q in nbk.questions(nb) if q in specs]))
        try:
            for cell, source in checks:
                # `check = 5` or `%reset` in an answer must not cost the questions after it.
                cell.source = f"{RESTORE}\n{source}"
            if self.executor == "kernel":
                # The environment of this process is what nbclient gives to the kernel.
                with setenv(**{SHEET: sheet}):
                    return super().preprocess(nb, resources, km=km)
            return self._fork(nb, resources, sheet)
        finally:
            for cell, source in checks:
                cell.source = source

    def _fork(self, nb: NotebookNode, resources: dict, sheet: str):
        cwd = Path(course_directory(self).root) / resources.get("metadata", {}).get("path", ".")
        cells = [(i, cell.source) for i, cell in enumerate(nb.cells) if cell.cell_type == "code"]
        results = Zygote.shared().run(cells, cwd.resolve(), self.timeout or self.notebook_seconds,
                                      self.notebook_seconds, sheet)
        for number, (i, _) in enumerate(cells, start=1):
            nb.cells[i].outputs = results.get(i) or []
            nb.cells[i].execution_count = number if i in results else None
        return nb, resources


def _error(name: str, text: str) -> NotebookNode:
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


class Zygote:
    """A warm parent process and the clock over its children."""

    _shared: Zygote | None = None

    def __init__(self) -> None:
        # Only what Python and the course need; nothing of the instructor's environment, and
        # no learner log: these runs are not anybody's practice.
        keep = {k: v for k, v in os.environ.items()
                if k in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH",
                         "READING_IDLIB_TEXTS")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "grader.zygote"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, env={**keep, "NBGRADER_EXECUTION": "autograde",
                                         "READING_IDLIB_LOG": os.devnull,
                                         "PYTHONDONTWRITEBYTECODE": "1"})
        self._lines, self._ready = Lines(), deque()
        atexit.register(self.close)

    @classmethod
    def shared(cls) -> Zygote:
        """The zygote of this process, started at first use and again when it has died."""
        if cls._shared is None or cls._shared.process.poll() is not None:
            cls._shared = cls()
            if cls._shared._event(60) is None:
                cls._shared.close()
                raise RuntimeError("The process that runs notebooks did not start; "
                                   "`grader doctor` says more.")
        return cls._shared

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.kill()
            self.process.wait()

    def _event(self, seconds: float) -> dict | None:
        """The next event, or None after ``seconds`` or at the end of the stream."""
        deadline = time.monotonic() + seconds
        stream = self.process.stdout.fileno()
        while not self._ready:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([stream], [], [], left)[0]:
                return None
            chunk = os.read(stream, 1 << 20)
            if not chunk:
                return None
            self._ready.extend(self._lines.feed(chunk))
        return json.loads(self._ready.popleft())

    def run(self, cells: list[tuple[int, str]], cwd: Path, cell_seconds: float,
            notebook_seconds: float, sheet: str = "") -> dict[int, list]:
        """Run code cells and return their outputs by cell index.

        A cell over its time is interrupted; when it does not stop, its process is killed and
        the cells after it get an error that says so.
        """
        request = {"cells": cells, "cwd": str(cwd), "sheet": sheet}
        self.process.stdin.write((json.dumps(request) + "\n").encode())
        self.process.stdin.flush()
        results: dict[int, list] = {}
        child, killed, interrupted, waiting = 0, "", False, {i for i, _ in cells}
        now = time.monotonic()
        end, cell_end = now + notebook_seconds, now + cell_seconds
        while True:
            # The clock is read before every event: a notebook that keeps talking is late too.
            now = time.monotonic()
            if killed and now >= cell_end:
                self.close()  # even the parent does not answer any more; a new one starts
                break
            if not killed and (now >= end or interrupted and now >= cell_end):
                killed = (f"the notebook took more than {notebook_seconds:g} seconds" if now >= end
                          else "it took too long and did not stop when interrupted")
                _signal(child, signal.SIGKILL)
                cell_end = end = now + GRACE_SECONDS
            elif not killed and now >= cell_end:
                _signal(child, signal.SIGINT)
                interrupted, cell_end = True, now + GRACE_SECONDS
            event = self._event(max(0.01, min(cell_end, end) - now))
            if event is None:
                if self.process.poll() is not None:
                    _signal(child, signal.SIGKILL)
                    killed = killed or "the process that ran the notebook ended"
                    break
                continue
            if "end" in event:
                break
            child = event.get("child", child)
            cell, outputs = _finished(event.get("line", ""))
            if cell in waiting:
                waiting.discard(cell)
                if interrupted:
                    outputs.append(_error("CellTimeoutError", "the cell took more than "
                                          f"{cell_seconds:g} seconds and was interrupted"))
                results[cell] = outputs
                if not killed:
                    interrupted, cell_end = False, time.monotonic() + cell_seconds
        for i in sorted(waiting):
            why = killed or "the notebook's process ended early"
            results[i] = [_error("NotRun", f"the cell was not run to its end: {why}")]
            killed = "a cell before it stopped the notebook"
        return results


def _finished(line: str) -> tuple[int | None, list]:
    """Cell index and outputs of a child's line; learner code may have written anything."""
    try:
        event = json.loads(sound(json.dumps(json.loads(line), ensure_ascii=False)))
        outputs = [from_dict(output) for output in event["outputs"]]
        validate(new_notebook(cells=[new_code_cell(outputs=outputs)]))
        return int(event["cell"]), outputs
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError):
        return None, []


def _signal(child: int, number: int) -> None:
    if child > 0:
        with suppress(ProcessLookupError):
            os.killpg(child, number)
