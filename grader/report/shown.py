"""A wrong answer in a form that is read at a glance.

Answers are students' texts: here they become one line of plain text, cut sensibly. Whoever puts
that into a page or a table escapes it there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..kinds import call_text
from ..spreadsheet import one_line
from ..values import describe, show

#: Characters of a whole answer, and of one value in it, before they are cut.
LONGEST, VALUE = 160, 48
# A value with such a sign in it, or at its edge, would not be told from its neighbours.
_UNCLEAR = re.compile(r"[,;:“”]|^\s|\s$|^$")


def shown(form: list, spec: dict | None = None, most: int = LONGEST) -> str:
    """A canonical answer as one line.

    Parameters
    ----------
    form : list
        From :func:`grader.canonical.canonical`.
    spec : dict, optional
        The compiled question: of a function's calls it tells the arguments.
    most : int
        Characters, about; what is left out is counted: "and 3 more".

    Examples
    --------
    >>> shown(["list", [["text", "000 P1"], ["text", "003 S4"]]])
    '000 P1, 003 S4'
    >>> shown(["map", [[["text", "000"], ["text", "report"]], [["text", "001"], ["num", 2]]]])
    '000: report, 001: 2'
    >>> shown(["list", [["list", [["text", "001 P20"], ["text", "cause"]]]]])
    '(001 P20, cause)'
    """
    tag = form[0]
    if tag in ("list", "set", "series"):
        values = form[-1]
        if tag == "series" and any(index[0] != "num" for index in form[1]):
            return _cut(_pairs(zip(form[1], values, strict=True)), ", ", most)
        if any(value[0] in ("list", "set", "map") for value in values):
            return _cut(map(_row, values), "; ", most)
        return _cut(map(_value, values), ", ", most) or "nothing in it"
    if tag == "map":
        return _cut(_pairs(form[1]), ", ", most) or "nothing in it"
    if tag == "table":
        rows = [f"({', '.join(map(_value, row))})" for row in form[2]]
        columns = _cut((_clear(name) for name in form[1]), ", ", most // 2)
        return f"columns {columns or 'none'}; rows {_cut(rows, '; ', most) or 'none'}"
    if tag == "calls":
        return _results(form[1], (spec or {}).get("calls") or [], most)
    return _value(form, most)


def _results(results: list, calls: list[dict], most: int) -> str:
    """What a function gave for its calls; all in one where they are the same."""
    said = [_value(result) for result in results]
    if len(said) > 1 and len(set(said)) == 1:
        return f"{said[0]} for each call"
    asked = [_short(call_text(call)) for call in calls]
    if len(asked) != len(said):
        return _cut(said, "; ", most)
    return _cut((f"{call} gives {result}" for call, result in zip(asked, said, strict=True)),
                "; ", most)


def _pairs(pairs: Iterable) -> list[str]:
    return [f"{_value(name)}: {_value(value)}" for name, value in pairs]


def _row(form: list) -> str:
    if form[0] == "map":
        return f"({', '.join(_pairs(form[1]))})"
    return _value(form)


def _value(form: list, most: int = VALUE) -> str:
    tag = form[0]
    if tag in ("list", "set", "series"):
        return f"({_cut(map(_value, form[-1]), ', ', 2 * most)})" if form[-1] else "[]"
    if tag == "map":
        return f"({_cut(_pairs(form[1]), ', ', 2 * most)})" if form[1] else "{}"
    if tag in ("text", "date"):
        return _clear(form[1], most)
    if tag == "error":
        return _short(f"the error {form[1]}")
    return _short(str(form[1]), most) if tag in ("num", "bool") else _short(
        show(form) if tag in ("nan", "none", "empty") else describe(form))


def _clear(text: str, most: int = VALUE) -> str:
    """A text on one line, in quotation marks where it could be taken for several values."""
    line = _short(text, most)
    return f"“{line}”" if _UNCLEAR.search(line) else line


def _short(text: str, most: int = VALUE) -> str:
    line = one_line(text)
    return line if len(line) <= most else line[:most - 1].rstrip() + "…"


def _cut(parts: Iterable[str], between: str, most: int) -> str:
    """As many parts as fit, one at least, and how many more there are."""
    parts = list(parts)
    fit, length = 0, 0
    for part in parts:
        length += len(part) + len(between)
        if fit and length > most:
            break
        fit += 1
    more = len(parts) - fit
    return between.join(parts[:fit]) + (f" and {more} more" if more else "")
