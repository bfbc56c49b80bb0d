"""A written task as graders need it: prompt, criteria, levels; read from the released notebook."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbformat import NotebookNode

from .. import notebook as nbk
from ..course import Course, CourseProblem
from ..marks import item_id


@dataclass(frozen=True)
class Task:
    """A written task.

    Attributes
    ----------
    exercise, item, cell : str
        Such as ``08-voices``, ``08.R2`` and ``rubric-08-2``.
    points : float
        What can be had.
    prompt : str
        Markdown, rubric included.
    criteria : tuple of str
        Names of the rows of the rubric; empty where the prompt has no table of levels.
    highest : int
        The highest level.
    """

    exercise: str
    item: str
    cell: str
    points: float
    prompt: str
    criteria: tuple[str, ...] = ()
    highest: int = 0

    def total(self, levels: list[float]) -> float:
        """Points for the levels of all criteria: the share that their sum has of the most."""
        return sum(levels) * self.points / (len(self.criteria) * self.highest)


def find(course: Course, item: str) -> Task:
    """The written task with this id; raises :class:`CourseProblem` when there is none."""
    known = []
    for name in course.assignments():
        if not (course.folder("release", name) / f"{name}.ipynb").is_file():
            continue
        for task in _tasks(name, course.released(name)):
            if task.item == item:
                return task
            known.append(task.item)
    raise CourseProblem(f"There is no written task {item} among what has been released; there are "
                        f"{', '.join(known) or 'none'}.")


def _tasks(exercise: str, nb: NotebookNode) -> list[Task]:
    found, text = [], []
    for cell in nb.cells:
        meta = nbk.nbgrader_meta(cell)
        if cell.cell_type == "markdown" and meta.get("grade") and meta.get("solution"):
            prompt = "\n\n".join(text)
            criteria, highest = _rubric(prompt)
            found.append(Task(exercise, item_id(meta["grade_id"]), meta["grade_id"],
                              float(meta["points"]), prompt, criteria, highest))
        if meta.get("grade") or meta.get("solution"):
            text = []
        elif cell.cell_type == "markdown":
            text.append(cell.source)
    return found


def _rubric(prompt: str) -> tuple[tuple[str, ...], int]:
    """Criteria and highest level of the last table whose columns are the levels 0, 1, 2…"""
    tables: list[list[list[str]]] = [[]]
    for line in prompt.splitlines():
        if line.startswith("|"):
            tables[-1].append([part.strip() for part in line.strip().strip("|").split("|")])
        elif tables[-1]:
            tables.append([])
    for rows in reversed(tables):
        levels = rows[0][1:] if rows else []
        if len(levels) > 1 and levels == [str(n) for n in range(len(levels))]:
            names = tuple(re.sub(r"[*_`]", "", row[0]).strip() for row in rows[2:])
            return names, len(levels) - 1
    return (), 0
