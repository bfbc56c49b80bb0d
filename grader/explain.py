"""Errors that everybody meets in a notebook, with a sentence that says what to do.

A name that does not exist, a column that a table does not have, and some signs that Python cannot
read. All other errors stay as Python shows them.
"""

from __future__ import annotations

import builtins
import difflib
import os
import re
import sys
from types import FrameType, TracebackType
from typing import Any

from . import render
from .at_start import ERRORS as ERRORS  # what :func:`explain` is called for
from .at_start import forgotten
from .canonical import sound

#: What Python says of signs that it cannot read, in part, and what to do then.
_SIGNS = {
    "leading zeros": "An id such as 003 and a day such as 2018-09-07 are texts: put them in "
                     "quotation marks, \"003\". In date(2018, 9, 7) numbers have no zero "
                     "before them.",
    "invalid character": "Python does not know this sign. Write straight quotation marks, \", not "
                         "curved ones, and three single dots, ..., for an open answer.",
    "expected after dictionary key": "Each entry of a dict has a colon: \"000\": 3. Write decimals "
                                     "with a point: 2.5.",
    "expected an indented block": "The lines that belong to the line before them begin with "
                                  "four more spaces (the Tab key makes them).",
}
_LONGEST = 60
_SILENT = "The message of this error can't be shown."


def explain(shell: Any, etype: type, error: BaseException, tb: TracebackType,
            tb_offset: int | None = None) -> list[str]:
    """Show an error in IPython; for :meth:`InteractiveShell.set_custom_exc`."""
    try:
        shown, stb = _told(shell, etype, error, tb, tb_offset)
    except BaseException:  # an error may be an object whose own methods fail, or be interrupted
        shown, stb = error, _plain(shell, etype, error, tb, tb_offset)
    stb = [sound(line) for line in stb]
    # Under its own name: nbgrader adds the kernel's reply where it has another one.
    shell._showtraceback(etype, _safe(shown), stb)
    return stb


def _safe(error: BaseException) -> BaseException:
    """The error, or one in its place whose message can be sent to a page."""
    try:
        message = str(error)
    except BaseException:
        return Exception(_SILENT)
    return error if sound(message) == message else Exception(sound(message))


def _told(shell: Any, etype: type, error: BaseException, tb: TracebackType,
          tb_offset: int | None) -> tuple[BaseException, list[str]]:
    """What to show: with a sentence where there is one that helps."""
    if isinstance(error, SyntaxError):
        stb = shell.SyntaxTB.structured_traceback(etype, error, [])
        return error, _beside(shell, stb, " ".join(
            todo for said, todo in _SIGNS.items() if said in str(error)))
    frames, name = _frames(tb), _name(error)
    # In a lesson the answer and its check share a cell: only a name that is checked counts.
    if name and not forgotten(name, shell.user_ns) and \
            frames[-1].f_code.co_name == "<module>" and re.search(
                rf"\bcheck\([^)]*\b{re.escape(name)}\b", _cell(shell)):
        sentence = (f"The name `{name}` does not exist yet. Run the answer cell above first. If it "
                    "ends with an error, mend that one; and keep the name that the question "
                    "gives.")
        return NameError(sentence), _beside(shell, [], sentence)
    sentence = _about(shell, error, frames)
    if not sentence:
        return error, _plain(shell, etype, error, tb, tb_offset)
    # The learner's own lines and the sentence, not the fifty lines of the library.
    before = error.__cause__, error.__context__, error.__suppress_context__
    error.__cause__ = error.__context__ = None
    try:
        stb = shell.InteractiveTB.structured_traceback(etype, error, _own(shell, tb) or tb,
                                                       tb_offset=tb_offset)
    finally:
        error.__cause__, error.__context__, error.__suppress_context__ = before
    return error, _beside(shell, stb, sentence)


