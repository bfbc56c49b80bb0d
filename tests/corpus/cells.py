"""Cells whose metadata, order, number or kind is not as it was released."""

from __future__ import annotations

import json

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from .kit import (
    FULL,
    POINTS,
    PROBLEM,
    Corpus,
    Hand,
    answer,
    but,
    check_cell,
    duplicate,
    find,
    insert,
)

case = Corpus("cells")


def _change(name: str, change, right: bool = True, **expected) -> None:
    """A case that changes the notebook with right answers, or with none."""
    @case(name, **{"points": FULL if right else 0, **expected})
    def _(hand: Hand) -> None:
        nb = hand.notebook(right)
        hand.write(change(nb) or nb)


def _metadata(nb, **values):
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.update(values)


def _deleted(keep):
    def change(nb):
        nb.cells = [cell for cell in nb.cells if keep(cell)]
    return change


def _retyped(nb):
    for n, cell in enumerate(nb.cells):
        if cell.id.startswith("answer-"):
            cell["cell_type"] = "raw" if n % 2 else "markdown"
            del cell["outputs"], cell["execution_count"]


def _without(*parts):
    def change(nb):
        for cell in nb.cells:
            if "metadata" in parts:
                cell.metadata = {}
            if "ids" in parts:
                del cell["id"]
        return json.dumps(nb)
    return change


def _skip(nb):
    for cell in nb.cells:
        cell.metadata["tags"] = ["skip-execution", "remove_cell", "raises-exception"]


def _checks_replaced(nb):
    for cell in nb.cells:
        if cell.id.startswith("check-"):
            cell.source = "100"


def _checks_become_answers(nb):
    for cell in nb.cells:
        if cell.id.startswith("check-"):
            cell.source = "100"
            cell.metadata.nbgrader.update(locked=False, solution=True, grade=False)


def _points(nb):
    _metadata(nb, points=1_000)


def _a_cell_with_points(nb):
    nb.cells.append(new_code_cell("100", metadata={"nbgrader": {
        "grade": True, "grade_id": "mine", "points": 50, "locked": True, "solution": False,
        "schema_version": 3, "task": False}}))


def _check_of_another(nb):
    """Every check asks the one question that is right."""
    answer(nb, "02.8", "names_hts = {'000', '001', '003'}")
    for cell in nb.cells:
        if cell.id.startswith("check-"):
            cell.source = 'check("02.8", names_hts)'


def _same_name_for_all(nb):
    _metadata(nb, grade_id="check-02-8")
    return json.dumps({**nb, "cells": [{**cell, "id": "check-02-8"} for cell in nb.cells]})


def _reversed(nb):
    nb.cells = nb.cells[::-1]


def _drafts_first(nb):
    nb.cells = [duplicate(cell, f"draft-{cell.id}") for cell in nb.cells
                if cell.id.startswith("answer-")] + nb.cells
    for cell in nb.cells[:len(POINTS)]:
        cell.source = "raise ValueError('an old draft')"


def _duplicate_checks(nb):
    for cell in [cell for cell in nb.cells if cell.id.startswith("check-")]:
        nb.cells.insert(0, duplicate(cell, "early-" + cell.id))
        nb.cells.append(duplicate(cell, "late-" + cell.id))


def _helper_before(nb):
    code = find(nb, "answer-02-1").source
    answer(nb, "02.1", "regime_counts = helper()")
    insert(nb, "answer-02-1", f"def helper():\n    {code.replace(chr(10), ' ')}\n"
                              "    return regime_counts")


def _written_anew(nb):
    at = next(i for i, cell in enumerate(nb.cells) if cell.id == "answer-02-1")
    nb.cells[at:at + 1] = [new_code_cell("helper = 6"), new_code_cell(nb.cells[at].source)]


def _one_gone(nb):
    nb.cells = [cell for cell in nb.cells if cell.id != "answer-02-1"]


def _colab(nb):
    nb.metadata = {"colab": {"provenance": [], "toc_visible": True}, "accelerator": "GPU",
                   "kernelspec": {"name": "python3", "display_name": "Python 3"},
                   "language_info": {"name": "python"}}
    for n, cell in enumerate(nb.cells):
        cell.metadata = {"id": f"aBc{n}", "colab": {"base_uri": "https://localhost/"},
                         "nbgrader": cell.metadata["nbgrader"]}
        del cell["id"]
    return json.dumps({**nb, "nbformat_minor": 0})


