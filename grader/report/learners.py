"""Who handed in what and when, and who may need help: counted, not judged.

What is listed are facts of the gradebook. They say that something is missing or went badly, not
why: illness, work, a language, a lost password and a hard week all look the same here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..marks import Learner, Marks, Submission
from ..settings import Settings
from .exercise import share_so_far

#: A student who earned less than this share of what is graded so far is listed.
BELOW = 0.5
#: So much less in the last exercise than in those before, on average, is listed (share).
FALL = 0.25


@dataclass
class Standing:
    """One student, over all exercises of the report.

    Attributes
    ----------
    share : float or None
        Mean, over the exercises handed in, of the share of the points graded so far.
    missing : list of str
        Exercises that are due, or without a due time that others handed in, and not handed in.
    ungraded : list of str
        Handed in, and not graded yet.
    late : list of Submission
    reasons : list of str
        Why the student is listed among those who may need help; empty for all others.
    """

    learner: Learner
    shares: dict[str, float] = field(default_factory=dict)
    share: float | None = None
    missing: list[str] = field(default_factory=list)
    ungraded: list[str] = field(default_factory=list)
    late: list[Submission] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def expected(marks: Marks, exercise: str, student: str, settings: Settings, now: datetime,
             begun: set[str]) -> bool:
    """Whether an exercise should be there: its time is over, or it has none and others have it."""
    due = marks.exercises[exercise].due
    if exercise not in begun:
        return False  # nobody handed it in: that says nothing of anybody
    if due is None:
        return True
    known = marks.submissions.get((exercise, student))
    longer = max(timedelta(hours=settings.extensions.get(student, {}).get(exercise, 0)),
                 known.extension if known else timedelta(0))
    return due + longer < now


def standings(marks: Marks, waiting: dict[str, set[str]], settings: Settings, now: datetime,
              below: float = BELOW) -> list[Standing]:
    """Everybody in the class, in the order of their ids.

    Parameters
    ----------
    marks : Marks
    waiting : dict of str to set of str
        By exercise: students whose work lies in ``submitted/`` and is not graded yet.
    settings : Settings
    now : datetime
        In UTC: what is due is decided by it.
    below : float
        See :data:`BELOW`.
    """
    begun = {exercise for exercise in marks.exercises if marks.of(exercise)} | {
        exercise for exercise, students in waiting.items() if students}
    people = marks.students | {student: Learner(student) for students in waiting.values()
                               for student in students if student not in marks.students}
    found = []
    for student, learner in people.items():
        one = Standing(learner)
        for name, exercise in marks.exercises.items():
            submission = marks.submissions.get((name, student))
            if submission is None or not submission.marks:
                if student in waiting.get(name, ()):
                    one.ungraded.append(name)
                elif expected(marks, name, student, settings, now, begun):
                    one.missing.append(name)
                continue
            if submission.late > 0:
                one.late.append(submission)
            share = share_so_far(submission, exercise)
            if share is not None:
                one.shares[name] = share
        if one.shares:
            one.share = sum(one.shares.values()) / len(one.shares)
        one.reasons = _reasons(one, below)
        found.append(one)
    return found


def _reasons(one: Standing, below: float) -> list[str]:
    said = []
    if one.missing:
        said.append(f"not handed in: {', '.join(one.missing)}")
    if one.share is not None and one.share < below:
        said.append(f"{one.share:.0%} of the points graded so far")
    *before, last = one.shares.values() or [0.0]
    if len(before) > 1 and last < (mean := sum(before) / len(before)) - FALL:
        said.append(f"{list(one.shares)[-1]}: {last:.0%}, after {mean:.0%} on average before")
    return said
