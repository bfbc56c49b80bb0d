"""What a case of the corpus is, and what its maker needs.

A case writes one submission into a folder of its own and says what grading must make of it.
The makers stand in the other modules of this folder, by theme.
"""

from __future__ import annotations

import copy
import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from grader import key

TOPIC = "02-actors"
EXPECTED = f"{TOPIC}.ipynb"
GRADED, PROBLEM, NOT_GRADED = "graded", "graded with a problem", "not graded"
_QUESTIONS = {q.id: q for q in key.load(TOPIC).questions}
POINTS = {name: q.points for name, q in _QUESTIONS.items()}
FULL = sum(POINTS.values())
#: One right answer for each question, as source.
RIGHT = {name: next(entry.code for entry in q.bank if entry.credit == 1)
         for name, q in _QUESTIONS.items()}
NAMES = {name: q.variable for name, q in _QUESTIONS.items()}
#: Arguments and results of the calls that the check of 02.11 shows.
OPEN_CALLS = [(call.args, call.expect) for call in _QUESTIONS["02.11"].calls if not call.hidden]
#: Modules with cases.
THEMES = ("broken_files", "folders", "names", "cells", "unusual", "tricks", "records", "hooks",
          "hostile_code", "hostile_machine")
#: A data file that the exercise of the corpus has beside its notebook.
DATA = "counts.csv"
DATA_TEXT = "article,regime\n000,8\n001,11\n002,1\n003,3\n004,11\n"
FROM_DATA = f"dict(pd.read_csv('{DATA}', dtype={{'article': str}}).to_numpy().tolist())"


def but(*questions: str) -> float:
    """All points but those of these questions."""
    return FULL - sum(POINTS[name] for name in questions)


def before(question: str) -> float:
    """The points of all questions that stand before this one."""
    order = list(POINTS)
    return sum(POINTS[name] for name in order[:order.index(question)])


@dataclass
class Hand:
    """A student's hand: the folder to fill, the release to start from, and a port of this machine
    where somebody listens."""

    folder: Path
    release: Path
    port: int = 0

    def notebook(self, right: bool = True) -> NotebookNode:
        """The released notebook, with right answers or with none."""
        nb = nbformat.read(self.release / EXPECTED, as_version=4)
        for name, code in RIGHT.items() if right else ():
            answer(nb, name, f"{NAMES[name]} = (\n{code}\n)")
        return nb

    def write(self, content: NotebookNode | str | bytes, name: str = EXPECTED) -> Path:
        """Hand a file in."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else nbformat.writes(content)
            path.write_text(text, encoding="utf-8", errors="surrogatepass")
        return path


@dataclass(frozen=True)
class Case:
    """One submission and what must come of it.

    Attributes
    ----------
    name, theme : str
    make : callable
        Takes a :class:`Hand` and writes the submission.
    state : str
        The state in which grading must end.
    points : float
        Automatic points, to the last one; nobody may earn more than an honest answer would.
    says : str
        Part of a sentence for student and instructor; also stands in the feedback page.
    student : str
        Id of the student; by default it is made from the name.
    needs : tuple of str
        Protections without which the case would harm the machine or find what it looks for.
    also : tuple of (str, float)
        States and points that are right, too: some sandboxes make a blow harmless, others end
        the notebook.
    stock : str
        Why stock nbgrader is not tried on it; empty when it is.
    """

    name: str
    theme: str
    make: Callable[[Hand], object]
    state: str
    points: float
    says: str = ""
    student: str = ""
    needs: tuple[str, ...] = ()
    also: tuple[tuple[str, float], ...] = ()
    stock: str = ""

    @property
    def right(self) -> tuple[tuple[str, float], ...]:
        """All that grading may make of it: states and points."""
        return ((self.state, self.points), *self.also)

    @property
    def id(self) -> str:
        return self.student or "case-" + "".join(c if c.isalnum() else "-" for c in self.name)


@dataclass
class Corpus:
    """The cases of a theme, collected by a decorator."""

    theme: str
    cases: list[Case] = field(default_factory=list)

    def __call__(self, name: str, state: str = GRADED, points: float = FULL, says: str = "",
                 **more: object) -> Callable:
        def add(make: Callable[[Hand], object]) -> Callable[[Hand], object]:
            self.cases.append(Case(name, self.theme, make, state, points, says, **more))
            return make
        return add


def hostile(case: Corpus, name: str, source: str, **expected: object) -> None:
    """A case in which the answer to 02.6 is this code, and all other answers are right."""
    @case(name, **{"points": but("02.6"), **expected})
    def _(hand: Hand) -> None:
        nb = hand.notebook()
        answer(nb, "02.6", source)
        hand.write(nb)


def every_case() -> list[Case]:
    """All cases, theme by theme."""
    return [case for theme in THEMES
            for case in importlib.import_module(f"corpus.{theme}").case.cases]


def find(nb: NotebookNode, name: str) -> NotebookNode:
    """The cell of this id."""
    return next(cell for cell in nb.cells if cell.get("id") == name)


def answer(nb: NotebookNode, question: str, source: str) -> NotebookNode:
    """Write into the answer cell of a question; returns the cell."""
    cell = find(nb, f"answer-{question.replace('.', '-')}")
    cell.source = dedent(source).strip()
    return cell


def check_cell(nb: NotebookNode, question: str) -> NotebookNode:
    """The check cell of a question."""
    return find(nb, f"check-{question.replace('.', '-')}")


def insert(nb: NotebookNode, where: str, *sources: str) -> NotebookNode:
    """Put code cells of the student's own before the cell of this id."""
    at = next(i for i, cell in enumerate(nb.cells) if cell.get("id") == where)
    nb.cells[at:at] = [new_code_cell(dedent(source).strip()) for source in sources]
    return nb


def duplicate(cell: NotebookNode, name: str) -> NotebookNode:
    """A copy of a cell with another id and the same metadata, as JupyterLab pastes it."""
    made = copy.deepcopy(cell)
    made["id"] = name
    return made
