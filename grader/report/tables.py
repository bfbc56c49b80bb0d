"""The tables beside the page: one row for each answer, each question and each student."""

from __future__ import annotations

from collections.abc import Callable

from .. import spreadsheet
from ..marks import Marks
from ..spreadsheet import number
from .answers import NOT_ONE, Graded
from .exercise import Analysis
from .learners import Standing

QUESTIONS = ("student", "exercise", "question", "title", "kind", "points", "of", "share",
             "extra_credit", "misconceptions", "answered", "attempts", "awaits_grading",
             "hours_late")
ITEMS = ("exercise", "question", "title", "kind", "points", "n", "mean", "sd", "difficulty",
         "all_points", "no_answer", "item_rest_r", "r_low", "r_high", "upper_lower_27",
         "alpha_if_deleted", "median_attempts", "attempts_known", "graded_by_hand",
         "awaits_grading", "shared_wrong_answer", "shared_by", "remarks")
STUDENTS = ("student", "first_name", "last_name", "email", "handed_in", "missing", "late",
            "not_graded_yet", "mean_share", "listed_because")
#: By exercise and student, as far as graded notebooks could be read.
Answers = dict[str, dict[str, Graded]]


def questions(analyses: list[Analysis], graded: Answers, who: Callable[[str], str]) -> bytes:
    """``questions.csv``: one row for each student and question that was handed in."""
    rows = []
    for analysis in analyses:
        name = analysis.exercise.name
        known = {q.item.id: q for q in analysis.questions}
        for one in analysis.submissions:
            read = graded[name].get(one.student)
            for item, mark in one.marks.items():
                q, of = known.get(item), analysis.exercise.items[item]
                given = read.given.get(item) if read else None
                rows.append((
                    who(one.student), name, item, q.title if q else "",
                    q.kind if q else "written", number(mark.points), number(of.points),
                    number(mark.points / of.points, 4)
                    if mark.points is not None and of.points else "",
                    number(mark.extra) if mark.extra else "",
                    " ".join(n for n in given.misconceptions if n not in NOT_ONE) if given else "",
                    ("no" if given.missing else "yes") if given else "",
                    given.attempts if given and given.attempts else "",
                    "yes" if mark.awaits else "no", number(one.late / 3600, 1)))
    return spreadsheet.table(QUESTIONS, rows)


def items(analyses: list[Analysis]) -> bytes:
    """``items.csv``: one row for each question and written task."""
    rows = []
    for analysis in analyses:
        name = analysis.exercise.name
        for q in analysis.questions:
            rows.append((name, q.item.id, q.title, q.kind, number(q.item.points), q.n,
                         *(number(value, 4) for value in (
                             q.mean, q.spread, q.share, q.full, q.empty, q.r, q.low, q.high,
                             q.groups, q.alpha_without)),
                         number(q.attempts, 1), q.attempts_known, "", "", q.shared,
                         q.shared_by or "", " ".join(q.remarks)))
        for task in analysis.tasks:
            rows.append((name, task.item.id, "", "written", number(task.item.points), task.graded,
                         "", "", number(task.share, 4), "", "", number(task.r, 4), *[""] * 6,
                         task.graded, task.waiting, "", "", ""))
    return spreadsheet.table(ITEMS, rows)


def students(standings: list[Standing], marks: Marks, who: Callable[[str], str],
             named: bool) -> bytes:
    """``students.csv``: one row for each student; without names where they shall not be told."""
    rows = [(who(one.learner.id),
             *((one.learner.first_name, one.learner.last_name, one.learner.email)
               if named else ("", "", "")),
             len(one.shares), " ".join(one.missing), " ".join(s.exercise for s in one.late),
             " ".join(one.ungraded), number(one.share, 4), "; ".join(one.reasons))
            for one in standings]
    return spreadsheet.table(STUDENTS, rows)
