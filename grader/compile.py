"""From a question of the key to the form that the engine compares with.

A compiled question is a dict: the public part (kind, points, options, keys…), ``parts``
(each a list of tokens of which any one is right), ``neutral`` tokens, ``traps`` (token,
misconception), ``hints`` and ``explanation``. Sealing hides the tokens; scoring uses
them as they are.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from . import briefs, kinds, settings, values
from .canonical import canonical
from .key import KeyProblem, load

# Passed on as they are: what a prompt says anyway.
_PUBLIC = ("options", "columns", "labels", "need", "max_words", "tolerance",
           "above_chance", "words", "requirements")


def compile_question(question: Any) -> dict:
    """Compile one validated question (a model of :mod:`grader.key`) for the engine."""
    q = question
    spec = {"id": q.id, "title": q.title, "kind": q.kind, "points": q.points,
            "policy": q.policy, "hints": list(q.hints), "explanation": q.explanation,
            "partial": getattr(q, "partial", False), "tolerance": 0, "calls": []}
    spec.update({name: getattr(q, name) for name in _PUBLIC if hasattr(q, name)})
    if spec["partial"] == "none":
        spec["partial"] = False
    if q.kind == "sequence":
        spec["length"] = len(q.answer)
    if q.kind == "mapping":
        spec["keys"] = [str(key) for key in q.answer]
        spec["types"] = {str(key): sorted({values.value_type(canonical(v))
                                           for v in [value, *q.accept.get(key, [])]})
                         for key, value in q.answer.items()}
        # Where a text may stand for a number, the type of a value would say which it is.
        both = sorted({kind for key in q.mixed for kind in spec["types"][str(key)]})
        spec["types"].update({str(key): both for key in q.mixed})
    if q.kind in ("set", "sequence"):
        spec["types"] = {"item": sorted({values.value_type(canonical(item))
                                         for item in [*q.answer, *getattr(q, "neutral", [])]})}
    if q.kind == "table":
        spec["types"] = {column: sorted({values.value_type(canonical(row[column]))
                                         for row in q.answer}) for column in q.columns}
    if q.kind == "function":
        # Open calls first: a learner's machine knows only those, under the same numbers.
        spec["calls"] = [call.model_dump(exclude={"expect"})
                         for call in sorted(q.calls, key=lambda c: c.hidden)]
        spec["hidden_calls"] = sum(call.hidden for call in q.calls)
    spec["parts"] = [{"label": label, "any": [[token, ""] for token in dict.fromkeys(any_)]}
                     for label, any_ in _parts(q, spec)]
    if spec.get("above_chance") and (chance := _chance(q)) > 1 / len(q.options):
        spec["chance"] = chance
    spec["neutral"] = _neutral(q, spec)
    spec["traps"] = [[token, {"name": m.name, "hint": m.hint}]
                     for m in q.misconceptions for token in _trap(q, spec, m)]
    return spec


def _chance(q: Any) -> float:
    """The share of right entries that must earn nothing, so that no one option given for every
    key earns more than a third."""
    right = [[values.value_token(canonical(v)) for v in [value, *q.accept.get(key, [])]]
             for key, value in q.answer.items()]
    most = max(sum(values.value_token(canonical(option)) in tokens for tokens in right)
               for option in q.options) / len(right)
    return round((3 * most - 1) / 2, 4)


_compiled: dict[str, tuple[Any, dict[str, dict]]] = {}
_settled: dict[tuple[str, Path], tuple[Any, Any, dict[str, dict]]] = {}


def compiled(topic: str, root: Path | None = None) -> dict[str, dict]:
    """The compiled questions of a topic by id; compiled once for each state of its key.

    With the folder of a course, points and feedback policy are those of its ``class.yaml``.
    """
    key = load(topic)
    if topic not in _compiled or _compiled[topic][0] is not key:
        _compiled[topic] = key, {q.id: compile_question(q) for q in key.questions}
    plain = _compiled[topic][1]
    if root is None:
        return plain
    of_class = settings.load(root)
    kept = _settled.get((topic, root))
    if kept is None or kept[0] is not plain or kept[1] is not of_class:
        points = of_class.of(topic).points
        _settled[topic, root] = kept = plain, of_class, {
            name: {**spec, "points": points.get(name, spec["points"]),
                   "policy": of_class.policy_of(topic, name) or spec["policy"]}
            for name, spec in plain.items()}
    return kept[2]


def _tokens(spec: dict, value: Any) -> list[str]:
    reading = kinds.read(spec, canonical(value))
    if reading.problem:
        raise KeyProblem(f"Question {spec['id']}: the key's own value {value!r} is not of the "
                         f"kind {spec['kind']}: {reading.problem}")
    return reading.tokens


def _parts(q: Any, spec: dict) -> list[tuple[str, list[str]]]:
    kind = q.kind
    if kind == "number":
        return [("", [t for v in [q.answer, *q.accept] for t in values.cells(v, q.tolerance)])]
    if kind in ("choice", "text"):
        return [("", [t for value in [q.answer, *q.accept] for t in _tokens(spec, value)])]
    if kind == "mapping":
        return [(str(key), [t for v in [value, *q.accept.get(key, [])]
                            for t in _mapping_tokens(spec, str(key), v)])
                for key, value in q.answer.items()]
    if kind == "interval":
        return [("", [token]) for token in _tokens(spec, q.core)]
    if kind == "evidence":
        return [("", [_row(loc, label)]) for loc, label in q.core]
    if kind == "brief":
        return [(name, [briefs.requirement(name, True)]) for name in q.requirements]
    if kind == "function":
        results = [call.expect for call in sorted(q.calls, key=lambda c: c.hidden)]
        return [(f"call {i + 1}", [f"c:{i}={values.deep_token(canonical(r), q.tolerance)}"])
                for i, r in enumerate(results)]
    return [("", [token]) for token in _tokens(spec, q.answer)]


def _mapping_tokens(spec: dict, key: str, value: Any) -> list[str]:
    name, form = values.plain_text(key), canonical(value)
    if form[0] == "num" and spec["tolerance"]:
        return [f"k:{name}={cell}" for cell in values.cells(form[1], spec["tolerance"])]
    return _tokens(spec, {key: value})


def _row(locator: str, label: str) -> str:
    return f"v:{values.plain_text(locator)}|{values.plain_text(label)}"


def _neutral(q: Any, spec: dict) -> list[tuple[str, str]]:
    """The tokens that count neither way, each with what to say about it."""
    if q.kind == "set":
        return [(token, "") for token in _tokens(spec, q.neutral)] if q.neutral else []
    if q.kind == "interval":
        return [(token, "") for token in _tokens(spec, q.allowed)]
    if q.kind == "evidence":
        return [(_row(*row[:2]), "".join(row[2:])) for row in q.defensible]
    return []


def _trap(q: Any, spec: dict, m: Any) -> list[str]:
    """The tokens that give a misconception away: of a whole answer or of one part."""
    if m.when is not None:
        if q.kind == "number":
            return [kinds.Reading([cell]).whole for cell in values.cells(m.when, q.tolerance)]
        if q.kind == "function":
            results = [canonical(r) for r in m.when]
            return [kinds.read(spec, ["calls", results]).whole]
        return [kinds.Reading(_tokens(spec, m.when)).whole]
    if q.kind == "set":
        return _tokens(spec, [m.has])
    if q.kind == "mapping":
        return [t for key, value in m.has.items() for t in _mapping_tokens(spec, str(key), value)]
    if q.kind == "sequence":
        a, b = m.has
        if spec["partial"] == "pairs":
            return [f"p:{values.value_token(canonical(a))}>{values.value_token(canonical(b))}"]
        return [f"i:{a}:{values.value_token(canonical(b))}"]
    if q.kind == "table":
        return _tokens(spec, [m.has])
    if q.kind == "interval":
        return ["d:" + str(m.has)]
    if q.kind == "evidence":
        return [_row(*m.has[:2])]
    if q.kind == "brief":  # the name of a requirement that is not met
        return [briefs.requirement(m.has, False)]
    if q.kind == "function":
        return [f"c:{i}={values.deep_token(canonical(r), q.tolerance)}" for i, r in m.has.items()]
    return [values.value_token(canonical(m.has), spec["tolerance"])]


def bank_value(code: str) -> Any:
    """Evaluate a bank entry's source, with the names that the key may use.

    The key is the instructor's own file; learner code never comes here.
    """
    import datetime as dt

    import numpy as np
    import pandas as pd

    # As in a notebook, where classes that an answer makes belong to __main__.
    names = {"np": np, "pd": pd, "date": dt.date, "datetime": dt.datetime, "dt": dt,
             "__name__": "__main__"}
    tree = ast.parse(code.strip(), mode="exec")
    if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr):
        return eval(compile(ast.Expression(tree.body[0].value), "<bank>", "eval"), names)
    raise KeyProblem(f"A bank entry must be one Python expression, not: {code[:80]!r}.")
