"""What is written down about a run: a line for each step, and a file for each submission."""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

#: What nbgrader's converters log to while they work for us.
logger = logging.getLogger("grader.nbgrader")
#: What a run itself logs: which notebooks run, and what became of each submission.
run = logging.getLogger("grader.run")
for _logger in (logger, run):
    _logger.setLevel(logging.INFO)
    _logger.propagate = False
_FORMAT = logging.Formatter("%(asctime)s %(levelname)s %(message)s")


def run_log(classroom: Path) -> Path:
    """The log of all runs of a course."""
    return classroom / "grader.log"


def submission_log(classroom: Path, assignment: str, student: str) -> Path:
    """The log of one submission; ids may hold what no file name may."""
    name = quote(student, safe=" @+,", errors="surrogateescape")
    if len(name) > 200:
        name = f"{name[:150]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return classroom / "logs" / assignment / f"{name}.log"


class _File(logging.FileHandler):
    """Says nothing of its own where a file cannot be written any more: the run stops then."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass


@contextmanager
def log_to(path: Path, source: logging.Logger) -> Iterator[None]:
    """Append what is logged to ``source`` meanwhile to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _attached(_File(path, encoding="utf-8", errors="backslashreplace"), source):
        yield


@contextmanager
def kept() -> Iterator[list[str]]:
    """Collect what nbgrader logs meanwhile, as the lines of a log file."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            # At once: rows of the gradebook are logged, and they cannot be read later.
            lines.append(self.format(record))

    with _attached(Keep(), logger):
        yield lines


@contextmanager
def _attached(handler: logging.Handler, source: logging.Logger) -> Iterator[None]:
    handler.setFormatter(_FORMAT)
    source.addHandler(handler)
    try:
        yield
    finally:
        source.removeHandler(handler)
        handler.close()


def in_words(error: OSError) -> str:
    """What the system says of a file or folder, without its number."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        return str(error.args[0][0][-1])  # of many files the first
    what = error.strerror or str(error)
    return f"{error.filename}: {what}" if error.filename else what


def cause(said: str) -> str:
    """What stopped a converter, from its log; empty where that does not tell."""
    if "Cannot add or remove cells" in said:
        return ("Questions were added to this exercise, or taken out of it, and nbgrader does not "
                "allow that once submissions are graded: put back what was there. A question "
                "counts no more when class.yaml sets its points to 0.")
    if database := re.search(r"OperationalError\) (.+)$", said, re.M):
        from .gradebook import meaning

        return meaning(database[1])
    if system := re.search(r"^\w*Error: \[Errno \d+\] (.+)$", said, re.M):
        return f"{system[1]}. Put that right, then run the same command again."
    problems = re.findall(r"^[\w.]*Problem: (.+)$", said, re.M)
    return problems[0] if problems else ""
