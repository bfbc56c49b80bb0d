"""Topic 08: who speaks in the articles, how, for which side and in how many words; who does not.

Conventions, stated once:

* A voice is somebody to whom the article gives words, a view or an act. Five modes: *direct* (more
  than six words in quotation marks), *fragment* (at most six), *indirect* (reported without
  marks), *action* (no words are told), *unnamed* (told about others, on the word of a source for
  which no person, body or state is named; who takes part needs no name).
* A source counts once per article, however often it speaks; who only acts is none.
* The table of voices holds only some articles, and not all voices of these. It shows who speaks.
  That somebody does not, it can't show: `absence` says what follows, and what does not.
"""

from __future__ import annotations

import re

from reader import corpus, plots, quotes, store, tables
from reader.absence import Absence, absence, voiced_articles
from reader.errors import ReaderError
from reader.lazy import lazy
from reader.quotes import Quotations, find_quotations

pd = lazy("pandas")

__all__ = ["SIDES", "Absence", "Quotations", "absence", "find_quotations", "plot_sides",
           "quotations", "quoted_words", "side_table", "voices"]

#: For whom a source speaks, in the order of tables. Groups for counting, not camps.
SIDES = ("Turkish state", "Russian state", "Iranian state", "Syrian state", "armed group",
         "political opposition", "Kurdish-led forces", "United Nations", "monitor", "expert",
         "civilians", "unnamed")

#: Pattern of each side in a drawing. Greys only: a colour for each side would make teams of them.
_PATTERNS = dict(zip(SIDES, ("", "//", "..", "xx", "\\\\", "oo", "--", "||", "++", "**", "OO",
                             "//.."), strict=True))


def quotations(article: str | None = None) -> pd.DataFrame:
    """Return what stands between quotation marks in the articles, without saying who speaks.

    Parameters
    ----------
    article : str, optional
        Only this article (``"000"``) or segment (``"001 P6"``). Of articles that you added,
        the quotations are found in your copy.

    Returns
    -------
    pandas.DataFrame
        Columns locator, number (1 for the first of its segment), start and end (characters of
        the normalised article, without the marks), words and marks (``double`` or ``single``).
    """
    added = [row for key in store.records() if corpus.has_text(key)
             for row in quotes.table_rows(
                 corpus.text(key), dict(corpus.segments(key)[["locator", "end"]].to_numpy()))]
    frame = tables.read("quotations")
    if added:
        frame = pd.concat([frame, tables.typed(added, "quotations.csv")], ignore_index=True)
    frame = corpus.only(frame, article)
    frame.insert(1, "number", (frame.groupby("locator").cumcount() + 1).astype("Int64"))
    return frame


def voices(article: str | None = None) -> pd.DataFrame:
    """Return who speaks in the articles that the lessons work on.

    Parameters
    ----------
    article : str, optional
        Only this article (``"001"``) or segment (``"001 P6"``).

    Returns
    -------
    pandas.DataFrame
        Columns voice (``V01``), locator, speaker, actor (missing where none is meant for
        certain), role, mode, side and quotations (numbers of the segment's quotations).

    Raises
    ------
    ReaderError
        When the table leaves the article out on purpose: no row would look like no voice.
    """
    frame, known = tables.read("voices"), voiced_articles()
    if article is not None:
        digits = str(article).strip()
        wanted = corpus.known_article(digits) if digits.isdigit() else \
            corpus.normalise_locator(article)[:3]
        if wanted not in known:
            raise ReaderError(f"voices.csv has no rows for {wanted}, on purpose: it holds "
                              f"{', '.join(known)}, and other articles are yours to read.")
    return corpus.only(frame, article)


# --- tables of the reader ----------------------------------------------------------------


