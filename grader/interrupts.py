"""Ctrl-C during a grading run: what has begun is completed, and no press is lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self


class Interrupts:
    """Counts the presses of Ctrl-C while it is entered. For the main thread; elsewhere it does
    nothing.

    Python throws away an exception that comes up in a finaliser or in the callback of a weak
    reference, a :class:`KeyboardInterrupt` too. So a press is also noted, and :meth:`check`
    raises it again.
    """

    def __init__(self) -> None:
        self._presses, self._wait = 0, False

    def __enter__(self) -> Self:
        self._mine = threading.current_thread() is threading.main_thread()
        if self._mine:
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *_: Any) -> None:
        if self._mine:
            signal.signal(signal.SIGINT, self._before)

    def _note(self, *_: object) -> None:
        self._presses += 1
        if not self._wait or self._presses > 1:
            raise KeyboardInterrupt

    def check(self) -> None:
        """Raise :class:`KeyboardInterrupt` if Ctrl-C has been pressed."""
        if self._presses:
            raise KeyboardInterrupt

    @contextmanager
    def calm(self) -> Iterator[None]:
        """Let Ctrl-C wait until what has begun is complete; a second one does not wait."""
        self._wait = True
        try:
            yield
        finally:
            self._wait = False
        self.check()
