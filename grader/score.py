"""Score: read the recorded answers of the locked cells and give the points.

Runs in the instructor's process, after the notebook has been executed elsewhere. It trusts
nothing of an executed notebook but the data of one record per check cell, and a record
earns only what the same answer would earn if it were typed in.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader.api import BaseCell, Comment, Grade, Gradebook, MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import compute_checksum
from sqlalchemy.orm import load_only

from . import engine, render
from . import notebook as nbk
from .canonical import MIME
from .compile import compiled
from .key import KeyProblem
from .rebuild import course_directory
from .record import find_answer
from .recorded import key_digest, lateness, saved
from .seal import Unsealed

_ANSWER = re.compile(r"answer-(\d\d)-(\d{1,2})")
_STUB = "There is no answer yet: the function is as it was handed out, and gives nothing back."


class Score(NbGraderPreprocessor):
    """Replace the outputs of every check cell by its score and its feedback.

    nbgrader then reads the points as it always does: nothing means full marks, a number as
    the result of the cell means partial credit.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        topic = resources["nbgrader"]["assignment"]
        root = Path(course_directory(self).root)
        key = compiled(topic, root)
        untouched = _untouched(nb)
        for cell in nb.cells:
            if nbk.is_check(cell) and (question := nbk.question_of(cell)):
                if question not in key:
                    raise KeyProblem(f"The notebook asks question {question}, but the answer key "
                                     f"{topic}.yaml does not have it; run `grader doctor`.")
                points = float(nbk.nbgrader_meta(cell)["points"])
                score_cell(cell, {**key[question], "points": points}, question in untouched)
        nb.metadata.setdefault(nbk.META, {})["scored"] = key_digest(topic, root)
        return nb, resources


class SaveScores(SaveAutoGrades):
    """nbgrader's own step, with its rows read in two queries and written in one transaction."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        where = names["notebook"], names["assignment"], names["student"]
        self.notebook_id, self.assignment_id, self.student_id = where
        with Gradebook(names["db_url"]) as book:
            self.gradebook = _Rows(book, *where)
            self._same_work = resources.get("same_work", False)
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            self._say_problems(nb)
            # By this, a later run can tell whether the gradebook still holds what was saved.
            root = Path(course_directory(self).root)
            nb.metadata.setdefault(nbk.META, {})["saved"] = saved(
                self.gradebook.scores(), book.find_submission(*where[1:]).total_seconds_late,
                self.gradebook.earned(), lateness(self.config, root, *where[1:]))
            book.db.commit()
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: dict) -> None:
        """As nbgrader does it; but whoever has graded the very same work need not do it again,
        unless the machine's points beside theirs are others now."""
        grade = self.gradebook.find_grade(nbk.nbgrader_meta(cell)["grade_id"])
        before, awaited = grade.auto_score, grade.needs_manual_grade
        super()._add_score(cell, resources)
        if self._same_work and grade.manual_score is not None and grade.auto_score == before:
            grade.needs_manual_grade = awaited

    def _say_problems(self, nb: NotebookNode) -> None:
        """Let the gradebook say what was odd, as the comment on the first answer."""
        problems = nb.metadata.get(nbk.META, {}).get("problems", [])
        answers = [nbk.nbgrader_meta(cell)["grade_id"] for cell in nb.cells
                   if nbk.nbgrader_meta(cell).get("solution")]
        if problems and answers:
            comment = self.gradebook.find_comment(answers[0])
            comment.auto_comment = " ".join(filter(None, [*problems, comment.auto_comment]))


class _Rows:
    """One submitted notebook's grades and comments, found as in nbgrader's gradebook."""

    def __init__(self, book: Gradebook, notebook: str, assignment: str, student: str) -> None:
        self._where = book.find_submission_notebook(notebook, assignment, student)
        # Only the columns that the step reads or writes; others are sums over many rows.
        self._grades, self._comments = (
            dict(book.db.query(BaseCell.name, table).join(table, table.cell_id == BaseCell.id)
                 .filter(table.notebook_id == self._where.id).options(load_only(*columns)).all())
            for table, columns in (
                (Grade, (Grade.auto_score, Grade.manual_score, Grade.extra_credit,
                         Grade.needs_manual_grade)),
                (Comment, (Comment.auto_comment,))))
        self.db = self

    def commit(self) -> None:
        """Nothing: it is done once, when all cells are."""

    def find_grade(self, cell: str, *_: str) -> Grade:
        return self._find(self._grades, cell)

    def find_comment(self, cell: str, *_: str) -> Comment:
        return self._find(self._comments, cell)

    def scores(self) -> dict[str, float | None]:
        """Automatic points by name of the graded cell."""
        return {name: grade.auto_score for name, grade in self._grades.items()}

    def earned(self) -> float:
        """Points before a penalty, as nbgrader adds them up."""
        given = [(grade.auto_score if grade.manual_score is None else grade.manual_score,
                  grade.extra_credit or 0.0) for grade in self._grades.values()]
        return sum(points + extra for points, extra in given if points is not None)

    def _find(self, rows: dict, cell: str) -> Any:
        if cell not in rows:
            raise MissingEntry(f"The gradebook does not know the cell {cell} of {self._where}; "
                               "run `grader release`, then grade again.")
        return rows[cell]


def _untouched(nb: NotebookNode) -> set[str]:
    """Ids of the questions whose answer cells are as they were handed out, by nbgrader's sums."""
    return {f"{found[1]}.{found[2]}" for cell in nb.cells
            if (found := _ANSWER.fullmatch(str(nbk.nbgrader_meta(cell).get("grade_id"))))
            and nbk.nbgrader_meta(cell).get("checksum") == compute_checksum(cell)}


def score_cell(cell: NotebookNode, spec: dict, untouched: bool = False) -> engine.Result:
    """Score one executed check cell in place and return the result.

    A function that was handed out as a stub is there without being an answer: where the cell that
    holds it is untouched, and each call gives None, nothing was answered.
    """
    answer, why = find_answer(cell, spec["id"])
    if answer is None:
        # Of a cell that is scored once more, only the reason is left.
        why = cell.metadata.get(nbk.META, {}).get("reason", why)
    result = engine.Result(spec["id"], engine.NOT_YET, points=spec["points"], messages=[why],
                           misconceptions=["no-record"])
    if answer is not None:
        try:
            result = engine.evaluate(spec, answer, Unsealed())
            if (untouched and answer[0] == "calls" and not result.credit
                    and all(given == ["none"] for given in answer[1])):
                result = engine.Result(spec["id"], engine.SHAPE, points=spec["points"],
                                       messages=[_STUB], misconceptions=["empty"])
        except Exception:  # a fault of ours must cost one question, not the grades of all
            answer = None
            result.messages = ["The recorded answer cannot be read."]
    data: dict[str, Any] = {"text/plain": render.plain(result), "text/html": render.box(result)}
    if answer is not None:
        data[MIME] = {"question": spec["id"], "answer": answer}
    # Whatever else the cell printed is gone: in nbgrader, text on stderr would cost all points.
    outputs = [{"output_type": "display_data", "data": data, "metadata": {}}]
    if result.credit < 1:
        outputs.append({"output_type": "execute_result", "metadata": {}, "execution_count": None,
                        "data": {"text/plain": f"{result.score:g}"}})
    cell.outputs = from_dict(outputs)
    cell.metadata[nbk.META] = {"credit": result.credit, "state": result.state,
                               "misconceptions": result.misconceptions,
                               **({"reason": why} if why else {})}
    return result
