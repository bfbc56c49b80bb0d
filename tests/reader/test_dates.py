"""Dates. The expected days were worked out by hand; the reasoning stands beside them."""

from __future__ import annotations

import importlib.util
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.dates import (
    ALLEN,
    Interval,
    allen,
    as_interval,
    days_between,
    days_named,
    edtf,
    parse_edtf,
    weekday,
)
from reader.errors import ReaderError

D = date.fromisoformat


@pytest.mark.parametrize(("text", "first", "last", "days"), [
    ("2018-09-07", "2018-09-07", "2018-09-07", 1),
    ("2018-09", "2018-09-01", "2018-09-30", 30),          # September has 30 days
    ("2018-02", "2018-02-01", "2018-02-28", 28),
    ("2020-02", "2020-02-01", "2020-02-29", 29),          # 2020 is a leap year, 2018 is not
    ("2018", "2018-01-01", "2018-12-31", 365),
    ("198X", "1980-01-01", "1989-12-31", 3653),           # 10 x 365, and 1980, 84, 88 are leap
    ("2018-09-XX", "2018-09-01", "2018-09-30", 30),       # a day, but which is not known
    ("2018-XX-XX", "2018-01-01", "2018-12-31", 365),
    ("2018-09/2018-10", "2018-09-01", "2018-10-31", 61),  # 30 + 31
    ("2018-08-24/2018-08-28", "2018-08-24", "2018-08-28", 5),  # 24 25 26 27 28: both ends count
    ("2018~/2019", "2018-01-01", "2019-12-31", 730),
    ("[2018-08-24..2018-08-28]", "2018-08-24", "2018-08-28", 5),
    ("[2018-08-24,2018-08-31]", "2018-08-24", "2018-08-31", 2),
    ("{2019-05-08, 2019-05-22, 2019-05-26}", "2019-05-08", "2019-05-26", 3),
])
def test_first_and_last_day(text, first, last, days):
    found = parse_edtf(text)
    assert (found.first, found.last, found.days) == (D(first), D(last), days)
    assert str(found) == text


@pytest.mark.parametrize(("text", "first", "last", "unknown"), [
    ("2018-09-17/..", "2018-09-17", None, False), ("../2018-10", None, "2018-10-31", False),
    ("2018-09-17/", "2018-09-17", None, True), ("/2018-10", None, "2018-10-31", True),
])
def test_open_and_unknown_ends(text, first, last, unknown):
    found = parse_edtf(text)
    assert (found.first, found.last) == (first and D(first), last and D(last))
    assert found.days is None
    assert found.unknown is unknown


@pytest.mark.parametrize(("text", "qualifier"), [
    ("2018-08~", "~"), ("2018-08?", "?"), ("2018-08%", "%"), ("2018-08", ""),
    ("2018-08~/2018-09~", "~"), ("2018-08~/2018-09?", "%"),
])
def test_a_qualifier_is_kept_and_changes_no_day(text, qualifier):
    found = parse_edtf(text)
    assert found.qualifier == qualifier
    assert found.first == date(2018, 8, 1)


@pytest.mark.parametrize(("text", "told"), [
    ("2018-13", "there is no month 13"), ("2018-02-30", "2018-02 has 28 days"),
    ("2018/2017", r"it ends \(2017-12-31\) before it begins \(2018-01-01\)"),
    ("../..", "at least one of them a date"), ("a/b/c", "an interval has two ends"),
    ("198X-05", "a month needs a full year"), ("2018-XX-05", "a day needs a month"),
    ("[2018}", "its brackets do not belong together"), ("[..]", "a range in brackets"),
    ("7 September 2018", "write it as 2018-09-07"), ("20180907", "write it as"),
    ("0000", "begin with year 0001"), ("", "write it as"), ("{}", "write it as"),
    ("2018-9-7", "write it as"), ("\u0662\u0660\u0661\u0668", "write it as"),
])
def test_what_is_no_date_is_refused_with_the_reason(text, told):
    with pytest.raises(ReaderError, match=told):
        parse_edtf(text)


@pytest.mark.parametrize("value", [2018, None, ["2018"]])
def test_other_types_are_refused_in_plain_words(value):
    with pytest.raises(ReaderError, match="written as text in quotes"):
        parse_edtf(value)


def test_dates_pairs_and_intervals_are_read_too():
    assert as_interval(datetime(2018, 9, 7, 12)) == Interval(D("2018-09-07"), D("2018-09-07"))
    assert as_interval((D("2018-09-07"), "2018-09")).last == D("2018-09-30")
    assert as_interval((None, D("2018-09-07"))).first is None


def test_a_set_contains_its_members_and_nothing_between_them():
    found = parse_edtf("{2019-05-08,2019-05-22}")
    assert "2019-05-08" in found
    assert "2019-05-15" not in found
    assert D("2018-09-30") in parse_edtf("2018-09-17/..")
    assert str(parse_edtf(" 2018-08-24 / 2018-08-30 ")) == "2018-08-24/2018-08-30"
    assert repr(parse_edtf("2018-08")) == "Interval 2018-08"
    assert "2018-09" not in parse_edtf("2018-09-17/..")


# --- writing -----------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "last", "text"), [
    ("2018-09-07", "2018-09-07", "2018-09-07"), ("2019-05-01", "2019-05-31", "2019-05"),
    ("2018-01-01", "2018-12-31", "2018"), ("2019-05-26", "2019-05-31", "2019-05-26/2019-05-31"),
    ("2018-02-01", "2018-02-28", "2018-02"), ("2020-02-01", "2020-02-28", "2020-02-01/2020-02-28"),
    (None, "2018-09-07", "../2018-09-07"), ("2018-09-07", None, "2018-09-07/.."),
])
def test_edtf_is_as_short_as_it_can_be(first, last, text):
    assert edtf(first and D(first), last and D(last)) == text


