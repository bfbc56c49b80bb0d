"""Topic 04: what could be known, events and how their dates are drawn.

What `could_know` must answer is read off a calendar: a closed interval of days lies before,
after or across another. Deixis: test_deixis.py.
"""

from __future__ import annotations

from datetime import date

import matplotlib as mpl

mpl.use("Agg")

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader import timeline
from reader.dates import parse_edtf
from reader.errors import ReaderError
from reader.timeline import could_know, events, precision

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))

# --- what could be known -----------------------------------------------------------------


@pytest.mark.parametrize(("event", "published", "expected"), [
    ("2018-09-06", "2018-09-07", "yes"),               # over the day before
    ("2018-09-07", "2018-09-07", "depends"),           # the same day settles nothing
    ("2018-09-08", "2018-09-07", "no"),                # begins the day after
    ("2018-07-31", "2018-08", "yes"),
    ("2018-08-01", "2018-08", "depends"),              # first possible day
    ("2018-08-31", "2018-08", "depends"),              # last possible day
    ("2018-09-01", "2018-08", "no"),
    ("2018-08-20/2018-09-10", "2018-08-25", "depends"),     # under way
    ("2018-08", "2018-09-01", "yes"),
    ("2019-04-30/..", "2030-01-01", "depends"),        # without an end it is never over
    ("2019-04-30/..", "2019-04-29", "no"),
    ("../2018-01-01", "2018-01-02", "yes"),
    ("{2019-05-08,2019-05-22,2019-05-26}", "2019-05-27", "yes"),
    ("{2019-05-08,2019-05-22,2019-05-26}", "2019-05-24", "depends"),    # two of three
    ("{2019-05-08,2019-05-22,2019-05-26}", "2019-05-07", "no"),
    ("2018-09-10", "2018-09-17/..", "yes"),
    ("2020-01-01", "2018-09-17/..", "depends"),
    ("2020-01-01", "../2018-09-17", "no"),
    (date(2018, 9, 6), date(2018, 9, 7), "yes"),
    # columns of events(): a missing last day is an open end
    ((pd.Timestamp(2019, 4, 30), pd.NaT), "2019-05", "depends"),
])
def test_dates_settle_yes_or_no_or_nothing(event, published, expected):
    assert could_know(event, published) == expected


@given(DAYS, DAYS, DAYS, DAYS)
def test_the_answer_agrees_with_every_single_pair_of_days(a, b, c, d):
    event, published = sorted([a, b]), sorted([c, d])
    answer = could_know(tuple(event), tuple(published))
    ends = {could_know(e, p) for e in event for p in published}
    if answer in ("yes", "no"):
        assert ends == {answer}
    else:
        assert ends != {"yes"} and ends != {"no"}


@pytest.mark.parametrize(("event", "published", "told"), [
    ("2018-09-17/", "2018-10", "One end of 2018-09-17/ is unknown"),
    ("2018-09-17", "/2018-10", "is unknown"),
    ("2018-10/2018-09", "2018-11", "before it begins"),
    ("soon", "2018-11", "not a date the course can read"),
    (pd.NaT, "2018-11", "A date is written as text in quotes"),
])
def test_what_is_no_interval_is_refused(event, published, told):
    with pytest.raises(ReaderError, match=told):
        could_know(event, published)


def test_the_horizon_is_what_articles_csv_gives():
    assert str(timeline.horizon("2")) == "2018-09-07"
    assert timeline.horizon("000").days == 31            # all of August 2018
    with pytest.raises(ReaderError, match="There is no article 009"):
        timeline.horizon("009")


# --- events ------------------------------------------------------------------------------


def test_events_come_typed_and_in_the_order_of_time():
    frame = events()
    assert len(frame) == frame["event"].nunique()
    assert frame["event"].iloc[[0, -1]].tolist() == ["H1", "E48"]
    assert frame["first"].dtype == frame["last"].dtype == "datetime64[s]"
    assert frame["first"].is_monotonic_increasing
    row = frame.set_index("event").loc
    assert (row["E06", "first"], row["E06", "last"]) == (
        pd.Timestamp(2016, 12, 1), pd.Timestamp(2016, 12, 31))
    assert (row["E35", "first"], row["E35", "last"]) == (
        pd.Timestamp(2019, 5, 8), pd.Timestamp(2019, 5, 26))
    assert row["E34", "first"] == pd.Timestamp(2019, 4, 30)
    assert pd.isna(row["E34", "last"])


def test_events_of_one_track_and_of_an_interval():
    assert set(events("listing")["event"]) == {"E20", "E26"}
    within = events(within="2018-09-01/2018-09-07")
    assert list(within["event"]) == ["E27", "E28"]      # 4 and 7 September, not 31 August
    # E34 has no end, E35 is on single days: 8, 22 and 26 May, none of them 9 to 21 May
    assert list(events(within="2019-05-09/2019-05-18")["event"]) == ["E34"]
    assert {"E46e", "E48"} < set(events(within="2020-03-05/..")["event"])
    assert events(within="1900").empty
    assert list(events(within="1900").columns) == list(events().columns)


