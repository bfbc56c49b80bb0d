"""Tables in a notebook: words to the left, numbers to the right, and else as pandas has them."""

from __future__ import annotations

import re
import subprocess
import sys

import pandas as pd
import pytest

from reader import frames


def left(frame: pd.DataFrame) -> str:
    """What the rules of a table choose."""
    shown = frames.html(frame)
    name = re.search(r'class="dataframe ([^"]+)"', shown)
    return re.search(r"<style>(.*?)\{text-align:start", shown)[1].replace(f".{name[1]} ", "") \
        if name else ""


@pytest.mark.parametrize(("frame", "expected"), [
    (pd.DataFrame({"n": [1], "who": ["x"], "share": [.5]}), "tr>:nth-last-child(2)"),
    (pd.DataFrame({"who": ["x"], "when": [pd.Timestamp("2020-02-19")], "yes": [True]}),
     "tr>:nth-last-child(3),tr>:nth-last-child(2)"),
    (pd.DataFrame({"n": [1]}, index=["000 P1"]), "tbody th"),
    (pd.DataFrame({"who": ["x"]}, index=pd.MultiIndex.from_tuples([("000", 1)])),
     "tr>:nth-last-child(1),tbody th"),
    (pd.DataFrame({"n": [1, 2]}), ""),
    (pd.DataFrame(), ""),
])
def test_words_go_to_the_left(frame, expected):
    assert left(frame) == expected


def test_what_cannot_be_counted_stays_as_pandas_has_it():
    levels = pd.DataFrame([["x", 1]], columns=pd.MultiIndex.from_tuples([("a", "b"), ("a", "c")]))
    wide = pd.DataFrame([["x"] * 30])
    with pd.option_context("display.max_columns", 20):  # as in a notebook
        for frame in (levels, wide):
            assert frames.html(frame) == frame._repr_html_()
    with pd.option_context("display.notebook_repr_html", False):
        assert frames.html(pd.DataFrame({"who": ["x"]})) is None


def test_ipython_shows_tables_so_and_plain_python_needs_neither():
    code = "import sys, reader; assert not {'pandas', 'IPython'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
    shown = ("from IPython.core.interactiveshell import InteractiveShell as Shell\n"
             "shell = Shell.instance()\nimport reader, pandas as pd\n"
             "data, _ = shell.display_formatter.format(pd.DataFrame({'who': ['x']}))\n"
             "assert 'idlib-words-1' in data['text/html'] and 'who' in data['text/plain']")
    assert subprocess.run([sys.executable, "-c", shown]).returncode == 0
