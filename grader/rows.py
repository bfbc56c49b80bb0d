"""Answers of rows: the kinds `table` and `evidence`."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from reader.text import straighten
from reader.text import tokens as words_of

from .reading import Reading, odd_type
from .values import describe, elements, full, mend, plain_text, show, value_token


def _rows(form: list, columns: list[str], what: str) -> tuple[list, str]:
    """Rows (each a list of forms, in the order of ``columns``) and a problem."""
    if form[0] == "table":
        names = {plain_text(name): i for i, name in enumerate(form[1])}
        lacking = [c for c in columns if plain_text(c) not in names]
        if lacking:
            return [], (f"A DataFrame with columns {', '.join(columns)} is expected; yours lacks "
                        f"{', '.join(lacking)}. It has "
                        f"{', '.join(name[:60] for name in form[1][:12]) or 'none'}.")
        order = [names[plain_text(c)] for c in columns]
        return [[row[i] for i in order] for row in form[2]], ""
    if form[0] == "series" and not any(item[0] in ("map", "list") for item in form[2]):
        return [], (f"{what} with columns {', '.join(columns)} is expected; yours is a Series. "
                    ".reset_index() makes a DataFrame of it.")
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
    if elements(form) is not None:
        return [], f"There is no row in your answer yet. Each row needs: {', '.join(columns)}."
    return [], (f"{what} with columns {', '.join(columns)} is expected; yours is "
                f"{describe(form)}.{mend(form)}")


def table(spec: dict, form: list) -> Reading:
    rows, problem = _rows(form, spec["columns"], "A DataFrame")
    if problem:
        return Reading(problem=problem)
    found, seen, odd_ones = Reading(), Counter(), {}
    for row in rows:
        values = [value_token(cell, spec["tolerance"]) for cell in row]
        if None in values:
            return Reading(problem="Each cell of the table must be a single value.")
        for column, cell in zip(spec["columns"], row, strict=True):
            if odd := odd_type(spec, column, cell):
                odd_ones[column, odd] = None
        token = "r:" + "\x1e".join(values)
        seen[token] += 1
        found.add(f"{token}#{seen[token]}", ", ".join(show(cell) for cell in row))
    for column, odd in odd_ones:
        found.mistype("Each value of the column", [column], odd)
    return found


@lru_cache(maxsize=1)
def _segment_words() -> dict[str, frozenset[str]]:
    from reader.corpus import tokens

    return {plain_text(str(locator)): frozenset(map(_stem, group["token"].astype(str)))
            for locator, group in tokens().groupby("locator", sort=False)}


def _stem(word: str) -> str:
    """A word without the possessive ending, which a quoted phrase may leave out."""
    return word.removesuffix("'s").removesuffix("'")


def evidence(spec: dict, form: list) -> Reading:
    if form[0] == "list" and len(form[1]) == 3 and all(x[0] == "text" for x in form[1]):
        form = ["list", [form]]  # one row without its list
    rows, problem = _rows(form, ["locator", "label", "phrase"], "A list or DataFrame of rows")
    if problem and form[0] == "text":
        problem += " Write each row as three texts: [(\"000 P1\", \"label\", \"phrase\")]."
    if problem:
        return Reading(problem=problem)
    labels = {plain_text(label): label for label in spec["labels"]}
    known, found = _segment_words(), Reading()
    for row in rows:
        locator, label, phrase = (plain_text(full(cell)) for cell in row)
        where = f"Row {show(row[0])}, {show(row[1])}: "
        words = [_stem(word) for word in words_of(straighten(phrase))]
        if locator not in known:
            found.notes.append(where + "there is no such segment. A locator looks like 000 P3.")
        elif label not in labels:
            one_of = "one of " if len(labels) > 1 else ""
            found.notes.append(where + f"the label must be {one_of}{', '.join(labels.values())}.")
        elif not 1 <= len(words) <= spec["max_words"]:
            found.notes.append(where + f"the phrase must have 1 to {spec['max_words']} words.")
        elif not set(words) <= known[locator]:
            found.notes.append(where + "not every word of the phrase stands in that segment. Copy "
                               "the phrase from it.")
        elif (token := f"v:{locator}|{label}") not in found.labels:
            found.add(token, f"{show(row[0])} {labels[label]}")
    return found
