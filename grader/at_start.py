"""What a notebook of the course can say before its first cell has run.

After a notebook was opened, or its kernel restarted, `check` and all that a notebook imports are
gone until the cell with the imports runs again. Everybody forgets that cell, and nothing of the
course runs before it. So something must be there when a kernel starts: installing the course puts
``startup/reading-idlib.py`` into the environment's ``etc/ipython/startup/``, where IPython (since
6.1, ``IPython/core/shellapp.py``) looks for files to run in every kernel. That file only asks
whether the kernel has started beside a ``checks.json``; if so, it calls :func:`begin`, which
imports nothing. Somebody else's notebooks notice nothing of it.

Why not in another way:

* ``etc/ipython/ipython_kernel_config.py`` is one file for everybody: pip would overwrite that of
  another package or of an administrator. An extension of IPython that it names and that is no
  longer there, because the course's folder was moved, is a traceback at every start.
* A kernelspec of our own would stand in each notebook, and a grader's machine may not have it.
* Jupyter's configuration reaches the server, not the kernel.
* PYTHONSTARTUP is one file, the user's own, and whoever starts the server would have to set it.

Where the file is missing (``pip install --user``, a Python that only has the course's folder on
its path), Python's own message stands alone. To the edition in a browser, where all notebooks are
of the course, a small wheel brings this module (see ``grader/editions/lite_sources.py``).
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

#: The errors that :mod:`grader.explain` knows something about.
ERRORS = (NameError, KeyError, SyntaxError)
#: What the lessons and exercises import, all of it in the cell that imports `check`.
IMPORTS = """
import math
import re
from datetime import date
from pathlib import Path
import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import Markdown
from grader.check import check
from reader import actors, agreement, annotations, bibliography, brief, codebook, corpus, dates
from reader import figures, framing, keyness, library, network, plots, progress, sources
from reader import stakeholders, tables, timeline, timelinejs, voices
from reader.errors import ReaderError
from reader.figures import Quantity, difference, share, total
from reader.widgets import Annotator, ClueInterval, KappaParadox, PassageReader, PowerInterestGrid
from reader.widgets import SideBySide, Timeline, UnitChecker
"""


def begin(shell: Any) -> None:
    """Have errors explained in a kernel that starts beside sealed checks.

    Other shells, and those in which somebody else has set a handler, stay as they are.
    """
    with open("checks.json", "rb") as file:  # noqa: PTH123 - pathlib would have to be imported
        ours = b'"salt"' in file.read(100)
    if ours:
        listen(shell)


def listen(shell: Any) -> None:
    """The same wherever the kernel started."""
    if getattr(shell, "kernel", None) is not None and not shell.custom_exceptions:
        shell.set_custom_exc(ERRORS, _explain)


def _explain(shell: Any, etype: type, error: BaseException, tb: TracebackType,
             tb_offset: int | None = None) -> list[str]:
    """Show an error; only now the course is imported."""
    try:
        from .explain import explain
    except Exception:  # in a browser the course is not loaded yet; elsewhere it is damaged
        return _alone(shell, etype, error, tb, tb_offset)
    return explain(shell, etype, error, tb, tb_offset)


def _alone(shell: Any, etype: type, error: BaseException, tb: TracebackType,
           tb_offset: int | None) -> list[str]:
    """Show an error without the course: as Python does, below the one sentence known here."""
    import html

    name = NameError.name.__get__(error) if isinstance(error, NameError) else None
    if type(name) is str and (sentence := forgotten(name, shell.user_ns)):
        shell.display_pub.publish({"text/plain": sentence, "text/html": (
            f'<div role="status" aria-live="polite">{html.escape(sentence)}</div>')})
    shell.set_custom_exc((), None)
    try:
        shell.showtraceback((etype, error, tb), tb_offset=tb_offset)
    finally:
        shell.set_custom_exc(ERRORS, _explain)
    return []


def forgotten(name: str, known: dict[str, Any]) -> str:
    """What to do about a name that a notebook's cell of imports would have made.

    Parameters
    ----------
    name : str
        The name that does not exist.
    known : dict
        The names that do. Once `check` is one of them, that cell has run.

    Returns
    -------
    str
        A sentence; empty where that cell is not the reason.
    """
    import ast

    if "check" in known:
        return ""
    for line in ast.parse(IMPORTS).body:
        for alias in line.names:
            if name == (alias.asname or alias.name):
                line.names = [alias]
                return (f"The name `{name}` does not exist yet: the cell that makes it, usually "
                        "the first one with code, has not run since this notebook was opened or "
                        "its kernel restarted. Choose Run → Run All Above Selected Cell, then run "
                        "this cell again. (In a notebook of your own, begin with "
                        f"`{ast.unparse(line)}`.)")
    return ""
