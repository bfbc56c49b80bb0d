"""Progress: what is done, what is open and what to read again, from what learners have."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from places import ROOT

from reader import check_log, progress

LESSON = {"cells": [
    {"cell_type": "markdown", "source": ["# Lesson 01: Ferries\n", "\n", "## 1. The quay"]},
    {"cell_type": "code", "source": "x = 1\ncheck(\"L01.1\", x)"},
    {"cell_type": "markdown", "source": "## 2. The <boat>\n\n### Your turn: L01.2",
     "id": "boat"},
    {"cell_type": "code", "source": ['check("L01.2", y)']}]}


@pytest.fixture
def room(tmp_path, monkeypatch) -> Path:
    """A course of one lesson and one exercise, seen from the exercise."""
    here = tmp_path / "course" / "classroom" / "study" / "01-ferries"
    notebooks = tmp_path / "course" / "notebooks"
    for folder, ids, points in ((here, ["01.1", "01.2", "01.3", "01.10"], 2.5),
                                (notebooks, ["L00.1", "L01.1", "L01.2"], 0)):
        folder.mkdir(parents=True)
        (folder / "checks.json").write_text(json.dumps({"format": 2, "questions": {
            name: {"id": name, "title": f"Title of {name}", "points": points} for name in ids}}))
    (notebooks / "01-ferries.ipynb").write_text(json.dumps(LESSON))
    (notebooks / "01-ferries-Copy1.ipynb").write_text("{}")
    monkeypatch.chdir(here)
    monkeypatch.setenv("READING_IDLIB_LOG", str(tmp_path / "log.jsonl"))
    # The checkout that runs the tests is a course too.
    monkeypatch.setattr("reader.course_files.__file__", str(here / "x" / "y"))
    check_log._log.clear(None)
    yield here
    check_log._log.clear(None)


def answered() -> None:
    for line in (("01.1", "right", 1.0, 1), ("01.2", "not yet", 0, 1), ("01.2", "partly", 0.5, 2),
                 ("01.2", "not yet", 0, 3), ("L01.2", "not yet", 0, 1), ("01.3", "shape", 0, 0),
                 ("07.1", "right", 1, 1)):
        assert check_log.note(*line, 0) == ""


class Tables(HTMLParser):
    """Tables of a page as lists of rows, what is hidden from screen readers left out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables, self.captions, self.scopes, self.quiet = [], [], [], False
        self.tag = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tag, attrs = tag, dict(attrs)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][-1].append("")
            self.scopes += [attrs.get("scope")] if tag == "th" else []

    def handle_data(self, data):
        if self.tag == "caption":
            self.captions.append(data)
        elif self.tables and self.tables[-1] and self.tables[-1][-1] and self.tag != "small":
            self.tables[-1][-1][-1] += data


def test_before_anything_is_checked(room):
    shown = str(progress())
    assert "You have not checked any answer yet" in shown
    assert re.search(r"01 ferries, exercise +0 of 4 +0 of 10 +none +01\.1 to 01\.3, 01\.10$", shown,
                     re.M)
    assert "To read again" not in shown


def test_what_is_done_open_and_to_be_read_again(room):
    answered()
    shown = str(progress())
    assert "lessons that are right: 0 of 3." in shown
    assert "exercises that are right: 2 of 5, 3.75 of 10 points so far." in shown
    assert re.search(r"01 ferries, exercise +1 of 4 +3\.75 of 10 +01\.2 +01\.3, 01\.10$", shown,
                     re.M)
    assert re.search(r"00, lesson +0 of 1 +no points +none +L00\.1$", shown, re.M)
    assert "01.2 Title of 01.2: partly right after 3 answers. Read lesson 01." in shown
    assert ("L01.2 Title of L01.2: not yet right after 1 answer. Read lesson 01, section "
            "“2. The <boat>”.") in shown
    # Of a class whose exercise lies elsewhere, the log alone knows.
    assert re.search(r"07, exercise +1 of 1 +no points +none +none$", shown, re.M)


