"""Add, list and remove the reader's own copies of articles.

What a file is, is decided by checksums: the whole text first, then every segment of every
article wherever it stands in the file. So a saved web page with the article in its middle is
recognised, and a copy with a few changed passages is used as far as it agrees.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import seeds
from reader import build, dates, shared, store, tables
from reader import text as rt
from reader.copy_file import read_file
from reader.errors import ReaderError
from reader.match import locate, restore

#: A near match shares this part of an article's words in unchanged segments ...
MIN_SEGMENTS = 0.15
#: ... or this part of its words at all, in a text of at most this many times its length:
#: different articles of the course share up to half, and a long text shares words with any.
MIN_WORDS = 0.85
MAX_LENGTH = 2

_BLOCK = re.compile(r"</?(?:p|div|h\d|li|ul|nav|header|footer|section|article|aside|main|title|br|"
                    r"script|style|figure|figcaption|blockquote|table|tr|td|body)\b[^<>]*>", re.I)
_ID = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class Candidate:
    """How close a text comes to one known article.

    Attributes
    ----------
    article : str
    rows : list of dict
        The article's rows of ``segments.csv``.
    found : dict of str to str
        The segments that the text has unchanged, by locator.
    overlap : float
        Share of the article's words that the text has, in any order.
    length : float
        Words of the text per word of the article.
    """

    article: str
    rows: list[dict]
    found: dict[str, str]
    overlap: float
    length: float

    @property
    def missing(self) -> list[str]:
        """Locators of the segments that the text does not have as they are."""
        return [row["locator"] for row in self.rows if row["locator"] not in self.found]

    @property
    def agreed(self) -> float:
        """Share of the article's words that stand in unchanged segments."""
        same = sum(int(row["words"]) for row in self.rows if row["locator"] in self.found)
        return same / max(1, sum(int(row["words"]) for row in self.rows))

    @property
    def near(self) -> bool:
        """Whether the text is a changed copy of the article, and no other text."""
        return self.agreed >= MIN_SEGMENTS or (
            self.overlap >= MIN_WORDS and self.length <= MAX_LENGTH)


def candidates(text: str) -> list[Candidate]:
    """Compare a normalised text with every known article, the closest first."""
    counts = Counter(rt.tokens(text))
    articles, segments = tables.read("articles"), tables.read("segments")
    tokens = tables.read("tokens")
    totals = tokens.groupby([tokens["locator"].str[:3], "token"])["count"].sum()
    found = []
    for article in articles["article"]:
        rows = segments[segments["article"] == article].to_dict("records")
        known = totals[article]
        shared = sum(min(int(count), counts[token]) for token, count in known.items())
        total = int(known.sum())
        found.append(Candidate(article, rows, locate(text, rows), shared / total,
                               counts.total() / total))
    return sorted(found, key=lambda item: (-item.agreed, -item.overlap))


def _named(article: str) -> str:
    rows = tables.read("articles")
    outlet = rows.loc[rows["article"] == article, "outlet"].iloc[0]
    return f"article {article}" + (f" ({outlet})" if isinstance(outlet, str) else "")


def _replaced(article: str, content: str) -> str:
    path = store.text_file(article)
    if not path.is_file():
        store.write(path, content)
        return "added"
    if path.read_bytes() == content.encode("utf-8"):
        return "already there"
    store.write(path, content)
    return "replaced the copy that was there"


def add(path: Path | str) -> list[str]:
    """Recognise the article in a file and store it.

    Returns
    -------
    list of str
        What was done, one sentence each.

    Raises
    ------
    ReaderError
        When the file is unreadable or holds none of the articles; nothing is stored then.
    """
    raw, note = read_file(path)
    if Path(path).suffix == ".json":
        return [shared.add(path, raw)]
    text = rt.normalise(raw)
    told = f"{path}: " + (f"{note}; " if note else "")
    for article, record in store.records().items():
        if rt.fingerprint(text) == record["article"]["sha256"]:
            if not store.text_file(article).is_file():
                store.write(store.text_file(article), raw)
                return [f"{told}match, article {article} of your class: added."]
            return [f"{told}match, your own article {article}, already there."]
    ranked = candidates(text)
    apart = rt.normalise(_BLOCK.sub(r"\n\n\g<0>\n\n", raw))
    if not _complete(raw, text, ranked) and apart != text:
        # A saved page: what stands in blocks of their own must not become one word.
        again = candidates(apart)
        if len(again[0].found) > len(ranked[0].found):
            raw, text, ranked = apart, apart, again
    if whole := _complete(raw, text, ranked):
        done = {item.article for item, _, _ in whole}
        return [*[f"{told}match, {_named(item.article)}{how}: {_replaced(item.article, content)}."
                  for item, content, how in whole],
                *_others(told, [item for item in ranked if item.near and item.article not in done])]
    near = [item for item in ranked if item.near]
    if not near:
        best = max(ranked, key=lambda item: item.overlap)
        raise ReaderError(
            f"{told}not one of the five. The closest is {_named(best.article)}: the file has "
            f"{best.overlap:.0%} of its words and {len(best.found)} of its {len(best.rows)} "
            f"segments. To add it as an article of your own, give it an id: "
            f"python -m reader add {path} --as {next_id()} --outlet … --title …")
    best = near[0]
    if (held := store.copy_of(best.article)) and len(held.segments) > len(best.found):
        return [(f"{told}near match, {_named(best.article)}, but the copy you have agrees in "
                 f"more segments and stays.")]
    done = _replaced(best.article, raw)
    if not best.found:
        return [(f"{told}near match, {_named(best.article)}: {done}. Every segment differs, so "
                 f"digests are shown.")]
    return [(f"{told}near match, {_named(best.article)}: {done}. These segments differ and are "
             f"shown as digests: {', '.join(best.missing)}. The other {len(best.found)} show "
             f"your text."), *_others(told, near[1:])]


