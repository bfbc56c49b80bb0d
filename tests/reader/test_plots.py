"""Figures: a text alternative is not optional."""

from __future__ import annotations

import matplotlib as mpl

mpl.use("Agg")

import pandas as pd
import pytest
from matplotlib import pyplot as plt

from reader import plots
from reader.errors import ReaderError


@pytest.fixture
def fig():
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.bar(["000", "001"], [8, 11], color=plots.PALETTE["blue"])
    yield fig
    plt.close(fig)


def test_html_has_alt_caption_and_table(fig):
    table = pd.Series({"000": 8, "001": 11}, name="regime").rename_axis("article").to_frame()
    shown = plots.show(fig, alt='Two bars: "8" & 11.', table=table, caption="Counts < 12")
    page = shown._repr_html_()
    assert 'alt="Two bars: &quot;8&quot; &amp; 11."' in page
    assert "<figcaption>Counts &lt; 12</figcaption>" in page
    assert "<th>article</th>" in page
    assert "<th></th>" not in page
    assert "data:image/png;base64," in page
    for part in ("Two bars", "Counts < 12", "001"):
        assert part in repr(shown)


def test_the_figure_is_closed_so_that_it_is_not_shown_twice(fig):
    plots.show(fig, alt="Two bars.")
    assert not plt.fignum_exists(fig.number)


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_a_figure_without_text_alternative_is_refused(fig, alt):
    with pytest.raises(ReaderError, match="no text alternative"):
        plots.show(fig, alt=alt)


def test_the_palette_is_okabe_and_itos():
    assert len(plots.PALETTE) == 8
    assert plots.PALETTE["vermilion"] == "#D55E00"
