"""A sixth article for a class: its text stays with who has it, a record of it may be passed on.

First the text is stored for the instructor, as ``python -m reader add --as`` does, and a table
of digests is laid out. When these are written, a record without any text is made for students:
digests, word counts, positions and checksums, as ``seeds/`` has them for the five articles.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

from reader import build, labels, library, store
from reader.errors import ReaderError

from ..course import CourseProblem
from ..unfinished import MARK, marked

TABLE = "digests.csv"
COLUMNS = ["locator", "words", "digest"]
#: A digest says in one or two sentences what a passage does; the article's own words stay out.
LONGEST = 60
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')


def begin_or_finish(classroom: Path, file: Path, number: str, record: dict[str, str]) -> list[str]:
    """Begin an article from its text, or finish it from its table of digests.

    Parameters
    ----------
    classroom : Path
    file : Path
        A text file, or a ``digests.csv`` that `begin` has laid out.
    number : str
        Three digits; empty: the next free id, or the one of the table's folder.
    record : dict of str to str
        outlet, title, author, published (EDTF), url, language; empty where not given.

    Returns
    -------
    list of str
        What was done and what comes next, one sentence each.

    Raises
    ------
    CourseProblem
        When something is missing or wrong; what was there stays.
    """
    try:
        if file.name == TABLE:
            return finish(file, number or file.resolve().parent.name)
        return begin(classroom, file, number, record)
    except (ReaderError, OSError) as problem:
        raise CourseProblem(str(problem)) from None


def begin(classroom: Path, file: Path, number: str, record: dict[str, str]) -> list[str]:
    """Store the text and lay out the table of digests; see `begin_or_finish`."""
    lacking = [name for name in ("outlet", "title", "published") if not record[name].strip()]
    if lacking:
        raise CourseProblem(f"Say where the article comes from: --{' and --'.join(lacking)} "
                            f"{'is' if len(lacking) == 1 else 'are'} missing.")
    number = number or library.next_id()
    told = library.add_as(file, number, **{name: text for name, text in record.items() if text})
    number = number.strip().zfill(3)
    table = classroom / "articles" / number / TABLE
    kept = {row["locator"]: row["digest"] for row in _rows(table)} if table.is_file() else {}
    segments = store.records()[number]["segments"]
    rows = [{"locator": row["locator"], "words": row["words"],
             "digest": kept.get(row["locator"]) or MARK} for row in segments]
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    store.write(table, text.getvalue())
    return [*told, f"{table}: write one or two sentences of your own for each passage.",
            f"Then `grader new article {table}` makes the record for students. It has no text of "
            "the article."]


def finish(table: Path, number: str) -> list[str]:
    """Make the record for students from the written digests; see `begin_or_finish`."""
    record = store.records().get(number)
    if record is None or not store.text_file(number).is_file():
        raise CourseProblem(f"There is no article {number} on this machine; begin with its text: "
                            "grader new article FILE --outlet … --title … --published …")
    digests = {row["locator"]: row["digest"].strip() for row in _rows(table)}
    wrong = list(_gaps(digests, [row["locator"] for row in record["segments"]],
                       store.text_file(number).read_text(encoding="utf-8")))
    if wrong:
        more = f" ({len(wrong) - 1} more like this)" if len(wrong) > 1 else ""
        raise CourseProblem(f"{table}: {wrong[0]}{more}")
    segments = [row | {"digest": digests[row["locator"]]} for row in record["segments"]]
    content = {"article": record["article"] | {"note": "Added by the instructor."},
               "segments": segments, "tokens": record["tokens"], "shared": True}
    made = table.with_name(f"{number}.json")
    text = json.dumps(content, ensure_ascii=False, indent=1)
    store.write(made, text)
    store.write(store.record_file(number), text)
    return [f"{made}: the record for students, {len(segments)} digests, no text.",
            f"They type `python -m reader add {made.name}` once; then every tool of the course "
            f"knows article {number}."]


def _rows(table: Path) -> list[dict[str, str]]:
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
    except (UnicodeDecodeError, csv.Error):
        raise CourseProblem(f"{table} cannot be read as a table; save it as CSV in UTF-8.") \
            from None
    if reader.fieldnames != COLUMNS or any(None in row or None in row.values() for row in rows):
        raise CourseProblem(f"{table} needs the columns {', '.join(COLUMNS)} and nothing else in "
                            "every row.")
    return rows


def _gaps(digests: dict[str, str], locators: list[str], text: str):
    """What the digests lack, one sentence each."""
    for locator in locators:
        if marked(digests.get(locator, MARK)) or not digests[locator]:
            yield f"{locator} has no digest."
    for locator in sorted(set(digests) - set(locators)):
        yield f"{locator} is no passage of the article."
    runs = set(build.word_runs({"": text}))
    for locator, digest in digests.items():
        if set(build.run_hashes(build.plain_words(digest))) & runs:
            yield (f"the digest of {locator} has {build.RUN_LENGTH} words in a row of the article; "
                   "say it in your own words.")
        if len(digest.split()) > LONGEST:
            yield f"the digest of {locator} has more than {LONGEST} words."
        if found := [match.group() for match in labels.loaded(_QUOTED.sub("", digest))]:
            yield (f"the digest of {locator} says \"{found[0]}\" in your own voice; put it in "
                   "quotation marks, or use a neutral name.")
