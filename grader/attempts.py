"""Which answers to a question are new, and how many of its general tips that opens.

The log holds no answer and no trace of one, so what was answered before the kernel was
restarted is not known. Then the first answer counts as a new one only if something else came
of it than of the last one: when all cells run once more, nothing jumps ahead or goes back.
"""

from __future__ import annotations

import json

from reader import check_log

from .engine import RIGHT, SHAPE, Result
from .tried import ATTEMPTS

#: Of this session, by question: the answers and the hints that were shown.
_seen: dict[str, tuple[set[int], set[str]]] = {}


def begin() -> None:
    """Forget the answers of this session."""
    _seen.clear()


def follow(result: Result, form: list, tips: list[str]) -> tuple[list[str], str]:
    """Note what came of an answer, and say which tips are open.

    One more opens with every new answer that is not right, unless the answer has opened a hint
    of its own that this session has not shown yet.

    Parameters
    ----------
    result : Result
    form : list
        The canonical answer.
    tips : list of str
        All general tips of the question.

    Returns
    -------
    list of str, str
        The tips to show, and a sentence for the learner (see :func:`reader.check_log.note`).
    """
    if "empty" in result.misconceptions:
        return [], ""  # nothing was tried
    answers, hints = _seen.setdefault(result.question, (set(), set()))
    known = check_log.standings().get(result.question)
    outcome = result.state, result.credit
    attempts, opened = (known.attempts, known.tips) if known else (0, None)
    remark = ""
    if result.state == SHAPE:
        if known is None:
            remark = check_log.note(result.question, *outcome, 0, 0)
        return [], remark
    answer = hash(json.dumps(form))
    again = opened is not None and (answer in answers or not answers and known.last == outcome)
    answers.add(answer)
    if not again:
        attempts += 1
        if result.state != RIGHT and hints.issuperset(result.hints):
            opened = min((opened or 0) + 1, len(tips))
    hints.update(result.hints)
    opened = opened or 0
    if not again or known.last != outcome:
        remark = check_log.note(result.question, *outcome, attempts, opened)
    return ([] if result.state == RIGHT else tips[:opened]), remark


def tried(question: str) -> dict[str, int]:
    """How many different answers the log knows of a question, to stand in the check's record.

    Empty where it knows none. The number goes where the notebook goes: see :mod:`grader.tried`.
    """
    known = check_log.standings().get(question)
    return {ATTEMPTS: known.attempts} if known and known.attempts else {}
