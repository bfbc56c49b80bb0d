"""The power-interest grid without a browser: state, table, files, comparison, static form."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from reader import stakeholders as st
from reader.errors import ReaderError
from reader.widgets import PowerInterestGrid


@pytest.fixture
def grid() -> PowerInterestGrid:
    return PowerInterestGrid(["Turkey", "A03", "A28"], title="A trial")


def test_nobody_is_placed_at_first(grid):
    found = grid.placements
    assert list(found["actor"]) == ["A07", "A03", "A28"]
    assert found[["power", "interest", "quadrant"]].isna().all().all()
    assert grid.selected == "A07" and grid.table().equals(found)


def test_placing_in_code_and_by_the_browser_is_the_same(grid):
    grid.place("turkey", 7, 9)
    # The browser sends whole numbers and lists; 7 power and 9 interest are both high.
    other = PowerInterestGrid(["A07", "A03", "A28"])
    other.set_state({"places": {"A07": [7, 9]}})
    assert grid.places == other.places == {"A07": [7.0, 9.0]}
    assert grid.placements.equals(other.placements)
    assert grid.placements.loc[0, "quadrant"] == "player"
    grid.place("A07", None, None)
    assert grid.places == {}


def test_a_start_may_be_a_frame_or_a_reading():
    frame = pd.DataFrame({"actor": ["A28", "A07"], "power": [1, None], "interest": [10, None]})
    assert PowerInterestGrid(["A07", "A28"], start=frame).places == {"A28": [1.0, 10.0]}
    everyone = PowerInterestGrid(start="force")
    assert len(everyone.places) == len(st.placements("force")) < len(everyone.actors)


@pytest.mark.parametrize(("arguments", "sentence"), [
    ({"actors": []}, "at least one actor"), ({"actors": 5}, "at least one actor"),
    ({"actors": ["HTS"]}, "There is no actor 'HTS'"),
    ({"start": "truth"}, "There is no reading 'truth'"),
    ({"actors": ["A07"], "start": "force"}, "Syrian government and its forces is not on this"),
    ({"start": {"A07": 3}}, "Placements are a DataFrame"),
])
def test_a_grid_that_can_not_be_is_refused(arguments, sentence):
    with pytest.raises(ReaderError, match=sentence):
        PowerInterestGrid(**arguments)


@pytest.mark.parametrize(("trait", "value", "sentence"), [
    ("places", {"A07": [11, 1]}, "The power of Turkey must be a number from 0 to 10, not 11"),
    ("places", {"A07": [1, "much"]}, "The interest of Turkey must be a number"),
    ("places", {"A07": [1, None]}, "Turkey has only one rating"),
    ("places", {"A07": 5}, "The place of A07 must be two numbers"),
    ("places", {"A22": [5, 5]}, "NATO is not on this grid"),
    ("selected", "A22", "A22 is not on this grid, which has A07, A03, A28"),
    ("selected", "", "There is no actor ''"),
    ("reference", "truth", "no placement 'truth' to compare with: choose force or consent"),
    ("reference", "given", "no placement 'given' to compare with"),
])
def test_a_state_that_can_not_be_is_refused(grid, trait, value, sentence):
    grid.place("A07", 2, 3)
    before = getattr(grid, trait)
    with pytest.raises(ReaderError, match=sentence):
        setattr(grid, trait, value)
    assert getattr(grid, trait) == before


def test_a_reading_stands_beside_the_own_placement_without_verdict(grid):
    grid.place("A28", 4, 6)
    # The reading has 1 and 10: 3 to the left and 4 up, so 5 away.
    found = grid.compare("consent").set_index("actor")
    assert found.loc["A28", "distance"] == 5
    assert set(found.index) == {"A03", "A07", "A28"}
    assert grid.reference == "consent" and grid.other["A28"] == [1.0, 10.0]
    row = grid.table().set_index("actor").loc["A28"]
    assert row[["power", "interest", "quadrant", "power_other", "interest_other",
                "quadrant_other"]].tolist() == [4, 6, "subject", 1, 10, "subject"]
    for text in (grid.static(), repr(grid)):
        assert "Neither is the right one" in text and "wrong" not in text
    grid.reference = ""
    assert grid.other == {} and "power_other" not in grid.table()


def test_the_medians_of_a_class_can_be_compared(grid):
    people = [pd.DataFrame({"actor": ["A07", "A22"], "power": [p, 1], "interest": [9, 1]})
              for p in (2, 4, 9)]
    grid.place("A07", 4, 9)
    pooled = st.class_placements(people)
    found = grid.compare(pooled, label="the class").set_index("actor")
    assert found.loc["A07", "distance"] == 0  # the median of 2, 4 and 9 is 4
    assert grid.other == {"A07": [4.0, 9.0]}, "NATO is not on this grid, so it is left out"
    assert grid.reference == "given" and grid.choices[-1]["label"] == "the class"
    grid.compare(people[0], label="Ada")
    assert grid.other == {"A07": [2.0, 9.0]} and grid.choices[-1]["label"] == "Ada"
    assert len(grid.choices) == 3


def test_a_saved_grid_is_loaded_and_pooled(grid, tmp_path):
    grid.place("A07", 7.5, 9)
    grid.save(tmp_path / "ada.csv")
    again = PowerInterestGrid(["A07", "A03", "A28"])
    again.load(tmp_path / "ada.csv")
    assert again.places == grid.places
    pooled = st.class_placements([st.read_placements(tmp_path / "ada.csv")])
    assert pooled[["actor", "power"]].values.tolist() == [["A07", 7.5]]


@pytest.mark.parametrize(("content", "sentence"), [
    (None, "There is no file .* that can be read"), (b"", "is not a CSV file of placements"),
    (b"\xff\xfe\x00", "is not a CSV file of placements"),
    (b"name,score\nada,3\n", "columns actor, power and interest"),
    (b"actor,power,interest\nA07,70,9\n", "from 0 to 10, not 70"),
    (b"actor,power,interest\nA22,7,9\n", "NATO is not on this grid"),
    (b"actor,power,interest\nA07,much,9\n", "must be a number from 0 to 10, not 'much'"),
])
def test_a_file_that_is_no_placement_changes_nothing(grid, tmp_path, content, sentence):
    path = tmp_path / "own.csv"
    if content is not None:
        path.write_bytes(content)
    grid.place("A07", 2, 3)
    with pytest.raises(ReaderError, match=sentence):
        grid.load(path)
    assert grid.places == {"A07": [2.0, 3.0]}


def test_a_folder_that_is_not_there_can_not_be_saved_into(grid, tmp_path):
    with pytest.raises(ReaderError, match="can't be written: name a file in a folder"):
        grid.save(tmp_path / "none" / "ada.csv")


def test_the_static_form_holds_every_actor_and_no_script(grid):
    grid.title = "<b>A & B</b>"
    grid.place("A03", 8, 2)
    page = grid.static()
    for row in grid.placements.itertuples():
        assert row.name.split(":")[0] in page
    assert "context setter" in page and "not placed" in page
    assert "NA" not in page and "<script" not in page
    assert "<b>A" not in page and "1 of 3 actors are placed" in page
    data, _ = grid._repr_mimebundle_()
    assert data["text/html"] == page and data["text/plain"] == repr(grid)


def test_the_state_can_be_saved_with_the_notebook(grid):
    grid.compare("force")
    state = {key: value for key, value in grid.get_state().items() if not key.startswith("_")}
    assert json.loads(json.dumps(state))["other"]["A07"] == [7.0, 9.0]
    # As power low or high, then interest low or high.
    assert state["quadrants"] == [["crowd", "subject"], ["context setter", "player"]]
