"""check(): one line under every question. It answers at once, records, and tells nbgrader.

>>> from grader.check import check
>>> check("01.1", paragraphs)                                        # doctest: +SKIP

On a learner's machine it compares with the sealed file ``checks.json`` beside the
notebook. Where work is graded it only records the canonical form of the answer; the
points are given later, by a process that learner code never reaches.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reader import frames

from . import attempts, engine, explain, render
from .canonical import MIME, canonical, sound
from .engine import PARTLY, RIGHT, SHAPE, Result
from .seal import FILE_NAME, FORMAT, SHEET, Seal

__all__ = ["NotYet", "check"]


class NotYet(Exception):
    """The answer is not right yet. Shown as its message, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        # The box above says it all; only nbgrader's Validate shows nothing but this text.
        if os.environ.get("NBGRADER_EXECUTION"):
            return render.wrapped(str(self))
        return [str(self).splitlines()[0] + ". The box above says more."]


class Points:
    """Points of a partly right answer: nbgrader reads the number, people read the sentence."""

    def __init__(self, result: Result) -> None:
        self._result = result

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": f"{self._result.score:g}",
                "text/html": f"<small>{self._result.earned} so far</small>"}


_AGAIN = ("get it again from where the notebook came from, and keep both in one folder. Your "
          "answers stay in the notebook.")
_QUOTES = 'The question is a text. Write its number in quotation marks: check("01.3", answer).'
# Those of the course have some hundred kilobytes.
_LARGEST_SHEET = 50_000_000
_DAMAGED = f"The file {FILE_NAME} beside this notebook is damaged: {_AGAIN}"
# A call of a graded function works on a few short arguments.
CALL_SECONDS = 3
_sheets: dict[tuple[str, int], dict] = {}
_home = Path()
_record: dict = {}
_forks = False


def _find() -> Path | None:
    """The sealed file: beside the notebook, or (for instructors) in the release.

    The folder counts in which the notebook began: a notebook may change to another one.
    """
    for here in (_home, _folder()):
        for path in (here / FILE_NAME,
                     here.parent.parent / "classroom" / "release" / here.name / FILE_NAME):
            with contextlib.suppress(PermissionError):
                if path.is_file():
                    return path
    return None


def _folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:  # it was deleted or moved while the notebook was open
        return Path("/nowhere")


def _sheet() -> dict | str:
    """The content of the sealed file, or one sentence that says what is wrong with it."""
    if _record:
        return _record  # a notebook that is being graded stays so, whatever it writes
    path = _find()
    if path is None:
        return (f"Your answer can't be checked, because the file {FILE_NAME} is not beside this "
                f"notebook: {_AGAIN}")
    try:
        facts = path.stat()
        stamp = (str(path), facts.st_mtime_ns)
        if stamp not in _sheets:
            if facts.st_size > _LARGEST_SHEET:
                return _DAMAGED
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["format"] != FORMAT:
                return (f"The file {FILE_NAME} beside this notebook has format "
                        f"{str(data['format'])[:20]}, but this version of the course reads format "
                        f"{FORMAT}. Install the course again, or ask your instructor. Your answers "
                        "stay in the notebook.")
            if not all(isinstance(spec, dict) and isinstance(spec.get("calls", []), list)
                       for spec in data["questions"].values()):
                return _DAMAGED
            _sheets[stamp] = data
        return _sheets[stamp]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _DAMAGED


def check(question: str, answer: Any = ...) -> Points | None:
    """Check one answer, show what came of it, and record it.

    Parameters
    ----------
    question : str
        Id such as ``"01.3"``.
    answer : object
        Your answer, of the type that the question asks for. It is never changed. Without one,
        the check says what is asked.

    Returns
    -------
    None or Points
        Nothing for a right answer; the points so far for a partly right one.

    Raises
    ------
    NotYet
        When the answer earns no points yet. Only its sentence is shown.
    """
    quoted, question = isinstance(question, str), sound(str(question))[:40]
    with warnings.catch_warnings():
        # A warning on stderr would read as a failed test in stock nbgrader.
        warnings.simplefilter("ignore")
        sheet = _sheet()
        spec = sheet["questions"].get(question) if isinstance(sheet, dict) else None
        form = _form(spec, answer)
        if isinstance(sheet, dict) and sheet.get("record"):
            _display({MIME: {"question": question, "answer": form},
                      "text/plain": f"{question}: the answer is recorded."})
            return None
        if spec is None:
            why = sheet if isinstance(sheet, str) else _QUOTES if not quoted else (
                f"The file {FILE_NAME} beside this notebook has no question {question}; it has "
                f"{_few(sheet['questions'])}. If the question stands in this notebook, the two "
                f"come from different times: {_AGAIN}")
            result, tips = _unchecked(question, why), []
        else:
            result, tips = _evaluate(sheet, spec, form)
    text = render.plain(result, tips)
    _display({MIME: {"question": question, "answer": form, **attempts.tried(question)},
              "text/plain": text, "text/html": render.box(result, tips)})
    if result.state == RIGHT:
        return None
    if result.state == PARTLY:
        return Points(result) if result.points else None
    raise NotYet(text)


