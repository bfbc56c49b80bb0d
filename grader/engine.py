"""Compare an answer with a compiled question: one engine for check and for scoring.

Check runs it on sealed questions with a :class:`grader.seal.Seal`, scoring on plain ones
with :class:`grader.seal.Unsealed`. The arithmetic is the same code, so what a learner is
told and what the gradebook holds cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from . import kinds

RIGHT, PARTLY, NOT_YET, SHAPE = "right", "partly", "not yet", "shape"
#: What the calls that a learner sees count together, where there are hidden ones too.
OPEN_SHARE = 0.2
#: What a function's result may come from, when it is not the right one.
_RESULT_OF = {"None": " (is the `return` missing?)", "...": " (the three dots)",
              "'None'": " (a text: `None` has no quotation marks)"}
#: Ids or locators that Python has joined to one text, because no comma stands between them. (No
#: number begins with two zeros.)
_GLUED = re.compile(r"(00\d( [PS]\d+)?){2,}")


@dataclass
class Result:
    """What came of one answer.

    ``state`` is one of ``right``, ``partly``, ``not yet`` and ``shape`` (the type or form is
    not as asked); ``credit`` is a share from 0 to 1, ``score`` is in points.
    """

    question: str
    state: str
    credit: float = 0.0
    points: float = 0.0
    messages: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    explanation: str = ""
    misconceptions: list[str] = field(default_factory=list)
    provisional: bool = False

    @property
    def score(self) -> float:
        return round(self.credit * self.points, 2)

    @property
    def earned(self) -> str:
        return f"{self.score:g} of {self.points:g} point{'s' * (self.points != 1)}"


def evaluate(spec: dict, form: list, lock: Any) -> Result:
    """Evaluate a canonical answer against a compiled question.

    Parameters
    ----------
    spec : dict
        A question from :func:`grader.compile.compile_question`, or sealed.
    form : list
        Canonical answer.
    lock : Seal or Unsealed
        How tokens are named and texts opened.
    """
    result = Result(spec["id"], NOT_YET, points=float(spec["points"]))
    reading = kinds.read(spec, form)
    if reading.problem:
        result.state, result.messages = SHAPE, [reading.problem]
        result.misconceptions = ["empty" if kinds.no_answer(form) else "type"]
        return result

    names = {lock.name(token): token for token in dict.fromkeys(reading.tokens)}
    hits = {}
    for i, part in enumerate(spec["parts"]):
        for name, _ in part["any"]:
            if name in names:
                hits[i] = names[name]
                break
    matched, neutral = set(hits.values()), dict(spec["neutral"])
    extra = [t for n, t in names.items() if t not in matched and n not in neutral]
    result.credit = credit(spec, hits, len(extra), len(names))
    if not spec["partial"] and result.credit < 1:
        result.credit = 0.0
    # A learner's machine does not know the hidden calls: what is right there is right so far.
    result.provisional = spec.get("hidden_calls", 0) > 0 and not any(
        call.get("hidden") for call in spec["calls"])
    result.state = RIGHT if result.credit == 1 else PARTLY if result.credit else NOT_YET
    result.messages = reading.notes + _say(spec, reading, names, hits, extra, result)
    if spec["kind"] in ("set", "evidence") and spec["policy"] != "shape":
        result.messages += [
            f"{reading.labels[token]} can be defended: it counts neither for nor against you."
            + (f" {note}" if (note := lock.note(token, neutral[name])) else "")
            for name, token in names.items() if name in neutral and token not in matched]
    if result.state == RIGHT:
        result.explanation = lock.explanation(spec, hits)
    else:
        _hints(spec, reading, names, lock, result)
        result.misconceptions += ["type"] if reading.mistyped else []
    return result


def _hints(spec: dict, reading: kinds.Reading, names: dict, lock: Any, result: Result) -> None:
    """Open the hint of a misconception about the whole answer, or else those of its parts."""
    for tokens in ({lock.name(reading.whole): reading.whole}, names):
        for name, token in tokens.items():
            for stored in (stored for trap, stored in spec["traps"] if trap == name):
                found = lock.hint(token, stored)
                if found["hint"] and found["hint"] not in result.hints:
                    result.hints.append(found["hint"])  # several may share one hint
                if found["name"] and found["name"] not in result.misconceptions:
                    result.misconceptions.append(found["name"])
        if result.hints:
            return


def credit(spec: dict, found: dict[int, str], extra: int, given: int) -> float:
    """The share of the points, from 0 to 1.

    Parameters
    ----------
    spec : dict
        A compiled question.
    found : dict of int to str
        Token of the answer for each part that is right, by the part's index.
    extra, given : int
        How many tokens belong to no part, and how many there are.
    """
    kind, n, hits = spec["kind"], len(spec["parts"]), len(found)
    if kind == "function":
        share = _calls_credit(spec, set(found))
    elif kind == "set":
        share = max(0, hits - extra) / n
    elif kind == "table":
        # A wrong row in the place of a right one costs that row; rows beyond the number, more.
        share = max(0, hits - max(0, hits + extra - n)) / n
    elif kind == "interval":
        share = hits / n * (given - extra) / given
    elif kind == "evidence":
        recall = min(1.0, hits / spec["need"])
        precision = hits / (hits + extra) if hits else 0.0
        share = 2 * precision * recall / (precision + recall) if hits else 0.0
    elif spec.get("above_chance"):
        # What guessing among the options gives on average earns nothing.
        chance = spec.get("chance") or 1 / len(spec["options"])
        share = max(0.0, (hits / n - chance) / (1 - chance))
    else:
        share = hits / n
    return round(share, 4)


def _calls_credit(spec: dict, right: set[int]) -> float:
    """Share of right calls, so weighed that neither a table of the open calls nor a constant pays.

    The open calls count :data:`OPEN_SHARE` together. Of the hidden ones, those with the same
    result count as one.
    """
    n_open = sum(not call.get("hidden") for call in spec["calls"])
    groups: dict[str, list[bool]] = {}
    for i, part in enumerate(spec["parts"][n_open:], start=n_open):
        result = part["any"][0][0].partition("=")[2]
        groups.setdefault(result, []).append(i in right)
    open_ = sum(i < n_open for i in right) / max(1, n_open)
    share = 1.0 if not groups else OPEN_SHARE if n_open else 0.0
    return share * open_ + (1 - share) * _mean(map(_mean, groups.values()))


def _mean(values: Iterable[float]) -> float:
    values = list(values)
    return sum(values) / max(1, len(values))


def _say(spec: dict, reading: kinds.Reading, names: dict, hits: dict, extra: list,
         result: Result) -> list[str]:
    """Sentences about what is right and what is not, as far as the policy allows."""
    if result.state == RIGHT:
        return ["Right for the calls shown. When your work is graded, your function is called "
                "with other arguments too."] if result.provisional else []
    if spec["policy"] == "shape":
        return []
    kind, n, full = spec["kind"], len(spec["parts"]), spec["policy"] == "full"
    right = [reading.labels[token] for token in hits.values()]
    wrong = [reading.labels[token] for token in extra]
    if kind in ("choice", "number", "text"):
        # A cell that was changed but not run again shows itself here.
        return [f"Your answer was read as {wrong[0]}."] if wrong else []
    if kind == "interval":
        return _say_interval(len(names) - len(extra), len(names), len(hits) < n)
    if kind == "mapping":
        return _say_mapping(spec, hits, right, full)
    if kind == "brief":
        return [_count(len(hits), n, "requirements", "met", right), _list("Not yet: ", wrong)]
    if kind == "function":
        return _say_function(spec, hits, reading)
    if kind == "sequence" and spec["partial"] == "pairs":
        return [f"Taken two by two, {len(hits)} of {n} pairs of items stand in the right order."]
    if kind == "sequence":
        return [_count(len(hits), n, "positions", "right", right if full else [])]
    unit = "items" if kind == "set" else "rows"
    need = spec.get("need") or n
    lines = [_count(min(len(hits), need), need, unit, "found")]
    if wrong:
        lines.append(_list(f"These {unit} do not belong to the answer: ", wrong) if full else
                     "1 of yours does not belong to the answer." if len(wrong) == 1 else
                     f"{len(wrong)} of yours do not belong to the answer.")
        if kind == "set" and (joined := next(
                (item for item in wrong if "," in item or _GLUED.fullmatch(item)), None)):
            lines.append(f'"{joined}" is a single text. Put each item in quotation marks of its '
                         "own, and the comma between them.")
        if kind == "set" and hits:
            lines.append("Each that does not belong takes away one that is found.")
    return lines


def _count(done: int, of: int, unit: str, how: str, which: Iterable[str] = ()) -> str:
    """How many of how many, and which, as far as they may be named."""
    one = unit.removesuffix("s")
    if of == 1:
        return f"The {one} is {how}." if done else f"The {one} is not {how} yet."
    if not done:
        return f"None of the {of} {unit} is {how} yet."
    lead = f"{done} of {of} {unit} {'is' if done == 1 else 'are'} {how}"
    return _list(f"{lead}: ", list(which)) if which else f"{lead}."


def _say_mapping(spec: dict, hits: dict, right: list[str], full: bool) -> list[str]:
    n = len(spec["parts"])
    open_ = [part["label"] for i, part in enumerate(spec["parts"]) if i not in hits]
    lines = [_count(len(hits), n, "values", "right", right if full else [])]
    if full and hits:
        lines.append(_list("Not yet: ", open_))
    if hits and spec.get("above_chance"):
        lines.append(f"Guessing gets 1 in {len(spec['options'])} right, so points begin above that."
                     if "chance" not in spec else "The same value for every key gets many right, "
                     f"so points begin above {spec['chance']:.0%} of the values.")
    return lines


def _say_interval(fitting: int, given: int, too_narrow: bool) -> list[str]:
    """Days are counted of the learner's own interval: that says nothing of the other one."""
    lines = []
    if fitting < given:
        lines.append("The clues rule out " + (
            "the day that you give." if given == 1 else
            f"all of your {given} days." if not fitting else
            f"{given - fitting} of your {given} days; {fitting} fit."))
    if too_narrow and (fitting or given > 1):
        lines.append("Your interval leaves out days that the clues still allow.")
    return lines


def _say_function(spec: dict, hits: dict, reading: kinds.Reading) -> list[str]:
    calls = spec["calls"]
    open_ = [i for i, call in enumerate(calls) if not call.get("hidden")]
    lines = [_count(len([i for i in open_ if i in hits]), len(open_), "calls", "right")]
    # Of a call that stopped, a remark has told already.
    bad = [f"called with {kinds.call_text(calls[i])}, your function gave {reading.results[i]}"
           + _RESULT_OF.get(reading.results[i], "")
           for i in open_ if i not in hits and i not in reading.stopped]
    lines += [f"Not yet the right result: {'; '.join(bad)}."] if bad else []
    hidden = len(spec["parts"]) - len(open_)
    if hidden > 0:
        done = len([i for i in hits if i >= len(open_)])
        lines.append(f"{done} of {hidden} further calls, with other arguments, give the right "
                     f"result. Together they count {1 - OPEN_SHARE:.0%}, the calls shown "
                     f"{OPEN_SHARE:.0%}.")
    return lines


def _list(lead: str, items: list[str]) -> str:
    return lead + (", ".join(items[:12]) + (" …" if len(items) > 12 else "") or "none") + "."
