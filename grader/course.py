"""The course on disk, and nbgrader's own converters run on it, one submission at a time."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import make_url
from sqlalchemy.exc import SAWarning
from traitlets.config.loader import PyFileConfigLoader

from . import intake, logs, roster
from . import notebook as nbk
from .feedback.of_class import FeedbackOne
from .kept import kept
from .key import KeyProblem
from .links import relocate
from .logs import in_words
from .marks import Submission
from .outcome import Outcome
from .rebuild import SubmissionExporter, rebuild
from .seal import FILE_NAME
from .staging import sweep

CONFIG = "nbgrader_config.py"


@lru_cache(maxsize=16)
def _source(path: Path, *_: int) -> nbformat.NotebookNode:
    """A source notebook, read and looked at once for each state of its file."""
    nb = nbformat.read(path, as_version=4)
    nbformat.validate(nb)
    return nb


class CourseProblem(Exception):
    """Something about the course folder that the user must know, in one sentence."""


class Course:
    """A folder with ``nbgrader_config.py``, ``exercises/`` and ``classroom/``."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root).resolve()
        if not (self.root / CONFIG).is_file():
            raise CourseProblem(f"{self.root} is not the course folder: it has no {CONFIG}. Go to "
                                "the folder of the course, or name it with --course.")
        try:
            self.config = PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()
        except (KeyProblem, OSError):
            raise
        except Exception as error:  # it is code, and the instructor's to change
            line = f" in line {error.lineno}" if isinstance(error, SyntaxError) else ""
            what = f"{type(error).__name__}{line}: {getattr(error, 'msg', error)}"
            raise CourseProblem(f"{CONFIG} cannot be run ({' '.join(what.split())[:200]}). Mend "
                                "it, or restore it from the course's repository.") from None

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """The course folder that is, or contains, ``start`` (default: the current folder)."""
        start = Path(start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if (folder / CONFIG).is_file():
                return cls(folder)
        raise CourseProblem(f"No {CONFIG} in {start} or above it. Go to the folder of the course, "
                            "or name it with --course.")

    def allow(self, unprotected: list[str]) -> None:
        """Let student code run although these protections are missing; ``all`` allows all."""
        allowed = self.config.Run.get("allow_unprotected", [])
        self.config.Run.allow_unprotected = [*allowed, *unprotected]

    # --- places --------------------------------------------------------------------------

    @property
    def classroom(self) -> Path:
        return self.root / "classroom"

    def folder(self, step: str, assignment: str, student: str = ".") -> Path:
        """Folder of a step (source, release, submitted, autograded, feedback)."""
        directory = self.directory()
        return self.root / directory.format_path(getattr(directory, f"{step}_directory"),
                                                 student, assignment)

    def directory(self, assignment: str = "", student: str = "*") -> CourseDirectory:
        directory = CourseDirectory(config=self.config)
        directory.assignment_id, directory.student_id = assignment, student
        directory.student = student  # nbgrader takes outer spaces from its own
        return directory

    def assignments(self) -> list[str]:
        """Names of the exercises that have a source notebook, in order."""
        source = self.root / self.directory().source_directory
        return sorted(path.parent.name for path in source.glob("*/*.ipynb")
                      if path.stem == path.parent.name)

    def students(self, assignment: str) -> list[str]:
        """Ids of the students who handed in something for an assignment, whatever it is."""
        directory = self.directory()
        excluded = directory.student_id_exclude.split(",")
        return [student for student in intake.students(
            self.root / directory.submitted_directory, assignment) if student not in excluded]

    def released(self, assignment: str) -> nbformat.NotebookNode:
        """The released notebook of an assignment."""
        path = self.folder("release", assignment) / f"{assignment}.ipynb"
        if not path.is_file():
            raise CourseProblem(f"{assignment} has not been released: run `grader release` first.")
        try:
            nb = nbformat.read(path, as_version=4)
            nbformat.validate(nb)
            return nb
        except OSError:
            raise
        except Exception as error:  # nbformat lets through whatever a damaged file makes it raise
            raise CourseProblem(
                f"The released notebook {path.relative_to(self.root)} is damaged "
                f"({' '.join(str(error).split())[:120]}); run `grader release {assignment}` again."
            ) from None

    def require(self, assignments: list[str] | None) -> list[str]:
        """The assignments asked for, or all; an unknown name is refused by name."""
        known = self.assignments()
        unknown = [name for name in assignments or [] if name not in known]
        if unknown:
            raise CourseProblem(f"There is no exercise {', '.join(unknown)}; there are "
                                f"{', '.join(known)}.")
        return list(assignments or known)

    def asked(self, assignment: str) -> dict[str, bool]:
        """Ids of what an exercise asks, in order, and whether a machine checks it."""
        return nbk.asked(self.source(assignment))

    def source(self, assignment: str) -> nbformat.NotebookNode:
        """The source notebook of an exercise, solutions included. Not to be changed: copy it."""
        path = self.folder("source", assignment) / f"{assignment}.ipynb"
        try:
            state = path.stat()
            return _source(path, state.st_mtime_ns, state.st_size, state.st_ino)
        except Exception as error:  # nbformat lets through whatever a damaged file makes it raise
            what = " ".join(str(error).split())[:120] or type(error).__name__
            raise CourseProblem(
                f"The source notebook {path.relative_to(self.root)} is damaged ({what}); restore "
                "it from the course's repository, or from a copy of yours.") from None

    def known_students(self) -> set[str]:
        """Ids of the students in the roster, in the gradebook, or with something handed in."""
        with self.gradebook() as book:
            found = {student.id for student in book.students}
        found |= {person.student for person in roster.load(self.classroom)}
        submitted = self.root / self.directory().submitted_directory
        return found | {path.name for path in submitted.glob("*") if path.is_dir()}

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """nbgrader's gradebook; what is wrong with it is said in one sentence."""
        from .gradebook import GradebookProblem, in_one_sentence

        directory = self.directory()
        self.require_gradebook()
        try:
            with (in_one_sentence(),
                  Gradebook(directory.db_url, directory.course_id) as book):
                yield book
        except GradebookProblem as problem:
            raise CourseProblem(str(problem)) from problem

    def require_gradebook(self) -> None:
        """Raise :class:`CourseProblem` unless the gradebook can be used, or made."""
        from .gradebook import GradebookProblem, require_fit

        directory = self.directory()
        self.classroom.mkdir(exist_ok=True)
        try:
            require_fit(directory.db_url, directory.course_id)
        except GradebookProblem as problem:
            raise CourseProblem(str(problem)) from problem

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Only one grading run at a time; a second one is refused in one sentence."""
        try:
            self.classroom.mkdir(exist_ok=True)
            lock = (self.classroom / "grading.lock").open("w")
        except OSError as error:
            raise CourseProblem(f"{self.classroom} cannot be written ({error.strerror}); grading "
                                "writes the gradebook and the graded notebooks there.") from None
        with lock as file:
            try:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except ImportError:
                pass  # Windows: nbgrader's own rules apply
            except OSError:
                raise CourseProblem("Another grading run is going on in this course; wait for it "
                                    "to end, or stop it, then start again.") from None
            sweep(self.classroom)
            yield

    # --- nbgrader's steps ----------------------------------------------------------------

    def release(self, assignment: str) -> None:
        """`nbgrader generate_assignment --force` for one exercise; an earlier release stays where
        this fails."""
        self.source(assignment)  # in a sentence of ours, where it is damaged
        if others := sorted(path.name for path in self.folder("source", assignment).glob("*.ipynb")
                            if path.stem != assignment):
            raise CourseProblem(
                f"{self.directory().source_directory}/{assignment}/ has another notebook, "
                f"{others[0]}, and would give it to students: an exercise is one notebook, so move "
                "this one to another place, then release again.")
        self.require_gradebook()
        book = make_url(self.directory().db_url).database or ""
        if Path(book).is_file() and not os.access(book, os.W_OK):
            raise CourseProblem(f"{book} may only be read, and a release writes its questions "
                                "there. Make the file and its folder writable, then release again.")
        with self.kept_release(assignment):
            self._convert(GenerateAssignment, self.directory(assignment, "."), force=True)

    def kept_release(self, assignment: str) -> AbstractContextManager[None]:
        """Put the release back as it was if what is done meanwhile fails."""
        return kept(self.folder("release", assignment))

    def lay_out_study(self, assignment: str) -> str:
        """Lay a release out in ``classroom/study/`` and say in one sentence what was done.

        A notebook that is there keeps its answers. When the questions have changed, the new
        ones are put around them and the old file stays beside it as a copy. Links to lessons
        lead there from where the copy lies.
        """
        source = self.folder("release", assignment)
        target = self.classroom / "study" / assignment
        target.mkdir(parents=True, exist_ok=True)
        mine, sheet = target / f"{assignment}.ipynb", target / FILE_NAME
        where = f"{target.relative_to(self.root)}/"
        new_sheet = (source / FILE_NAME).read_bytes()
        if not mine.exists():
            nbformat.write(self._for_study(assignment), mine)
            sheet.write_bytes(new_sheet)
            return f"your copy in {where} is ready"
        if sheet.exists() and sheet.read_bytes() == new_sheet:
            return f"your copy in {where} stays as it is"
        exporter = SubmissionExporter()
        old, _ = exporter.from_filename(str(mine))
        backup = mine.with_name(f"{assignment} (before {time.strftime('%Y-%m-%d %H%M%S')}).ipynb")
        mine.replace(backup)
        answers = nbformat.reads(old, as_version=4)
        nbformat.write(rebuild(self._for_study(assignment), answers), mine)
        sheet.write_bytes(new_sheet)
        return (f"the questions have changed; your answers in {where} stand in the new notebook, "
                f"and the old one is kept as {backup.name!r}")

    def _for_study(self, assignment: str) -> nbformat.NotebookNode:
        """The released notebook with its links written for ``classroom/study/``."""
        source = self.directory().source_directory
        return relocate(self.released(assignment), f"{source}/{assignment}",
                        f"{self.classroom.name}/study/{assignment}")

    def grade(self, assignment: str, student: str, force: bool = False) -> Outcome:
        """Grade one submission; it always ends in an :class:`~grader.outcome.Outcome`."""
        from .batch import grade_all  # which needs this module

        return grade_all(self, [(assignment, student)], force=force)[0]

    def feedback(self, assignment: str, student: str,
                 submission: Submission | None = None) -> Path:
        """`nbgrader generate_feedback` for one submission; returns the page.

        ``submission`` is what the gradebook holds of it, where that has been read already.
        """
        directory = self.directory(assignment, student)
        directory.submission = submission
        self._convert(FeedbackOne, directory, force=True)
        return self.folder("feedback", assignment, student) / f"{assignment}.html"

    def _convert(self, converter: type, directory: CourseDirectory, force: bool) -> None:
        """Run a converter; its log goes to classroom/grader.log, its failure into a sentence."""
        path = logs.run_log(self.classroom)
        with logs.log_to(path, logs.logger), logs.kept() as said, warnings.catch_warnings():
            # nbgrader's own models make SQLAlchemy 2.1 warn at every new submission.
            warnings.simplefilter("ignore", SAWarning)
            try:
                run = converter(coursedir=directory, config=self.config, log=logs.logger)
                run.force = force
                run.start()
            except (NbGraderException, SystemExit, OSError) as error:
                what = in_words(error) if isinstance(error, OSError) else str(error)
                raise CourseProblem(logs.cause("\n".join(said)) or (
                    f"{' '.join(what.split())[:240]} (details: {path})")) from None
