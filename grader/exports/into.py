"""Put grades into a file that was downloaded from the platform.

The platform's own numbers of students and assignments stay as they are, so nothing has to be
matched by hand when the file is uploaded. Where we have no grade, what the file had stays.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .. import spreadsheet
from ..course import CourseProblem
from ..marks import Marks

if TYPE_CHECKING:
    from .base import PlatformExporter, Row

_MOST = 50_000_000


@dataclass(frozen=True)
class Form:
    """What the files of one platform look like.

    Attributes
    ----------
    platform : str
    keep : tuple of str
        Columns about the student, which stay.
    identifiers : tuple of str
        Those of them that tell who it is.
    grade : str
        Pattern of the column of an assignment, with its ``title`` and perhaps its ``points``.
    first : str
        What the first column must be called, if it matters.
    last : str
        The last column, with ``#`` in each row.
    points_row : str
        How a row with the points of the assignments begins.
    whole, whole_grade, whole_points : str
        A file with the column ``whole`` is for one assignment alone and stays whole; its columns
        of the grade and of the points that can be had.
    """

    platform: str
    keep: tuple[str, ...]
    identifiers: tuple[str, ...]
    grade: str
    first: str = ""
    last: str = ""
    points_row: str = ""
    whole: str = ""
    whole_grade: str = ""
    whole_points: str = ""


def fill(exporter: PlatformExporter, rows: list[Row], marks: Marks) -> bytes:
    """The file of ``exporter.into`` with the grades of ``rows`` in it.

    Raises
    ------
    CourseProblem
        It is no such file, or an exercise has no column in it, or other points.
    """
    form, path = exporter.form, Path(exporter.into)
    lines, dialect = _read(path)
    header = [cell.strip() for cell in lines[0]]
    if not any(name in header for name in (*form.identifiers, form.whole) if name):
        raise CourseProblem(f"{path.name} is no file from {form.platform}: it has none of the "
                            f"columns {', '.join(form.identifiers)}.")
    if form.whole and form.whole in header and form.whole_grade in header:
        columns = _whole(exporter, header, marks, path)
        kept = list(range(len(header)))
    else:
        columns = {name: _column(exporter, header, name, path) for name in marks.exercises}
        kept = sorted({i for i, name in enumerate(header)
                       if name in form.keep or name == form.last} | set(columns.values()))
    factor = _factors(exporter, header, lines, columns, marks, path)
    people = _by_identifier(header, rows, form)
    out, met = [lines[0]], set()
    for line in lines[1:]:
        line = [*line, *[""] * (len(header) - len(line))]
        if form.points_row and line[0].strip() == form.points_row:
            out.append(line)
            continue
        row = _who(line, header, people, form)
        if row is None:
            if any(_value(line, header, name) for name in form.identifiers):
                met.add(None)
            if kept == list(range(len(header))):
                out.append(line)
            continue
        met.add(row.student)
        for name, i in columns.items():
            if row.grades[name] is not None:
                line[i] = _written(row.grades[name] * factor[name], line[i])
        out.append(line)
    _say(exporter, rows, met, path)
    if len(met - {None}) == 0:
        raise CourseProblem(f"No student of the gradebook is in {path.name}; is it the file of "
                            "this course?")
    made = io.StringIO()
    csv.writer(made, delimiter=dialect).writerows([line[i] for i in kept] for line in out)
    return made.getvalue().encode("utf-8")


def _read(path: Path) -> tuple[list[list[str]], str]:
    """Lines of the file, and what separates its cells."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST + 1)
    except OSError as error:
        raise CourseProblem(f"{path} cannot be read ({error.strerror}).") from None
    problem = f"{path.name} is no CSV file with a line of column names"
    if len(data) > _MOST or b"\0" in data[:4000] and not data.startswith((b"\xff\xfe",
                                                                          b"\xfe\xff")):
        raise CourseProblem(f"{problem}; export it from the platform as CSV.")
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise CourseProblem(f"{path.name} is not in UTF-8, so names in it would be spoilt; "
                            "download it again, or save it as CSV UTF-8.") from None
    head = text.partition("\n")[0]
    dialect = max(",;\t", key=head.count)
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=dialect,
                                             strict=True) if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise CourseProblem(f"{problem} ({error}).") from None
    if len(lines) < 2 or len(lines[0]) < 2:
        raise CourseProblem(f"{problem} and rows of students.")
    return lines, dialect


