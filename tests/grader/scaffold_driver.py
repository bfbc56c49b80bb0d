"""Runs in a copy of the project: begins, fills, releases, checks and grades a question of each
kind, and prints what happened as one JSON document. See test_scaffold.py."""

from __future__ import annotations

import contextlib
import io
import json
import os
from pathlib import Path

import nbformat
from scaffold_kit import FILLED, TOPIC, fill
from typer.testing import CliRunner

from grader import check as learners
from grader import key
from grader.cli import app
from grader.compile import bank_value
from grader.course import Course
from grader.sample import answer_source, scores

ROOT = Path.cwd()
assert key.FOLDER.is_relative_to(ROOT), "the copy's package is meant"
told: dict = {}


def command(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    return f"{done.output}{done.exception or ''}".strip()


for n, kind in enumerate(FILLED, start=1):
    command("new", "question", f"09.{n}", "--kind", kind, "--variable", f"of_{kind}")
told["refused by the key"] = command("release", TOPIC)
notebook = ROOT / f"exercises/{TOPIC}/{TOPIC}.ipynb"
unfilled = notebook.read_text(encoding="utf-8")
fill(ROOT)
filled = notebook.read_text(encoding="utf-8")
notebook.write_text(unfilled, encoding="utf-8")
told["refused by the release"] = command("release", TOPIC)
notebook.write_text(filled, encoding="utf-8")
told["nothing missing"] = command("new", "todo", TOPIC)
course = Course(ROOT)
course.release(TOPIC)
released = course.folder("release", TOPIC)
told["released"] = (released / f"{TOPIC}.ipynb").read_text(encoding="utf-8")

os.chdir(released)
told["checked"] = {}
for n, (kind, (_, right, *_)) in enumerate(FILLED.items(), start=1):
    with contextlib.redirect_stdout(io.StringIO()):
        value = learners.check(f"09.{n}", bank_value(right[0]))
    told["checked"][kind] = "right" if value is None else repr(value)
os.chdir(ROOT)

work = nbformat.reads(told["released"], as_version=4)
for n, (kind, (_, right, wrong, *_)) in enumerate(FILLED.items(), start=1):
    code = wrong if n == len(FILLED) else right[1]
    cell = next(cell for cell in work.cells if cell.id == f"answer-09-{n}")
    cell.source = answer_source(f"of_{kind}", code)
folder = course.folder("submitted", TOPIC, "synthetic-01")
folder.mkdir(parents=True)
nbformat.write(work, folder / f"{TOPIC}.ipynb")
course.allow(["all"])  # a tmp folder may lie where the sandbox cannot be had
outcome = course.grade(TOPIC, "synthetic-01")
told["state"] = outcome.state
told["scores"] = scores(course, TOPIC)["synthetic-01"]
graded = nbformat.read(course.folder("autograded", TOPIC, "synthetic-01") / f"{TOPIC}.ipynb", 4)
told["misconception"] = json.dumps([cell.metadata for cell in graded.cells])
print(json.dumps(told))
