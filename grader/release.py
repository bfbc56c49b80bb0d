"""Seal: at release, write the sealed checks beside the notebook."""

from __future__ import annotations

import json
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from . import notebook as nbk
from . import unfinished
from .compile import compile_question, compiled
from .key import KeyProblem, load, topics
from .rebuild import course_directory
from .seal import FILE_NAME, seal


class Seal(NbGraderPreprocessor):
    """Check that notebook and key fit, and seal what ``check`` needs on a learner's machine."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        topic = resources["nbgrader"]["assignment"]
        course = course_directory(self)
        key = compiled(topic, Path(course.root))
        if left := unfinished.of_notebook(nb):
            raise KeyProblem(f"{topic} is not finished: {unfinished.MARK} still stands in "
                             f"{', '.join(left)}. Fill it in.")
        specs = []
        for cell in nb.cells:
            if not (nbk.is_check(cell) and (question := nbk.question_of(cell))):
                continue
            if question not in key:
                raise KeyProblem(f"The notebook asks question {question}, but the answer key "
                                 f"{topic}.yaml does not have it.")
            points = float(nbk.nbgrader_meta(cell)["points"])
            if points != key[question]["points"]:
                raise KeyProblem(f"Question {question} has {points:g} points in the notebook and "
                                 f"{key[question]['points']:g} in the answer key.")
            specs.append(key[question])
        unasked = set(key) - {spec["id"] for spec in specs}
        if unasked:
            raise KeyProblem(f"The answer key {topic}.yaml has questions that the notebook does "
                             f"not ask: {', '.join(sorted(unasked))}.")
        folder = Path(course.root) / course.format_path(course.release_directory, ".", topic)
        # nbgrader removes the old release first; a copy kept beside it lets an unchanged key
        # give the same bytes again, so that a second release changes nothing for anybody.
        kept = folder.parent.parent / "sealed" / f"{topic}.json"
        content = sealed_text(specs, kept)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(content, encoding="utf-8")
        resources["outputs"] = {**(resources.get("outputs") or {}), FILE_NAME: content.encode()}
        return nb, resources


def sealed_text(specs: list[dict], earlier: Path) -> str:
    """Text of ``checks.json`` for these compiled questions."""
    try:
        existing = json.loads(earlier.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        existing = None
    return json.dumps(seal(specs, existing), indent=1, ensure_ascii=False) + "\n"


def _lesson_sheet(path: Path) -> str:
    _require_keys(path)
    specs = [compile_question(q) for topic in topics() for q in load(topic).lesson_questions]
    return sealed_text(specs, path)


def _require_keys(path: Path) -> None:
    """Raise :class:`KeyProblem` when a sheet has questions of a lesson whose key is gone: sealed
    anew, it would lose them."""
    try:
        sealed = json.loads(path.read_text(encoding="utf-8"))["questions"]
        numbers = {question[1:3] for question in sealed}
    except (OSError, ValueError, KeyError, TypeError):
        return  # then there is nothing to lose
    known = topics()
    for lesson in sorted(path.parent.glob("[0-9][0-9]-*.ipynb")):
        if lesson.stem[:2] in numbers and lesson.stem not in known:
            load(lesson.stem)


def lesson_sheet_is_current(root: Path) -> bool:
    """Whether ``notebooks/checks.json`` was sealed from the present key."""
    path = root / "notebooks" / FILE_NAME
    return path.is_file() and path.read_text(encoding="utf-8") == _lesson_sheet(path)


def write_lesson_sheet(root: Path) -> bool:
    """Seal the lessons' self-checks (committed with the lessons) when the key has changed."""
    if not (root / "notebooks").is_dir() or lesson_sheet_is_current(root):
        return False
    path = root / "notebooks" / FILE_NAME
    path.write_text(_lesson_sheet(path), encoding="utf-8")
    return True
