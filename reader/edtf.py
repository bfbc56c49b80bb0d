"""Read and write dates in the Extended Date/Time Format, as intervals of whole days.

Conventions, stated once:

* A day is the whole day, from its midnight to the next. ``2018-09-07/2018-09-09`` are three
  days, both ends included.
* ``~`` (about), ``?`` (uncertain) and ``%`` (both) are kept in ``Interval.qualifier`` and
  do not change ``first`` and ``last``: how wide "about" is, only a person can say.
* An open end (``..``) means "without limit"; an end that is left out is unknown. Neither has
  a day.

Reference: Extended Date/Time Format specification, Library of Congress, 2019, levels 0-2.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import date

from reader.errors import ReaderError

_FORMS = "2018-09-07 (a day), 2018-09 (a month), 2018 (a year) or 2018-09-17/2018-10-10 (from " \
         "the first day to the last). Lesson 04 shows more forms"
_DATE = re.compile(r"(\d{4}|\d{3}X|\d{2}XX)(?:-(\d{2}|XX)(?:-(\d{2}|XX))?)?([~?%])?",
                   re.ASCII)


@dataclass(frozen=True)
class Interval:
    """Days from `first` to `last`, both included.

    Attributes
    ----------
    first, last : datetime.date or None
        None where the interval is open or its end is unknown. For a set or a choice of
        dates, the earliest and the latest day of all.
    text : str
        The EDTF it was read from.
    kind : str
        ``"interval"``, ``"one of"`` (``[a,b]``) or ``"all of"`` (``{a,b}``).
    parts : tuple of Interval
        The members of a set or choice; empty otherwise.
    qualifier : str
        ``""``, ``"~"``, ``"?"`` or ``"%"``, as written on any of its dates.
    """

    first: date | None
    last: date | None
    text: str = field(compare=False, default="")
    kind: str = "interval"
    parts: tuple[Interval, ...] = ()
    qualifier: str = field(compare=False, default="")

    @property
    def days(self) -> int | None:
        """Number of days it covers; None if an end is open."""
        if self.parts:
            counts = [part.days for part in self.parts]
            return None if None in counts else sum(counts)
        if self.first is None or self.last is None:
            return None
        return (self.last - self.first).days + 1

    @property
    def unknown(self) -> bool:
        """Whether an end is unknown (empty), which is less than open (``..``)."""
        return not self.parts and (self.text.startswith("/") or self.text.endswith("/"))

    def __contains__(self, day) -> bool:
        other = as_interval(day)
        if self.parts:
            return any(other in part for part in self.parts)
        return ((self.first or date.min) <= (other.first or date.min)
                and (other.last or date.max) <= (self.last or date.max))

    def __str__(self) -> str:
        return self.text or edtf(self.first, self.last)

    def __repr__(self) -> str:
        return f"Interval {self}"


def edtf(first: date | None, last: date | None) -> str:
    """Write an interval of days as EDTF, as short as it can be.

    Examples
    --------
    >>> edtf(date(2019, 5, 1), date(2019, 5, 31))
    '2019-05'
    """
    if first is None or last is None:
        return f"{first or '..'}/{last or '..'}"
    if first == last:
        return first.isoformat()
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) \
            and first.year == last.year:
        return f"{first.year:04d}"
    if first.day == 1 and (first.year, first.month) == (last.year, last.month) \
            and last.day == calendar.monthrange(last.year, last.month)[1]:
        return f"{first:%Y-%m}"
    return f"{first}/{last}"


def _bad(text, why: str) -> ReaderError:
    return ReaderError(f"{text!r} is not a date the course can read: {why}")


def _one(text: str, whole: str) -> Interval:
    found = _DATE.fullmatch(text)
    if not found:
        raise _bad(whole, f"write it as {_FORMS}.")
    year, month, day, qualifier = found.groups()
    low, high = int(year.replace("X", "0")), int(year.replace("X", "9"))
    month, day = (None if part in (None, "XX") else int(part) for part in (month, day))
    if low == 0:
        raise _bad(whole, "the course's dates begin with year 0001.")
    if (month or day) and low != high:
        raise _bad(whole, "a month needs a full year.")
    if day and not month:
        raise _bad(whole, "a day needs a month.")
    if month is not None and not 1 <= month <= 12:
        raise _bad(whole, f"there is no month {month:02d}.")
    final = calendar.monthrange(high, month or 12)[1]
    if day is not None and not 1 <= day <= final:
        raise _bad(whole, f"{low:04d}-{month:02d} has {final} days.")
    return Interval(date(low, month or 1, day or 1), date(high, month or 12, day or final),
                    text, qualifier=qualifier or "")


def _span(start: Interval | None, stop: Interval | None, whole: str) -> Interval:
    first, last = start and start.first, stop and stop.last
    if first and last and first > last:
        raise _bad(whole, f"it ends ({last}) before it begins ({first}).")
    marks = {item.qualifier for item in (start, stop) if item and item.qualifier}
    return Interval(first, last, whole, qualifier=marks.pop() if len(marks) == 1 else
                    "%" if marks else "")


def _members(text: str) -> Interval:
    parts = []
    for member in text[1:-1].split(","):
        member = member.strip()
        if ".." in member:
            ends = member.split("..")
            if len(ends) != 2 or not any(ends):
                raise _bad(text, "a range in brackets is written 2018-08-24..2018-08-31.")
            parts.append(_span(*(_one(end, text) if end else None for end in ends), text))
        else:
            parts.append(_one(member, text))
    kind = "one of" if text[0] == "[" else "all of"
    firsts, lasts = [part.first for part in parts], [part.last for part in parts]
    return Interval(None if None in firsts else min(firsts), None if None in lasts else max(lasts),
                    text, kind, tuple(parts))


def parse_edtf(text: str) -> Interval:
    """Read a date in the Extended Date/Time Format.

    Parameters
    ----------
    text : str
        A day, month, year, decade (``198X``) or century (``19XX``), with ``XX`` for an
        unknown day or month and ``~``, ``?`` or ``%`` behind it; an interval ``a/b``, with
        ``..`` for an open end and nothing for an unknown one; one of a set ``[a,b]`` or
        ``[a..b]``; all of a set ``{a,b}``.

    Returns
    -------
    Interval

    Raises
    ------
    ReaderError
        When it is no such date; the message says what is wrong with it.

    Examples
    --------
    >>> parse_edtf("2018-09/2018-10").last
    datetime.date(2018, 10, 31)
    """
    if not isinstance(text, str):
        raise ReaderError(f"A date is written as text in quotes, such as '2018-09-07', "
                          f"not as {type(text).__name__}.")
    whole = text.strip()
    if whole[:1] in "[{" and whole[-1:] in "]}" and len(whole) > 2:
        if whole[0] + whole[-1] not in ("[]", "{}"):
            raise _bad(whole, "its brackets do not belong together.")
        return _members(whole)
    if "/" in whole:
        # Spaces beside the slash are not EDTF, but they leave no doubt.
        ends = [end.strip() for end in whole.split("/")]
        whole = "/".join(ends)
        if len(ends) != 2 or not any(end.strip(".") for end in ends):
            raise _bad(whole, "write a day with hyphens, the year first, as in 2018-09-07. With a "
                              "slash, an interval has two ends, at least one of them a date.")
        return _span(*(None if end in ("", "..") else _one(end, whole) for end in ends), whole)
    return _one(whole, whole)


def as_interval(value) -> Interval:
    """Return EDTF text, a date, a pair of dates or an Interval as an Interval.

    Of a pair, an end that is missing (None, or pandas' NaT) is open.
    """
    if isinstance(value, Interval):
        return value
    if isinstance(value, tuple) and len(value) == 2:
        # pandas writes a missing day as NaT, which is not even equal to itself.
        ends = [None if end is None or end != end else as_interval(end) for end in value]
        return _span(*ends, f"{ends[0] or '..'}/{ends[1] or '..'}")
    if hasattr(value, "isoformat") and value == value:
        day = date.fromisoformat(value.isoformat()[:10])
        return Interval(day, day, day.isoformat())
    return parse_edtf(value)
