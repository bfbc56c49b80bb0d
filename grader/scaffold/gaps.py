"""What a topic still lacks before it can be released, in sentences: key, exercise and lesson."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import nbformat

from .. import notebook as nbk
from ..key import FOLDER, KeyProblem, load
from ..lint import guessable
from . import key_gaps, notebook_gaps


def of_topic(root: Path, topic: str, folder: Path = FOLDER) -> Iterator[str]:
    """Everything that a topic lacks; nothing when it can be released and graded.

    Parameters
    ----------
    root : Path
        The course folder.
    topic : str
        Such as ``04-timeline``.
    folder : Path
        Where the keys are.

    Yields
    ------
    str
        One sentence for each thing.
    """
    exercise = _notebook(root / "exercises" / topic / f"{topic}.ipynb")
    lesson = _notebook(root / "notebooks" / f"{topic}.ipynb")
    try:
        key = load(topic, folder)
    except KeyProblem as problem:
        yield str(problem)
        # The key is refused as a whole; what can be said of the cells alone is said all the same.
        for notebook, look in ((exercise, notebook_gaps.of_exercise),
                               (lesson, notebook_gaps.of_lesson)):
            yield from look(notebook, {}) if notebook else ()
        return
    sections = notebook_gaps.sections(lesson) if lesson else set()
    for q in key.questions + key.lesson_questions:
        yield from key_gaps.of_question(q, sections)
    if exercise:
        yield from notebook_gaps.of_exercise(exercise, {q.id: q for q in key.questions})
        readable = nbformat.read(root / "exercises" / topic / f"{topic}.ipynb", as_version=4)
        for q in key.questions:
            yield from guessable(q, nbk.prompt(readable, q.id))
    elif key.questions:
        yield f"There is no exercise exercises/{topic}/{topic}.ipynb."
    if lesson:
        yield from notebook_gaps.of_lesson(lesson, {q.id: q for q in key.lesson_questions})


def _notebook(path: Path) -> dict | None:
    """A notebook as its file has it: a reader that repairs would hide what is looked for."""
    if not path.is_file():
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise KeyProblem(f"{path.name} cannot be read as a notebook; take it from the course's "
                         "repository again.") from None
