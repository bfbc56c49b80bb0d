"""What is written down about a run: a line for each step, and a file for each submission."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

#: What nbgrader's converters log to while they work for us.
logger = logging.getLogger("grader.nbgrader")
logger.setLevel(logging.INFO)
logger.propagate = False
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


@contextmanager
def log_to(path: Path) -> Iterator[logging.Logger]:
    """Append what is logged meanwhile to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _attached(logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")):
        yield logger


@contextmanager
def kept() -> Iterator[list[logging.LogRecord]]:
    """Collect what is logged meanwhile."""
    records: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    with _attached(Keep()):
        yield records


def lines(records: list[logging.LogRecord]) -> str:
    """Collected records as the text of a log file."""
    return "".join(_FORMAT.format(record) + "\n" for record in records)


@contextmanager
def _attached(handler: logging.Handler) -> Iterator[None]:
    handler.setFormatter(_FORMAT)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()
