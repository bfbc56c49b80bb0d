"""Dates as the course compares them: Allen's relations, weekdays, days between.

How a date is written and which days it means: `reader.edtf`. Reference: J. F. Allen,
"Maintaining knowledge about temporal intervals", CACM 26 (1983) 832-843.
"""

from __future__ import annotations

from datetime import date, timedelta

from reader.edtf import Interval, as_interval, edtf, parse_edtf
from reader.errors import ReaderError

__all__ = ["ALLEN", "Interval", "allen", "as_interval", "days_between", "days_named", "edtf",
           "parse_edtf", "weekday"]

# Written out: the calendar module's names follow the language of the machine.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")

#: The thirteen relations, each beside its converse.
ALLEN = {
    "before": "after", "meets": "met by", "overlaps": "overlapped by", "starts": "started by",
    "during": "contains", "finishes": "finished by", "equals": "equals",
    "finished by": "finishes", "contains": "during", "started by": "starts",
    "overlapped by": "overlaps", "met by": "meets", "after": "before",
}


def _ends(value) -> tuple[date, date]:
    item = as_interval(value)
    if item.parts:
        raise ReaderError(f"{item} is not one interval: compare its dates one by one.")
    if item.unknown:
        raise ReaderError(f"One end of {item} is unknown, so its place in time is not settled.")
    last = item.last
    return (item.first or date.min,
            date.max if last is None or last == date.max else last + timedelta(days=1))


def allen(a, b) -> str:
    """Name Allen's relation of interval `a` to interval `b`.

    Parameters
    ----------
    a, b : str, datetime.date or Interval
        Closed intervals of days. ``2018-09-07`` *meets* ``2018-09-08``, because no day lies
        between them, and two intervals that share one day *overlap*.

    Returns
    -------
    str
        One of the thirteen keys of `ALLEN`.

    Raises
    ------
    ReaderError
        For sets of dates and for intervals with an unknown end.
    """
    (a1, a2), (b1, b2) = _ends(a), _ends(b)
    if a2 < b1:
        return "before"
    if a2 == b1:
        return "meets"
    if b2 < a1:
        return "after"
    if b2 == a1:
        return "met by"
    if a1 == b1:
        return "equals" if a2 == b2 else "starts" if a2 < b2 else "started by"
    if a2 == b2:
        return "finishes" if a1 > b1 else "finished by"
    if a1 < b1:
        return "contains" if a2 > b2 else "overlaps"
    return "during" if a2 < b2 else "overlapped by"


def _day(value) -> date:
    item = as_interval(value)
    if item.parts or item.first is None or item.first != item.last:
        raise ReaderError(f"{item} is not a single day.")
    return item.first


def weekday(day) -> str:
    """Return the English name of the weekday of a day (EDTF text or a date).

    Examples
    --------
    >>> weekday("2018-09-07")
    'Friday'
    """
    return WEEKDAYS[_day(day).weekday()]


def days_named(name: str, within) -> list[date]:
    """Return every day with this weekday name within an interval, in order.

    Parameters
    ----------
    name : str
        English name of a weekday; case does not matter.
    within : str, datetime.date or Interval
        With two closed ends.

    Examples
    --------
    >>> [day.isoformat() for day in days_named("Friday", "2018-08-20/2018-09-07")]
    ['2018-08-24', '2018-08-31', '2018-09-07']
    """
    wanted = str(name).strip().capitalize()
    if wanted not in WEEKDAYS:
        raise ReaderError(f"{name!r} is not a weekday: write one of {', '.join(WEEKDAYS)}.")
    item = as_interval(within)
    if item.days is None:
        raise ReaderError(f"{item} has no end, so its {wanted}s can't be listed.")
    return [day for day in (item.first + timedelta(days=n)
                            for n in range((item.last - item.first).days + 1))
            if day.weekday() == WEEKDAYS.index(wanted) and (not item.parts or day in item)]


def days_between(a, b) -> int:
    """Return the number of days from day `a` to day `b`; negative if `b` comes first.

    Examples
    --------
    >>> days_between("2018-09-07", "2018-09-17")
    10
    """
    return (_day(b) - _day(a)).days
