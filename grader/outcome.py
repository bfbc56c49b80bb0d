"""What became of the submissions of a class: for people, and as JSON for machines."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.markup import escape
from rich.table import Table

from .notebook_file import plain

GRADED, PROBLEM = "graded", "graded with a problem"
UNCHANGED, NOT_GRADED = "unchanged", "not graded"
#: Of `--rescore`: nothing could be done without running student code, so nothing was.
LEFT = "left as it is"
#: How an outcome came about: the notebook was run, or its recorded answers were scored anew.
RAN, RESCORED = "ran", "re-scored"


@dataclass
class Outcome:
    """What became of one submission.

    Attributes
    ----------
    student, assignment : str
    state : str
        "graded", "graded with a problem", "unchanged" (graded before, nothing new since),
        "left as it is" (it would have to run, and was not to), or "not graded".
    problems : list of str
        One sentence each.
    how : str
        "ran", "re-scored" (from recorded answers), or empty: nothing was done.
    score, max_score, late_penalty : float or None
        Points in the gradebook, manual ones included; points that can be had; what is taken
        off for lateness.
    late_seconds : float
        Seconds after the due date of this student.
    seconds, cpu_seconds : float
        What running the notebook took.
    peak_bytes : int
        The most memory that it used.
    missing : list of str
        Protections that did not hold while it ran.
    """

    student: str
    assignment: str
    state: str = NOT_GRADED
    problems: list[str] = field(default_factory=list)
    how: str = ""
    score: float | None = None
    max_score: float | None = None
    late_penalty: float | None = None
    late_seconds: float = 0.0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    missing: list[str] = field(default_factory=list)

    def name(self) -> str:
        """Exercise and student, safe on a line of a log."""
        return f"{self.assignment}, {plain(self.student)}"

    def line(self) -> str:
        """One line for a log."""
        used = (f" in {self.seconds:.2f} s ({self.cpu_seconds:.2f} s of a processor, "
                f"{self.peak_bytes / 2**20:.0f} MiB)" if self.how == RAN else "")
        return (f"{self.name()}: {self.state}"
                + (f", {self.how}{used}" if self.how else "") + "".join(
                    f" | {problem}" for problem in self.problems))


def tally(outcomes: list[Outcome]) -> str:
    """How many submissions ended in which state, as one sentence."""
    counts = Counter(outcome.state for outcome in outcomes)
    return ", ".join(f"{n} {state}" for state, n in sorted(counts.items())) + "."


def missing(outcomes: list[Outcome]) -> list[str]:
    """Protections that did not hold while something ran."""
    return sorted({name for outcome in outcomes for name in outcome.missing})


def table(outcomes: list[Outcome]) -> Table | None:
    """What the instructor should look at, or None."""
    stated = [o for o in outcomes if o.problems and o.state != UNCHANGED]
    if not stated:
        return None
    found = Table("student", "exercise", "state", "problem")
    for o in stated:
        found.add_row(escape(plain(o.student)), o.assignment, o.state, escape(" ".join(o.problems)))
    return found


def document(outcomes: list[Outcome], stopped: str = "") -> dict[str, Any]:
    """All outcomes as plain data; ``stopped`` says why a run ended early."""
    return {
        "submissions": [asdict(outcome) for outcome in outcomes],
        "totals": {"submissions": len(outcomes),
                   **Counter(outcome.state for outcome in outcomes),
                   **Counter(outcome.how for outcome in outcomes if outcome.how),
                   "late": sum(outcome.late_seconds > 0 for outcome in outcomes),
                   "cpu_seconds": round(sum(o.cpu_seconds for o in outcomes), 3),
                   "peak_bytes": max((o.peak_bytes for o in outcomes), default=0)},
        "missing_protections": missing(outcomes), "stopped": stopped}
