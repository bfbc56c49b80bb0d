"""What `reader.brief` looks at in each sentence: tags, locators, keys, quotations, labels."""

from __future__ import annotations

import re
from difflib import get_close_matches

from reader import bibliography, corpus, labels, quotes, sentences, tables
from reader import text as rt
from reader.errors import ReaderError

MOST_QUOTED = 6
#: Of a longer sentence nobody knows what its tag stands for.
MOST_WORDS = 80
_RANGE = re.compile(r"(\d{3} )([PpSs]\d{1,3}) ?[-\u2013] ?[PpSs]?(\d{1,3})")
_ENDED = re.compile(rf"[{sentences.ENDS}][\"'”’)»]*$")
#: After so many different faults, no time is spent on a hint for the next one.
_MOST_HINTS = 40


class Check:
    """One check of one brief: collects problems, and looks every name up once.

    `told` takes the sentences, by requirement; `named` counts the segments and works that
    exist, `unchecked` the quotations that nothing here could be compared with.
    """

    def __init__(self, told: dict[str, list[str]]):
        self.told = told
        self.known = set(tables.read("segments")["locator"])
        self.articles = {locator[:3] for locator in self.known}
        self.keys = set(bibliography.works()["key"])
        self.seen: dict[str, str | None] = {}
        self.tokens: dict[str, set[str]] | None = None
        self.named = {"locators": 0, "keys": 0}
        self.unchecked = 0

    # --- tags ---

    def locators(self, where: str, body: str) -> list[str]:
        """Return the segments that a T tag names, and tell of those that do not exist."""
        found, article = [], ""
        for piece in re.split(r"[,;&]|\band\b", body):
            piece = " ".join(piece.split())[:40]
            if re.fullmatch(r"\d{3}", piece) and piece in self.articles:
                article = piece  # "004, P19"
                continue
            if not piece:
                continue
            if article and re.fullmatch(r"[PpSs]\.? ?\d{1,4}", piece):
                piece = f"{article} {piece}"
            if span := _RANGE.fullmatch(piece):
                first, last = f"{span[1]}{span[2]}".upper(), f"{span[2][0]}{span[3]}".upper()
                self.told["locators"].append(f"{where}: {piece!r} is a range; name each segment, "
                                             f"as in [T {first}, {last}].")
                continue
            locator = self._locator(where, piece)
            if locator:
                found.append(locator)
                article = locator[:3]
        if not set(re.findall(r"\w+", body)) - self.articles:
            self.told["locators"].append(f"{where}: [T] names no segment; write it as "
                                         f"[T 000 P3].")
        self.named["locators"] += len(found)
        return found

    def _locator(self, where: str, piece: str) -> str | None:
        if piece.upper() in self.known:
            return piece.upper()
        if piece not in self.seen:
            self.seen[piece], why = None, f"{piece!r} is no segment of the five articles."
            # Lenient forms and good sentences cost time, and nobody needs a hundred of them.
            if len(self.seen) <= _MOST_HINTS:
                try:
                    locator = corpus.normalise_locator(piece)
                    if locator in self.known:
                        self.seen[piece] = locator
                except ReaderError as error:
                    why = str(error)
            if self.seen[piece] is None:
                self.told["locators"].append(f"{where}: {why}")
        return self.seen[piece]

    def keys_of(self, where: str, body: str) -> None:
        """Count the works that a V tag names, and tell of those that are not known."""
        if "".join(body.split()).lower() in self.keys:
            body = "".join(body.split())  # "tass 2020"
        pieces = [piece[:60] for piece in re.split(r"[,;&\s]+|\band\b", body) if piece]
        if not pieces:
            self.told["keys"].append(f"{where}: [V] names no work; write its key, as in "
                                     f"[V tass944911].")
        for piece in pieces:
            if piece.lower() in self.keys:
                self.named["keys"] += 1
            elif piece not in self.seen:
                self.seen[piece] = None
                close = (get_close_matches(piece.lower(), self.keys, 1, 0.75)
                         if len(self.seen) <= _MOST_HINTS else [])
                hint = f" Do you mean {close[0]}?" if close else \
                    " The table bibliography.works() lists all keys."
                self.told["keys"].append(f"{where}: there is no work {piece!r}.{hint}")

    def tag(self, where: str, tag: sentences.Tag) -> list[str]:
        """Look at one tag; return the segments it names."""
        if tag.kind == "T":
            return self.locators(where, tag.body)
        if tag.kind == "V":
            self.keys_of(where, tag.body)
        elif tag.kind == "C" and not tag.body:
            self.told["tags"].append(f"{where}: [C] does not say how it was computed; write it "
                                     f"as in [C 3 of 866 words].")
        elif not tag.kind:
            self.told["tags"].append(f"{where}: [{tag.body[:30]}] is no tag; a tag begins with T, "
                                     f"V, C, I or K, as in [T 000 P3].")
        return []

    # --- quotations and labels ---

    def _words_of(self, locator: str) -> set[str]:
        if self.tokens is None:
            self.tokens = {}
            listed = tables.read("tokens")
            for place, token in zip(listed["locator"], listed["token"], strict=True):
                # "regime-held" holds the word "regime" too, and "Syria's" the word "Syria".
                self.tokens.setdefault(place, set()).update([token, *re.split(r"['-]", token)])
        return self.tokens[locator]

    def quotation(self, where: str, words: list[str], shown: str, places: list[str],
                  kinds: set[str]) -> None:
        """Check one quotation: its length, and its words against the segments named."""
        if len(words) > MOST_QUOTED:
            self.told["quotations"].append(
                f"{where}: the quotation beginning {shown} has {len(words)} words; quote at most "
                f"{MOST_QUOTED} and say the rest in your own words.")
        elif places:
            lacking = [[word for word in words if word not in self._words_of(place)]
                       for place in places]
            if all(lacking) and "V" in kinds:
                self.unchecked += 1
            elif all(lacking):
                fewest = min(lacking, key=len)
                self.told["quotations"].append(
                    f"{where}: {shown} is not in {' or '.join(places[:3])}, which lacks the word "
                    f"{fewest[0]!r}; quote exactly, or name the segment where it stands.")
        elif "V" in kinds:
            self.unchecked += 1
        else:
            self.told["quotations"].append(f"{where}: nobody can look {shown} up; add the tag of "
                                           f"the segment where it stands.")

    def sentence(self, where: str, part: sentences.Sentence) -> None:
        """Check the tags, the quotations and the labels of one sentence."""
        if part.middle:
            self.told["tags"].append(f"{where}: a tag stands inside the sentence; move it to the "
                                     f"end.")
        elif not part.tags:
            round_ = re.search(r"\([TVCIK](?: [^()]{1,40})?\)", part.text)
            self.told["tags"].append(f"{where} has no tag at its end"
                                     + ("; tags stand in square brackets." if round_ else
                                        "; say what it rests on, as in [T 000 P3]."
                                        if _ENDED.search(part.text) else
                                        ": if it is a heading, leave it out; if a sentence, say "
                                        "what it rests on, as in [T 000 P3]."))
        elif (count := len(part.text.split())) > MOST_WORDS:
            self.told["tags"].append(f"{where} has {count} words before its tag; make sentences of "
                                     f"at most {MOST_WORDS} of it, each with a tag of its own.")
        places: list[str] = []
        for tag in part.tags:
            places += self.tag(where, tag)
        kinds, bare = {tag.kind for tag in part.tags}, list(part.text)
        found, notes = quotes.scan(part.text)
        for start, end, _, _, level, _, quoted in found:
            if level == 1:
                shown = '"' + " ".join(quoted.split()[:4])[:40] + '"'
                self.quotation(where, rt.tokens(rt.straighten(quoted)), shown, places, kinds)
                bare[start:end] = "\n" * (end - start)
        for note in notes:
            self.told["quotations"].append(f"{where}: {note}")
        for label in labels.loaded(labels.plain("".join(bare))):
            self.told["labels"].append(
                f"{where}: {label[0]!r} takes a side in your own voice; quote it with its speaker, "
                f"or use the neutral name.")
