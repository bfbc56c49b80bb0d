"""What one exercise tells of its questions, and what is wrong with some of them.

Rules for work that is missing, as the page states them:

* An exercise that was not handed in is missing. It is no zero, and counts in no statistic.
* In what was handed in, a question without an answer has earned nothing, and counts as 0.
* A submission without a single answer says nothing of any question: it is left out of the item
  statistics, and counted.
* Item statistics rest on the questions that the answer key scores, with points by hand in their
  place where a person gave some, without extra credit and before lateness takes points away.
* Questions that count 0 points have no statistics.
"""

from __future__ import annotations

import json
import statistics
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .. import key
from ..compile import compiled
from ..marks import Exercise, Item, Submission
from . import items
from .answers import NOT_ONE, Given
from .shown import shown

#: Below this discrimination a question hardly tells apart (Ebel & Frisbie 1991, Essentials of
#: Educational Measurement, 5th edition, ch. 13).
WEAK = 0.2
#: So many students, and this share, must have given one and the same answer to be told of it.
ALIKE, ALIKE_SHARE = 3, 0.05


@dataclass(frozen=True)
class Held:
    """A misconception and how many hold it; ``share`` is of those who gave an answer."""

    question: str
    name: str
    hint: str
    count: int
    share: float


@dataclass
class Question:
    """One checked question.

    Attributes
    ----------
    n : int
        Submissions that the numbers rest on. All shares are from 0 to 1, and None where they
        cannot be had.
    mean, spread : float or None
        Mean and standard deviation, in points.
    share : float or None
        Difficulty: mean share of the points.
    full, empty : float or None
        Share of the submissions with all points; without an answer.
    r, low, high : float or None
        Correlation with the sum of the other questions, and its 95 % interval.
    groups : float or None
        Upper 27 % less lower 27 %, in shares of the points.
    alpha_without : float or None
        Cronbach's alpha of the others.
    attempts, attempts_known : float or None, int
        Median number of answers tried, of the submissions that tell it.
    shared, shared_by : str, int
        A wrong answer that many gave and no hint knows, on one line, and how many gave it.
    remarks : list of str
        Sentences: what looks wrong.
    """

    item: Item
    title: str = ""
    kind: str = ""
    n: int = 0
    mean: float | None = None
    spread: float | None = None
    share: float | None = None
    full: float | None = None
    empty: float | None = None
    r: float | None = None
    low: float | None = None
    high: float | None = None
    groups: float | None = None
    alpha_without: float | None = None
    attempts: float | None = None
    attempts_known: int = 0
    shared: str = ""
    shared_by: int = 0
    remarks: list[str] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)


@dataclass
class Task:
    """One written task: how many are graded by hand, how many wait, and how they were graded."""

    item: Item
    graded: int = 0
    waiting: int = 0
    share: float | None = None
    r: float | None = None


@dataclass
class Analysis:
    """All of one exercise.

    Attributes
    ----------
    blank, incomplete : int
        Submissions left out of the item statistics: without any answer; with a question that
        waits for a person.
    shares : list of float
        Of each submission with something graded: earned share of the points graded so far.
    """

    exercise: Exercise
    submissions: list[Submission]
    questions: list[Question] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    blank: int = 0
    incomplete: int = 0
    n: int = 0
    alpha: float | None = None
    interval: tuple[float, float] | None = None
    shares: list[float] = field(default_factory=list)

    @property
    def held(self) -> list[Held]:
        """All misconceptions, those that most hold first."""
        return sorted((held for q in self.questions for held in q.held),
                      key=lambda held: (-held.count, held.question))


def share_so_far(submission: Submission, exercise: Exercise) -> float | None:
    """Earned share of the points that are graded, without extra credit and penalty.

    None where nothing is graded, or what is graded counts 0 points.
    """
    graded = [(mark.points, exercise.items[item].points)
              for item, mark in submission.marks.items() if mark.points is not None]
    most = sum(points for _, points in graded)
    return sum(points for points, _ in graded) / most if most else None


def analyse(exercise: Exercise, submissions: list[Submission],
            answers: dict[str, dict[str, Given]]) -> Analysis:
    """Analyse an exercise.

    Parameters
    ----------
    exercise : Exercise
    submissions : list of Submission
        Those that are graded.
    answers : dict of str to dict
        By student and question, as far as graded notebooks could be read.
    """
    found = Analysis(exercise, submissions)
    found.shares = [share for one in submissions
                    if (share := share_so_far(one, exercise)) is not None]
    known = _known(exercise.name)
    checked = [item for item in exercise.items.values() if not item.written]
    found.questions = [Question(item, *_of_key(known.get(item.id))) for item in checked]
    _count_answers(found, answers, known)
    used = [one for one in submissions if not _blank(answers.get(one.student))]
    found.blank = len(submissions) - len(used)
    complete = [one for one in used if all(
        one.marks.get(item.id) and one.marks[item.id].points is not None for item in checked)]
    found.incomplete, found.n = len(used) - len(complete), len(complete)
    counted = [q for q in found.questions if q.item.points > 0]
    points = np.array([[one.marks[q.item.id].points for q in counted] for one in complete],
                      dtype=float).reshape(len(complete), len(counted))
    if points.size:
        _number(found, counted, points)
    total = dict(zip((one.student for one in complete), points.sum(axis=1), strict=True))
    found.tasks = [_task(item, submissions, total)
                   for item in exercise.items.values() if item.written]
    for question in found.questions:
        question.remarks += _remarks(question)
    return found


