"""The annotator without a browser: rows, messages, files, what is saved."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from reader import annotations, codebook, corpus, library
from reader.errors import ReaderError
from reader.widgets import Annotator, SideBySide

PHRASE = {"locator": "000 P1", "start": 8, "end": 36}  # stands in phrases.csv
WHOLE = {"locator": "000 P1", "start": 0, "end": 551}
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def desk():
    """An annotator whose answers are kept instead of sent."""
    made = Annotator("000", family=["technique", "generic"])
    made.sent = []
    made.send = made.sent.append
    return made


def tell(desk, **message) -> str:
    """Send a message as the browser does, and return what the kernel says to it."""
    desk._answer(desk, json.loads(json.dumps(message)), [])
    return desk.sent[-1]["told"]


def rows(desk) -> list[tuple]:
    return list(desk.rows[["locator", "start", "end", "code", "voice"]].itertuples(
        index=False, name=None))


# --- rows by messages ----------------------------------------------------------------------


def test_a_label_goes_on_words_and_on_the_whole_segment(desk):
    assert tell(desk, do="add", **PHRASE, code="LL") == \
        "Added: LL Loaded language on “horrific massacre is looming” (author)."
    assert tell(desk, do="add", **WHOLE, code="CON") == \
        "Added: CON Conflict on the whole segment (author)."
    # In the order of the text; of two that begin together, the longer first.
    assert rows(desk) == [("000 P1", 0, 551, "CON", "author"), ("000 P1", 8, 36, "LL", "author")]
    assert set(desk.rows["coder"]) == {"me"}


def test_the_same_label_twice_is_one_row(desk):
    tell(desk, do="add", **PHRASE, code="LL")
    assert tell(desk, do="add", **PHRASE, code="LL").endswith("is there already.")
    assert desk.sent[-1]["chosen"] == desk.entries[0]["id"]
    assert len(desk.rows) == 1


def test_the_voice_goes_round_and_can_be_chosen(desk):
    tell(desk, do="add", **PHRASE, code="LL")
    key = desk.entries[0]["id"]
    for voice in ("reported", "quoted", "author"):
        assert f"Voice: {voice}" in tell(desk, do="voice", id=key)
        assert rows(desk)[0][-1] == voice
    tell(desk, do="voice", id=key, voice="quoted")
    assert rows(desk)[0][-1] == "quoted"


def test_undo_and_redo_take_back_one_step_each(desk):
    tell(desk, do="add", **PHRASE, code="LL")
    tell(desk, do="voice", id=desk.entries[0]["id"])
    tell(desk, do="remove", id=desk.entries[0]["id"])
    assert rows(desk) == []
    assert desk.steps == [3, 0]
    tell(desk, do="undo")
    assert rows(desk) == [("000 P1", 8, 36, "LL", "reported")]
    tell(desk, do="undo")
    assert rows(desk) == [("000 P1", 8, 36, "LL", "author")]
    tell(desk, do="redo")
    assert rows(desk) == [("000 P1", 8, 36, "LL", "reported")]
    tell(desk, do="note", id=desk.entries[0]["id"], note="a  new\nbranch")
    assert desk.steps == [3, 0]
    assert desk.rows["note"].tolist() == ["a new branch"]
    assert tell(desk, do="redo") == "There is nothing to do again."
    for _ in range(3):
        desk.undo()
    with pytest.raises(ReaderError, match="nothing to undo"):
        desk.undo()


def test_no_code_applies_stands_alone(desk):
    assert tell(desk, do="add", **WHOLE, code="none") == "Added: no code applies to 000 P1."
    assert "no voice to name" in tell(desk, do="voice", id=desk.entries[0]["id"])
    tell(desk, do="add", **PHRASE, code="LL")
    assert rows(desk) == [("000 P1", 8, 36, "LL", "author")]
    assert "remove them before you say that no code applies" in tell(
        desk, do="add", **WHOLE, code="none")
    assert len(desk.rows) == 1


@pytest.mark.parametrize("message", [
    None, 3, [], "add", {}, {"do": "save", "path": "x"}, {"do": ["add"]}, {"do": "add"},
    {"ask": "001 P1"}, {"ask": "../x"}, {"ask": ["000 P1"]},
    {"do": "add", **PHRASE, "code": "XX"}, {"do": "add", **PHRASE, "code": 3},
    {"do": "add", **PHRASE, "code": "PD"},  # of a family that is not offered
    {"do": "add", **PHRASE, "code": "none"}, {"do": "add", **PHRASE, "end": 8, "code": "LL"},
    {"do": "add", **PHRASE, "end": 552, "code": "LL"},
    {"do": "add", **PHRASE, "start": True, "code": "LL"},
    {"do": "add", **PHRASE, "start": "8", "code": "LL"},
    {"do": "add", **PHRASE, "start": None, "code": "LL"},
    {"do": "add", **PHRASE, "start": 8.5, "code": "LL"},
    {"do": "add", "locator": "001 P1", "start": 0, "end": 5, "code": "LL"},
    {"do": "add", "locator": "000 P99", "start": 0, "end": 5, "code": "LL"},
    {"do": "remove"}, {"do": "remove", "id": 99}, {"do": "remove", "id": True},
    {"do": "remove", "id": [1]}, {"do": "voice", "id": 1, "voice": "regime"},
    {"do": "voice", "id": 1, "voice": ["author"]}, {"do": "note", "id": 1, "note": 3},
    {"do": "note", "id": 1, "note": "word " * 60}, {"do": "note", "id": 0, "note": "x"},
    {"do": "redo"}])
def test_a_message_that_can_not_be_changes_nothing(desk, message):
    desk.rows = pd.DataFrame([{**PHRASE, "code": "LL", "voice": "quoted"}])
    before, steps = desk.entries, desk.steps
    desk._handle_custom_msg(message, [])
    assert (desk.entries, desk.steps, desk.locator) == (before, steps, "000 P1")
    assert not any("text" in answer for answer in desk.sent)


def test_the_browser_sets_no_state_but_what_is_on_view(desk):
    desk.set_state({"entries": [{"id": 1}], "steps": [9, 9], "segments": [], "families": [],
                    "coder": "B", "title": SCRIPT, "voices": [], "locator": "009 P1",
                    "family": "entman"})
    assert (desk.entries, desk.steps, desk.coder, desk.locator, desk.family) == (
        [], [0, 0], "me", "000 P1", "technique")
    desk.set_state({"locator": "000 P4", "family": "generic"})
    assert (desk.locator, desk.family) == ("000 P4", "generic")


# --- what the browser gets, and what is saved ----------------------------------------------


def test_the_kernel_sends_a_segment_on_request(mode, desk):
    desk._answer(desk, {"ask": "000 P2"}, [])
    data = json.loads(json.dumps(desk.sent[0]))
    item = corpus.passage("000 P2")
    assert data["text"] == item.text
    assert (data["text"] is None) == (mode == "without texts")
    assert data["digest"] == item.digest
    assert (data["start"], data["end"]) == (553, 1093)
    for phrase in data["phrases"]:
        assert 553 <= phrase["start"] < phrase["end"] <= 1093
        if item.text:
            assert item.text[phrase["start"] - 553:phrase["end"] - 553] == phrase["words"]


def test_nothing_that_is_saved_holds_the_text_of_an_article(real_texts, monkeypatch, desk,
                                                            tmp_path):
    monkeypatch.setattr("seeds.TEXTS", real_texts)
    tell(desk, do="add", locator="000 P1", start=40, end=200, code="LL")
    tell(desk, do="add", **PHRASE, code="NC")
    pair = SideBySide("000 P1", "000 P2", desk.rows)
    desk.save(tmp_path / "mine.csv")
    saved = " ".join(json.dumps([
        desk.get_state(), desk._repr_mimebundle_()[0], pair.get_state(),
        pair._repr_mimebundle_()[0], (tmp_path / "mine.csv").read_text()], default=str).split())
    for item in corpus.passages("000"):
        words = item.text.split()
        assert not any(" ".join(words[at:at + 7]) in saved for at in range(len(words) - 6))


def test_the_table_and_the_static_form_say_the_rows(mode, desk):
    desk.rows = pd.DataFrame([{**WHOLE, "code": "CON"}, {**PHRASE, "code": "LL"},
                              {"locator": "000 P2", "start": 560, "end": 570, "code": "NC",
                               "note": SCRIPT}])
    table = desk.table()
    assert table["words"].tolist()[:2] == ["whole segment", "“horrific massacre is looming”"]
    assert pd.isna(table["words"].iloc[2])
    assert table["name"].tolist() == ["Conflict", "Loaded language", "Name calling or labelling"]
    page = desk.static()
    assert "Rows: 3, in 2 of 6 segments" in page
    assert "“horrific massacre is looming”" in page
    assert "<script" not in page
    assert "Rows: 3" in repr(desk)
    assert "Loaded language" in repr(desk)


# --- rows from elsewhere, and files --------------------------------------------------------


def test_rows_can_be_given_read_and_replaced():
    start = annotations.rows_of("A")
    start = start[start["locator"].str[:3] == "002"]
    desk = Annotator("002", family=["generic", "policy", "technique"], rows=start)
    kept = desk.rows.sort_values(list(annotations.COLUMNS)).reset_index(drop=True)
    pd.testing.assert_frame_equal(
        kept, start.sort_values(list(annotations.COLUMNS)).reset_index(drop=True))
    assert desk.steps == [0, 0]
    desk.rows = start.iloc[:0]
    desk.undo()
    assert len(desk.rows) == len(start)


def test_one_file_holds_what_was_coded_in_several_sittings(tmp_path):
    file = tmp_path / "mine.csv"
    first = Annotator("000", rows=pd.DataFrame([{**WHOLE, "code": "CON"},
                                                {"locator": "000 P3", "code": "none"}]))
    first.save(file)
    other = Annotator("001", rows=pd.DataFrame([{"locator": "001 P1", "code": "HUM"}]))
    other.save(file)
    words = Annotator("000", family="technique", rows=pd.DataFrame([
        {**PHRASE, "code": "LL"}, {"locator": "000 P1", "start": 280, "end": 298, "code": "NC"}]))
    words.save(file)
    # Nothing of the other sittings went.
    assert sorted(annotations.load(file)["code"]) == ["CON", "HUM", "LL", "NC", "none"]
    words.rows = words.rows.iloc[:1]
    words.save(file)
    assert sorted(annotations.load(file)["code"]) == ["CON", "HUM", "LL", "none"]
    again = Annotator("000")
    again.load(file)
    assert sorted(again.rows["code"]) == ["CON", "none"]
    # Of two families, one has a code in the segment and the other none: the code is kept.
    Annotator("000 P1", family="technique",
              rows=pd.DataFrame([{**WHOLE, "code": "none"}])).save(file)
    assert sorted(annotations.load(file)["code"]) == ["CON", "HUM", "LL", "none"]


def test_a_notebook_that_is_run_anew_takes_nothing_away(tmp_path):
    file = tmp_path / "mine.csv"
    desk = Annotator("000", rows=pd.DataFrame([{**WHOLE, "code": "CON", "note": "yesterday"}]))
    desk.save(file)
    before = file.read_bytes()
    Annotator("000").save(file)
    assert file.read_bytes() == before
    desk = Annotator("000")
    desk.load(file)
    assert desk.steps == [0, 0]  # the beginning: no slip of a key takes it away
    desk.load(file)
    assert desk.steps == [1, 0]
    # The same row in another voice replaces it; one that was removed is removed.
    newer = Annotator("000", rows=pd.DataFrame([{**WHOLE, "code": "CON", "voice": "quoted"}]))
    newer.save(file)
    assert annotations.load(file)["voice"].tolist() == ["quoted"]
    newer.rows = newer.rows.iloc[:0]
    newer.save(file)
    assert annotations.load(file).empty


@pytest.mark.parametrize(("form", "word"), [
    ("web annotation", "TextPositionSelector"), ("label studio", "annotations"),
    ("prodigy", "spans")])
def test_it_writes_what_other_programs_read(tmp_path, desk, form, word):
    tell(desk, do="add", **PHRASE, code="LL")
    assert word in desk.export(tmp_path / "out", form).read_text(encoding="utf-8")


def test_an_article_of_ones_own_with_letters_beyond_the_first_plane(tmp_path):
    """Positions count characters, also where the browser would count two for one."""
    file = tmp_path / "own.txt"
    file.write_text("A 𝔉erry left.", encoding="utf-8")
    library.add_as(file, "005", outlet="<i>Own</i>")
    desk = Annotator("005", family="technique")
    desk.sent = []
    desk.send = desk.sent.append
    assert tell(desk, do="add", locator="005 P1", start=2, end=7, code="LL") == \
        "Added: LL Loaded language on “𝔉erry” (author)."
    desk._answer(desk, {"ask": "005 P1"}, [])
    assert desk.sent[-1]["end"] == 13


@pytest.mark.parametrize(("given", "told"), [
    ({"where": "009"}, "no article 009"), ({"where": []}, "needs an article or segments"),
    ({"where": 3}, "needs an article or segments"), ({"where": ["000 P9"]}, "no segment 000 P9"),
    ({"where": [None]}, "not a locator"), ({"family": "frames"}, "family must be one of"),
    ({"family": 3}, "family is the name"), ({"codes": ["LLL"]}, "no code 'LLL'"),
    ({"codes": []}, "codes is a list"), ({"coder": " "}, "coder is a name"),
    ({"coder": 3}, "coder is a name"), ({"title": 3}, "title"),
    ({"rows": pd.DataFrame([{"locator": "001 P1", "code": "CON"}])},
     "001 P1 is not among the segments of this annotator"),
    ({"rows": pd.DataFrame([{**PHRASE, "code": "LL"}])}, "'LL' is not offered here"),
    ({"rows": [3]}, "A coding is a DataFrame"),
])
def test_what_can_not_be_is_refused_in_one_sentence(given, told):
    with pytest.raises(ReaderError, match=told):
        Annotator(**{"where": "000", **given})


def test_files_and_forms_that_can_not_be(desk, tmp_path):
    wrong = tmp_path / "letter.csv"
    wrong.write_text("Dear reader,\n", encoding="utf-8")
    for work in (lambda: desk.load(tmp_path / "no.csv"), lambda: desk.load(wrong),
                 lambda: desk.save(wrong), lambda: desk.save(3), lambda: desk.save(tmp_path),
                 lambda: desk.export(tmp_path / "x", "word"), lambda: desk.export(tmp_path / "x"),
                 lambda: setattr(desk, "locator", "001 P1"),
                 lambda: setattr(desk, "family", "policy")):
        with pytest.raises(ReaderError) as fault:
            work()
        assert str(fault.value).endswith(".")
    assert wrong.read_text(encoding="utf-8") == "Dear reader,\n"


def test_chosen_codes_are_a_palette_of_their_own():
    desk = Annotator("000 p1", codes=["ll", "CON", "Security", "LL"], coder="AB")
    assert [code["code"] for code in desk.families[0]["codes"]] == ["LL", "CON", "Security"]
    assert desk.coder == "AB"
    whole = [code["code"] for code in Annotator("000", family="technique").families[0]["codes"]]
    assert whole == list(codebook.codes("technique")["code"])
