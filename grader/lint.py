"""What can be guessed must not pay: a look at the key with the arithmetic of scoring itself.

Each question that carries points is answered by strategies that need no reading: a guess for
every part, one value for everything, a table of the calls that learners see.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from reader.dates import parse_edtf

from . import engine, kinds
from .canonical import canonical
from .compile import compile_question
from .seal import Unsealed
from .values import plain_text, value_token

#: What guessing may earn on average, as a share of a question's points.
GUESS = 0.25
#: What one value for every part may earn.
CONSTANT = 1 / 3
#: What a table of the open calls may earn with one value for all other calls.
TABLE = 0.4
#: A whole number from 0 to this is found by trying.
SMALL = 3
_YES_NO = {"yes", "no", "true", "false"}
# What a function returns that does nothing.
_TRIVIAL = (None, 0, 1, False, True, "", [], {})


def guessable(question: Any, prompt: str = "") -> list[str]:
    """Why a question can be answered without reading: one sentence each, none when it cannot.

    Parameters
    ----------
    question : object
        A validated question (a model of :mod:`grader.key`).
    prompt : str
        What the exercise says between the question before and this one's answer cell.
    """
    if not question.points:
        return []  # self-checks of the lessons
    look = _LOOKS.get(question.kind)
    return [f"{question.id}: {what}" for what in (look(question, prompt) if look else ())]


def _too_much(share: float, most: float) -> bool:
    return share > most + 1e-9


def _choice(q: Any, prompt: str) -> Iterator[str]:
    share = (1 + len(q.accept)) / len(q.options)
    if _too_much(share, GUESS):
        yield (f"a guess among {len(q.options)} options earns {share:.0%}; give more options, no "
               "points, or ask for several at once")


def _small(value: Any) -> float:
    """The chance to hit a value that was given no options."""
    if isinstance(value, bool) or str(value).strip().lower() in _YES_NO:
        return 1 / 2
    return 1 / SMALL if isinstance(value, int) and 0 <= value <= SMALL else 0.0


def _number(q: Any, prompt: str) -> Iterator[str]:
    if not q.tolerance and _too_much(_small(q.answer), GUESS):
        yield f"a whole number up to {SMALL} is found by trying; ask for several at once"
    if q.tolerance and abs(q.answer) and _too_much(q.tolerance / abs(q.answer), GUESS):
        yield f"the tolerance is {q.tolerance / abs(q.answer):.0%} of the answer"
    yield from _given(q, prompt)


def _text(q: Any, prompt: str) -> Iterator[str]:
    if _small(q.answer):
        yield "yes or no is a coin's answer"
    yield from _given(q, prompt)


def _given(q: Any, prompt: str) -> Iterator[str]:
    words = f" {' '.join(plain_text(word.strip('.,;:()*`')) for word in prompt.split())} "
    if f" {plain_text(str(q.answer))} " in words:
        yield f"the answer {q.answer!r} stands in the prompt"


def _mapping(q: Any, prompt: str) -> Iterator[str]:
    spec, n = compile_question(q), len(q.answer)
    rights = [[value_token(canonical(v)) for v in [value, *q.accept.get(key, [])]]
              for key, value in q.answer.items()]

    def earned(hits: int) -> float:
        share = engine.credit(spec, dict.fromkeys(range(hits), ""), 0, n)
        return share if q.partial or share == 1 else 0.0

    if q.options:
        options = [value_token(canonical(option)) for option in q.options]
        chances = [len(set(right) & set(options)) / len(options) for right in rights]
    else:
        options = sorted({right[0] for right, v in zip(rights, q.answer.values(), strict=True)
                          if _small(v)})
        chances = [_small(value) for value in q.answer.values()]
    share = sum(p * earned(hits) for hits, p in enumerate(_distribution(chances)))
    if _too_much(share, GUESS):
        yield f"guessing earns {share:.0%} on average; set above_chance, or partial: false"
    for option in options:
        share = earned(sum(option in right for right in rights))
        if _too_much(share, CONSTANT):
            yield (f"the value {option[2:]} for every key earns {share:.0%}; set above_chance, or "
                   "partial: false")


def _distribution(chances: Sequence[float]) -> list[float]:
    """Probabilities of 0, 1, … hits among independent guesses."""
    found = [1.0]
    for p in chances:
        found = [a * (1 - p) + b * p for a, b in zip([*found, 0.0], [0.0, *found], strict=True)]
    return found


def _sequence(q: Any, prompt: str) -> Iterator[str]:
    n = len(q.answer)
    share = {"pairs": 1 / 2, "position": 1 / n, "none": 1 / math.factorial(n)}[q.partial]
    if _too_much(share, GUESS):
        yield f"any order earns {share:.0%} on average; use partial: position or none"


def _interval(q: Any, prompt: str) -> Iterator[str]:
    allowed = parse_edtf(q.allowed)
    share = ((allowed.last - allowed.first).days + 1) / kinds.MAX_DAYS
    if _too_much(share, GUESS):
        yield f"an interval of {kinds.MAX_DAYS} days earns {share:.0%}"


def _function(q: Any, prompt: str) -> Iterator[str]:
    spec = compile_question(q)
    calls = sorted(q.calls, key=lambda call: call.hidden)
    n_open = sum(not call.hidden for call in calls)
    results = [canonical(call.expect) for call in calls]
    seen = results[:n_open] + [canonical(value) for value in _TRIVIAL]

    def earned(answers: list) -> float:
        return engine.evaluate(spec, ["calls", answers], Unsealed()).credit

    if n_open == len(calls):
        yield "it has no hidden call, so a table of the open ones earns everything"
        return
    share, value = max((earned([value] * len(calls)), str(value)) for value in [*results, *seen])
    if _too_much(share, CONSTANT):
        yield f"a function that always returns {value} earns {share:.0%}; vary the results"
    share, value = max((earned(results[:n_open] + [value] * (len(calls) - n_open)), str(value))
                       for value in seen)
    if _too_much(share, TABLE):
        yield (f"a table of the open calls that returns {value} for all others earns {share:.0%}; "
               "vary the results of the hidden calls")
    share = earned(results[:n_open] + [["other", "nothing"]] * (len(calls) - n_open))
    if _too_much(share, GUESS):
        yield f"a table of the open calls earns {share:.0%}"


_LOOKS = {"choice": _choice, "number": _number, "text": _text, "mapping": _mapping,
          "sequence": _sequence, "interval": _interval, "function": _function}
