"""Pages of the instructor's guide, one by one: links, commands and names of code exist, words keep
the course's rules, and learners never get them."""

from __future__ import annotations

import ast
import importlib
import re

import pytest
from course_tools import without_code
from places import ROOT
from test_project_files import broken
from test_voice import hits
from test_words import IDIOMS, LONGEST, sentences

from grader.cli import app

PAGES = sorted((ROOT / "grader" / "guide").glob("*.md"))
QUOTE = 6  # words
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)


def text(page) -> str:
    return page.read_text(encoding="utf-8")


# --- links, commands, names of code ------------------------------------------------------

@each_page
def test_links_lead_somewhere(page):
    assert not broken(page)


@each_page
def test_commands_exist(page):
    known = {command.name or command.callback.__name__ for command in app.registered_commands}
    groups = {group.name: {command.callback.__name__ for command
                           in group.typer_instance.registered_commands}
              for group in app.registered_groups}
    code = "\n".join(re.findall(r"^```\n(.*?)^```", text(page), re.M | re.S)
                     + re.findall(r"`([^`\n]+)`", text(page)))
    for name, rest in re.findall(r"^(?:\.venv/bin/)?grader ([a-z]+)(?: ([a-z]+))?", code, re.M):
        assert name in known or (name in groups and rest in groups[name] | {""}), name
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"^make ([a-z]+)", code, re.M)) <= targets
    assert not [path for path in re.findall(r"(?<![\w/])(?:tests|grader)/[\w/.-]+\w",
                                                 code)
                if not (ROOT / path).exists()]


@each_page
def test_names_of_code_exist(page):
    """What a page tells an instructor to call is there."""
    for piece in re.findall(r"`([^`\n]+)`", text(page)):
        try:
            tree = ast.parse(piece, mode="eval").body
        except SyntaxError:
            continue
        function = tree.func if isinstance(tree, ast.Call) else tree
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            if function.attr == "csv" or not (ROOT / f"reader/{function.value.id}.py").is_file():
                continue  # the name of a file, such as index.html
            module = importlib.import_module(f"reader.{function.value.id}")
            assert hasattr(module, function.attr), piece
        elif isinstance(tree, ast.Call):
            assert hasattr(importlib.import_module("reader.widgets"), function.id), piece


# --- words -------------------------------------------------------------------------------

@each_page
def test_the_guide_keeps_the_rules_of_words(page):
    said = text(page)
    bare = without_code(said)
    found = hits([(page.name, said)])
    assert not found, f"\n{found}"
    long = [one for one in sentences(said) if len(one.split()) > LONGEST]
    assert not long, long
    assert not re.search(r"!(?!\[)", bare), "an exclamation mark"
    assert not [idiom for idiom in IDIOMS if re.search(idiom, bare, re.I)]
    assert not re.findall(r"\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b", bare)
    assert not re.search("[\U0001f300-\U0001faff\u2600-\u27bf]", said)
    quoted = [one for paragraph in re.split(r"\n\s*\n|\n(?=[|\-*#\d])", bare)
              for one in re.findall(r'"([^"]+)"', " ".join(paragraph.split()))]
    assert not [one for one in quoted if len(one.split()) > QUOTE]
    assert not re.findall(r"[\w.+-]+@[\w-]+\.\w+", said)


@each_page
def test_a_page_is_short_and_has_one_title(page):
    lines = text(page).splitlines()
    assert len(lines) <= 160
    assert [line for line in lines if line.startswith("# ")] == [lines[0]]


def test_the_guide_is_not_among_what_learners_get():
    from grader.editions import lite_contents

    names = [str(item.relative_to(ROOT)) for item in lite_contents.learner_modules()]
    assert "grader/check.py" in names
    assert not [name for name in names if "guide" in name or "scaffold" in name]
