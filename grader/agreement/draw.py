"""Draw a shared sample of one written task, the same for all graders, without names."""

from __future__ import annotations

import csv
import html
import random
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from .. import notebook as nbk
from .. import roster
from ..by_hand import queue
from ..canonical import sound
from ..course import Course, CourseProblem
from ..spreadsheet import table
from . import worksheet
from .rubric import Task, find

#: Who wrote which answer; not for graders.
KEY, PAGE = "who-is-who.csv", "answers.html"
FEWEST = 2


@dataclass(frozen=True)
class Drawn:
    """What was drawn: the folder, how many answers of how many, and codes that name a student."""

    folder: Path
    size: int
    answers: int
    naming: list[str]


def folder(course: Course, item: str) -> Path:
    """Where the sample of a task lies."""
    return course.classroom / "agreement" / item


def draw(course: Course, item: str, size: int, graders: int, seed: int) -> Drawn:
    """Write worksheets, the page with prompt, rubric and answers, and who is who.

    Answers that were left empty are not drawn. The same seed draws the same answers of the same
    class. Raises :class:`CourseProblem`, and leaves what is there as it is.
    """
    task = find(course, item)
    target = folder(course, item)
    if target.exists():
        raise CourseProblem(f"A sample of {item} was drawn already; its worksheets are in "
                            f"{target.relative_to(course.root)}/. Move that folder away to draw "
                            "another one.")
    texts = _texts(course, task)
    if len(texts) < FEWEST:
        raise CourseProblem(f"{len(texts)} answers to {item} are graded by machine and not empty; "
                            f"two graders need at least {FEWEST} (run `grader grade` first).")
    chosen = random.Random(f"{seed}/{item}").sample(sorted(texts), min(size, len(texts)))
    codes = {f"A{number:02d}": student for number, student in enumerate(chosen, start=1)}
    naming = _naming(course, {code: (student, texts[student]) for code, student in codes.items()})
    new = target.with_name(f"{item}.new")
    try:
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        for number in range(1, graders + 1):
            (new / f"grader-{number}.csv").write_bytes(worksheet.empty(task, list(codes)))
        (new / PAGE).write_text(page(task, {code: texts[student]
                                            for code, student in codes.items()}),
                                encoding="utf-8")
        (new / KEY).write_bytes(table(["answer", "student"], codes.items()))
        new.rename(target)
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        raise CourseProblem(f"{target} cannot be written ({error.strerror}); nothing was drawn."
                            ) from None
    return Drawn(target, len(codes), len(texts), naming)


def drawn(course: Course, item: str) -> dict[str, str]:
    """Who wrote which answer of the sample: code → student."""
    path = folder(course, item) / KEY
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = {row["answer"]: row["student"].removeprefix("'")
                     for row in csv.DictReader(file)}
    except (OSError, KeyError, UnicodeDecodeError):
        found = {}
    if not found:
        raise CourseProblem(f"There is no sample of {item}: {path} holds no answers. Draw one with "
                            f"`grader agreement draw {item}`.")
    return found


def _texts(course: Course, task: Task) -> dict[str, str]:
    """What was written, by student, as the graded notebooks have it."""
    [found] = queue(course, [task.exercise], task.item)
    texts = {}
    for work in found.answers:
        if not work.number or not work.awaits and work.manual is None:
            continue  # nothing was written, so the machine gave 0
        path = course.folder("autograded", task.exercise, work.student) / f"{task.exercise}.ipynb"
        nb = nbformat.read(path, as_version=4)
        text = next((cell.source for cell in nb.cells
                     if nbk.nbgrader_meta(cell).get("grade_id") == task.cell), "")
        if text.strip():
            texts[work.student] = text
    return texts


def _naming(course: Course, answers: dict[str, tuple[str, str]]) -> list[str]:
    """Codes of the answers in which an id or a name of their writer stands."""
    with course.gradebook() as book:
        names = {one.id: {one.id, one.first_name, one.last_name} for one in book.students}
    for student, _ in answers.values():  # behind a pseudonym, too
        person = roster.real(course, student)
        names.setdefault(student, set()).update(
            (person.student, person.first_name, person.last_name))
    return [code for code, (student, text) in answers.items()
            if any(name and len(name) > 2 and name.casefold() in text.casefold()
                   for name in names[student])]


_STYLE = """
:root{color-scheme:light dark}
body{max-width:46rem;margin:0 auto;padding:1rem;font:1rem/1.5 system-ui,sans-serif;
overflow-wrap:anywhere}
.answer{white-space:pre-wrap;border:1px solid;border-radius:.3rem;padding:.7rem}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem}
th,td{border:1px solid;padding:.3rem;text-align:start;vertical-align:top;overflow-wrap:normal}
@media print{section{break-inside:avoid}}
"""


# A wide table scrolls by itself, with the keyboard too.
_TABLE = '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>'


def page(task: Task, answers: dict[str, str]) -> str:
    """Prompt, rubric and answers as one page without script; answers are shown as typed."""
    prompt = _lower(markdown2html_mistune(task.prompt)).replace("<table>", _TABLE).replace(
        "</table>", "</table></div>")
    parts = [f'<section><h2 id="{code}">{code}</h2><div class="answer" dir="auto">'
             f"{html.escape(sound(text))}</div></section>" for code, text in answers.items()]
    return ('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            "style-src 'unsafe-inline'\">\n"
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{task.item}: answers to grade</title><style>{_STYLE}</style></head><body>\n"
            f"<main><h1>{task.item}: {len(answers)} answers to grade</h1>\n"
            "<p>Grade alone, with the rubric, in the order of your worksheet. Fill in a number in "
            "every cell; talk about it afterwards.</p>\n"
            f"<section>{prompt}</section>\n{''.join(parts)}</main></body></html>\n")


def _lower(prompt: str) -> str:
    """The prompt with its own headings right below the page's one."""
    prompt = re.sub(r'<a class="anchor-link".*?</a>', "", prompt)  # nbconvert's links to itself
    levels = sorted(set(re.findall(r"<h([1-6])", prompt)))
    return re.sub(r"(</?h)([1-6])", lambda tag: f"{tag[1]}{levels.index(tag[2]) + 2}", prompt)
