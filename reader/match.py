"""Recognise an article in a file that may hold more, less, or a changed copy of it."""

from __future__ import annotations

import re
from bisect import bisect_left

from reader import text as rt

_WORD_START = re.compile(r"\w+(?:['\-]\w+)*")


def locate(text: str, segments: list[dict]) -> dict[str, str]:
    """Find known segments in a text by length, number of words and checksum.

    Paragraph breaks play no part, so a copy that lost them, or gained some, still matches,
    and so does an article in the middle of a saved web page.

    Parameters
    ----------
    text : str
        A normalised text.
    segments : list of dict
        Rows of ``segments.csv``: ``locator``, ``start``, ``end``, ``words``, ``sha256``.

    Returns
    -------
    dict of str to str
        Text by locator, for the segments found.
    """
    flat = text.replace("\n\n", " ")
    begins = [found.start() for found in _WORD_START.finditer(flat)]
    # A segment may open with a quotation mark or bracket, which belongs to no word.
    starts = sorted({at - back for at in begins for back in (0, 1, 2)
                     if at >= back and not flat[at - back:at].count(" ")})
    found, position = {}, 0
    for row in segments:
        length = int(row["end"]) - int(row["start"])
        hits = []
        for start in starts:
            end = start + length
            if end > len(flat):
                break
            if bisect_left(begins, end) - bisect_left(begins, start) != int(row["words"]):
                continue
            if rt.fingerprint(flat[start:end]) == row["sha256"]:
                hits.append(start)
        if hits:
            # Short segments may repeat: the article's own order decides which is meant.
            start = next((hit for hit in hits if hit >= position), hits[0])
            found[row["locator"]] = flat[start:start + length]
            position = start + length
    return found


def restore(found: dict[str, str], segments: list[dict]) -> str | None:
    """Put an article together again from its segments, or return None if some are missing."""
    if any(row["locator"] not in found for row in segments):
        return None
    parts: dict[int, list[str]] = {}
    for row in segments:
        parts.setdefault(int(row["paragraph"]), []).append(found[row["locator"]])
    return "\n\n".join(" ".join(part) for part in parts.values())