def _evaluate(sheet: dict, spec: dict, form: list) -> tuple[Result, list[str]]:
    try:
        result = engine.evaluate(spec, form, Seal(sheet["salt"], spec["id"]))
        tips = [str(tip) for tip in spec["hints"]]
    except Exception:  # the file was changed by hand or cut: a sentence, never a traceback
        return _unchecked(str(spec.get("id")), _DAMAGED), []
    tips, remark = attempts.follow(result, form, tips)
    result.messages += [remark] if remark else []
    return result, tips


def _few(ids: dict) -> str:
    names = list(ids)
    return ", ".join(names if len(names) < 5 else [names[0], "…", names[-1]]) or "none"


def _unchecked(question: str, why: str) -> Result:
    return Result(question, SHAPE, messages=[why], misconceptions=["unchecked"])


def _form(spec: dict | None, answer: Any) -> list:
    """Canonical form; a function is called here, so that only its results leave the kernel."""
    if not isinstance(spec, dict) or spec.get("kind") != "function" or not callable(answer):
        return canonical(answer)
    calls = spec.get("calls", [])
    return ["calls", _apart(answer, calls) if _forks else [_call(answer, c) for c in calls]]


def _call(function: Any, call: dict) -> list:
    """Canonical result of one call; what the function writes to stderr stays here."""
    try:
        args, kwargs = json.loads(json.dumps([call["args"], call["kwargs"]]))
        with contextlib.redirect_stderr(io.StringIO()):
            return canonical(function(*args, **kwargs))
    except BaseException as error:  # also SystemExit: one bad call costs one call
        if isinstance(error, KeyboardInterrupt) and not _forks:
            raise
        try:
            text = sound(str(error)[:300])
        except Exception:
            text = ""
        return ["error", type(error).__name__[:80], text]


def _apart(function: Any, calls: list) -> list:
    """Call in a forked copy, where work is graded: what a function does of itself (a print, a list
    that grows) shows no hidden argument in later cells, which the feedback page shows. Code that
    is written to carry them there can (see SECURITY.md)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            signal.signal(signal.SIGALRM, _too_long)
            with os.fdopen(writing, "w", encoding="utf-8") as pipe, _silence():
                for call in calls:
                    signal.alarm(CALL_SECONDS)
                    result = _call(function, call)
                    signal.alarm(0)
                    pipe.write(json.dumps(result) + "\n")
                    pipe.flush()
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        lines = pipe.read().splitlines()
    os.waitpid(child, 0)
    done = [json.loads(line) for line in lines[:len(calls)]]
    return done + [["error", "NotCalled", "an earlier call ended the process"]] * (
        len(calls) - len(done))


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """What a function prints or displays of hidden arguments is shown to nobody."""
    from IPython.utils.capture import capture_output

    null = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(null, number)
    with capture_output():
        yield


def _too_long(*_: Any) -> None:
    raise TimeoutError(f"the call took more than {CALL_SECONDS} seconds")


def _display(bundle: dict) -> None:
    try:
        from IPython.core.getipython import get_ipython
        from IPython.display import display
        if get_ipython() is not None:
            display(bundle, raw=True)
            return
    except ImportError:
        pass
    print(bundle["text/plain"])


def begin(record: str = "", forks: bool = False) -> None:
    """Begin a notebook: its folder, the record sheet where it is graded, friendly errors.

    Runs by itself at import; the executor calls it again in each child.
    """
    global _home, _record, _forks
    _home, _forks = _folder(), forks
    attempts.begin()
    # Taken out of the environment, so that programs which cells start do not find it there.
    record = record or os.environ.pop(SHEET, "")
    _record = json.loads(record) if record else {}
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is not None:
        shell.set_custom_exc(explain.ERRORS, explain.explain)
        frames.register()  # the toolkit did so when it was imported, if there was a shell then


begin()
