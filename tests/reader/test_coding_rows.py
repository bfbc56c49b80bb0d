"""reader.coding_rows: the rows of a coding, their faults, and files of them."""

import pandas as pd
import pytest

from reader import annotations
from reader.errors import ReaderError

# --- rows --------------------------------------------------------------------------------


def test_rows_get_their_canonical_form():
    made = annotations.check_rows([{"locator": "001 p02", "code": " hum ", "voice": "Reported"},
                                   {"locator": "1 P1", "start": 169.0, "end": 181, "code": "ll"}])
    # seeds/segments.csv: 001 P2 goes from 237 to 457.
    assert made.values.tolist() == [["001 P2", 237, 457, "HUM", "reported"],
                                    ["001 P1", 169, 181, "LL", "author"]]
    assert list(made.columns) == list(annotations.COLUMNS)
    assert made["start"].dtype == "Int64"


def test_the_shipped_codings_are_in_canonical_form():
    for coder in "AB":
        rows = annotations.rows_of(coder)
        pd.testing.assert_frame_equal(annotations.check_rows(rows), rows)


def test_no_rows_is_a_coding():
    assert annotations.check_rows([]).equals(annotations.no_rows())
    assert annotations.check_rows(annotations.no_rows()).equals(annotations.no_rows())


ROW = {"locator": "001 P1", "start": 0, "end": 12, "code": "LL", "voice": "author"}
TWICE = pd.DataFrame([["001 P1", "LL", "HUM"]], columns=["locator", "code", "code"])


@pytest.mark.parametrize(("bad", "words"), [
    ([{**ROW, "locator": "001 P99"}], "no segment 001 P99"),
    ([{**ROW, "locator": None}], "is not a locator"),
    ([{**ROW, "code": "LX9"}], "The codebook has no code 'LX9'"),
    ([{**ROW, "code": None}], "Row 1 has no code"),
    ([{**ROW, "voice": "narrator"}], "Row 1: its voice must be author, reported or quoted"),
    ([ROW, {**ROW, "start": 200, "end": 999}], "Row 2: 200 to 999 lies outside 001 P1"),
    ([{**ROW, "start": 12}], "it ends .12. before it begins .12."),
    ([{**ROW, "start": -1}], "-1 to 12 lies outside"),
    ([{**ROW, "start": "x"}], "its start must be a whole number"),
    ([{**ROW, "end": 1.5}], "its end must be a whole number"),
    ([{**ROW, "end": float("inf")}], "its end must be a whole number"),
    ([{**ROW, "start": True}], "its start must be a whole number"),
    ([ROW, ROW], "Rows 1 and 2 say the same"),
    ([{**ROW, "code": "none"}], "none is about a whole segment"),
    ([ROW, {"locator": "001 P1", "code": "none"}], "001 P1 is coded none and LL at once"),
    ([{**ROW, "text": "bloody price"}], "A coding has no column 'text'"),
    ([{**ROW, "note": "x" * 201}], "has 201 characters; at most 200"),
    ([{**ROW, "note": 3}], "its note must be text"),
    ([{"locator": "001 P1"}], "lacks the column code"),
    (TWICE, "two columns code"),
    (pd.DataFrame({"x": [1]}), "lacks the column locator"),
    ("001 P1", "A coding is a DataFrame"), (3, "A coding is a DataFrame"),
    (ROW, "A coding is a DataFrame"), ([None], "A coding is a DataFrame")])
def test_the_first_fault_is_named_in_one_sentence(bad, words):
    with pytest.raises(ReaderError, match=words) as caught:
        annotations.check_rows(bad)
    assert "\n" not in str(caught.value)


def test_two_coders_may_give_the_same_code(both):
    assert len(annotations.check_rows(both)) == 203


@pytest.mark.parametrize("coder", ["C", "", None, 3, []])
def test_there_are_two_coders(coder):
    with pytest.raises(ReaderError, match="coders A and B"):
        annotations.rows_of(coder)


# --- files -------------------------------------------------------------------------------


def test_a_saved_coding_is_read_as_it_was(tmp_path, rows, both, mode):
    for number, coding in enumerate((rows, both, annotations.no_rows())):
        path = annotations.save(coding, tmp_path / f"{number}.csv")
        pd.testing.assert_frame_equal(annotations.load(path), coding)


def test_a_saved_coding_holds_positions_and_labels_only(tmp_path, rows, mode):
    path = annotations.save(rows, tmp_path / "mine.csv")
    assert path.read_text(encoding="utf-8").splitlines()[:3] == [
        "locator,start,end,code,voice,note", "001 P1,0,235,HUM,author,",
        "001 P1,169,181,LL,author,"]


@pytest.mark.parametrize("text", [
    "\ufefflocator,start,end,code,voice\n001 P1,169,181,LL,author\n",
    "locator;start;end;code;voice\n001 P1;169;181;LL;author\n",
    "locator\tstart\tend\tcode\tvoice\n001 P1\t169.0\t181.0\tLL\tauthor\n",
    "locator, start, end, code, voice\n001 P1, 169, 181, LL, author\n",
    ",locator,start,end,code,voice\n0,001 P1,169,181,LL,author\n",
    "code,locator,end,start\r\nll,1 p1,181,169\r\n"],
    ids=["BOM", "semicolons", "tabs", "spaces", "index", "other order"])
def test_a_coding_that_a_spreadsheet_saved_is_read(tmp_path, text):
    (tmp_path / "mine.csv").write_text(text, encoding="utf-8")
    assert annotations.load(tmp_path / "mine.csv").values.tolist() == [
        ["001 P1", 169, 181, "LL", "author"]]


@pytest.mark.parametrize("content", [
    b"", b"PK\x03\x04\x00\xff", b"\x00\x01", b"Locator,Code\n001 P1,LL\n", b"X\xe9,1\n",
    "locator,code\n001 P1,LL\n".encode("utf-16"), b'locator,code\n"001 P1,LL\n',
    b"actor,power,interest\nA07,5,6\n", b"{}", b"locator,code\n001 P1,LL,x,y\n"])
def test_a_foreign_or_damaged_file_is_refused_in_one_sentence(tmp_path, content):
    (tmp_path / "mine.csv").write_bytes(content)
    with pytest.raises(ReaderError) as caught:
        annotations.load(tmp_path / "mine.csv")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("text", "words"), [
    ("locator,code,text\n001 P1,LL,words\n", "no column 'text'"),
    ("locator,code,start,end\n001 P1,LL,a,b\n", "its start must be a whole number"),
    ("locator,code\n001 P1,\n", "Row 1 has no code"),
    ("locator,code\n001 P1,LL,x\n", "Row 1 of .* has 3 cells, .* names 2 columns"),
    ("locator,code,start,start\n001 P1,LL,1,2\n", "two columns start")])
def test_a_wrong_row_in_a_file_is_named(tmp_path, text, words):
    (tmp_path / "mine.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ReaderError, match=words):
        annotations.load(tmp_path / "mine.csv")


@pytest.mark.parametrize("path", ["\0", "", " ", 1, True, b"x", None])
def test_a_path_is_text(path, rows):
    for call in (annotations.load, lambda path: annotations.save(rows, path),
                 lambda path: annotations.save_prodigy(rows, path)):
        with pytest.raises(ReaderError):
            call(path)


def test_a_folder_is_no_file(tmp_path, rows):
    with pytest.raises(ReaderError, match="There is no file"):
        annotations.load(tmp_path)
    with pytest.raises(ReaderError, match="can't be written"):
        annotations.save(rows, tmp_path)
