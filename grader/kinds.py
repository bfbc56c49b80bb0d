"""How an answer of each kind is read: from its canonical form to comparable tokens.

A *token* is a short text that stands for one comparable part of an answer ("key 003 has
the value 37"). The same functions read the learner's answer, the right answer and every
known misconception, so check and scoring cannot disagree about what counts as equal.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from reader.text import straighten
from reader.text import tokens as words_of

from . import briefs
from .canonical import canonical
from .values import (
    TYPE_NAMES,
    deep_token,
    describe,
    elements,
    full,
    number_token,
    plain_text,
    show,
    value_token,
    value_type,
)

#: An interval wider than this is not an answer to "when": it is refused, not hashed day by day.
MAX_DAYS = 400
#: Remarks on an answer that help; more of them are only counted.
MAX_NOTES = 12

#: A number that stands in quotation marks.
_NUMERAL = re.compile(r"[+-]?\d[\d,_ ]*(\.\d+)?", re.ASCII)


@dataclass
class Reading:
    """An answer as tokens, or the one sentence that says why it cannot be read."""

    tokens: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    mistyped: bool = False
    results: list[str] = field(default_factory=list)

    def add(self, token: str, label: str = "") -> None:
        self.tokens.append(token)
        self.labels.setdefault(token, label)

    @property
    def whole(self) -> str:
        """One token for the answer as a whole."""
        return "w:" + "\x1f".join(sorted(set(self.tokens)))


def read(spec: dict, form: list) -> Reading:
    """Read a canonical answer for a question.

    Parameters
    ----------
    spec : dict
        The public part of a compiled question (``kind`` and its options).
    form : list
        Output of :func:`grader.canonical.canonical`.

    Returns
    -------
    Reading
        With ``problem`` set, in one sentence, when type or shape are not as asked.
    """
    if form[0] in ("empty", "none"):
        what = "still the three dots" if form[0] == "empty" else "None"
        return Reading(problem=f"There is no answer yet: the value is {what}. Store your answer "
                               "under the name that the question gives, then run this cell again.")
    reading = _READERS[spec["kind"]](spec, form)
    if len(reading.tokens) > MAX_DAYS + 20 * len(spec.get("parts", ())) + 50:
        return Reading(problem=f"Your answer has {len(reading.tokens)} parts, far more than are "
                               "asked for.")
    if len(reading.notes) > MAX_NOTES:
        more = len(reading.notes) - MAX_NOTES
        reading.notes[MAX_NOTES:] = [f"There are {more} more remarks of this sort."]
    return reading


def _wanted(what: str, form: list, more: str = "") -> Reading:
    return Reading(problem=f"{what} is expected; yours is {describe(form)}.{more}")


def _choice(spec: dict, form: list) -> Reading:
    options = " | ".join(map(str, spec["options"]))
    token = value_token(form)
    if token is None or form[0] in ("list", "set", "nan"):
        return _wanted("One of the options, as a text,", form, f" The options are: {options}.")
    if token not in {value_token(canonical(option)) for option in spec["options"]}:
        return Reading(problem=f"{show(form)!r} is not one of the options: {options}.")
    found = Reading()
    found.add(token, show(form))
    return found


def _number(spec: dict, form: list) -> Reading:
    if form[0] != "num":
        more = " Write it without quotation marks." if form[0] == "text" else ""
        return _wanted("A number", form, more)
    found = Reading()
    found.add(number_token(form[1], spec["tolerance"]), show(form))
    return found


def _text(spec: dict, form: list) -> Reading:
    if form[0] not in ("text", "date"):
        return _wanted("A text (str)", form, " Put it in quotation marks.")
    if not form[1].strip():
        return Reading(problem="The text is empty. Write your answer between the quotation marks.")
    found = Reading()
    found.add(value_token(form), show(form))
    return found


def _set(spec: dict, form: list) -> Reading:
    items = elements(form)
    if items is None:
        more = " Put a single item in braces too: {\"000 P1\"}." if form[0] == "text" else ""
        return _wanted("A set or a list of items", form, more)
    found = Reading()
    for item in items:
        token = value_token(item)
        if token is None or item[0] in ("list", "set"):
            return Reading(problem="Each item must be a single text or number; one of yours is "
                                   f"{describe(item)}.")
        if "e:" + token not in found.labels:
            found.add("e:" + token, show(item))
    if not found.tokens:
        return Reading(problem="Your collection is empty. Put at least one item in it.")
    return found


def _sequence(spec: dict, form: list) -> Reading:
    items = elements(form)
    if form[0] == "set":
        return Reading(problem="A list is expected: its order is the answer. Yours is a set, and a "
                               "set has no order. Use square brackets.")
    if items is None:
        return _wanted("A list in order", form)
    values = [value_token(item) for item in items]
    if None in values:
        return Reading(problem="Each item of the list must be a single text or number.")
    if len(values) != spec["length"] or len(set(values)) != len(values):
        return Reading(problem=f"A list of {spec['length']} different items is expected; yours has "
                               f"{len(values)}, {len(set(values))} of them different.")
    found = Reading()
    if spec["partial"] == "pairs":
        for i, first in enumerate(values):
            for j in range(i + 1, len(values)):
                found.add(f"p:{first}>{values[j]}", f"{show(items[i])} before {show(items[j])}")
    else:
        for i, value in enumerate(values):
            found.add(f"i:{i}:{value}", f"position {i + 1}")
    return found


def _note_type(spec: dict, found: Reading, what: str, name: str, form: list) -> None:
    """Say that a value is of another type than asked for: "1" and 1 look the same in a table."""
    wanted, given = (spec.get("types") or {}).get(name), value_type(form)
    if wanted and "num" in wanted and given == "text" and _NUMERAL.fullmatch(form[1].strip()):
        wanted = ["num"]
    if wanted and given not in wanted:
        found.mistyped = True
        note = (f"{what} should be {' or '.join(TYPE_NAMES[t] for t in wanted)}; yours is "
                f"{describe(form)}.")
        if note not in found.notes:
            found.notes.append(note)


def _mapping(spec: dict, form: list) -> Reading:
    if form[0] == "map":
        pairs = form[1]
    elif form[0] == "series":
        pairs = list(zip(form[1], form[2], strict=True))
    else:
        return _wanted("A dict (or a Series with these keys as its index)", form)
    keys = {plain_text(str(key)): str(key) for key in spec["keys"]}
    options = {value_token(canonical(option)) for option in spec.get("options") or ()}
    found, given, seen, unknown = Reading(), set(), set(), []
    for key, value in pairs:
        name = plain_text(full(key))
        if name not in keys:
            unknown.append(show(key))
            continue
        if name in given:
            # Otherwise several guesses for one key would count as one.
            return Reading(problem=f"The key {keys[name]} stands twice (capital letters and spaces "
                                   "make no difference). Give one value for each key.")
        given.add(name)
        if value[0] in ("empty", "none"):
            continue
        token = value_token(value, spec["tolerance"])
        if token is None:
            return Reading(problem=f"The value for {keys[name]} must be a single value; yours is "
                                   f"{describe(value)}.")
        if options and token not in options:
            return Reading(problem=f"{show(value)!r} (for {keys[name]}) is not one of the options: "
                                   + " | ".join(map(str, spec["options"])) + ".")
        _note_type(spec, found, f"The value for {keys[name]}", keys[name], value)
        seen.add(name)
        found.add(f"k:{name}={token}", keys[name])
    missing = [keys[name] for name in keys if name not in seen]
    if not seen:
        numbers = any(key[0] == "num" for key, _ in pairs)
        return Reading(problem="The dict has no value for the keys that are asked for: "
                       + ", ".join(keys.values()) + "." + (" These keys are texts: write them in "
                       f"quotation marks, \"{next(iter(keys.values()))}\"." if numbers else ""))
    if missing:
        found.notes.append("No value yet for: " + ", ".join(missing) + ".")
    if unknown:
        found.notes.append("Not asked for, and ignored: " + ", ".join(unknown[:8]) + ".")
    return found


def _rows(form: list, columns: list[str], what: str) -> tuple[list, str]:
    """Rows (each a list of forms, in the order of ``columns``) and a problem."""
    if form[0] == "table":
        names = {plain_text(name): i for i, name in enumerate(form[1])}
        lacking = [c for c in columns if plain_text(c) not in names]
        if lacking:
            return [], (f"A DataFrame with columns {', '.join(columns)} is expected; yours lacks "
                        f"{', '.join(lacking)}.")
        order = [names[plain_text(c)] for c in columns]
        return [[row[i] for i in order] for row in form[2]], ""
    rows = []
    for item in elements(form) or []:
        if item[0] == "map":
            cells_ = {plain_text(full(k)): v for k, v in item[1]}
            if any(plain_text(c) not in cells_ for c in columns):
                return [], f"Each row needs: {', '.join(columns)}."
            rows.append([cells_[plain_text(c)] for c in columns])
        elif item[0] == "list" and len(item[1]) == len(columns):
            rows.append(item[1])
        else:
            return [], f"Each row needs {len(columns)} values: {', '.join(columns)}."
    if rows:
        return rows, ""
    return [], f"{what} with columns {', '.join(columns)} is expected; yours is {describe(form)}."


def _table(spec: dict, form: list) -> Reading:
    rows, problem = _rows(form, spec["columns"], "A DataFrame")
    if problem:
        return Reading(problem=problem)
    found, seen = Reading(), Counter()
    for row in rows:
        values = [value_token(cell, spec["tolerance"]) for cell in row]
        if None in values:
            return Reading(problem="Each cell of the table must be a single value.")
        for column, cell in zip(spec["columns"], row, strict=True):
            _note_type(spec, found, f"Each value of the column {column}", column, cell)
        token = "r:" + "\x1e".join(values)
        seen[token] += 1
        found.add(f"{token}#{seen[token]}", ", ".join(show(cell) for cell in row))
    return found


def _interval(spec: dict, form: list) -> Reading:
    from datetime import timedelta

    from reader.dates import parse_edtf

    text = form[1] if form[0] in ("text", "date") else None
    if form[0] in ("list",) and len(form[1]) == 2:
        text = "/".join(full(part) for part in form[1])
    if text is None:
        return _wanted("An EDTF text such as \"2018-09\" or \"2018-09-17/2018-10-10\"", form)
    try:
        interval = parse_edtf(text)
    except ValueError as error:
        return Reading(problem=str(error))
    if interval.first is None or interval.last is None:
        return Reading(problem="An interval with a first and a last day is expected; yours has an "
                               "open end.")
    width = (interval.last - interval.first).days + 1
    if width > MAX_DAYS:
        return Reading(problem=f"Your interval has {width} days: too wide to say when. Use the "
                               "clues to shorten it to less than a year.")
    found = Reading()
    for n in range(width):
        day = (interval.first + timedelta(days=n)).isoformat()
        found.add("d:" + day, day)
    return found


@lru_cache(maxsize=1)
def _segment_words() -> dict[str, frozenset[str]]:
    from reader.corpus import tokens

    return {plain_text(str(locator)): frozenset(map(_stem, group["token"].astype(str)))
            for locator, group in tokens().groupby("locator", sort=False)}


def _stem(word: str) -> str:
    """A word without the possessive ending, which a quoted phrase may leave out."""
    return word.removesuffix("'s").removesuffix("'")


def _evidence(spec: dict, form: list) -> Reading:
    if form[0] == "list" and len(form[1]) == 3 and all(x[0] == "text" for x in form[1]):
        form = ["list", [form]]  # one row without its list
    rows, problem = _rows(form, ["locator", "label", "phrase"], "A list or DataFrame of rows")
    if problem:
        return Reading(problem=problem)
    labels = {plain_text(label): label for label in spec["labels"]}
    known, found = _segment_words(), Reading()
    for row in rows:
        locator, label, phrase = (plain_text(full(cell)) for cell in row)
        where = f"Row {show(row[0])}, {show(row[1])}: "
        words = [_stem(word) for word in words_of(straighten(phrase))]
        if locator not in known:
            found.notes.append(where + "there is no such segment.")
        elif label not in labels:
            one_of = "one of " if len(labels) > 1 else ""
            found.notes.append(where + f"the label must be {one_of}{', '.join(labels.values())}.")
        elif not 1 <= len(words) <= spec["max_words"]:
            found.notes.append(where + f"the phrase must have 1 to {spec['max_words']} words.")
        elif not set(words) <= known[locator]:
            found.notes.append(where + "not every word of the phrase stands in that segment.")
        elif (token := f"v:{locator}|{label}") not in found.labels:
            found.add(token, f"{show(row[0])} {labels[label]}")
    return found


def _function(spec: dict, form: list) -> Reading:
    if form[0] != "calls":
        return _wanted("A function", form, " Give the function itself, without parentheses.")
    found = Reading()
    for i, result in enumerate(form[1]):
        found.results.append(show(result))
        found.add(f"c:{i}={deep_token(result, spec['tolerance'])}", f"call {i + 1}")
        call = spec["calls"][i] if i < len(spec["calls"]) else None
        if result[0] == "error" and call and not call.get("hidden"):
            found.notes.append(f"Called with {call_text(call)}, your function stopped: "
                               f"{result[1]}: {result[2]}")
    return found


def call_text(call: dict) -> str:
    """The arguments of a call as a learner would write them."""
    parts = [repr(arg) for arg in call.get("args", [])]
    parts += [f"{name}={value!r}" for name, value in (call.get("kwargs") or {}).items()]
    return "(" + ", ".join(parts) + ")"


_READERS = {"choice": _choice, "number": _number, "text": _text, "set": _set,
            "sequence": _sequence, "mapping": _mapping, "table": _table, "interval": _interval,
            "evidence": _evidence, "brief": briefs.read, "function": _function}
