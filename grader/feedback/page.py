"""From a graded notebook and the gradebook to the parts of a feedback page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from nbformat import NotebookNode

from .. import engine, render
from .. import notebook as nbk
from ..marks import Mark, Submission, item_id
from . import cells
from .parts import Around, Page, Question, Shown, number
from .safe import Safe, fragment
from .where import Place

# Word, sign and tone of a state. The word says it; sign and tone only repeat it.
_STATES = {engine.RIGHT: ("Right", "✓", "right"), engine.PARTLY: ("Partly right", "◐", "partly"),
           engine.NOT_YET: ("Not yet right", "○", "open"),
           engine.SHAPE: ("Not in the form that was asked", "△", "open")}
_OTHERWISE = {"empty": "No answer", "unchecked": "Not checked",
              "no-record": "No answer was recorded"}
_TITLE = re.compile(r"^#+\s+(.+?)\s*$", re.M)
_POINTS = re.compile(r"\s*\([\d.]+ points?(?:, [^()]*)?\)$")
_HEADLINE = re.compile(r"<p\b[^>]*>.*?</p>", re.S)
_NOTE = "grader-note-"


def make(nb: NotebookNode, submission: Submission, places: dict[str, Place],
         explanation: Callable[[str], str]) -> Page:
    """The page of a graded notebook.

    Parameters
    ----------
    nb : NotebookNode
        After autograding; it is not changed.
    places : dict
        Where to read again, by question id.
    explanation : callable
        Question id → what the page explains of a question that was not answered rightly; empty
        where the class's settings keep that back.
    """
    title = _first_heading(nb)
    parts = _Maker(title, submission, places, explanation).parts(nb)
    return Page(
        title=title or "Exercise", parts=parts,
        score=submission.score, most=submission.most,
        open_points=sum(mark.most for mark in submission.marks.values()
                        if mark.awaits and mark.manual is None),
        problems=[str(one) for one in nb.metadata.get(nbk.META, {}).get("problems", [])])


def _first_heading(nb: NotebookNode) -> str:
    for cell in nb.cells:
        if cell.cell_type == "markdown" and not _own(cell) and not cell.id.startswith(_NOTE) and \
                (found := _TITLE.search(cell.source)):
            return re.sub(r"[`*]", "", found[1])
    return ""


def _own(cell: NotebookNode) -> bool:
    """Whether a student has added the cell; grading names those so."""
    return str(cell.get("id", "")).startswith("extra-")


class _Maker:
    def __init__(self, title: str, submission: Submission, places: dict[str, Place],
                 explanation: Callable[[str], str]) -> None:
        self._submission, self._places, self._explanation = submission, places, explanation
        self._title = title

    def parts(self, nb: NotebookNode) -> list[Question | Around]:
        """A question begins with its locked text and ends with its graded cell."""
        found: list[Question | Around] = []
        around: list[NotebookNode] = []
        begun: list[NotebookNode] | None = None
        for cell in nb.cells:
            meta = nbk.nbgrader_meta(cell)
            if str(cell.get("id", "")).startswith(_NOTE):
                continue  # said at the top of the page
            if meta.get("grade") or meta.get("task"):
                self._flush(found, around)
                found.append(self._question([*(begun or []), cell]))
                begun = None
            elif cell.cell_type == "markdown" and meta.get("locked") and not meta.get("solution"):
                around += begun or []
                begun = [cell]
            else:
                (around if begun is None else begun).append(cell)
        around += begun or []
        self._flush(found, around)
        return found

    def _flush(self, found: list, around: list[NotebookNode]) -> None:
        """Runs of cells beside the questions, each the student's own or the exercise's."""
        run: list[NotebookNode] = []
        for cell in [*around, None]:
            if run and (cell is None or _own(cell) != _own(run[0])):
                own = _own(run[0])
                # Of the exercise, texts alone can be read there; what ran may say something.
                shown = [self._shown(one) for one in run if one.source.strip()]
                if shown and (own or any(one.cell_type == "code" for one in run)):
                    found.append(Around("" if own else self._named(run), shown, own))
                run = []
            if cell is not None:
                run.append(cell)
        around.clear()

    def _named(self, run: list[NotebookNode]) -> str:
        titles = dict.fromkeys(
            re.sub(r"[`*]", "", found[1]) for cell in run if cell.cell_type == "markdown"
            and (found := _TITLE.search(cell.source)))
        titles.pop(self._title, None)
        named = list(titles)
        return ", ".join(named[:2]) + (" and more" if len(named) > 2 else "") or "code"

    def _shown(self, cell: NotebookNode) -> Shown:
        own, answer = _own(cell), nbk.nbgrader_meta(cell).get("solution")
        if cell.cell_type != "code":
            label = "Your text" if own or answer else ""
            return Shown(label, cells.markdown(cell.source, cell.get("attachments")))
        label = "Your answer" if answer else "Your own cell" if own else "Code of the exercise"
        outputs = cell.get("outputs", [])
        return Shown(label, cells.code(cell.source), cell.source.count("\n") + 1,
                     cells.outputs(outputs),
                     any(output.get("output_type") == "error" for output in outputs))

    def _question(self, group: list[NotebookNode]) -> Question:
        graded = group[-1]
        meta = nbk.nbgrader_meta(graded)
        name = str(meta["grade_id"])
        mark = (self._submission.marks.get(item_id(name))
                or Mark(most=float(meta.get("points") or 0)))
        asked = nbk.question_of(graded) if nbk.is_check(graded) else None
        prompt = group[0] if len(group) > 1 and not _own(group[0]) else None
        title, text = _split(prompt.source if prompt else "")
        word, sign, tone = self._state(graded, mark, asked)
        comments = [self._submission.comments[one] for cell in group
                    if (one := nbk.nbgrader_meta(cell).get("grade_id"))
                    in self._submission.comments]
        inner = [cell for cell in (group[1:-1] if prompt else group[:-1]) if cell.source.strip()]
        made = Question(
            f"q-{re.sub(r'[^a-zA-Z0-9]+', '-', name)}", title or asked or name, word, sign, tone,
            _points(mark), cells.markdown(text) if prompt else None, asked is None,
            [self._shown(cell) for cell in inner],
            comments=[cells.markdown(one) for one in comments])
        if asked is None:
            made.shown.append(self._shown(graded))
            return made
        scored = graded.get("metadata", {}).get(nbk.META, {})
        if "credit" not in scored:  # nbgrader alone has graded it
            made.shown.append(self._shown(graded))
            return made
        made.result = _result(graded)
        if scored["credit"] < 1:
            made.again = self._places.get(asked)
            if why := self._explanation(asked):
                made.explanation = Safe(f"<p>{render.inline(why)}</p>")
        return made

    def _state(self, cell: NotebookNode, mark: Mark, asked: str | None) -> tuple[str, str, str]:
        if mark.manual is not None:
            again = ", and will be looked at again" if mark.awaits else ""
            return f"Graded by a person{again}", "✎", "person"
        scored = cell.get("metadata", {}).get(nbk.META, {})
        if asked and "state" in scored:
            word, sign, tone = _STATES.get(scored["state"], _STATES[engine.NOT_YET])
            other = [_OTHERWISE[one] for one in scored.get("misconceptions", ())
                     if one in _OTHERWISE]
            return (other[0] if other else word), sign, tone
        if mark.awaits:
            return "Waits for a person to grade it", "…", "person"
        if asked is None and not mark.auto:
            return "No answer", "○", "open"
        full = (mark.auto or 0) >= mark.most
        return _STATES[engine.RIGHT if full else engine.PARTLY if mark.auto else engine.NOT_YET]


def _points(mark: Mark) -> str:
    if mark.awaits and mark.manual is None:
        return f"up to {number(mark.most)} point{'s' * (mark.most != 1)}"
    text = f"{number(mark.points or 0)} of {number(mark.most)} " \
           f"point{'s' * (mark.most != 1)}"
    return text + (f", and {number(mark.extra)} extra" if mark.extra else "")


def _split(prompt: str) -> tuple[str, str]:
    """Title and text of a question; the points stand elsewhere on the page."""
    found = _TITLE.match(prompt.lstrip())
    if not found:
        return "", prompt
    title = re.sub(r"[`*]", "", _POINTS.sub("", found[1]))
    return title, prompt.lstrip()[found.end():].strip()


def _result(cell: NotebookNode) -> Safe | None:
    """What the check says: scoring has put it in the place of what the cell showed."""
    for output in cell.get("outputs", []):
        data: dict[str, Any] = output.get("data", {})
        if "text/html" in data:
            made = fragment("".join(data["text/html"]))
            # Its headline says what the page has said already, or a person has corrected.
            return Safe(_HEADLINE.sub("", made.html, count=1), made.styles)
    return None
