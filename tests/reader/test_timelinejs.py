"""TimelineJS JSON, compared with the documented format (knightlab2026 in references.bib).

What it must look like was read from https://timeline.knightlab.com/docs/json-format.html and
from src/js/core/TimelineConfig.js of TimelineJS3 at 27f700e. By hand, outside this suite: the
published package @knight-lab/timelinejs 3.9.11 loaded all 62 slides without an error.
"""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.errors import ReaderError
from reader.timeline import events, publications
from reader.timelinejs import check_timelinejs, save_timelinejs, timelinejs


def slide(text: str, **more) -> dict:
    frame = pd.DataFrame([{"event": "X1", "date": text, "sentence": "A ferry leaves.", **more}])
    return timelinejs(frame)["events"][0]


def test_the_events_of_the_course_fit_the_format():
    frame = pd.concat([events(), publications()], ignore_index=True)
    data = timelinejs(frame, "Idlib & <dates>")
    assert check_timelinejs(data) == []
    assert len(data["events"]) == len(frame)
    assert data["title"]["text"]["headline"] == "Idlib &amp; &lt;dates&gt;"
    assert [row["unique_id"] for row in data["events"]] == list(frame["event"])
    assert [row["group"] for row in data["events"]] == list(frame["track"])
    assert json.loads(json.dumps(data)) == data
    for made, sentence in zip(data["events"], frame["sentence"], strict=True):
        assert sentence.split('"')[0].split("'")[0] in made["text"]["text"]
    assert "title" not in timelinejs(frame, "")


@pytest.mark.parametrize(("text", "start", "end", "shown"), [
    # What is not known is left out.
    ("2018-09-07", {"year": 2018, "month": 9, "day": 7}, None, None),
    ("2016-12", {"year": 2016, "month": 12}, None, None),
    ("2018", {"year": 2018}, None, None),
    ("2018-09-07/2018-09-09", {"year": 2018, "month": 9, "day": 7},
     {"year": 2018, "month": 9, "day": 9}, None),
    ("2018-02/2018-04-14", {"year": 2018, "month": 2}, {"year": 2018, "month": 4, "day": 14}, None),
    # What TimelineJS can't say stands in display_date.
    ("2018-09-XX", {"year": 2018, "month": 9}, None, "2018-09-XX"),
    ("198X", {"year": 1980}, {"year": 1989}, "198X"),
    ("2018-09~", {"year": 2018, "month": 9}, None, "2018-09~"),
    ("2019-04-30/..", {"year": 2019, "month": 4, "day": 30}, None, "2019-04-30/.."),
    ("{2019-05-08,2019-05-26}", {"year": 2019, "month": 5, "day": 8},
     {"year": 2019, "month": 5, "day": 26}, "{2019-05-08,2019-05-26}"),
])
def test_a_date_keeps_its_precision(text, start, end, shown):
    made = slide(text)
    assert made["start_date"] == start
    assert made.get("end_date") == end
    assert made.get("display_date") == shown


@given(st.dates(), st.dates())
def test_days_and_intervals_come_out_as_they_went_in(one, other):
    first, last = sorted([one, other])
    made = slide(f"{first}/{last}")
    assert made["start_date"] == {"year": first.year, "month": first.month, "day": first.day}
    assert made["end_date"] == {"year": last.year, "month": last.month, "day": last.day}
    assert check_timelinejs({"events": [made]}) == []


def test_text_is_no_markup():
    made = slide("2018", participants="<script>x</script>", source="a & b")
    assert "<script>" not in made["text"]["text"]
    assert "a &amp; b" in made["text"]["text"]


def test_a_picture_needs_its_alternative():
    made = slide("2018", media="https://example.org/map.png?a=1&b=2", alt="A map",
                 caption="<b>Map</b>")
    assert made["media"] == {"url": "https://example.org/map.png?a=1&b=2", "alt": "A map",
                             "caption": "&lt;b&gt;Map&lt;/b&gt;"}
    with pytest.raises(ReaderError, match="picture of event X1 has no text alternative"):
        slide("2018", media="https://example.org/map.png")


