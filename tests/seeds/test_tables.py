"""The tables of seeds/ hold together: types, keys, dates, sources, offsets and counts.

Frictionless checks what datapackage.json can say. The rest is checked here: cells that hold
several values, dates in EDTF, BibTeX, and what only the texts can tell.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter

import pytest
from frictionless import Package, validate

import seeds
from reader import build
from reader import text as rt
from reader.dates import parse_edtf

FOLDER = seeds.path("datapackage.json").parent
PACKAGE = Package(str(FOLDER / "datapackage.json"))
ARTICLES = ["000", "001", "002", "003", "004"]

#: Empty on purpose: exercise 02 asks for them.
OPEN_TYPES = {"A01", "A07", "A12", "A19", "A28"}
OPEN_MENTIONS = [("000 P3", "extremists"), ("000 P3", "Hayat Tahrir Al Sham"), ("000 P3", "HTS"),
                 ("000 P3", "HTS"), ("000 P4", "extremists"), ("000 P4", "Al Qaida affiliate"),
                 ("000 P5", "Ankara"), ("001 P12", "Damascus"), ("001 P21", "Tehran"),
                 ("002 P3", "Damascus"), ("002 P4", "Damascus"), ("002 P5", "Damascus"),
                 ("002 P5", "government forces"), ("003 S14", "government"),
                 ("003 S20", "Ankara"), ("004 P2", "Moscow"), ("004 P15", "Ankara"),
                 ("004 P30", "Paris")]

#: Words that must not escape the table of mentions, written as here.
NAMES = ["regime", "Turkey", "Ankara", "Russia", "Russians", "Moscow", "Kremlin", "Damascus",
         "Tehran", "Paris", "Assad", "Putin", "Erdogan", "Rouhani", "Lavrov", "Peskov", "Kalin",
         "Trump", "Iran", "Iranian", "HTS", "Hayat", "Qaida", "Qaeda", "Nusra", "YPG", "PKK", "SDF",
         "US", "Nato", "UN", "Grandi", "Ozkizilcik", "SETA", "rebels", "militants", "extremists",
         "terrorist", "terrorists", "civilians", "IDPs"]


def several(cell: str) -> list[str]:
    return cell.split("; ") if cell else []


# --- the package -------------------------------------------------------------------------


def test_the_package_is_valid():
    report = validate(str(FOLDER / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


def test_every_table_and_every_column_is_described():
    assert {r.path for r in PACKAGE.resources} == {f.name for f in FOLDER.glob("*.csv")}
    for resource in PACKAGE.resources:
        lines = (FOLDER / resource.path).read_bytes()
        assert b"\r" not in lines and lines.endswith(b"\n")
        header = lines.decode("utf-8").splitlines()[0].split(",")
        assert header == resource.schema.field_names
        assert resource.title and resource.description
        for field in resource.schema.fields:
            assert field.title and field.description, f"{resource.name}.{field.name}"
            assert field.type == "string" or field.custom.get("unit"), field.name


@pytest.mark.parametrize("file, old, new", [
    ("mentions.csv", "M0001,000 P1,", "M0001,000 P9,"),          # no such segment
    ("mentions.csv", ",name,A07", ",name,A99"),                  # no such actor
    ("mentions.csv", "M0002,", "M0001,"),                        # the same id twice
    ("segments.csv", "000,000 P2,", "009,000 P2,"),              # no such article
    ("claims.csv", "about", "roughly"),                          # not in the list
    ("actors.csv", "Bashar al-Assad,leader", "Bashar al-Assad,"),  # required
    ("tokens.csv", "000 P1,a,1", "000 P1,a,many"),               # not a number
    ("events.csv", "E04,", "EO4,"),                              # not an id
])
def test_validation_finds_a_broken_cell(tmp_path, file, old, new):
    for path in [*FOLDER.glob("*.csv"), FOLDER / "datapackage.json"]:
        shutil.copy(path, tmp_path)
    content = (tmp_path / file).read_text(encoding="utf-8")
    assert old in content
    (tmp_path / file).write_text(content.replace(old, new, 1), encoding="utf-8")
    assert not validate(str(tmp_path / "datapackage.json")).valid


def test_no_cell_has_spaces_at_its_ends(table):
    for resource in PACKAGE.resources:
        for row in table(resource.path):
            for name, cell in row.items():
                assert cell == cell.strip() and "  " not in cell, f"{resource.name}.{name}: {cell}"


def test_the_data_card_explains_every_column_as_the_package_does():
    listed = []
    for resource in PACKAGE.resources:
        listed += [f"### {resource.path}", "", resource.description, "",
                   "| column | meaning |", "| --- | --- |"]
        listed += [f"| `{f.name}` | {f.description} |" for f in resource.schema.fields] + [""]
    number = {18: "Eighteen"}[len(PACKAGE.resources)]  # in words, in two places
    whole = seeds.path("README.md").read_text(encoding="utf-8")
    assert f"\n{number} small tables" in whole
    assert PACKAGE.description.startswith(f"{number} tables")
    card = whole.split("## Columns\n\n")[1]
    assert card.splitlines() == listed[:-1], "datapackage.json says:\n" + "\n".join(listed)


# --- sources and dates -------------------------------------------------------------------


def bib_entries() -> dict[str, str]:
    """Entries of references.bib by key; fails where braces do not balance."""
    content = "\n".join(line for line in seeds.path("references.bib").read_text(
        encoding="utf-8").splitlines() if not line.startswith("%"))
    entries = {}
    for block in re.split(r"(?m)^(?=@)", content):
        if not block.strip():
            continue
        depth, ended = 0, False
        for at, character in enumerate(block):
            depth += {"{": 1, "}": -1}.get(character, 0) if block[at - 1:at] != "\\" else 0
            assert depth >= 0 and not (ended and not character.isspace()), block[:60]
            ended = ended or (depth == 0 and character == "}")
        assert ended and depth == 0, f"braces do not balance: {block[:60]}"
        key = re.match(r"@(article|book|inproceedings|misc)\{([a-z][a-z0-9]*),\n", block)
        assert key, block[:60]
        assert key[2] not in entries, f"{key[2]} twice"
        entries[key[2]] = block
    return entries


def test_every_work_has_an_author_and_a_title():
    entries = bib_entries()
    assert len(entries) > 150
    for key, entry in entries.items():
        fields = re.findall(r"(?m)^  (\w+) = [\w{]", entry)
        assert {"author", "title"} <= set(fields) and len(fields) == len(set(fields)), key
        assert entry.count("\n  ") == len(fields), f"{key}: a field is not one line"
        # A description of ours stands in brackets and is said to be one.
        if "title = {[" in entry and not key.startswith(("trtworld", "theatlantic")):
            assert "Description in place of the" in entry, key


@pytest.mark.parametrize("name", ["actors", "events", "reference"])
def test_every_source_is_in_the_bibliography(table, name):
    known = bib_entries().keys()
    used = [(row, key) for row in table(f"{name}.csv") for key in several(row["source"])]
    assert used
    assert not [(list(row.values())[0], key) for row, key in used if key not in known]


@pytest.mark.parametrize("name, column", [("articles", "published"), ("events", "date"),
                                          ("reference", "date")])
def test_every_date_is_edtf(table, name, column):
    for row in table(f"{name}.csv"):
        assert parse_edtf(row[column]).first, row


def test_events_are_complete_and_in_order(table):
    rows = {row["event"]: row for row in table("events.csv")}
    assert list(rows) == [f"H{n}" for n in range(1, 6)] + [f"E{n:02d}" for n in range(1, 46)] + \
        [f"E46{letter}" for letter in "abcde"] + ["E47", "E48"]
    first = [parse_edtf(row["date"]).first for row in rows.values()]
    assert first == sorted(first)
    assert parse_edtf(rows["E34"]["date"]).last is None
    assert [len(parse_edtf(rows[e]["date"]).parts) for e in ("E35", "E44")] == [3, 2]
    assert all(len(row["sentence"].split()) <= 40 for row in rows.values())


def test_mentioned_segments_exist_and_stand_in_order(table):
    order = {row["locator"]: at for at, row in enumerate(table("segments.csv"))}
    for row in table("events.csv"):
        listed = [order[locator] for locator in several(row["mentioned"])]
        assert listed == sorted(set(listed)), row["event"]


# --- claims ------------------------------------------------------------------------------


def test_claims_say_what_their_qualifier_says(table):
    rows = table("claims.csv")
    assert [row["claim"] for row in rows] == [f"F{n:02d}" for n in range(1, 29)]
    given = {"exact": "both", "about": "both", "range": "both", "at least": "low",
             "more than": "low", "nearly": "high", "vague": "none"}
    for row in rows:
        low, high = row["value_min"], row["value_max"]
        have = {(True, True): "both", (True, False): "low", (False, True): "high",
                (False, False): "none"}[bool(low), bool(high)]
        assert have == given[row["qualifier"]], row["claim"]
        if have == "both":
            assert (float(low) < float(high)) == (row["qualifier"] == "range"), row["claim"]


def test_words_quoted_in_claims_stand_in_their_segment(table):
    tokens = {(row["locator"], row["token"]) for row in table("tokens.csv")}
    for row in table("claims.csv"):
        for word in rt.tokens(row["as_of"] + " " + row["credited_to"]):
            assert (row["locator"], word) in tokens, (row["claim"], word)
    assert [r["claim"] for r in table("claims.csv") if r["credited_to"]] == ["F16", "F22"]


# --- actors and mentions -----------------------------------------------------------------


def test_only_exercise_answers_are_left_empty(table):
    actors, mentions = table("actors.csv"), table("mentions.csv")
    assert [row["actor"] for row in actors] == [f"A{n:02d}" for n in range(1, 33)]
    assert {row["actor"] for row in actors if not row["acled_type"]} == OPEN_TYPES
    assert [(r["locator"], r["surface"]) for r in mentions if not r["actor"]] == OPEN_MENTIONS
    assert {row["actor"] for row in mentions} - {""} == {row["actor"] for row in actors}


def test_mentions_lie_in_their_segment_and_do_not_overlap(table):
    spans = {r["locator"]: (int(r["start"]), int(r["end"])) for r in table("segments.csv")}
    tokens = {(row["locator"], row["token"]) for row in table("tokens.csv")}
    before = ("", 0)
    for number, row in enumerate(table("mentions.csv"), start=1):
        start, end, locator = int(row["start"]), int(row["end"]), row["locator"]
        assert row["mention"] == f"M{number:04d}"
        assert spans[locator][0] <= start < end <= spans[locator][1]
        assert end - start == len(row["surface"])
        assert before[0] != locator[:3] or before[1] <= start, row["mention"]
        assert len(rt.words(row["surface"])) <= 6
        for word in rt.tokens(row["surface"]):
            # "regime" may be the first half of "regime-held": then the token goes on.
            assert any(at == locator and token.startswith(word) or at == locator and word in
                       re.split(r"['-]", token) for at, token in tokens), row["mention"]
        before = (locator[:3], end)


@pytest.mark.parametrize("word, counts", [
    ("regime", [8, 11, 1, 3, 11]), ("Turkey", [2, 11, 6, 23, 12]), ("Ankara", [2, 0, 0, 7, 8]),
    ("Moscow", [1, 0, 1, 6, 3]), ("Damascus", [1, 1, 3, 0, 1]), ("YPG", [0, 2, 0, 2, 1])])
def test_mentions_hold_every_occurrence_of_a_name(table, word, counts):
    whole = re.compile(rf"\b{word}\b", re.IGNORECASE)
    held, said = Counter(), Counter()
    for row in table("mentions.csv"):
        held[row["locator"][:3]] += len(whole.findall(row["surface"]))
    for row in table("tokens.csv"):
        said[row["locator"][:3]] += len(whole.findall(row["token"])) * int(row["count"])
    assert [said[a] for a in ARTICLES] == counts
    assert [held[a] for a in ARTICLES] == counts


def test_mentions_agree_with_the_texts(table, texts):
    normal = {article: rt.normalise(raw) for article, raw in texts.items()}
    segments = {}
    for article, raw in texts.items():
        segments |= build.segments_of(article, raw)
    covered = {article: [] for article in normal}
    for row in table("mentions.csv"):
        text, (start, end) = normal[row["locator"][:3]], (int(row["start"]), int(row["end"]))
        piece = segments[row["locator"]]
        assert text[start:end] == row["surface"], row["mention"]
        assert piece.start <= start and end <= piece.end
        assert not (text[start - 1:start] + row["surface"][:1]).isalnum() or start == 0
        assert not (row["surface"][-1:] + text[end:end + 1]).isalnum() or end == len(text)
        covered[row["locator"][:3]].append((start, end))
    for article, text in normal.items():
        for name in NAMES:
            for found in re.finditer(rf"\b{name}\b", text):
                assert any(a <= found.start() and found.end() <= b for a, b in covered[article]), \
                    f"{article}: {name} at {found.start()} is in no mention"
