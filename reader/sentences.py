"""Cut a brief into sentences, and take the tags from their ends.

A sentence ends at ``.``, ``?``, ``!`` or ``…`` before a space, with the tags that follow, or at a
tag that has such a mark behind it; also where a paragraph, an item of a list, or a line whose
last sign is a tag ends. It does not end inside a quotation, after an abbreviation ("Mr.",
"U.N."), or before a small letter. Where no word stands, there is no sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reader import quotes

#: One sign of no language stands for a tag while sentences are cut. (The counts in the patterns
#: are bounded so that a text made to be slow is read as fast as any other.)
_MARK = "\ue000"
_BRACKET = re.compile(r"\[[^\[\]\n]{0,400}\]")
_KIND = re.compile(r"([TVCIK])(?![A-Za-z])[ :.,]*(.*)", re.I | re.S)
#: Between the tags of one pair of brackets; a comma only before a segment or a work.
_PARTS = re.compile(r";|,(?=\s{0,3}(?:T \d|V [a-z]))")
#: What ends a sentence in Latin, Cyrillic and Arabic script.
ENDS = ".?!…؟۔"
#: What stands beside a tag at the end of a sentence; "" is the end of the paragraph.
_CLOSERS = ("", "]", *ENDS)
#: Brackets of an editor inside a quotation.
_EDITOR = ("sic", "...", "…")
_ITEM = re.compile(r"(?:[-*•–]|\d{1,2}[.)]) ")
_END = re.compile(rf"[{ENDS}]{{1,8}}[\"'”’)»]{{0,4}}(?: ?{_MARK}){{0,20}}(?: ?[.?!]){{0,2}}(?= |$)"
                  rf"|{_MARK}(?: ?{_MARK}){{0,20}} ?[{ENDS}]{{1,8}}[\"'”’)»]{{0,4}}(?= |$)")
_LAST = re.compile(f" ?{_MARK}")
_SHORT = re.compile(
    r"(?<![\w.])(?:(?:[A-Za-z]\.){1,6}|(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Lt|Capt|Sgt|Sen|Rep|"
    r"Gov|Pres|Hon|Jr|Sr|No|Nos|Art|vs|etc|cf|ca|approx|p|pp|para|paras|vol|ed|eds|est|Jan|Feb|"
    r"Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\.)$")


@dataclass(frozen=True)
class Tag:
    """One tag: its kind (T, V, C, I or K; empty for something else) and what follows it."""

    kind: str
    body: str

    def __str__(self) -> str:
        return f"[{f'{self.kind} {self.body}'.strip()}]"


@dataclass(frozen=True)
class Sentence:
    """One sentence without its tags; `middle` says that a tag stands inside it."""

    number: int
    text: str
    tags: tuple[Tag, ...]
    middle: bool = False


def _tags(bracket: str, last: bool) -> list[Tag]:
    """Return the tags in a pair of brackets; [] where the brackets hold a part of the text."""
    found: list[Tag] = []
    for part in _PARTS.split(bracket[1:-1]):
        part = " ".join(part.split())
        if part in _EDITOR:
            return []
        if kind := _KIND.fullmatch(part):
            found.append(Tag(kind[1].upper(), kind[2]))
        elif found and part and found[-1].kind in "TCIK":
            found[-1] = Tag(found[-1].kind, f"{found[-1].body}; {part}")
        elif found and part:
            found[-1] = Tag("V", f"{found[-1].body} {part}")
        elif last or part[:1].isdigit():
            found.append(Tag("", part))
        else:
            return []
    return found


def _blocks(text: str) -> list[str]:
    """Return paragraphs and items of lists, each on one line."""
    blocks: list[str] = []
    fresh = True
    for line in text.replace(_MARK, " ").splitlines():
        line = " ".join(line.split())
        item = _ITEM.match(line)
        if not line:
            fresh = True
            continue
        if fresh or item:
            blocks.append(line[item.end():] if item else line)
        else:
            blocks[-1] += f" {line}"
        fresh = line.endswith("]")
    return blocks


def _ends(line: str) -> list[int]:
    """Return where the sentences of a block end; its tags are one sign each."""
    # A single mark may be an apostrophe after all: it must not swallow a whole paragraph.
    spans = [row[:2] for row in quotes.scan(line)[0] if row[3] == "double" or row[2] <= 10]
    ends, begin = [], 0
    for found in _END.finditer(line):
        after = line[found.end() + 1:found.end() + 2]
        short = line[found.start()] == "." and _SHORT.search(
            line, max(begin, found.start() - 12), found.start() + 1)
        tagged = _MARK in found[0]
        # The closing mark itself, one sign behind the quotation, may end the sentence.
        if any(start <= found.end() <= end for start, end in spans):
            continue
        if not tagged and (after.islower() or short):
            continue
        ends.append(found.end())
        begin = found.end()
    if line[begin:].strip():
        ends.append(len(line))
    return ends


def split(text: str) -> list[Sentence]:
    """Return the sentences of a brief with their tags, in order."""
    found: list[Sentence] = []
    for block in _blocks(text):
        brackets: list[str] = []

        def hide(match: re.Match, kept: list[str] = brackets) -> str:
            before = match.string[max(0, match.start() - 2):match.start()].strip()[-1:]
            behind = match.string[match.end():match.end() + 1]
            if not _tags(match[0], last=before in _CLOSERS or behind in _CLOSERS):
                return match[0]
            kept.append(match[0])
            return _MARK

        line, begin, used = _BRACKET.sub(hide, block), 0, 0
        for end in _ends(line):
            piece = line[begin:end]
            body = piece.rstrip(f" .?!…\"'”’)»{_MARK}")
            count, here = piece.count(_MARK), []
            inner = body.count(_MARK)
            for bracket in brackets[used + inner:used + count]:
                here += _tags(bracket, last=True)
            words = _LAST.sub("", piece).strip()
            if not re.search(r"\w", words):
                # Tags on a line of their own belong to the sentence before.
                if found and here:
                    found[-1] = Sentence(found[-1].number, found[-1].text,
                                         (*found[-1].tags, *here), found[-1].middle)
            else:
                found.append(Sentence(len(found) + 1, words, tuple(here), bool(inner)))
            begin, used = end, used + count
    return found
