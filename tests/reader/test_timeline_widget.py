"""The timeline without a browser: what is hidden, what is said, what is refused."""

from __future__ import annotations

import json

import pandas as pd
import pytest
import traitlets

from reader import corpus, tables, timeline
from reader.errors import ReaderError
from reader.widgets import Timeline


def toy(**more) -> pd.DataFrame:
    """Four invented events; 2018-08-10 to 12 is the time of a text about them."""
    return pd.DataFrame({
        "event": ["A", "B", "C", "D"],
        "date": ["2018-08-09", "2018-08-11", "2018-08-13", "2018-08/.."],
        "track": ["diplomacy", "military", "military", "humanitarian"],
        "sentence": ["A ferry leaves.", "It rains.", "<b>Snow</b> falls.", "It is cold."]}
    ).assign(**more)


def line(**more) -> Timeline:
    return Timeline(toy(), published="2018-08-10/2018-08-12", **more)


# --- what is shown and hidden ------------------------------------------------------------


def test_without_an_article_nothing_is_hidden():
    widget = Timeline()
    counts = (tables.read("reference")["series"] == "displacement-nw-syria").sum()
    # 57 events, the counts of displaced people, 5 publications
    assert len(widget.table()) == len(timeline.everything()) == 57 + counts + 5
    assert widget.told == f"No article is chosen. Events: {62 + counts}, none is hidden."
    assert widget.table()["could_know"].isna().all()


def test_later_events_are_hidden_until_they_are_asked_for():
    widget = line()
    # A ended on the 9th; B lies inside; C began on the 13th; D has no end.
    assert widget.knowledge == {"A": "yes", "B": "depends", "C": "no", "D": "depends"}
    assert list(widget.table()["event"]) == ["A", "B", "D"]
    assert widget.told == ("A text, published 2018-08-10/2018-08-12. Events over before it: 1. "
                           "Depends on the day: 2. Came later: 1, hidden.")
    assert "C" not in repr(widget).split()
    widget.hindsight = True
    assert list(widget.table()["event"]) == ["A", "B", "C", "D"]
    assert widget.told.endswith("Came later: 1, shown.")


def test_a_track_can_be_left_out():
    widget = line()
    widget.tracks = ["military"]
    assert list(widget.table()["event"]) == ["B"]
    assert "Events over before it: 0. Depends on the day: 1. Came later: 1" in widget.told


@pytest.mark.parametrize("article", ["000", "001", "002", "003", "004"])
def test_an_article_knows_nothing_that_came_after_it(article):
    widget = Timeline(article=article)
    when = timeline.horizon(article)
    assert widget.horizon["text"] == str(when)
    shown = widget.table().set_index("event")
    assert "E48" not in shown.index
    assert pd.isna(shown.loc[article, "could_know"]), "of its own publication it has no question"
    for row in timeline.events().itertuples():
        assert (row.event in shown.index) == (timeline.could_know(row.date, when) != "no")


def test_a_better_date_settles_more_and_belongs_to_one_article():
    widget = Timeline(article="001")
    assert widget.knowledge["E28"] == "depends"            # 7 September: within 2018-09/2018-10
    widget.published = "2018-10-20"
    assert (widget.knowledge["E28"], widget.knowledge["E30"]) == ("yes", "yes")
    widget.article = "002"
    assert (widget.published, widget.horizon["text"]) == ("", "2018-09-07")
    assert widget.knowledge["E28"] == "depends"            # the same day
    widget.article = ""
    assert (widget.knowledge, widget.horizon) == ({}, {})


def test_what_a_reader_types_is_answered_not_raised():
    widget = line()
    widget._answer(widget, {"published": "soon"}, [])
    assert widget.fault.startswith("'soon' is not a date")
    assert widget.published == "2018-08-10/2018-08-12"
    widget._answer(widget, {"published": " 2018-08-20 "}, [])
    assert (widget.fault, widget.published) == ("", "2018-08-20")
    assert widget.knowledge["C"] == "yes"
    for content in ({}, {"published": 3}, None, "2018"):
        widget._answer(widget, content, [])
    assert widget.published == "2018-08-20"


# --- what is refused ---------------------------------------------------------------------


