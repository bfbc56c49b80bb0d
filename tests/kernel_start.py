"""What installing the course puts where kernels start, for kernels of the tests."""

from __future__ import annotations

import shutil
from pathlib import Path

from places import ROOT

STARTUP = ROOT / "grader/startup/reading-idlib.py"


def as_installed(folder: Path) -> Path:
    """An IPYTHONDIR below a folder, with our startup file: whether the environment of the tests
    has it too depends on when the course was installed there."""
    place = folder / "ipython/profile_default/startup"
    if not place.is_dir():
        place.mkdir(parents=True)
        shutil.copy(STARTUP, place)
    return folder / "ipython"