def _vs_code(nb):
    for cell in nb.cells:
        cell.metadata["vscode"] = {"languageId": "python"}
        cell.metadata["ExecuteTime"] = {"end_time": "2026-01-01T00:00:00", "start_time": None}
    nb.metadata["orig_nbformat"] = 4


def _outputs_of_another_run(nb):
    for n, cell in enumerate(nb.cells):
        if cell.cell_type == "code":
            cell.execution_count = 900 - n
            cell.outputs = [nbformat.v4.new_output("error", ename="NameError", evalue="x",
                                                   traceback=["x"])]


def _pictures(nb):
    cell = find(nb, "rubric-02-1")
    cell.source = "My answer ![map](attachment:map.png)"
    cell["attachments"] = {"map.png": {"image/png": "iVBORw0KGgo="}}


def _pictures_lost(nb):
    """The text was copied, the pictures were not; one has a name in other letters."""
    find(nb, "rubric-02-1").source = "![map](attachment:lost.png) ![b](&#97;ttachment:b.png)"
    nb.cells.insert(3, new_markdown_cell("![map](attachment:image.png) and ![c][c]\n\n"
                                         "[c]: attachment:c.png"))


def _pictures_of_ones_own(nb):
    cell = new_markdown_cell("My notes ![map](attachment:map.png)")
    cell["attachments"] = {"map.png": {"image/png": "iVBORw0KGgo="}}
    nb.cells.insert(3, cell)


def _notes(nb):
    for at in (30, 20, 10, 3):
        nb.cells[at:at] = [new_markdown_cell("# My notes\n\n<script>alert(1)</script> *done*"),
                           new_code_cell("# only a comment"), new_code_cell("")]


_change("checks deleted", _deleted(lambda cell: not cell.id.startswith("check-")))
_change("all but the answers deleted", _deleted(lambda cell: cell.id.startswith("answer-")))
_change("metadata lost", _without("metadata"))
_change("ids lost", _without("ids"))
_change("metadata and ids lost", _without("metadata", "ids"), state=PROBLEM,
        says="had lost the names of some cells; 12 answers were found")
_change("one answer written anew", _written_anew, state=PROBLEM, says="1 answers were found")
_change("one answer gone", _one_gone, points=but("02.1"))
_change("order turned round", _reversed)
_change("answers as raw and written cells", _retyped)
_change("tags that skip cells", _skip)
_change("checks replaced", _checks_replaced)
_change("checks replaced, unanswered", _checks_replaced, False)
_change("checks turned into answers", _checks_become_answers, False)
_change("a thousand points each, unanswered", _points, False)
_change("a cell with points of its own", _a_cell_with_points, False)
_change("every check asks one question", _check_of_another, False, points=POINTS["02.8"])
_change("all cells of one name", _same_name_for_all, False)
_change("a newer schema", lambda nb: _metadata(nb, schema_version=99))
_change("unknown names", lambda nb: _metadata(nb, grade_id="unknown", task=True), False)
_change("drafts before the answers", _drafts_first)
_change("checks pasted twice", _duplicate_checks)
_change("a helper cell", _helper_before)
_change("Colab", _colab)
_change("VS Code", _vs_code)
_change("outputs of another run", _outputs_of_another_run)
_change("a picture in a written answer", _pictures)
_change("pictures that are lost", _pictures_lost)
_change("a picture in an own cell", _pictures_of_ones_own)
_change("notes between the cells", _notes)
_change("Windows line ends", lambda nb: nbformat.writes(nb).replace("\\n", "\\r\\n"))
_change("on one line", lambda nb: json.dumps(nb, separators=(",", ":")))


@case("a check that is changed", points=but("02.1"))
def _(hand: Hand) -> None:
    nb = hand.notebook()
    answer(nb, "02.1", "regime_counts = 0\nright = 5")
    check_cell(nb, "02.1").source = 'check("02.1", right)'
    hand.write(nb)
