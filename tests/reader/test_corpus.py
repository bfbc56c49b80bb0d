"""Tables, locators and passages, in both modes."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from reader import corpus, display, library

SEGMENTS = {"000": 6, "001": 24, "002": 7, "003": 37, "004": 32}


class Marks(HTMLParser):
    """Collect the text of an HTML fragment, and the spans of that text that are marked."""

    def __init__(self, fragment: str):
        super().__init__()
        self.text, self.spans, self.tags, self._skip = "", [], [], []
        self.feed(fragment)

    @property
    def marks(self) -> list[str]:
        return [self.text[a:b] for a, b in self.spans]

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "mark":
            self._from = len(self.text)
        if ("class", "sr") in attrs or tag == "style":
            self._skip.append(tag)

    def handle_endtag(self, tag):
        if self._skip and self._skip[-1] == tag:
            self._skip.pop()
        if tag == "mark":
            self.spans.append((self._from, len(self.text)))

    def handle_data(self, data):
        if not self._skip:
            self.text += data


def test_five_articles_with_the_segments_that_every_locator_rests_on(mode):
    listed = corpus.articles()
    assert dict(zip(listed["article"], listed["segments"], strict=True)) == SEGMENTS
    counted = corpus.segments()["article"].value_counts()
    assert counted.to_dict() == SEGMENTS


@pytest.mark.parametrize("table", [corpus.articles, corpus.segments, corpus.tokens,
                                   corpus.links, corpus.phrases])
def test_tables_are_typed_and_the_callers_own(table):
    frame = table()
    assert set(map(str, frame.dtypes)) <= {"str", "Int64", "Float64", "boolean"}
    frame.iloc[:, 0] = "spoiled"
    assert not table().iloc[:, 0].eq("spoiled").any()


def test_a_word_that_pandas_takes_for_a_missing_value_stays_a_word(made_up):
    assert "null" in set(corpus.tokens("000 P3")["token"])


def test_dates_stay_text():
    published = corpus.articles().set_index("article")["published"]
    assert published["001"] == "2018-09/2018-10"


@pytest.mark.parametrize("written", ["000 P3", "000 p3", " 000  P3 ", "000P3", "000-P03", "0 p3",
                                     "000: paragraph 3", "000 par. 3"])
def test_locators_are_read_leniently(written):
    assert corpus.normalise_locator(written) == "000 P3"


@pytest.mark.parametrize(("written", "told"), [
    ("000 P9", "There is no segment 000 P9: article 000 has P1 to P6."),
    ("000 P0", "There is no segment 000 P0: article 000 has P1 to P6."),
    ("003 P1", "Article 003 is cut into sentences, S1 to S37: 003 P1 does not exist."),
    ("000 S1", "Article 000 is cut into paragraphs, P1 to P6: 000 S1 does not exist."),
    ("009 P1", "There is no article 009: the reader has 000, 001, 002, 003 and 004."),
    ("P3", "'P3' is not a locator: write the article and the segment, such as '000 P3' or "
           "'003 S14'."),
    (3, "3 is not a locator: write the article and the segment, such as '000 P3' or "
        "'003 S14'."),
])
def test_an_error_says_what_there_is(written, told):
    with pytest.raises(corpus.ReaderError) as caught:
        corpus.passage(written)
    assert str(caught.value) == told
    assert caught.value._render_traceback_() == [f"ReaderError: {told}"]


@pytest.mark.parametrize("article", [None, "", "nine", float("nan")])
def test_an_article_that_is_none_is_named(article):
    with pytest.raises(corpus.ReaderError, match="There is no article"):
        corpus.known_article(article)


def test_without_a_copy_the_digest_and_the_phrases_are_shown_and_the_display_says_so():
    item = corpus.passage("000 P3")
    assert item.text is None
    assert not corpus.has_text("000")
    page = Marks(item._repr_html_())
    for shown in (page.text, " ".join(repr(item).split())):
        assert " ".join(item.digest.split()) in shown
        assert display.NO_COPY in shown
        assert all(phrase in shown for phrase in item.phrases["phrase"])
    with pytest.raises(corpus.NoText, match="python -m reader add FILE"):
        corpus.text("000")


def test_with_a_copy_the_offsets_cut_the_text_where_the_tables_say(real_texts, monkeypatch):
    monkeypatch.setattr("seeds.TEXTS", real_texts)
    from reader import tables
    from reader.text import fingerprint
    for article in SEGMENTS:
        whole = corpus.text(article)
        assert corpus.has_text(article)
        for row in tables.read("segments").query("article == @article").itertuples():
            assert fingerprint(whole[row.start:row.end]) == row.sha256
        for row in corpus.phrases(article).itertuples():
            assert whole[row.start:row.end] == row.phrase


def test_with_a_copy_marks_hold_the_phrases_and_nothing_of_the_text_is_lost(
        real_texts, monkeypatch):
    monkeypatch.setattr("seeds.TEXTS", real_texts)
    for article in SEGMENTS:
        for item in corpus.passages(article):
            page = Marks(item._repr_html_())
            begin = page.text.index(item.text)
            assert item.text in " ".join(repr(item).split())
            assert {at - begin for a, b in page.spans for at in range(a, b)
                    if at < begin + len(item.text)} == {
                at for row in item.phrases.itertuples() for at in range(row.start, row.end)}


def test_a_passage_uses_no_heading_and_no_quotation_element(mode):
    # A heading inside an output would break the order of headings of the notebook, and <q>
    # adds marks of its own to texts that have some.
    tags = set(Marks(corpus.passage("001 P6")._repr_html_()).tags)
    assert not tags & {"q", "h1", "h2", "h3", "h4", "h5", "h6"}


def test_a_near_copy_shows_what_agrees_and_has_no_text_for_the_offsets(made_up, tmp_path):
    changed = tmp_path / "changed.txt"
    changed.write_text(made_up["000"].read_text(encoding="utf-8").replace("forty", "fifty"),
                       encoding="utf-8")
    library.add(changed)
    assert corpus.passage("000 P1").text.startswith("The ferry left")
    assert corpus.passage("000 P2").text is None
    assert not corpus.has_text("000")
    with pytest.raises(corpus.NoText, match=r"differs .* in 000 P2, so"):
        corpus.text("000")


def test_overlapping_marks_are_cut_where_they_begin_and_end(made_up):
    library.add(made_up["000"])
    item = corpus.passage("000 P2")
    text = "Nobody saw it leave; forty people waited on the quay until dark."
    # "forty people" is 21-33 and "people waited" 27-40: the shared word is a piece of its own.
    assert item.text == text
    assert [(a, b) for a, b in zip(item.phrases["start"], item.phrases["end"], strict=True)] \
        == [(21, 33), (27, 40)]
    cut = display.pieces(text, item.phrases)
    assert cut == [("Nobody saw it leave; ", [], []), ("forty ", ["figure"], []),
                   ("people", ["figure", "wording"], ["figure"]),
                   (" waited", ["wording"], ["wording"]), (" on the quay until dark.", [], [])]
    assert Marks(item._repr_html_()).marks[:3] == ["forty ", "people", " waited"]


def test_what_a_text_holds_is_shown_and_never_run(texts, tmp_path):
    file = tmp_path / "own.txt"
    file.write_text("Some say &lt;script&gt;alert(1)&lt;/script&gt; & more.", encoding="utf-8")
    library.add_as(file, "005", outlet="<b>Own</b>")
    shown = corpus.passage("005 P1")._repr_html_()
    assert "<script" not in shown
    assert "<b>Own" not in shown
    assert "<script>alert(1)</script> & more." in unescape(re.sub(r"<[^>]+>", "", shown))