days = st.dates(date(1, 1, 1), date(9999, 12, 31))


@given(days, st.integers(0, 800))
def test_what_is_written_is_read_again(first, length):
    last = min(date.max.toordinal(), first.toordinal() + length)
    pair = first, date.fromordinal(last)
    found = parse_edtf(edtf(*pair))
    assert (found.first, found.last) == pair


# --- relations ---------------------------------------------------------------------------


#: Relation of each to 10-19 September 2018.
ONE_OF_EACH = {
    "2018-09-01/2018-09-08": "before",         # the 9th lies between them
    "2018-09-01/2018-09-09": "meets",          # the 9th ends where the 10th begins
    "2018-09-01/2018-09-10": "overlaps",       # they share the 10th
    "2018-09-10/2018-09-18": "starts",
    "2018-09-11/2018-09-18": "during",
    "2018-09-11/2018-09-19": "finishes",
    "2018-09-10/2018-09-19": "equals",
    "2018-09-09/2018-09-19": "finished by",
    "2018-09-09/2018-09-20": "contains",
    "2018-09-10/2018-09-20": "started by",
    "2018-09-19/2018-09-20": "overlapped by",  # they share the 19th
    "2018-09-20": "met by",
    "2018-09-21": "after",
}


@pytest.mark.parametrize(("a", "relation"), ONE_OF_EACH.items())
def test_one_of_each_relation(a, relation):
    assert allen(a, "2018-09-10/2018-09-19") == relation
    assert allen("2018-09-10/2018-09-19", a) == ALLEN[relation]


def test_the_thirteen_relations_are_all_there():
    assert set(ONE_OF_EACH.values()) == set(ALLEN)
    assert len(ALLEN) == 13


@pytest.mark.parametrize(("a", "b", "relation"), [
    ("2018-09-07", "2018-09-08", "meets"), ("2018-09-07", "2018-09", "during"),
    ("2018-09-01", "2018-09", "starts"), ("2018-09-17/..", "2018", "overlapped by"),
    ("../2018-09-17", "2018-09-17/..", "overlaps"), ("2018-09-17/..", "2018-10/..", "finished by"),
    ("../2018", "../2019", "starts"),
])
def test_days_months_and_open_ends(a, b, relation):
    assert allen(a, b) == relation


@given(days, st.integers(0, 9), days, st.integers(0, 9))
def test_a_relation_and_its_converse_belong_together(a, n, b, m):
    # Near each other, so that more than "before" and "after" comes up.
    b = a + (b - a) % timedelta(days=20) if b >= a else a
    try:
        one, two = (a, a + timedelta(days=n)), (b, b + timedelta(days=m))
    except OverflowError:
        return
    assert ALLEN[allen(one, two)] == allen(two, one)


@pytest.mark.parametrize("value", ["{2018,2019}", "[2018,2019]", "2018/", "/2018"])
def test_what_is_no_settled_interval_has_no_relation(value):
    with pytest.raises(ReaderError, match="not one interval|unknown"):
        allen(value, "2018")


# --- weekdays ----------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "name"), [
    # The speech of 004 P5, the Tehran summit, the memorandum; and a day from the almanac.
    ("2020-02-19", "Wednesday"), ("2018-09-07", "Friday"), ("2018-09-17", "Monday"),
    ("2000-01-01", "Saturday"),
])
def test_weekday(day, name):
    assert weekday(day) == name


def test_the_fridays_that_000_may_mean():
    assert days_named("friday", "2018-08-20/2018-09-07") == [
        D("2018-08-24"), D("2018-08-31"), D("2018-09-07")]
    assert days_named("Wednesday", "2020-02") == [
        D("2020-02-05"), D("2020-02-12"), D("2020-02-19"), D("2020-02-26")]
    assert days_named("Friday", "{2018-08-24,2018-08-30}") == [D("2018-08-24")]


def test_days_between_counts_steps_not_days():
    assert days_between("2018-09-07", "2018-09-17") == 10
    assert days_between("2018-09-17", "2018-09-07") == -10
    assert days_between("2020-02-28", "2020-03-01") == 2  # over the 29th


@pytest.mark.parametrize(("call", "told"), [
    (lambda: weekday("2018-09"), "2018-09 is not a single day"),
    (lambda: days_between("2018", "2019-01-01"), "2018 is not a single day"),
    (lambda: days_named("Freitag", "2018"), "'Freitag' is not a weekday"),
    (lambda: days_named("Friday", "2018/.."), "has no end"),
])
def test_questions_without_an_answer_are_refused(call, told):
    with pytest.raises(ReaderError, match=told):
        call()


# --- other implementations ---------------------------------------------------------------

SHARED = ["2018-09-07", "2018-09", "2018", "2018-09/2018-10", "198X", "2018-09-XX"]


@pytest.mark.skipif(importlib.util.find_spec("edtf") is None, reason="edtf is not installed")
@pytest.mark.parametrize("text", SHARED)
def test_agrees_with_edtf(text):
    from edtf import parse_edtf as other
    found, theirs = parse_edtf(text), other(text)
    assert (found.first, found.last) == tuple(
        date(*part[:3]) for part in (theirs.lower_strict(), theirs.upper_strict()))


@pytest.mark.skipif(importlib.util.find_spec("undate") is None, reason="undate is not installed")
@pytest.mark.parametrize("text", SHARED)
def test_agrees_with_undate(text):
    from undate import Undate
    found, theirs = parse_edtf(text), Undate.parse(text, "EDTF")
    first, last = theirs.earliest, theirs.latest
    if "/" in text:  # the ends of an interval are dates of its own there
        first, last = first.earliest, last.latest
    assert (str(found.first), str(found.last)) == (str(first), str(last))
