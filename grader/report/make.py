"""Make the report: read the gradebook and the graded notebooks, analyse, write."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.progress import Progress

from .. import late, recorded, settings, spreadsheet
from ..course import Course, CourseProblem
from ..marks import Learner, Marks, read
from . import answers, page, tables
from .exercise import Analysis, analyse
from .learners import BELOW, Standing, standings

FOLDER = "report"
PAGE = "report.html"


@dataclass
class Report:
    """A class, analysed.

    Attributes
    ----------
    graded : dict
        By exercise and student, what the graded notebooks say.
    waiting : dict of str to set of str
        By exercise, students whose work is there and not graded yet.
    who : callable
        A student's name for a table: the id, or a number in an anonymous report.
    time : datetime
        In the time zone of the class.
    said : list of str
        Sentences on what was put right in the gradebook first.
    """

    folder: Path
    marks: Marks
    analyses: list[Analysis]
    standings: list[Standing]
    graded: tables.Answers
    waiting: dict[str, set[str]]
    who: Callable[[str], str]
    anonymous: bool
    below: float
    time: datetime
    said: list[str] = field(default_factory=list)

    @property
    def listed(self) -> list[Standing]:
        """Those who may need help."""
        return [one for one in self.standings if one.reasons]

    def missing(self, exercise: str) -> list[Learner]:
        """Who has not handed in an exercise that should be there."""
        return [one.learner for one in self.standings if exercise in one.missing]

    def summary(self) -> list[str]:
        """A few sentences for a terminal."""
        tasks = sum(task.waiting for a in self.analyses for task in a.tasks)
        odd = [q for a in self.analyses for q in a.questions if q.remarks]
        counts = ((len(self.marks.students), "student"),
                  (sum(len(a.submissions) for a in self.analyses), "graded submission"),
                  (len(self.analyses), "exercise"))
        numbers = ", ".join(f"{n} {what}{'s' * (n != 1)}" for n, what in counts)
        said = [f"{self.folder / PAGE}: {numbers}; questions.csv, items.csv and students.csv lie "
                "beside it.", *self.said]
        if n := sum(map(len, self.waiting.values())):
            said.append(f"{n} {'submission is' if n == 1 else 'submissions are'} not graded "
                        "yet: run `grader grade`.")
        if tasks:
            said.append(f"{tasks} written {'answer awaits' if tasks == 1 else 'answers await'} "
                        "grading by hand: see `grader queue`.")
        if odd:
            said.append(f"Look at {', '.join(q.item.id for q in odd[:12])}"
                        f"{' …' if len(odd) > 12 else ''}: the page says why.")
        if n := len(self.listed):
            said.append(f"{n} {'student is' if n == 1 else 'students are'} listed among those "
                        "who may need help.")
        return said

    def document(self) -> dict[str, Any]:
        """The numbers of the exercises as plain data."""
        return {"page": str(self.folder / PAGE), "students": len(self.marks.students),
                "may_need_help": len(self.listed), "exercises": [
                    {"name": a.exercise.name, "graded": len(a.submissions), "n": a.n,
                     "not_graded_yet": len(self.waiting[a.exercise.name]),
                     "missing": len(self.missing(a.exercise.name)),
                     "late": sum(one.late > 0 for one in a.submissions),
                     "alpha": a.alpha, "alpha_95": a.interval,
                     "await_grading": sum(task.waiting for task in a.tasks),
                     "questions": [{"id": q.item.id, "difficulty": q.share, "item_rest_r": q.r,
                                    "upper_lower_27": q.groups, "remarks": q.remarks}
                                   for q in a.questions]} for a in self.analyses]}


def make(course: Course, names: list[str], *, below: float = BELOW, anonymous: bool = False,
         progress: Progress | None = None, now: datetime | None = None) -> Report:
    """Analyse the named exercises and write page and tables to ``classroom/report/``.

    Raises
    ------
    CourseProblem
        The report cannot be written; an earlier one stays whole.
    """
    found = gather(course, names, below=below, anonymous=anonymous, progress=progress, now=now)
    graded, who = found.graded, found.who
    spreadsheet.write({
        found.folder / PAGE: page.page(found).encode("utf-8", "replace"),
        found.folder / "questions.csv": tables.questions(found.analyses, graded, who),
        found.folder / "items.csv": tables.items(found.analyses),
        found.folder / "students.csv": tables.students(found.standings, found.marks, who,
                                                       named=not anonymous)})
    return found


def gather(course: Course, names: list[str], *, below: float = BELOW, anonymous: bool = False,
           progress: Progress | None = None, now: datetime | None = None) -> Report:
    """All that the page shows; nothing is written."""
    own = settings.load(course.root)
    now = now or datetime.now(UTC)
    with course.gradebook() as book:
        said = late.settle(course, book, names)
        marks = read(book, names)
    if not marks.students and not marks.submissions:
        raise CourseProblem("There is nothing to report yet: the gradebook has no students. Run "
                            "`grader roster` or `grader grade` first.")
    waiting, graded, old = {}, {}, Counter()
    task = progress.add_task("Read graded notebooks", total=len(marks.submissions)) if (
        progress) else None
    for name in marks.exercises:
        done = {one.student for one in marks.of(name)}
        waiting[name] = set(course.students(name)) - done
        graded[name] = {}
        for student in sorted(done):
            path = course.folder("autograded", name, student) / f"{name}.ipynb"
            if (nb := answers.read(path)) is not None:
                graded[name][student] = nb
                old[name] += bool(recorded.outdated(course, name, student))
            if progress:
                progress.advance(task)
    said += [f"{name}: {count} grades rest on other work, another key or other points than those "
             "of now: run `grader grade`, then report again." for name, count in old.items()
             if count]
    analyses = [analyse(exercise, marks.of(name),
                        {student: nb.given for student, nb in graded[name].items()})
                for name, exercise in marks.exercises.items()]
    return Report(course.classroom / FOLDER, marks, analyses,
                  standings(marks, waiting, own, now, below), graded, waiting,
                  _numbers(marks) if anonymous else str, anonymous, below,
                  now.astimezone(ZoneInfo(own.timezone)), said)


def _numbers(marks: Marks) -> Callable[[str], str]:
    """A number for each student, drawn anew each time, so that nobody can be found by it."""
    order = list(marks.students)
    random.SystemRandom().shuffle(order)
    numbers = {student: f"student {n:04d}" for n, student in enumerate(order, start=1)}
    return lambda student: numbers.get(student, "student ?")

