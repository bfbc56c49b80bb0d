"""Deixis: words that point at a day from where the writer stands.

Weekdays are worked out by hand from one day that everyone can look up: 2020-02-19 was a
Wednesday (foundation 1.1, computed), so 2020-02-20 a Thursday and 2020-02-17 a Monday.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.dates import WEEKDAYS, parse_edtf, weekday
from reader.errors import ReaderError
from reader.timeline import normalise

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
THURSDAY = "2020-02-20"


@pytest.mark.parametrize(("expression", "document", "expected"), [
    ("today", THURSDAY, "2020-02-20"),
    ("yesterday", "2020-03-01", "2020-02-29"),          # 2020 is a leap year
    ("yesterday", "2019-03-01", "2019-02-28"),          # 2019 is not
    ("tomorrow", "2019-12-31", "2020-01-01"),
    # a weekday is the nearest one not after the document's date; the day itself counts
    ("on Wednesday", THURSDAY, "2020-02-19"),
    ("Wednesday", THURSDAY, "2020-02-19"),
    ("on Thursday", THURSDAY, THURSDAY),
    ("on Friday", THURSDAY, "2020-02-14"),              # not tomorrow: it looks back
    ("ON  wednesday", THURSDAY, "2020-02-19"),
    # "last" and "next" never mean the day itself
    ("last Thursday", THURSDAY, "2020-02-13"),
    ("last Wednesday", THURSDAY, "2020-02-19"),
    ("next Thursday", THURSDAY, "2020-02-27"),
    ("next Friday", THURSDAY, "2020-02-21"),
    # a month by its name: begun, over, or still to begin
    ("last September", "2019-05-27", "2018-09"),
    ("last September", "2018-10-01", "2018-09"),        # over by 1 October
    ("last September", "2018-09-30", "2017-09"),        # not over yet
    ("in September", "2018-09-01", "2018-09"),          # begun
    ("September", "2018-08-31", "2017-09"),
    ("next June", "2019-05-27", "2019-06"),
    ("next May", "2019-05-01", "2020-05"),
    # units of the calendar
    ("last month", "2020-01-31", "2019-12"),
    ("this month", THURSDAY, "2020-02"),
    ("next month", "2019-05-27", "2019-06"),
    ("last year", "2020-01-01", "2019"),
    ("this week", THURSDAY, "2020-02-17/2020-02-23"),   # Monday to Sunday
    ("last week", "2020-02-17", "2020-02-10/2020-02-16"),
    ("next week", "2020-02-23", "2020-02-24/2020-03-01"),
    ("earlier this year", "2018-08-25", "2018-01-01/2018-08-25"),
    ("later this month", THURSDAY, "2020-02-20/2020-02-29"),
    ("earlier this month", "2019-05-31", "2019-05"),    # all of it
    # so many units away: a day is a day, a week the whole week
    ("three days ago", "2020-03-02", "2020-02-28"),     # 1 March, 29 and 28 February
    ("a week ago", THURSDAY, "2020-02-10/2020-02-16"),
    ("2 months ago", "2019-01-15", "2018-11"),
    ("in two weeks", THURSDAY, "2020-03-02/2020-03-08"),
    ("four years ago", "2020-02-29", "2016"),
    # days of a month, with and without the year
    ("17 September", "2018-09-16", "2017-09-17"),
    ("on September 17", "2018-09-17", "2018-09-17"),
    ("29 February", "2019-03-01", "2016-02-29"),
    ("29 February", "1907-01-01", "1904-02-29"),
    ("29 February", "1903-06-01", "1896-02-29"),        # 1900 had none: seven years back
    ("January 26, 2020", THURSDAY, "2020-01-26"),
    ("26 January 2020", "1999", "2020-01-26"),
    ("September 2018", THURSDAY, "2018-09"),
    ("in 2018", THURSDAY, "2018"),
    ("2018-09-17/..", THURSDAY, "2018-09-17/.."),
    # a month is enough where every day of it gives the same answer
    ("last September", "2019-05", "2018-09"),
    ("last year", "2019-05", "2018"),
    ("earlier this year", "2018-08", "2018-01-01/2018-08-31"),   # the widest span
    ("later this year", "2018-08", "2018-08-01/2018-12-31"),
])
def test_an_expression_is_counted_from_the_documents_date(expression, document, expected):
    assert normalise(expression, document) == expected


@pytest.mark.parametrize(("expression", "document", "told"), [
    ("recently", THURSDAY, "No rule reads 'recently': it can be today, yesterday"),
    ("in recent days", THURSDAY, "No rule reads"),
    ("this Friday", THURSDAY, "No rule reads"),         # past or to come: English leaves it open
    ("2018-09-31", THURSDAY, "2018-09 has 30 days"),
    ("31 June", THURSDAY, "There is no 31 June"),
    ("0 May 2019", THURSDAY, "There is no 0 May 2019"),
    ("29 February 2019", THURSDAY, "There is no 29 February 2019"),
    ("on Wednesday", "2020-02", "needs the day of the document: counted from 2020-02-01 it is "
                                "2020-01-29, from 2020-02-29 2020-02-26"),
    ("earlier this month", "2018-09/2018-10", "begins in one month and ends in another"),
    ("on Wednesday", "2020-02-20/..", "has an open end"),
    ("on Wednesday", "2020-02-10/2020-02-01", "ends .* before it begins"),
    ("on Wednesday", "20.2.2020", "not a date the course can read"),
    ("last year", "0001", "leads out of the years"),
    ("in 900 years", "9999", "leads out of the years"),
    ("", THURSDAY, "Give normalise"),
    (None, THURSDAY, "Give normalise"),
])
def test_what_no_rule_settles_is_said_in_one_sentence(expression, document, told):
    with pytest.raises(ReaderError, match=told):
        normalise(expression, document)


@given(DAYS, st.sampled_from(WEEKDAYS))
def test_a_weekday_is_that_weekday_and_at_most_a_week_away(day, name):
    bare, last, following = (date.fromisoformat(normalise(f"{word} {name}".strip(), day))
                             for word in ("", "last", "next"))
    assert {weekday(bare), weekday(last), weekday(following)} == {name}
    assert timedelta(0) <= day - bare < timedelta(7)
    assert timedelta(1) <= day - last <= timedelta(7)
    assert timedelta(1) <= following - day <= timedelta(7)


@given(DAYS)
def test_next_month_of_the_month_before_is_this_month(day):
    before = parse_edtf(normalise("last month", day))
    assert normalise("next month", before.last) == normalise("this month", day)
    assert before.last + timedelta(1) == parse_edtf(normalise("this month", day)).first
