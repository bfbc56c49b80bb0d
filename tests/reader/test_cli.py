"""The command line: exit codes, and that one bad file does not keep the others out."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from reader import corpus
from reader.__main__ import main


def test_the_other_files_of_a_call_are_added_and_the_exit_code_is_2(made_up, tmp_path, capsys):
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"")
    assert main(["add", str(made_up["000"]), str(bad), str(tmp_path), str(made_up["003"])]) == 2
    said = capsys.readouterr()
    assert said.out.count("match, article") == 2
    assert said.err.splitlines() == [f"{bad} is empty: there are no words in it.",
                                     f"{tmp_path} is a folder: name the files in it."]
    assert corpus.has_text("000")
    assert corpus.has_text("003")


def test_an_article_of_ones_own_is_added_listed_and_removed(made_up, tmp_path, capsys):
    file = tmp_path / "own.txt"
    file.write_text("A bridge was opened.", encoding="utf-8")
    assert main(["add", str(file), "--as", "005", "--outlet", "Bridge News", "--title", "Open",
                 "--published", "2020-02", "--url", "https://example.org"]) == 0
    row = corpus.articles().set_index("article").loc["005"]
    assert list(row[["outlet", "title", "published", "url", "completeness"]]) == [
        "Bridge News", "Open", "2020-02", "https://example.org", "complete"]
    assert main(["list"]) == 0
    assert "005  Bridge News" in capsys.readouterr().out
    assert main(["remove", "005", "777"]) == 2
    assert capsys.readouterr().err.strip() == "There is no copy of article 777 to remove."


@pytest.mark.parametrize(("options", "told"), [
    (["--as", "005"], "--as takes one file"),
    (["--outlet", "X"], "Give an id with --as"),
])
def test_options_that_do_not_fit_are_explained(made_up, capsys, options, told):
    assert main(["add", *map(str, made_up.values()), *options]) == 2
    assert told in capsys.readouterr().err


def test_build_says_what_it_misses(tmp_path, capsys):
    assert main(["build", str(tmp_path)]) == 2
    assert "holds no article" in capsys.readouterr().err


def test_it_runs_as_a_module_on_another_folder_of_texts(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "reader", "list"], capture_output=True, text=True, check=False,
        env=os.environ | {"READING_IDLIB_TEXTS": str(tmp_path / "elsewhere")})
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("no copy") == 5
    assert done.stdout.splitlines()[-1] == f"Folder: {tmp_path / 'elsewhere'}"
