"""Two files of codings compared code by code, on rows that can be counted by hand."""

import warnings

import numpy as np
import pandas as pd
import pytest

from reader import agreement, annotations
from reader.errors import ReaderError


@pytest.fixture(autouse=True)
def silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


A = [("001 P1", "CON"), ("001 P1", "LL"), ("001 P2", "HUM"), ("001 P4", "CON"), ("001 P5", "none"),
     ("001 P14", "ECO"), ("001 P7", "CON")]
B = [("001 P1", "CON"), ("001 P2", "HUM"), ("001 P2", "NC"), ("001 P4", "External"),
     ("001 P5", "none"), ("001 P14", "none"), ("001 P8", "CON")]


def rows(pairs: list[tuple[str, str]], **more) -> pd.DataFrame:
    return annotations.check_rows([{"locator": place, "code": code, **more}
                                   for place, code in pairs])


def test_units_are_the_segments_that_both_coded_in_order():
    """Neither 001 P7 (a only) nor 001 P8 (b only) tells anything about agreement."""
    found = agreement.units(rows(A[::-1]), rows(B), "con")
    assert found["locator"].tolist() == ["001 P1", "001 P2", "001 P4", "001 P5", "001 P14"]
    assert found["a"].tolist() == [1, 0, 1, 0, 0]
    assert found["b"].tolist() == [1, 0, 0, 0, 0]
    assert agreement.units(rows(A), rows(B), "none")["b"].tolist() == [0, 0, 0, 1, 1]


def test_codes_compared_by_hand():
    """CON: 1 both, 1 only a, 3 neither. Kappa expects .4 · .2 + .6 · .8 = .56: .24 / .44."""
    found = agreement.compare(rows(A), rows(B)).set_index("code")
    assert set(found.index) == {"CON", "HUM", "LL", "NC", "External", "ECO"}
    assert list(found.index[:2]) == ["CON", "HUM"]  # 3 and 2 of 10 decisions, all others 1
    con = found.loc["CON"]
    assert con[["units", "both", "only_a", "only_b", "neither"]].tolist() == [5, 1, 1, 0, 3]
    assert con["prevalence"] == .3
    assert con["kappa"] == pytest.approx(.24 / .44)
    assert found.loc["HUM", ["agreement", "kappa", "pi", "alpha", "AC1"]].tolist() == [1] * 5
    chosen = agreement.compare(rows(A), rows(B), ["ll", "CON", "LL", "MOR"])
    assert chosen["code"].tolist() == ["LL", "CON", "MOR"]
    unused = chosen.iloc[2]
    assert np.isnan(unused["kappa"]) and unused["AC1"] == 1
    assert unused["note"].startswith("Undefined: both coders gave 0 to all 5 coding units")
    assert agreement.compare(rows(A), rows(B), "CON")["code"].tolist() == ["CON"]


def test_disagreements_name_the_rules_of_their_codes():
    found = agreement.disagreements(rows(A), rows(B)).set_index("locator")
    assert list(found.index) == ["001 P1", "001 P2", "001 P4", "001 P14"]
    assert found.loc["001 P1", ["only_a", "only_b", "both", "rules"]].tolist() == [
        "LL", "", "CON", "3; 8"]
    assert found.loc["001 P2", "rules"] == "1"  # NC
    assert found.loc["001 P4", "rules"] == "6"  # External
    assert found.loc["001 P14", ["only_a", "only_b", "rules"]].tolist() == ["ECO", "none", "10"]
    assert found["question"].str.endswith("?").all()


def test_the_same_code_in_another_voice_is_a_disagreement():
    found = agreement.disagreements(rows([("001 P6", "NC")], voice="quoted"),
                                    rows([("001 P6", "NC")], voice="author"))
    assert found[["both", "voices", "rules"]].values.tolist() == [
        ["NC", "NC: quoted / author", "2"]]
    assert agreement.disagreements(rows(A), rows(A)).empty


def test_the_shipped_coders():
    """Both coded the same segments; what the table says of CON is counted again by hand."""
    a, b = annotations.rows_of("A"), annotations.rows_of("B")
    found = agreement.compare(a, b).set_index("code")
    with_code = [set(part.loc[part["code"] == "CON", "locator"]) for part in (a, b)]
    assert found.loc["CON", "both"] == len(with_code[0] & with_code[1])
    assert found.loc["CON", "only_a"] == len(with_code[0] - with_code[1])
    assert (found["units"] == a["locator"].nunique()).all()
    assert (found[["both", "only_a", "only_b", "neither"]].sum(axis=1) == found["units"]).all()
    # Common and rare codes, and the paradox: much agreement, no kappa, high AC1.
    rare = found[(found["agreement"] >= .9) & (found["kappa"] <= 0) & (found["AC1"] > .85)]
    assert len(rare) and found["prevalence"].max() > .5
    assert set("".join(agreement.disagreements(a, b)["rules"]).replace(";", "").replace(" ", ""))


def test_a_coding_that_was_saved_is_compared_like_another(tmp_path):
    annotations.save(rows(A, coder="me"), tmp_path / "my-coding.csv")
    mine = annotations.load(tmp_path / "my-coding.csv")
    assert agreement.compare(mine, rows(B)).equals(agreement.compare(rows(A), rows(B)))
    assert not agreement.compare(mine, annotations.rows_of("A")).empty


@pytest.mark.parametrize(("a", "b", "told"), [
    (rows(A[:1]), rows(B[1:]), "no segment in common"), (rows(A), None, "A coding is a DataFrame"),
    (pd.DataFrame({"x": [1]}), rows(B), "lacks the column"), ("A", "B", "A coding is a DataFrame"),
    (rows(A), annotations.no_rows(), "no segment in common .a coded 6, b 0"),
    (pd.concat([annotations.rows_of("A"), annotations.rows_of("B")]), rows(B),
     "The rows of a are of several coders .A, B."),
])
def test_codings_that_can_not_be_compared_are_refused(a, b, told):
    for call in (agreement.compare, agreement.disagreements,
                 lambda a, b: agreement.units(a, b, "CON")):
        with pytest.raises(ReaderError, match=told):
            call(a, b)


def test_codes_that_are_none_are_refused():
    with pytest.raises(ReaderError, match="no code to compare"):
        agreement.compare(rows(A), rows(B), [])
    for odd in ("XX", 3, None, ["LL"]):
        with pytest.raises(ReaderError):
            agreement.units(rows(A), rows(B), odd)
        with pytest.raises(ReaderError):
            agreement.compare(rows(A), rows(B), [odd])


def test_two_coders_who_found_nothing_are_told_so():
    """Both gave only ``none``: no code stands in the rows, and one that is named has no kappa."""
    nothing = rows([("001 P1", "none"), ("001 P2", "none")])
    with pytest.raises(ReaderError, match="Neither coder gave any code to the segments"):
        agreement.compare(nothing, nothing)
    assert "Undefined" in agreement.compare(nothing, nothing, ["CON"]).loc[0, "note"]
