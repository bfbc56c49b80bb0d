"""Topic 01: where a text comes from, and when it can have been written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reader import corpus, dates
from reader import text as rt
from reader.errors import ReaderError
from reader.lazy import lazy

pd = lazy("pandas")


class Contradiction(ReaderError):
    """Two clues that no day satisfies."""


@dataclass(frozen=True)
class Clue:
    """One piece of evidence about when a text was published.

    Attributes
    ----------
    label : str
        What it says, in a few words.
    earliest, latest : str or None
        EDTF. Of a month or a year, the first day counts for `earliest` and the last for
        `latest`. None: the clue sets no such limit.
    evidence : str
        Locator or source it rests on.
    """

    label: str
    earliest: str | None = None
    latest: str | None = None
    evidence: str = ""

    def __post_init__(self):
        if self.earliest is None and self.latest is None:
            raise ReaderError(f"The clue {self.label!r} limits nothing: give it an earliest "
                              f"or a latest day.")
        for name, day in (("earliest", self.first), ("latest", self.last)):
            if getattr(self, name) is not None and day is None:
                raise ReaderError(f"The clue {self.label!r} has no {name} day: "
                                  f"{getattr(self, name)!r} is open or unknown there.")
        if self.first and self.last and self.first > self.last:
            raise ReaderError(f"The clue {self.label!r} ends ({self.last}) before it begins "
                              f"({self.first}).")

    @property
    def first(self) -> date | None:
        """First day that the clue allows."""
        return None if self.earliest is None else dates.as_interval(self.earliest).first

    @property
    def last(self) -> date | None:
        """Last day that the clue allows."""
        return None if self.latest is None else dates.as_interval(self.latest).last


def possible_interval(clues: Iterable[Clue]) -> dates.Interval:
    """Return the days that all clues allow.

    Parameters
    ----------
    clues : iterable of Clue

    Returns
    -------
    Interval
        Its ``text`` is EDTF; an end that no clue limits is open.

    Raises
    ------
    Contradiction
        When no day is left: the message names the two clues that exclude each other.

    Examples
    --------
    >>> str(possible_interval([Clue("names the deal", earliest="2018-09-17"),
    ...                        Clue("silent on 10 October", latest="2018-10-09")]))
    '2018-09-17/2018-10-09'
    """
    clues = list(clues)
    floor = max((c for c in clues if c.first), key=lambda c: c.first, default=None)
    ceiling = min((c for c in clues if c.last), key=lambda c: c.last, default=None)
    first, last = floor and floor.first, ceiling and ceiling.last
    if first and last and first > last:
        raise Contradiction(f"No day is left: {floor.label!r} allows nothing before {first}, "
                            f"and {ceiling.label!r} nothing after {last}.")
    return dates.Interval(first, last, dates.edtf(first, last))


def clues_table(clues: Iterable[Clue]) -> pd.DataFrame:
    """Return clues as a table, with the days left after each one.

    Returns
    -------
    pandas.DataFrame
        Columns clue, earliest, latest (EDTF or missing), evidence and left (EDTF of the days
        that this clue and all above it allow; ``"none"`` from a contradiction on).
    """
    clues, rows = list(clues), []
    for number, clue in enumerate(clues, start=1):
        try:
            left = str(possible_interval(clues[:number]))
        except Contradiction:
            left = "none"
        rows.append((clue.label, clue.earliest, clue.latest, clue.evidence or None, left))
    return pd.DataFrame(rows, columns=["clue", "earliest", "latest", "evidence", "left"],
                        dtype="str")


def _hits(pattern: re.Pattern, text: str, around: int) -> list[str]:
    return [("…" if m.start() > around else "")
            + text[max(0, m.start() - around):m.end() + around]
            + ("…" if m.end() + around < len(text) else "")
            for m in pattern.finditer(text)]


def find(words: str, article: str | None = None, around: int = 30) -> pd.DataFrame:
    """Search what the reader has: word counts, phrases and digests always, texts if there.

    Parameters
    ----------
    words : str
        A word or phrase; case does not matter, only whole words are found.
    article : str, optional
        Search only this article.
    around : int
        How many characters of the reader's own copy to show on each side.

    Returns
    -------
    pandas.DataFrame
        Columns locator, where (``words``: the counts of the article's words; ``phrase``: a
        phrase of the article; ``digest``: the course's own words; ``text``: the reader's
        copy), found (what stands there) and times (Int64). A phrase of several words can't
        be found in the counts.
    """
    wanted = " ".join(rt.straighten(str(words)).split())
    if not wanted:
        raise ReaderError("Give find() a word to look for, such as find('Wednesday').")
    pattern = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)", re.IGNORECASE)
    rows = []
    counts = corpus.tokens(article)
    if " " not in wanted:
        for row in counts[counts["token"].map(lambda t: bool(pattern.search(t)))].itertuples():
            rows.append((row.locator, "words", row.token, row.count))
    for row in corpus.phrases(article).itertuples():
        if pattern.search(row.phrase):
            rows.append((row.locator, "phrase", row.phrase, 1))
    for row in corpus.segments(article).dropna(subset=["digest"]).itertuples():
        if pattern.search(row.digest):
            rows.append((row.locator, "digest", row.digest, len(pattern.findall(row.digest))))
    for name in corpus.segments(article)["article"].unique():
        for item in corpus.passages(name):
            if item.text and (found := _hits(pattern, item.text, around)):
                rows += [(item.locator, "text", context, 1) for context in found]
    frame = pd.DataFrame(rows, columns=["locator", "where", "found", "times"]).astype(
        {"locator": "str", "where": "str", "found": "str", "times": "Int64"})
    order = {locator: n for n, locator in enumerate(corpus.segments(article)["locator"])}
    return frame.sort_values("locator", key=lambda column: column.map(order), kind="stable",
                             ignore_index=True)
