"""ApplySettings: at release, put what ``class.yaml`` sets into the notebook and the gradebook.

The first step of ``nbgrader generate_assignment``: everything after it (checksums, the gradebook's
cells, the sealed checks) sees points as the class has them. The source notebook stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from . import notebook as nbk
from . import settings
from .compile import compiled
from .rebuild import course_directory
from .seal import FILE_NAME
from .settings import Late, Settings, SettingsProblem

if TYPE_CHECKING:
    from .course import Course

_POINTS = r"\d+(?:\.\d+)? points?"
_BY_WHOM = re.compile(r"\d+(?:\.\d+)? checked by machine, \d+(?:\.\d+)? by your instructor")
_CRITERION = re.compile(r"^\| \*\*.+\*\* \|", re.M)
_TITLE = re.compile(r"^# .+$", re.M)
#: Highest level of a criterion in every rubric of the course.
_LEVEL = 3


class ApplySettings(NbGraderPreprocessor):
    """Points in cells and titles, the due time in the introduction and in the gradebook."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names, course = resources["nbgrader"], course_directory(self)
        topic, of_class = names["assignment"], settings.load(Path(course.root))
        mine = of_class.of(topic)
        for fault in settings.unknown_questions(topic, mine, nbk.asked(nb)):
            raise SettingsProblem(fault)
        if mine.points:
            _set_points(nb, mine.points)
        if mine.due is not None:
            _say_due(nb, due_sentence(of_class, topic))
        if "due" in mine.model_fields_set and not self._without_database():
            with Gradebook(names["db_url"], course.course_id) as book:
                book.update_or_create_assignment(topic, duedate=of_class.due(topic))
        return nb, resources

    def _without_database(self) -> bool:
        """Whether ``nbgrader generate_assignment --no-db`` asks for it."""
        parent = self.parent
        while parent is not None and not hasattr(parent, "no_database"):
            parent = getattr(parent, "parent", None)
        return bool(parent and parent.no_database)


def behind(course: Course, exercises: Iterable[str]) -> list[str]:
    """Released exercises that are not as ``class.yaml`` has them now: points, policy, due time."""
    if not (course.root / settings.FILE).is_file():
        return []
    with course.gradebook() as book:
        dues = {assignment.name: assignment.duedate for assignment in book.assignments}
    return [name for name in sorted(exercises) if course.folder("release", name).is_dir()
            and not _in_force(course, name, dues.get(name))]


def _in_force(course: Course, name: str, duedate: datetime | None) -> bool:
    of_class, now = settings.load(course.root), compiled(name, course.root)
    due = of_class.due(name)
    if due is not None and duedate != due.replace(tzinfo=None):  # as nbgrader keeps it
        return False
    try:
        sheet = (course.folder("release", name) / FILE_NAME).read_bytes()
        sealed = {question: (spec["points"], spec["policy"])
                  for question, spec in json.loads(sheet)["questions"].items()}
        written = {task: float(nbk.nbgrader_meta(cell)["points"])
                   for cell in course.released(name).cells if (task := nbk.written_of(cell))}
    except (OSError, ValueError, KeyError, TypeError):
        return False  # a damaged release is made anew too
    return (sealed == {question: (spec["points"], spec["policy"])
                       for question, spec in now.items()}
            and written.items() <= (written | of_class.of(name).points).items())


def require_in_force(course: Course, exercises: Iterable[str]) -> None:
    """Raise :class:`SettingsProblem` where a release is not as ``class.yaml`` has it."""
    if late := behind(course, exercises):
        names = " ".join(late)
        raise SettingsProblem(
            f"{settings.FILE} has changed since {', '.join(late)} was released: run `grader "
            f"release {names}` (or `grader grade --rescore`, which does it too), then go on.")


def due_sentence(of_class: Settings, exercise: str) -> str:
    """When an exercise is due and what lateness costs, for students; empty where nothing is set."""
    due = of_class.due(exercise)
    if due is None:
        return ""
    when = f"{due.astimezone(ZoneInfo(of_class.timezone)):%Y-%m-%d %H:%M} ({of_class.timezone})"
    late = of_class.late
    if isinstance(late, Late):
        grace = (f" after the first {late.grace_minutes:g} minutes" if late.grace_minutes else "")
        most = f", {late.at_most:g} % at most" if late.at_most < 100 else ""
        return (f"{when}. Later work loses {late.percent_a_day:g} % of its points for each day "
                f"that has begun{grace}{most}.")
    return f"{when}. Later work earns no points." if late == "zero" else f"{when}."


def _say_due(nb: NotebookNode, sentence: str) -> None:
    """Put the due time under the title of the notebook."""
    for cell in nb.cells:
        if cell.cell_type == "markdown" and (title := _TITLE.search(cell.source)):
            cell.source = (f"{cell.source[:title.end()]}\n\n**Due:** {sentence}"
                           f"{cell.source[title.end():]}")
            return


def _set_points(nb: NotebookNode, points: dict[str, float]) -> None:
    was, now = {}, {}
    for cell in nb.cells:
        question = nbk.written_of(cell) or (nbk.question_of(cell) if nbk.is_check(cell) else None)
        if question:
            was[question] = float(nbk.nbgrader_meta(cell)["points"])
            now[question] = points.get(question, was[question])
            if now[question] != was[question]:
                cell.metadata.nbgrader["points"] = _whole(now[question])
    checked = nbk.asked(nb)
    totals = [sum(value for question, value in now.items() if checked[question] == by_machine)
              for by_machine in (True, False)]
    line = f"{totals[0]:g} checked by machine, {totals[1]:g} by your instructor"
    for cell in nb.cells:
        if cell.cell_type != "markdown":
            continue
        cell.source = _BY_WHOM.sub(line, cell.source)
        for question in (q for q in now if now[q] != was[q]):
            cell.source = _set_title(cell.source, question, now[question])


def _set_title(text: str, question: str, now: float) -> str:
    """The new points in the title of a question, and how a rubric's levels become points."""
    title = re.compile(rf"^(### {re.escape(question)} .+\(){_POINTS}", re.M)
    said = f"{now:g} point{'s' * (now != 1)}"
    changed, times = title.subn(lambda found: found[1] + said, text)
    levels = _LEVEL * len(_CRITERION.findall(text))
    if not times or not levels:
        return changed
    if not now:
        return f"{changed}\n\n**In this class** this task earns no points."
    return (f"{changed}\n\n**In this class** the sum of the levels, at most {levels}, earns up to "
            f"{said}: the sum times {now:g}, divided by {levels}.")


def _whole(value: float) -> float | int:
    return int(value) if value == int(value) else value
