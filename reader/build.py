"""Compute from the texts what ``seeds/`` says about them.

The hand-written columns (digest, use, note, actor …) are kept; every computed column
(offsets, counts, checksums) is written anew, so that no number is ever typed. Needs the
five texts, which are not part of the project: this is a maintainer's tool, and the part of
it that describes one article also serves readers who add an article of their own.
"""

from __future__ import annotations

import csv
import hashlib
import html
import re
from collections import Counter
from pathlib import Path

from reader import quotes
from reader import text as rt

#: Words in a row that count as a copied passage (the fingerprints of `word_runs`).
RUN_LENGTH = 7

_ID = re.compile(r"\d{3}(?=\D|$)")
_OPENING_TAG = re.compile(r"<([A-Za-z]\w*)([^<>]*)>")
_HREF = re.compile(r"""href\s*=\s*["']([^"']*)["']""")
_ANY_TAG = re.compile(r"<[^>]+>")

COLUMNS = {
    "articles.csv": ["article", "outlet", "title", "author", "published", "language", "url",
                     "unit", "segments", "words", "characters", "sha256", "normalisation",
                     "completeness", "note"],
    "segments.csv": ["article", "locator", "position", "paragraph", "start", "end", "words",
                     "sha256", "digest"],
    "tokens.csv": ["locator", "token", "count"],
    "links.csv": ["locator", "tag", "href"],
    "phrases.csv": ["locator", "phrase", "start", "end", "use"],
    "quotations.csv": ["locator", "start", "end", "words", "marks"],
    "mentions.csv": ["mention", "locator", "surface", "start", "end", "level", "actor"],
}


class BuildError(ValueError):
    """A hand-written row does not agree with the text it is about."""


# --- one article -------------------------------------------------------------------------


def read_texts(folder: Path | str) -> dict[str, str]:
    """Read the raw texts of a folder, by article id.

    Parameters
    ----------
    folder : path
        Holds one ``.txt`` file per article; a file name starts with the article's id
        (``000_719d95f3156a6499.txt``, ``005.txt``).

    Returns
    -------
    dict of str to str
        Raw text by three-digit id, in order of the ids.
    """
    texts = {}
    for file in sorted(Path(folder).glob("*.txt")):
        if found := _ID.match(file.name):
            if found[0] in texts:
                raise BuildError(f"{folder} holds two files for article {found[0]}.")
            # newline="" keeps the line ends as they are: the raw text stays raw.
            texts[found[0]] = file.open(encoding="utf-8", newline="").read()
    return texts


def unit_of(article: str) -> str:
    """Return the unit an article is cut into: ``"paragraph"`` or ``"sentence"``."""
    return "sentence" if article in rt.SENTENCE_ARTICLES else "paragraph"


def segments_of(article: str, raw: str, unit: str | None = None) -> dict[str, rt.Segment]:
    """Cut a raw text into segments, by locator (``"000 P3"``)."""
    pieces = rt.segment(rt.normalise(raw), unit or unit_of(article))
    return {f"{article} {piece.local_id}": piece for piece in pieces}


def article_row(article: str, raw: str, unit: str | None = None) -> dict:
    """Return the computed columns of ``articles.csv`` for one article."""
    normal = rt.normalise(raw)
    return {
        "article": article,
        "unit": unit or unit_of(article),
        "segments": len(segments_of(article, raw, unit)),
        "words": len(rt.words(normal)),
        "characters": len(normal),
        "sha256": rt.fingerprint(normal),
        "normalisation": rt.VERSION,
    }


def segment_rows(article: str, raw: str, unit: str | None = None) -> list[dict]:
    """Return the rows of ``segments.csv`` for one article, with an empty digest."""
    return [
        {"article": article, "locator": locator, "position": position,
         "paragraph": piece.paragraph, "start": piece.start, "end": piece.end,
         "words": len(rt.words(piece.text)), "sha256": rt.fingerprint(piece.text),
         "digest": ""}
        for position, (locator, piece) in enumerate(
            segments_of(article, raw, unit).items(), start=1)
    ]