def _rows(rows, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a table of voices with an ``article`` column, or say what is wrong with it."""
    if not isinstance(rows, pd.DataFrame):
        raise ReaderError(f"Give a table of voices, as voices() returns it, not "
                          f"{type(rows).__name__}.")
    lacking = [name for name in columns if name not in rows.columns]
    if lacking:
        raise ReaderError(f"This table lacks the column {lacking[0]}: a table of voices needs "
                          f"{', '.join(columns)}.")
    if not rows.columns.is_unique:
        raise ReaderError("This table has two columns of the same name: rename one of them.")
    if not len(rows):
        raise ReaderError("This table of voices has no rows, so there is nothing to count.")
    frame = rows[list(columns)].reset_index(drop=True).astype(object)
    for name in ("locator", "speaker"):
        if name in columns:
            for number, cell in enumerate(frame[name]):
                if not isinstance(cell, str) or not cell.strip():
                    raise ReaderError(f"Row {number} has no {name}: every voice needs one.")
    frame["locator"] = [corpus.normalise_locator(cell) for cell in frame["locator"]]
    frame["speaker"] = frame["speaker"].str.strip()
    frame["article"] = frame["locator"].str[:3]
    return frame


def side_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Count the sources of each side in each article; a source counts once per article.

    Parameters
    ----------
    rows : pandas.DataFrame
        Voices: columns locator, speaker and side (one of `SIDES`). Where there is a column
        mode, rows of the mode ``action`` do not count: nobody is heard in them.

    Returns
    -------
    pandas.DataFrame
        The sides as index, one column of counts (Int64) per article of `rows`, and ``total``,
        their sum. A zero says that these rows have no such source, and no more.

    Raises
    ------
    ReaderError
        When a column, a locator, a speaker or a side is missing or unknown.
    """
    frame = _rows(rows, ("locator", "speaker", "side"))
    for number, side in enumerate(frame["side"]):
        if not isinstance(side, str) or side not in SIDES:
            raise ReaderError(f"Row {number} has the side {side!r}: a side is one of "
                              f"{', '.join(SIDES)}.")
    heard = frame if "mode" not in rows.columns else frame[rows["mode"].to_numpy() != "action"]
    once = heard.drop_duplicates(["article", "speaker", "side"])
    counts = pd.crosstab(once["side"], once["article"]).reindex(
        index=SIDES, columns=sorted(set(frame["article"])), fill_value=0)
    counts["total"] = counts.sum(axis=1)
    counts.columns.name = None
    return counts.astype("Int64")


def _numbers(cell, locator: str, number: int) -> list[int]:
    if isinstance(cell, (list, tuple)) or pd.api.types.is_scalar(cell) and not pd.isna(cell):
        written = "; ".join(str(part) for part in cell) if isinstance(cell, (list, tuple)) else \
            str(cell)
        parts = [part for part in re.split(r"[;,\s]+", written) if part]
        # A spreadsheet that has empty cells makes 1.0 of 1.
        parts = [part.removesuffix(".0") for part in parts]
        if all(re.fullmatch(r"[1-9]\d?", part) for part in parts):
            return [int(part) for part in parts]
    elif pd.api.types.is_scalar(cell):
        return []
    raise ReaderError(f"Row {number} ({locator}) has quotations {str(cell)[:60]!r}: give the "
                      f"numbers of its quotations, such as 1 or '1; 2', or leave the cell empty.")


def quoted_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Count the words that each speaker has between quotation marks.

    Parameters
    ----------
    rows : pandas.DataFrame
        Voices: columns locator, speaker and quotations (numbers as `quotations` gives them,
        ``"1; 2"`` for several, empty for none).

    Returns
    -------
    pandas.DataFrame
        Columns article, speaker, quotations and words (Int64), and share: percent of the
        quoted words that these rows give to anybody in the article (Float64; missing where there
        are none). Speakers without quoted words are listed with 0.

    Raises
    ------
    ReaderError
        When a quotation does not exist, or is given to two speakers.
    """
    frame = _rows(rows, ("locator", "speaker", "quotations"))
    known = {(row.locator, row.number): row.words for row in quotations().itertuples()}
    owners: dict[tuple[str, int], str] = {}
    for number, row in enumerate(frame.itertuples()):
        for which in _numbers(row.quotations, row.locator, number):
            if (row.locator, which) not in known:
                have = sum(place == row.locator for place, _ in known)
                raise ReaderError(f"Row {number}: {row.locator} has no quotation {which}; "
                                  f"quotations.csv counts {have} there.")
            owner = owners.setdefault((row.locator, which), row.speaker)
            if owner != row.speaker:
                raise ReaderError(f"Quotation {which} of {row.locator} is given to {owner} and to "
                                  f"{row.speaker}: it can have one speaker only.")
    found = frame[["article", "speaker"]].drop_duplicates(ignore_index=True)
    mine = [[known[key] for key, owner in owners.items()
             if (key[0][:3], owner) == (row.article, row.speaker)] for row in found.itertuples()]
    found["quotations"] = pd.array([len(counts) for counts in mine], "Int64")
    found["words"] = pd.array([sum(counts) for counts in mine], "Int64")
    whole = found.groupby("article")["words"].transform("sum").astype("Float64")
    found["share"] = (100 * found["words"].astype("Float64") / whole.where(whole > 0)).round(1)
    return found


# --- drawing -----------------------------------------------------------------------------


def plot_sides(rows: pd.DataFrame) -> plots.Shown:
    """Draw the sources of each side as one stacked bar per article.

    Parameters
    ----------
    rows : pandas.DataFrame
        Voices, as for `side_table`.

    Returns
    -------
    reader.plots.Shown
        With a text alternative and the table. Every side has a pattern of its own, and every
        piece of a bar its number.
    """
    from matplotlib import pyplot
    table = side_table(rows)
    counts = table.drop(columns="total")
    there = [side for side in SIDES if table.loc[side, "total"] > 0]
    fig, ax = pyplot.subplots(figsize=(6.6, 0.62 * len(counts.columns) + 0.3 * len(there) + 0.9),
                              layout="constrained")
    begin = dict.fromkeys(counts.columns, 0)
    for side in there:
        for place, article in enumerate(counts.columns):
            if count := int(counts.loc[side, article]):
                ax.barh(place, count, left=begin[article], height=0.62, hatch=_PATTERNS[side],
                        lw=1.2, facecolor="0.85" if _PATTERNS[side] == "" else "white",
                        edgecolor="black",
                        label=side if side not in ax.get_legend_handles_labels()[1] else None)
                ax.text(begin[article] + count / 2, place, count, ha="center", va="center",
                        fontsize=10, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})
                begin[article] += count
    ax.set_yticks(range(len(counts.columns)), counts.columns)
    ax.set(xlabel="sources (each counts once per article)", ylabel="article",
           xlim=(0, max(begin.values()) + 0.3))
    ax.invert_yaxis()
    ax.xaxis.get_major_locator().set_params(integer=True)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    fig.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=9, handlelength=2.6,
               handleheight=1.5)
    told = [f"{article}: " + ", ".join(f"{side} {counts.loc[side, article]}" for side in there
                                       if counts.loc[side, article])
            for article in counts.columns]
    none = [side for side in SIDES if side not in there]
    return plots.show(fig, alt=f"Sources by side. {'; '.join(told)}. No source in these rows: "
                               f"{', '.join(none) or 'none of the sides'}.",
                      table=table, caption=(f"Sources by side, each counted once per article. In "
                                            f"these rows nobody speaks for: "
                                            f"{', '.join(none) or 'no side is without a source'}."))
