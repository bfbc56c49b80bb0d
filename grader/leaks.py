"""Leaks: does a file that students get hold something that only instructors may have?

What must stay closed is read from the course itself: texts, answers and hidden inputs of the
answer key, solutions of the source notebooks. A text leaks when a run of its words stands in a
file. Runs, not whole texts, are compared, so that a half sentence is found too, whatever markup
stands around it. What cannot be found so: an answer of one or two words, such as a number, which
is a word of the language. What a leak is called never repeats it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from pathlib import Path

from nbformat import NotebookNode

from . import notebook as nbk
from .canonical import canonical
from .compile import bank_value
from .key import load, topics

# Prompts and key speak of the same things, so they share clauses of up to ten words. A copied
# sentence is longer; a shorter text counts as a whole.
WIDTH = 12
# On one line, as tags are: `<` and `>` of code must not swallow what stands between them.
_TAG = re.compile(r"</?[a-z][a-z0-9-]*(?:\s[^<>\n]{0,300})?/?>", re.I)
_WORD = re.compile(r"\w+")
_REGION = re.compile(r"^[ \t]*### BEGIN SOLUTION\n(.*?)^[ \t]*### END SOLUTION", re.S | re.M)
#: Locators and letters alone: a list of places or keys, as tables and prompts have them too.
_PLACES = re.compile(r"(?:(?:[ps]?\d{1,3}|[a-z])(?: |$))+")
_LONG_ANSWERS = ("mapping", "table", "evidence", "sequence", "set", "function")
#: So many characters of a recorded answer name it beyond doubt.
_RECORD = 60
Secrets = dict[tuple[str, str], str]


# --- words ---------------------------------------------------------------------------------

def plain_words(text: str) -> list[str]:
    """Words without case, markup and entities: HTML, Markdown and YAML read the same."""
    return _WORD.findall(html.unescape(_TAG.sub(" ", text)).casefold())


def runs(text: str) -> set[str]:
    """All runs of ``WIDTH`` words; of a shorter text the whole."""
    return _runs(plain_words(text))


def _runs(words: list[str]) -> set[str]:
    return {" ".join(words[i:i + WIDTH]) for i in range(max(1, len(words) - WIDTH + 1))}


def strings(value: object) -> list[str]:
    """Every text in a JSON value, keys included, and cell sources as one text each."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        parts = value.get("source")
        inner = ["".join(map(str, parts))] if isinstance(parts, list) else []
        return inner + [s for pair in value.items() for part in pair for s in strings(part)]
    return [s for item in value for s in strings(item)] if isinstance(value, list) else []


def readable(name: str, content: bytes) -> str:
    """What stands in a file; of JSON (notebooks, checks) the texts, unescaped."""
    text = content.decode("utf-8", errors="replace")
    if name.endswith((".ipynb", ".json")):
        try:
            return "\n\n".join(strings(json.loads(text)))
        except (ValueError, RecursionError):
            return text
    return text


# --- what must stay closed ------------------------------------------------------------------

def key_texts() -> Secrets:
    """Explanations, hints and hidden inputs: {(question, what): text} of every topic."""
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


def answers() -> Secrets:
    """Right answers of the exercises, as code, where they are more than a word."""
    return {(q.id, f"answer {n}"): entry.code for topic in topics() for q in load(topic).questions
            if q.kind in _LONG_ANSWERS for n, entry in enumerate(q.bank) if entry.credit == 1}


def records() -> dict[str, str]:
    """How right answers begin in the form in which they travel, without white space."""
    found = {}
    for topic in topics():
        for q in load(topic).questions:
            if q.kind in _LONG_ANSWERS and q.kind != "function":
                code = next(entry.code for entry in q.bank if entry.credit == 1)
                text = json.dumps(canonical(bank_value(code)), ensure_ascii=False)
                found[q.id] = "".join(text.split())[:_RECORD]
    return found


def solution_regions(cell: dict) -> list[str]:
    """Solutions in a cell of a source notebook; of a written task the model text."""
    meta = nbk.nbgrader_meta(cell)
    model = cell["cell_type"] == "markdown" and meta.get("solution")
    return _REGION.findall(cell["source"]) or ([cell["source"]] if model else [])


def solutions(sources: Iterable[NotebookNode]) -> Secrets:
    """Solutions and model texts of source notebooks, by the name of their cell."""
    return {(str(nbk.nbgrader_meta(cell).get("grade_id", cell.get("id"))), f"solution {n}"): region
            for nb in sources for cell in nb.cells
            for n, region in enumerate(solution_regions(cell))}


def prompts(sources: Iterable[NotebookNode]) -> list[str]:
    """What the exercises say openly: answers share words with the questions."""
    return [cell.source for nb in sources for cell in nb.cells
            if not nbk.nbgrader_meta(cell).get("solution")]


# --- looking --------------------------------------------------------------------------------

class Index:
    """Secrets, prepared so that many files can be looked at.

    ``open_texts`` are what may stand anywhere.
    """

    def __init__(self, secrets: Secrets, open_texts: Iterable[str] = ()) -> None:
        open_runs = {run for text in open_texts for run in runs(text)}
        self._long: dict[str, tuple[str, str]] = {}
        self._short: dict[str, tuple[str, str]] = {}
        for label, text in secrets.items():
            words = plain_words(text)
            if len(words) >= WIDTH:
                self._long.update(dict.fromkeys(
                    {run for run in _runs(words) - open_runs if not _PLACES.fullmatch(run)}, label))
            elif len(words) > 2:  # one or two words are a word of the language, not of the key
                self._short[" ".join(words)] = label

    def hits(self, text: str) -> dict[tuple[str, str], str]:
        """Secrets that stand in a text: {(question, what): the words found}."""
        words = plain_words(text)
        found = {self._long[run]: run for run in _runs(words) & self._long.keys()}
        line = f" {' '.join(words)} "
        return found | {label: run for run, label in self._short.items() if f" {run} " in line}


def find(files: Iterable[Path], secrets: Secrets) -> dict[tuple[str, str, str], str]:
    """Secrets that stand in files: {(file, question, what): the words found}."""
    index = Index(secrets)
    return {(path.name, *label): run for path in files
            for label, run in index.hits(readable(path.name, path.read_bytes())).items()}
