"""Runs the cells of a notebook, one request after the other, on an event loop of its own."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from types import SimpleNamespace
from typing import Any

from tornado.platform.asyncio import AsyncIOMainLoop

from .kernel import Kernel


class WakingLoop(AsyncIOMainLoop):
    """Wakes up for a callback: ipykernel hands an interrupt over from within a signal handler,
    and with tornado's own rule a cell that awaits would sleep on."""

    def add_callback(self, callback: Callable, *args: Any, **kwargs: Any) -> None:
        """Call a function soon; may be called by other threads and by signal handlers."""
        with suppress(RuntimeError):  # the loop is closed
            self.asyncio_loop.call_soon_threadsafe(partial(callback, *args, **kwargs))


class Runner:
    """The event loop of a kernel; its requests are those that nbclient would send."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel, self._channel = kernel, kernel.session
        self._waiting: set[asyncio.Task] = set()
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        kernel.io_loop = WakingLoop()
        kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.current_thread())
        # What a cell sets in its context is there in the next cell, as in ipykernel.
        self._context = copy_context()
        self._channel.recorder.kc = SimpleNamespace(
            session=self._channel, shell_channel=SimpleNamespace(send=self._receive))

    def close(self) -> None:
        """Close the event loop."""
        self._kernel.io_loop.close()
        self._loop.close()
        asyncio.set_event_loop(None)

    def run(self, source: str) -> None:
        """Run a cell to its end. Its outputs are in the channel."""
        request = self._channel.msg("execute_request", {
            "code": source, "silent": False, "store_history": True, "user_expressions": {},
            "allow_stdin": False, "stop_on_error": False})
        self._channel.open(request["msg_id"], source)
        self._until_done(self._loop.create_task(self._to_its_end(request)))
        # An interrupt at the very end of a cell may have kept the kernel from doing this.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._channel.finish()

    def _start(self, request: dict[str, Any]) -> asyncio.Task:
        return self._loop.create_task(self._kernel.shell_main(None, request),
                                      context=self._context)

    def _until_done(self, task: asyncio.Task) -> None:
        while not task.done():
            try:
                self._loop.run_until_complete(task)
            except (KeyboardInterrupt, SystemExit, RuntimeError):
                # Of a task in the background, or somebody has stopped the loop: go on. A second
                # interrupt would find nobody here to catch it.
                signal.signal(signal.SIGINT, signal.SIG_IGN)

    async def _to_its_end(self, request: dict[str, Any]) -> None:
        # What went wrong outside of the cell's own code has left no reply, which says it.
        await asyncio.wait([self._start(request)])
        # What a cell has left to the event loop begins before the next cell, as in a kernel.
        for _ in range(2):
            await asyncio.sleep(0)
        while self._waiting:
            await asyncio.wait(self._waiting)

    def _receive(self, msg: dict[str, Any]) -> None:
        """A message from nbclient to the kernel: an Output widget's new state."""
        pack, unpack = self._channel.pack, self._channel.unpack
        msg = {**msg, "content": unpack(pack(msg["content"])), "buffers": []}

        def start() -> None:
            task = self._start(msg)
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)

        self._loop.call_soon_threadsafe(start)
