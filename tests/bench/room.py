"""The class that is graded: made once, copied for each pass, so that every pass is the first."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from places import copy_course

from grader import sample
from grader.course import Course
from grader.key import load
from grader.seal import FILE_NAME

#: Points by question.
Scores = dict[str, float]
#: Stock nbgrader on our folders: its own lists of steps, and no step of ours.
STOCK_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "reading-idlib"
c.CourseDirectory.source_directory = "exercises"
c.CourseDirectory.release_directory = "classroom/release"
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.db_url = "sqlite:///{root}/classroom/gradebook.db"
"""


@dataclass(frozen=True)
class Room:
    """A course with a class whose submissions wait to be graded."""

    root: Path
    exercise: str
    #: What the key gives each student of the class.
    expected: dict[str, Scores]

    @property
    def students(self) -> tuple[str, ...]:
        return tuple(self.expected)

    @property
    def course(self) -> Course:
        return Course(self.root)

    def copy(self, root: Path, students: tuple[str, ...] | None = None) -> Room:
        """A fresh room with the submissions of ``students`` (default: all)."""
        some = {name: self.expected[name] for name in students or self.students}
        for part in ("exercises", "classroom/release"):
            shutil.copytree(self.root / part, root / part)
        shutil.copy(self.root / "nbgrader_config.py", root)
        shutil.copy(self.root / "classroom" / "gradebook.db", root / "classroom")
        for student in some:
            shutil.copytree(self.root / "classroom" / "submitted" / student,
                            root / "classroom" / "submitted" / student)
        return Room(root, self.exercise, some)

    def as_stock(self) -> Room:
        """Make this room one of stock nbgrader: its configuration, and sheets for ``check``."""
        sheet = self.course.folder("release", self.exercise) / FILE_NAME
        for student in self.students:
            shutil.copy(sheet, self.course.folder("submitted", self.exercise, student))
        (self.root / "nbgrader_config.py").write_text(STOCK_CONFIG.format(root=self.root),
                                                      encoding="utf-8")
        return self

    def scores(self) -> dict[str, Scores]:
        """Automatic points in the gradebook: student → question → points."""
        return sample.scores(self.course, self.exercise)


def make(folder: Path, exercise: str, size: int, seed: int = 1) -> Room:
    """Release one exercise and write the submissions of ``size`` ordinary students."""
    folder.mkdir(parents=True)
    course = Course(copy_course(folder, f"exercises/{exercise}"))
    course.release(exercise)
    # The first of a class are special cases; what is timed here is the ordinary day.
    made = sample.make(course, exercise, size + len(sample.SPECIAL), seed)
    ordinary = [one for one in made if one.kind == "ordinary"][:size]
    for one in made:
        if one not in ordinary:
            shutil.rmtree(course.folder("submitted", exercise, one.student))
    return Room(folder, exercise, {one.student: one.expected for one in ordinary})


def hidden_calls(exercise: str) -> set[str]:
    """Questions with calls that only our grading makes; stock nbgrader knows the open ones."""
    return {q.id for q in load(exercise).questions
            if q.kind == "function" and any(call.hidden for call in q.calls)}


def compare(room: Room, stock: dict[str, Scores], ours: dict[str, Scores]) -> dict[str, Any]:
    """Compare two gradebooks with each other and with the key, question by question.

    Returns
    -------
    dict
        How many scores were ``compared`` with stock; a sentence for each difference that
        ``hidden`` calls of a graded function explain, and for each that is ``wrong``.
    """
    hidden, compared, explained, wrong = hidden_calls(room.exercise), 0, [], []
    for student, expected in room.expected.items():
        for question, points in expected.items():
            mine, theirs = ours[student].get(question), points
            if student in stock:
                theirs, compared = stock[student].get(question), compared + 1
            line = f"{student}, {question}: stock {theirs}, ours {mine}, the key {points}"
            if mine != points or theirs != points and question not in hidden:
                wrong.append(line)
            elif theirs != points:
                explained.append(line)
    return {"compared": compared, "hidden": explained, "wrong": wrong}
