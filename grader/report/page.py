"""The report as one self-contained page: no script, no network, a table beside every picture."""

from __future__ import annotations

import base64
import hashlib
import statistics
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from . import items
from .exercise import Analysis

if TYPE_CHECKING:
    from .make import Report

_HERE = Path(__file__).parent
#: Rows of a list of students or sentences; `students.csv` has all.
MOST = 60
#: Misconceptions in the first table; each exercise has all of its own.
FIRST = 15
#: What stands where a number cannot be had.
DASH = "–"


def page(report: Report) -> str:
    """The whole page."""
    style = (_HERE / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _environment().get_template("report.html.j2").render(
        report=report, style=style, digest=digest, most=MOST, few=items.FEW, fewest=items.FEWEST,
        first=FIRST, exercises=[_Exercise(report, a) for a in report.analyses],
        held=sorted((held for a in report.analyses for held in a.held),
                    key=lambda held: -held.count),
        odd=[(a, q) for a in report.analyses for q in a.questions if q.remarks],
        noted=[(name, student, nb.problems) for name, found in report.graded.items()
               for student, nb in found.items() if nb.problems],
        late=sorted((one for s in report.standings for one in s.late),
                    key=lambda one: (one.exercise, one.student)))


@cache
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True,
                              lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters.update(percent=percent, number=number, words=words, hours=hours,
                               plain=lambda hint: hint.replace("`", ""))
    return environment


def percent(share: float | None) -> str:
    """``0.437`` as ``44 %``."""
    return DASH if share is None else f"{share:.0%}".replace("%", " %")


def number(value: float | None, digits: int = 2) -> str:
    """A number with a true minus sign."""
    if value is None:
        return DASH
    text = f"{value:.{digits}f}"
    # A minus before nothing but zeros says nothing.
    return (text if text.strip("-0.") else text.lstrip("-")).replace("-", "−")


def words(name: str) -> str:
    """``decade-as-a-year`` in words."""
    return name.replace("-", " ")


def hours(seconds: float) -> str:
    """How late, in the largest fitting unit."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours" if seconds < 48 * 3600 else f"{seconds / 86400:.1f} days"


class _Exercise:
    """What the template shows of one exercise beside its analysis."""

    def __init__(self, report: Report, analysis: Analysis) -> None:
        self.a, self.name = analysis, analysis.exercise.name
        self.missing = report.missing(self.name)
        self.waiting = sorted(report.waiting[self.name])
        self.late = [one for one in analysis.submissions if one.late > 0]
        self.by_hand = sum(task.waiting for task in analysis.tasks)
        self.handed_in = len(analysis.submissions) + len(self.waiting)
        self.due = analysis.exercise.due and analysis.exercise.due.astimezone(report.time.tzinfo)
        # Machine-graded cells may wait for a person too: nbgrader says so after a new grading.
        written = {task.item.id for task in analysis.tasks}
        self.again = sum(any(item not in written for item in one.awaits)
                         for one in analysis.submissions)

    @property
    def bins(self) -> list[tuple[str, int]]:
        """Submissions by ten steps of the share; the last one holds 100 %."""
        counts = [0] * 10
        for share in self.a.shares:
            counts[min(9, max(0, int(share * 10 + 1e-9)))] += 1
        return [(f"{10 * i} to {10 * i + (10 if i == 9 else 9)} %", n)
                for i, n in enumerate(counts)]

    @property
    def five(self) -> dict[str, Any] | None:
        """Lowest, quartiles, highest and mean of the shares; None where there are none."""
        if not self.a.shares:
            return None
        low, first, middle, third, high = np.percentile(self.a.shares, [0, 25, 50, 75, 100])
        return {"low": low, "first": first, "middle": middle, "third": third, "high": high,
                "mean": statistics.fmean(self.a.shares)}

    @property
    def attempts(self) -> bool:
        """Whether anything is known of attempts."""
        return any(q.attempts_known for q in self.a.questions)
