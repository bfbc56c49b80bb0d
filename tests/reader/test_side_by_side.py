"""Two passages beside each other: what is compared, what the browser may choose."""

from __future__ import annotations

import pytest

from reader import annotations
from reader.errors import ReaderError
from reader.widgets import SideBySide


def test_two_passages_beside_each_other():
    pair = SideBySide(["001 P6", "001 P8"], ["001 P6", "003 S18"], annotations.rows_of("A"))
    assert (pair.left, pair.right) == ("001 P6", "003 S18")
    assert list(pair.table().columns) == ["001 P6", "003 S18"]
    by_code = {row["code"]: row["cells"] for row in pair.compared}
    # Coder A: NC in 001 P6 inside quotation marks, in 003 S18 in the article's own words.
    assert by_code["NC"] == ["quoted", "author"]
    assert by_code["RES"] == ["author", "not there"]
    for code in by_code:
        assert code in pair.static()
    pair.left = "001 p8"
    assert {row["code"]: row["cells"] for row in pair.compared}["NC"] == ["author", "author"]
    assert "001 P8" in repr(pair)


def test_a_passage_that_was_not_coded_is_not_one_without_codes():
    pair = SideBySide("001 P3", "003 S18", annotations.rows_of("A"), family="generic")
    assert pair.compared == [{"code": "CON", "name": "Conflict", "cells": ["not coded", "author"]}]
    assert "not coded" in pair.static()
    assert SideBySide("001 P3", "003 S18").compared == []


def test_the_browser_chooses_passages_and_nothing_else():
    pair = SideBySide(["001 P6", "001 P8"], ["003 S18"], annotations.rows_of("A"))
    before = pair.static()
    pair.set_state({"left": "003 S18", "right": "000 P1", "compared": [], "rows": [],
                    "choices": {}, "codes": {}})
    assert pair.static() == before
    sent = []
    pair.send = sent.append
    for message in (None, 3, {}, {"ask": "000 P1"}, {"ask": ["001 P6"]}, {"ask": 3}):
        pair._answer(pair, message, [])
    assert sent == []
    pair._answer(pair, {"ask": "001 P8"}, [])
    assert sent[0]["locator"] == "001 P8"


@pytest.mark.parametrize(("given", "told"), [
    (("000 P1", "000 P1"), "Both sides are 000 P1"), (("000 P9", "000 P1"), "no segment 000 P9"),
    (("000 P1", []), "needs an article or segments"), (("000 P1", "000 P2", 3), "A coding is"),
    (("000 P1", "000 P2", None, "frames"), "family must be one of")])
def test_two_passages_that_can_not_be_compared(given, told):
    with pytest.raises(ReaderError, match=told):
        SideBySide(*given)
