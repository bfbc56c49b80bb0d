"""Take one student's answers out of the samples that graders share."""

from __future__ import annotations

import contextlib
import csv
import io
from pathlib import Path

from bs4 import BeautifulSoup

from ..course import Course, CourseProblem
from .draw import KEY, PAGE, drawn, folder


def samples(course: Course, student: str) -> dict[str, str]:
    """Tasks of which an answer of the student was drawn: task → code of the answer."""
    found = {}
    for place in sorted(folder(course, "*").parent.glob("*")):
        with contextlib.suppress(CourseProblem):  # no sample lies there
            for code, who in drawn(course, place.name).items():
                if who == student:
                    found[place.name] = code
    return found


def withdraw(course: Course, item: str, code: str) -> None:
    """Delete an answer from the page and its line from every worksheet; who is who comes last."""
    place = folder(course, item)
    page = place / PAGE
    if page.is_file():
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        if heading := soup.find(id=code):
            heading.parent.decompose()
            _write(page, str(soup))
    for path in sorted(place.glob("*.csv"), key=lambda path: path.name == KEY):
        _without(path, code)


def _without(path: Path, code: str) -> None:
    # A worksheet comes back in whatever encoding and with whatever separator a spreadsheet writes.
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    separator = max(",;\t", key=text.partition("\n")[0].count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    kept = io.StringIO(newline="")
    csv.writer(kept, delimiter=separator).writerows(row for row in rows if code not in row)
    _write(path, kept.getvalue())


def _write(path: Path, text: str) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(text.encode("utf-8", "surrogateescape"))
    new.replace(path)
