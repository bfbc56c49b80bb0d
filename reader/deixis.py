"""Words that point at a day from where the writer stands: "on Wednesday", "last September".

What they mean depends on the day the text was written, so they are read against the date of
the document (temporal taggers call it the document creation time: J. Strötgen and M. Gertz,
"Multilingual and cross-domain temporal tagging", Language Resources and Evaluation 47 (2013)
269-298). The rules below are those of this course. They look back where English does not say
which way to look, because news speaks mostly of what has happened. A rule is not a reading: a
sentence on a meeting "in June" may look ahead, and only its reader sees that.

==============================  ========================================================
expression                      days, counted from the document's date
==============================  ========================================================
today, yesterday, tomorrow      that day, the day before, the day after
(on) Wednesday                  the nearest Wednesday not after the document's date
last Wednesday                  the nearest Wednesday before it
next Wednesday                  the nearest Wednesday after it
(in) September                  the latest September that has begun by then
last September                  the latest September that was over by then
next September                  the first September that begins after it
17 September                    the latest 17 September not after it
this, last, next week           the week (Monday to Sunday), the one before, the one after
this, last, next month, year    the same with months and years
earlier this week, month, year  from its first day up to the document's date
later this week, month, year    from the document's date up to its last day
three days ago, in three days   that day
two weeks (months, years) ago   the whole week (month, year) two before this one
in two weeks (months, years)    the whole week (month, year) two after this one
17 September 2018, 2018-09      says all by itself
==============================  ========================================================
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from reader.dates import MONTHS, WEEKDAYS
from reader.edtf import as_interval, edtf, parse_edtf
from reader.errors import ReaderError

_COUNTS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
           "eleven", "twelve")
_CAN = ("today, yesterday, tomorrow; on, last or next Wednesday; in, last or next September; "
        "this, last or next week, month or year; earlier or later this year; three days ago, in "
        "two weeks; 17 September, 17 September 2018 or EDTF")

Span = tuple[date, date]


def _week(day: date, step: int = 0) -> Span:
    monday = day + timedelta(7 * step - day.weekday())
    return monday, monday + timedelta(6)


def _month(day: date, step: int = 0) -> Span:
    year, month = divmod(day.year * 12 + day.month - 1 + step, 12)
    return date(year, month + 1, 1), date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def _year(day: date, step: int = 0) -> Span:
    return date(day.year + step, 1, 1), date(day.year + step, 12, 31)


def _one_day(day: date, step: int = 0) -> Span:
    return (day + timedelta(step),) * 2


_UNITS: dict[str, Callable[..., Span]] = {
    "day": _one_day, "week": _week, "month": _month, "year": _year}
_UNIT, _PAST = "week|month|year", r"(?P<unit>day|week|month|year)s?"
_DAYS, _NAMES = "|".join(WEEKDAYS).lower(), "|".join(MONTHS).lower()
_MANY = rf"(?P<many>\d{{1,3}}|an?|{'|'.join(_COUNTS[1:])})"


def _many(word: str) -> int:
    return int(word) if word.isdigit() else _COUNTS.index(word) if word in _COUNTS else 1


def _weekday(day: date, which: str, name: str) -> Span:
    back = (day.weekday() - WEEKDAYS.index(name.capitalize())) % 7
    if which == "next":
        return _one_day(day, 7 - back)
    return _one_day(day, -(back or 7) if which == "last" else -back)


def _named_month(day: date, which: str, name: str) -> Span:
    back = (day.month - 1 - MONTHS.index(name.capitalize())) % 12
    if which == "next":
        return _month(day, 12 - back)
    return _month(day, -(back or 12) if which == "last" else -back)


def _day_of_month(day: date, number: str, name: str, year: str | None) -> Span:
    month = MONTHS.index(name.capitalize()) + 1
    # Eight years hold every date of the calendar, 29 February too.
    for tried in [int(year)] if year else range(day.year, day.year - 9, -1):
        if 0 < int(number) <= calendar.monthrange(tried, month)[1]:
            found = date(tried, month, int(number))
            if year or found <= day:
                return found, found
    raise ReaderError(f"There is no {number} {name.capitalize()}{f' {year}' if year else ''}.")


def _part(day: date, which: str, unit: str) -> Span:
    first, last = _UNITS[unit](day)
    return (first, day) if which == "earlier" else (day, last)


#: Pattern of the whole expression, and the days it means, counted from a day.
_RULES: list[tuple[str, Callable[[date, re.Match], Span]]] = [
    (r"yesterday|today|tomorrow", lambda day, m: _one_day(
        day, ("yesterday", "today", "tomorrow").index(m[0]) - 1)),
    (rf"(?:on |(?P<which>last |next ))?(?P<name>{_DAYS})",
     lambda day, m: _weekday(day, (m["which"] or "").strip(), m["name"])),
    (rf"(?:in |(?P<which>last |next ))?(?P<name>{_NAMES})",
     lambda day, m: _named_month(day, (m["which"] or "").strip(), m["name"])),
    (rf"(?P<which>this|last|next) (?P<unit>{_UNIT})", lambda day, m: _UNITS[m["unit"]](
        day, ("last", "this", "next").index(m["which"]) - 1)),
    (rf"(?P<which>earlier|later) this (?P<unit>{_UNIT})",
     lambda day, m: _part(day, m["which"], m["unit"])),
    (rf"{_MANY} {_PAST} ago", lambda day, m: _UNITS[m["unit"]](day, -_many(m["many"]))),
    (rf"in {_MANY} {_PAST}", lambda day, m: _UNITS[m["unit"]](day, _many(m["many"]))),
    (rf"(?:on )?(?P<day>\d{{1,2}}) (?P<name>{_NAMES})(?: (?P<year>\d{{4}}))?",
     lambda day, m: _day_of_month(day, m["day"], m["name"], m["year"])),
    (rf"(?:on )?(?P<name>{_NAMES}) (?P<day>\d{{1,2}})(?: (?P<year>\d{{4}}))?",
     lambda day, m: _day_of_month(day, m["day"], m["name"], m["year"])),
    (rf"(?:in )?(?P<name>{_NAMES}) (?P<year>\d{{4}})",
     lambda day, m: _month(date(int(m["year"]), MONTHS.index(m["name"].capitalize()) + 1, 1))),
    (r"(?:in )?(?P<year>\d{4})", lambda day, m: _year(date(int(m["year"]), 1, 1))),
]
_EDTF = re.compile(r"[0-9X~?%/.,{}\[\] -]+")
_COMPILED = [(re.compile(pattern, re.ASCII), rule) for pattern, rule in _RULES]


def normalise(expression: str, document_date) -> str:
    """Return the days that an expression of time means, as EDTF.

    Parameters
    ----------
    expression : str
        Such as ``"on Wednesday"``, ``"last September"`` or ``"earlier this year"``; the table
        at the top of `reader.deixis` states every rule. Case and commas do not matter. A full
        date and EDTF come back as EDTF.
    document_date : str, datetime.date or Interval
        When the document was published. A month will do where every day of it gives the same
        answer; for *earlier* and *later* it gives the widest span.

    Returns
    -------
    str
        EDTF of whole days.

    Raises
    ------
    ReaderError
        For an expression that no rule reads ("recently": how long that is, only a person can
        say), and where the answer depends on the day within `document_date`.

    Examples
    --------
    >>> normalise("on Friday", "2021-03-17")
    '2021-03-12'
    >>> normalise("last August", "2021-03")
    '2020-08'
    """
    if not isinstance(expression, str) or not expression.strip():
        raise ReaderError("Give normalise() an expression of time, such as 'on Wednesday'.")
    document = as_interval(document_date)
    if document.first is None or document.last is None:
        raise ReaderError(f"The document's date {document} has an open end: expressions are "
                          f"counted from a day, such as '2020-02-20'.")
    words = " ".join(expression.replace(",", " ").lower().split())
    reading = next(((rule, found) for pattern, rule in _COMPILED
                    if (found := pattern.fullmatch(words))), None)
    if reading is None:
        if _EDTF.fullmatch(expression.strip()):
            return str(parse_edtf(expression))
        raise ReaderError(f"No rule reads {expression!r}: it can be {_CAN}.")
    rule, found = reading
    try:
        early, late = rule(document.first, found), rule(document.last, found)
    except (ValueError, OverflowError) as error:
        if isinstance(error, ReaderError):
            raise
        raise ReaderError(f"{expression!r} leads out of the years 0001 to 9999.") from None
    if early != late and not words.startswith(("earlier", "later")):
        raise ReaderError(f"{expression!r} needs the day of the document: counted from "
                          f"{document.first} it is {edtf(*early)}, from {document.last} "
                          f"{edtf(*late)}.")
    if words.startswith("earlier") and early[0] != late[0] or \
            words.startswith("later") and early[1] != late[1]:
        raise ReaderError(f"{expression!r} is not settled for {document}: it begins in one "
                          f"{words.split()[-1]} and ends in another.")
    return edtf(min(early[0], late[0]), max(early[1], late[1]))
