"""Which notebook of a submission counts; whenever that is not plain, a sentence says so."""

from __future__ import annotations

from pathlib import Path

import nbformat

from . import notebook as nbk
from .notebook_file import MAX_BYTES, NotebookFile, closed, plain, read_notebook, what_stands_there
from .transplant import rebuild

# Larger and more notebooks than this are not opened to see which one is the exercise.
MAX_CANDIDATES = 10
MAX_ALL_BYTES = 2 * MAX_BYTES


def choose(folder: Path, notebooks: list[str], files: list[str],
           released: Path) -> tuple[Path | None, list[str]]:
    """Choose the notebook that is graded.

    The one with the right name wins. When there is none, or it cannot be read, it is the copy
    of the released notebook with most answers: dates say nothing after a download.

    Parameters
    ----------
    folder : Path
        The submission.
    notebooks, files : list of str
        Relative names of what may be notebooks, and of the other files, for the sentence.
    released : Path
        The released notebook.

    Returns
    -------
    Path or None, list of str
        The notebook, and at most one sentence.
    """
    expected = released.name
    others = [name for name in notebooks if name != expected]
    exact: Path | None = folder / expected
    problem, unreadable = f"The submission has no {expected}", ""
    if expected not in notebooks:
        exact = None
    elif unreadable := what_stands_there(exact) or closed(exact):
        exact, problem = None, f"The file {expected} could not be read: {unreadable}"
    elif not others:
        return exact, []
    elif unreadable := read_notebook(exact).unreadable:
        problem = f"The file {expected} could not be read: {unreadable}"
    ours = _ours(folder, others, released) if exact is None or unreadable else []
    if ours:
        best = ours[0][-1]
        chosen = f"{plain(best)} was graded in its place"
        if len(ours) > 1:
            counts = ", ".join(f"{plain(name)}: {-answers}" for answers, _, name in ours)
            chosen = (f"of {len(ours)} copies, {plain(best)} was graded, because no other has "
                      f"more answers ({counts})")
        return folder / best, [f"{problem}; {chosen}. Hand in one notebook with the name "
                               f"{expected}."]
    if exact is not None:
        return exact, [f"The submission has other notebooks too ({_names(others)}); only "
                       f"{expected} was graded."]
    if others:
        return None, [f"{problem}, and no other notebook in it is this exercise (it has "
                      f"{_names(others)})."]
    held = f" (it has {_names(files)})" if files else " (there is no file in it)" * (not unreadable)
    return None, [f"{problem}{held}."]


def _ours(folder: Path, names: list[str], released: Path) -> list[tuple[int, int, str]]:
    """Those of the notebooks that are the released exercise, the one to be graded first.

    Each as (minus the number of answered cells, length of the name, name): most answers first,
    then the shortest name, for copies carry additions.
    """
    if not names or not released.is_file():
        return []
    release = nbformat.read(released, as_version=4)
    found, left = [], MAX_ALL_BYTES
    for name in sorted(names, key=lambda name: (len(name), name))[:MAX_CANDIDATES]:
        left -= (folder / name).lstat().st_size
        file = read_notebook(folder / name) if left >= 0 else NotebookFile(unreadable="too large")
        if not file.unreadable and _kin(release, file):
            found.append((-_answered(release, file), len(name), name))
    return sorted(found)


def _kin(release: nbformat.NotebookNode, file: NotebookFile) -> bool:
    """Whether at least a third of the release's cells stand in a notebook."""
    marks = [{mark for mark in (cell.id, cell.source.strip(),
                                nbk.nbgrader_meta(cell).get("grade_id")) if mark}
             for cell in release.cells]
    there = {mark for cell in file.nb.cells for mark in (
        cell.id, cell.source.strip(), nbk.nbgrader_meta(cell).get("grade_id"))}
    return 3 * sum(bool(mark & there) for mark in marks) >= len(marks)


def _answered(release: nbformat.NotebookNode, file: NotebookFile) -> int:
    """How many answer cells are not as they were released."""
    before = {cell.id: cell.source for cell in release.cells}
    return sum(cell.source != before[cell.id] for cell in rebuild(release, file.nb).cells
               if nbk.nbgrader_meta(cell).get("solution"))


def _names(names: list[str]) -> str:
    return ", ".join(map(plain, names[:5])) + (" …" if names[5:] else "")
