"""Which signs and names of Python, pandas and Jupyter learners meet, and where first.

Looked up in the notebooks themselves: the code cells as learners get them (without solutions),
and the code that prose and prompts show. Names of the course's own tools are left out: the
lessons explain them where they are used.
"""

from __future__ import annotations

import ast
import builtins
import re
from functools import cache

import pandas as pd
from course_tools import EXERCISES, LESSONS, REGION, nbgrader, raw, source
from places import ROOT

#: What a node of Python's syntax tree is called in the glossary.
SIGNS = {
    ast.Assign: "=", ast.Import: "import", ast.ImportFrom: "import", ast.List: "[…]",
    ast.Subscript: "table[…]", ast.Starred: "*list", ast.Set: "{…}", ast.For: "for",
    ast.Dict: "{…: …}", ast.Slice: "[:3]", ast.Compare: "==", ast.FunctionDef: "def",
    ast.If: "if", ast.Return: "return", ast.ListComp: "[… for … in …]", ast.JoinedStr: 'f"…"',
    ast.IfExp: "… if … else …", ast.Try: "try", ast.Tuple: "(…, …)", ast.keyword: "name=…",
    ast.BitAnd: "&", ast.Call: "name(…)",
    ast.Add: "+ - * /", ast.Sub: "+ - * /", ast.Mult: "+ - * /", ast.Div: "+ - * /",
}
CONSTANTS = {True: "True", False: "False", None: "None", ...: "..."}
_PANDAS = {name for kind in (pd.DataFrame, pd.Series, pd.Series.str, str, list, dict, set,
                             type(pd.DataFrame({"a": [1]}).groupby("a")))
           for name in dir(kind) if not name.startswith("_")} | {"findall"}
_BUILTINS = {name for name in dir(builtins) if name.islower()}


@cache
def own_names() -> frozenset[str]:
    """Names that the course defines itself: functions, classes, and attributes of its classes."""
    found = set()
    for path in (ROOT / "reader").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found.add(node.name)
            if isinstance(node, ast.ClassDef):  # not the names inside a function
                found |= {line.target.id for line in node.body if isinstance(line, ast.AnnAssign)
                          and isinstance(line.target, ast.Name)}
    return frozenset(found)


def words_of(code: str) -> set[str]:
    """Glossary names of what stands in a piece of code; none if it is no Python."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return set()
    found = set()
    for node in ast.walk(tree):
        found |= {SIGNS[kind] for kind in (type(node), type(getattr(node, "op", None)))
                  if kind in SIGNS}
        if isinstance(node, ast.Constant) and (node.value is ... or node.value is None
                                               or isinstance(node.value, bool)):
            found.add(CONSTANTS[node.value])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) \
                and node.func.id in _BUILTINS:
            found.add(node.func.id)
        if isinstance(node, ast.Attribute) and node.attr in _PANDAS - own_names():
            found.add(node.attr)
    return found


def rooms() -> list[tuple[str, dict]]:
    """Every notebook in the order in which learners open them: ("lesson 01", notebook)."""
    order = [(path.stem, 0, f"lesson {path.stem[:2]}", path) for path in LESSONS]
    order += [(path.stem, 1, f"exercise {path.stem[:2]}", path) for path in EXERCISES]
    return [(name, raw(path)) for _, _, name, path in sorted(order, key=lambda row: row[:2])]


def pieces(cell: dict) -> list[str]:
    """The code of a cell: all of a code cell, what stands in backticks in a text cell."""
    text = source(cell)
    if cell["cell_type"] == "code":
        return [REGION.sub("", text)]
    if nbgrader(cell).get("grade"):  # a model text
        return []
    return re.findall(r"```\w*\n(.*?)```", text, re.S) + re.findall(
        r"(?<!`)`([^`\n]+)`(?!`)", text)


@cache
def first_uses() -> dict[str, str]:
    """Where each sign or name is met first: {"for": "lesson 01", …}."""
    found: dict[str, str] = {}
    for room, notebook in rooms():
        for cell in notebook["cells"]:
            for piece in pieces(cell):
                for word in sorted(words_of(piece)):
                    found.setdefault(word, room)
    return found
