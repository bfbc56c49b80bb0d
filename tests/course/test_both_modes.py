"""A learner without the articles gets what a learner with them gets."""

from __future__ import annotations

import pytest
from course_tools import EXERCISES, LESSONS, cells, records


@pytest.mark.parametrize("name", [path.stem for path in EXERCISES])
def test_answers_are_the_same(ran, name):
    """Solutions that count in the texts would differ from those that count in the tables."""
    one, other = (
        {question: answer for question, answer, _ in records(ran("solved", name, mode))}
        for mode in ("digests", "texts"))
    assert len(one) >= 9 and one == other


@pytest.mark.parametrize("name", [path.stem for path in LESSONS])
def test_lesson_checks_say_the_same(ran, name):
    one, other = (records(ran("lesson", name, mode)) for mode in ("digests", "texts"))
    assert one and one == other


@pytest.mark.parametrize("name", [path.stem for path in LESSONS])
def test_lessons_compute_the_same(ran, name):
    """Figures and counts of a lesson, about which its prose speaks, are the same for everybody.

    Passages, reading desks and the list of copies are what the modes are for.
    """
    def shown(mode: str) -> dict[str, list[str]]:
        return {cell["id"]: [_shown(output) for output in cell["outputs"]]
                for cell in cells(ran("lesson", name, mode), "code")
                if not any(word in cell["source"] for word in
                           ("corpus.passage", "PassageReader(", "library.status", "progress()"))}

    one, other = shown("digests"), shown("texts")
    differing = {key for key in one if one[key] != other[key]}
    assert len(one) >= 8 and not differing


def _shown(output: dict) -> str:
    if output["output_type"] == "error":
        return output["evalue"]
    data = output.get("data", {})
    return output.get("text") or data.get("text/plain", "")
