"""Claims and reference values: typed, open where the texts are open, side by side, no verdict."""

from __future__ import annotations

import matplotlib as mpl

mpl.use("Agg")

import pandas as pd
import pytest

from reader import figures, tables
from reader.errors import ReaderError
from reader.universes import aspects

VERDICT = {"verdict", "judgement", "correct", "c", "h", "x", "u", "v"}


# --- tables ------------------------------------------------------------------------------


def test_claims_are_typed_and_bear_no_verdict():
    frame = figures.claims()
    assert len(frame) == 28
    assert frame["low"].dtype == frame["high"].dtype == "Float64"
    assert not VERDICT & {column.lower() for column in frame.columns}
    assert list(figures.claims("003")["claim"]) == ["F15", "F16", "F17", "F18", "F19"]
    assert list(figures.claims("1 p2")["claim"]) == ["F09", "F10", "F11"]


@pytest.mark.parametrize("where", ["009", "000 P9", "Idlib"])
def test_claims_of_nowhere_are_refused(where):
    with pytest.raises(ReaderError):
        figures.claims(where)


@pytest.mark.parametrize(("name", "label", "low", "high"), [
    ("posts", "sixth post", 6, 6),                                # exact
    ("fighters", "UN envoy", 10_000, 10_000),                     # about: no end is moved
    ("syrians-in-turkey", "UNHCR", 3_600_000, None),              # more than
    ("deaths", "UN Human Rights Office, known by name", 350_209, None),  # at least
    ("potential-displacement", "UN envoy", None, 800_000),        # at most
])
def test_reference_values_are_open_where_their_source_is(name, label, low, high):
    frame = figures.reference(name)
    row = frame[frame["label"] == label].iloc[0]
    ends = [None if pd.isna(end) else end for end in (row["low"], row["high"])]
    assert ends == [low, high]


def test_only_a_qualifier_opens_an_end():
    frame = figures.reference()
    assert (frame["low"].isna() == frame["qualifier"].isin(["nearly", "at most"])).all()
    assert (frame["high"].isna() == frame["qualifier"].isin(["more than", "at least"])).all()
    assert (frame["low"].fillna(frame["high"]) == frame["value"]).all()


@pytest.mark.parametrize("wrong", ["refugees", "", 5])
def test_an_unknown_series_is_refused(wrong):
    for ask in (figures.reference, figures.revisions, figures.plot_series):
        with pytest.raises(ReaderError, match="There is no series .* syrians-in-turkey"):
            ask(wrong)


def test_every_series_that_a_claim_names_exists():
    for row in figures.claims().dropna(subset=["series"]).itertuples():
        assert set(row.series.split("; ")) <= set(figures.series()), row.claim


# --- quantities out of rows --------------------------------------------------------------


def test_a_claim_becomes_a_quantity():
    found = figures.from_claim("f09 ")
    assert (found.low, found.high, found.unit) == (2_500_000, 3_300_000, "people")
    assert found.source == "001 P2"
    assert "city" in found.universe
    assert figures.from_claim("F05").about
    assert figures.from_claim("F24").low is None
    assert figures.from_claim("F12").as_of == "already"


@pytest.mark.parametrize("claim", list(tables.read("claims")["claim"]))
def test_every_claim_becomes_a_quantity_or_says_that_it_has_no_number(claim):
    if figures.claims().set_index("claim")["qualifier"][claim] == "vague":
        with pytest.raises(ReaderError, match=f"{claim} has no number to compute with"):
            figures.from_claim(claim)
    else:
        assert figures.from_claim(claim).unit


@pytest.mark.parametrize("wrong", ["F99", "", None, 9])
def test_an_unknown_claim_is_refused(wrong):
    for ask in (figures.from_claim, figures.triangulate, figures.plot_triangulation):
        with pytest.raises(ReaderError, match="There is no claim .*F01 to F28"):
            ask(wrong)


