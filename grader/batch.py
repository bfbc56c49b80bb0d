"""Many submissions in one go, with a progress bar: what the command and the demo share."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from .course import Course, CourseProblem, Outcome


def bar(console: Console) -> Progress:
    """The progress bar of every long command."""
    return Progress(TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(),
                    TimeRemainingColumn(), console=console)


def grade_all(course: Course, work: list[tuple[str, str]], progress: Progress,
              force: bool = False) -> list[Outcome]:
    """Grade (assignment, student) pairs one after the other; each ends in an outcome."""
    task = progress.add_task("Grade", total=len(work))
    outcomes = []
    for assignment, student in work:
        outcomes.append(course.grade(assignment, student, force))
        progress.advance(task)
    return outcomes


def tally(outcomes: list[Outcome]) -> str:
    """How many submissions ended in which state, as one sentence."""
    counts = Counter(outcome.state for outcome in outcomes)
    return ", ".join(f"{n} {state}" for state, n in sorted(counts.items())) + "."


def feedback_all(course: Course, work: list[tuple[str, str]], progress: Progress) -> list[str]:
    """Write feedback pages in two processes (they only read the gradebook); return problems."""
    task = progress.add_task("Feedback", total=len(work))
    problems = []
    with ProcessPoolExecutor(max_workers=2) as pool:
        for problem in pool.map(_feedback, [(course.root, a, s) for a, s in work], chunksize=4):
            problems += [problem] if problem else []
            progress.advance(task)
    return problems


def _feedback(job: tuple[Path, str, str]) -> str:
    root, assignment, student = job
    try:
        Course(root).feedback(assignment, student)
    except CourseProblem as error:
        return f"{assignment}, {student}: {error}"
    return ""
