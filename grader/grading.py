"""One grading run: what its submissions share, and what is done with each.

A submission is first looked at (:meth:`Grading.look`): is there something to do, and what must
run? Later, when its notebook has run elsewhere, it is graded (:meth:`Grading.grade`): nbgrader's
steps write their rows in one transaction, and the graded submission into a staging folder; the
transaction ends; then the folder takes its place. So a graded notebook that says what was saved
tells the truth, wherever a run is cut off. All this is for one thread.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from nbgrader.converters.base import NbGraderException
from sqlalchemy.exc import SAWarning

from . import intake, logs, recorded
from .compile import compiled
from .converter import ClassAutograde
from .course import Course, CourseProblem
from .execution.protocol import Request, Result
from .gradebook import ClassGradebook, GradebookProblem
from .intake import TIMESTAMP
from .key import KeyProblem
from .marks import Marks
from .notebook_file import plain
from .outcome import GRADED, LEFT, NOT_GRADED, PROBLEM, RAN, RESCORED, UNCHANGED, Outcome
from .run import Run

# What the operating system says when nobody's submission could be written.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class Stopped(Exception):
    """The run cannot go on; what is graded stays graded. The message is one sentence."""


@dataclass
class Job:
    """A submission with something to do.

    Attributes
    ----------
    outcome : Outcome
        What it will be.
    found : Intake
        What was handed in.
    request : Request or None
        What is to run; None when nbgrader runs it itself, in the step that runs notebooks.
    digest : str
        Of the request.
    result : Result or None
        What came of the request, now or at an earlier grading.
    """

    outcome: Outcome
    found: intake.Intake = field(default_factory=intake.Intake)
    request: Request | None = None
    digest: str = ""
    result: Result | None = None


class Grading:
    """A grading run of a course, as a context manager."""

    def __init__(self, course: Course, force: bool = False, rescore: bool = False) -> None:
        self.course, self.force, self.rescore = course, force, rescore
        self._known: dict[str, tuple[str, Marks]] = {}

    def __enter__(self) -> Self:
        directory = self.course.directory()
        # Beside the graded submissions: to take their place must be a mere change of name.
        self._staging = (self.course.root / directory.autograded_directory).parent / "staging"
        self._staged = self._staging / "graded"
        self._before = self._staging / "before"
        with contextlib.ExitStack() as stack:
            # A killed run may have left something there.
            shutil.rmtree(self._staging, ignore_errors=True)
            stack.callback(shutil.rmtree, self._staging, ignore_errors=True)
            stack.enter_context(contextlib.chdir(self.course.root))
            stack.enter_context(warnings.catch_warnings())
            # nbgrader's own models make SQLAlchemy 2.1 warn at every new submission.
            warnings.simplefilter("ignore", SAWarning)
            with stopping():
                self._staging.mkdir(parents=True)
                self._book = ClassGradebook(directory.db_url, directory.course_id)
            stack.callback(self._book.close)
            directory.autograded_directory = str(self._staged)
            self._converter = ClassAutograde(directory, self.course.config, logs.logger)
            stack.enter_context(self._book.in_place())
            self._open = stack.pop_all()
        return self

    def __exit__(self, *_: Any) -> None:
        self._open.close()

    def begin(self, assignment: str) -> None:
        """Make sure that an assignment can be graded, and read what is saved of it."""
        self.course.released(assignment)
        compiled(assignment, self.course.root)  # or each submission would say it for itself
        with stopping():
            if not self._book.knows(assignment):
                raise CourseProblem(f"The gradebook does not have {assignment}: run `grader "
                                    f"release {assignment}` again, then grade.")
            self._known[assignment] = (
                recorded.release_digest(self._converter.coursedir, assignment),
                self._book.marks(assignment))

    def look(self, assignment: str, student: str) -> Job | Outcome:
        """See what there is to do for a submission; an outcome when there is nothing."""
        job = Job(Outcome(student, assignment))
        with logs.kept() as lines:
            try:
                if self._look(job):
                    return job
            except Exception as error:
                self._fail(job.outcome, error)
        if job.outcome.state == NOT_GRADED:
            self._write_log(job.outcome, lines)
        return job.outcome

    def grade(self, job: Job) -> Outcome:
        """Grade a submission whose notebook has run, or runs now.

        Raises :class:`Stopped` when no other submission could be graded either.
        """
        outcome = job.outcome
        with logs.kept() as lines:
            try:
                self._grade(job)
            except Exception as error:
                self._fail(outcome, error)
            finally:
                Run.at_hand.clear()
                for folder in (self._staged, self._before):
                    shutil.rmtree(folder, ignore_errors=True)
        self._write_log(outcome, lines)
        return outcome

    def give_up(self, job: Job, error: Exception) -> Outcome:
        """State that the notebook of a submission could not be run."""
        with logs.kept() as lines:
            self._fail(job.outcome, error)
        self._write_log(job.outcome, lines)
        return job.outcome

    def complete(self, outcomes: list[Outcome]) -> None:
        """Fill in what the gradebook says about outcomes."""
        with stopping():
            for assignment in {outcome.assignment for outcome in outcomes}:
                marks = self._book.marks(assignment)
                for outcome in outcomes:
                    found = marks.submissions.get((outcome.assignment, outcome.student))
                    if found:
                        outcome.score = found.earned
                        outcome.max_score = marks.exercises[assignment].points
                        outcome.late_penalty, outcome.late_seconds = found.penalty, found.late

    def _look(self, job: Job) -> bool:
        """Whether there is something to do; what must run, and what came of it before."""
        outcome = job.outcome
        if problem := intake.unfit(outcome.student):
            outcome.problems = [problem]
            return False
        job.found = self._receive(outcome)
        graded = self._final(outcome) / f"{outcome.assignment}.ipynb"
        noted = {} if self.force else recorded.noted(graded)
        release, marks = self._known[outcome.assignment]
        saved = marks.submissions.get((outcome.assignment, outcome.student))
        basis = {"submission": job.found.fingerprint, "release": release,
                 "scored": recorded.key_digest(outcome.assignment, self.course.root),
                 "saved": saved and recorded.saved(
                     marks.automatic(saved), saved.late, saved.earned, recorded.lateness(
                         self.course.config, self.course.root, outcome.assignment,
                         outcome.student))}
        if saved and all(noted.get(name) == value for name, value in basis.items()):
            outcome.state, outcome.problems = UNCHANGED, noted.get("problems", [])
            outcome.late_seconds = saved.late
            return False
        # A hook may change what was handed in; where nothing may run, that is not wanted.
        if self._converter.pre_convert_hook and not self.rescore:
            self._converter.hook(outcome.assignment, outcome.student, job.found)
            job.found = self._receive(outcome)
        job.request = self._converter.request(outcome.assignment, outcome.student, job.found)
        if job.request is not None:
            job.digest = job.request.digest()
            if noted.get("run") == job.digest and (
                    found := recorded.recall(graded, job.request)):
                found.same_work = noted.get("submission") == job.found.fingerprint
                job.result = found
        if self.rescore and not (job.result and job.result.same_work and saved):
            outcome.state = LEFT
            outcome.problems = [_why_not(job, noted, saved is not None)]
            return False
        return True

    def _grade(self, job: Job) -> None:
        outcome, result = job.outcome, job.result
        if result is not None:
            Run.at_hand[job.digest] = result
        final = self._final(outcome)
        final.parent.mkdir(parents=True, exist_ok=True)
        before = recorded.noted(final / f"{outcome.assignment}.ipynb").get("submission")
        with self._book.transaction():
            if before not in (None, job.found.fingerprint) and TIMESTAMP not in job.found.files:
                # nbgrader would keep the time of the work that was there before.
                self._book.forget_time(outcome.assignment, outcome.student)
            self._converter.grade(outcome.assignment, outcome.student, job.found)
        # The gradebook has it. From here on only names change.
        staged = self._staged / outcome.student / outcome.assignment
        if os.path.lexists(final):
            final.rename(self._before)
        staged.rename(final)
        noted = recorded.noted(final / f"{outcome.assignment}.ipynb")
        outcome.problems = noted.get("problems", [])
        outcome.state = PROBLEM if outcome.problems else GRADED
        outcome.late_seconds = noted.get("saved", {}).get("late", 0)
        outcome.how = RESCORED if isinstance(result, recorded.Recalled) else RAN
        if result is not None:
            outcome.seconds, outcome.cpu_seconds = result.seconds, result.cpu_seconds
            outcome.peak_bytes, outcome.missing = result.peak_bytes, result.missing

    def _receive(self, outcome: Outcome) -> intake.Intake:
        return intake.receive(
            self.course.folder("submitted", outcome.assignment, outcome.student),
            outcome.assignment, self.course.folder("release", outcome.assignment))

    def _final(self, outcome: Outcome) -> Path:
        return self.course.folder("autograded", outcome.assignment, outcome.student)

    def _fail(self, outcome: Outcome, error: Exception) -> None:
        """State why a submission was not graded; stop if it is not the submission's doing."""
        if isinstance(error, GradebookProblem):
            raise Stopped(str(error)) from error
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise Stopped(_cannot_go_on(error)) from error
        logs.logger.error("%s", "".join(traceback.format_exception(error)))
        where = logs.submission_log(self.course.classroom, outcome.assignment, outcome.student)
        sentence = " ".join(str(error).split())[:240] or type(error).__name__
        if not isinstance(error, (NbGraderException, CourseProblem, KeyProblem)):
            sentence = f"The grader failed ({type(error).__name__}: {sentence})"
        outcome.state = NOT_GRADED
        outcome.problems = [f"{sentence} (details: {where.relative_to(self.course.root)})"]

    def _write_log(self, outcome: Outcome, lines: list[str]) -> None:
        path = logs.submission_log(self.course.classroom, outcome.assignment, outcome.student)
        with stopping():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join([*lines, outcome.line(), ""]), encoding="utf-8",
                            errors="backslashreplace")


