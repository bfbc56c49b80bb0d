"""Errors that everybody meets in a notebook, with a sentence that says what to do.

A name that does not exist and a column that a table does not have. All other errors stay as
Python shows them.
"""

from __future__ import annotations

import builtins
import difflib
import sys
from types import FrameType, TracebackType
from typing import Any

#: What :func:`explain` is called for.
ERRORS = (NameError, KeyError)


def explain(shell: Any, etype: type, error: BaseException, tb: TracebackType,
            tb_offset: int | None = None) -> list[str]:
    """Show an error in IPython; for :meth:`InteractiveShell.set_custom_exc`."""
    frames = _frames(tb)
    in_check = frames[-1].f_code.co_name == "<module>" and "check(" in _cell(shell)
    if in_check and isinstance(error, NameError) and error.name:
        from .check import NotYet  # which imports this module

        sentence = (f"NotYet: the name {error.name} does not exist yet. Run the answer cell above "
                    "first. If it ends with an error, mend that one; and keep the name that the "
                    "question gives.")
        shell._showtraceback(NotYet, NotYet(sentence), [sentence])
        return [sentence]
    sentence = _about(shell, error, frames)
    if not sentence:
        stb = shell.InteractiveTB.structured_traceback(etype, error, tb, tb_offset=tb_offset)
    else:
        # The learner's own lines and the sentence, not the fifty lines of the library.
        own = _own(shell, tb) or tb
        bare = etype(*error.args)
        stb = [*shell.InteractiveTB.structured_traceback(etype, bare, own, tb_offset=tb_offset),
               sentence]
    shell._showtraceback(etype, error, stb)
    return stb


def _frames(tb: TracebackType | None) -> list[FrameType]:
    found = []
    while tb is not None:
        found.append(tb.tb_frame)
        tb = tb.tb_next
    return found


def _cell(shell: Any) -> str:
    """The source of the running cell."""
    return (shell.user_ns.get("In") or [""])[-1]


def _own(shell: Any, tb: TracebackType | None) -> TracebackType | None:
    """The traceback as far as the notebook's own code goes."""
    if tb is None:
        return None
    rest = _own(shell, tb.tb_next)
    if rest is None and tb.tb_frame.f_globals is not shell.user_ns:
        return None
    return TracebackType(rest, tb.tb_frame, tb.tb_lasti, tb.tb_lineno)


def _about(shell: Any, error: BaseException, frames: list[FrameType]) -> str:
    """What to do about it; empty where nothing is known that helps."""
    own = [frame.f_globals is shell.user_ns for frame in frames]
    if isinstance(error, NameError) and own[-1] and error.name:
        names = [*frames[-1].f_locals, *shell.user_ns, *dir(builtins)]
        return (f"The name {error.name} does not exist (yet). A name exists once the cell that "
                "makes it has run: run the cells above this one, from the top. "
                + _alike(error.name, [name for name in names if not name.startswith("_")]))
    if any(own) and not own[-1]:
        called = frames[len(own) - own[::-1].index(True)]  # by the learner's line
        columns = _columns(called)
        if columns is not None:
            said = str(error.args[0]) if error.args else ""
            wanted = said.split("'")[1] if said.count("'") > 1 else said
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
    return [str(name) for name in table.columns[:40]]


def _alike(name: str, names: list[str]) -> str:
    found = difflib.get_close_matches(name, dict.fromkeys(names), 1) or [
        other for other in names if other.casefold() == name.casefold()]
    return f"Do you mean {found[0]}?" if found else ""