def _others(told: str, near: list[Candidate]) -> list[str]:
    """Say that a file holds parts of further articles."""
    return [f"{told}it also has {len(item.found)} of {len(item.rows)} segments of "
            f"{_named(item.article)}; save these in a file of their own to add them."
            for item in near if item.found]


def _complete(raw: str, text: str, ranked: list[Candidate]) -> list[tuple[Candidate, str, str]]:
    """Return the articles that a text holds as a whole, what to store, and how they match."""
    listed = tables.read("articles").set_index("article")["sha256"]
    same = [item for item in ranked if listed[item.article] == rt.fingerprint(text)]
    if same:
        return [(same[0], raw, "")]
    found = []
    for item in ranked:
        full = restore(item.found, item.rows)
        if full is not None and rt.fingerprint(full) == listed[item.article]:
            found.append((item, full, f", all {len(item.rows)} segments, though the file has "
                                      f"other line breaks or more text around them"))
    return found


def _checked_id(article: str) -> str:
    if _ID.fullmatch(str(article).strip()):
        return str(article).strip().zfill(3)
    raise ReaderError(f"{article!r} is no article id: give up to three digits, such as "
                      f"{next_id()}.")


def next_id() -> str:
    """Return the first id that no article has."""
    taken = set(tables.read("articles")["article"]) | set(store.records())
    return next(f"{n:03d}" for n in range(1000) if f"{n:03d}" not in taken)


def add_as(path: Path | str, article: str, **record: str | None) -> list[str]:
    """Store a file as an article of the reader's own, with segments and tokens made for it.

    Parameters
    ----------
    path : path
    article : str
        Three digits that none of the five has. An id added before is replaced.
    **record : str
        Columns of ``articles.csv``: outlet, title, author, published (EDTF), url, language.

    Returns
    -------
    list of str
    """
    article = _checked_id(article)
    if article in set(tables.read("articles")["article"]):
        raise ReaderError(f"{article} is one of the five: give another id, such as {next_id()}.")
    if record.get("published"):
        dates.parse_edtf(record["published"])
    raw, note = read_file(path)
    text = rt.normalise(raw)
    if known := _complete(raw, text, candidates(text)):
        raise ReaderError(f"{path} is {_named(known[0][0].article)} of the course: add it "
                          f"without --as.")
    row = build.article_row(article, raw) | {key: value or "" for key, value in record.items()}
    content = {"article": row | {"completeness": "complete", "note": "Added by the reader."},
               "segments": build.segment_rows(article, raw),
               "tokens": build.token_rows(article, raw)}
    state = "replaced" if article in store.records() else "added"
    # The record comes last: an article is listed only when both files are there.
    store.write(store.text_file(article), raw)
    store.write(store.record_file(article), json.dumps(content, ensure_ascii=False, indent=1))
    return [(f"{path}: {note + '; ' if note else ''}{state} as article {article}, "
             f"{row['segments']} paragraphs, {row['words']} words.")]


def status() -> list[str]:
    """Return one line per article: whether a copy is there and how far it agrees."""
    lines = []
    for row in tables.read("articles").itertuples():
        try:
            copy = store.copy_of(row.article)
        except ReaderError as error:
            lines.append(f"{row.article}  {row.outlet:<12}  {error}")
            continue
        if copy is None:
            state = "no copy"
        elif copy.complete:
            state = "complete copy"
        else:
            state = f"near match, {len(copy.segments)} of {row.segments} segments"
        lines.append(f"{row.article}  {row.outlet:<12}  {state}")
    for article, record in store.records().items():
        own = "your own article" if store.text_file(article).is_file() else "no copy, digests"
        lines.append(f"{article}  {record['article'].get('outlet') or '-':<12}  "
                     f"{own}, {record['article']['segments']} segments")
    return [*lines, f"Folder: {seeds.TEXTS}"]


def remove(article: str) -> str:
    """Remove a stored copy, and the record of an article of the reader's own."""
    article = _checked_id(article)
    text, record = store.text_file(article), store.record_file(article)
    if not text.exists() and not record.exists():
        raise ReaderError(f"There is no copy of article {article} to remove.")
    record.unlink(missing_ok=True)
    text.unlink(missing_ok=True)
    return f"{article}: removed."
