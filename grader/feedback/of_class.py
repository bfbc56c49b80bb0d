"""Feedback for a class: only what has changed is made again, and no page is lost meanwhile."""

from __future__ import annotations

import os
import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.converters import GenerateFeedback
from nbgrader.utils import find_all_files
from rich.progress import Progress
from sqlalchemy.exc import SQLAlchemyError

from .. import late
from ..key import KeyProblem
from ..marks import Submission, read
from .exporter import fingerprint

if TYPE_CHECKING:
    from ..course import Course

# The fingerprint stands in the head of a page, before its styles.
_HEAD = 2_000
_MADE_FROM = re.compile(rb'<meta name="reading-idlib-feedback" content="([0-9a-f]{64})">')
# Two processes: more would wait for the disk, and each has to start and read the key.
_PROCESSES = 2


@dataclass
class Made:
    """What came of a run.

    Attributes
    ----------
    pages, unchanged : int
        Pages that were written, and pages that stand as they were.
    problems : list of str
        One sentence for each page that could not be made.
    said : list of str
        Sentences on what was put right in the gradebook first.
    failed : list of (str, str)
        Exercise and student of those.
    """

    pages: int = 0
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


class FeedbackOne(GenerateFeedback):
    """`nbgrader generate_feedback` for the student that ``coursedir.student`` names.

    Found by its path: ids may hold ``*``, ``[`` and spaces. Stock nbgrader removes the old page
    first; here the new one takes its place when it is complete.
    """

    def init_notebooks(self) -> None:
        folder = self._format_source(self.coursedir.assignment_id, self.coursedir.student)
        self.notebooks = [str(Path(folder, f"{self.coursedir.assignment_id}.ipynb"))]
        self.assignments = {folder: self.notebooks}

    def convert_notebooks(self) -> None:
        """All of nbgrader's steps; errors are raised, not counted."""
        assignment, student = self.coursedir.assignment_id, self.coursedir.student
        self.run_pre_convert_hook()
        self.init_assignment(assignment, student)
        for notebook in self.notebooks:
            self.convert_single_notebook(notebook)
        self._tidy(assignment, student)
        self.set_permissions(assignment, student)
        self.run_post_convert_hook()

    def write_single_notebook(self, output: str, resources: dict) -> None:
        """Put the page in the place of an earlier one, whole or not at all."""
        names = resources["nbgrader"]
        folder = Path(self._format_dest(names["assignment"], names["student"]))
        folder.mkdir(parents=True, exist_ok=True)
        page = folder / (resources["unique_key"] + self.exporter.file_extension)
        new = page.with_name(page.name + ".new")
        try:
            # A lone half of a character, from a student's text, can't be written as UTF-8.
            new.write_bytes(output.encode("utf-8", "replace"))
            new.replace(page)
        except OSError:
            new.unlink(missing_ok=True)
            raise

    def _tidy(self, assignment: str, student: str) -> None:
        """Remove what an earlier submission or an interrupted run has left in the folder."""
        source = self._format_source(assignment, student)
        target = Path(self._format_dest(assignment, student))
        wanted = {os.path.relpath(name, source)
                  for name in find_all_files(source, [*self.coursedir.ignore, "*.ipynb"])}
        wanted |= {Path(name).stem + self.exporter.file_extension for name in self.notebooks}
        for path in target.rglob("*"):
            if not path.is_dir() and str(path.relative_to(target)) not in wanted:
                path.unlink()


def feedback_all(course: Course, work: list[tuple[str, str]], progress: Progress,
                 force: bool = False) -> Made:
    """Write the pages of (assignment, student) pairs, side by side.

    A page is made again only when something that it tells has changed: the graded notebook,
    points or comments in the gradebook, the key, ``class.yaml``, or the course's own version.
    """
    from ..course import CourseProblem

    course.require_gradebook()
    task = progress.add_task("Feedback", total=len(work))
    made, jobs = Made(), []
    try:
        with course.gradebook() as book:
            made.said = late.settle(course, book, list(dict.fromkeys(name for name, _ in work)))
            known = read(book, list({name for name, _ in work}), comments=True).submissions
    except SQLAlchemyError as error:
        raise CourseProblem("The gradebook cannot be read "
                            f"({' '.join(str(error).split())[:160]}); look after it, then run the "
                            "same command again.") from None
    for name, student in work:
        submission = known.get((name, student))
        if not force and submission and _stands(course, name, student, submission):
            made.unchanged += 1
            progress.advance(task)
        else:
            jobs.append((course.root, name, student, submission))
    if not jobs:
        return made
    with ProcessPoolExecutor(max_workers=min(_PROCESSES, len(jobs))) as pool:
        for (_, name, student, _), problem in zip(jobs, pool.map(_one, jobs, chunksize=4),
                                                  strict=True):
            if problem:
                made.problems.append(problem)
                made.failed.append((name, student))
            made.pages += not problem
            progress.advance(task)
    return made


def _stands(course: Course, name: str, student: str, submission: Submission) -> bool:
    """Whether the page that is there is the one that would be made."""
    try:
        with (course.folder("feedback", name, student) / f"{name}.html").open("rb") as file:
            noted = _MADE_FROM.search(file.read(_HEAD))
        content = (course.folder("autograded", name, student) / f"{name}.ipynb").read_bytes()
    except OSError:
        return False
    return bool(noted) and noted[1].decode() == fingerprint(content, submission, name, course.root)


@lru_cache(maxsize=1)
def _course(root: Path) -> Course:
    from ..course import Course

    return Course(root)


def _one(job: tuple[Path, str, str, Submission | None]) -> str:
    from ..course import CourseProblem

    root, assignment, student, submission = job
    try:
        _course(root).feedback(assignment, student, submission)
    except (CourseProblem, KeyProblem) as error:
        return f"{assignment}, {student}: {error}"
    except Exception as error:  # of this page; the others may do better
        return (f"{assignment}, {student}: no page could be made ({type(error).__name__}: "
                f"{' '.join(str(error).split())[:200]}); an earlier page stays as it is.")
    return ""
