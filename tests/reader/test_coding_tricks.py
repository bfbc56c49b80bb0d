"""Codings from files and widgets that mean no good, and flags that are none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reader import agreement, annotations, framing, keyness
from reader.errors import ReaderError
from reader.widgets import Annotator

HEAD = "locator,start,end,code,voice,coder,note\n"
ROW = {"locator": "000 P1", "code": "CON"}


@pytest.mark.parametrize("note", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")'])
def test_a_note_is_no_formula_for_a_spreadsheet(tmp_path, note):
    rows = annotations.check_rows([{**ROW, "coder": note, "note": note}])
    path = annotations.save(rows, tmp_path / "coding.csv")
    cells = pd.read_csv(path, dtype=str).iloc[0]
    assert cells["note"] == cells["coder"] == f"'{note}"
    assert annotations.load(path).equals(rows)


def test_other_notes_are_saved_as_they_are(tmp_path):
    for note in ("a = b", "'quoted'", "why?"):
        path = annotations.save([{**ROW, "note": note}], tmp_path / "coding.csv")
        assert pd.read_csv(path)["note"][0] == note == annotations.load(path)["note"][0]


def test_an_endless_file_is_refused(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text(HEAD + "000 P1,,,CON,author,a,n\n" * 400_000)
    with pytest.raises(ReaderError, match="400,000 rows"):
        annotations.load(path)


@pytest.mark.parametrize("name", ["x" * 41, "a\0b", "a\ud800b", " ", 5])
def test_a_coder_whose_rows_no_file_could_hold_is_refused(name):
    with pytest.raises(ReaderError, match="coder"):
        Annotator("000", coder=name)


@pytest.mark.parametrize("note", ["a\0b", "a\ud800b", "x" * 201, 5, None, ["a"]])
def test_a_note_of_the_browser_that_no_file_could_hold_is_refused(note, tmp_path):
    desk = Annotator("000", rows=pd.DataFrame([ROW]))
    told = []
    desk.send = lambda message, *_: told.append(message["told"])
    desk._handle_custom_msg({"do": "note", "id": desk.entries[0]["id"], "note": note}, [])
    assert len(told) == 1 and told[0].startswith("A note")
    assert desk.entries[0]["note"] == "" and desk.static()
    desk.save(tmp_path / "coding.csv")


@pytest.mark.parametrize("flag", [None, 1, "no", pd.DataFrame(), np.array([1, 2]), pd.NA])
def test_a_flag_is_true_or_false(flag):
    rows = annotations.rows_of("A")
    for call in (annotations.web_annotation, annotations.label_studio, annotations.prodigy):
        with pytest.raises(ReaderError, match="with_text is True or False"):
            call(rows, with_text=flag)
    with pytest.raises(ReaderError, match="headings is True or False"):
        framing.density(rows, headings=flag)


@pytest.mark.parametrize(("call", "says"), [
    (lambda: agreement.decide(10**400), "at most 1"),
    (lambda: agreement.decide(-10**400), "at most 1"),
    (lambda: keyness.word_counts(np.array(5)), "Give ids"),
    (lambda: keyness.log_likelihood(1, 1, 10**400, 5), "no text has"),
    (lambda: keyness.log_likelihoods({"a": 10**400}, {"a": 1}), "no text has"),
    (lambda: keyness.weighted_log_odds({"a": 10**400, "b": 1}, {"a": 1}), "no text has"),
    (lambda: agreement.compare(annotations.rows_of("A"), annotations.rows_of("B"), np.array(5)),
     "A code is text"),
])
def test_numbers_beyond_all_measure_are_answered(call, says):
    with pytest.raises(ReaderError, match=says):
        call()
