"""Hand nbgrader a submission that it can take, whatever the student handed in.

nbgrader finds submissions by patterns, copies what links lead to and skips what has no
notebook of the right name. So a converter is told which submission it works on, and an odd
one is laid out for it in a private folder below ``classroom/``, which is gone afterwards; the
submission itself is never touched.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat.v4 import new_notebook
from nbgrader.coursedir import CourseDirectory

from .intake import MAX_FILE_BYTES, Intake
from .notebook_file import MAX_BYTES, read_bytes

FOLDER = "staging"


@contextmanager
def staged(directory: CourseDirectory, found: Intake) -> Iterator[None]:
    """Make ``directory`` lead a converter to a submission, as intake found it.

    ``directory`` has ``assignment_id`` and ``student``; the preprocessors find ``found`` as its
    attribute ``received``.
    """
    directory.received = found
    if found.as_it_is:
        yield
        return
    home = Path(directory.root, "classroom", FOLDER)
    home.mkdir(parents=True, exist_ok=True)
    # Ignoring errors: a copy that stays behind is swept away by the next run.
    with tempfile.TemporaryDirectory(dir=home, ignore_cleanup_errors=True) as place:
        folder = Path(place, directory.student, directory.assignment_id)
        folder.mkdir(parents=True)
        for name, path in found.files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(read_bytes(path, MAX_FILE_BYTES))
        notebook = folder / f"{directory.assignment_id}.ipynb"
        if found.notebook is None:
            nbformat.write(new_notebook(), notebook)
        else:
            notebook.write_bytes(read_bytes(found.notebook, MAX_BYTES))
        directory.submitted_directory = str(Path(place).relative_to(directory.root))
        yield


def sweep(classroom: Path) -> None:
    """Remove what a killed run left behind. Only for a run that is alone in its course."""
    shutil.rmtree(classroom / FOLDER, ignore_errors=True)