@pytest.mark.parametrize(("text", "told"), [
    ("../2018", "no first day"), ("2018/2017", "before it begins"), ("soon", "not a date"),
])
def test_a_date_that_can_not_be_placed(text, told):
    with pytest.raises(ReaderError, match=told):
        slide(text)


def test_an_empty_or_foreign_table_is_refused():
    with pytest.raises(ReaderError, match="holds no event"):
        timelinejs(events("humanitarian").iloc[:0])
    with pytest.raises(ReaderError, match="lacks the column sentence"):
        timelinejs(events().drop(columns="sentence"))


def test_a_file_holds_what_was_asked_for(tmp_path):
    file = save_timelinejs(events(), tmp_path / "events.json", "Events")
    assert json.loads(file.read_text(encoding="utf-8")) == timelinejs(events(), "Events")
    with pytest.raises(ReaderError, match="end in .json"):
        save_timelinejs(events(), tmp_path / "events.txt")
    with pytest.raises(ReaderError, match="A path is text in quotes, .* not int"):
        save_timelinejs(events(), 5)
    with pytest.raises(ReaderError, match="can't be written: No such file"):
        save_timelinejs(events(), tmp_path / "nowhere" / "events.json")


DAY = {"year": 2018, "month": 9, "day": 7}


@pytest.mark.parametrize(("data", "told"), [
    ([], "TimelineJS reads one JSON object with a list of events."),
    ({}, "A timeline needs a list of events with at least one of them."),
    ({"events": []}, "A timeline needs a list of events with at least one of them."),
    ({"events": [{"start_date": DAY}], "Title": {}}, "'Title' is no part of a timeline."),
    ({"events": [{"start_date": DAY}], "scale": "years"}, "The scale is human or cosmological."),
    ({"events": ["x"]}, "Event 1 is not an object."),
    ({"events": [{}]}, "Event 1 has no start_date."),
    ({"events": [{"start_date": "2018"}]}, "The start_date of event 1 is not an object."),
    ({"events": [{"start_date": DAY, "date": 1}]},
     "Event 1 has 'date', which the format does not know."),
    ({"events": [{"start_date": {"month": 9}}]}, "The start_date of event 1 has no year."),
    ({"events": [{"start_date": {"year": 2018, "month": 13}}]},
     "The start_date of event 1 has the month 13."),
    ({"events": [{"start_date": {"year": "2018", "month": "x"}}]},
     "The start_date of event 1 has the month 'x'."),
    ({"events": [{"start_date": {"year": 2018, "day": 3}}]},
     "The start_date of event 1 has a day without a month."),
    ({"events": [{"start_date": {**DAY, "weekday": 1}}]},
     "The start_date of event 1 has 'weekday', which the format does not know."),
    ({"events": [{"start_date": DAY, "end_date": {"year": 2018, "month": 8}}]},
     "Event 1 ends before it begins."),
    ({"events": [{"start_date": DAY, "text": {"body": ""}}]},
     "The text of event 1 has 'body', which the format does not know."),
    ({"events": [{"start_date": DAY, "media": {"url": "x"}}]}, "The media of event 1 lack alt."),
    ({"events": [{"start_date": DAY, "unique_id": "a"}] * 2},
     "Event 2 has the unique_id 'a' of another slide."),
    ({"events": [{"start_date": DAY, "unique_id": ["a"]}]},
     "The unique_id of event 1 is not text."),
    ({"events": [{"start_date": DAY}], "eras": 5}, "The eras are not a list."),
    ({"events": [{"start_date": DAY}], "eras": [{"start_date": DAY}]}, "Era 1 has no end_date."),
])
def test_a_fault_is_named(data, told):
    assert told in check_timelinejs(data)


def test_what_the_format_allows_is_no_fault():
    data = {"events": [
        {"start_date": {"year": "2018"}, "end_date": {"year": 2018, "month": 9}, "autolink": False,
         "background": {"color": "#0f9bd1"}, "text": {"headline": "", "text": "<b>x</b>"},
         "media": {"url": "x", "alt": "y", "credit": "", "thumbnail": ""}}],
        "title": {"text": {"headline": "x"}}, "scale": "human",
        "eras": [{"start_date": DAY, "end_date": {"year": 2019}, "text": {"headline": "x"}}]}
    assert check_timelinejs(data) == []
