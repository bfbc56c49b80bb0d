"""The course's own voice: loaded words stand only in quotation marks or code, as data.

What learners read is scanned: lessons, exercises, README, start page, digests, events, claims,
notes on actors, and every text of the answer key that a check opens.
"""

from __future__ import annotations

import ast
import csv
import re

import pytest
import yaml
from course_tools import EXERCISES, LESSONS, cells, raw, source
from places import ROOT

from reader import labels

# Quotations, longest form first. An apostrophe inside a word does not open or close one.
QUOTED = re.compile(
    r'```.*?```|`[^`]*`|<code>.*?</code>|"[^"]{1,240}"|“[^”]{1,240}”|„[^“]{1,240}“'
    r"|‘[^’]{1,240}’(?!\w)|(?<!\w)'(?=\S)[^'\n]{1,120}(?:(?<=\w)'(?=\w)[^'\n]{1,120})*'(?!\w)",
    re.S)


def loaded_words(text: str) -> list[str]:
    """Loaded words in the course's voice, each with its surroundings."""
    found = []
    for paragraph in re.split(r"\n\s*\n|\n(?=[|\-*#])", re.sub(r"```.*?```", "", text, flags=re.S)):
        bare = QUOTED.sub("«»", " ".join(paragraph.split()))
        found += [bare[max(0, m.start() - 40):m.end() + 30] for m in labels.loaded(bare)]
    return found


def notebook_texts(path) -> list[tuple[str, str]]:
    """Markdown cells, and the captions and alternative texts that code cells show."""
    notebook = raw(path)
    texts = [(cell["id"], source(cell)) for cell in cells(notebook, "markdown")]
    for cell in cells(notebook, "code"):
        for node in ast.walk(ast.parse(source(cell))):
            if isinstance(node, ast.keyword) and node.arg in ("alt", "caption", "title", "label") \
                    and isinstance(node.value, ast.Constant):
                texts.append((f"{cell['id']}, {node.arg}", str(node.value.value)))
    return texts


def rows(name: str) -> list[dict]:
    with (ROOT / "seeds" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def hits(texts) -> str:
    return "\n".join(f"{where}: … {hit} …" for where, text in texts for hit in loaded_words(text))


@pytest.mark.parametrize("path", LESSONS + EXERCISES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_notebooks(path):
    found = hits(notebook_texts(path))
    assert not found, f"\n{found}"


PAGES = sorted(ROOT.glob("*.md")) + sorted((ROOT / "notebooks").glob("*.md")) + \
    [ROOT / "seeds/README.md", *sorted((ROOT / ".github").rglob("*.*"))]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages(path):
    found = hits([(path.name, path.read_text(encoding="utf-8"))])
    assert not found, f"\n{found}"


# Columns that hold the words of others, as data; all other columns are the course's own voice.
OF_OTHERS = {"tokens.csv": {"token"}, "phrases.csv": {"phrase"}, "mentions.csv": {"surface"},
             "links.csv": {"href"}, "articles.csv": {"title", "url"}}


@pytest.mark.parametrize("table", sorted(path.name for path in (ROOT / "seeds").glob("*.csv")))
def test_tables(table):
    theirs = OF_OTHERS.get(table, set())
    found = hits((f"row {n}, {column}", text) for n, row in enumerate(rows(table), start=2)
                 for column, text in row.items() if column not in theirs)
    assert not found, f"\n{found}"


@pytest.mark.parametrize("path", sorted((ROOT / "grader/answer_key").glob("*.yaml")),
                         ids=lambda path: path.stem)
def test_answer_keys(path):
    key = yaml.safe_load(path.read_text(encoding="utf-8"))
    texts = []
    for q in key["questions"] + key.get("lesson_questions", []):
        texts += [(f"{q['id']} title", q["title"]), (f"{q['id']} explanation", q["explanation"])]
        texts += [(f"{q['id']} hint", hint) for hint in q.get("hints", [])]
        texts += [(f"{q['id']} {m['name']}", m["hint"]) for m in q.get("misconceptions", [])]
    assert len(texts) > 8
    found = hits(texts)
    assert not found, f"\n{found}"


@pytest.mark.parametrize(("text", "expected"), [
    ("The regime attacked.", 1),
    ("The rebel-held town was liberated.", 2),
    ("Turkey listed HTS as a terrorist organisation.", 1),
    ("000 writes \"the regime\" and `rebels`, in 'the regime in Damascus' too.", 0),
    ("A quotation may run\nover a line: \"the rebels and\nthe regime\".", 0),
    ("Syria's rebels aren't 'so-called'.", 1),
    ("An opening quote \" and then\n\nanother paragraph of rebels\".", 1),
    ("| a | 'terrorist's word' |\n| b | jihadist |", 1),
    ("Types: 1 state forces, 2 rebel groups; the National Liberation Front; rebellion.", 0),
    ("Some rebel groups fought for the liberation of a town.", 2),
])
def test_the_scan_finds_and_spares(text, expected):
    assert len(loaded_words(text)) == expected, loaded_words(text)