def test_it_says_where_to_go_on(room):
    assert "Next:" not in str(progress())
    check_log.note("01.1", "right", 1.0, 1, 0)
    assert "Next: 01 ferries, exercise, question 01.2 Title of 01.2." in str(progress())
    for name in ("01.2", "01.3", "01.10"):
        check_log.note(name, "right", 1.0, 1, 0)
    assert "Next: 00, lesson, question L00.1 Title of L00.1." in str(progress())
    for name in ("L00.1", "L01.1", "L01.2"):
        check_log.note(name, "not yet", 0, 1, 0)
    assert "Every question has been answered." in str(progress())


def test_the_page_is_a_real_table_and_says_what_the_text_says(room):
    answered()
    found = progress()
    page, text = found._repr_html_(), str(found)
    tables = Tables(page)
    assert tables.captions == ["What is done and what is open", "To read again"]
    assert set(tables.scopes) == {"col", "row"}
    assert tables.tables[0][1:] == found._rows()
    for row in tables.tables[0]:
        assert re.search(" +".join(map(re.escape, row)), text)
    for paragraph in re.findall(r"<p>(?:<small>)?([^<]+)", page):
        assert paragraph in text
    assert "<boat>" not in page and "&lt;boat&gt;" in page
    bars = re.findall(r'<span class="bar"[^>]*>', page)
    assert bars and all('aria-hidden="true"' in bar for bar in bars)
    links = [unquote(link).partition("#") for link in re.findall(r'href="([^"]+)"', page)]
    assert {(room / path).resolve().name for path, _, _ in links} == {"01-ferries.ipynb"}
    assert [anchor for _, _, anchor in links] == ["cell-id=boat", ""]


def test_the_table_has_a_row_for_each_question(room):
    answered()
    table = progress().table().set_index("question")
    assert table.index.tolist() == ["L00.1", "L01.1", "L01.2", "01.1", "01.2", "01.3", "01.10",
                                    "07.1"]
    assert table.loc["01.2", ["state", "attempts", "earned", "points"]].tolist() == [
        "partly right", 3, 1.25, 2.5]
    assert table.loc["L01.1", "state"] == "open" and table.loc["L01.1", "last"] == ""
    assert table["points"].isna().tolist() == [True] * 3 + [False] * 4 + [True]
    assert table.loc["01.1", "last"] == time.strftime("%Y-%m-%d")


@pytest.mark.parametrize("content", [
    "", "{", "[]", "{}", '{"questions": []}', '{"questions": {"01.1": 5}}',
    '{"questions": {"01.1": {"points": "many"}}}', '{"questions": {"01.1": {"points": NaN}}}',
    '{"questions": {"01.1": {"points": 1' + 400 * "0" + "}}}", 100_000 * "[",
    '{"questions": {"my own": {"title": "x"}}}'],
    ids=lambda content: content[:50])
def test_a_damaged_or_foreign_file_is_passed_over(room, content):
    (room / "checks.json").write_text(content)
    check_log.note("01.1", "right", 1, 1, 0)
    shown = str(progress())
    assert re.search(r"^01 ferries, exercise +1 of 1 ", shown, re.M)
    assert "01 ferries, lesson" in shown


def test_a_damaged_lesson_is_named_without_its_section(room):
    answered()
    (room.parents[2] / "notebooks" / "01-ferries.ipynb").write_text("{")
    assert "L01.2 Title of L01.2: not yet right after 1 answer. Read lesson 01." in str(progress())


@pytest.mark.parametrize("make", [
    os.mkfifo, lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to(path),
    lambda path: (path.touch(), os.truncate(path, 1 << 36))],
    ids=["pipe", "device", "circle", "huge"])
def test_what_is_no_file_of_the_course_is_not_waited_for(room, make):
    answered()
    for path in (room / "checks.json", room.parents[2] / "notebooks" / "01-ferries.ipynb"):
        path.unlink()
        make(path)
    shown = str(progress())
    assert "01 ferries, exercise" in shown and "L01.2" in shown


