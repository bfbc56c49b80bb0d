"""How an answer of each kind is read: from its canonical form to comparable tokens.

A *token* is a short text that stands for one comparable part of an answer ("key 003 has
the value 37"). The same functions read the learner's answer, the right answer and every
known misconception, so check and scoring cannot disagree about what counts as equal.
"""

from __future__ import annotations

from . import briefs, rows
from .canonical import canonical
from .reading import Reading, odd_type, wanted
from .values import (
    deep_token,
    describe,
    elements,
    full,
    number_token,
    plain_text,
    show,
    value_token,
)

#: An interval wider than this is not an answer to "when": it is refused, not hashed day by day.
MAX_DAYS = 400
#: Remarks on an answer that help; more of them are only counted.
MAX_NOTES = 12

_NO_ANSWER = {
    "empty": "There is no answer yet: the value is still the three dots. Put your answer in their "
             "place, run the cell in which they stand, then run the check again.",
    "none": "There is no answer yet: the value is None, which is Python's word for nothing. Store "
            "the answer itself under the name that the question gives (`print` shows a value and "
            "gives back None), run that cell, then run the check again."}


def no_answer(form: list) -> str:
    """What kind of no answer this is, "empty" or "none"; empty text if there is one.

    Dots in brackets, as some cells hold them, are none either, nor is a function that only
    returns dots.
    """
    if form[0] in _NO_ANSWER:
        return form[0]
    values = ([value for _, value in form[1]] if form[0] == "map" else
              form[1] if form[0] == "calls" else elements(form)) or ()
    return "empty" if values and all(value[0] == "empty" for value in values) else ""


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
    if nothing := no_answer(form):
        return Reading(problem=_NO_ANSWER[nothing])
    reading = _READERS[spec["kind"]](spec, form)
    if len(reading.tokens) > MAX_DAYS + 20 * len(spec.get("parts", ())) + 50:
        return Reading(problem=f"Your answer has {len(reading.tokens)} parts, far more than are "
                               "asked for.")
    if len(reading.notes) > MAX_NOTES:
        more = len(reading.notes) - MAX_NOTES
        reading.notes[MAX_NOTES:] = [f"There are {more} more remarks of this sort."]
    return reading


def _no_option(spec: dict, form: list, where: str = "") -> Reading:
    """That a value is none of the options, and how they are written."""
    options = [str(option) for option in spec["options"]]
    how = ("Write it without quotation marks." if form[0] == "text" and form[1].strip() in options
           else 'Copy one of them as it is, between r" and ".' if "\\" in "".join(options)
           else "Copy one of them as it is.")
    return Reading(problem=f"{show(form)!r}{where} is not one of the options: "
                           f"{' | '.join(options)}. {how}")


def _choice(spec: dict, form: list) -> Reading:
    token = value_token(form)
    if token is None or form[0] in ("list", "set", "nan"):
        options = " | ".join(map(str, spec["options"]))
        return wanted("One of the options, as a text,", form, f" The options are: {options}.")
    if token not in {value_token(canonical(option)) for option in spec["options"]}:
        return _no_option(spec, form)
    found = Reading()
    found.add(token, show(form))
    return found


def _number(spec: dict, form: list) -> Reading:
    if form[0] != "num":
        pair = form[0] == "list" and len(form[1]) == 2 and all(n[0] == "num" for n in form[1])
        more = (" Write it without quotation marks." if form[0] == "text" else
                " Write decimals with a point: 2.5." if pair else "")
        if form[0] == "text" and "," in form[1]:
            more += " Write decimals with a point, and thousands without a sign: 1250.5."
        return wanted("A number", form, more)
    found = Reading()
    found.add(number_token(form[1], spec["tolerance"]), show(form))
    return found


def _text(spec: dict, form: list) -> Reading:
    if form[0] not in ("text", "date"):
        return wanted("A text (str)", form, " Put it in quotation marks.")
    if not form[1].strip():
        return Reading(problem="The text is empty. Write your answer between the quotation marks.")
    found = Reading()
    found.add(value_token(form), show(form))
    return found


def _set(spec: dict, form: list) -> Reading:
    items = elements(form)
    if items is None:
        more = ("Put each item in quotation marks of its own, and all of them, even if there is "
                "only one, between braces: {\"000 P1\", \"003 S2\"}" if form[0] == "text" else
                "Write it in braces or in square brackets, with commas between the items")
        return wanted("A set or a list of items", form, f" {more}.")
    found = Reading()
    for item in items:
        token = value_token(item)
        if token is None or item[0] in ("list", "set"):
            more = ("Replace them too" if item[0] == "empty" else
                    "Perhaps there is a bracket too many")
            return Reading(problem="Each item must be a single text or number; one of yours is "
                                   f"{describe(item)}. {more}.")
        if "e:" + token not in found.labels:
            found.add("e:" + token, show(item))
    _mistyped(spec, items, found)
    if not found.tokens:
        return Reading(problem="There is no item in your answer yet. Put at least one in it.")
    return found