def token_rows(article: str, raw: str, unit: str | None = None) -> list[dict]:
    """Return the rows of ``tokens.csv`` for one article: counts, tokens in alphabetical order."""
    return [
        {"locator": locator, "token": token, "count": count}
        for locator, piece in segments_of(article, raw, unit).items()
        for token, count in sorted(Counter(rt.tokens(piece.text)).items())
    ]


def link_rows(article: str, raw: str, unit: str | None = None) -> list[dict]:
    """Return the rows of ``links.csv`` for one article: the markup left in its raw text."""
    segments = segments_of(article, raw, unit)
    rows = []
    for tag in _OPENING_TAG.finditer(raw):
        # What stands before the tag, normalised, is as long as the tag's own offset.
        offset = len(rt.normalise(raw[:tag.start()]))
        locator = next(key for key, piece in segments.items() if piece.end > offset)
        href = _HREF.search(tag[2])
        rows.append({"locator": locator, "tag": tag[1].lower(),
                     "href": html.unescape(href[1]) if href else ""})
    return rows


def occurrences(segment_text: str, surface: str) -> list[int]:
    """Return where a surface form stands in a segment as whole words (0-based starts)."""
    return [m.start() for m in re.finditer(rf"(?<!\w){re.escape(surface)}(?!\w)", segment_text)]


def locate(segment_text: str, surface: str, occurrence: int = 1) -> tuple[int, int]:
    """Return the span of the n-th occurrence of a surface form in a segment.

    Parameters
    ----------
    segment_text : str
        Text of one segment, normalised.
    surface : str
        A phrase exactly as in the normalised text.
    occurrence : int
        1 for the first.

    Returns
    -------
    tuple of int
        Start and end, from the start of the segment.

    Raises
    ------
    BuildError
        When the segment does not have so many occurrences.
    """
    found = occurrences(segment_text, surface)
    if not 1 <= occurrence <= len(found):
        raise BuildError(f"{surface!r} occurs {len(found)} times in its segment, "
                         f"so there is no occurrence {occurrence}.")
    start = found[occurrence - 1]
    return start, start + len(surface)


def place(rows: list[dict], segments: dict[str, rt.Segment], column: str) -> list[dict]:
    """Fill ``start`` and ``end`` of rows that name a locator and a phrase.

    A start that already points at the phrase is kept. Other rows take the first free
    occurrence, in row order, and one that no longer phrase covers if there is such a one
    (so that "Erdogan" does not land inside "Recep Tayyip Erdogan").

    Parameters
    ----------
    rows : list of dict
        With ``locator``, ``start``, ``end`` and the phrase in `column`; offsets may be empty.
    segments : dict
        Segments by locator, of all articles the rows are about.
    column : str
        Name of the column that holds the phrase.

    Returns
    -------
    list of dict
        The same rows, in the same order, with offsets of the whole normalised article.
    """
    taken: dict[str, set] = {}
    pending = []
    for row in rows:
        locator, phrase = row["locator"], row[column]
        if locator not in segments:
            raise BuildError(f"The row for {phrase!r} names {locator!r}, which is no segment.")
        piece = segments[locator]
        starts = [piece.start + at for at in occurrences(piece.text, phrase)]
        if not starts:
            raise BuildError(f"{locator} does not contain the phrase {phrase!r}.")
        spans = taken.setdefault(locator, set())
        given = int(row["start"]) if str(row.get("start") or "").isdigit() else None
        if given in starts and (given, given + len(phrase)) not in spans:
            spans.add((given, given + len(phrase)))
            row["start"], row["end"] = given, given + len(phrase)
        else:
            pending.append((row, phrase, starts))
    for row, phrase, starts in sorted(pending, key=lambda item: -len(item[1])):
        spans = taken[row["locator"]]
        free = [at for at in starts if (at, at + len(phrase)) not in spans]
        if not free:
            raise BuildError(f"{row['locator']} has {phrase!r} {len(starts)} times, "
                             f"but the table lists it more often.")
        inside = {at for at in free if any(a <= at and at + len(phrase) <= b for a, b in spans)}
        start = next((at for at in free if at not in inside), free[0])
        spans.add((start, start + len(phrase)))
        row["start"], row["end"] = start, start + len(phrase)
    return rows


