"""When a submission came, and what lateness costs, in sentences."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ..marks import Submission
from ..settings import Late, Settings
from .parts import number


def sentences(submission: Submission, settings: Settings) -> list[str]:
    """What a page says of time and of points taken away for it; times in the class's zone."""
    zone = ZoneInfo(settings.timezone)

    def when(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d, %H:%M} ({settings.timezone})"

    said = [f"Handed in: {when(submission.handed_in)}."] if submission.handed_in else []
    if submission.due is None:
        return said + _taken(submission, settings)
    said.append(f"Due: {when(submission.due)}.")
    if submission.extension > timedelta(0):
        said.append(f"You had {duration(submission.extension.total_seconds())} more.")
    if submission.late:
        said.append(f"That is {duration(submission.late)} late.")
        said += _taken(submission, settings) or ["No points are taken away for that."]
        return said
    return said + _taken(submission, settings)


def _taken(submission: Submission, settings: Settings) -> list[str]:
    if not submission.penalty:
        return []
    points = f"{number(submission.penalty)} point{'s are' if submission.penalty != 1 else ' is'}"
    said = f"For lateness {points} taken away from what you earned."
    late = settings.late
    if late == "zero":
        return [said, "In this class work that comes late earns nothing."]
    if isinstance(late, Late):
        rule = f"In this class each day begun costs {number(late.percent_a_day)} % of the points"
        rule += f", at most {number(late.at_most)} %" if late.at_most < 100 else ""
        return [said, f"{rule}."]
    return [said]


def duration(seconds: float) -> str:
    """A span in its two largest units: ``2 days and 3 hours``."""
    left, found = int(seconds), []
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count, left = divmod(left, size)
        if count:
            found.append(f"{count} {name}{'s' * (count != 1)}")
    return " and ".join(found[:2]) or "less than a minute"
