"""Widgets without a browser: state, table, static form, and what is never saved."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import traitlets

from reader import actors, corpus, display, library, widgets
from reader.errors import ReaderError
from reader.sources import Clue
from reader.widgets import ClueInterval, PassageReader

STATIC = Path(widgets.__file__).parent / "static"
CLUES = [Clue("names the deal", earliest="2018-09-17", evidence="001 P20"),
         Clue("silent on 10 October", latest="2018-10-09"),
         Clue("before the summit", latest="2018-09-06")]


def answer(widget: PassageReader, article: str) -> dict:
    """Ask as the browser does, and return what the kernel sends."""
    sent = []
    widget.send = sent.append
    widget._answer(widget, {"ask": article}, [])
    return json.loads(json.dumps(sent[0]))


@pytest.mark.parametrize("file", sorted(STATIC.glob("*.js")), ids=lambda file: file.name)
def test_the_script_parses(file):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    done = subprocess.run([node, "--check", "--input-type=module"], input=file.read_text("utf-8"),
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("file", sorted(STATIC.iterdir()), ids=lambda file: file.name)
def test_a_script_takes_nothing_from_the_network_and_sets_no_markup(file):
    source = file.read_text("utf-8")
    for word in ("innerHTML", "insertAdjacentHTML", "outerHTML", "document.write", "fetch(",
                 "import ", "@import", "url(", "https://"):
        assert word not in source, word


# --- passage reader ----------------------------------------------------------------------


def test_it_begins_at_the_first_passage_and_moves_where_it_is_told():
    reader = PassageReader()
    assert reader.locator == "000 P1"
    reader.locator = "3 s14"
    assert reader.locator == "003 S14"
    assert reader.value == corpus.passage("003 S14")


@pytest.mark.parametrize(("arguments", "told"), [
    ({"highlight": "colours"}, "highlight must be"), ({"articles": ["009"]}, "no article 009"),
    ({"articles": []}, "at least one article"),
    ({"articles": ["000"], "locator": "001 P1"}, "001 P1 is in none of the articles chosen: 000"),
])
def test_a_reader_that_can_not_be_is_refused(arguments, told):
    with pytest.raises(ReaderError, match=told):
        PassageReader(**arguments)


def test_it_does_not_move_where_there_is_nothing():
    reader = PassageReader(["000"])
    for wrong in ("000 P9", "001 P1"):
        with pytest.raises((ReaderError, traitlets.TraitError)):
            reader.locator = wrong
    assert reader.locator == "000 P1"


@pytest.mark.parametrize("highlight", ["phrases", "mentions"])
def test_the_kernel_answers_with_every_passage_and_mark(mode, highlight):
    reader = PassageReader(highlight=highlight)
    table = corpus.phrases() if highlight == "phrases" else actors.mentions()
    for article in ("000", "003"):
        data = answer(reader, article)
        assert [row["locator"] for row in data["segments"]] == list(
            corpus.segments(article)["locator"])
        assert sum(len(row["marks"]) for row in data["segments"]) == len(
            table[table["locator"].str[:3] == article])
        assert len(data["labels"]) == len(data["classes"]) == len(set(data["labels"]))
        for row, item in zip(data["segments"], corpus.passages(article), strict=True):
            if mode == "with texts":
                assert "".join(text for text, _ in row["pieces"]) == item.text
            else:
                assert row["pieces"] is None
                assert row["digest"] == item.digest


def test_the_kernel_answers_only_for_the_articles_chosen():
    reader, sent = PassageReader(["000"]), []
    reader.send = sent.append
    for content in ({"ask": "001"}, {"ask": "../x"}, {}, None, "000"):
        reader._answer(reader, content, [])
    assert sent == []


def test_a_use_has_the_same_mark_in_passages_and_in_the_reader():
    data = answer(PassageReader(), "000")
    place = data["labels"].index("dating")
    assert data["classes"][place] == display.mark_class(display.use_number("dating"))
    assert f".rw .{data['classes'][place]}{{" in str(PassageReader()._css)


def test_no_actor_looks_as_if_it_were_not_resolved():
    data = answer(PassageReader(["001"], highlight="mentions"), "001")
    marks = dict(zip(data["labels"], data["classes"], strict=True))
    grey = marks.pop("not resolved")
    assert marks and grey not in marks.values()


def test_nothing_that_is_saved_holds_the_text_of_an_article(real_texts, monkeypatch):
    monkeypatch.setattr("seeds.TEXTS", real_texts)
    reader = PassageReader(["003"], locator="003 S4")
    assert reader.value.text is not None
    bundle, _ = reader._repr_mimebundle_()
    saved = " ".join(json.dumps([reader.get_state(), bundle], default=str).split())
    for item in corpus.passages("003"):
        # Runs of six words may be quoted; digests are compared with the texts elsewhere.
        words = item.text.split()
        assert not any(" ".join(words[at:at + 7]) in saved for at in range(len(words) - 6))


def test_the_output_holds_the_widget_and_its_static_form():
    bundle, _ = PassageReader(["000"])._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    page = bundle["text/html"]
    assert page.count("<li>") == 6
    assert "<script" not in page
    assert "000 P6" in page


def test_the_table_says_what_is_shown_and_marked(mode):
    table = PassageReader(["000"]).table()
    assert list(table.columns) == ["locator", "shown", "passage", "marks"]
    assert set(table["shown"]) == {"text" if mode == "with texts" else "digest"}
    assert "“Turkey on Friday warned” (dating)" in table["marks"].iloc[0]


def test_an_article_of_ones_own_can_be_read(tmp_path):
    file = tmp_path / "own.txt"
    file.write_text("A <3 bridge.\n\nIt is red.", encoding="utf-8")
    library.add_as(file, "005", outlet="<i>Own</i>")
    reader = PassageReader(["005"])
    assert answer(reader, "005")["segments"][1]["pieces"] == [["It is red.", []]]
    assert "<i>" not in reader.static()
    assert display.NO_DIGEST in reader.static()


# --- clues and days ----------------------------------------------------------------------


def test_the_interval_follows_the_clues_that_are_chosen():
    widget = ClueInterval(CLUES, "When?")
    assert (widget.interval, widget.told) == ("../..", "No clue is chosen: every day is possible.")
    widget.selected = [0]
    assert widget.interval == "2018-09-17/.."
    assert widget.days == ["2018-09-17", None]
    widget.selected = [1, 0, 0]
    assert widget.selected == [0, 1]
    # 14 days from 17 to 30 September, 9 in October
    assert widget.told == "Possible: 2018-09-17/2018-10-09, 23 days."
    widget.selected = [0, 2]
    assert (widget.interval, widget.days) == ("", [])
    assert widget.told.startswith("No day is left: 'names the deal'")


def test_what_can_not_be_chosen_is_refused():
    widget = ClueInterval(CLUES, selected=[1])
    with pytest.raises((ReaderError, traitlets.TraitError)):
        widget.selected = [3]
    assert widget.selected == [1]
    for wrong in ([], ["clue"], [None]):
        with pytest.raises(ReaderError, match="needs a list of clues"):
            ClueInterval(wrong)


def test_the_plain_forms_say_what_the_picture_says():
    widget = ClueInterval([*CLUES, Clue("<b>bold</b>", latest="2019")], "When?", selected=[0])
    assert list(widget.table()["used"]) == [True, False, False, False]
    page = widget.static()
    assert "Possible: 2018-09-17/.., open at one end." in page
    assert "<b>" not in page
    assert "names the deal" in repr(widget)
