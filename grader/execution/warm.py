"""Everything that can be done before the fork: imports, the shell, each path of it once."""

from __future__ import annotations

import gc
import os
import pkgutil
import sys

import reader
from reader import frames

from ipykernel.kernelapp import IPKernelApp

from .kernel import Kernel, build

PRELOAD = ("ipykernel_launcher", "numpy", "pandas", "matplotlib.pyplot", "anywidget", "ipywidgets",
           "grader.check", "pexpect",
           "sklearn.metrics", "krippendorff",  # reader.agreement imports them when it needs them
           *(f"reader.{module.name}" for module in pkgutil.iter_modules(reader.__path__)
             if not module.name.startswith("_")))
BACKEND = "module://matplotlib_inline.backend_inline"

_app: IPKernelApp | None = None


def app() -> IPKernelApp:
    """ipykernel's application of this process; its ``kernel`` and ``shell``."""
    if _app is None:
        raise RuntimeError("Call warm() before the fork: there is no kernel yet.")
    return _app


def warm() -> None:
    global _app
    main = sys.modules["__main__"]
    _app = build()
    for name in PRELOAD:
        __import__(name)
    frames.register()
    sys.modules["__main__"] = main
    gc.collect()
    gc.freeze()
