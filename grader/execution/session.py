"""A notebook's session: the warm kernel, after the fork, runs cells and tells their outputs."""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from . import warm as warmed
from .protocol import Limits
from .runner import Runner
from .streams import Descriptors, streams
from .warm import warm

__all__ = ["Session", "warm"]


class Session:
    """The kernel of this process, for one notebook. :func:`warm` came before the fork.

    Parameters
    ----------
    sheet : str
        The record sheet of :mod:`grader.check` (JSON).
    limits : Limits
        Only the sizes of outputs count here.
    emit : callable
        Gets ``{"cell": index, "outputs": [...], "count": int or None}`` after each cell, and
        again for an earlier cell whose outputs a display update has changed.
    """

    def __init__(self, sheet: str, limits: Limits, emit: Callable[[dict], None]) -> None:
        self._emit, self._owner = emit, os.getpid()
        kernel = warmed.app().kernel
        self._channel = kernel.session
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a cell that runs sets its own handler
        random.seed()
        sys.modules["numpy"].random.seed()
        self._channel.begin(limits)
        self._interpreter()
        sys.stdout, sys.stderr = both = streams(self._channel)
        Descriptors(self._channel, both)
        self._runner = Runner(kernel)
        sys.modules["grader.check"].begin(sheet, forks=True)

    def _interpreter(self) -> None:
        """What a notebook sees of the interpreter, as ipykernel's launcher leaves it."""
        app, here = warmed.app(), str(Path.cwd())
        sys.modules["__main__"] = app.shell.user_module
        sys.argv = [sys.modules["ipykernel_launcher"].__file__, "-f", f"{here}/kernel.json"]
        # IPython's place for the notebook's folder; its own function keeps to `python -P`.
        sys.path[:] = [path for path in sys.path if path not in ("", here)]
        places = [i for i, path in enumerate(sys.path)
                  if Path(path).name in ("site-packages", "dist-packages")]
        sys.path.insert(places[0] if places else 0, "")
        app.shell.history_manager.dir_hist[:] = [here]
        app.profile_dir.location = f"{here}/.ipython"

    def run(self, cells: Sequence[tuple[int, str]]) -> None:
        """Run cells in order, each given by its index in the notebook and its source."""
        channel, indices = self._channel, []
        for index, source in cells:
            if not source.strip():
                self._emit({"cell": index, "outputs": [], "count": None})
                continue
            indices.append(index)
            self._runner.run(source)
            if os.getpid() != self._owner:
                os._exit(0)  # a fork that the cell has let go on
            changed = channel.recorder.changed
            for position in sorted(changed | {len(indices) - 1}, reverse=True):
                self._emit({"cell": indices[position], "outputs": channel.outputs(position),
                            "count": channel.recorder.nb.cells[position].execution_count})
            changed.clear()
