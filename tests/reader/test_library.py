"""Adding copies: what is recognised, what is refused, and that nothing is lost."""

from __future__ import annotations

import json

import pytest

import seeds
from reader import corpus, library, store
from reader.errors import ReaderError

NEAR = "These segments differ and are shown as digests: 000 P2."


def add(tmp_path, content: str | bytes, name: str = "copy.txt") -> str:
    """Add a file with this content and return what was said, without the file's name."""
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    said = library.add(file)
    assert len(said) == 1
    return said[0].removeprefix(f"{file}: ")


@pytest.fixture
def ferry(made_up) -> str:
    """The made-up article 000."""
    return made_up["000"].read_text(encoding="utf-8")


@pytest.mark.parametrize("change", [
    lambda text: text,
    lambda text: text.replace("\n", "\r\n"),
    lambda text: text.replace("“", '"').replace("”", '"'),
    lambda text: text.replace("—", "–").replace(" left at", "\N{NO-BREAK SPACE}left at"),
    lambda text: "\ufeff" + text,
], ids=["as it is", "Windows line ends", "straight quotes", "other dash and spaces", "BOM"])
def test_a_copy_that_normalises_to_the_article_is_a_match(ferry, tmp_path, change):
    assert add(tmp_path, change(ferry)) == "match, article 000 (Harbour Post): added."
    assert corpus.has_text("000")


