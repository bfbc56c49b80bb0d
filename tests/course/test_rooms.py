"""Data flows one way: seeds, reader, notebooks and exercises, grader."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

#: Packages that a room may import from; a room may always import from itself.
ALLOWED = {"seeds": set(), "reader": {"seeds"}, "grader": {"seeds", "reader"}}
#: What stays with the instructor, and must not be needed on a learner's machine.
INSTRUCTOR = {"grader.key", "grader.compile", "grader.score", "grader.rebuild", "grader.release",
              "grader.course", "grader.sample", "grader.batch", "grader.run", "grader.demo",
              "grader.doctor", "nbgrader", "yaml", "pydantic"}


def imports(path: Path) -> set[str]:
    """Our own packages that a module imports, at the top or inside a function."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names} & set(ALLOWED)


@pytest.mark.parametrize("room", ALLOWED)
def test_no_room_imports_from_a_later_one(room):
    for path in sorted((ROOT / room).rglob("*.py")):
        assert imports(path) <= ALLOWED[room] | {room}, path.name


def test_a_learners_machine_needs_nothing_of_the_instructor():
    code = "import grader.check, reader.widgets, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not INSTRUCTOR & set(done.stdout.split())
    assert "grader.check" in done.stdout.split()


@pytest.mark.parametrize("room", ["seeds", "reader", "grader", "tests"])
def test_files_stay_readable_in_one_sitting(room):
    """A module has about 300 lines at the most; a longer one has its reason here."""
    allowed = {"kinds.py": 360}  # one reader per kind of answer, all of one pattern
    for path in (ROOT / room).rglob("*.py"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= allowed.get(path.name, 310), f"{path.name} has {lines} lines"
