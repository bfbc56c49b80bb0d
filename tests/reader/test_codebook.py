"""reader.codebook: codes, the nearest code, the rules, and the page that is kept current."""

import re
from html.parser import HTMLParser

import pytest
from places import ROOT

from reader import codebook
from reader.errors import ReaderError


def test_codes_by_family():
    assert len(codebook.codes()) == 48
    assert codebook.codes("generic")["code"].tolist() == ["CON", "HUM", "RES", "MOR", "ECO"]
    assert len(codebook.codes(" Technique ")) == 23
    assert codebook.codes("policy")["group"].isna().all()


@pytest.mark.parametrize(("written", "code"), [
    ("LL", "LL"), (" ll ", "LL"), ("tr-REPORTED", "TR-reported"), ("loaded  language", "LL"),
    ("morality", "Morality"), ("Conflict", "CON"), ("external", "External")])
def test_codes_are_read_leniently(written, code):
    assert codebook.known_code(written) == code


@pytest.mark.parametrize(("written", "words"), [
    ("Loaded languge", r"did you mean LL \(Loaded language\)\?"),
    ("Securty", r"did you mean Security \(Security and defence\)\?"),
    ("zzz", r"codes\(\) lists them"), ("", r"codes\(\) lists them")])
def test_an_unknown_code_is_met_with_the_nearest(written, words):
    with pytest.raises(ReaderError, match=words):
        codebook.known_code(written)


def test_there_are_ten_rules():
    assert codebook.rules()["rule"].tolist() == list(range(1, 11))


class Words(HTMLParser):
    """Collects the visible text and the tags of a page."""

    def __init__(self, html):
        super().__init__()
        self.text, self.tags, self.hidden = "", [], False
        self.feed(html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.hidden = tag in ("style", "title")

    def handle_endtag(self, tag):
        self.hidden = False

    def handle_data(self, data):
        self.text += "" if self.hidden else data


def test_the_page_says_all_of_the_codebook_in_html_and_in_plain_text():
    page = codebook.page()
    for said in (Words(page.html).text, " ".join(repr(page).split())):
        for row in codebook.codes().itertuples():
            assert row.code in said and row.name in said and row.definition in said
        for row in codebook.rules().itertuples():
            assert row.question in said and row.text in said


@pytest.mark.parametrize("first", [1, 3], ids=["a page of its own", "in a notebook"])
def test_the_page_has_headings_in_order_and_no_script(first):
    page = codebook.page()
    words = Words(page.under(1) if first == 1 else page.html)
    levels = [int(tag[1]) for tag, _ in words.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == first == min(levels) and levels.count(first) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert "script" not in {tag for tag, _ in words.tags}


def test_the_file_in_the_course_is_current(tmp_path):
    made = codebook.save_page(tmp_path / "page.html").read_text(encoding="utf-8")
    assert (ROOT / "notebooks" / "codebook.html").read_text(encoding="utf-8") == made
    assert made.startswith("<!doctype html>\n<html lang=\"en\">")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ReaderError, match="can't be written"):
        codebook.save_page(tmp_path / "no" / "page.html")
