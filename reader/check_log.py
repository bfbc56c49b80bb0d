"""A learner's own log of checks: where it lies, what it holds, how it is kept and deleted.

It is one file on the learner's own computer, a line of JSON for each new answer to a question:

>>> {"question": "01.3", "state": "partly", "credit": 0.5, "attempt": 2, "tips": 1,
...  "time": 1780000000}                                             # doctest: +SKIP

``attempt`` counts the different answers so far, ``tips`` the general tips that were opened, and
``time`` is in seconds since 1970. No answer is in it, nor anything that an answer could be found
from. Nothing is sent anywhere; but a check writes the number of attempts into its output, so
whoever gets the notebook can read it there. :func:`forget` deletes it, and so does deleting the
file.

The file is :func:`log_path`: ``~/.local/share/reading-idlib/checks.jsonl``, in a browser without
a server ``reading-idlib-progress.jsonl`` in the top folder of the notebooks, or whatever the
environment variable ``READING_IDLIB_LOG`` names.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reader.errors import ReaderError
from reader.text import printable

try:
    import msvcrt
except ImportError:  # all but Windows
    msvcrt = None

#: What came of a check, the best first.
STATES = ("right", "partly", "not yet", "shape")
#: Where JupyterLite keeps a learner's files: what lies elsewhere is gone after a reload.
_DRIVE = Path("/drive")
_ID = re.compile(r"L?\d\d\.\d{1,2}", re.ASCII)
_LONGEST_LINE = 500
# Some ten thousand lines, more than the whole course gives. Of a larger file, the end is read.
_LARGEST = 2_000_000
_MOST = 10**6
# A byte that no log reaches: it is locked, not written.
_FAR = 2**31 - 2


@dataclass
class Standing:
    """What the log says of one question.

    Attributes
    ----------
    state, credit : str, float
        The best so far; ``credit`` is a share from 0 to 1.
    attempts : int
        Different answers; in lines of older versions, checks.
    tips : int or None
        General tips that were opened. None: no line says it (older versions did not).
    last : tuple of (str, float)
        State and credit of the last line.
    time : int
        Of the last line, in seconds since 1970.
    """

    state: str
    credit: float
    attempts: int
    tips: int | None
    last: tuple[str, float]
    time: int


def log_path() -> Path:
    """Return where the log lies, or would lie.

    Raises
    ------
    OSError
        When this computer names no home folder.
    """
    if named := os.environ.get("READING_IDLIB_LOG"):
        return Path(named)
    if sys.platform == "emscripten" and _DRIVE.is_dir():
        return _DRIVE / "reading-idlib-progress.jsonl"
    try:
        return Path.home() / ".local/share/reading-idlib/checks.jsonl"
    except RuntimeError:
        raise OSError(errno.ENOENT, "this computer names no home folder") from None


class _Log:
    """What one file holds, read as far as it has grown."""

    def __init__(self) -> None:
        self.clear(None)

    def clear(self, file: tuple | None) -> None:
        self.file, self.read_to = file, 0
        self.standings: dict[str, Standing] = {}

    def refresh(self) -> None:
        """Read what was added since, by this kernel or another one."""
        try:
            path = log_path()
            facts = path.stat()
            if not stat.S_ISREG(facts.st_mode):
                return  # a device has no end
            file = str(path), facts.st_dev, facts.st_ino
            if facts.st_size < self.read_to or (self.file and self.file != file):
                self.clear(file)  # deleted, here or elsewhere, and perhaps begun anew
            self.file = file
            if facts.st_size == self.read_to:
                return
            with path.open("rb") as log:
                self.read_to = max(self.read_to, facts.st_size - _LARGEST)
                log.seek(self.read_to)
                new = log.read(facts.st_size - self.read_to)
        except OSError:
            if self.file:
                self.clear(None)
            return
        whole = new[:new.rfind(b"\n") + 1]  # another kernel may be in the middle of a line
        self.read_to += len(whole)
        for line in whole.splitlines():
            self.take(line)

    def take(self, line: bytes) -> None:
        """Take in one line; a damaged one is passed over."""
        if not line.strip() or len(line) > _LONGEST_LINE:
            return
        try:
            item = json.loads(line)
            question, state = item["question"], item["state"]
            credit, when = float(item["credit"]), int(item["time"])
            attempt, tips = item.get("attempt"), item.get("tips")
            known = (isinstance(question, str) and _ID.fullmatch(question) and state in STATES
                     and 0 <= credit <= 1 and 0 <= when < 2**40 and all(
                         n is None or 0 <= int(n) <= _MOST for n in (attempt, tips)))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            return
        if not known or (state == "shape" and attempt is None):
            return  # older versions noted empty cells too
        before = self.standings.get(question)
        if before is None:
            before = Standing(state, credit, 0, None, (state, credit), when)
            self.standings[question] = before
        if (STATES.index(state), -credit) < (STATES.index(before.state), -before.credit):
            before.state, before.credit = state, credit
        before.attempts = (before.attempts + 1 if attempt is None
                           else max(before.attempts, int(attempt)))
        if tips is not None:
            before.tips = max(before.tips or 0, int(tips))
        before.last, before.time = (state, credit), when


_log = _Log()
_told = False
_problem = ""


def standings() -> dict[str, Standing]:
    """What the log says, by question; empty where there is none that can be read."""
    _log.refresh()
    return _log.standings


def note(question: str, state: str, credit: float, attempt: int, tips: int) -> str:
    """Add a line to the log. Never raises.

    Returns
    -------
    str
        Empty; or, once in a session, the sentence that says why the log is not kept. What was
        noted counts all the same until the kernel ends.
    """
    global _told, _problem
    line = json.dumps({"question": question, "state": state, "credit": credit,
                       "attempt": attempt, "tips": tips, "time": int(time.time())}).encode()
    _log.take(line)
    try:
        _append(log_path(), line)
        _problem = ""
    except (OSError, ValueError) as error:
        _problem = getattr(error, "strerror", None) or str(error)
        if not _told:
            _told = True
            return (f"Your progress is not kept on this computer ({_problem}). The checks work all "
                    "the same, and your answers are safe. This note comes only once.")
    return ""


def problem() -> str:
    """Why the last line could not be kept, in a few words; empty when it was, or there is none."""
    return _problem


def _append(path: Path, line: bytes) -> None:
    """Append one line in one write, so that kernels that write at once do not mix theirs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not blocking: a pipe that nobody reads must not hold a check.
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
    flags |= sum(getattr(os, name, 0) for name in ("O_CLOEXEC", "O_NONBLOCK", "O_BINARY"))
    handle = os.open(path, flags, 0o600)
    try:
        with _alone(handle):
            data = line + b"\n"
            size = os.fstat(handle).st_size
            if size:
                os.lseek(handle, size - 1, os.SEEK_SET)
                if os.read(handle, 1) != b"\n":
                    data = b"\n" + data  # a full disk or a crash has left half a line
            if os.write(handle, data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(handle)


@contextlib.contextmanager
def _alone(handle: int) -> Iterator[None]:
    """On Windows, an append is two steps (go to the end, write): nobody else may come between."""
    if msvcrt is None:
        yield
        return
    os.lseek(handle, _FAR, os.SEEK_SET)
    msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
    try:
        yield
    finally:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)


def forget() -> None:
    """Delete your log of checks: progress and opened hints begin anew. Answers stay.

    Raises
    ------
    ReaderError
        When the file can't be deleted.

    Examples
    --------
    >>> from reader import forget
    >>> forget()                                                      # doctest: +SKIP
    Deleted: ~/.local/share/reading-idlib/checks.jsonl. Your answers stay in your notebooks.
    """
    _log.clear(None)
    try:
        path = log_path()
        path.unlink()
    except FileNotFoundError:  # no file, or not even a home for it
        print("There is no log to delete.")
    except OSError as error:
        raise ReaderError(f"{shown(path)} can't be deleted: {error.strerror}.") from None
    else:
        print(f"Deleted: {shown(path)}. Your answers stay in your notebooks.")


def shown(path: Path) -> str:
    """A path as a person writes it, with ``~`` for their home folder."""
    with contextlib.suppress(RuntimeError, ValueError):
        return printable(f"~/{path.relative_to(Path.home()).as_posix()}")
    return printable(str(path))
