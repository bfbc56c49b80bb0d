"""The five articles as data. No code here beyond what finds the files."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent

# In a browser without a server, only what lies in /drive is there after a reload.
_OWN = Path("/drive/texts") if sys.platform == "emscripten" else _FOLDER / "texts"
#: The reader's own copies of the articles. Git ignores the folder: the texts are other
#: people's work. The variable exists so that both modes (with and without) can be tested.
TEXTS = Path(os.environ.get("READING_IDLIB_TEXTS") or _OWN)


def path(name: str) -> Path:
    """Return the path of one file of ``seeds/``, such as ``path("articles.csv")``."""
    found = _FOLDER / name
    if not found.is_file():
        raise FileNotFoundError(f"seeds/ has no file named {name!r}.")
    return found
