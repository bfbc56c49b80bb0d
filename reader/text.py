"""Normalisation, segmentation and counting: the one place that decides what a locator means.

Offsets everywhere in the course are 0-based, end-exclusive Unicode code points of the
*normalised* text (W3C Web Annotation, ``TextPositionSelector``). Change anything here
that changes a result and you must raise :data:`VERSION` and rebuild ``seeds/``.
"""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass

#: Version of the normalisation and the segmenter. ``seeds/articles.csv`` records it.
VERSION = 1

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_QUOTES = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u2033": '"',
    # Hyphens join a word, dashes separate two: they must not become the same character.
    "\u2010": "-", "\u2011": "-", "\u2012": "\u2014", "\u2013": "\u2014", "\u2015": "\u2014",
    "\u00ad": None, "\ufeff": None, "\u200b": None,
})
_WORD = re.compile(r"\w+(?:['\-]\w+)*")
_SENTENCE_END = re.compile(r"""(?<=[.?!])["']?(?= )""")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Col)\.$")

#: Articles that are cut into sentences because their paragraph breaks are lost.
SENTENCE_ARTICLES = frozenset({"003"})


@dataclass(frozen=True)
class Segment:
    """One paragraph or sentence: its local id (``P3``, ``S14``) and its span."""

    local_id: str
    paragraph: int
    start: int
    end: int
    text: str


# White space stays; so do marks of writing direction and joiners, which are part of texts.
_NOT_SHOWN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def printable(text: str) -> str:
    """Text that every page and terminal can show: no control characters, no half characters."""
    return _NOT_SHOWN.sub("\ufffd", text)


def straighten(text: str) -> str:
    """Curly quotes to straight ones, all dashes to one dash, all hyphens to one hyphen."""
    return text.translate(_QUOTES)


def strip_markup(raw: str) -> str:
    """Remove tags such as ``<a href=…>`` and resolve entities such as ``&amp;``."""
    return html.unescape(_TAG.sub("", raw))


def normalise(raw: str) -> str:
    """Return the canonical form of an article text.

    Markup is removed; curly quotes become straight; dashes become one em dash and hyphens
    one hyphen; NBSP and every run of white space inside a paragraph become one space; a
    blank line separates paragraphs (``"\\n\\n"``). ``normalise(normalise(x)) == normalise(x)``
    for any text without markup-like or entity-like residue.
    """
    text = straighten(strip_markup(raw.replace("\r\n", "\n").replace("\r", "\n")))
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n[^\S\n]*\n", text))
    return "\n\n".join(p for p in paragraphs if p)


def fingerprint(text: str) -> str:
    """SHA-256 (hex) of a normalised text or segment."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _paragraph_spans(text: str):
    start = 0
    for part in text.split("\n\n"):
        yield start, start + len(part)
        start += len(part) + 2


def _sentence_spans(text: str, start: int, end: int):
    begin = start
    for match in _SENTENCE_END.finditer(text, start, end):
        if _ABBREVIATION.search(text[begin:match.end()]):
            continue
        yield begin, match.end()
        begin = match.end() + 1
    if begin < end:
        yield begin, end


def segment(text: str, unit: str = "paragraph") -> list[Segment]:
    """Cut a normalised text into segments.

    Parameters
    ----------
    text : str
        Output of :func:`normalise`.
    unit : {"paragraph", "sentence"}
        Paragraphs are numbered ``P1``…; sentences ``S1``… through the whole text.

    Returns
    -------
    list of Segment
        In order, with ``text[s.start:s.end] == s.text``.
    """
    if unit not in ("paragraph", "sentence"):
        raise ValueError(f"unit must be 'paragraph' or 'sentence', not {unit!r}.")
    found = []
    for number, (start, end) in enumerate(_paragraph_spans(text) if text else (), start=1):
        spans = [(start, end)] if unit == "paragraph" else _sentence_spans(text, start, end)
        for begin, stop in spans:
            label = f"P{number}" if unit == "paragraph" else f"S{len(found) + 1}"
            found.append(Segment(label, number, begin, stop, text[begin:stop]))
    return found


def words(text: str) -> list[str]:
    """The words of a text in order: letters, digits, and inner apostrophes and hyphens."""
    return _WORD.findall(text)


def tokens(text: str) -> list[str]:
    """The words of a text, lower-cased: what ``seeds/tokens.csv`` counts."""
    return [word.lower() for word in words(text)]