# --- copied passages ---------------------------------------------------------------------


def plain_words(raw: str) -> list[str]:
    """The words of any file, lower-cased, tags and entities undone."""
    return re.findall(r"\w+", html.unescape(_ANY_TAG.sub(" ", raw)).lower())


def run_hashes(listed: list[str], length: int = RUN_LENGTH) -> list[str]:
    """Fingerprint every run of `length` words: 16 hex digits of SHA-256, in text order."""
    return [
        hashlib.sha256(" ".join(listed[at:at + length]).encode("utf-8")).hexdigest()[:16]
        for at in range(len(listed) - length + 1)
    ]


def word_runs(texts: dict[str, str]) -> list[str]:
    """Return the sorted fingerprints of every run of seven words of the texts.

    With them a repository can be searched for copied passages without holding the texts.
    """
    return sorted({run for raw in texts.values() for run in run_hashes(plain_words(raw))})


# --- the tables --------------------------------------------------------------------------


def read_table(path: Path) -> list[dict]:
    """Read a CSV file as rows of strings; a missing file has no rows."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_table(path: Path, rows: list[dict]) -> None:
    """Write rows in the column order of `COLUMNS`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS[path.name], restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def build(texts_dir: Path | str, seeds_dir: Path | str, runs: Path | str | None = None) -> None:
    """Write the computed columns of ``seeds/`` anew from the texts.

    Parameters
    ----------
    texts_dir : path
        Folder of the raw texts (see `read_texts`).
    seeds_dir : path
        Folder of the tables. A table of phrases that is not there yet is left out.
    runs : path, optional
        Where to write the fingerprints of `word_runs`.

    Raises
    ------
    BuildError
        In one sentence: which row does not agree with its text.
    """
    folder, texts = Path(seeds_dir), read_texts(texts_dir)
    if not texts:
        raise BuildError(f"{texts_dir} holds no article (000….txt, 001….txt, …).")
    known = {row["article"]: row for row in read_table(folder / "articles.csv")}
    if missing := sorted(known.keys() - texts.keys()):
        raise BuildError(f"{texts_dir} lacks the text of article {', '.join(missing)}.")
    digests = {row["locator"]: row["digest"] for row in read_table(folder / "segments.csv")}

    rows = {f"{name}.csv": [] for name in ["articles", "segments", "tokens", "links", "quotations"]}
    segments = {}
    for article, raw in texts.items():
        segments |= (pieces := segments_of(article, raw))
        rows["articles.csv"].append(known.get(article, {}) | article_row(article, raw))
        rows["segments.csv"] += segment_rows(article, raw)
        rows["tokens.csv"] += token_rows(article, raw)
        rows["links.csv"] += link_rows(article, raw)
        ends = {key: piece.end for key, piece in pieces.items()}
        rows["quotations.csv"] += quotes.table_rows(rt.normalise(raw), ends)
    for row in rows["segments.csv"]:
        row["digest"] = digests.pop(row["locator"], "")
    if lost := sorted(key for key, digest in digests.items() if digest):
        raise BuildError(f"segments.csv has a digest for {lost[0]!r}, which is no segment.")
    for name, column in (("phrases.csv", "phrase"), ("mentions.csv", "surface")):
        if (folder / name).is_file():
            rows[name] = place(read_table(folder / name), segments, column)

    # Nothing is written before everything has been checked.
    for name, table in rows.items():
        write_table(folder / name, table)
    if runs is not None:
        Path(runs).write_text("\n".join(word_runs(texts)) + "\n", encoding="utf-8")
