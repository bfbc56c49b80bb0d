"""What learners, files and browsers get wrong from topic 03 on: one sentence each."""

import matplotlib
import numpy as np
import pandas as pd
import pytest

from reader import (
    annotations,
    codebook,
    figures,
    framing,
    network,
    ranges,
    stakeholders,
    timeline,
    timelinejs,
    universes,
    voices,
)
from reader.brief import check_brief
from reader.errors import ReaderError
from reader.sources import Clue
from reader.widgets import ClueInterval, PassageReader, PowerInterestGrid, Timeline, UnitChecker

matplotlib.use("Agg")

SCRIPT = "<script>alert(1)</script><img onerror=x>"
EDGE = {"source": "A01", "target": "A07", "relation": "warns", "sign": -1, "locators": "000 P1"}
FIVE = figures.Quantity(5, "people", "a village")
ODD = [pd.NA, float("nan"), None, 3, True, [], [None], {}, b"bytes", object(), np.array([1, 2]),
       np.array([]), pd.DataFrame({"x": [1]}), pd.Series([1, 2]), "x" * 100_000, "a\nb", "\0"]


def events(**cells) -> pd.DataFrame:
    frame = timeline.events().head(1).astype(object)
    for name, value in cells.items():
        frame[name] = pd.Series([value], index=frame.index, dtype=object)
    return frame


def placed(**cells) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series([cells.get(name, 5)], dtype=object)
                         for name in ("actor", "power", "interest")})


def coded(**cells) -> pd.DataFrame:
    row = {"locator": "001 P1", "start": 0, "end": 12, "code": "LL", "voice": "author", **cells}
    return pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in row.items()})


def with_cell(name: str, value):
    frame = voices.voices().head(2).astype(object)
    frame.at[0, name] = value
    return frame


