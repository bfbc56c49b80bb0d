"""What an entry of the key still lacks, in sentences: bank, misconceptions, hints, evidence."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from .. import check as learners
from .. import engine
from ..compile import bank_value, compile_question
from ..key import KeyProblem
from ..seal import Unsealed

#: How many right and how many other answers the bank of a question with points has at least.
RIGHT, OTHER = 4, 6
_HINT = re.compile(r" \(Lesson (\d\d), section (\d+)\.\)$")
_AGAIN = re.compile(r" Read again: lesson (\d\d), section (\d+)\.$")


def of_question(q: Any, sections: set[str]) -> Iterator[str]:
    """What a validated question (a model of :mod:`grader.key`) lacks.

    Parameters
    ----------
    q : object
    sections : set of str
        Numbers of the sections that the topic's lesson has.
    """
    try:
        spec = compile_question(q)
    except KeyProblem as problem:
        yield str(problem)
        return
    yield from _bank(q, spec)
    if q.id.startswith("L"):
        return
    hint = _HINT.search(q.hints[0]) if q.hints else None
    again = _AGAIN.search(q.explanation)
    if not hint:
        yield (f"The first hint of {q.id} does not end with the section to read, as in "
               f"\"(Lesson {q.id[:2]}, section 3.)\".")
    if not again:
        yield (f"The explanation of {q.id} does not end with \"Read again: lesson {q.id[:2]}, "
               "section 3.\".")
    if hint and again and (hint.groups() != again.groups() or hint[1] != q.id[:2]):
        yield f"Hint and explanation of {q.id} name different sections, or another lesson."
    elif hint and hint[2] not in sections:
        yield f"Lesson {q.id[:2]} has no section {hint[2]}, which {q.id} names."
    if not {evidence.mark for evidence in q.evidence} & {"T", "V", "C"}:
        yield f"{q.id} has no evidence marked T, V or C, so it may not carry points."


def _bank(q: Any, spec: dict) -> Iterator[str]:
    right = [entry for entry in q.bank if entry.credit == 1]
    other = [entry for entry in q.bank if entry.credit < 1]
    if not q.id.startswith("L"):
        if len(right) < RIGHT or len(other) < OTHER:
            yield (f"The bank of {q.id} has {len(right)} right and {len(other)} other answers; it "
                   f"needs {RIGHT} and {OTHER}.")
        if lacks := sorted({"empty", "type"} - {entry.misconception for entry in other}):
            yield f"The bank of {q.id} has no answer of the kind {' or '.join(lacks)}."
    if len({entry.code for entry in q.bank}) < len(q.bank):
        yield f"The bank of {q.id} has an answer twice."
    shown = {entry.misconception for entry in other}
    for misconception in q.misconceptions:
        if misconception.name not in shown:
            yield f"No answer in the bank of {q.id} shows the misconception {misconception.name}."
    known = {misconception.name for misconception in q.misconceptions} | {"empty", "type"}
    for entry in q.bank:
        yield from _entry(q, spec, entry, known)


def _entry(q: Any, spec: dict, entry: Any, known: set[str]) -> Iterator[str]:
    """Whether the rules give what the entry says that they give."""
    said = f"The bank of {q.id}: `{' '.join(entry.code.split())[:60]}`"
    try:
        # As the answer travels: made canonical where the learner works, read as JSON here.
        with contextlib.redirect_stdout(io.StringIO()):  # some answers of banks print
            form = json.loads(json.dumps(learners._form(spec, bank_value(entry.code))))
        result = engine.evaluate(spec, form, Unsealed())
    except KeyProblem as problem:
        yield f"{said}: {problem}"
    except Exception as error:
        yield f"{said} cannot be evaluated: {type(error).__name__}: {error}."
    else:
        if abs(result.credit - entry.credit) > 5e-5:
            yield f"{said} has credit {entry.credit:g}, but the rules give {result.credit:g}."
        elif entry.credit < 1 and entry.misconception in known and \
                entry.misconception not in result.misconceptions:
            yield (f"{said} is not recognised as {entry.misconception}; look at the "
                   "misconception's when or has.")
