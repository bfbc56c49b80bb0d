"""Progress of long commands: a bar in a terminal, a line now and then in a log file."""

from __future__ import annotations

import time
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from .outcome import NOT_GRADED, Outcome

# Seconds between two lines where there is no terminal.
EVERY = 10


def bar(console: Console) -> Progress:
    """The progress bar of every long command."""
    return Progress(TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(),
                    TimeRemainingColumn(), console=console)


class Meter:
    """Counts outcomes and shows them; a context manager where it has a bar of its own.

    Parameters
    ----------
    console : Console
        Where to; a quiet one shows nothing.
    total : int
        How many outcomes there will be.
    progress : Progress, optional
        A running bar to show them in.
    """

    def __init__(self, console: Console, total: int, progress: Progress | None = None) -> None:
        self.console, self.total = console, total
        self.seen = self.failed = self.late = 0
        self._start = self._said = time.monotonic()
        self._bar = progress or bar(console)
        self._task = self._bar.add_task("Grade", total=total)

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self._bar.start()
        return self

    def __exit__(self, *_: Any) -> None:
        if self.console.is_terminal:
            self._bar.stop()

    def __call__(self, outcome: Outcome) -> None:
        """Count one more outcome."""
        self.seen += 1
        self.failed += outcome.state == NOT_GRADED
        self.late += outcome.late_seconds > 0
        counts = f"{self.failed} failed, {self.late} late"
        self._bar.update(self._task, advance=1, description=f"Grade ({counts})")
        now = time.monotonic()
        if not self.console.is_terminal and now - self._said >= EVERY:
            self._said = now
            left = (now - self._start) / self.seen * (self.total - self.seen)
            self.console.print(f"{self.seen} of {self.total} done ({counts}), "
                               f"about {left:.0f} seconds left")