@pytest.mark.parametrize(("arguments", "told"), [
    ({"track": "war"}, "There is no track 'war': the tracks are diplomacy, .* and background"),
    ({"track": "publication"}, "There is no track"),
    ({"within": "2019/2018"}, "before it begins"),
    ({"within": "2018/"}, "One end of 2018/ is unknown"),
])
def test_events_that_can_not_be_chosen(arguments, told):
    with pytest.raises(ReaderError, match=told):
        events(**arguments)


def test_publications_are_as_precise_as_the_course_gives_them():
    frame = timeline.publications()
    assert list(frame.columns) == list(events().columns)
    assert dict(zip(frame["event"], frame["date"], strict=True)) == {
        "000": "2018-08", "001": "2018-09/2018-10", "002": "2018-09-07", "003": "2019-05",
        "004": "2020-02"}
    assert set(frame["track"]) == {"publication"}


def test_counts_of_displaced_people_are_the_rows_of_reference_csv():
    frame = timeline.displacements()
    assert list(frame.columns) == list(events().columns)
    assert set(frame["track"]) == {"humanitarian"}
    assert frame["event"].tolist() == [f"D{n:02d}" for n in range(1, len(frame) + 1)]
    assert "OCHA: more than 38,500 people (displaced in north-west Syria)." in set(
        frame["sentence"])
    assert frame["source"].notna().all()


def test_everything_is_in_the_order_of_time_and_each_id_once():
    frame = timeline.everything()
    assert frame["first"].is_monotonic_increasing
    assert frame["event"].is_unique
    assert set(frame["track"]) == set(timeline.TRACKS)


# --- precision and its figure ------------------------------------------------------------


@pytest.mark.parametrize(("text", "expected"), [
    ("2018-09-07", "day"), ("2018-09-07~", "day"), ("2016-12", "month"), ("2016-12?", "month"),
    ("2018-09-XX", "month"), ("2018", "year"), ("198X", "year"), ("19XX%", "year"),
    ("2018-09-07/2018-09-09", "interval"), ("2018-09/2018-09", "interval"),
    ("2018-09-17/..", "open"), ("../2018", "open"), ("2018/", "open"),
    ("{2018-08-24,2018-08-31}", "all of"), ("[2018-08-24,2018-08-31]", "one of"),
])
def test_precision_is_read_from_how_a_date_is_written(text, expected):
    assert precision(text) == expected


KINDS = ["2018-09-07~", "2018-09", "2018-09-03/2018-09-20", "2018-09-17/..", "../2018-09-10",
         "{2018-08-24,2018-08-31}", "[2018-08-24,2018-08]", "2018?", "2018-09-12"]


def made(dates: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"event": [f"X{n}" for n in range(len(dates))], "date": dates,
                         "sentence": "A ferry leaves."})


def test_the_figure_names_every_date_and_has_a_table():
    shown = timeline.plot_events(made(KINDS), "Ferries")
    assert shown.alt.startswith("9 events on a line of time between 2018-01-01 and 2018-12-31")
    for text in KINDS:
        assert text in shown.alt
    assert list(shown.table["date"]) == KINDS
    assert shown.image.startswith(b"\x89PNG")


def test_each_kind_of_date_is_drawn_differently():
    # One event a figure, the same days about it: the pixels must differ.
    same = ["2018-09-12", "2018-09", "2018-09-01/2018-09-30", "2018-09-01/..", "../2018-09-30",
            "{2018-09-01,2018-09-30}", "[2018-09-01,2018-09-30]", "2018-09~", "2018-09?"]
    from matplotlib import pyplot as plt

    from reader import timeline_plot
    drawn = set()
    for text in same:
        fig, ax = plt.subplots()
        timeline_plot._draw_one(ax, parse_edtf(text), 0, date(2018, 8, 1), date(2018, 10, 31))
        ax.set(xlim=(date(2018, 8, 1), date(2018, 10, 31)), ylim=(-1, 1))
        fig.canvas.draw()
        # One channel of four: the difference must not hang on colour.
        drawn.add(memoryview(fig.canvas.buffer_rgba()).tobytes()[1::4])
        plt.close(fig)
    assert len(drawn) == len(same)


@pytest.mark.parametrize(("frame", "told"), [
    (made([]), "holds no event"),
    (made(["2018-09-07"]).drop(columns="date"), "lacks the column date"),
    (pd.DataFrame({"x": [1]}), "lacks the columns event, date, sentence"),
    (made(["2018-13"]), "no month 13"),
    (made(["2018", None]), r"Row 1 of the table of events has no date \(rows count from 0\)"),
    (made(["2018-02/2018-01"]), "before it begins"),
    (made(["2018"] * 41), "41 events are too many"),
    (pd.concat([made(["2018"]), made(["2019"])]), "Event X0 stands in the table more than once"),
    ([1, 2], "not list"),
])
def test_a_table_that_can_not_be_drawn(frame, told):
    with pytest.raises(ReaderError, match=told):
        timeline.plot_events(frame)


def test_the_hindsight_note_says_what_the_data_card_says():
    for words in ("8 December 2024", "27 February 2026", "July 2025", "January 2023"):
        assert words in timeline.HINDSIGHT