def _why_not(job: Job, noted: dict[str, Any], known: bool) -> str:
    """Why recorded answers cannot be scored anew, and what to do about it."""
    outcome = job.outcome
    if not noted or not known:
        why = "It has not been graded yet, or its graded notebook or its rows are gone"
    elif noted.get("submission") != job.found.fingerprint:
        why = "What lies in the folder of the submission is not what was graded"
    elif job.request is None:
        why = "It was run by a Jupyter kernel, whose answers are not used a second time"
    elif noted.get("run") != job.digest:
        why = ("The code around the answers, or the calls of a function, are others than those "
               "that ran")
    else:
        why = "Its graded notebook does not hold all the answers that were recorded"
    return (f"{why}; its points stay as they were until `grader grade {outcome.assignment} "
            f"--student {plain(outcome.student)}` runs it.")


def _cannot_go_on(error: OSError) -> str:
    return (f"Grading cannot go on: {error.strerror or error} ({error.filename}). Put that right, "
            "then run the same command again.")


@contextlib.contextmanager
def stopping() -> Iterator[None]:
    """What fails here would fail for every submission."""
    try:
        yield
    except GradebookProblem as problem:
        raise Stopped(str(problem)) from problem
    except OSError as error:
        raise Stopped(_cannot_go_on(error)) from error
