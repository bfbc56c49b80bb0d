"""Recognise an article in a file that may hold more, less, or a changed copy of it."""

from __future__ import annotations

import re

from reader import text as rt
from reader.lazy import lazy

np = lazy("numpy")

_WORD = re.compile(r"\w+(?:['\-]\w+)*")


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
    begins = np.array([found.start() for found in _WORD.finditer(flat)], dtype=int)
    # Opening quotation marks and brackets belong to no word but to the segment.
    ends = np.array([found.end() for found in _WORD.finditer(flat)], dtype=int)
    room = begins - np.concatenate([[0], ends[:-1]])
    found, position = {}, 0
    for row in segments:
        length, count = int(row["end"]) - int(row["start"]), int(row["words"])
        last = np.arange(len(begins)) + count
        fits = last <= len(begins)
        begin, here, last = begins[fits], room[fits], last[fits]
        after = np.append(begins, len(flat) + 1)[last]
        hits = []
        for back in (0, 1, 2):
            stop = begin - back + length
            likely = (here >= back) & (begins[last - 1] < stop) & (stop <= after) \
                & (stop <= len(flat))
            for start in (begin - back)[likely].tolist():
                if rt.fingerprint(flat[start:start + length]) == row["sha256"]:
                    hits.append(start)
        if hits:
            # Short segments may repeat: the article's own order decides which is meant.
            hits.sort()
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