CALLS = {
    "actor": stakeholders.stakeholders,
    "aspect": lambda x: stakeholders.stakeholders(None, x),
    "salience": lambda x: stakeholders.salience(x, True, True),
    "quadrant": lambda x: stakeholders.quadrant(x, 5),
    "placed actor": lambda x: stakeholders.as_placements(placed(actor=x)),
    "placed power": lambda x: stakeholders.as_placements(placed(actor="A07", power=x)),
    "reading": stakeholders.placements,
    "class": lambda x: stakeholders.class_placements([x]),
    "file": stakeholders.read_placements,
    "source": lambda x: network.network([{**EDGE, "source": x}]),
    "sign": lambda x: network.network([{**EDGE, "sign": x}]),
    "locators": lambda x: network.network([{**EDGE, "locators": x}]),
    "graph": network.degrees,
    "track": timeline.events,
    "horizon": timeline.horizon,
    "event date": lambda x: timeline.could_know(x, "2019"),
    "published": lambda x: timeline.could_know("2019", x),
    "expression": lambda x: timeline.normalise(x, "2019-05-17"),
    "document": lambda x: timeline.normalise("yesterday", x),
    "events table": timeline.plot_events,
    "date cell": lambda x: timelinejs.timelinejs(events(date=x)),
    "JSON path": lambda x: timelinejs.save_timelinejs(events(), x),
    "claims": figures.claims,
    "claim": figures.from_claim,
    "series": figures.plot_series,
    "value": lambda x: figures.Quantity(x, "people"),
    "unit": lambda x: figures.Quantity(5, x),
    "divisor": lambda x: FIVE / x,
    "minus": lambda x: FIVE - x,
    "dividend": lambda x: figures.ratio(x, FIVE),
    "plus": lambda x: FIVE + x,
    "parts": lambda x: figures.total(x, "all"),
    "comparable": lambda x: universes.comparable(x, FIVE),
    "ends": ranges.ends,
    "drawn claims": lambda x: figures.plot_series("deaths", [x]),
    "grid actors": lambda x: PowerInterestGrid([x]),
    "grid place": lambda x: PowerInterestGrid().place("A07", x, 5),
    "grid load": lambda x: PowerInterestGrid().load(x),
    "widget events": Timeline,
    "widget date": lambda x: Timeline(published=x),
    "widget title": lambda x: UnitChecker(title=x),
    "checked figures": lambda x: UnitChecker([x]),
    "family": codebook.codes,
    "code": codebook.known_code,
    "coding": annotations.check_rows,
    "coder": annotations.rows_of,
    "coded place": lambda x: annotations.check_rows(coded(locator=x)),
    "coded start": lambda x: annotations.check_rows(coded(start=x)),
    "coded end": lambda x: annotations.check_rows(coded(end=x)),
    "given code": lambda x: annotations.check_rows(coded(code=x)),
    "voice": lambda x: annotations.check_rows(coded(voice=x)),
    "coding file": annotations.load,
    "exported": annotations.web_annotation,
    "matrix by": lambda x: framing.matrix(coded(), by=x),
    "matrix family": lambda x: framing.matrix(coded(), family=x),
    "density voice": lambda x: framing.density(coded(), voice=x),
    "left": lambda x: framing.side_by_side(x, "001 P1"),
    "article": voices.quotations,
    "voices": voices.voices,
    "text": voices.find_quotations,
    "sides": voices.side_table,
    "drawn sides": voices.plot_sides,
    "words": voices.quoted_words,
    "side": lambda x: voices.side_table(with_cell("side", x)),
    "locator": lambda x: voices.side_table(with_cell("locator", x)),
    "speaker": lambda x: voices.quoted_words(with_cell("speaker", x)),
    "numbers": lambda x: voices.quoted_words(with_cell("quotations", x)),
    "absent from": lambda x: voices.absence(x, "A01"),
    "absent": lambda x: voices.absence("000", x),
    "brief": check_brief,
    "limits": lambda x: check_brief("One. [K]", x),
}
#: Types that a call takes: what it means by them is tested elsewhere.
FINE = {"actor": (type(None),), "aspect": (type(None),), "track": (type(None),),
        "claims": (type(None), int), "horizon": (int,), "value": (int,), "ends": (int,),
        "quadrant": (int,), "salience": (bool,), "placed power": (int,), "grid place": (int,),
        "widget events": (type(None),), "widget date": (type(None),), "unit": (str,),
        "widget title": (str, bytes), "family": (type(None),), "density voice": (type(None),),
        "voice": (type(None), float, type(pd.NA)), "coding": (list, np.ndarray),
        "coded start": (type(None), float, type(pd.NA), int),
        "coded end": (type(None), float, type(pd.NA), int),
        "article": (type(None), int), "voices": (type(None), int), "text": (str,),
        "speaker": (str,), "numbers": (type(None), list, float, int, type(ODD[0])), "brief": (str,),
        "absent from": (int,)}


@pytest.mark.parametrize("name", CALLS)
def test_odd_values_end_in_one_sentence(name):
    for value in [odd for odd in ODD if type(odd) not in FINE.get(name, ())]:
        with pytest.raises(ReaderError) as caught:
            CALLS[name](value)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 2100


@pytest.mark.parametrize("path", ["\0", "", " ", 1, True, b"x", None])
def test_a_path_that_is_none_writes_nothing(path):
    # pandas takes 1 for the open file number one.
    with pytest.raises(ReaderError):
        PowerInterestGrid().save(path)


@pytest.mark.parametrize("text", [
    "\ufeffactor,power,interest\nA07,5.5,6\n", "actor;power;interest\nA07;5,5;6\n",
    "actor\tpower\tinterest\nA07\t5.5\t6\n", "actor, power, interest\nA07, 5.5, 6\n",
    ",actor,power,interest\n0,A07,5.5,6\n"],
    ids=["BOM", "semicolons", "tabs", "spaces", "index"])
def test_placements_that_a_spreadsheet_saved_are_read(tmp_path, text):
    (tmp_path / "mine.csv").write_text(text, encoding="utf-8")
    row = stakeholders.read_placements(tmp_path / "mine.csv").iloc[0]
    assert (row["actor"], row["power"], row["interest"]) == ("A07", 5.5, 6)


@pytest.mark.parametrize("content", [
    b"", b"PK\x03\x04\x00\xff", b"\x00\x01", "actor,power,interest\nA07,5,6\n".encode("utf-16"),
    b'actor,power,interest\n"A07,5,6\n', b"Actor,Power\nA07,5\n", b"X\xe9,1\n"])
