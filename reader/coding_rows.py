"""Topic 06: the rows of a coding. Positions and labels, never a text.

A row says: these characters of the article carry this code, in this voice. Offsets count
characters of the normalised *article*, with or without a copy of it, so that codings by
different people fit together.
"""

from __future__ import annotations

import csv
import functools
import math
import numbers
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from reader import codebook, corpus, tables
from reader.errors import ReaderError
from reader.lazy import lazy
from reader.paths import known_path, read_table_text

pd = lazy("pandas")

#: Whose frame or technique it is: the article's own, of somebody whose words it reports, or of
#: somebody in quotation marks.
VOICES = ("author", "reported", "quoted")
#: Stands in the place of a code where a coder read a segment and found none.
NONE = "none"

COLUMNS = ("locator", "start", "end", "code", "voice")
OPTIONAL = ("coder", "note")
#: A note is a remark on the coding: long enough for that, too short for a passage.
LONGEST_NOTE = 200
LONGEST_NAME = 40
_MOST_ROWS = 10_000

#: How a formula begins, for spreadsheets that read a CSV file.
_FORMULA = r"^\s*[=+@-]"

_DTYPES = {"locator": "str", "start": "Int64", "end": "Int64", "code": "str", "voice": "str",
           "coder": "str", "note": "str"}


def no_rows(columns: tuple[str, ...] = COLUMNS) -> pd.DataFrame:
    """Return a coding without rows, with the right columns and types."""
    return pd.DataFrame({name: pd.Series(dtype=_DTYPES[name]) for name in columns})


def _missing(value) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def _place(row: dict, bounds: dict[str, tuple[int, int]], where: str) -> tuple[int, int]:
    low, high = bounds[row["locator"]]
    ends = []
    for name, whole in (("start", low), ("end", high)):
        value = row.get(name)
        if _missing(value):
            value = whole
        if not isinstance(value, numbers.Real) or isinstance(value, bool) or value % 1 != 0:
            raise ReaderError(f"{where}: its {name} must be a whole number of characters, not "
                              f"{value!r}.")
        ends.append(int(value))
    start, end = ends
    if start >= end:
        raise ReaderError(f"{where}: it ends ({end}) before it begins ({start}), or is empty.")
    if start < low or end > high:
        raise ReaderError(f"{where}: {start} to {end} lies outside {row['locator']}, which goes "
                          f"from {low} to {high}; count from the start of the article.")
    return start, end


def known_word(value, what: str) -> str:
    """Return text on one line, or say that it is none: no file can hold everything."""
    if not isinstance(value, str) or re.search("[\0\ud800-\udfff]", value):
        raise ReaderError(f"{what} must be text, not {value!r}.")
    return " ".join(value.split())


def _word(row: dict, name: str, where: str, longest: int) -> str | None:
    value = row.get(name)
    if _missing(value):
        return None
    value = known_word(value, f"{where}: its {name}")
    if len(value) > longest:
        raise ReaderError(f"{where}: its {name} has {len(value)} characters; at most {longest} "
                          f"are kept, so that no passage of an article gets into a coding.")
    return value


def _checked(row: dict, bounds: dict, known_code: Callable[[str], str], where: str) -> dict:
    locator = row.get("locator")
    row["locator"] = locator if isinstance(locator, str) and locator in bounds else \
        corpus.normalise_locator(locator)
    row["start"], row["end"] = _place(row, bounds, where)
    code = row.get("code")
    if _missing(code):
        raise ReaderError(f"{where} has no code: write one of the codebook, or none for a "
                          f"segment in which you found no code.")
    if not isinstance(code, str):
        codebook.known_code(code)  # which says what a code is
    none = code.strip().lower() == NONE
    row["code"] = NONE if none else known_code(code)
    if none and (row["start"], row["end"]) != bounds[row["locator"]]:
        raise ReaderError(f"{where}: none is about a whole segment, not about some words of it.")
    voice = row.get("voice")
    if _missing(voice):
        voice = "author"
    if not isinstance(voice, str) or voice.strip().lower() not in VOICES:
        raise ReaderError(f"{where}: its voice must be author, reported or quoted, not "
                          f"{voice!r}.")
    row["voice"] = voice.strip().lower()
    row["coder"] = _word(row, "coder", where, LONGEST_NAME)
    row["note"] = _word(row, "note", where, LONGEST_NOTE)
    return row


