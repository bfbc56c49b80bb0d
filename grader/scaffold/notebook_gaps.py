"""What an exercise still lacks, in sentences: cells, their metadata, stubs, rubrics, sums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .. import unfinished
from ..notebook import nbgrader_meta, question_of

_REGION = re.compile(r"^[ \t]*### BEGIN SOLUTION\n(.*?)^[ \t]*### END SOLUTION", re.S | re.M)
_ROLES = {"prompt": (False, False, True), "answer": (False, True, False),
          "check": (True, False, True)}
_LEVELS = {"0", "1", "2", "3"}
_SECTION = re.compile(r"^## (\d+)\. ", re.M)
#: Cells that a lesson has at most: beyond an hour and a half nobody finishes it.
LONGEST_LESSON = 60


def source(cell: dict) -> str:
    """The text of a cell, however the file holds it."""
    return "".join(cell["source"])


def sections(lesson: dict) -> set[str]:
    """Numbers of the sections of a lesson, as its headings have them."""
    return {number for cell in lesson["cells"] if cell["cell_type"] == "markdown"
            for number in _SECTION.findall(source(cell))}


def of_exercise(notebook: dict, questions: dict[str, Any]) -> Iterator[str]:
    """What the cells of an exercise lack.

    Parameters
    ----------
    notebook : dict
        As its file has it.
    questions : dict
        The validated questions of its key by id; empty where the key cannot be read, and then
        only the cells are looked at.
    """
    cells = notebook["cells"]
    yield from _marks(cells)
    asked: dict[str, int] = {}
    for at, cell in enumerate(cells):
        if cell["cell_type"] == "code" and nbgrader_meta(cell).get("grade"):
            number = question_of({**cell, "source": source(cell)})
            if number is None:
                yield f"The graded cell {cell['id']} has no line such as check(\"04.1\", name)."
            elif number in asked:
                yield f"Question {number} is asked twice."
            else:
                asked[number] = at
                yield from _three(cells, at, number, questions.get(number))
        elif cell["cell_type"] == "markdown" and nbgrader_meta(cell).get("grade"):
            yield from _task(cells, at)
    if questions:
        for number in sorted(set(questions) - set(asked)):
            yield f"The key has question {number}, but the exercise does not ask it."
        for number in sorted(set(asked) - set(questions)):
            yield f"The exercise asks question {number}, but the key does not have it."
    yield from _sums(cells)


def of_lesson(notebook: dict, questions: dict[str, Any]) -> Iterator[str]:
    """What a lesson lacks: the self-checks of its key under the right names, and no more cells
    than a lesson may have."""
    cells = notebook["cells"]
    yield from _marks(cells)
    text = "\n".join(source(cell) for cell in cells if cell["cell_type"] == "code")
    asked = set(re.findall(r"""^check\(["'](L\d\d\.\d{1,2})["']""", text, re.M))
    for number, q in questions.items():
        if number not in asked:
            yield f"The key has question {number}, but the lesson does not ask it."
        elif not re.search(rf"""check\(["']{re.escape(number)}["'], {q.variable}\)""", text):
            yield f"The lesson has no line check(\"{number}\", {q.variable})."
    for number in sorted(asked - set(questions)) if questions else []:
        yield f"The lesson asks question {number}, but the key does not have it."
    if len(cells) > LONGEST_LESSON:
        yield (f"The lesson has {len(cells)} cells, and {LONGEST_LESSON} is the most that one "
               "sitting takes; join or drop some.")


def _marks(cells: list[dict]) -> Iterator[str]:
    for name in unfinished.of_notebook({"cells": cells}):
        yield f"Cell {name} still has {unfinished.MARK} in it; fill it in."


def _three(cells: list[dict], at: int, number: str, q: Any) -> Iterator[str]:
    """A question's prompt, answer and check."""
    name = number.replace(".", "-")
    if at < 2:
        yield f"Question {number} needs a prompt and an answer cell before its check."
        return
    trio = dict(zip(_ROLES, cells[at - 2:at + 1], strict=True))
    for role, cell in trio.items():
        meta = nbgrader_meta(cell)
        if (cell["id"], meta.get("grade_id")) != (f"{role}-{name}", f"{role}-{name}"):
            yield (f"Question {number} needs the cells prompt-{name}, answer-{name} and "
                   f"check-{name} in a row, each with its id as grade_id; where {role}-{name} is "
                   f"expected stands {cell['id']}.")
            return
        if (meta.get("grade"), meta.get("solution"), meta.get("locked")) != _ROLES[role]:
            grade, solution, locked = _ROLES[role]
            yield (f"Cell {cell['id']} has wrong nbgrader metadata: as {role} it needs "
                   f"grade={grade}, solution={solution}, locked={locked}.")
    if "raises-exception" not in trio["check"]["metadata"].get("tags", []):
        yield (f"Cell {trio['check']['id']} lacks the tag raises-exception; without it a wrong "
               "answer stops \"Run All\".")
    if q is not None:
        yield from _fits(trio, number, q)
    region = _REGION.findall(source(trio["answer"]))
    if len(region) != 1 or not region[0].strip():
        yield (f"Cell {trio['answer']['id']} needs one solution between ### BEGIN SOLUTION and "
               "### END SOLUTION; without them nbgrader removes nothing.")


def _fits(trio: dict[str, dict], number: str, q: Any) -> Iterator[str]:
    """Whether the three cells say what the key says."""
    points = nbgrader_meta(trio["check"]).get("points")
    if points != q.points:
        yield (f"Question {number} has {points:g} points in the notebook and {q.points:g} in the "
               "key.")
    if source(trio["check"]) != f'check("{q.id}", {q.variable})':
        yield f"Cell {trio['check']['id']} must be one line: check(\"{q.id}\", {q.variable})"
    heading = source(trio["prompt"]).partition("\n")[0]
    unit = "point" if q.points == 1 else "points"
    if not re.fullmatch(rf"### {re.escape(q.id)} .+ \({q.points:g} {unit}\)", heading):
        yield (f"The heading of {number} must be \"### {q.id} {q.title} ({q.points:g} {unit})\", "
               f"not \"{heading}\".")
    if f"`{q.variable}" not in source(trio["prompt"]):
        yield f"The prompt of {number} does not say the name `{q.variable}`."
    stub = _REGION.sub("", source(trio["answer"])).strip()
    form = rf"{q.variable} = \.\.\.|def {q.variable}\([\w, ]*\):\n    \.\.\."
    if not re.fullmatch(form, stub):
        yield (f"Cell {trio['answer']['id']} needs the stub `{q.variable} = ...` (or a function "
               "whose body is ...) outside its solution.")


def _task(cells: list[dict], at: int) -> Iterator[str]:
    """A written task: the prompt with its rubric, and the cell that a person grades."""
    cell, before = cells[at], cells[at - 1]
    meta = nbgrader_meta(cell)
    if cell["id"] != meta.get("grade_id") or not str(meta.get("grade_id")).startswith("rubric-"):
        yield f"The written task in cell {cell['id']} needs an id and grade_id such as rubric-04-2."
    if (meta.get("solution"), meta.get("locked")) != (True, False):
        yield f"Cell {cell['id']} needs solution=True and locked=False in its nbgrader metadata."
    if not nbgrader_meta(before).get("locked") or nbgrader_meta(before).get("grade"):
        yield f"Before {cell['id']} there must be its prompt, a locked cell without points."
        return
    points = meta.get("points", 0)
    if f"({points:g} points" not in source(before):
        yield f"The heading in {before['id']} does not say \"({points:g} points\"."
    if (rows := criteria(source(before))) < 3:
        yield (f"{before['id']} has a rubric of {rows} criteria; it needs a table with the "
               "columns 0, 1, 2, 3 and at least three rows that say something.")


def criteria(text: str) -> int:
    """Rows of a table whose header names the levels 0 to 3 and whose cells all say something."""
    count, inside = 0, False
    for line in text.splitlines():
        row = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif set(row[1:]) == _LEVELS:
            inside = True
        elif inside and not set("".join(row)) <= set("-: "):
            count += len(row) == 5 and all(len(cell) > 3 for cell in row)
    return count


def _sums(cells: list[dict]) -> Iterator[str]:
    """The sums that a learner reads at the top are those of the cells."""
    said = set(re.findall(r"\d+(?:\.\d+)?", source(cells[0])))
    for kind, by in (("code", "machine"), ("markdown", "person")):
        points = sum(nbgrader_meta(cell).get("points", 0) for cell in cells
                     if cell["cell_type"] == kind and nbgrader_meta(cell).get("grade"))
        if points and f"{points:g}" not in said:
            yield (f"The introduction does not say that {points:g} points are given by a {by}; "
                   "change the sum in its table.")
