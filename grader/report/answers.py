"""What graded notebooks say besides points: states, misconceptions, answers, attempts.

A graded notebook was written by the grading; but its answers, and the number of attempts, are a
student's, and are data that nothing here believes or runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from sys import intern
from typing import Any

from .. import notebook as nbk
from ..canonical import MIME
from ..tried import ATTEMPTS, believed

#: What grading says where there is nothing to compare, instead of a misconception.
NO_ANSWER = ("empty", "no-record", "unchecked")
NOT_ONE = (*NO_ANSWER, "type")
# A longer answer is its own: nobody else's is equal to it by chance.
_LONGEST = 2_000


@dataclass(slots=True)
class Given:
    """One answer of a student.

    Attributes
    ----------
    credit : float
        Share of the points, from 0 to 1, as the answer key gave it.
    misconceptions : tuple of str
        Names from the key, or of :data:`NOT_ONE`.
    wrong : str
        The canonical answer as JSON, if it has earned nothing and nothing known is in it.
    attempts : int or None
        Different answers that the student had tried, if the notebook says so.
    """

    credit: float
    misconceptions: tuple[str, ...] = ()
    wrong: str = ""
    attempts: int | None = None

    @property
    def missing(self) -> bool:
        """Whether no answer was given."""
        return any(name in NO_ANSWER for name in self.misconceptions)


@dataclass(slots=True)
class Graded:
    """What a graded notebook says: answers by question id, and the sentences of the grading."""

    given: dict[str, Given]
    problems: list[str]


def read(path: Path) -> Graded | None:
    """Read a graded notebook; None where it cannot be read."""
    try:
        nb = json.loads(path.read_bytes())
        noted = nb["metadata"].get(nbk.META, {})
        tried = believed(noted.get(ATTEMPTS))
        return Graded({question: given for cell in nb["cells"]
                       for question, given in _given(cell, tried)},
                      [str(sentence) for sentence in noted.get("problems", ())])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _given(cell: dict, tried: dict[str, int]) -> Iterable[tuple[str, Given]]:
    scored = cell["metadata"].get(nbk.META, {})
    if "credit" not in scored or not nbk.is_check(cell):
        return
    question = nbk.question_of({**cell, "source": "".join(cell["source"])})
    if question is None:
        return
    names = tuple(intern(str(name)) for name in scored.get("misconceptions", ()))
    credit = float(scored["credit"])
    form = [] if credit else _answer(cell)
    wrong = json.dumps(form, ensure_ascii=False, sort_keys=True) if form and not names else ""
    yield intern(question), Given(credit, names, wrong if len(wrong) <= _LONGEST else "",
                                  tried.get(question))


def _answer(cell: dict) -> list:
    for output in cell["outputs"]:
        record: Any = output.get("data", {}).get(MIME)
        if isinstance(record, dict) and isinstance(record.get("answer"), list):
            return record["answer"]
    return []