def test_a_reference_value_becomes_a_quantity():
    found = figures.from_reference("area", "Syria")
    assert (found.low, found.unit, found.source) == (185_180, "square kilometres", "sohrarea")
    assert figures.from_reference("potential-displacement", "UN envoy").high == 800_000
    assert figures.from_reference("other-areas-population").about  # a series of one row
    with pytest.raises(ReaderError, match="More than one row of area fits.*Idlib gov"):
        figures.from_reference("area")
    with pytest.raises(ReaderError, match="No row of area fits.*Syria, 2017"):
        figures.from_reference("area", "Turkey")


def test_every_row_can_be_chosen():
    for row in figures.reference().itertuples():
        found = figures.from_reference(row.series, row.label, row.date, row.source)
        assert row.value in (found.low, found.high)


def test_the_share_of_idlib_in_syria_by_hand():
    # 6,097 / 185,180 = 0.032925: 3.3 percent.
    part, whole = (figures.from_reference("area", label) for label in
                   ("Idlib governorate", "Syria"))
    with pytest.raises(ReaderError, match="say why"):
        figures.share(part, whole)
    found = figures.share(part, whole, same_universe="the governorate is a part of Syria")
    assert found.low == found.high == pytest.approx(3.2925, abs=1e-4)


def test_people_are_not_divided_by_land():
    with pytest.raises(ReaderError, match="a person is no piece of land"):
        figures.from_claim("F09") / figures.from_reference("area", "Idlib governorate")


# --- side by side ------------------------------------------------------------------------


@pytest.mark.parametrize("claim", [row.claim for row in tables.read("claims").dropna(
    subset=["series"]).itertuples()])
def test_a_claim_stands_beside_all_values_of_its_series(claim):
    frame = figures.triangulate(claim)
    own = figures.claims().set_index("claim").loc[claim]
    assert list(frame.columns) == ["row", "label", "low", "high", "qualifier", "unit", "universe",
                                   "as_of", "source", "comparable", "why_not"]
    assert list(frame["row"]).count("claim") == 1
    assert frame.iloc[0][["label", "unit", "universe"]].tolist() == [
        claim, own["unit"], own["universe"]]
    expected = sum(len(figures.reference(name)) for name in own["series"].split("; "))
    assert len(frame) == expected + 1
    others = frame.iloc[1:]
    assert set(others["comparable"]) <= {"yes", "no", "judge"}
    assert (others["why_not"].isna() == (others["comparable"] == "yes")).all()
    assert (others.loc[others["unit"] != own["unit"], "comparable"] == "no").all()


def test_people_displacements_and_registrations_stay_apart():
    frame = figures.triangulate("F16").iloc[1:]
    moves = frame[frame["unit"] == "displacements"]
    assert len(moves) >= 1
    assert set(moves["comparable"]) == {"no"}
    assert moves["why_not"].str.contains("one person can move twice").all()
    registered = frame[frame["universe"].str.contains("registered")]
    assert set(registered["comparable"]) == {"judge"}
    assert registered["why_not"].str.contains("a register").all()


def test_syrians_and_others_stay_apart():
    frame = figures.triangulate("F12", "syrians-in-turkey", "other-nationals-in-turkey",
                                "all-nationals-in-turkey").iloc[1:]
    by_series = frame.groupby("row")["comparable"].agg(set)
    assert by_series["other-nationals-in-turkey"] == {"no"}
    assert by_series["all-nationals-in-turkey"] == {"no"}
    assert "no" not in by_series["syrians-in-turkey"]
    assert frame[frame["comparable"] == "no"]["why_not"].str.contains("nationality").all()


def test_only_unit_and_universe_decide():
    frame = figures.triangulate("F25")
    for (_, universe), rows in frame.iloc[1:].groupby(["unit", "universe"]):
        assert rows["comparable"].nunique() == 1, universe


def test_a_claim_without_references_says_so():
    with pytest.raises(ReaderError, match="No reference series is about F01: name one"):
        figures.triangulate("F01")
    assert len(figures.triangulate("F01", "posts")) == 1 + len(figures.reference("posts"))
    with pytest.raises(ReaderError, match="There is no series 'poets'"):
        figures.triangulate("F01", "poets")