def test_texts_of_others_can_be_shown_and_do_nothing(room):
    """Titles, headings and folders with markup, commands to a terminal and half characters."""
    hostile = "<img src=x onerror=y>\x1b[2J\ud800"
    answered()
    (room / "checks.json").write_text(json.dumps({"questions": {"01.2": {"title": hostile}}}))
    (room.parents[2] / "notebooks" / "01-ferries.ipynb").write_text(json.dumps({"cells": [
        {"cell_type": "markdown", "source": f"## {hostile}" + 50_000 * " " + "."},
        {"cell_type": "code", "source": 'check("L01.2", y)'}]}))
    room.rename(room.with_name("01-<b>\udcff"))
    os.chdir(room.with_name("01-<b>\udcff"))
    found = progress()
    for shown in (str(found), found._repr_html_()):
        shown.encode()
        assert "\x1b" not in shown and "onerror" in shown
    assert "<img" not in shown and "<b>" not in shown and "&lt;b&gt;" in shown


def test_a_folder_that_was_deleted(room, deleted_folder):
    answered()
    assert "01.2" in str(progress()) and "01.2" in progress()._repr_html_()
    os.chdir(room)


def test_it_says_that_the_log_cannot_be_kept(room, monkeypatch):
    monkeypatch.setenv("READING_IDLIB_LOG", str(room / "checks.json" / "log.jsonl"))
    check_log.note("01.1", "right", 1, 1, 0)
    shown = str(progress())
    assert "can't be kept on this computer" in shown and "1 of 4" in shown
    monkeypatch.setenv("READING_IDLIB_LOG", str(room / "log.jsonl"))
    check_log.note("01.1", "right", 1, 1, 0)
    assert "can't be kept" not in str(progress())


def test_folders_that_may_not_be_read(room, monkeypatch):
    """A shared computer: what lies above the notebook belongs to others."""
    def refuse(self, *_, **__):
        raise PermissionError(13, "Permission denied", str(self))

    check_log.note("01.1", "right", 1, 1, 0)
    monkeypatch.setattr(Path, "iterdir", refuse)
    assert "01 ferries, exercise" in str(progress())
    monkeypatch.setattr(Path, "read_text", refuse)
    assert "01, exercise" in str(progress())


def test_it_says_where_the_log_is_and_how_to_delete_it(room, tmp_path):
    for shown in (str(progress()), progress()._repr_html_()):
        assert str(tmp_path / "log.jsonl") in shown and "forget()" in shown


def test_the_real_course_without_pandas(tmp_path):
    """All questions that learners have, untouched ones too, and nothing but Python's own library.

    The lessons' sealed checks are in the repository; titles of sections come from the lessons.
    """
    (tmp_path / "log.jsonl").write_text("".join(
        json.dumps({"question": name, "state": "not yet", "credit": 0, "time": 1}) + "\n"
        for name in json.loads((ROOT / "notebooks/checks.json").read_text())["questions"]))
    code = ("import sys\nsys.modules['pandas'] = sys.modules['numpy'] = None\n"
            "from reader import progress\nfound = progress()\nprint(found)\n"
            "assert found._repr_html_()")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT / "notebooks", text=True,
                          capture_output=True, timeout=120, env={
                              **os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8",
                              "READING_IDLIB_LOG": str(tmp_path / "log.jsonl")})
    assert done.returncode == 0, done.stderr
    again = re.findall(r"^(L\d\d\.\d+) .*Read lesson (\d\d), section “(.+)”\.$", done.stdout, re.M)
    assert len(again) == len((tmp_path / "log.jsonl").read_text().splitlines())
    headings = {line[3:].strip() for path in (ROOT / "notebooks").glob("0*.ipynb")
                for cell in json.loads(path.read_text())["cells"]
                for line in "".join(cell["source"]).splitlines() if line.startswith("## ")}
    assert all(name[1:3] == lesson and section in headings for name, lesson, section in again)