def _no_contradiction(rows: list[dict]) -> None:
    seen, empty, full = {}, {}, {}
    for number, row in enumerate(rows, start=1):
        key = tuple(row[name] for name in ("coder", "locator", "start", "end", "code"))
        if key in seen:
            raise ReaderError(f"Rows {seen[key]} and {number} say the same: {row['code']} for "
                              f"the same words of {row['locator']}; keep one of them.")
        seen[key] = number
        (empty if row["code"] == NONE else full)[row["coder"], row["locator"]] = row["code"]
    for (coder, locator), code in full.items():
        if (coder, locator) in empty:
            raise ReaderError(f"{locator} is coded none and {code} at once: none says that a "
                              f"segment has no code.")


def check_rows(rows) -> pd.DataFrame:
    """Return a coding in its canonical form, or say in one sentence what is wrong first.

    Parameters
    ----------
    rows : pandas.DataFrame or iterable of dict
        Columns locator, start, end, code and voice, and if you like coder and note. Missing
        offsets mean the whole segment, a missing voice means ``author``. Locators and codes
        are read leniently (``"000 p3"``, ``"ll"``). The code ``none`` stands for a segment
        that was read and has no code.

    Returns
    -------
    pandas.DataFrame
        Columns locator, start and end (Int64, characters of the normalised article), code,
        voice, then coder and note where they were given; in the order given.

    Raises
    ------
    ReaderError
        Unknown columns, locators, codes or voices, offsets outside their segment, the same
        row twice, or ``none`` beside another code.

    Examples
    --------
    >>> made = check_rows([{"locator": "001 p2", "code": "hum"}])
    >>> made.to_dict("records")
    [{'locator': '001 P2', 'start': 237, 'end': 457, 'code': 'HUM', 'voice': 'author'}]
    """
    if isinstance(rows, pd.DataFrame):
        frame = rows
    else:
        try:
            listed = list(rows) if not isinstance(rows, (str, bytes, dict)) else [None]
        except TypeError:
            listed = [None]
        if not all(isinstance(row, dict) for row in listed):
            raise ReaderError("A coding is a DataFrame with the columns locator, start, end, "
                              "code and voice, or a list of such rows as dicts.")
        frame = pd.DataFrame(listed, dtype=object) if listed else no_rows()
    names = [str(name) for name in frame.columns]
    if twice := [name for name in names if names.count(name) > 1]:
        raise ReaderError(f"This coding has two columns {twice[0]}: keep one.")
    if lacking := [name for name in ("locator", "code") if name not in names]:
        raise ReaderError(f"This coding lacks the column {lacking[0]}: it needs locator, start, "
                          f"end, code and voice.")
    if extra := [name for name in names if name not in COLUMNS + OPTIONAL]:
        raise ReaderError(f"A coding has no column {extra[0]!r}: it holds positions and labels "
                          f"only (locator, start, end, code, voice, and coder and note).")
    if len(frame) > _MOST_ROWS:
        raise ReaderError(f"This table has {len(frame):,} rows, far more than a coding of five "
                          f"articles: at most {_MOST_ROWS:,} are read.")
    listed = corpus.segments()
    bounds = {row.locator: (int(row.start), int(row.end)) for row in listed.itertuples()}
    # The same few codes stand in most rows.
    known_code = functools.lru_cache(codebook.known_code)
    made = [_checked(row, bounds, known_code, f"Row {number}") for number, row in
            enumerate(frame.astype(object).to_dict("records"), start=1)]
    _no_contradiction(made)
    kept = COLUMNS + tuple(name for name in OPTIONAL if name in names)
    return pd.DataFrame(made, columns=list(kept)).astype({name: _DTYPES[name] for name in kept}) \
        if made else no_rows(kept)