def test_no_aspect_misreads_a_universe_of_ours():
    """Read once by eye: what the words of our universes settle about nationality and people."""
    for universe in figures.reference("syrians-in-turkey")["universe"]:
        assert aspects(universe)["nationality"] == "Syrians"
    for universe in figures.reference("deaths-idlib")["universe"]:
        assert aspects(universe)["people"] == "civilians"
    for universe in figures.reference("displacement-nw-syria")["universe"]:
        assert aspects(universe)["displacement"] == "people displaced inside Syria"
    assert "nationality" not in aspects("population of Syria, middle of the year")


# --- one period, several values ----------------------------------------------------------


def test_revisions_are_the_values_of_one_period():
    frame = figures.revisions("displacement-nw-syria")
    # AFP printed 30,452 and Reuters 30,542 for the same nine days: two digits change places.
    september = frame[frame["date"] == "2018-09-01/2018-09-09"]
    assert sorted(september["low"]) == [30_452, 30_542]
    assert set(september["rows"]) == {2}
    assert (frame.groupby("date")["rows"].transform("size") == frame["rows"]).all()
    assert list(frame["date"]) == sorted(frame["date"])
    # "More than" 38,500 and "nearly" 33,800 for the same twelve days: no value fits both.
    assert list(frame.loc[frame["date"] == "2018-09-01/2018-09-12", "qualifier"]) == [
        "more than", "nearly"]


def test_a_series_without_such_a_period_gives_an_empty_table():
    frame = figures.revisions("other-areas-population")
    assert len(frame) == 0
    assert "rows" in frame.columns


# --- drawings ----------------------------------------------------------------------------


@pytest.mark.parametrize("claim", ["F07", "F09", "F11", "F16", "F24"])
def test_a_claim_is_drawn_with_its_table(claim):
    shown = figures.plot_triangulation(claim)
    assert shown.image.startswith(b"\x89PNG")
    pd.testing.assert_frame_equal(shown.table, figures.triangulate(claim))
    assert shown.alt.startswith(f"Claim {claim}")
    assert "arrow an open end" in shown.caption
    for word in ("right", "wrong", "false", "true"):
        assert word not in (shown.alt + shown.caption).lower().split()


def test_an_axis_that_does_not_begin_at_zero_says_so():
    assert "The axis of people does not begin at 0." in figures.plot_triangulation("F12").caption
    assert "does not begin at 0" not in figures.plot_triangulation("F12", zero=True).caption


@pytest.mark.parametrize("name", figures.series())
def test_every_series_is_drawn(name):
    shown = figures.plot_series(name)
    assert len(shown.table) >= len(figures.reference(name))
    assert f"{len(figures.reference(name))} reference value" in shown.alt


def test_a_claim_stands_where_its_article_was_published():
    shown = figures.plot_series("syrians-in-turkey")
    drawn = shown.table[shown.table["row"] == "claim"].set_index("label")["as_of"]
    # The precision of articles.csv: the days are an exercise.
    assert dict(drawn) == {"F12": "2018-09/2018-10", "F17": "2019-05", "F24": "2020-02"}
    assert not (figures.plot_series("syrians-in-turkey", []).table["row"] == "claim").any()


def test_a_part_of_a_series_can_be_drawn():
    shown = figures.plot_series("displacement-nw-syria", [], within="2019-05")
    assert shown.table["as_of"].str.contains("2019-05").all()
    with pytest.raises(ReaderError, match="no value that ends within 1999"):
        figures.plot_series("displacement-nw-syria", within="1999")
    with pytest.raises(ReaderError, match="is not a date"):
        figures.plot_series("displacement-nw-syria", within="May")


@pytest.mark.parametrize(("claims", "told"), [
    (["F11"], "F11 is in percent and the series syrians-in-turkey in people"),
    ("F07", "F07 has no number"), (["F99"], "There is no claim 'F99'")])
def test_a_claim_that_does_not_fit_is_not_drawn(claims, told):
    with pytest.raises(ReaderError, match=told):
        figures.plot_series("syrians-in-turkey", claims)
