"""Words that a beginner does not know: those of code and short names are in the glossary, where
they are met first; sentences are short; dates are written so that nobody can misread them."""

from __future__ import annotations

import re

import pytest
from code_words import first_uses, rooms
from course_tools import nbgrader, source
from test_form import without_code
from test_thread import GLOSSARY, SHORT, TERMS, sections

from reader import codebook

CODE_ROW = re.compile(r"\| `([^`]+)` \| ([^|]+) \| (?:\[(lesson \d\d)\]\((\d\d)-[a-z-]+\.ipynb\)"
                      r"|(exercise \d\d)) \|")
NOT_YOURS = "(you need not write this)"
LONGEST = 40  # words
# How a word of code stands in prose, where it does not stand there as in the glossary.
IN_PROSE = {"name(…)": "(…)", "table[…]": "]", "{…}": "{", "{…: …}": "{", "[…]": "list(",
            "[… for … in …]": "for clue in clues]", 'f"…"': 'f"', "T": ".T", "name=…": "sep="}


def prose(notebook: dict) -> str:
    """What a learner reads in a lesson, or in an exercise before it is solved."""
    return "\n\n".join(source(cell) for cell in notebook["cells"]
                       if cell["cell_type"] == "markdown" and not nbgrader(cell).get("grade"))


ROOMS = {room: prose(notebook) for room, notebook in rooms()}
each_room = pytest.mark.parametrize("room", ROOMS)


# --- words of code -----------------------------------------------------------------------

def code_table() -> dict[str, tuple[str, str]]:
    lines = [line for line in sections(GLOSSARY)["Words of code"].splitlines()
             if line.startswith("|")][2:]
    found = [CODE_ROW.fullmatch(line) for line in lines]
    assert all(found), [line for line, row in zip(lines, found, strict=True) if not row]
    assert len({row[1] for row in found}) == len(found)
    return {row[1]: (row[2], row[3] or row[5]) for row in found}


CODE = code_table()


def test_words_of_code_are_in_the_glossary_with_the_place_where_they_are_met_first():
    used = first_uses()
    assert len(used) > 50, "the notebooks were not read"
    assert {word: where for word, (_, where) in CODE.items()} == used


@pytest.mark.parametrize("word", [w for w, (said, _) in CODE.items() if NOT_YOURS not in said])
def test_what_learners_may_write_is_explained_where_it_is_met_first(word):
    """It stands in the text of that lesson or exercise, as code."""
    room = CODE[word][1]
    in_code = re.findall(r"`([^`\n]+)`", ROOMS[room])
    assert any(IN_PROSE.get(word, word) in piece for piece in in_code), f"{room}: {word}"


# --- short names -------------------------------------------------------------------------

# Names of agencies that are no abbreviation any more, or whose letters are only data here.
NAMES = {"TASS", "RBC", "MNA", "NNN-Anadolu", "MOSCOW", "USAID", "TV", "AFP"}
IDS = re.compile(r"(?:[A-Z]\d+[a-e]?|L\d\d)(?:-[A-Z]\d+)?|SC|G20|[ABCDEFGHIJKPQRXY]")
JOURNALS = {"ACM", "ACL-IJCNLP", "JADT"}


def capitals(text: str) -> set[str]:
    bare = re.sub(r"\]\([^)]*\)", "]", without_code(text))
    return set(re.findall(r"(?<![\w-])[A-Z][A-Z0-9]+(?:-[A-Z][A-Za-z0-9]+)*\b(?!\.\d)", bare))


@each_room
def test_short_names_are_explained(room):
    known = {row[0] for row in SHORT} | {word for row in TERMS for word in row[0].split()}
    known |= set(codebook.codes()["code"]) | NAMES | JOURNALS | {"TR"}
    text = ROOMS[room]
    unknown = {name for name in capitals(text) - known if not IDS.fullmatch(name)
               and not re.search(rf"[a-z)] \({re.escape(name)}\)", text)}
    assert not unknown, f"{room}: give in full, or add to the glossary: {unknown}"


# --- plain language ----------------------------------------------------------------------

def sentences(text: str) -> list[str]:
    """Sentences outside code, tables and lists of works."""
    body = re.sub(r"^## Further reading.*", "", without_code(text), flags=re.S | re.M)
    blocks = re.split(r"\n\s*\n|\n(?=[-*>] |\d+\. |#)", body)
    plain = [" ".join(block.split()) for block in blocks if "|" not in block]
    return [part for block in plain for part in re.split(r"(?<=[.?!:;])[\")*]* +", block)]


@each_room
def test_sentences_are_short(room):
    long = [said for said in sentences(ROOMS[room]) if len(said.split()) > LONGEST]
    assert not long, long


@each_room
def test_dates_cannot_be_misread(room):
    """No 07/09/2018 (lesson 00 shows it, to say why), and no month in letters in a table."""
    text = without_code(ROOMS[room])
    assert re.findall(r"\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b", text) == \
        (["07/09/2018"] if room == "lesson 00" else [])
    months = "Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec"
    cells = [cell.strip() for line in text.splitlines() if line.startswith("|")
             for cell in line.strip("|").split("|")]
    assert not [cell for cell in cells if re.fullmatch(rf"\d{{1,2}} (?:{months})\.? \d{{4}}", cell)]


# Pictures that a reader whose first language is another one takes by the word.
IDIOMS = ["at arm's length", "next to nothing", "into one pot", "the whole quarrel", "bad mark",
          "what do you make of", "in a nutshell", "by and large", "rule of thumb", "ballpark",
          "red herring", "silver bullet", "deep dive", "a piece of cake", "hit the nail"]


@each_room
def test_no_idioms(room):
    found = [idiom for idiom in IDIOMS if re.search(idiom, " ".join(ROOMS[room].split()), re.I)]
    assert not found, found
