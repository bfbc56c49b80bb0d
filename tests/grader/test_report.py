"""The report: missing work, odd questions, misconceptions, and a class as the demo plays it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from datetime import UTC, datetime, timedelta

import gradebook_kit as kit
import numpy as np
import pandas as pd
import pytest
from grader_kit import command

from grader import marks
from grader.canonical import canonical
from grader.course import Course, CourseProblem
from grader.report import items, make, page, tables
from grader.report.shown import shown

NOW = datetime(2026, 3, 9, tzinfo=UTC)
EX, LATER = "01-sources", "04-timeline"


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Course:
    """Made once: nbgrader takes seconds for a new gradebook."""
    course = kit.make_course(tmp_path_factory.mktemp("empty"), EX, LATER)
    kit.exercise(course, EX, {"check-01-1": 2, "check-01-2": 2, "check-01-10": 1, "rubric-01-1": 5})
    for n in range(1, 9):
        kit.student(course, f"synthetic-0{n}", first_name="Synthetic", last_name=f"Student {n}")
    return course


@pytest.fixture
def small(empty, tmp_path) -> Course:
    return Course(shutil.copytree(empty.root, tmp_path / "course"))


def _fill(course, rows, **more):
    for n, row in enumerate(rows, 1):
        points = dict(zip(("check-01-1", "check-01-2", "check-01-10"), row, strict=True))
        kit.hand_in(course, EX, f"synthetic-0{n}", points | {"rubric-01-1": None},
                    **{name: value(n) for name, value in more.items()})


def _read(path) -> list[dict]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_a_played_class(played_class, tmp_path):
    """Page and tables of real grading; every number of items.csv again from questions.csv."""
    root = shutil.copytree(played_class, tmp_path / "course")
    course = Course(root)
    said = command(course, "grader", "report")
    assert "10 students, 30 graded submissions, 3 exercises" in said
    folder = root / "classroom" / "report"
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script" not in text and not re.search(r"(?:src|href)=[\"'](?!#|data:)", text)
    assert "style=" not in text.replace("style-src", "")
    assert not re.search(r"\bnan\b|\bNone\b|\binf\b", re.sub(r"<[^>]+>", " ", text).replace(
        "(None)", ""))
    rows = pd.read_csv(folder / "questions.csv", dtype={"question": str})
    found = pd.read_csv(folder / "items.csv", dtype={"question": str}).set_index("question")
    with course.gradebook() as book:
        for name in course.assignments():
            for submission in book.assignment_submissions(name):
                ours = rows[(rows.exercise == name) & (rows.student == submission.student.id)]
                assert ours.points.sum() == pytest.approx(submission.score)
    for name, group in rows[rows.kind != "written"].groupby("exercise"):
        wide = group.pivot(index="student", columns="question", values="points")
        wide = wide.drop(index=["synthetic-05", "synthetic-10"])  # without any answer
        assert set(found[found.exercise == name].n.drop(
            [q for q in found.index if "R" in q], errors="ignore")) == {len(wide)}
        for question in wide:
            r = wide[question].corr(wide.drop(columns=question).sum(axis=1))
            assert found.item_rest_r[question] == pytest.approx(r, abs=1e-4, nan_ok=True)
            assert found["mean"][question] == pytest.approx(wide[question].mean(), abs=1e-4)
    for analysis in make.gather(course, course.assignments()).analyses:
        assert analysis.blank == 2, "the untouched and the unreadable one, functions or not"
    left = rows[(rows.student == "synthetic-10") & (rows.kind != "written")]
    assert set(left.answered) == {"no"} and left.misconceptions.isna().all(), "stubs too"
    noted = json.loads(command(course, "grader", "report", "01-sources", "--json"))
    (one,) = noted["exercises"]
    assert (one["graded"], one["late"], one["missing"], one["n"]) == (10, 1, 0, 8)
    assert one["await_grading"] == 14, "two tasks, not those of the three who left them empty"


def test_anonymous(played_class, tmp_path):
    course = Course(shutil.copytree(played_class, tmp_path / "course"))
    make.make(course, course.assignments(), anonymous=True)
    for path in (course.classroom / "report").iterdir():
        assert "synthetic-" not in path.read_text(encoding="utf-8").casefold(), path.name
        assert "Student 0" not in path.read_text(encoding="utf-8"), path.name
    assert len({row["student"] for row in _read(course.classroom / "report/questions.csv")}) == 10


def test_missing_is_no_zero_and_no_answer_is(small):
    """Six hand in, one of them without any answer; two do not."""
    _fill(small, [(2, 2, 1), (2, 0, 1), (0, 0, 0), (2, 1, 0), (2, 2, 1), (0, 0, 0)],
          states=lambda n: {"01.1": ["empty"], "01.2": ["empty"], "01.10": ["empty"]} if n == 6
          else {"01.2": ["empty"]} if n == 3 else {})
    found = make.gather(small, [EX], now=NOW)
    (one,) = found.analyses
    assert (len(one.submissions), one.blank, one.n) == (6, 1, 5)
    assert [q.item.id for q in one.questions] == ["01.1", "01.2", "01.10"]
    assert one.questions[0].share == pytest.approx(8 / 10)
    assert one.questions[1].empty == pytest.approx(1 / 5)
    assert one.questions[1].full == pytest.approx(2 / 5)
    assert sorted(one.shares) == pytest.approx([0, 0, 0.6, 0.6, 1, 1])
    assert [who.id for who in found.missing(EX)] == ["synthetic-07", "synthetic-08"]
    assert one.tasks[0].waiting == 6
    assert len(found.listed) == 4, "two missing, two below half"


def test_not_due_nobody_and_extensions(small):
    kit.exercise(small, LATER, {"check-04-1": 1})
    _fill(small, [(2, 2, 1)] * 6)
    soon = NOW.replace(tzinfo=None) + timedelta(days=1)
    with small.gradebook() as book:
        book.update_or_create_assignment(EX, duedate=soon)
    found = make.gather(small, [EX, LATER], now=NOW)
    assert not found.missing(EX), "not due yet"
    assert not found.missing(LATER), "nobody has handed it in"
    (small.root / "class.yaml").write_text(
        "extensions: {synthetic-07: {01-sources: 48}}", encoding="utf-8")
    found = make.gather(small, [EX, LATER], now=NOW + timedelta(days=2))
    assert [who.id for who in found.missing(EX)] == ["synthetic-08"]
    text = page.page(found)
    assert "Nobody has handed in this exercise" in text and "Student 8, Synthetic" in text


def test_handed_in_and_not_graded_is_not_missing(small):
    _fill(small, [(2, 2, 1)] * 6)
    folder = small.folder("submitted", EX, "synthetic-07")
    folder.mkdir(parents=True)
    (folder / f"{EX}.ipynb").write_text("{}", encoding="utf-8")
    found = make.gather(small, [EX], now=NOW)
    assert [who.id for who in found.missing(EX)] == ["synthetic-08"]
    assert found.waiting[EX] == {"synthetic-07"}
    assert "1 submission is not graded yet" in " ".join(found.summary())


def test_odd_questions_are_named(small):
    """All right; nobody right; and one that the better ones got wrong."""
    _fill(small, [(2, 0, 1)] * 8)
    (one,) = make.gather(small, [EX], now=NOW).analyses
    assert "Everybody has all points" in one.questions[0].remarks[0]
    assert "Nobody has a point" in one.questions[1].remarks[0]
    assert one.alpha is None and one.questions[0].r is None


def test_a_course_without_students_gets_a_sentence_and_no_page(course):
    assert "nothing to report yet" in command(course, "grader", "report", ok=False)
    assert not (course.classroom / "report").exists()


@pytest.mark.parametrize(("rows", "looked"), [
    ([(2, 0, 1)] * 4, False), ([(2, 2, 1), (2, 1, 1), (2, 2, 1), (1, 0, 0), (1, 0, 0)], True)])
def test_a_few_submissions_are_no_reason_to_say_that_nothing_is_odd(small, rows, looked):
    _fill(small, rows)
    text = page.page(make.gather(small, [EX], now=NOW))
    assert (f"all or nobody solved are not listed here: {EX}." in text) is not looked
    assert ("<p>None:" in text) is looked


def test_negative_discrimination_is_named_with_its_caution(small):
    _fill(small, [(2, 0, 1), (2, 0, 1), (2, 0, 0), (0, 2, 0), (0, 2, 0), (2, 0, 1)])
    (one,) = make.gather(small, [EX], now=NOW).analyses
    (remark,) = one.questions[1].remarks
    assert remark.startswith("Who did better elsewhere did worse here (r = -0.") and (
        "chance" not in remark)
    assert one.questions[1].high < 0


def test_an_unknown_answer_that_many_share_and_misconceptions(small):
    _fill(small, [(2, 0, 1), (2, 0, 0), (0, 0, 0), (0, 0, 1), (2, 2, 1)],
          states=lambda n: {"01.1": ["spaces-as-paragraphs"]} if n in (3, 4) else {},
          wrong=lambda n: {"01.2": ["list", [["text", "<b>=1+1</b>"]]]} if n < 5 else {},
          tried=lambda n: {"01.1": n, "01.2": 0, "not": 5} if n > 2 else {})
    found = make.gather(small, [EX], now=NOW)
    first, second, _ = found.analyses[0].questions
    assert second.remarks[0].startswith("4 students gave one and the same answer")
    assert [(h.name, h.count, h.share) for h in first.held] == [("spaces-as-paragraphs", 2, 0.4)]
    assert (first.attempts, first.attempts_known, second.attempts) == (4, 3, None)
    text = page.page(found)
    assert "&lt;b&gt;=1+1&lt;/b&gt;" in text and "<b>" not in text
    rows = list(csv.reader(io.StringIO(tables.items(found.analyses).decode("utf-8-sig"))))
    assert {len(row) for row in rows} == {len(tables.ITEMS)}


@pytest.mark.parametrize(("answer", "spec", "said"), [
    (["000 P1", "003 S4"], {}, "000 P1, 003 S4"),
    ({f"00{n} P1" for n in range(30)}, {}, ", ".join(f"00{n} P1" for n in sorted(
        map(str, range(30)))[:18]) + " and 12 more"),
    ({"000": "report", "001": np.nan}, {}, "000: report, 001: a missing value"),
    (pd.Series({"raw": 13, "cleaned": 10}), {}, "raw: 13, cleaned: 10"),
    ([("001 P20", "cause", "one, two")] * 9, {},
     "; ".join(["(001 P20, cause, “one, two”)"] * 5) + " and 4 more"),
    ([{"locator": "001 P20", "n": 2}], {}, "(locator: 001 P20, n: 2)"),
    (pd.DataFrame({"article": ["000", "001"], "n": [6, 24]}), {},
     "columns article, n; rows (000, 6); (001, 24)"),
    ("x" * 400, {}, "x" * 159 + "…"), (["a" * 400] * 2, {}, ", ".join(["a" * 47 + "…"] * 2)),
    ("<b>\n\u202e=1+1\x00", {}, "<b> =1+1"), ([], {}, "nothing in it"), (3.5, {}, "3.5")])
def test_a_wrong_answer_is_read_at_a_glance(answer, spec, said):
    assert shown(canonical(answer), spec) == said


def test_what_a_function_gave_is_read_at_a_glance():
    calls = {"calls": [{"args": ["2018"], "kwargs": {}}, {"args": [["a"]], "kwargs": {"n": 2}}]}
    given = ["calls", [["num", 1], ["error", "TypeError", "no"]]]
    assert shown(given, calls) == "('2018') gives 1; (['a'], n=2) gives the error TypeError"
    assert shown(["calls", [["list", []]] * 2], calls) == "[] for each call"


@pytest.mark.parametrize("n", [0, 1, 4])
def test_small_classes_get_sentences(small, n):
    _fill(small, [(2, 1, 0), (0, 2, 1), (1, 1, 1), (2, 2, 1)][:n])
    text = page.page(make.gather(small, [EX], now=NOW))
    assert ("Nobody has handed in" if not n else f"item statistics: {n}. Below 5") in text
    assert "nan" not in text


def test_names_are_text(small):
    with small.gradebook() as book:
        book.update_or_create_student("synthetic-01", first_name="<img src=x onerror=alert(1)>",
                                      last_name="=HYPERLINK(\"x\")")
    _fill(small, [(0, 0, 0)] * 6)
    made = make.make(small, [EX], now=NOW)
    assert "<img" not in (made.folder / "report.html").read_text(encoding="utf-8")
    assert _read(made.folder / "students.csv")[0]["last_name"] == "'=HYPERLINK(\"x\")"


def test_points_of_zero_and_marks_by_hand(small):
    """A question that counts nothing has no statistics; points by hand take the place of others."""
    with small.gradebook() as book:
        book.find_grade_cell("check-01-10", EX, EX).max_score = 0
        book.db.commit()
    _fill(small, [(0, 0, 0)] * 6, manual=lambda n: {"check-01-1": n % 3},
          extra=lambda n: {"check-01-1": 1})
    (one,) = make.gather(small, [EX], now=NOW).analyses
    assert one.questions[0].mean == pytest.approx(np.mean([1, 2, 0, 1, 2, 0]))
    assert one.questions[2].share is None and one.questions[2].n == 0
    assert max(one.shares) == pytest.approx(0.5), "without extra credit"


def test_marks_are_nbgraders(small):
    """Score, lateness and what waits, as nbgrader's own objects say it."""
    kit.hand_in(small, EX, "synthetic-01", {"check-01-1": 1, "check-01-2": 2, "check-01-10": 0,
                                            "rubric-01-1": None}, extra={"check-01-1": 0.5},
                manual={"check-01-2": 1.5}, late=30, penalty=1.25)
    with small.gradebook() as book:
        ours = marks.read(book).submissions[EX, "synthetic-01"]
        theirs = book.find_submission(EX, "synthetic-01")
        assert ours.earned == theirs.score == 3.0 and ours.score == 1.75
        assert ours.late == theirs.total_seconds_late == 30 * 3600
        assert ours.awaits == ["01.R1"] and theirs.needs_manual_grade


def test_a_report_that_cannot_be_written_leaves_the_old_one(small, monkeypatch):
    import resource

    _fill(small, [(2, 2, 1)] * 6)
    folder = make.make(small, [EX], now=NOW).folder
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, hard))
    try:
        with pytest.raises(CourseProblem, match="cannot be written .*nothing was changed"):
            make.make(small, [EX], now=NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_few_and_fewest():
    assert 3 < items.FEWEST < items.FEW