def test_a_damaged_file_is_named(tmp_path, content):
    (tmp_path / "mine.zip").write_bytes(content)
    with pytest.raises(ReaderError, match="not a CSV file of placements"):
        stakeholders.read_placements(tmp_path / "mine.zip")


def test_only_files_are_read(tmp_path):
    with pytest.raises(ReaderError, match="no file"):
        stakeholders.read_placements(tmp_path)


@pytest.mark.parametrize("name", ["event", "sentence", "source", "participants"])
def test_a_list_in_a_cell_of_events_is_named(name):
    for call in (timeline.plot_events, timelinejs.timelinejs, Timeline):
        with pytest.raises(ReaderError, match=f"Row 0 .* its {name}"):
            call(events(**{name: ["a", "b"]}))


def test_a_column_that_comes_twice_is_named():
    frame = timeline.events().head(2)
    with pytest.raises(ReaderError, match="two columns date"):
        Timeline(pd.concat([frame, frame[["date"]]], axis=1))


def test_the_first_and_the_last_day_of_the_calendar_can_be_drawn():
    for day in ("0001-01-01", "9999-12-31"):
        assert Timeline(events(date=day)).view[0] <= day <= Timeline(events(date=day)).view[1]


def test_a_graph_that_was_changed_by_hand_is_refused():
    graph = network.network([EDGE])
    graph.add_node("Z")
    with pytest.raises(ReaderError, match=r"network\(\) made"):
        network.plot_network(graph)


def test_checking_json_survives_anything():
    slide = {"start_date": {"year": 2019, 5: 1}, 7: 1, "text": {None: 1}}
    found = timelinejs.check_timelinejs({None: 1, 3: 2, "events": [slide], "scale": np.array([1])})
    assert len(found) == 6  # five unknown names, of which two at the top, and the scale


BROKEN = {
    PowerInterestGrid: {"places": {"A07": [1, 11]}, "selected": "A99", "reference": 3,
                        "actors": [None], "choices": [], "cut": 9, "other": {"A07": 1}},
    Timeline: {"view": ["x", "y"], "article": "999", "tracks": ["none"], "selected": 3,
               "hindsight": "yes", "rows": [], "told": SCRIPT, "knowledge": {}},
    UnitChecker: {"first": " ", "second": "F99", "operation": "sum", "reason": 3, "told": "no",
                  "choices": [], "works": True, "operations": {}},
    ClueInterval: {"selected": ["x"], "told": SCRIPT, "days": []},
    PassageReader: {"locator": "999 P9", "choices": []},
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_message_of_the_browser_never_leaves_a_wrong_state(kind):
    widget = kind([Clue("a clue", earliest="2018-09-17")]) if kind is ClueInterval else kind()
    before = {name: getattr(widget, name) for name in BROKEN[kind]}
    shown = widget.static()
    widget.set_state(BROKEN[kind])
    assert {name: getattr(widget, name) for name in BROKEN[kind]} == before
    assert widget.static() == shown


@pytest.mark.parametrize("message", [None, 3, [], "x", {"published": 3}, {"published": "2019-99"},
                                     {"published": "2019-05/2018-01"}, {3: 4}])
def test_a_wrong_message_to_the_timeline_changes_nothing(message):
    widget = Timeline()
    widget._handle_custom_msg(message, [])
    assert widget.published == ""


def test_names_and_titles_are_text_in_html_too():
    grid = PowerInterestGrid(title=SCRIPT)
    grid.compare(pd.DataFrame({"actor": ["A07"], "power": [1], "interest": [1]}), SCRIPT)
    line = Timeline(events(sentence=SCRIPT, source=SCRIPT, event=SCRIPT), title=SCRIPT)
    checker = UnitChecker({SCRIPT: figures.Quantity(5, *[SCRIPT] * 4)}, title=SCRIPT,
                          reason=SCRIPT)
    for widget in (grid, line, checker):
        assert "<script>" not in widget.static() and "<img" not in widget.static()