def _whole(exporter: PlatformExporter, header: list[str], marks: Marks,
           path: Path) -> dict[str, int]:
    """A file for one assignment."""
    if len(marks.exercises) != 1:
        raise CourseProblem(f"{path.name} is for one assignment: name the exercise that it is for, "
                            f"as in `grader export moodle {next(iter(marks.exercises))} --into "
                            f"{path.name}`.")
    return {next(iter(marks.exercises)): header.index(exporter.form.whole_grade)}


def _column(exporter: PlatformExporter, header: list[str], exercise: str, path: Path) -> int:
    """The column of an exercise: the one with just its name, else the one that has it in it."""
    form, wanted = exporter.form, exporter.title(exercise)
    titles = {}
    for i, name in enumerate(header):
        found = re.fullmatch(form.grade, name)
        if found and name not in (*form.keep, form.last):
            titles[i] = found["title"].strip()
    for same in (lambda title: title == wanted,
                 lambda title: title.casefold() == wanted.casefold(),
                 lambda title: wanted.casefold() in title.casefold()):
        if len(hits := [i for i, title in titles.items() if same(title)]) == 1:
            return hits[0]
        if hits:
            break
    known = ", ".join(dict.fromkeys(titles.values())) or "none"
    how = "more than one column" if hits else "no column"
    raise CourseProblem(f"{path.name} has {how} for {wanted}; its assignments are {known}. Say "
                        f"which one it is with --title '{exercise}=NAME'.")


def _factors(exporter: PlatformExporter, header: list[str], lines: list[list[str]],
             columns: dict[str, int], marks: Marks, path: Path) -> dict[str, float]:
    """What grades are multiplied by; 1 unless the platform has other points and ``scale`` is on."""
    form, found = exporter.form, {}
    row = next((line for line in lines[1:] if form.points_row
                and line[0].strip() == form.points_row), None)
    for name, i in columns.items():
        ours, theirs = marks.exercises[name].points, None
        if row is not None and i < len(row):
            theirs = _float(row[i])
        elif form.whole_points in header and form.whole in header:
            theirs = _float(lines[1][header.index(form.whole_points)])
        elif (match := re.fullmatch(form.grade, header[i])) and "points" in match.groupdict():
            theirs = _float(match["points"])
        found[name] = 1.0
        if theirs and ours and abs(theirs - ours) > 0.005:
            if not exporter.scale:
                raise CourseProblem(
                    f"{name} has {ours:g} points here and {theirs:g} in {path.name}: set "
                    f"{ours:g} in {form.platform}, or convert the grades with --scale.")
            found[name] = theirs / ours
    return found


def _by_identifier(header: list[str], rows: list[Row], form: Form) -> dict[tuple[str, str], Row]:
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        for name in form.identifiers:
            if name in header and (value := _plain(row.person.lms.get(name, ""))):
                found[name, value] = row
    return found


def _who(line: list[str], header: list[str], people: dict[tuple[str, str], Row],
         form: Form) -> Row | None:
    for name in form.identifiers:
        if (value := _value(line, header, name)) and (row := people.get((name, value))):
            return row
    return None


def _value(line: list[str], header: list[str], name: str) -> str:
    return _plain(line[header.index(name)]) if name in header else ""


def _plain(value: str) -> str:
    """An identifier as it is compared: without the number sign, and addresses in small letters."""
    value = value.strip().removeprefix("#")
    return value.casefold() if "@" in value else value


def _float(text: str | None) -> float | None:
    try:
        return float((text or "").replace(",", "."))
    except ValueError:
        return None


def _written(grade: float, before: str) -> str:
    """A grade, with the file's own decimal sign."""
    text = str(spreadsheet.number(grade))
    return text.replace(".", ",") if re.fullmatch(r"\d+,\d+", before.strip()) else text


def _say(exporter: PlatformExporter, rows: list[Row], met: set, path: Path) -> None:
    from .base import some

    if absent := [row.person.student for row in rows if row.student not in met]:
        exporter.said.append(f"Not in {path.name}, so not in the export: {some(absent)}.")
    if None in met:
        exporter.said.append(f"{path.name} has students who are not in the gradebook; their rows "
                             "have no grades of ours.")
