"""The mark that a scaffold leaves where something must be filled in, and how it is found.

What still has the mark is never used: the key is refused, and an exercise is not released.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MARK = "TODO"
_FOUND = re.compile(rf"\b{MARK}\b")


def marked(text: object) -> bool:
    """Whether a text still has the mark, as a word of its own."""
    return isinstance(text, str) and bool(_FOUND.search(text))


def fields(question: Any) -> list[str]:
    """Names of the fields of a question of the key, as read from YAML, that still have it."""
    if not isinstance(question, dict):
        return []
    return [str(name) for name, value in question.items() if any(map(marked, _texts(value)))]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for pair in value.items():
            for part in pair:
                yield from _texts(part)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def of_key(raw: Any) -> str:
    """One sentence on what of a key is still to be filled in; empty when nothing is."""
    if not isinstance(raw, dict):
        return ""
    found = []
    for part in ("questions", "lesson_questions"):
        listed = raw.get(part)
        for question in listed if isinstance(listed, list) else []:
            if names := fields(question):
                found.append(f"question {question.get('id', '?')} ({', '.join(names)})")
    return f"{MARK} still stands in {' and in '.join(found)}" if found else ""


def of_notebook(nb: Any) -> list[str]:
    """Ids of the cells of a notebook that still have the mark."""
    return [cell["id"] for cell in nb["cells"] if marked("".join(cell["source"]))]
