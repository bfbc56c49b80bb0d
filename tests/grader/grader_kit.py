"""What several tests of the grader need."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache

from places import BIN, ROOT

from grader import key, seal
from grader.compile import compile_question

#: Names of all exercises.
EXERCISES = sorted(path.stem for path in (ROOT / "exercises").glob("*/*.ipynb")
                   if path.stem == path.parent.name)


def command(course, *words, ok=True) -> str:
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "400",
           "READING_IDLIB_LOG": os.devnull}
    done = subprocess.run([str(BIN / words[0]), *words[1:]], cwd=course.root, env=env, text=True,
                          capture_output=True, timeout=900)
    output = done.stdout + done.stderr
    assert (done.returncode == 0) == ok, output
    return output


def find(nb, grade_id: str):
    """The cell of this grade_id."""
    return next(c for c in nb.cells
                if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def full_points(topic: str) -> float:
    """The points of all machine-graded questions of an exercise."""
    return sum(q.points for q in key.load(topic).questions)


def right_answers(topic: str) -> dict[str, str]:
    """One right answer per question, as source, from the banks."""
    return {q.id: next(e.code for e in q.bank if e.credit == 1)
            for q in key.load(topic).questions}


@cache
def sealed(topic: str, question: str) -> str:
    """The sheet with this question alone, as JSON. Sealing is slow by design: once is enough."""
    found = key.load(topic)
    return json.dumps(seal.seal([compile_question(q) for q in
                                 found.questions + found.lesson_questions if q.id == question]))


def all_questions():
    """(topic, question) of every question of every key, lessons included."""
    return [(topic, q) for topic in key.topics()
            for q in key.load(topic).questions + key.load(topic).lesson_questions]
