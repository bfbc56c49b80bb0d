"""Topic 08: find quotations in any text, and say where its quotation marks do not fit together.

Rules, stated once:

* A quotation ends in the paragraph in which it begins. (A long one may go on: then each of its
  paragraphs begins with a mark and only the last one ends with one.)
* A single mark between two letters is an apostrophe, and so is one that nothing opens or closes.
* Only quotation marks are read. They may stand for speech, a word held at a distance, or a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from reader import text as rt
from reader.errors import ReaderError
from reader.lazy import lazy

pd = lazy("pandas")

#: A quotation of so many words or fewer is a fragment: too short to hold a whole thought.
FRAGMENT = 6

_DOUBLE = {"“": "open", "„": "open", "‟": "open", "«": "open", "”": "close", "»": "close",
           '"': "either", "″": "either"}
_SINGLE = {"‘": "open", "‚": "open", "‹": "open", "’": "close", "›": "close", "'": "either"}
_MARK = re.compile("[" + "".join([*_DOUBLE, *_SINGLE]) + "]")
_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?![^\S\n]*\n)[^\n]+)*")
#: Words that begin with an apostrophe where letters were left out.
_SHORTENED = re.compile(r"\d|(?:em|til|tis|twas|cause|round|n)\b", re.I)
_AND = re.compile("['‘]n['’]", re.I)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_COLUMNS = {"start": "Int64", "end": "Int64", "words": "Int64", "marks": "str", "level": "Int64",
            "fragment": "boolean", "quotation": "str"}


@dataclass(frozen=True, repr=False)
class Quotations:
    """The quotations of a text, and what is odd about its quotation marks.

    Attributes
    ----------
    rows : pandas.DataFrame
        One row per quotation, in order: start and end (characters of the text, without the
        marks), words, marks (``double`` or ``single``), level (1, or 2 for a quotation inside
        another), fragment (at most six words) and quotation, the words themselves.
    notes : list of str
        One sentence for each mark that does not fit.
    """

    rows: pd.DataFrame
    notes: list[str]

    @property
    def words(self) -> int:
        """Words between quotation marks; a quotation inside another counts once."""
        return int(self.rows.loc[self.rows["level"] == 1, "words"].sum())

    def __repr__(self) -> str:
        table = self.rows.to_string(index=False) if len(self.rows) else "No quotation was found."
        return "\n".join([table, *self.notes])

    def _repr_html_(self) -> str:
        table = (self.rows.to_html(border=0, index=False) if len(self.rows)
                 else "<p>No quotation was found.</p>")
        items = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return table + (f"<ul>{items}</ul>" if items else "")


@dataclass
class _Open:
    """A mark that waits for its partner."""

    at: int
    mark: str
    double: bool


class _Paragraph:
    """One pass over the marks of one paragraph."""

    def __init__(self, text: str, start: int, end: int):
        self.text, self.start, self.end = text, start, end
        self.open: list[_Open] = []
        self.spans: list[tuple[int, int, str]] = []
        self.notes: list[tuple[int, str]] = []

    def character(self, at: int) -> str:
        return self.text[at] if self.start <= at < self.end else " "

    def opens(self, at: int) -> bool:
        """Say whether a mark stands before a word and after none."""
        before, after = self.character(at - 1), self.character(at + 1)
        return not after.isspace() and not (before.isalnum() or before in ".,!?;:…%)")

    def closes(self, at: int) -> bool:
        """Say whether a single mark stands after something and before no letter."""
        before, after = self.character(at - 1), self.character(at + 1)
        return not before.isspace() and not after.isalnum()

    def near(self, at: int) -> str:
        """Return where a mark stands, in words that help to find it."""
        line = " ".join(self.text[at:min(at + 60, self.end)].split())
        return f"character {at} ({' '.join(line.split()[:4])[:40]})"

    def _waiting(self, double: bool) -> _Open | None:
        return next((mark for mark in reversed(self.open) if mark.double == double), None)

    def _close(self, mark: _Open, at: int) -> None:
        while self.open[-1] is not mark:
            self._drop(self.open.pop())
        self.open.pop()
        self.spans.append((mark.at + 1, at, "double" if mark.double else "single"))

    def _drop(self, mark: _Open) -> None:
        if mark.double or mark.mark != "'":
            self.notes.append((mark.at, f"The quotation mark at {self.near(mark.at)} opens a "
                                        f"quotation that is never closed in its paragraph, so it "
                                        f"is not counted."))
        elif not _SHORTENED.match(self.text, mark.at + 1):
            self.notes.append((mark.at, f"The single mark at {self.near(mark.at)} is an apostrophe "
                                        f"or opens a quotation that is never closed; it is not "
                                        f"counted."))

    def double(self, at: int, mark: str) -> None:
        waiting, kind = self._waiting(True), _DOUBLE[mark]
        if waiting and waiting.mark + mark in ("„“", "»«"):
            kind = "close"
        elif not waiting and mark == "»" and self.opens(at):
            kind = "open"
        elif kind == "either" and waiting:
            kind = "open" if self.character(at - 1).isspace() and self.opens(at) else "close"
        elif kind == "either":
            before, after = self.character(at - 1), self.character(at + 1)
            stray = before.isdigit() or not (before.isspace() or after.isalnum())
            kind = "close" if stray and not self.opens(at) else "open"
        if kind == "open":
            if waiting:
                self.open.remove(waiting)
                self._drop(waiting)
            self.open.append(_Open(at, mark, True))
        elif kind == "close" and waiting:
            self._close(waiting, at)
        else:
            self.notes.append((at, f"The mark at {self.near(at)} closes a quotation that was never "
                                   f"opened, or means inches; it is not counted."))

    def single(self, at: int, mark: str, later: list[int]) -> None:
        before, after = self.character(at - 1), self.character(at + 1)
        if before.isalnum() and after.isalnum() or any(
                _AND.match(self.text, first) for first in (at, max(at - 2, self.start))):
            return
        waiting = self._waiting(False)
        if waiting and mark not in "‘‚‹" and self.closes(at):
            # "the players' room": the mark of a plural closes only if no better one follows.
            plural = before in "sS" and after == " " and self.character(at + 2).isalnum()
            if not (plural and self._better(later)):
                self._close(waiting, at)
        elif mark not in "’›" and self.opens(at):
            if waiting:
                self.open.remove(waiting)
                self._drop(waiting)
            self.open.append(_Open(at, mark, False))

    def _better(self, later: list[int]) -> bool:
        for at in later:
            if self.character(at - 1).isalnum() and self.character(at + 1).isalnum():
                continue
            return self.closes(at)
        return False

    def read(self) -> None:
        marks = [(found.start(), found[0]) for found in
                 _MARK.finditer(self.text, self.start, self.end)]
        singles = [at for at, mark in marks if mark in _SINGLE]
        seen = 0
        for at, mark in marks:
            if mark in _SINGLE:
                seen += 1
                self.single(at, mark, singles[seen:seen + 20])
            else:
                self.double(at, mark)

    def finish(self, goes_on: bool) -> None:
        """End the paragraph; `goes_on` says that the next one begins with a double mark."""
        for mark in self.open:
            if mark.double and goes_on:
                self.spans.append((mark.at + 1, self.end, "double"))
                self.notes.append((mark.at, f"The quotation at {self.near(mark.at)} is not closed, "
                                            f"and the next paragraph begins with a quotation "
                                            f"mark: it is read as going on there."))
            else:
                self._drop(mark)


def _levels(spans: list[tuple[int, int, str]]) -> list[int]:
    """Return for each span, in order, how many spans it stands in, itself included."""
    ends, levels = [], []
    for start, end, _ in spans:
        while ends and ends[-1] <= start:
            ends.pop()
        ends.append(end)
        levels.append(len(ends))
    return levels


def scan(text: str) -> tuple[list[tuple], list[str]]:
    """Return the rows and notes of `find_quotations`, without making a table of them."""
    spans, notes = [], []
    # The marks of a web page's tags quote nobody; positions stay what they are.
    plain = _TAG.sub(lambda found: " " * len(found[0]), text)
    bounds = [found.span() for found in _PARAGRAPH.finditer(plain)]
    for place, (start, end) in enumerate(bounds):
        following = plain[slice(*bounds[place + 1])].lstrip()[:1] if place + 1 < len(bounds) else ""
        part = _Paragraph(plain, start, end)
        part.read()
        part.finish(_DOUBLE.get(following) in ("open", "either"))
        spans += part.spans
        notes += part.notes
    spans.sort(key=lambda span: (span[0], -span[1]))
    rows = []
    for (start, end, marks), level in zip(spans, _levels(spans), strict=True):
        if words := len(rt.words(rt.straighten(plain[start:end]))):
            rows.append((start, end, words, marks, level, words <= FRAGMENT, text[start:end]))
        else:
            notes.append((start, f"No word stands between the marks at character {start - 1}."))
    return rows, [note for _, note in sorted(notes)]


def find_quotations(text: str) -> Quotations:
    """Find what stands between quotation marks in a text.

    Straight, curly and single marks are read, and those of other languages. An apostrophe is
    no mark. A mark without a partner is told in a sentence, and nothing is counted for it.

    Parameters
    ----------
    text : str
        Any text; a blank line separates paragraphs.

    Returns
    -------
    Quotations
        With `rows` (a table), `notes` (sentences) and `words` (how many are quoted).

    Raises
    ------
    ReaderError
        When it is not text.

    Examples
    --------
    >>> find_quotations('The pilot\\'s "no" came late.').rows["words"].tolist()
    [1]
    """
    if not isinstance(text, str):
        raise ReaderError(f"find_quotations() reads text, not {type(text).__name__}: give it a "
                          f"string, such as the text of an article.")
    rows, notes = scan(text)
    return Quotations(pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS), notes)


def table_rows(normal: str, ends: dict[str, int]) -> list[dict]:
    """Return the rows of ``quotations.csv`` for a normalised article; where its segments end."""
    return [{"locator": next(key for key, last in ends.items() if start < last),
             "start": start, "end": end, "words": words, "marks": marks}
            for start, end, words, marks, level, *_ in scan(normal)[0] if level == 1]
