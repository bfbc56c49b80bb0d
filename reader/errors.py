"""Errors that say in one sentence what is wrong and what to do."""

from __future__ import annotations

_LONGEST = 2000


class ReaderError(ValueError):
    """Base of every error this package raises on purpose.

    In IPython and Jupyter only the sentence is shown: a traceback through library code
    teaches a learner nothing about their own mistake. What was given stands in the sentence as
    far as it fits into one: on one line, without the middle of a very long value.
    """

    def __init__(self, sentence: str = "") -> None:
        line = " ".join(str(sentence).split())
        super().__init__(line if len(line) <= _LONGEST else
                         f"{line[:_LONGEST // 2]} … {line[-_LONGEST // 2:]}")

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


def known_flag(value, name: str) -> bool:
    """Return True or False, or say that it is neither."""
    if not isinstance(value, bool):
        raise ReaderError(f"{name} is True or False, not {type(value).__name__}.")
    return value


class NoText(ReaderError):
    """The reader has no copy of the article, so its text can't be shown."""
