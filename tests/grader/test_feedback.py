"""Feedback pages: they tell what the gradebook holds, in words, and nothing that is closed."""

from __future__ import annotations

import copy
import errno
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from places import ROOT
from rich.progress import Progress

from grader import key
from grader.compile import compiled
from grader.course import Course
from grader.feedback import css, late, of_class, where
from grader.feedback.safe import fragment
from grader.marks import Mark, Submission, read
from grader.settings import FILE, Settings

TOPIC, ANN, LATE = "01-sources", "synthetic-01", "synthetic-02"


@pytest.fixture(scope="module")
def class_(played_class, tmp_path_factory) -> Course:
    return Course(shutil.copytree(played_class, tmp_path_factory.mktemp("class") / "course"))


@pytest.fixture
def page(class_):
    """Makes a page and reads it."""
    def read_(student: str = ANN, topic: str = TOPIC) -> BeautifulSoup:
        return BeautifulSoup(class_.feedback(topic, student).read_text("utf-8"), "html.parser")
    return read_


def words(soup) -> str:
    return " ".join(soup.get_text(" ").split())


def rows(soup) -> dict[str, tuple[str, str]]:
    """What the table of points says, by question."""
    return {cells[0].get_text(): (words(cells[1]), words(cells[2]))
            for row in soup.select(".fb-points tbody tr") if (cells := row.find_all(["th", "td"]))}


def change(class_: Course, name: str = "rubric-01-1", student: str = ANN, **columns) -> None:
    """What a grader does in the Formgrader."""
    with class_.gradebook() as book:
        grade = book.find_grade(name, TOPIC, TOPIC, student)
        comment = columns.pop("comment", None)
        for column, value in columns.items():
            setattr(grade, column, value)
        if comment is not None:
            book.find_comment(name, TOPIC, TOPIC, student).manual_comment = comment
        book.db.commit()


def test_points_are_those_of_the_gradebook(class_, page):
    change(class_, manual_score=3.67, needs_manual_grade=False, comment="Say **how sure** you are.")
    change(class_, "check-01-2", manual_score=2, extra_credit=0.5, needs_manual_grade=False)
    soup = page()
    table = rows(soup)
    with class_.gradebook() as book:
        (notebook,) = book.find_submission(TOPIC, ANN).notebooks
        total, most = notebook.score, notebook.max_score
        for grade in notebook.grades:
            title = next(title for title in table if title.startswith(
                grade.name.removeprefix("check-").replace("-", ".") + " "
                if grade.name.startswith("check-") else f"01.R{grade.name[-1]} "))
            waits = grade.needs_manual_grade and grade.manual_score is None
            assert table[title][1].startswith(
                f"up to {grade.max_score:g}" if waits else
                f"{grade.score - (grade.extra_credit or 0):g} of {grade.max_score:g}"), title
    assert len(table) == len(key.load(TOPIC).questions) + 2
    assert f"{round(total, 2):g} of {most:g} points so far: up to 5 points" in words(soup)
    assert table["01.R1 How sure are you of 002's date?"] == (
        "✎ Graded by a person; with a comment", "3.67 of 5 points")
    assert table["01.2 Genre"] == ("✎ Graded by a person", "2 of 3 points, and 0.5 extra")
    assert table["01.R2 A fair source note"][0] == "… Waits for a person to grade it"
    assert soup.select_one(".fb-comment strong").text == "how sure"


@pytest.mark.parametrize(("student", "said"), [
    ("synthetic-05", "could not be read"), ("synthetic-10", "No answer"),
    ("synthetic-07", "SyntaxError")])
def test_a_page_of_whatever_was_handed_in(page, student, said):
    soup = page(student)
    assert said in words(soup)
    assert len(rows(soup)) == 13 and len(soup.select("article")) == 13


def test_lateness_is_said_in_words(class_, page):
    (class_.root / FILE).write_text("timezone: Europe/Berlin\nlate: {percent_a_day: 10}\n")
    with class_.gradebook() as book:
        book.find_submission_notebook(TOPIC, TOPIC, LATE).late_submission_penalty = 1.5
        book.db.commit()
        submission = book.find_submission(TOPIC, LATE)
        hours = submission.total_seconds_late / 3600
        total = submission.notebooks[0].score
    text = words(page(LATE))
    (class_.root / FILE).unlink()
    assert "Due: 2026-10-13, 00:00 (Europe/Berlin)." in text
    assert f"{late.duration(hours * 3600)} late." in text
    assert "1.5 points are taken away" in text and "each day begun costs 10 %" in text
    assert f"{round(total - 1.5, 2):g} of 35 points" in text


DUE = datetime(2026, 10, 12, 22, tzinfo=UTC)


