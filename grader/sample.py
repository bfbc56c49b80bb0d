"""A synthetic class: submissions drawn from the banks of the answer key.

Every submission is labelled as synthetic, drawn with a seed, and comes with the scores that
the key predicts for it, so that grading can be checked to the last point.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from . import notebook as nbk
from .compile import compiled
from .course import Course
from .key import Key, load

LABEL = "SYNTHETIC SUBMISSION: made by `grader demo` from the answer banks. No real student."
#: Ids of synthetic students begin so; a demo never touches anybody else.
PREFIX = "synthetic-"
DUE = datetime(2026, 10, 12, 22, 0, tzinfo=UTC)


@dataclass
class Sample:
    """One synthetic submission and the points that its check cells must earn."""

    student: str
    assignment: str
    kind: str
    expected: dict[str, float] = field(default_factory=dict)


# Kinds by position in the class, early, so that a small class has them all; others are ordinary.
SPECIAL = {2: "late", 4: "incomplete", 5: "unreadable file", 7: "syntax error",
            8: "cells deleted", 10: "untouched", 26: "late"}


def student_id(number: int) -> str:
    """Id of the ``number``-th synthetic student."""
    return f"{PREFIX}{number:02d}"


def make(course: Course, assignment: str, size: int, seed: int = 1) -> list[Sample]:
    """Write ``size`` submissions of one assignment and return what each must earn."""
    released = course.released(assignment)
    return [_one(course, assignment, released, load(assignment), number, seed)
            for number in range(1, size + 1)]


def _one(course: Course, assignment: str, released: nbformat.NotebookNode, key: Key, number: int,
         seed: int) -> Sample:
    dice = random.Random(f"{seed}/{assignment}/{number}")
    # The same student has the same strength in every exercise.
    strength = random.Random(f"{seed}/{number}").betavariate(4, 2)
    sample = Sample(student_id(number), assignment, SPECIAL.get(number, "ordinary"))
    nb = nbformat.from_dict(json.loads(json.dumps(released)))
    questions, points = {q.id: q for q in key.questions}, compiled(assignment, course.root)
    answers = {nbk.nbgrader_meta(c)["grade_id"]: c for c in nb.cells
               if nbk.nbgrader_meta(c).get("solution")}
    asked = nbk.questions(nb)
    for position, question in enumerate(asked):
        q = questions[question]
        skipped = (sample.kind == "untouched"
                   or sample.kind == "incomplete" and position >= len(asked) // 2)
        if skipped:
            sample.expected[question] = 0.0
            continue
        wanted = dice.random() < strength
        entry = dice.choice([e for e in q.bank if (e.credit == 1) == wanted])
        cell = answers[f"answer-{question.replace('.', '-')}"]
        cell.source = answer_source(q.variable, entry.code)
        sample.expected[question] = round(entry.credit * points[question]["points"], 2)
        if sample.kind == "syntax error" and position == 0:
            cell.source += "\nthis is not Python ("
            sample.expected[question] = 0.0
    for cell in nb.cells:
        written = cell.cell_type == "markdown" and nbk.nbgrader_meta(cell).get("solution")
        if written and sample.kind not in ("untouched", "incomplete"):
            cell.source = f"{LABEL} A written answer would stand here."
    nb.cells.insert(0, new_markdown_cell(f"> {LABEL}", id="synthetic-label"))
    if sample.kind == "ordinary" and number % 3 == 0:
        nb.cells.insert(2, new_code_cell("scratch = [n for n in range(3)]\nscratch", id="scratch"))
    if sample.kind == "cells deleted":
        nb.cells = [c for i, c in enumerate(nb.cells) if not (nbk.is_check(c) and i % 2)]
    _write(course, sample, nb, dice)
    return sample


def answer_source(variable: str, code: str) -> str:
    """Source of an answer cell that stores a bank entry under the question's name."""
    return ("import datetime as dt\nfrom datetime import date, datetime\n"
            f"import numpy as np\nimport pandas as pd\n\n{variable} = (\n{code.strip()}\n)")


def _write(course: Course, sample: Sample, nb: nbformat.NotebookNode, dice: random.Random) -> None:
    folder = course.folder("submitted", sample.assignment, sample.student)
    folder.mkdir(parents=True, exist_ok=True)
    text = nbformat.writes(nb)
    if sample.kind == "unreadable file":
        text = text[:len(text) // 2]
        sample.expected = dict.fromkeys(sample.expected, 0.0)
    (folder / f"{sample.assignment}.ipynb").write_text(text, encoding="utf-8")
    late = timedelta(hours=-dice.randint(2, 90))
    if sample.kind == "late":
        late = timedelta(hours=dice.randint(3, 40))
    (folder / "timestamp.txt").write_text(f"{DUE + late:%Y-%m-%d %H:%M:%S} UTC\n")


def scores(course: Course, assignment: str) -> dict[str, dict[str, float]]:
    """Automatic points in the gradebook: student → question → points."""
    with course.gradebook() as book:
        found: dict[str, dict[str, float]] = {}
        for submission in book.assignment_submissions(assignment):
            for notebook in submission.notebooks:
                found[submission.student.id] = {
                    grade.name.removeprefix("check-").replace("-", "."): grade.auto_score
                    for grade in notebook.grades if grade.name.startswith("check-")}
        return found


def marker(course: Course) -> Path:
    """The file that says that ``classroom/`` holds a demo, not a class."""
    return course.classroom / "DEMO.txt"
