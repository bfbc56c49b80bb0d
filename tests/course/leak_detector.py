"""Finds text of the answer key in files that learners get.

A text of the key leaks when a run of its words stands in such a file. Runs, not whole texts,
are compared, so that a half sentence is found too, whatever markup stands around it.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

from course_tools import strings

from grader.key import load, topics

# Prompts and key speak of the same things, so they share clauses of up to ten words. A copied
# sentence is longer; a shorter text counts as a whole.
WIDTH = 12
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"\w+")


def plain_words(text: str) -> list[str]:
    """Words without case, markup and entities: HTML, Markdown and YAML read the same."""
    return _WORD.findall(html.unescape(_TAG.sub(" ", text)).casefold())


def runs(text: str) -> set[str]:
    """All runs of ``WIDTH`` words; of a shorter text the whole."""
    words = plain_words(text)
    return {" ".join(words[i:i + WIDTH]) for i in range(max(1, len(words) - WIDTH + 1))}


def readable(path: Path) -> str:
    """What stands in a file; of JSON (notebooks, checks) the texts, unescaped."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix in (".ipynb", ".json"):
        return "\n\n".join(strings(json.loads(text)))
    return text


def key_texts() -> dict[tuple[str, str], str]:
    """What must stay closed: {(question, what): text} of every topic and its lesson."""
    found = {}
    for topic in topics():
        key = load(topic)
        for q in key.questions + key.lesson_questions:
            found[q.id, "explanation"] = q.explanation
            for m in q.misconceptions:
                found[q.id, f"hint of {m.name}"] = m.hint
            for n, call in enumerate(getattr(q, "calls", [])):
                for m, value in enumerate([*call.args, *call.kwargs.values()]):
                    if call.hidden:
                        found[q.id, f"input {m} of call {n}"] = " ".join(strings(value))
    return found


def find(files: list[Path], secrets: dict[tuple[str, str], str]) -> dict:
    """Secrets that stand in files: {(file, question, what): the words found}."""
    long, short = {}, {}
    for label, text in secrets.items():
        words = plain_words(text)
        if len(words) >= WIDTH:
            long.update(dict.fromkeys(runs(text), label))
        elif len(words) > 2:  # one or two words are a word of the language, not of the key
            short[" ".join(words)] = label
    found = {}
    for path in files:
        text = readable(path)
        hits = {run: long[run] for run in runs(text) & long.keys()}
        line = f" {' '.join(plain_words(text))} "
        hits |= {run: label for run, label in short.items() if f" {run} " in line}
        for run, label in hits.items():
            found.setdefault((path.name, *label), run)
    return found