@pytest.mark.parametrize(("after", "due", "extension", "penalty", "set_", "said", "unsaid"), [
    (None, None, 0, 0, {}, [], ["late", "Due"]),
    (0, None, 0, 0, {}, ["Handed in: 2026-10-12, 22:00 (UTC)."], ["late", "Due"]),
    (0, DUE, 0, 0, {}, ["Due: 2026-10-12"], ["late"]),
    (300, DUE, 6, 0, {}, ["You had 6 hours more."], ["late"]),
    (480, DUE, 6, 0, {}, ["2 hours late", "No points"], []),
    (3 * 1440, DUE, 0, 4.0, {"late": "zero"},
     ["3 days late", "4 points are taken", "earns nothing"], []),
    (61, DUE, 0, 1.0, {"late": {"percent_a_day": 10, "at_most": 50}},
     ["1 hour and 1 minute late", "1 point is taken", "10 % of the points, at most 50 %"], [])])
def test_sentences_about_time(after, due, extension, penalty, set_, said, unsaid):
    """Minutes after 22:00, the class's due time, hours more, points taken away."""
    handed_in = None if after is None else DUE + timedelta(minutes=after)
    text = " ".join(late.sentences(Submission(
        ANN, TOPIC, handed_in, due, timedelta(hours=extension), penalty), Settings(**set_)))
    assert all(one in text for one in said) and not any(one in text for one in unsaid)


def test_explanations_are_shown_as_the_class_sets_it(class_, page):
    specs, before = compiled(TOPIC), page()
    wrong = [article.h3.text.split()[0] for article in before.select("article")
             if article.select_one(".fb-again")]
    assert 3 < len(wrong) < len(specs)
    (class_.root / FILE).write_text("explanations: all\n")
    after = page()
    (class_.root / FILE).unlink()
    for question, spec in specs.items():
        # `code` has lost its backticks on the page.
        told = " ".join(spec["explanation"].replace("`", "").split())
        assert (told in _flat(before)) == (question not in wrong), question
        assert told in _flat(after), question


def _flat(soup) -> str:
    return " ".join(soup.get_text().split())


def test_where_to_read_again_is_a_section_that_exists(page):
    for topic in key.topics():
        found = where.places(topic, ROOT)
        assert set(found) == {q.id for q in key.load(topic).questions}
        assert all(place.name for place in found.values())
    soup = page()
    again = soup.find(id="again").parent
    for link in again.select("a"):
        assert soup.find(id=link["href"][1:]).text == link.text
    assert re.search(r"Lesson 01, section \d, “.+”: for 01\.", words(again))


def test_pages_stand_alone(class_):
    """Of all over the class: no script, nothing from elsewhere, no link that leads nowhere."""
    pages = sorted(class_.classroom.glob("feedback/*/*/*.html"))
    assert len(pages) == 30
    for path in pages[::4]:  # of every exercise some
        soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        assert not soup.select("script, iframe, object, embed, form, svg, base")
        assert not [name for tag in soup.find_all(True) for name in tag.attrs
                    if name.startswith("on")]
        for tag in soup.select("[src]"):
            assert tag["src"].startswith("data:image/")
        for link in soup.select("a[href]"):
            assert re.match("https?:", link["href"]) or soup.find(id=link["href"][1:])
        ids = [tag["id"] for tag in soup.select("[id]") if not tag["id"].startswith("T_")]
        assert len(ids) == len(set(ids))
        assert path.stat().st_size < 250_000


def _made(class_: Course, force: bool = False) -> tuple[int, int, list[str]]:
    work = [(TOPIC, f"synthetic-{n:02d}") for n in (1, 2, 3)]
    with Progress(disable=True) as progress:
        made = of_class.feedback_all(class_, work, progress, force)
    return made.pages, made.unchanged, made.problems


def test_only_what_has_changed_is_made_again(class_):
    _made(class_)
    assert _made(class_) == (0, 3, [])
    change(class_, "rubric-01-2", comment="Who says so?")
    assert _made(class_) == (1, 2, [])
    (class_.root / FILE).write_text("explanations: all\n")
    assert _made(class_) == (3, 0, [])
    (class_.root / FILE).unlink()
    assert _made(class_) == (3, 0, [])
    assert _made(class_, force=True) == (3, 0, [])
    page = class_.folder("feedback", TOPIC, ANN) / f"{TOPIC}.html"
    page.unlink()
    assert _made(class_) == (1, 2, []) and page.is_file()