def rows_of(coder: str) -> pd.DataFrame:
    """Return what one of the two coders of the course coded.

    Parameters
    ----------
    coder : {"A", "B"}
        Both were made up for the course, so that codings can be compared: neither is right.

    Returns
    -------
    pandas.DataFrame
        As `check_rows`, with coder and note.
    """
    found = tables.read("codings")
    known = sorted(found["coder"].unique())
    if not isinstance(coder, str) or coder.strip().upper() not in known:
        raise ReaderError(f"The course has coders {' and '.join(known)}, not {coder!r}.")
    found = found[found["coder"] == coder.strip().upper()]
    return found[[*COLUMNS, *OPTIONAL]].reset_index(drop=True)


# --- files -------------------------------------------------------------------------------


def save(rows: pd.DataFrame, path: str | Path) -> Path:
    """Write a coding as a CSV file: positions and labels, no text.

    A note or a name that a spreadsheet would take for a formula (``=1+1``) gets an apostrophe
    in front; `load` takes it away again.

    Parameters
    ----------
    rows : pandas.DataFrame
        As for `check_rows`.
    path : str or Path
        Such as ``"my-coding.csv"``. A file of this name is replaced.

    Returns
    -------
    Path
    """
    frame = check_rows(rows)
    for name in frame.columns.intersection(OPTIONAL):
        frame[name] = frame[name].str.replace(_FORMULA, r"'\g<0>", regex=True)
    return write(path, frame.to_csv(index=False, lineterminator="\n"), "my-coding.csv")


def write(path: str | Path, text: str, example: str) -> Path:
    """Write a file, or say in one sentence why not."""
    file = known_path(path, example)
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise ReaderError(f"{file} can't be written: {problem.strerror}.") from None
    return file


def load(path: str | Path) -> pd.DataFrame:
    """Read a coding that `save` wrote, or that a spreadsheet saved since.

    Returns
    -------
    pandas.DataFrame
        As `check_rows`.

    Raises
    ------
    ReaderError
        When there is no such file, it is no coding, or a row is wrong.
    """
    text, mark = read_table_text(path, "my-coding.csv")
    try:
        lines = [line for line in csv.reader(StringIO(text), delimiter=mark, strict=True,
                                             skipinitialspace=True) if any(line)]
    except csv.Error:
        lines = []
    head = [name.strip() for name in lines[0]] if lines else []
    if not {"locator", "code"} <= set(head):
        raise ReaderError(f"{path} is not a CSV file of a coding: it needs the columns locator, "
                          f"start, end, code and voice, in UTF-8.")
    for number, line in enumerate(lines[1:], start=1):
        if len(line) < len(head) or any(line[len(head):]):
            raise ReaderError(f"Row {number} of {path} has {len(line)} cells, and the first line "
                              f"names {len(head)} columns.")
    cells = [[value if value.strip() else None for value in line[:len(head)]]
             for line in lines[1:]]
    frame = pd.DataFrame(cells, columns=head, dtype=object)
    # pandas and some spreadsheets write a first column without a name that numbers the rows.
    frame = frame.loc[:, [name != "" for name in head]]
    for name in OPTIONAL:
        if head.count(name) == 1:
            frame[name] = frame[name].str.replace(r"^'(?=[=+@-])", "", regex=True)
    for name in ("start", "end"):
        if head.count(name) == 1:
            frame[name] = [_number(value) for value in frame[name]]
    return check_rows(frame)


def _number(value: str | None):
    if value is None:
        return None
    try:
        return float(value)
    except ValueError:
        return value
