"""Score: read the recorded answers of the locked cells and give the points.

Runs in the instructor's process, after the notebook has been executed elsewhere. It trusts
nothing of an executed notebook but the data of one record per check cell, and a record
earns only what the same answer would earn if it were typed in.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from . import engine, render
from . import notebook as nbk
from .canonical import MIME
from .compile import compiled
from .key import KeyProblem
from .record import find_answer
from .seal import Unsealed


class Score(NbGraderPreprocessor):
    """Replace the outputs of every check cell by its score and its feedback.

    nbgrader then reads the points as it always does: nothing means full marks, a number as
    the result of the cell means partial credit.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        topic = resources["nbgrader"]["assignment"]
        key = compiled(topic)
        for cell in nb.cells:
            if nbk.is_check(cell) and (question := nbk.question_of(cell)):
                if question not in key:
                    raise KeyProblem(f"The notebook asks question {question}, but the answer key "
                                     f"{topic}.yaml does not have it; run `grader doctor`.")
                points = float(nbk.nbgrader_meta(cell)["points"])
                score_cell(cell, {**key[question], "points": points})
        nb.metadata.setdefault(nbk.META, {})["scored"] = True
        return nb, resources


class SaveScores(SaveAutoGrades):
    """nbgrader's own step, in one transaction for a notebook instead of one for every cell."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        self.notebook_id, self.assignment_id = names["notebook"], names["assignment"]
        self.student_id = names["student"]
        with Gradebook(names["db_url"]) as self.gradebook:
            commit = self.gradebook.db.commit
            self.gradebook.db.commit = self.gradebook.db.flush
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            commit()
        return nb, resources


def score_cell(cell: NotebookNode, spec: dict) -> engine.Result:
    """Score one executed check cell in place and return the result."""
    answer, why = find_answer(cell, spec["id"])
    result = engine.Result(spec["id"], engine.NOT_YET, points=spec["points"], messages=[why],
                           misconceptions=["no-record"])
    if answer is not None:
        try:
            result = engine.evaluate(spec, answer, Unsealed())
        except Exception:  # a fault of ours must cost one question, not the grades of all
            answer = None
            result.messages = ["The recorded answer cannot be read."]
    data: dict[str, Any] = {"text/plain": render.plain(result), "text/html": render.box(result)}
    if answer is not None:
        data[MIME] = {"question": spec["id"], "answer": answer}
    # Whatever else the cell printed is gone: in nbgrader, text on stderr would cost all points.
    cell.outputs = [new_output("display_data", data=data)]
    if result.credit < 1:
        cell.outputs.append(new_output("execute_result", data={"text/plain": f"{result.score:g}"}))
    cell.metadata[nbk.META] = {"credit": result.credit, "state": result.state,
                               "misconceptions": result.misconceptions}
    return result
