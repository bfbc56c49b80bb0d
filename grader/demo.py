"""`grader demo`: a whole class on this machine, from release to feedback."""

from __future__ import annotations

import shutil
import time
from collections import Counter

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from . import sample
from .batch import grade_all
from .course import Course, CourseProblem
from .feedback.of_class import feedback_all
from .gradebook_url import ENVIRONMENT, is_own_file, shown
from .meter import Meter, bar
from .outcome import NOT_GRADED, Outcome, missing, tally

#: What later commands write about a whole class: of a demo cleared with it, of a real class kept.
_ABOUT_A_CLASS = ("report", "exports", "agreement", "moved.csv")


def make_room(course: Course) -> None:
    """Empty an earlier demo's classroom; refuse to touch anything that is not a demo."""
    room = course.classroom
    if not is_own_file(course.directory().db_url, room):
        raise CourseProblem(
            f"The gradebook of this course is {shown(course.directory().db_url)}, which the demo "
            "would fill and clear; nothing was changed. Run the demo in a copy of the course "
            f"without `gradebook:` in class.yaml and without {ENVIRONMENT}.")
    ours = sample.marker(course).is_file()
    taken = {path.name for step in ("submitted", "autograded", "feedback")
             for path in (room / step).glob("*") if path.is_dir()}
    if (room / "gradebook.db").is_file():
        with course.gradebook() as book:
            taken |= {student.id for student in book.students}
            if not ours:
                taken |= {f"{a.name}, due {a.duedate:%Y-%m-%d}"
                          for a in book.assignments if a.duedate}
    if not ours:
        taken |= {name for name in _ABOUT_A_CLASS if (room / name).exists()}
    real = sorted(name for name in taken if not name.startswith(sample.PREFIX))
    if real:
        more = " …" if len(real) > 3 else ""
        raise CourseProblem(
            f"classroom/ holds a class already ({'; '.join(real[:3])}{more}), and the demo would "
            "mix with it; nothing was changed. Copy the course to another folder and run the demo "
            "there, or move classroom/ away.")
    if ours:
        for name in ("release", "submitted", "autograded", "feedback", "sealed", "collected",
                     "gradebook.db", "roster.csv", *_ABOUT_A_CLASS):
            if (path := room / name).is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        for path in room.glob(f"logs/*/{sample.PREFIX}*.log"):
            path.unlink()


def run(course: Course, size: int, seed: int, console: Console,
        assignments: list[str] | None = None) -> bool:
    """Play the class in these exercises (default: all); returns whether every score is as the
    banks predict."""
    start = time.monotonic()
    with course.alone():
        samples, outcomes, problems = _play(course, size, seed, console,
                                            assignments or course.assignments())
    wrong = _report(course, samples, outcomes, console)
    for problem in problems:
        console.print(f"[bold]No feedback page:[/] {escape(problem)}")
    console.print(f"Took {time.monotonic() - start:.0f} seconds.")
    return not wrong and not problems


def _play(course: Course, size: int, seed: int, console: Console,
          assignments: list[str]) -> tuple[list[sample.Sample], list[Outcome], list[str]]:
    make_room(course)
    sample.marker(course).write_text(sample.LABEL + "\nRemove with `grader demo --remove`.\n")
    samples = []
    with bar(console) as progress:
        task = progress.add_task("Release", total=len(assignments))
        for assignment in assignments:
            course.release(assignment)
            progress.advance(task)
        task = progress.add_task("Synthetic submissions", total=len(assignments) * size)
        with course.gradebook() as book:
            for number in range(1, size + 1):
                book.update_or_create_student(sample.student_id(number), first_name="Synthetic",
                                              last_name=f"Student {number:02d}")
            for assignment in assignments:
                # nbgrader keeps due dates in UTC without a zone.
                book.update_or_create_assignment(
                    assignment, duedate=sample.DUE.replace(tzinfo=None))
                samples += sample.make(course, assignment, size, seed)
                progress.advance(task, size)
        # These submissions are ours: they may run without a protection that is missing here.
        course.allow(["all"])
        outcomes = grade_all(course, [(s.assignment, s.student) for s in samples],
                             report=Meter(console, len(samples), progress))
        made = feedback_all(course, [(o.assignment, o.student) for o in outcomes
                                     if o.state != NOT_GRADED], progress)
    return samples, outcomes, made.problems


def _report(course: Course, samples: list, outcomes: list[Outcome], console: Console) -> list:
    """Print the class and what to look at next; return the submissions with a wrong score."""
    wrong, rows = [], {}
    found = {a: sample.scores(course, a) for a in {s.assignment for s in samples}}
    for s in samples:
        got = found[s.assignment].get(s.student, {})
        if got != s.expected:
            wrong.append(s)
        rows.setdefault(s.student, {})[s.assignment] = (s, round(sum(got.values()), 2))
    assignments = sorted(found)
    # Without lines between the columns: eight exercises fit on 80 characters.
    table = Table(title="A synthetic class (no real students): points in each exercise",
                  box=box.SIMPLE_HEAD, pad_edge=False, padding=0)
    table.add_column("student", no_wrap=True)
    for assignment in assignments:
        table.add_column(assignment.partition("-")[0], justify="right", no_wrap=True)
    table.add_column("what is special")
    for student, by in rows.items():
        kinds = {s.kind for s, _ in by.values()} - {"ordinary"}
        table.add_row(student, *[f"{by[a][1]:g}" for a in assignments], ", ".join(kinds))
    console.print(table)
    console.print(tally(outcomes))
    if names := missing(outcomes):
        console.print(f"This machine lacks protections ({', '.join(names)}). The demo needs none, "
                      "for its notebooks are our own; `grader doctor` says what a class needs.")
    for s in wrong:
        got = found[s.assignment].get(s.student, {})
        console.print(f"[bold]Not as predicted:[/] {s.student} {s.assignment} ({s.kind}): "
                      f"{ {q: (got.get(q), p) for q, p in s.expected.items() if got.get(q) != p} }")
    console.print(f"{len(samples) - len(wrong)} of {len(samples)} submissions have exactly the "
                  "points that the answer banks predict (automatic points; the written tasks "
                  "await manual grading).")
    for assignment in assignments:
        _hardest(assignment, found[assignment], console)
    console.print("Where to look next:\n"
                  "  classroom/feedback/synthetic-01/   a student's feedback page\n"
                  "  make lab-instructor, then Nbgrader → Formgrader: manual grading, by question\n"
                  "  grader report                      how the class does, question by question\n"
                  "  grader demo --remove               clears all this away")
    return wrong


def _hardest(assignment: str, found: dict, console: Console) -> None:
    best: dict[str, float] = {}
    full = Counter()
    for scores in found.values():
        for question, points in scores.items():
            full[question] += points or 0
            best[question] = max(best.get(question, 0), points or 0)
    rates = sorted((full[q] / (best[q] * len(found)), q) for q in best if best[q])
    if rates:
        console.print(f"{assignment}: hardest " + ", ".join(f"{q} ({rate:.0%})"
                                                            for rate, q in rates[:3]) + ".")


def remove(course: Course) -> None:
    """Clear a demo away; refuse when ``classroom/`` is not a demo."""
    if not sample.marker(course).is_file():
        raise CourseProblem("classroom/ holds no demo, so there is nothing to remove.")
    with course.alone():
        make_room(course)
        sample.marker(course).unlink()
