"""A notebook's session: the warm kernel, after the fork, runs cells and tells their outputs."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextvars import copy_context
from types import SimpleNamespace
from typing import Any

from tornado.ioloop import IOLoop

from . import warm as warmed
from .protocol import Limits
from .streams import Descriptors, OutStream, Publisher
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
        self._kernel = kernel = warmed.app().kernel
        self._channel = channel = kernel.session
        self._waiting: set[asyncio.Task] = set()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a cell that runs sets its own handler
        random.seed()
        sys.modules["numpy"].random.seed()
        channel.session = os.urandom(16).hex()
        channel.begin(limits)
        channel.recorder.kc = SimpleNamespace(
            session=channel, shell_channel=SimpleNamespace(send=self._receive))
        self._streams()
        self._interpreter()
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        kernel.io_loop = IOLoop.current()
        kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.current_thread())
        # What a cell sets in its context is there in the next cell, as in ipykernel.
        self._context = copy_context()
        sys.modules["grader.check"].begin(sheet, forks=True)

    def _streams(self) -> None:
        publisher = Publisher()
        sys.stdout, sys.stderr = streams = tuple(
            OutStream(self._channel, publisher, name) for name in ("stdout", "stderr"))
        Descriptors(self._channel, streams)

    def _interpreter(self) -> None:
        """What a notebook sees of the interpreter, as ipykernel's launcher leaves it."""
        shell = self._kernel.shell
        sys.modules["__main__"] = shell.user_module
        sys.argv = [sys.modules["ipykernel_launcher"].__file__, "-f",
                    os.path.abspath("kernel.json")]
        sys.path[:] = [path for path in sys.path if path not in ("", os.getcwd())]
        warmed.app().init_path()
        shell.history_manager.dir_hist[:] = [os.getcwd()]
        shell.profile_dir.location = os.path.abspath(".ipython")

    def run(self, cells: Sequence[tuple[int, str]]) -> None:
        """Run cells in order, each given by its index in the notebook and its source."""
        channel, indices = self._channel, []
        for index, source in cells:
            if not source.strip():
                self._emit({"cell": index, "outputs": [], "count": None})
                continue
            indices.append(index)
            self._execute(source)
            if os.getpid() != self._owner:
                os._exit(0)  # a fork that the cell has let go on
            changed = channel.recorder.changed
            for position in sorted(changed | {len(indices) - 1}, reverse=True):
                self._emit({"cell": indices[position], "outputs": channel.outputs(position),
                            "count": channel.recorder.nb.cells[position].execution_count})
            changed.clear()

    def _execute(self, source: str) -> None:
        request = self._channel.msg("execute_request", {
            "code": source, "silent": False, "store_history": True, "user_expressions": {},
            "allow_stdin": False, "stop_on_error": False})
        self._channel.open(request["msg_id"], source)
        self._until_done(self._start(request))
        self._until_done(self._loop.create_task(self._settle()))
        self._channel.finish()

    def _start(self, request: dict[str, Any]) -> asyncio.Task:
        return self._loop.create_task(self._kernel.shell_main(None, request),
                                      context=self._context)

    def _until_done(self, task: asyncio.Task) -> None:
        while not task.done():
            try:
                self._loop.run_until_complete(task)
            except (KeyboardInterrupt, SystemExit, RuntimeError):
                # Of a task in the background, or somebody has stopped the loop: go on.
                continue
        if not task.cancelled():
            task.exception()

    def _receive(self, msg: dict[str, Any]) -> None:
        """A message from nbclient to the kernel: an Output widget's new state."""
        pack, unpack = self._channel.pack, self._channel.unpack
        msg = {**msg, "content": unpack(pack(msg["content"])), "buffers": []}

        def start() -> None:
            task = self._start(msg)
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)

        self._loop.call_soon_threadsafe(start)

    async def _settle(self) -> None:
        """What a cell has left to the event loop begins before the next cell, as in a kernel."""
        for _ in range(3):
            await asyncio.sleep(0)
        while self._waiting:
            await asyncio.wait(self._waiting)
