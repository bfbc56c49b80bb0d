"""The five articles as data. No code here beyond what finds the files."""

from __future__ import annotations

import os
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent

#: The reader's own copies of the articles. Git ignores the folder: the texts are other
#: people's work. The variable exists so that both modes (with and without) can be tested.
TEXTS = Path(os.environ.get("READING_IDLIB_TEXTS") or _FOLDER / "texts")


def path(name: str) -> Path:
    """Return the path of one file of ``seeds/``, such as ``path("articles.csv")``."""
    found = _FOLDER / name
    if not found.is_file():
        raise FileNotFoundError(f"seeds/ has no file named {name!r}.")
    return found
