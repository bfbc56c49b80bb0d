"""The notebook that runs is the released one, with the student's answers in it.

Nothing else of a submission is believed, so missing, duplicate, moved, retyped and foreign
cells need no special case. It replaces nbgrader's own sanitizing steps.
"""

from __future__ import annotations

import copy
import re
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from . import notebook as nbk

# Pictures that a student pasted into a written cell belong to it and go to the feedback page: a
# few screenshots, not an album.
MAX_PICTURES = 5_000_000
_PICTURE = re.compile(r"image/(png|jpeg|gif|webp|svg\+xml)")


def rebuild(released: NotebookNode, submitted: NotebookNode) -> NotebookNode:
    """Return the released notebook with the answers and extra cells of ``submitted``.

    An answer is found by its ``grade_id``, or by the cell id where the metadata is gone. Of
    duplicates the last counts, as in nbgrader; the others run as extra cells. Extra cells
    stand after the released cell that they follow in the submission.
    """
    built = copy.deepcopy(released)
    known = {_name(cell): i for i, cell in enumerate(built.cells)}
    open_ = {name for name, i in known.items() if _is_open(built.cells[i])}
    last = {}
    names = [_known_name(cell, known) for cell in submitted.cells]
    recovered = _recover(names, submitted, built, open_)
    for i, name in enumerate(names):
        # Of answers the last copy counts, as in nbgrader; of locked cells the first, so that a
        # pasted copy does not move what stands behind it.
        if name is not None and (name in open_ or name not in last):
            last[name] = i
    extras: dict[int, list] = {}
    anchor, all_fit = -1, True
    for i, (cell, name) in enumerate(zip(submitted.cells, names, strict=True)):
        if name is not None and last[name] == i:
            anchor = known[name]
            if name in open_:
                all_fit &= _copy_answer(cell, built.cells[anchor])
        elif name is None or name in open_:
            # A second copy of a locked cell is dropped; anything else of the student's runs.
            made, fits = _bare(cell)
            all_fit &= fits
            extras.setdefault(anchor, []).append(made)
    cells = list(extras.get(-1, []))
    for i, cell in enumerate(built.cells):
        cells += [cell, *extras.get(i, [])]
    for n, cell in enumerate(c for group in extras.values() for c in group):
        cell["id"] = f"extra-{n + 1}"
    built.cells = cells
    if recovered:
        nbk.note(built, f"The notebook had lost the names of some cells; {recovered} answers were "
                        "found by their place between the questions.")
    if not all_fit:
        nbk.note(built, "Pictures in a written cell were left out, because they are larger than "
                        f"{MAX_PICTURES // 1_000_000} MB together; make them smaller.")
    return built


def _recover(names: list, submitted: NotebookNode, built: NotebookNode, open_: set) -> int:
    """Name, in place, answer cells that have lost metadata and id, and return how many.

    Some editors drop both. A locked cell is then known by its text, and an answer by standing
    between the locked cells that surround it in the release.
    """
    order = [_name(cell) for cell in built.cells]
    texts = {cell.source.strip(): name for cell, name in zip(built.cells, order, strict=True)
             if name not in open_}
    for i, cell in enumerate(submitted.cells):
        name = texts.get(cell.source.strip())
        if names[i] is None and name not in names:
            names[i] = name
    count = 0
    for j, name in enumerate(order):
        if name in names or not nbk.nbgrader_meta(built.cells[j]).get("solution"):
            continue
        start = _at(names, order[j - 1]) if j else -1
        stop = _at(names, order[j + 1]) if j + 1 < len(order) else len(names)
        if start is None or stop is None:
            continue
        free = [i for i in range(start + 1, stop) if names[i] is None
                and submitted.cells[i].cell_type == built.cells[j].cell_type]
        variable = built.cells[j].source.split("=")[0].strip() + " ="
        likely = [i for i in free if variable in submitted.cells[i].source] or free
        if likely:
            names[likely[-1]] = name
            count += 1
    return count


def _at(names: list, name: str) -> int | None:
    return names.index(name) if name in names else None


def _name(cell: Any) -> str:
    return str(nbgrader_id(cell) or cell.get("id", ""))


def nbgrader_id(cell: Any) -> str | None:
    """A cell's ``grade_id``, or None."""
    name = nbk.nbgrader_meta(cell).get("grade_id")
    return name if isinstance(name, str) else None


def _known_name(cell: Any, known: dict) -> str | None:
    for name in (nbgrader_id(cell), cell.get("id")):
        if isinstance(name, str) and name in known:
            return name
    return None


def _is_open(cell: Any) -> bool:
    meta = nbk.nbgrader_meta(cell)
    return bool(meta.get("solution")) or not (meta.get("locked") or meta.get("grade")
                                              or meta.get("task"))


def _copy_answer(cell: Any, into: NotebookNode) -> bool:
    """Copy source and pictures of a student's cell; returns whether all pictures fit."""
    into.source = cell.source
    left, kept = MAX_PICTURES, {}
    for name, files in cell.get("attachments", {}).items() if into.cell_type == "markdown" else ():
        for kind, data in files.items():
            if _PICTURE.fullmatch(kind):
                left -= len(data)
                if left >= 0:
                    kept.setdefault(name, {})[kind] = data
    if kept:
        into["attachments"] = nbformat.from_dict(kept)
    return left >= 0


def _bare(cell: Any) -> tuple[NotebookNode, bool]:
    """An extra cell without what it says of itself, and whether all its pictures fit."""
    made = new_code_cell() if cell["cell_type"] == "code" else new_markdown_cell()
    return made, _copy_answer(cell, made)
