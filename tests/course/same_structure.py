"""Whether a translated edition still has the structure of the original.

    python tests/course/same_structure.py ORIGINAL EDITION

compares two copies of the course and names what a translation must not change: cells, ids,
points, code, locators, links, the answer key without its texts, and the first column of every
table. Words are free. Exit status 1 if something differs.
"""

from __future__ import annotations

import ast
import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

LOCATOR = re.compile(r"\b\d{3} [PS]\d+\b")
LINK = re.compile(r"\]\(([^)\s#]+)")
#: The same as yaml.safe_load, ten times as fast where libyaml is there.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Texts of the key: they are translated. All else in it stays.
TEXTS = {"title", "hint", "explanation", "note", "why"}


def _source(cell: dict) -> str:
    return "".join(cell["source"])


def _code(text: str) -> str:
    """Code without its prose: strings with spaces may be translated, unless they hold a locator."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return text
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) \
                and " " in node.value and not LOCATOR.search(node.value):
            node.value = "…"
    return ast.dump(tree)


def _notebook(path: Path) -> dict[str, object]:
    """What must stay of each cell, by its id."""
    kept: dict[str, object] = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        text = _source(cell)
        free = cell["cell_type"] == "markdown"
        kept[cell["id"]] = (cell["cell_type"], cell["metadata"], sorted(LOCATOR.findall(text)),
                            sorted(LINK.findall(text)) if free else _code(text))
    return kept


def _key(path: Path) -> dict[str, object]:
    """A topic's key by question, without its texts."""
    def bare(value: object, name: str = "") -> object:
        if name in TEXTS:
            return "…"
        if name == "hints":
            return len(value)
        if isinstance(value, dict):
            return {k: bare(v, str(k)) for k, v in value.items()}
        return [bare(v) for v in value] if isinstance(value, list) else value

    content = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    return {q["id"]: bare(q) for part in ("questions", "lesson_questions")
            for q in content.get(part, [])}


def _table(path: Path) -> dict[str, object]:
    """A table's columns, and how often each value of its first column occurs."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    kept: dict[str, object] = {"(columns)": rows[0]}
    for row in rows[1:]:
        kept[row[0]] = int(kept.get(row[0], 0)) + 1
    return kept


ROOMS = [("notebooks/*.ipynb", _notebook), ("exercises/*/*.ipynb", _notebook),
         ("grader/answer_key/*.yaml", _key), ("seeds/*.csv", _table)]


def differences(original: Path, edition: Path) -> Iterator[str]:
    """What a translation changed and should not have: one sentence each."""
    for pattern, read in ROOMS:
        for path in sorted(original.glob(pattern)):
            name = path.relative_to(original)
            if not (edition / name).exists():
                yield f"{name}: the file is missing"
                continue
            ours, theirs = read(path), read(edition / name)
            if list(ours) != list(theirs):
                changed = sorted(set(ours) ^ set(theirs)) or "their order"
                yield f"{name}: parts were added, lost or moved: {changed}"
            yield from (f"{name}, {part}: more than words was changed"
                        for part in ours if part in theirs and ours[part] != theirs[part])


if __name__ == "__main__":
    found = list(differences(Path(sys.argv[1]), Path(sys.argv[2])))
    print(*(found or ["The structure is the same."]), sep="\n")
    sys.exit(bool(found))
