"""A small class in a real gradebook of nbgrader, not graded: marks just as a test wants them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from places import copy_course

from grader.course import Course

DUE = datetime(2026, 3, 2, 12, 0)


def make_course(folder: Path, *exercises: str) -> Course:
    """A course folder with (empty) exercises, and no gradebook yet."""
    copy_course(folder)
    for name in exercises:
        source = folder / "exercises" / name / f"{name}.ipynb"
        source.parent.mkdir(parents=True)
        source.write_text("{}", encoding="utf-8")
    return Course(folder)


def exercise(course: Course, name: str, points: dict[str, float], due: datetime | None = DUE,
             ) -> None:
    """Add an assignment: points by cell, such as ``check-01-1`` or ``rubric-01-1``."""
    with course.gradebook() as book:
        book.add_assignment(name, duedate=due)
        book.add_notebook(name, name)
        for cell, most in points.items():
            book.add_grade_cell(cell, name, name, max_score=most,
                                cell_type="markdown" if cell.startswith("rubric") else "code")


def student(course: Course, who: str, **about: str) -> None:
    with course.gradebook() as book:
        book.add_student(who, **about)


def hand_in(course: Course, name: str, who: str, points: dict[str, float | None], *,
            manual: dict[str, float] | None = None, extra: dict[str, float] | None = None,
            late: float = 0, penalty: float = 0, states: dict[str, list[str]] | None = None,
            wrong: dict[str, list] | None = None, tried: dict[str, int] | None = None) -> None:
    """A graded submission.

    Parameters
    ----------
    points : dict
        Automatic points by cell; None waits for a person.
    late : float
        Hours.
    states, wrong, tried : dict
        By question: names of misconceptions; the canonical answer; attempts. Where one is given,
        a graded notebook is written too.
    """
    with course.gradebook() as book:
        most = {cell.name: cell.max_score for cell in book.find_notebook(name, name).grade_cells}
        submission = book.add_submission(name, who, timestamp=DUE + timedelta(hours=late))
        notebook = submission.notebooks[0]
        notebook.late_submission_penalty = penalty
        for grade in notebook.grades:
            grade.auto_score = points.get(grade.name)
            grade.manual_score = (manual or {}).get(grade.name)
            grade.extra_credit = (extra or {}).get(grade.name)
            grade.needs_manual_grade = grade.auto_score is None and grade.manual_score is None
        book.db.commit()
    if states is None and wrong is None and tried is None:
        return
    cells = [_cell(cell, value / most[cell], states or {}, wrong or {})
             for cell, value in points.items() if cell.startswith("check") and value is not None]
    path = course.folder("autograded", name, who) / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"cells": cells, "metadata": {"reading_idlib": {
        "attempts": tried or {}}}}), encoding="utf-8")


def _cell(cell: str, credit: float, states: dict, wrong: dict) -> dict:
    question = cell.removeprefix("check-").replace("-", ".")
    answer = wrong.get(question, ["num", 1])
    return {"cell_type": "code", "source": [f'check("{question}", x)'], "metadata": {
        "nbgrader": {"grade": True, "solution": False, "grade_id": cell},
        "reading_idlib": {"credit": credit, "state": "", "misconceptions":
                          states.get(question, [])}},
        "outputs": [{"output_type": "display_data", "data": {
            "application/vnd.reading-idlib.answer+json": {"question": question,
                                                          "answer": answer}}}]}