def _beside(shell: Any, stb: list[str], sentence: str) -> list[str]:
    """Show the sentence in a box above the error. nbgrader's Validate shows nothing but errors:
    for nbgrader it stands in the error itself."""
    if not (sentence := sentence.strip()):
        return stb
    if os.environ.get("NBGRADER_EXECUTION"):
        return [*stb, *render.wrapped(sentence)]
    shell.display_pub.publish({"text/plain": sound(sentence),
                               "text/html": sound(render.note(sentence))})
    return stb or ["Not yet. The box above says more."]


def _plain(shell: Any, etype: type, error: BaseException, tb: TracebackType,
           tb_offset: int | None) -> list[str]:
    """As Python shows it."""
    try:
        return shell.InteractiveTB.structured_traceback(etype, error, tb, tb_offset=tb_offset)
    except BaseException:
        return [f"{etype.__name__}: {_SILENT}"]


def _name(error: BaseException) -> str:
    """The name that does not exist, without any code of the error's own class."""
    name = NameError.name.__get__(error) if isinstance(error, NameError) else None
    return name if type(name) is str and name[:_LONGEST + 1].isidentifier() else ""


def _frames(tb: TracebackType | None) -> list[FrameType]:
    found = []
    while tb is not None:
        found.append(tb.tb_frame)
        tb = tb.tb_next
    return found


def _cell(shell: Any) -> str:
    """The source of the running cell; empty where the learner has used its list's name."""
    cells = shell.user_ns.get("In")
    last = cells[-1] if type(cells) is list and cells else ""
    return last if type(last) is str else ""


def _own(shell: Any, tb: TracebackType | None) -> TracebackType | None:
    """The traceback as far as the notebook's own code goes."""
    entries = []
    while tb is not None:
        entries.append(tb)
        tb = tb.tb_next
    own = None
    for entry in reversed(entries):  # hundreds, where a function calls itself
        if own is not None or entry.tb_frame.f_globals is shell.user_ns:
            own = TracebackType(own, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return own


def _about(shell: Any, error: BaseException, frames: list[FrameType]) -> str:
    """What to do about it; empty where nothing is known that helps."""
    own = [frame.f_globals is shell.user_ns for frame in frames]
    if own[-1] and (name := _name(error)):
        if sentence := forgotten(name, shell.user_ns):
            return sentence
        names = [*frames[-1].f_locals, *shell.user_ns, *dir(builtins)]
        return (f"The name `{name}` does not exist (yet). If you mean a text, put it in quotation "
                f"marks: \"{name}\". A name exists once the cell that makes it has run: run the "
                "cells above this one, from the top. "
                + _alike(name, [name for name in names
                                if type(name) is str and not name.startswith("_")]))
    if any(own) and not own[-1]:
        called = frames[len(own) - own[::-1].index(True)]  # by the learner's line
        columns = _columns(called)
        if columns is not None:
            said = str(error.args[0])[:200] if error.args else ""
            wanted = said.split("'")[1] if said.count("'") > 1 else said
            if isinstance(error.args[0] if error.args else None, tuple):
                return "To choose more than one column, write two pairs of brackets: [[…]]."
            return (f"This table has the columns {', '.join(columns)}. Write a name exactly as it "
                    "stands there, with its capital letters. " + _alike(wanted, columns))
    return ""


def _columns(frame: FrameType) -> list[str] | None:
    """The columns of the table whose method was called."""
    pandas = sys.modules.get("pandas")
    given = frame.f_locals
    table = given.get("self", next(iter(given.get("args") or ()), None))  # or wrapped by pandas
    if pandas is None or not isinstance(table, pandas.DataFrame):
        return None
    return [str(name)[:_LONGEST] for name in table.columns[:40]]


def _alike(name: str, names: list[str]) -> str:
    found = difflib.get_close_matches(name, dict.fromkeys(names), 1, 0.8) or [
        other for other in names if other.casefold() == name.casefold()]
    return f"Do you mean {found[0]}?" if found else ""
