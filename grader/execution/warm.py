"""Everything that can be done before the fork: imports, the shell, and each path of it once.

What a process does for the first time is dear: compiling patterns, formatting a traceback,
drawing a figure. :func:`warm` does it once in the fork server and takes back every trace that a
notebook could see. What stays is what cannot be seen but in its speed, with one exception:
matplotlib is interactive from the start, and not only from the first figure on.
"""

from __future__ import annotations

import gc
import os
import pkgutil
import sys
import tempfile
import threading
import warnings
from contextlib import suppress
from pathlib import Path

from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell

from . import kernel
from .protocol import Limits
from .rehearsal import CELLS, SHEET
from .runner import Runner
from .streams import streams

#: What learners import, and what is otherwise imported late: what is not imported here, or in
#: :mod:`.late`, every child would import again. All of the learners' toolkit comes on top.
PRELOAD = ("ipykernel_launcher", "numpy", "pandas", "matplotlib.pyplot", "anywidget", "ipywidgets",
           "reader", "grader.check", "pexpect", "IPython.core.logger", "encodings.unicode_escape",
           "tornado.platform.asyncio", "pandas.core.methods.to_dict", "pandas.io.formats.html",
           "networkx", "bibtexparser")

_app: IPKernelApp | None = None


def app() -> IPKernelApp:
    """ipykernel's application of this process, with its ``kernel`` and ``shell``."""
    if _app is None:
        raise RuntimeError("Call warm() before the fork: there is no kernel yet.")
    return _app


def warm() -> None:
    """Import all that exercises use, build the shell, run each path once. Starts no thread.

    Raises
    ------
    RuntimeError
        When a library has started a thread all the same: such a process must not be forked.
    """
    global _app
    main, path = sys.modules["__main__"], list(sys.path)
    _app = kernel.build()
    with _app.shell.builtin_trap:  # pandas, for one, looks for IPython when it is imported
        for name in PRELOAD:
            _import(name)
        for module in pkgutil.iter_modules(sys.modules["reader"].__path__, "reader."):
            if "._" not in module.name:
                _import(module.name)
    _rehearse(_app)
    sys.modules["__main__"], sys.path[:] = main, path
    if _threads() > 1:
        raise RuntimeError("A library has started threads in the fork server. Set "
                           "OPENBLAS_NUM_THREADS, OMP_NUM_THREADS and MKL_NUM_THREADS to 1.")
    gc.collect()
    gc.freeze()  # or the first collection of each child would write to every page


def _import(name: str) -> None:
    with suppress(ImportError):  # what is not installed, no exercise needs
        __import__(name)


def _threads() -> int:
    tasks = Path("/proc/self/task")  # also those that Python has not started
    return len(list(tasks.iterdir())) if tasks.exists() else threading.active_count()


def _rehearse(app: IPKernelApp) -> None:
    """Run cells as a session would, and leave nothing of them that a notebook could see."""
    shell, channel, check = app.shell, app.kernel.session, sys.modules["grader.check"]
    here, out, err = Path.cwd(), sys.stdout, sys.stderr
    spaces = [(space, dict(space)) for space in (shell.user_ns, shell.user_ns_hidden)]
    runner = Runner(app.kernel)
    sys.stdout, sys.stderr = streams(channel)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # A warning that is seen here would be an old one in every child.
        warnings.simplefilter("ignore")
        os.chdir(folder)
        check.begin(SHEET)
        for source in CELLS:
            runner.run(source)
        sys.modules["matplotlib.pyplot"].close("all")
        sys.modules["ipywidgets"].Widget.close_all()
        os.chdir(here)
    runner.close()
    check.begin()
    sys.stdout, sys.stderr = out, err
    tempfile.tempdir = None  # a child has a folder of its own
    for space, names in spaces:
        space.clear()
        space.update(names)
    _forget(shell)
    app.kernel.set_parent([], {})
    channel.begin(Limits())


def _forget(shell: ZMQInteractiveShell) -> None:
    """Make a shell new again: its history, its last result and its last error."""
    history, hook = shell.history_manager, shell.displayhook
    history.reset(new_session=False)
    history.input_hist_parsed[:] = history.input_hist_raw[:] = [""]
    history.db_input_cache, history.db_output_cache = [], []
    history._i00 = history._i = history._ii = history._iii = ""
    hook._ = hook.__ = hook.___ = ""
    hook.exec_result = shell._last_traceback = None
    shell.execution_count = 1
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        if hasattr(sys, name):
            delattr(sys, name)
