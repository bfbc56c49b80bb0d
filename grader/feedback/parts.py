"""What stands on a feedback page, part by part; no HTML but of cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from .safe import Safe
from .where import Place


@dataclass
class Shown:
    """One cell on the page.

    Attributes
    ----------
    label : str
        What it is, in words.
    body : Safe
        Its text or code.
    lines : int
        Lines of it; 0 where it is a text.
    outputs : list of (Safe, int)
        What it showed, with the number of lines of each.
    failed : bool
        Whether it stopped with an error.
    """

    label: str
    body: Safe
    lines: int = 0
    outputs: list[tuple[Safe, int]] = field(default_factory=list)
    failed: bool = False


@dataclass
class Question:
    """One graded cell with what belongs to it."""

    anchor: str
    title: str
    word: str
    sign: str
    tone: str
    points: str
    prompt: Safe | None
    written: bool
    shown: list[Shown]
    result: Safe | None = None
    explanation: Safe | None = None
    again: Place | None = None
    comments: list[Safe] = field(default_factory=list)

    kind = "question"


@dataclass
class Around:
    """Cells beside the questions: the student's own, or the exercise's, which are folded up."""

    title: str
    shown: list[Shown]
    own: bool

    kind = "around"

    @property
    def failed(self) -> bool:
        return any(one.failed for one in self.shown)


@dataclass
class Page:
    """Everything that a page tells.

    Attributes
    ----------
    again : list of (Place, list of Question)
        Where to read again, with the questions that ask for it.
    open_points : float
        Points that a person has yet to give.
    """

    title: str
    score: float
    most: float
    open_points: float
    problems: list[str]
    parts: list[Question | Around]

    @property
    def questions(self) -> list[Question]:
        return [part for part in self.parts if isinstance(part, Question)]

    @property
    def again(self) -> list[tuple[Place, list[Question]]]:
        found: dict[Place, list[Question]] = {}
        for question in self.questions:
            if question.again:
                found.setdefault(question.again, []).append(question)
        return sorted(found.items())

    @property
    def styles(self) -> str:
        """The rules that outputs bring along, each once."""
        found: dict[str, str] = {}
        for part in self.parts:
            for safe in _fragments(part):
                found.update(safe.styles)
        return "\n".join(found.values())


def _fragments(part: Question | Around) -> list[Safe]:
    found = [safe for one in part.shown for safe in (one.body, *(out for out, _ in one.outputs))]
    if isinstance(part, Question):
        found += [one for one in (part.prompt, part.result, part.explanation, *part.comments)
                  if one]
    return found


def number(points: float) -> str:
    """Points as people write them, with at most two decimals."""
    return f"{round(points, 2):g}"