@pytest.mark.parametrize(("encoding", "told"), [
    ("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "read as UTF-16; "),
    ("cp1252", "read as Windows-1252, as it is not UTF-8; "),
])
def test_encodings_are_recognised_and_a_guess_is_stated(ferry, tmp_path, encoding, told):
    said = add(tmp_path, ferry.encode(encoding))
    assert said == f"{told}match, article 000 (Harbour Post): added."


@pytest.mark.parametrize("change", [
    lambda text: text.replace("\n\n", "\n"),
    lambda text: "Cookies? Accept.\n\nMenu\n\n" + text + "\n\nMore ferries\n",
    lambda text: text.replace(". Nobody", ".\n\nNobody").replace("; forty", ";\n\nforty"),
], ids=["breaks lost", "inside a web page", "a break too many"])
def test_other_breaks_and_text_around_the_article_still_match(ferry, tmp_path, change):
    assert "match, article 000 (Harbour Post), all 3 segments, though" in add(
        tmp_path, change(ferry))
    assert corpus.has_text("000")
    assert corpus.passage("000 P2").text.startswith("Nobody saw")


def test_a_sentence_article_with_paragraph_breaks_matches_by_its_sentences(made_up, tmp_path):
    text = made_up["003"].read_text(encoding="utf-8")
    assert "all 3 segments" in add(tmp_path, text.replace(". ", ".\n\n"))
    assert corpus.passage("003 S2").text == "Mr Hill said that he doubts it."


def test_a_changed_segment_is_named_and_the_others_are_shown(ferry, tmp_path):
    said = add(tmp_path, ferry.replace("forty", "fifty"))
    assert said == (f"near match, article 000 (Harbour Post): added. {NEAR} "
                    "The other 2 show your text.")
    shown = [item.text is not None for item in corpus.passages("000")]
    assert shown == [True, False, True]


def test_a_copy_with_a_change_in_every_segment_is_still_recognised(ferry, tmp_path):
    changed = ferry.replace("noon", "one").replace("dark", "late").replace("second", "new")
    assert "near match, article 000" in add(tmp_path, changed)
    assert all(item.text is None for item in corpus.passages("000"))


def test_a_worse_copy_does_not_replace_a_better_one(ferry, tmp_path):
    add(tmp_path, ferry)
    assert "the copy you have agrees in more segments" in add(
        tmp_path, ferry.replace("forty", "fifty"))
    assert corpus.has_text("000")


def test_a_better_copy_replaces_a_worse_one(ferry, tmp_path):
    add(tmp_path, ferry.replace("forty", "fifty"))
    assert add(tmp_path, ferry) == ("match, article 000 (Harbour Post): "
                                    "replaced the copy that was there.")
    assert corpus.has_text("000")


def test_adding_twice_changes_nothing(ferry, tmp_path, texts):
    add(tmp_path, ferry)
    before = {file.name: file.read_bytes() for file in texts.iterdir()}
    assert add(tmp_path, ferry) == "match, article 000 (Harbour Post): already there."
    assert {file.name: file.read_bytes() for file in texts.iterdir()} == before


def test_a_file_that_holds_two_articles_adds_both(made_up, tmp_path):
    both = tmp_path / "both.txt"
    both.write_text("\n\n".join(file.read_text(encoding="utf-8") for file in made_up.values()),
                    encoding="utf-8")
    assert len(library.add(both)) == 2
    assert corpus.has_text("000")
    assert corpus.has_text("003")


def test_a_saved_page_whose_blocks_touch_is_recognised(ferry, tmp_path):
    page = "".join(f"<p>{part}</p>" for part in ferry.split("\n\n"))
    assert "match, article 000 (Harbour Post), all 3 segments" in add(
        tmp_path, f"<body><div>Menu</div>{page}<div>Imprint</div></body>")


def test_a_part_of_a_second_article_is_named(made_up, ferry, tmp_path):
    second = made_up["003"].read_text(encoding="utf-8")
    both = tmp_path / "both.txt"
    both.write_text(f"{ferry}\n\n{second.replace('doubts', 'hopes')}", encoding="utf-8")
    first, other = library.add(both)
    assert "match, article 000" in first
    assert "it also has 2 of 3 segments of article 003 (Hill Times); save these" in other
    assert not corpus.has_text("003")


def test_an_unknown_text_is_refused_with_the_closest_article_and_a_way_on(made_up, tmp_path):
    file = tmp_path / "other.txt"
    file.write_text("A bridge was opened at noon.", encoding="utf-8")
    with pytest.raises(ReaderError, match=r"not one of the five\. The closest is article 000 "
                                          r"\(Harbour Post\).*--as 001 --outlet"):
        library.add(file)


def test_a_long_text_that_has_all_the_words_is_no_copy(ferry, tmp_path):
    mixed = " ".join(sorted(ferry.split())) + " and many other words" * 50
    with pytest.raises(ReaderError, match="not one of the five"):
        add(tmp_path, mixed)


@pytest.mark.parametrize(("make", "told"), [
    (lambda file: file.mkdir(), "is a folder: name the files in it."),
    (lambda file: None, "There is no file"),
    (lambda file: file.write_bytes(b""), "is empty: there are no words in it."),
    (lambda file: file.write_bytes(b" \n\t "), "is empty: there are no words in it."),
    (lambda file: file.write_bytes(b"\x7fELF\0\0\1"), "is not a text file"),
    (lambda file: file.write_bytes(b"%PDF-1.7 words"), "is not a text file"),
    (lambda file: file.write_bytes(b"\xff\xfea"), "begins as UTF-16 text but is damaged"),
    (lambda file: file.write_bytes(b"\xff\xfe\0\0a\0\0\0"),
     "is UTF-32 text: save it again as UTF-8"),
    (lambda file: file.write_bytes(b"smart \x81 word"), "is in no encoding known here"),
    (lambda file: file.write_bytes(b"word " * 10_000_000), "has 50 MB"),
])
def test_an_unreadable_file_is_one_clear_sentence(tmp_path, texts, make, told):
    file = tmp_path / "copy.txt"
    make(file)
    with pytest.raises(ReaderError) as caught:
        library.add(file)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not texts.exists()


def test_a_write_that_fails_leaves_the_old_copy_and_no_litter(ferry, tmp_path, texts, monkeypatch):
    add(tmp_path, ferry.replace("forty", "fifty"))
    before = store.text_file("000").read_bytes()

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(ReaderError, match="can't be written: No space left on device"):
        add(tmp_path, ferry)
    assert [file.name for file in texts.iterdir()] == ["000.txt"]
    assert store.text_file("000").read_bytes() == before


# --- an article of the reader's own ------------------------------------------------------

OWN = "A bridge was opened at noon.\n\nIt is “long”, and red."


@pytest.fixture
def own(made_up, tmp_path):
    file = tmp_path / "own.txt"
    file.write_text(OWN, encoding="utf-8")
    assert library.add_as(file, "005", outlet="Bridge News", published="2020-02~") == [
        f"{file}: added as article 005, 2 paragraphs, 11 words."]
    return file


def test_an_own_article_is_listed_with_segments_and_tokens(own):
    row = corpus.articles().set_index("article").loc["005"]
    assert (row["outlet"], row["segments"], row["words"]) == ("Bridge News", 2, 11)
    assert list(corpus.segments("005")["locator"]) == ["005 P1", "005 P2"]
    assert corpus.segments("005")["digest"].isna().all()
    counts = corpus.tokens("005 P2")
    # it is long and red: five words of the second paragraph, in alphabetical order
    assert list(counts["token"]) == ["and", "is", "it", "long", "red"]
    assert str(corpus.articles().dtypes["words"]) == "Int64"
    assert str(corpus.segments().dtypes["digest"]) == "str"


def test_an_own_article_shows_its_text(own):
    item = corpus.passage("5 p2")
    assert item.text == 'It is "long", and red.'
    assert corpus.text("005")[30:] == item.text
    assert "Bridge News, 2020-02~" in repr(item)


def test_an_own_article_is_recognised_when_it_is_added_again(own):
    assert library.add(own) == [f"{own}: match, your own article 005, already there."]


def test_an_own_article_goes_when_it_is_removed(own, texts):
    assert library.remove("005") == "005: removed."
    assert list(texts.iterdir()) == []
    assert "005" not in set(corpus.articles()["article"])
    with pytest.raises(ReaderError, match="There is no copy of article 005"):
        library.remove("005")


@pytest.mark.parametrize(("article", "record", "told"), [
    ("000", {}, "000 is one of the five"),
    ("x", {}, "'x' is no article id"),
    ("../x", {}, "is no article id"),
    ("005", {"published": "May 2019"}, "is not a date the course can read"),
])
def test_an_own_article_with_a_wrong_record_is_refused(made_up, tmp_path, texts, article, record,
                                                       told):
    file = tmp_path / "own.txt"
    file.write_text(OWN, encoding="utf-8")
    with pytest.raises(ReaderError, match=told):
        library.add_as(file, article, **record)
    assert not texts.exists()


def test_one_of_the_five_is_not_added_under_another_id(made_up):
    with pytest.raises(ReaderError, match=r"is article 000 \(Harbour Post\) of the course"):
        library.add_as(made_up["000"], "005")


def test_the_list_says_how_far_each_copy_agrees(own, ferry, tmp_path):
    add(tmp_path, ferry.replace("forty", "fifty"))
    lines = library.status()
    assert [" ".join(line.split()) for line in lines] == [
        "000 Harbour Post near match, 2 of 3 segments", "003 Hill Times no copy",
        "005 Bridge News your own article, 2 segments", f"Folder: {seeds.TEXTS}"]


def test_records_hold_what_the_tables_hold(own):
    record = json.loads(store.record_file("005").read_text(encoding="utf-8"))
    assert sorted(record) == ["article", "segments", "tokens"]
    assert set(record["segments"][0]) == {*corpus.segments().columns, "sha256"}


# --- the real articles -------------------------------------------------------------------


def test_every_real_article_is_recognised(real_files, texts):
    for number, file in enumerate(real_files):
        assert f"match, article 00{number} (" in library.add(file)[0]
        assert corpus.has_text(f"00{number}")


def test_a_real_article_is_recognised_without_its_breaks_and_between_others(real_files, tmp_path):
    page = tmp_path / "page.html"
    body = real_files[4].read_text(encoding="utf-8").replace("\n\n", "\n")
    page.write_text(f"<html><body><p>Menu</p>\n{body}\n<p>Imprint</p></body></html>",
                    encoding="utf-8")
    assert "match, article 004 (TRT World), all 32 segments" in library.add(page)[0]
    assert corpus.has_text("004")


def test_a_real_article_with_one_changed_sentence_is_a_near_match(real_files, tmp_path):
    file = tmp_path / "copy.txt"
    file.write_text(real_files[3].read_text(encoding="utf-8").replace("Russia agreed.",
                                                                      "Russia said yes."),
                    encoding="utf-8")
    said = library.add(file)[0]
    assert "near match, article 003 (The National): added." in said
    assert "digests: 003 S8. The other 36 show your text." in said
