"""Answer records: what may leave the process in which a student's code ran.

A record is untrusted data. It is believed only when it is the one record of its question in
its check cell and its answer is a canonical form as :mod:`grader.canonical` makes it; so all
that reads it further may rely on types, sizes and depth.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from .canonical import MAX_CHARACTERS, MAX_DEPTH, MAX_DIGITS, MAX_ITEMS, MAX_TEXT, MIME

# Records as text, for front ends that pass JSON on as text.
MAX_RECORD = 10 * MAX_CHARACTERS
_LARGEST = 10**MAX_DIGITS
# Half of a surrogate pair, which no file can hold.
_HALF = re.compile("[\ud800-\udfff]")
_TEXT = {"text": MAX_TEXT, "date": 80, "func": 80, "other": 200}


def find_answer(cell: Any, question: str) -> tuple[list | None, str]:
    """The answer that ``check`` recorded in an executed check cell.

    Returns
    -------
    list or None, str
        The canonical answer, or None and one sentence that says why there is none.
    """
    found: list[list] = []
    odd = ""
    for record in _records(cell):
        if not isinstance(record, dict) or not isinstance(record.get("answer"), list):
            odd = "The recorded answer cannot be read."
        elif record.get("question") != question:
            odd = "What was recorded here is the answer to another question."
        elif not well_formed(record["answer"]):
            odd = ("The recorded answer cannot be read: it is too large, too deep, or not in the "
                   "form in which answers are recorded.")
        elif record["answer"] not in found:
            found.append(record["answer"])
            if len(found) > 1:
                break  # to compare each with all others would take hours of a hostile cell
    if len(found) > 1:
        return None, ("More than one answer was recorded for this question, so none counts. A "
                      "check records once; nothing else should.")
    if found:
        return found[0], ""
    return None, odd or _why_none(cell)


def _outputs(cell: Any) -> list[dict]:
    outputs = cell.get("outputs")
    return [o for o in outputs if isinstance(o, dict)] if isinstance(outputs, list) else []


def _records(cell: Any) -> list[Any]:
    found = []
    for output in _outputs(cell):
        data = output.get("data")
        if not isinstance(data, dict) or MIME not in data:
            continue
        record = data[MIME]
        if isinstance(record, str):
            try:
                record = json.loads(record) if len(record) <= MAX_RECORD else None
            except (ValueError, RecursionError):
                record = None
        found.append(record)
    return found


def _why_none(cell: Any) -> str:
    for output in _outputs(cell):
        if output.get("output_type") == "error":
            name, what = (" ".join(str(output.get(part, ""))[:2_000].split())
                          for part in ("ename", "evalue"))
            # A sentence for learners says it all; Python's own begins in another way.
            if name == "NotYet" or what.startswith("The name "):
                return f"No answer was recorded: {what[:300]}"
            return f"No answer was recorded, because the cell stopped: {name[:160]}: {what[:160]}"
    return ("No answer was recorded: the cell did not run, or something kept its check from "
            "recording.")


def well_formed(form: Any) -> bool:
    """Whether this is a canonical form within the limits of :mod:`grader.canonical`.

    Works without recursion, and stops at the first part that is not as it should be.
    """
    if not isinstance(form, list) or not form:
        return False
    calls = form[1] if form[0] == "calls" and len(form) == 2 else None
    if form[0] == "calls":
        if not isinstance(calls, list) or len(calls) > 1_000:
            return False
        waiting = [(result, 0) for result in calls]
    else:
        waiting = [(form, 0)]
    items = MAX_ITEMS * max(1, len(waiting))
    characters = 2 * MAX_CHARACTERS  # rows and errors weigh a little, too
    while waiting:
        part, depth = waiting.pop()
        items -= 1
        inner, length = _inside(part, in_calls=calls is not None and depth == 0)
        characters -= length
        if (inner is None or items < 0 or characters < 0 or depth > MAX_DEPTH
                or len(inner) > items):
            return False
        waiting += [(one, depth + 1) for one in inner]
    return True


def _inside(form: Any, in_calls: bool) -> tuple[list | None, int]:
    """The forms inside a form and the characters of its own; None when it is not one."""
    bad: tuple[None, int] = None, 0
    if not isinstance(form, list) or not form or not isinstance(form[0], str):
        return bad
    tag, *rest = form
    if tag in ("empty", "none", "nan"):
        return ([], 0) if not rest else bad
    if tag == "error":
        good = in_calls and len(rest) == 2 and _text(rest[0], 80) and _text(rest[1], 300)
        return ([], 380) if good else bad
    if tag == "series":
        good = len(rest) == 2 and all(isinstance(part, list) for part in rest) and (
            len(rest[0]) == len(rest[1]))
        return (rest[0] + rest[1], 0) if good else bad
    if tag == "table":
        return _table(rest) or bad
    if len(rest) != 1:
        return bad
    value = rest[0]
    if tag in _TEXT:
        return ([], len(value)) if _text(value, _TEXT[tag]) else bad
    if tag == "bool":
        return ([], 0) if isinstance(value, bool) else bad
    if tag == "num":
        return ([], 0) if _number(value) else bad
    if tag in ("list", "set") and isinstance(value, list):
        return value, 0
    if tag == "map" and isinstance(value, list) and all(
            isinstance(pair, list) and len(pair) == 2 for pair in value):
        return [part for pair in value for part in pair], 0
    return bad


def _table(rest: list) -> tuple[list, int] | None:
    if len(rest) != 2 or not all(isinstance(part, list) for part in rest):
        return None
    columns, rows = rest
    if not (all(_text(name, MAX_TEXT) for name in columns)
            and all(isinstance(row, list) and len(row) == len(columns) for row in rows)):
        return None
    # An empty row weighs something too, or there could be any number of them.
    return [cell for row in rows for cell in row], sum(map(len, columns)) + len(rows)


def _text(value: Any, most: int) -> bool:
    return isinstance(value, str) and len(value) <= most and not _HALF.search(value)


def _number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) if isinstance(value, float) else abs(value) < _LARGEST