def _known(name: str) -> dict[str, Any]:
    """Questions of the answer key by id; none for an exercise that has no key."""
    return {q.id: q for q in key.load(name).questions} if name in key.topics() else {}


def _of_key(question: Any) -> tuple[str, str]:
    return (question.title, question.kind) if question else ("", "")


def _blank(given: dict[str, Given] | None) -> bool:
    return bool(given) and all(one.missing for one in given.values())


def _number(found: Analysis, counted: list[Question], points: np.ndarray) -> None:
    most = np.array([q.item.points for q in counted])
    n, k = points.shape
    for q, column in zip(counted, points.T, strict=True):
        q.n, q.mean, q.share = n, float(column.mean()), float(column.mean() / q.item.points)
        q.full = float((column >= q.item.points - 1e-9).mean())
        q.spread = float(column.std(ddof=1)) if n > 1 else None
    if n < items.FEWEST:
        return
    found.alpha = items.alpha(points)
    found.interval = items.alpha_interval(found.alpha, n, k)
    groups = items.upper_lower(points, most) or [None] * k
    for q, r, d, rest in zip(counted, items.item_rest(points), groups,
                             items.alpha_without(points), strict=True):
        q.r, q.groups, q.alpha_without = r, d, rest
        q.low, q.high = items.interval(r, n) or (None, None)


def _count_answers(found: Analysis, answers: dict[str, dict[str, Given]],
                   known: dict[str, Any]) -> None:
    """What the graded notebooks say: empty answers, misconceptions, attempts, equal answers."""
    for q in found.questions:
        given = [answers[one.student][q.item.id] for one in found.submissions
                 if q.item.id in answers.get(one.student, {})
                 and not _blank(answers[one.student])]
        if not given:
            continue
        q.empty = sum(one.missing for one in given) / len(given)
        tried = [one.attempts for one in given if one.attempts is not None]
        q.attempts_known = len(tried)
        q.attempts = float(statistics.median(tried)) if tried else None
        answered = sum(not one.missing for one in given)
        hints = {m.name: m.hint for m in known[q.item.id].misconceptions} if (
            q.item.id in known) else {}
        counts = Counter(name for one in given for name in set(one.misconceptions)
                         if name not in NOT_ONE)
        q.held = [Held(q.item.id, name, hints.get(name, ""), count, count / answered)
                  for name, count in counts.most_common()]
        _alike(q, Counter(one.wrong for one in given if one.wrong), answered)


def _alike(q: Question, wrong: Counter[str], answered: int) -> None:
    """One wrong answer of many that no hint knows: the key may lack it, or a hint."""
    for answer, count in wrong.most_common(1):
        if count >= max(ALIKE, ALIKE_SHARE * answered):
            spec = (compiled(q.item.exercise).get(q.item.id)
                    if q.item.exercise in key.topics() else None)
            q.shared, q.shared_by = shown(json.loads(answer), spec), count
            q.remarks.append(f"{count} students gave one and the same answer, which earns nothing "
                             "and which no hint of the key knows. If it is right, the key lacks "
                             "it; if not, it lacks a hint.")


def _remarks(q: Question) -> list[str]:
    """What looks wrong with a question, in sentences."""
    if q.n < items.FEWEST:
        return []
    if q.share == 1:
        return ["Everybody has all points, so it tells nobody apart. As a warm-up that is fine."]
    if q.share == 0:
        return ["Nobody has a point: look at the prompt, and at the key."]
    if q.r is not None and q.r < 0:
        chance = (f"; with {q.n} submissions this may be chance" if q.high and q.high > 0 else "")
        return [f"Who did better elsewhere did worse here (r = {q.r:.2f}{chance}): look at the "
                "prompt, and at the key."]
    if q.r is not None and q.r < WEAK and q.n >= items.FEW:
        return [f"It hardly tells apart who did better elsewhere and who did not (r = {q.r:.2f})."]
    return []


def _task(item: Item, submissions: list[Submission], total: dict[str, float]) -> Task:
    marks = [(one.student, one.marks[item.id]) for one in submissions if item.id in one.marks]
    graded = [(student, mark.points) for student, mark in marks
              if mark.points is not None and not mark.awaits]
    both = np.array([(points, total[student]) for student, points in graded if student in total])
    return Task(item, len(graded), sum(mark.awaits for _, mark in marks),
                float(np.mean([points for _, points in graded]) / item.points)
                if graded and item.points else None,
                items.correlation(*both.T) if len(both) >= items.FEWEST else None)
