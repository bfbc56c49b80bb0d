"""Single values: what counts as the same text, number or date.

Numbers become cells of a grid of a twentieth of their tolerance (so that a bound is met to
within a fortieth of it); text is compared without case, outer space, quote style, closing
punctuation and marks that nobody sees.
"""

from __future__ import annotations

import json
import re
import unicodedata

from reader.text import straighten

from .canonical import dumps

#: Cells of the number grid per tolerance.
GRID = 20
# No value of a key comes near this; what is longer is compared as it is, without the work of
# normalising it.
LONGEST = 1_000
# Marks of direction, joiners and the like, which come along when a word is copied from a page.
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f]")
_LOCATOR = re.compile(r"(\d{3})[\s:,/_\u2014-]*([ps])\s*(\d{1,4})", re.ASCII)


def plain_text(text: str) -> str:
    """Text as it is compared: straight quotes, single spaces, no case, no closing mark."""
    if len(text) > LONGEST:
        return text
    text = _UNSEEN.sub("", straighten(unicodedata.normalize("NFKC", text)))
    if len(text) > LONGEST:  # one character may have become eighteen
        return text
    folded = _without_end(" ".join(text.split()).casefold().lstrip("\"' "))
    locator = _LOCATOR.fullmatch(folded)
    return f"{locator[1]} {locator[2]}{int(locator[3])}" if locator else folded


def _without_end(text: str) -> str:
    """Text without closing marks; in EDTF ``2019?`` and ``2019-05/..`` they are not closing."""
    # Run by run: one mark after the other would take seconds of a hostile answer.
    while text:
        rest = text.rstrip("\"' !")
        if rest.endswith("."):
            bare = rest.rstrip(".")
            rest = bare + ".." if bare.endswith("/") and rest[len(bare) + 1:] else bare
        elif not (bare := rest.rstrip("?"))[-1:].isdigit():
            rest = bare
        if rest == text:
            break
        text = rest
    return text


def cells(value: float, tolerance: float) -> list[str]:
    """Number tokens of every grid cell within ``tolerance`` of ``value``."""
    if not tolerance:
        return [number_token(value, 0)]
    grid = tolerance / GRID
    low, high = round((value - tolerance) / grid), round((value + tolerance) / grid)
    return [f"n:{cell}/{tolerance:g}" for cell in range(low, high + 1)]


def number_token(value: float, tolerance: float) -> str:
    if tolerance and abs(value) < 1e15:
        return f"n:{round(value / (tolerance / GRID))}/{tolerance:g}"
    return f"n:{value}" if isinstance(value, int) else f"n:{value:.9g}"


def value_token(form: list, tolerance: float = 0) -> str | None:
    """Token of one value (a list or set counts as the set of its elements), or None."""
    tag = form[0]
    if tag == "num":
        return number_token(form[1], tolerance)
    if tag in ("text", "date"):
        return "t:" + plain_text(form[1])
    if tag == "bool":
        return f"b:{form[1]}"
    if tag == "nan":
        return "nan"
    if tag in ("list", "set"):
        inner = [value_token(item, tolerance) if item[0] not in ("list", "set") else None
                 for item in form[1]]
        return None if None in inner else "l:" + "\x1e".join(sorted(set(inner)))
    return None


def deep_token(form: list, tolerance: float = 0) -> str:
    """Token of a function's result of any shape: order and nesting kept, list and tuple alike."""
    return json.dumps(_deep(form, tolerance), ensure_ascii=False)


def _deep(form: list, tolerance: float) -> list | str:
    tag = form[0]
    if tag in ("list", "series"):
        return ["list", [_deep(item, tolerance) for item in form[-1]]]
    if tag == "set":
        return ["set", sorted(json.dumps(_deep(item, tolerance)) for item in form[1])]
    if tag == "map":
        return ["map", [[_deep(part, tolerance) for part in pair] for pair in form[1]]]
    if tag == "table":
        return ["table", form[1], [[_deep(cell, tolerance) for cell in row] for row in form[2]]]
    return value_token(form, tolerance) or dumps(form)


def full(form: list) -> str:
    """A single value as text, whole: for keys, locators and labels."""
    return str(form[1]) if form[0] in ("text", "date", "num", "bool") else show(form)


def show(form: list) -> str:
    """A value as a learner would write it, short, for feedback sentences."""
    tag = form[0]
    if tag in ("text", "date", "num", "bool"):
        return full(form)[:60]
    if tag in ("list", "set"):
        return "[" + ", ".join(show(item) for item in form[1][:8]) + "]"
    if tag == "error":
        return f"the error {form[1]}"
    return {"nan": "a missing value", "none": "None", "empty": "..."}.get(tag, describe(form))


def describe(form: list) -> str:
    """The type of an answer in plain words, with its article."""
    tag = form[0]
    names = {"num": "a number", "text": "a text (str)", "bool": "True or False (bool)",
             "date": "a date", "nan": "a missing value (NaN)", "none": "None",
             "empty": "the three dots ... of the empty cell", "list": "a list",
             "set": "a set", "map": "a dict", "series": "a Series", "table": "a DataFrame",
             "func": "a function (parentheses behind its name would make it give its result)",
             "calls": "a function"}
    if tag == "other" and form[1].startswith(("a number", "infinity")):
        return form[1]
    return names.get(tag, f"an object of type {form[1]}" if len(form) > 1 else "an object")


# What gives its items one after the other, once: an answer that has to be gone through first.
_PASSING = re.compile(r"generator|map|filter|zip|enumerate|reversed|deque|dict_items|\w*iterator")


def mend(form: list) -> str:
    """What to do with an object that is nearly the answer, as a sentence; mostly empty."""
    name = form[1] if form[0] == "other" else ""
    if _PASSING.fullmatch(name):
        return f" Make a {'dict' if name == 'dict_items' else 'list'} of it: " + (
            "dict(…)." if name == "dict_items" else "list(…).")
    if name.lower().startswith("timedelta"):
        return " A span of time has a number of days: write .days behind it."
    return ""


#: Types of values in plain words, by canonical tag.
TYPE_NAMES = {"num": "a number", "text": "a text", "bool": "True or False",
               "list": "a list or a set", "nan": "a missing value"}


def value_type(form: list) -> str:
    """The type of a value as far as it matters: dates count as text, sets as lists."""
    return {"date": "text", "set": "list"}.get(form[0], form[0])


def elements(form: list) -> list | None:
    """The elements of any flat collection, or None."""
    if form[0] in ("list", "set"):
        return form[1]
    return form[2] if form[0] == "series" else None
