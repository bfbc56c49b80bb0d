"""Topic 08: a brief in which every sentence names its evidence, and a check of its form.

A brief is plain text of about 400 words, without headings. Every sentence ends with one or more
tags in square brackets, before or after its full stop:

==================  ===================================================================
``[T 000 P3]``      it stands in this segment of an article
``[V tass944911]``  we read it in this work, a key of ``seeds/references.bib``
``[C 3 of 866]``    we computed it, and say how
``[I]``             we infer it; a reason may follow: ``[I from the dates]``
``[K]``             from memory, not verified
==================  ===================================================================

Several tags stand beside each other or in one pair of brackets: ``[T 000 P3; V tass944911]``.
Only form is checked: no machine can say whether a sentence is true, or a brief fair.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from numbers import Integral

from reader import sentences
from reader import text as rt
from reader.brief_checks import Check
from reader.errors import ReaderError
from reader.lazy import lazy

pd = lazy("pandas")

#: What a brief has to meet, in the order in which it is told.
REQUIREMENTS = {
    "length": "as many words as asked for, tags not counted",
    "tags": "every sentence ends with a tag",
    "locators": "segments are named, and they exist",
    "keys": "works are named, and they stand in references.bib",
    "quotations": "quotations are short, and their words stand in the segment named",
    "labels": "words that take a side stand only in quotation marks",
}
MOST_CHARACTERS = 20_000
#: In a text of so many words at least one in fifteen is a new one; in a brief every second is.
_FEW_WORDS, _VARIETY = 30, 15
#: No brief has so many faults of a kind that one more sentence would help.
_MOST_TOLD = 6

NOT_CHECKED = ("Whether a sentence is true, whether the work named says so, and whether the "
               "brief is fair is not checked: that needs a reader. Nor is the order of the words "
               "in a quotation.")

_PLAN = [
    ("what happens", "What is at issue, where and when? Say it without a contested word.", 60),
    ("positions", "What does each side say that it wants or does? Name who says it.", 120),
    ("people", "Who lives there, and what happens to them? Who speaks for them?", 70),
    ("figures", "Which one or two figures can be relied on? Of whom, when, from whom?", 60),
    ("doubt", "What is disputed, unknown or only said once?", 50),
    ("missing", "Whose voice is missing in your sources? File or article?", 40),
]


def plan() -> pd.DataFrame:
    """Return an empty plan of a brief, to be filled in before writing.

    Returns
    -------
    pandas.DataFrame
        One row per part: part, question, words (a proposal; they add up to 400), and the empty
        columns evidence (locators and keys) and point (what you will say).
    """
    frame = pd.DataFrame(_PLAN, columns=["part", "question", "words"])
    return frame.assign(words=frame["words"].astype("Int64"), evidence="", point="")


@dataclass(frozen=True, repr=False)
class Report:
    """What a check of a brief found. In a notebook it shows itself.

    Attributes
    ----------
    words : int
        Words of the brief, without tags; those of a sentence that stands twice count once.
    limits : tuple of int
        Fewest and most words asked for.
    requirements : dict of str to bool
        Which of `REQUIREMENTS` are met.
    problems : list of (str, str)
        The requirement that is not met, and one sentence that says why.
    notes : list of str
        What could not be checked.
    sentences : pandas.DataFrame
        One row per sentence: number, sentence (without tags), tags and words.
    """

    words: int
    limits: tuple[int, int]
    requirements: dict[str, bool]
    problems: list[tuple[str, str]]
    notes: list[str]
    sentences: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """Return one row per requirement: requirement, meaning, met (yes or no), problems."""
        rows = [(name, REQUIREMENTS[name], "yes" if met else "no",
                 " ".join(told for which, told in self.problems if which == name))
                for name, met in self.requirements.items()]
        return pd.DataFrame(rows, columns=["requirement", "meaning", "met", "problems"])

    def _summary(self) -> str:
        met = sum(self.requirements.values())
        return (f"{self.words} words ({self.limits[0]} to {self.limits[1]} asked for), "
                f"{len(self.sentences)} sentence{'s' * (len(self.sentences) != 1)}, {met} of "
                f"{len(self.requirements)} requirements met.")

    def __repr__(self) -> str:
        lines = [self._summary()]
        for name, met in self.requirements.items():
            lines.append(f"{'met' if met else 'NOT MET'}: {name} ({REQUIREMENTS[name]})")
            lines += [f"  - {told}" for which, told in self.problems if which == name]
        return "\n".join([*lines, *self.notes])

    def _repr_html_(self) -> str:
        items = ""
        for name, met in self.requirements.items():
            told = "".join(f"<li>{escape(what)}</li>" for which, what in self.problems
                           if which == name)
            items += (f"<li><strong>{'met' if met else 'not met'}: {name}</strong> "
                      f"({escape(REQUIREMENTS[name])}){f'<ul>{told}</ul>' if told else ''}</li>")
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        return f"<p>{escape(self._summary())}</p><ul>{items}</ul>{notes}"


def _shown(part: sentences.Sentence) -> str:
    first = part.text.split()[:4]
    more = " …" if len(part.text.split()) > 4 else ""
    return f"Sentence {part.number} ({' '.join(first)[:40]}{more})"


def _limits(words) -> tuple[int, int]:
    if not (isinstance(words, (tuple, list)) and len(words) == 2
            and all(isinstance(end, Integral) and not isinstance(end, bool) for end in words)
            and 0 < words[0] <= words[1]):
        raise ReaderError("words is the fewest and the most words of a brief, two whole numbers "
                          "such as (360, 440).")
    return int(words[0]), int(words[1])


def _count(parts: list[sentences.Sentence], told: dict[str, list[str]]) -> int:
    """Count the words of a brief; a sentence that stands twice counts once, and is told."""
    first: dict[tuple[str, ...], int] = {}
    count, different = 0, set()
    for part in parts:
        words = rt.words(rt.straighten(part.text))
        # Another figure or capital alone makes no new sentence of it.
        bare = tuple(re.sub(r"\d+", "0", word.casefold()) for word in words)
        if first.setdefault(bare, part.number) == part.number:
            count += len(words)
            different.update(bare)
        else:
            told["length"].append(f"{_shown(part)} says no more than sentence {first[bare]}; it "
                                  f"counts once.")
    if count >= _FEW_WORDS and _VARIETY * len(different) < count:
        told["length"].append(f"Only {len(different)} different words stand in it, each over and "
                              f"over; write sentences.")
    return count


def check_brief(text: str, words: tuple[int, int] = (360, 440)) -> Report:
    """Check the form of a brief: length, tags, locators, keys, quotations and labels.

    Words in quotation marks are looked up in the word counts of the segment that the same
    sentence names, so the result does not depend on whether you have the articles.

    Parameters
    ----------
    text : str
        The brief, written as this module's first lines say.
    words : (int, int)
        Fewest and most words. A text of less than half the fewest meets no requirement: there
        is too little of it to judge.

    Returns
    -------
    Report
        With `requirements`, `problems`, `notes`, `sentences` and `table()`.

    Raises
    ------
    ReaderError
        When the brief is no text, holds no sentence or is far too long, or the limits are no
        two numbers.
    """
    limits = _limits(words)
    if not isinstance(text, str):
        raise ReaderError(f"A brief is text, not {type(text).__name__}: write it between three "
                          f"quotation marks, as in brief = \"\"\"…\"\"\".")
    if len(text) > MOST_CHARACTERS:
        raise ReaderError(f"This text has {len(text):,} characters, which is no brief of "
                          f"{limits[1]} words: give at most {MOST_CHARACTERS:,}.")
    parts = sentences.split(text)
    if not parts:
        raise ReaderError("There is no sentence in this text: write the brief first.")
    told: dict[str, list[str]] = {name: [] for name in REQUIREMENTS}
    count = _count(parts, told)
    check = Check(told)
    if not limits[0] <= count <= limits[1]:
        told["length"].append(f"The brief has {count} words; {limits[0]} to {limits[1]} are "
                              f"asked for.")
    for part in parts:
        check.sentence(_shown(part), part)
    if text.count("[") != text.count("]"):
        told["tags"].append("The square brackets do not fit together: one of them is never opened "
                            "or never closed.")
    for name, example in (("locators", "[T 000 P3]"), ("keys", "[V tass944911]")):
        if not check.named[name] and not told[name]:
            told[name].append(f"No sentence has a tag such as {example}; a brief needs at least "
                              f"one.")
    if 2 * count < limits[0]:
        for name in REQUIREMENTS:
            told[name] = told[name] or ["The text is too short to judge this."]
    notes = [NOT_CHECKED]
    if check.unchecked:
        notes.append(f"{check.unchecked} quotation{'s' * (check.unchecked != 1)} could not be "
                     f"looked up, because only a work outside the articles is named.")
    problems = []
    for name, listed in told.items():
        more = len(listed) - _MOST_TOLD
        problems += [(name, sentence) for sentence in listed[:_MOST_TOLD]]
        if more > 0:
            problems.append((name, f"There {'is' if more == 1 else 'are'} {more} more of this "
                                   f"kind."))
    frame = pd.DataFrame(
        [(part.number, part.text, " ".join(str(tag) for tag in part.tags),
          len(rt.words(rt.straighten(part.text)))) for part in parts],
        columns=["number", "sentence", "tags", "words"])
    return Report(count, limits, {name: not listed for name, listed in told.items()}, problems,
                  notes, frame)