@pytest.mark.parametrize(("arguments", "told"), [
    ({"article": "009"}, "There is no article 009"),
    ({"published": "2018-13"}, "no month 13"),
    ({"published": "2018-09/2018-08"}, "before it begins"),
    ({"published": "2018-09/"}, "One end of 2018-09/ is unknown"),
    ({"events": []}, "A table of events is needed"),
    ({"events": toy().iloc[:0]}, "holds no event"),
    ({"events": toy().drop(columns="track")}, "lacks the column track"),
    ({"events": toy(track="war")}, "There is no track 'war'"),
    ({"events": toy(date="soon")}, "not a date the course can read"),
    ({"hindsight": "yes"}, "hindsight is True or False"),
    ({"title": None}, "title is text"),
    ({"events": toy(sentence=["x", None, "x", "x"])}, "Row 1 .* has no sentence"),
    ({"events": toy(event="A")}, "Event A stands in the table more than once"),
])
def test_a_timeline_that_can_not_be_is_refused(arguments, told):
    with pytest.raises(ReaderError, match=told):
        Timeline(**arguments)


@pytest.mark.parametrize(("name", "value"), [
    ("article", "009"), ("published", "soon"), ("selected", "Z"), ("tracks", ["war"]),
    ("view", ["2018-09-01"]), ("view", ["2018-09-02", "2018-09-01"]), ("view", ["x", "y"]),
])
def test_a_state_that_can_not_be_is_refused(name, value):
    widget = line()
    before = getattr(widget, name)
    with pytest.raises((ReaderError, traitlets.TraitError)):
        setattr(widget, name, value)
    assert getattr(widget, name) == before


def test_an_article_without_a_date_is_not_offered(tmp_path):
    from reader import library
    file = tmp_path / "own.txt"
    file.write_text("A bridge.\n\nIt is red.", encoding="utf-8")
    library.add_as(file, "005", outlet="Own")
    assert "005" not in [choice["id"] for choice in Timeline().choices]
    with pytest.raises(ReaderError, match="Article 005 has no date of publication"):
        Timeline(article="005")
    widget = Timeline(article="005", published="2019-06-01")
    assert widget.knowledge["E33"] == "yes"


# --- what the browser gets ---------------------------------------------------------------


def test_the_first_view_is_where_the_events_are():
    assert Timeline().view == ["2016-12-01", "2020-04-15"]
    # 9 August to 13 August 2018, and 3 days of room at each side; D begins on the 1st.
    assert Timeline(toy()).view == ["2018-07-29", "2018-08-16"]
    one = toy().iloc[:1].assign(date="2020")
    assert Timeline(one).view[0] < "2020-01-01"


def test_precision_goes_to_the_browser_as_it_is():
    dates = ["2018-09-07~", "2018-09", "2018-09-17/..", "{2018-08-24,2018-08-31}"]
    rows = Timeline(toy(date=dates)).rows
    assert [row["kind"] for row in rows] == ["day", "month", "open", "all of"]
    assert [row["qualifier"] for row in rows] == ["~", "", "", ""]
    assert rows[0]["precise"] == "1 day, about"
    assert rows[1]["parts"] == [["2018-09-01", "2018-09-30"]]
    assert rows[2]["parts"] == [["2018-09-17", None]]
    assert len(rows[3]["parts"]) == 2


def test_every_event_of_the_course_has_a_source_on_view():
    for row in Timeline().rows:
        assert row["facts"]["source"], row["id"]
    assert all("confidence" in row["facts"] for row in Timeline(timeline.events()).rows)


def test_the_state_can_be_saved_and_holds_no_text(real_texts, monkeypatch):
    monkeypatch.setattr("seeds.TEXTS", real_texts)
    saved = " ".join(json.dumps(Timeline(article="003").get_state(), default=str).split())
    for item in corpus.passages("003"):
        words = item.text.split()
        assert not any(" ".join(words[at:at + 7]) in saved for at in range(len(words) - 6))


# --- plain forms -------------------------------------------------------------------------


def test_the_static_form_hides_the_same_and_says_how_to_see_it():
    page = line(title="<i>Ferries</i>").static()
    assert "&lt;i&gt;Ferries" in page
    assert "Came later: 1, hidden." in page
    assert "hindsight=True" in page
    assert "Snow" not in page
    assert timeline.HINDSIGHT[:40] not in page
    shown = line(hindsight=True).static()
    assert "&lt;b&gt;Snow&lt;/b&gt; falls." in shown
    assert timeline.HINDSIGHT.split(":")[0] in shown
    assert "hindsight=True" not in shown
    assert "<script" not in page + shown


def test_the_output_holds_the_widget_and_its_static_form():
    bundle, _ = Timeline(article="000")._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "E48" not in bundle["text/html"] + bundle["text/plain"]


def test_a_date_of_ones_own_needs_no_article():
    assert Timeline(published="2018-09-08").knowledge["E28"] == "yes"
