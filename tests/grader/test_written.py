"""What students write between the code must not keep a page from being made."""

import pytest
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat.v4 import new_markdown_cell, new_notebook

from grader.written import MAX_CHARACTERS, make_presentable


@pytest.mark.parametrize("text", ["\\\\(", "\\begin{a}", "[", "a\n=\n", "</pre><script>"])
def test_a_text_that_would_keep_the_renderer_busy_is_shown_as_it_is(text):
    """The renderer's time grows with the square of such a text; half a megabyte takes an hour."""
    nb = new_notebook(cells=[new_markdown_cell(text * 30_000)])
    make_presentable(nb)
    assert nb.cells[0].source.startswith("<pre>")
    assert "<script>" not in markdown2html_mistune(nb.cells[0].source)


def test_an_ordinary_text_stays_as_it_is():
    text = "Whose *voice* is it? $n = 3$, see [000 P3](https://example.org).\n\n" * 100
    assert len(text) < MAX_CHARACTERS
    nb = new_notebook(cells=[new_markdown_cell(text)])
    make_presentable(nb)
    assert nb.cells[0].source == text
