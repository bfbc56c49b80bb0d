"""Where things are, for all tests."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
#: Material beside the checkout; tests that need it are skipped where it is not.
SHARED = Path(os.environ.get("READING_IDLIB_SHARED") or ROOT.parent / "shared")
#: Programs of the environment that runs the tests.
BIN = Path(sys.executable).parent
#: Everything, as CI runs it; without it, some tests take a sample of what is alike.
THOROUGH = bool(os.environ.get("READING_IDLIB_THOROUGH"))
#: Exercises of the class that tests share: all kinds of question, and two written tasks.
PLAYED = ("01-sources", "04-timeline", "08-voices")
#: Students in it: every special kind of synthetic student once.
STUDENTS = 10


def copy_course(folder: Path, *parts: str) -> Path:
    """Copy what a course needs, and the named folders of it, so that no test writes here."""
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for part in parts:
        shutil.copytree(ROOT / part, folder / part,
                        ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return folder


def only_thorough(what: str) -> pytest.MarkDecorator:
    """A test that runs where READING_IDLIB_THOROUGH is set; ``what`` says what stands for it."""
    return pytest.mark.skipif(not THOROUGH, reason=f"only with READING_IDLIB_THOROUGH=1, as in "
                                                   f"CI: {what}")
