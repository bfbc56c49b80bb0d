"""When a submission came, and what lateness costs, in sentences."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ..settings import Late, Settings
from .parts import number
from .standing import Standing


def sentences(standing: Standing, settings: Settings) -> list[str]:
    """What a page says of time and of points taken away for it; times in the class's zone."""
    zone = ZoneInfo(settings.timezone)

    def when(moment: datetime) -> str:
        local = moment.replace(tzinfo=UTC).astimezone(zone)
        return f"{local:%Y-%m-%d, %H:%M} ({settings.timezone})"

    said = [f"Handed in: {when(standing.submitted)}."] if standing.submitted else []
    if standing.due is None:
        return said + _taken(standing, settings)
    said.append(f"Due: {when(standing.due)}.")
    if standing.extension > 0:
        said.append(f"You had {duration(standing.extension)} more.")
    if standing.late:
        said.append(f"That is {duration(standing.late)} late.")
        said += _taken(standing, settings) or ["No points are taken away for that."]
        return said
    return said + _taken(standing, settings)


def _taken(standing: Standing, settings: Settings) -> list[str]:
    if not standing.penalty:
        return []
    points = f"{number(standing.penalty)} point{'s are' if standing.penalty != 1 else ' is'}"
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
