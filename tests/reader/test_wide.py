"""Wide tables: what may break in them, what may not, and which of them have to scroll."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from reader import frames, wide


def seen(table: str) -> str:
    """What stands in a table, with | where a line may break beside the spaces."""
    return re.sub(r"<[^>]+>", "", table.replace("<wbr>", "|"))


@pytest.mark.parametrize(("text", "expected"), [
    ("per_100_words", "per_|100_|words"),
    ("2018-09/2018-10", "2018-09/|2018-10"),
    ("iansidlib;ap2019", "iansidlib;|ap2019"),
    ("2019-04-30/..", "2019-04-30/.."),
    ("&lt;b &amp;c", "&lt;b &amp;c"),
    ("a_ b", "a_ b"),
])
def test_where_a_line_may_break(text, expected):
    made = wide.breakable(f'<td class="a_b">{text}</td>')
    assert seen(made) == expected
    assert 'class="a_b"' in made, "only what is read may change"


@pytest.mark.parametrize("date", ["2018-09-07", "2018-09"])
def test_a_date_stays_whole(date):
    assert f'nowrap">{date}</span>' in wide.breakable(f"<td>{{{date},{date}}}</td>")
    assert "nowrap" not in wide.breakable("<td>12018-09-071</td>")


def test_a_locator_stays_whole_and_counts_as_one_word():
    made = wide.breakable("<td>003 S12; 001 P3</td>")
    assert made.count("nowrap") == 2 and 'nowrap">003 S12</span>' in made
    assert "nowrap" not in wide.breakable("<td>1003 S12, 003 P, 003 S1a</td>")
    row = "<tr>" + "<td>003 S12</td>" * 7
    assert wide.is_wide(row) and not wide.is_wide(row.replace(" ", "<wbr>"))


def test_only_wide_tables_scroll_and_can_be_focused():
    narrow = frames.html(pd.DataFrame({"locator": ["000 P1"], "words": [87]}))
    many = frames.html(pd.DataFrame([["unbreakable"] * 8],
                                    columns=[f"column{n}" for n in range(8)]))
    assert "tabindex" not in narrow
    assert many.count('tabindex="0"') == 1 and f'aria-label="{frames.WIDE}"' in many
    sentences = frames.html(pd.DataFrame({"said": ["one word and another " * 20]}))
    assert "tabindex" not in sentences, "sentences wrap"


def test_names_of_row_labels_stand_in_the_one_row_of_heads():
    frame = pd.DataFrame({"words": [1], "unit": ["x"]}, index=pd.Index(["000"], name="article"))
    for shown in (frame, frame.set_index("unit", append=True)):
        head = frames.html(shown).partition("</thead>")[0]
        assert head.count("<tr") == 1 and "<th>article</th>" in head
    assert "<th></th>" not in frames.html(frame.reset_index())
    # Where columns have a name too, both have a place in two rows.
    both = frames.html(frame.rename_axis(columns="of")).partition("</thead>")[0]
    assert both.count("<tr") == 2 and "<th>of</th>" in both and "<th></th>" not in both
