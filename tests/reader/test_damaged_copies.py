"""Copies and records that were damaged after they were added: one sentence that says what to do."""

import pytest

from reader import corpus, library, store
from reader.errors import ReaderError


@pytest.fixture
def own(made_up, tmp_path):
    file = tmp_path / "own.txt"
    file.write_text("A bridge was opened at noon.", encoding="utf-8")
    library.add_as(file, "005")
    return file


def test_a_damaged_record_says_how_to_get_rid_of_it(own):
    store.record_file("005").write_text("{", encoding="utf-8")
    with pytest.raises(ReaderError, match="python -m reader remove 005"):
        corpus.articles()
    library.remove("005")
    assert len(corpus.articles()) == 2


@pytest.mark.parametrize("content", ["[]", "3", '{"article": 3}', "[" * 100_000,
                                     '{"article": {}, "segments": [], "tokens": []}'])
def test_a_record_of_another_form_is_damaged_too(own, content):
    store.record_file("005").write_text(content, encoding="utf-8")
    with pytest.raises(ReaderError, match="is damaged: remove it"):
        library.status()


def test_the_list_names_a_damaged_copy_and_goes_on(made_up, texts):
    texts.mkdir()
    (texts / "000.txt").write_bytes(b"caf\xe9")
    lines = library.status()
    assert "remove it with python -m reader remove 000" in lines[0]
    assert lines[1].endswith("no copy")


def test_a_folder_that_is_a_file_says_what_to_do(made_up, texts):
    texts.write_text("")
    with pytest.raises(ReaderError, match="or name another folder in READING_IDLIB_TEXTS"):
        library.add(made_up["000"])


def test_a_copy_in_another_encoding_says_how_to_get_rid_of_it(made_up, texts):
    texts.mkdir()
    (texts / "000.txt").write_bytes(b"caf\xe9")
    with pytest.raises(ReaderError, match="python -m reader remove 000"):
        corpus.passage("000 P1")