def test_a_page_that_cannot_be_made_leaves_the_old_one(class_, monkeypatch):
    page = class_.feedback(TOPIC, ANN)
    before = page.read_bytes()
    graded = class_.folder("autograded", TOPIC, ANN) / f"{TOPIC}.ipynb"
    content = graded.read_bytes()
    graded.chmod(0o644)
    graded.write_bytes(content[:1000])
    pages, unchanged, (problem,) = _made(class_)
    assert (pages, unchanged) == (0, 2) and problem.startswith(f"{TOPIC}, {ANN}: ")
    assert "\n" not in problem and page.read_bytes() == before
    graded.write_bytes(content)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(Path, "write_bytes", full)
    change(class_, "rubric-01-2", comment="Once more.")
    with pytest.raises(Exception, match="No space left"):
        class_.feedback(TOPIC, ANN)
    monkeypatch.undo()
    assert page.read_bytes() == before
    assert [path.name for path in page.parent.glob("*.html*")] == [page.name]


def test_a_class_is_read_as_one_student_is(class_):
    with class_.gradebook() as book:
        everybody = {one.student: one
                     for one in read(book, [TOPIC], comments=True).submissions.values()}
        assert len(everybody) == 10
        assert read(book, [TOPIC], LATE, comments=True).submissions == {
            (TOPIC, LATE): everybody[LATE]}
        assert everybody[LATE].late == book.find_submission(TOPIC, LATE).total_seconds_late > 0
        (notebook,) = book.find_submission(TOPIC, ANN).notebooks
        assert sum(mark.score for mark in everybody[ANN].marks.values()) == pytest.approx(
            notebook.score)


def test_nbgraders_own_commands_hand_it_out(class_, tmp_path, monkeypatch):
    """`nbgrader release_feedback`, then `fetch_feedback` by the student."""
    from nbgrader.exchange.default import ExchangeFetchFeedback, ExchangeReleaseFeedback

    submitted = class_.folder("submitted", TOPIC, ANN)
    for folder in (submitted, class_.folder("autograded", TOPIC, ANN)):
        (folder / "submission_secret.txt").write_text("as `nbgrader submit` writes it")
    made = class_.feedback(TOPIC, ANN).read_text("utf-8")
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange").chmod(0o777)
    config = copy.deepcopy(class_.config)
    config.Exchange.root = str(tmp_path / "exchange")
    config.Exchange.cache = str(tmp_path / "cache")
    directory = class_.directory(TOPIC, ANN)
    monkeypatch.chdir(class_.root)
    ExchangeReleaseFeedback(coursedir=directory, config=config).start()
    stamp = (submitted / "timestamp.txt").read_text().strip()
    cached = tmp_path / "cache" / "reading-idlib" / f"{ANN}+{TOPIC}+{stamp}"
    shutil.copytree(submitted, cached)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    config.CourseDirectory.root = str(home)
    fetch = ExchangeFetchFeedback(coursedir=class_.directory(TOPIC, ANN), config=config)
    fetch.coursedir.root = str(home)
    fetch.start()
    (fetched,) = home.rglob("*.html")
    assert fetched.read_text("utf-8") == made


@pytest.mark.parametrize(("style", "kept"), [
    ("color:red;position:fixed;TOP:0", "color:red"), ("background:URL(x)", ""),
    ("width:calc(1px + 2%)", "width:calc(1px + 2%)"), ("width:expression(alert(1))", ""),
    ("background:#ff0", "background:#ff0;color:#1b1b1b"), ("--drawn:30px", "--drawn:30px"),
    ("color:red;}body{display:none", "color:red"), ("font-family:'a;}b{'", ""), ("{};;:", "")])
def test_styles_keep_what_stays_in_its_place(style, kept):
    assert css.declarations(style) == kept


def test_rules_reach_only_their_own_output():
    name, rules = css.scoped("td, #T_1{color:red} @import 'x'; + p{color:red} p{top:0} "
                             "a{color:red</style>")
    assert [line.partition("{")[0] for line in rules.splitlines()] == [
        f".{name} :is(td, #T_1)", f".{name} :is(+ p)"]


def test_courses_tables_and_figures_stay():
    """The forms that the course's own tools show without a script."""
    import pandas as pd

    from reader import frames
    table = fragment(frames.html(pd.DataFrame({"who": ["a"], "n": [1]})))
    assert table.html.count("<table") == table.html.count('class="idlib-wide') == 1
    assert any("text-align:start" in rules for _, rules in table.styles)
    styled = fragment(pd.DataFrame({"n": [1]}).style.highlight_max(color="yellow").to_html())
    assert "#T_" in styled.styles[0][1] and 'id="T_' in styled.html
    picture = fragment('<img src="data:image/png;base64,AAAA"><img src="http://x/y.png">')
    assert picture.html.count("<img") == 1 and "not shown" in picture.html
    assert 'alt="Picture without' in picture.html
    assert Mark(auto=1.0, extra=0.5).score == 1.5 and Mark(extra=0.5).score == 0
