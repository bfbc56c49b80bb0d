"""The five articles, and those that a reader added: records, passages, words, phrases.

Everything here works with and without a copy of the articles. Without one, passages show the
course's own digests and the short evidence phrases; ``python -m reader add FILE`` adds a copy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from reader import display, store, tables
from reader.errors import NoText, ReaderError
from reader.lazy import lazy

pd = lazy("pandas")

__all__ = ["NoText", "Passage", "ReaderError", "articles", "has_text", "links",
           "normalise_locator", "passage", "passages", "phrases", "segments", "text", "tokens"]

_LOCATOR = re.compile(
    r"\s*([0-9]{1,3})[\s:.,/-]*(p|par|para|paragraph|s|sent|sentence)[\s.]*0*([0-9]{1,4})\s*",
    re.IGNORECASE)


# --- tables ------------------------------------------------------------------------------


def _with_added(name: str, key: str) -> pd.DataFrame:
    frame = tables.read(name)
    added = [record[key] if key != "article" else [record["article"]]
             for record in store.records().values()]
    if not added:
        return frame
    rows = tables.typed([row for part in added for row in part], f"{name}.csv")
    return pd.concat([frame, rows], ignore_index=True)


def only(frame: pd.DataFrame, where: str | None) -> pd.DataFrame:
    """Return the rows of a table with locators that are about one article or segment."""
    if where is None:
        return frame
    if str(where).strip().isdigit():
        return frame[frame["locator"].str[:3] == known_article(where)].reset_index(drop=True)
    return frame[frame["locator"] == normalise_locator(where)].reset_index(drop=True)


def articles() -> pd.DataFrame:
    """Return one row per article: the five of the course, then those the reader added.

    Returns
    -------
    pandas.DataFrame
        Columns article, outlet, title, author, published (EDTF), language, url, unit
        (``paragraph`` or ``sentence``), segments, words, characters, sha256, normalisation,
        completeness (``complete`` or ``excerpt``) and note. A missing value is unknown.
    """
    return _with_added("articles", "article")


def segments(where: str | None = None) -> pd.DataFrame:
    """Return one row per paragraph (per sentence in 003), in the order of the text.

    Parameters
    ----------
    where : str, optional
        Only this article (``"000"``) or segment (``"000 P3"``).

    Returns
    -------
    pandas.DataFrame
        Columns article, locator (``"000 P3"``), position, paragraph, start and end (0-based,
        end-exclusive, characters of the normalised text), words and digest (what the passage
        says, in the course's own words; missing for articles that a reader added).
    """
    # The checksum is for recognising copies; in a lesson it would only push the digest aside.
    return only(_with_added("segments", "segments"), where).drop(columns="sha256")


def tokens(where: str | None = None) -> pd.DataFrame:
    """Return how often each word occurs in each segment: locator, token (lower case), count."""
    return only(_with_added("tokens", "tokens"), where)


def links() -> pd.DataFrame:
    """Return the markup left in the raw texts: locator, tag, href (missing where it has none)."""
    return tables.read("links")


def phrases(where: str | None = None) -> pd.DataFrame:
    """Return the evidence phrases: at most six words each, exactly as in the article.

    Parameters
    ----------
    where : str, optional
        Only those of this article (``"000"``) or segment (``"000 P3"``).

    Returns
    -------
    pandas.DataFrame
        Columns locator, phrase, start, end (characters of the normalised article) and use
        (naming, dating, attribution, certainty, place, figure, wording or residue).
    """
    return only(tables.read("phrases"), where)


# --- locators ----------------------------------------------------------------------------


def known_article(article: str) -> str:
    """Return an article's id in its canonical form, or say which ids there are."""
    ids = list(tables.read("articles")["article"]) + list(store.records())
    written = str(article).strip()
    if written and written.zfill(3) in ids:
        return written.zfill(3)
    raise ReaderError(
        f"There is no article {written or 'without an id'}: "
        f"the reader has {', '.join(ids[:-1])} and {ids[-1]}.")


def normalise_locator(locator: str) -> str:
    """Return a locator in its canonical form, ``"000 P3"`` or ``"003 S14"``.

    Case, spaces, leading zeros and the words *paragraph* and *sentence* do not matter.

    Raises
    ------
    ReaderError
        When there is no such segment: the message says which there are.

    Examples
    --------
    >>> normalise_locator("000 p3")
    '000 P3'
    """
    found = _LOCATOR.fullmatch(locator) if isinstance(locator, str) else None
    if not found:
        raise ReaderError(f"{locator!r} is not a locator: write the article and the segment, "
                          f"such as '000 P3' or '003 S14'.")
    article = known_article(found[1])
    letter, number = found[2][0].upper(), int(found[3])
    known = segments(article)["locator"].str.split().str[-1]
    if letter != known.iloc[0][0]:
        unit = "paragraphs" if known.iloc[0][0] == "P" else "sentences"
        raise ReaderError(f"Article {article} is cut into {unit}, {known.iloc[0]} to "
                          f"{known.iloc[-1]}: {article} {letter}{number} does not exist.")
    if f"{letter}{number}" not in set(known):
        raise ReaderError(f"There is no segment {article} {letter}{number}: article {article} "
                          f"has {known.iloc[0]} to {known.iloc[-1]}.")
    return f"{article} {letter}{number}"


# --- texts -------------------------------------------------------------------------------


def has_text(article: str) -> bool:
    """Say whether the reader has a complete copy of an article."""
    copy = store.copy_of(known_article(article))
    return copy is not None and copy.complete


def text(article: str) -> str:
    """Return the normalised text of an article: the text that all offsets refer to.

    Raises
    ------
    NoText
        When the reader has no copy, or one that differs from the article of the course.
    """
    article = known_article(article)
    copy = store.copy_of(article)
    if copy is None:
        raise NoText(f"There is no copy of article {article} here: add yours with "
                     f"python -m reader add FILE.")
    if not copy.complete:
        differ = [key for key in segments(article)["locator"] if key not in copy.segments]
        raise NoText(f"Your copy of article {article} differs from the one of the course in "
                     f"{', '.join(differ)}, so it has no text that the offsets fit; "
                     f"passage() shows the parts that agree.")
    return copy.text


@dataclass(frozen=True)
class Passage:
    """One segment of an article, as the reader may see it.

    Attributes
    ----------
    locator : str
        Such as ``"000 P3"``.
    digest : str or None
        What the segment says, in the course's own words.
    text : str or None
        The segment itself, if the reader has a copy of the article.
    phrases : pandas.DataFrame
        Its evidence phrases, with ``start`` and ``end`` counted from the start of the segment.
    source : str
        Outlet and date of the article, for the heading of the display.
    """

    locator: str
    digest: str | None
    text: str | None
    phrases: pd.DataFrame = field(repr=False, compare=False)
    source: str = ""

    @property
    def article(self) -> str:
        """Id of the article."""
        return self.locator[:3]

    def __repr__(self) -> str:
        return display.passage_plain(self)

    def _repr_html_(self) -> str:
        return display.passage_html(self)


def _passages(rows: pd.DataFrame) -> list[Passage]:
    """Return the passages of some rows of `segments`, all of one article."""
    article = rows["article"].iloc[0]
    listed = articles()
    record = listed[listed["article"] == article].iloc[0]
    source = ", ".join(str(record[key]) for key in ("outlet", "published")
                       if pd.notna(record[key]))
    copy, marks, made = store.copy_of(article), tables.read("phrases"), []
    for row in rows.itertuples():
        here = marks[marks["locator"] == row.locator].reset_index(drop=True)
        here[["start", "end"]] -= row.start
        made.append(Passage(row.locator, None if pd.isna(row.digest) else row.digest,
                            copy.segments.get(row.locator) if copy else None, here, source))
    return made


def passage(locator: str) -> Passage:
    """Return one segment: its text with the phrases marked, or its digest and phrases.

    Parameters
    ----------
    locator : str
        Such as ``"000 P3"``; written leniently (see `normalise_locator`).

    Raises
    ------
    ReaderError
        When there is no such segment.
    """
    return _passages(segments(normalise_locator(locator)))[0]


def passages(article: str) -> list[Passage]:
    """Return all segments of an article, in order."""
    return _passages(segments(known_article(article)))