def _sequence(spec: dict, form: list) -> Reading:
    items = elements(form)
    if form[0] == "set":
        return Reading(problem="A list is expected: its order is the answer. Yours is a set, and a "
                               "set has no order. Use square brackets.")
    if items is None:
        return wanted("A list in order", form, " Write it in square brackets, with commas "
                       "between the items.")
    values = [value_token(item) for item in items]
    if None in values:
        return Reading(problem="Each item of the list must be a single text or number.")
    if len(values) != spec["length"] or len(set(values)) != len(values):
        different = len(set(values))
        twice = f", but only {different} different ones" if different < len(values) else ""
        return Reading(problem=f"Your list needs {spec['length']} different items; it has "
                               f"{len(values)}{twice}.")
    found = Reading()
    if spec["partial"] == "pairs":
        for i, first in enumerate(values):
            for j in range(i + 1, len(values)):
                found.add(f"p:{first}>{values[j]}", f"{show(items[i])} before {show(items[j])}")
    else:
        for i, value in enumerate(values):
            found.add(f"i:{i}:{value}", f"position {i + 1}")
    _mistyped(spec, items, found)
    return found


def _mistyped(spec: dict, items: list, found: Reading) -> None:
    """Remark once that items are of another type: 3 is not "003"."""
    for odd in dict.fromkeys(odd_type(spec, "item", item) for item in items):
        if odd:
            found.mistype("Each", ["item"], odd)


def _mapping(spec: dict, form: list) -> Reading:
    if form[0] == "map":
        pairs = form[1]
    elif form[0] == "series":
        pairs = list(zip(form[1], form[2], strict=True))
    else:
        first = ", ".join(f"{str(key)!r}: …" for key in spec["keys"][:2])
        return wanted("A dict with a value for each key", form, f" Write it as {{{first}}}.")
    keys = {plain_text(str(key)): str(key) for key in spec["keys"]}
    options = {value_token(canonical(option)) for option in spec.get("options") or ()}
    found, given, seen, unknown, types = Reading(), set(), set(), [], {}
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
            return _no_option(spec, value, f" (for {keys[name]})")
        if odd := odd_type(spec, keys[name], value):
            types.setdefault(odd, []).append(keys[name])
        seen.add(name)
        found.add(f"k:{name}={token}", keys[name])
    missing = [keys[name] for name in keys if name not in seen]
    if not seen:
        numbers = any(key[0] == "num" for key, _ in pairs)
        return Reading(problem="The dict has no value for the keys that are asked for: "
                       + ", ".join(keys.values()) + "." + (" These keys are texts: write them in "
                       f"quotation marks, \"{next(iter(keys.values()))}\"." if numbers else ""))
    for odd, names in types.items():
        found.mistype("The value for", names, odd)
    if missing:
        found.notes.append("No value yet for: " + ", ".join(missing) + ".")
    if unknown:
        found.notes.append("Not asked for, and ignored: " + ", ".join(unknown[:8]) + ".")
    return found


def _interval(spec: dict, form: list) -> Reading:
    from datetime import timedelta

    from reader.dates import parse_edtf

    text = form[1] if form[0] in ("text", "date") else None
    if form[0] in ("list",) and len(form[1]) == 2:
        text = "/".join(full(part) for part in form[1])
    if text is None:
        return wanted("A date in quotation marks (EDTF), such as \"2018-09-07\" for a day, "
                       "\"2018-09\" for a month or \"2018-09-17/2018-10-10\" for a first and a "
                       "last day,", form)
    try:
        interval = parse_edtf(text)
    except ValueError as error:
        return Reading(problem=str(error))
    if interval.first is None or interval.last is None:
        return Reading(problem="An interval with a first and a last day is expected; yours has an "
                               "open end.")
    width = (interval.last - interval.first).days + 1
    if width > MAX_DAYS:
        return Reading(problem=f"Your interval has {width:,} days, more than a year: too many to "
                               "say when. Use the clues to shorten it.")
    found = Reading()
    for n in range(width):
        day = (interval.first + timedelta(days=n)).isoformat()
        found.add("d:" + day, day)
    return found


def _function(spec: dict, form: list) -> Reading:
    if form[0] != "calls":
        return wanted("A function", form, " Give its name alone: with parentheses it would run, "
                       "and you would give its result.")
    found = Reading()
    for i, result in enumerate(form[1]):
        # A text shows its quotation marks: "None" is not None.
        found.results.append(repr(show(result)) if result[0] == "text" else show(result))
        found.add(f"c:{i}={deep_token(result, spec['tolerance'])}", f"call {i + 1}")
        call = spec["calls"][i] if i < len(spec["calls"]) else None
        if result[0] == "error" and call and not call.get("hidden"):
            found.stopped.add(i)
            why = f"{result[1]}: {result[2]}".rstrip(". :")
            found.notes.append(f"Called with {call_text(call)}, your function stopped: {why}.")
    return found


def call_text(call: dict) -> str:
    """The arguments of a call as a learner would write them."""
    parts = [repr(arg) for arg in call.get("args", [])]
    parts += [f"{name}={value!r}" for name, value in (call.get("kwargs") or {}).items()]
    return "(" + ", ".join(parts) + ")"


_READERS = {"choice": _choice, "number": _number, "text": _text, "set": _set,
            "sequence": _sequence, "mapping": _mapping, "table": rows.table, "interval": _interval,
            "evidence": rows.evidence, "brief": briefs.read, "function": _function}
