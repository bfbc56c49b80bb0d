"""How far two graders agree on a shared sample: our own topic 07, used on ourselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from reader import agreement

from ..course import Course, CourseProblem
from ..marks import read as read_marks
from .draw import drawn
from .rubric import Task
from .worksheet import POINTS, columns

#: Below so many answers a coefficient says little, whatever it is.
SMALL = 30


@dataclass
class Comparison:
    """One criterion, or the points, as two graders gave them.

    Attributes
    ----------
    name : str
    answers : list of str
        Codes of the answers that both graded.
    a, b : list of float
        Their values, in this order.
    """

    name: str
    answers: list[str] = field(default_factory=list)
    a: list[float] = field(default_factory=list)
    b: list[float] = field(default_factory=list)

    @property
    def percent(self) -> float:
        """Share of the answers with exactly the same value."""
        return agreement.percent_agreement(self.a, self.b)

    @property
    def kappa(self) -> float:
        return weighted_kappa(self.a, self.b)

    @property
    def alpha(self) -> float:
        """Krippendorff's alpha for ordered values; NaN where all values are the same."""
        return agreement.krippendorff_alpha([self.a, self.b], level="ordinal")

    @property
    def difference(self) -> float:
        """How much more b gives than a, on average."""
        return sum(self.b) / len(self.b) - sum(self.a) / len(self.a)

    def cross_table(self) -> Any:
        """How often each value of a met each value of b (a pandas DataFrame)."""
        return agreement.cross_table(self.a, self.b, totals=True)


def weighted_kappa(a: list[float], b: list[float]) -> float:
    """Cohen's kappa with quadratic weights: a disagreement counts by its difference, squared.

    Expected is the mean over all pairs of one value of a and one of b. NaN where it is 0: both
    gave one and the same value to all.

    References
    ----------
    Cohen (1968), "Weighted kappa", Psychological Bulletin 70(4), 213-220.
    """
    observed = sum((one - other) ** 2 for one, other in zip(a, b, strict=True)) / len(a)
    expected = sum((one - other) ** 2 for one in a for other in b) / (len(a) * len(b))
    return 1 - observed / expected if expected else float("nan")


def compare(task: Task, one: dict[str, dict[str, float]],
            other: dict[str, dict[str, float]]) -> list[Comparison]:
    """Each criterion, then the points, on the answers that both graded in full.

    Parameters
    ----------
    one, other : dict
        From :func:`grader.agreement.worksheet.read` or :func:`by_gradebook`; where one side has
        points alone, only they are compared.
    """
    both = [answer for answer in one if answer in other]
    found = []
    for name in columns(task) if task.criteria else ():
        found.append(_one(name, [(answer, one[answer].get(name), other[answer].get(name))
                                 for answer in both]))
    points = _one(POINTS, [(answer, _points(task, one[answer]), _points(task, other[answer]))
                           for answer in both])
    found = [comparison for comparison in [*found, points] if comparison.answers]
    if not found or len(points.answers) < 2:
        raise CourseProblem(f"The two have graded {len(points.answers)} answers to {task.item} in "
                            "common and in full; agreement needs at least 2.")
    return found


def _one(name: str, values: list[tuple[str, float | None, float | None]]) -> Comparison:
    kept = [(answer, x, y) for answer, x, y in values if x is not None and y is not None]
    return Comparison(name, *(list(part) for part in zip(*kept, strict=True))) if kept else (
        Comparison(name))


def _points(task: Task, given: dict[str, float]) -> float | None:
    if POINTS in given:
        return given[POINTS]
    levels = [given[name] for name in task.criteria if name in given]
    if not task.criteria or len(levels) < len(task.criteria):
        return None
    return round(task.total(levels), 6)


def by_gradebook(course: Course, task: Task) -> dict[str, dict[str, float]]:
    """The points that the gradebook has for the answers of the sample, given by hand."""
    codes = drawn(course, task.item)
    with course.gradebook() as book:
        marks = read_marks(book, [task.exercise])
    found = {}
    for code, student in codes.items():
        one = marks.submissions.get((task.exercise, student))
        mark = one.marks.get(task.item) if one else None
        if mark and mark.points is not None and not mark.awaits:
            found[code] = {POINTS: mark.points}
    if not found:
        raise CourseProblem(f"The gradebook has no points for the sample of {task.item} yet: grade "
                            f"it in the Formgrader first (`grader queue --task {task.item}`).")
    return found


def meaning(comparison: Comparison) -> str:
    """What the coefficients permit to say, and what they do not."""
    values = {*comparison.a, *comparison.b}
    if len(values) == 1:
        return (f"Both gave {comparison.a[0]:g} everywhere, so kappa and alpha are undefined: the "
                "sample does not show whether they could tell a better answer from a worse one.")
    words = {
        "rely": "high enough to rely on either grader (alpha from .800, Krippendorff's limit)",
        "tentative": "enough for tentative use (alpha from .667): talk about the answers below, "
                     "then grade a new sample",
        "do not rely": "too low (alpha below .667): an answer's grade depends on who reads it. "
                       "Talk about the answers below, make the rubric's words clearer, grade a new "
                       "sample"}[agreement.decide(comparison.alpha)]
    more = ""
    if abs(comparison.difference) >= 0.25:
        who = "second" if comparison.difference > 0 else "first"
        more = f" The {who} grader gives {abs(comparison.difference):.2f} more on average."
    return f"Agreement is {words}.{more}"


def caution(comparisons: list[Comparison]) -> str:
    """What to keep in mind, whatever the values are."""
    number = len(comparisons[-1].answers)
    small = (f"{number} answers are few: one grade changed moves a coefficient by a lot. "
             if number < SMALL else "")
    return (f"{small}Agreement says that two graders read the rubric alike, not that they read it "
            "rightly; and where nearly all answers get the same level, coefficients are low "
            "although graders hardly differ (lesson 07).")


def disputed(comparisons: list[Comparison], most: int = 10) -> Iterator[str]:
    """The widest disagreements first, to talk about: answer, criterion, both values."""
    rows = [(abs(x - y) / (max(*c.a, *c.b) or 1), answer, c.name, x, y)
            for c in comparisons if c.name != POINTS or len(comparisons) == 1
            for answer, x, y in zip(c.answers, c.a, c.b, strict=True) if x != y]
    for _, answer, name, x, y in sorted(rows, key=lambda row: (-row[0], row[1:3]))[:most]:
        yield f"{answer}, {name}: {x:g} and {y:g}"
