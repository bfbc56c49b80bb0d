"""Errors that say in one sentence what is wrong and what to do."""

from __future__ import annotations


class ReaderError(ValueError):
    """Base of every error this package raises on purpose.

    In IPython and Jupyter only the sentence is shown: a traceback through library code
    teaches a learner nothing about their own mistake.
    """

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class NoText(ReaderError):
    """The reader has no copy of the article, so its text can't be shown."""
