"""One connection to the gradebook for a whole class, and one transaction for each submission.

nbgrader opens the gradebook anew in every step and commits after every cell. While
:meth:`ClassGradebook.in_place` holds, the same steps share one connection, and what they
commit counts when the submission is done: all of it or nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from nbgrader.api import Assignment, Gradebook, InvalidEntry, MissingEntry
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, OperationalError

from .gradebook_url import misfit
from .marks import Marks, read

# What a database says → what it means for an instructor.
_MEANING = {
    "locked": "is locked by another program. Close what else writes to it",
    "disk is full": "cannot be written, because the disk is full. Make room",
    "disk I/O error": "cannot be written: the disk reports an error, or is full. Look after it",
    "readonly": "may only be read here. Make its file and folder writable",
    "unable to open": "cannot be opened. Look whether its folder is there and writable",
    "not a database": "is no gradebook: its file holds something else. Move it away",
    "malformed": "is damaged. Put back a copy of it",
    "password": "is not opened for this user and password. Put them right (`gradebook:` in "
                "class.yaml, PGPASSWORD or ~/.pgpass)",
    "does not exist": "is not on the server: there is no such database, or no such user. Make it, "
                      "or put the address right",
    "onnection refused": "cannot be reached: no database server answers at its address. Start "
                         "one there, or put the address right",
    "not known": "cannot be reached: nobody knows the name of its server. Put the address right",
    "translate host": "cannot be reached: nobody knows the name of its server. Put the address "
                      "right",
    "timeout": "cannot be reached: its server does not answer. Look after the network",
    "connection slots": "has too many users at this moment. Wait, or let its server take more",
    "too many clients": "has too many users at this moment. Wait, or let its server take more",
    "terminating connection": "was closed by its server. Start that again",
    "closed the connection": "was closed by its server. Start that again",
    "permission denied": "may not be used by this user. Let the owner of the database grant it",
}


class GradebookProblem(Exception):
    """The gradebook cannot be used now; the message is one sentence."""


class ClassGradebook:
    """The gradebook of a class, open for the time of a grading run. For one thread.

    Raises :class:`GradebookProblem`, from every method, when the database cannot be used.
    """

    def __init__(self, db_url: str, course_id: str) -> None:
        self.url = db_url
        require_fit(db_url, course_id)
        with in_one_sentence():
            self._book = Gradebook(db_url, course_id)
        self._courses = {course_id}
        self._commit = self._book.db.commit
        self._book.db.commit = self._flush

    def close(self) -> None:
        """Close the connection."""
        self._book.close()

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Let every module that opens this gradebook by nbgrader's class share the connection."""
        modules = [module for name, module in list(sys.modules.items()) if name != __name__
                   and getattr(module, "__dict__", {}).get("Gradebook") is Gradebook]
        for module in modules:
            module.Gradebook = self._open
        try:
            yield
        finally:
            for module in modules:
                module.Gradebook = Gradebook

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of one submission or nothing."""
        with in_one_sentence():
            try:
                yield
                self._commit()
            except BaseException:
                self._courses.clear()
                self._book.db.rollback()
                raise

    def forget_time(self, assignment: str, student: str) -> None:
        """Let a submission be one of which nobody knows when it came, and so not late."""
        with suppress(MissingEntry):
            self._book.find_submission(assignment, student).timestamp = None
            self._flush()  # each step forgets what was only read

    def marks(self, assignment: str) -> Marks:
        """What is saved of an assignment's submissions."""
        with in_one_sentence():
            found = read(self._book, [assignment])
            self._book.db.rollback()  # ends the reading; nothing was changed
            return found

    def knows(self, assignment: str) -> bool:
        """Whether an assignment has been released into this gradebook."""
        with in_one_sentence():
            found = self._book.db.scalar(
                select(Assignment.id).where(Assignment.name == assignment))
            self._book.db.rollback()
            return found is not None

    def _open(self, db_url: str, course_id: str = "default_course",
              authenticator: Any = None) -> Gradebook:
        if db_url != self.url:
            return Gradebook(db_url, course_id, authenticator)
        # With a connection of its own, a step would have read nothing yet.
        self._book.db.expunge_all()
        return _Opened(self._book, course_id, authenticator, self._courses)

    def _flush(self) -> None:
        try:
            self._book.db.flush()
        except OperationalError as error:  # nbgrader would take it for a wrong entry
            raise GradebookProblem(_meaning(error)) from error


class _Opened(Gradebook):
    """What a step gets that opens the gradebook; closing it leaves the connection open."""

    def __init__(self, book: Gradebook, course_id: str, authenticator: Any,
                 known: set[str]) -> None:
        self.engine, self.db = book.engine, book.db
        self.course_id, self.authenticator = course_id, authenticator
        if course_id not in known:
            self.check_course(course_id)
            known.add(course_id)

    def close(self) -> None:
        """The connection stays: it is the run's."""


def _meaning(error: DBAPIError) -> str:
    # What the driver says names host and user, never the password.
    return meaning(" ".join(str(error.orig).split()))


def meaning(said: str) -> str:
    """What a database says, as a sentence for an instructor."""
    found = next((means for words, means in _MEANING.items() if words in said),
                   f"cannot be used ({said[:160]}). Look after it")
    return f"The gradebook {found}, then run the same command again."


def require_fit(db_url: str, course_id: str) -> None:
    """Raise :class:`GradebookProblem` unless the database is a gradebook of this course."""
    with in_one_sentence():
        if problem := misfit(db_url, course_id):
            raise GradebookProblem(problem)


@contextmanager
def in_one_sentence() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, InvalidEntry) as error:
        # nbgrader takes whatever stops a row from being written for a wrong entry.
        cause = error if isinstance(error, DBAPIError) else error.__context__
        if not isinstance(cause, DBAPIError):
            raise
        raise GradebookProblem(_meaning(cause)) from error
