"""Writing the cells and the key entry of a new question; all of it or nothing."""

from __future__ import annotations

import json
import keyword
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..course import CourseProblem
from ..key import FOLDER, KeyProblem, topics
from ..key_file import read_yaml
from ..unfinished import MARK
from . import templates

ID = re.compile(r"(L?)(\d\d)\.([1-9]\d?)")
TASK = re.compile(r"(\d\d)\.R([1-9])")
_POINTS = re.compile(r"(\| Points \| )([\d.]+)( checked by machine, )([\d.]+)( by your instructor)")
#: Kinds of cell, with nbgrader's fields (grade, solution, locked).
_ROLES = {"prompt": (False, False, True), "answer": (False, True, False),
          "check": (True, False, True), "rubric-prompt": (False, False, True),
          "rubric": (True, True, False)}


@dataclass(frozen=True)
class New:
    """What a new question is to be.

    Attributes
    ----------
    id : str
        ``04.14``, ``L04.10`` (a self-check of a lesson) or ``04.R2`` (a written task).
    kind : str
        One of `templates.KINDS`, or ``written``.
    title, variable : str
        Empty: marked, to be filled in; and ``answer_04_14``.
    points : float or None
        None: 2; 9 for a written task; 0 for a self-check.
    level : str
        Of Bloom's taxonomy, as the key has them.
    after : str
        The question after which it comes; empty: after the last one.
    """

    id: str
    kind: str
    title: str = ""
    variable: str = ""
    points: float | None = None
    level: str = "apply"
    after: str = ""

    @property
    def number(self) -> str:
        """``04-14``, as the ids of cells have it."""
        return self.id.replace(".", "-")


def add(root: Path, new: New, folder: Path = FOLDER) -> list[str]:
    """Write a question into its notebook and, unless a person grades it, into the key.

    Parameters
    ----------
    root : Path
        The course folder.
    new : New
    folder : Path
        Where the keys are.

    Returns
    -------
    list of str
        What was written, and what comes next; one sentence each.

    Raises
    ------
    CourseProblem, KeyProblem
        When something does not fit; nothing is written then.
    """
    topic, room = _place(new, folder)
    notebook = root / ("notebooks" if room == "lesson" else f"exercises/{topic}") / f"{topic}.ipynb"
    if not notebook.is_file():
        raise CourseProblem(f"There is no notebook {notebook.relative_to(root)} to write question "
                            f"{new.id} into.")
    points = _points(new, room)
    document = json.loads(notebook.read_text(encoding="utf-8"))
    cells = _cells(new, room, points)
    ids = {cell["id"] for cell in document["cells"]}
    if taken := [cell["id"] for cell in cells if cell["id"] in ids]:
        raise CourseProblem(f"{notebook.relative_to(root)} already has a cell {taken[0]}; give "
                            "another number.")
    at = _where(document["cells"], new, room)
    document["cells"][at:at] = cells
    if room != "lesson":
        _count(document["cells"][0], new, points)
    files = {notebook: json.dumps(document, indent=1, ensure_ascii=False) + "\n"}
    if new.kind != templates.WRITTEN:
        key = folder / f"{topic}.yaml"
        made = templates.entry(new.id, new.kind, new.title or f"{MARK} a title",
                               _variable(new), points, new.level)
        files[key] = _listed(key.read_text(encoding="utf-8"), made,
                             "lesson_questions" if room == "lesson" else "questions")
    _write(files)
    return _told(root, new, files, cells, topic)


def _told(root: Path, new: New, files: dict, cells: list, topic: str) -> list[str]:
    where = [str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
             for path in files]
    told = [f"{where[0]}: cells {', '.join(cell['id'] for cell in cells)}."]
    if len(where) > 1:
        told.append(f"{where[1]}: an entry for {new.id}, kind {new.kind}.")
    return [*told, f"Fill in what is marked {MARK}; `grader new todo {topic}` says what is "
                   "missing. Until then the topic can be neither released nor graded."]


def _place(new: New, folder: Path) -> tuple[str, str]:
    """Topic, and whether it goes to its lesson, its exercise or among the written tasks."""
    pattern, example = (TASK, "04.R2") if new.kind == templates.WRITTEN else (ID, "04.14 or L04.10")
    found = pattern.fullmatch(new.id)
    if not found:
        raise CourseProblem(f"{new.id!r} is no id of a question of kind {new.kind}: write it as "
                            f"{example}.")
    if new.kind not in (*templates.KINDS, templates.WRITTEN):
        raise CourseProblem(f"There is no kind of question {new.kind!r}; there are "
                            f"{', '.join([*templates.KINDS, templates.WRITTEN])}.")
    number = new.id.removeprefix("L")[:2]
    named = [topic for topic in topics(folder) if topic.startswith(f"{number}-")]
    if not named:
        raise CourseProblem(f"There is no topic {number}; there are "
                            f"{', '.join(topic[:2] for topic in topics(folder))}.")
    room = "task" if new.kind == templates.WRITTEN else "lesson" if found[1] else "exercise"
    if room != "task":
        asked = _entries(folder / f"{named[0]}.yaml")
        if new.id in asked:
            before, _, _ = new.id.partition(".")
            last = max(int(name.partition(".")[2]) for name in asked
                       if name.startswith(f"{before}."))
            raise CourseProblem(f"Question {new.id} is there already; the next free id is "
                                f"{before}.{last + 1}.")
        if (variable := _variable(new)) in asked.values():
            raise CourseProblem(f"Another question of {named[0]} asks for `{variable}` already; "
                                "give another --variable.")
    if new.level not in ("remember", "understand", "apply", "analyse", "evaluate", "create"):
        raise CourseProblem(f"There is no level {new.level!r}; there are remember, understand, "
                            "apply, analyse, evaluate and create.")
    return named[0], room


def _entries(path: Path) -> dict[str, str]:
    """Names of answers by question, of a key that need not be finished yet."""
    try:
        raw = read_yaml(path)
        return {q["id"]: q.get("variable", "") for part in ("questions", "lesson_questions")
                for q in raw.get(part) or []}
    except (OSError, ValueError, AttributeError, TypeError, KeyError):
        raise KeyProblem(f"The answer key {path.name} cannot be read; mend it before you add a "
                         "question.") from None


def _variable(new: New) -> str:
    name = new.variable or f"answer_{new.id.lower().replace('.', '_')}"
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise CourseProblem(f"{name!r} cannot be the name of an answer: use small letters, digits "
                            "and underscores, beginning with a letter.")
    return name


def _points(new: New, room: str) -> float:
    if room == "lesson":
        if new.points:
            raise CourseProblem("A self-check of a lesson carries no points; leave out --points.")
        return 0
    points = new.points if new.points is not None else 9 if room == "task" else 2
    if not 0 < points <= 1000 or room == "task" and points % 3:
        raise CourseProblem(f"{points:g} points do not fit: give "
                            + ("3 for each criterion of the rubric, such as 9." if room == "task"
                               else "more than 0 and at most 1000."))
    return points


# --- cells -------------------------------------------------------------------------------

def _cells(new: New, room: str, points: float) -> list[dict]:
    title = new.title or f"{MARK} a title"
    if room == "task":
        number = f"{new.id[:2]}-{new.id[-1]}"
        prompt, model = templates.rubric(new.id, title, points)
        return [_cell("markdown", f"rubric-prompt-{number}", "rubric-prompt", prompt),
                _cell("markdown", f"rubric-{number}", "rubric", model, points)]
    name = _variable(new)
    if room == "lesson":
        asked = (f"### Your turn: {new.id}\n\n{MARK}: ask in one or two sentences. Values: "
                 f"{templates.KINDS[new.kind].give}")
        stub = f"def {name}(x):\n    ..." if new.kind == "function" else f"{name} = ..."
        number = new.number.lower()
        return [_plain("markdown", f"try-{number}", asked),
                _plain("code", f"check-{number}", f'{stub}\ncheck("{new.id}", {name})',
                       {"tags": ["raises-exception"]})]
    return [_cell("markdown", f"prompt-{new.number}", "prompt",
                  templates.prompt(new.id, new.kind, title, name, points)),
            _cell("code", f"answer-{new.number}", "answer", templates.answer(new.kind, name)),
            _cell("code", f"check-{new.number}", "check", f'check("{new.id}", {name})', points)]


def _plain(kind: str, name: str, text: str, metadata: dict | None = None) -> dict:
    cell = {"cell_type": kind, "id": name, "metadata": metadata or {},
            "source": text.splitlines(keepends=True)}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return dict(sorted(cell.items()))


def _cell(kind: str, name: str, role: str, text: str, points: float | None = None) -> dict:
    grade, solution, locked = _ROLES[role]
    meta = {"grade": grade, "grade_id": name, "locked": locked, "schema_version": 3,
            "solution": solution, "task": False}
    if points is not None:
        meta["points"] = int(points) if points == int(points) else points
    metadata: dict = {"nbgrader": dict(sorted(meta.items()))}
    if role == "check":
        metadata["tags"] = ["raises-exception"]  # a wrong answer must not stop "Run All"
    return _plain(kind, name, text, metadata)


def _where(cells: list[dict], new: New, room: str) -> int:
    """The position at which the new cells go."""
    ids = [cell["id"] for cell in cells]
    if new.after:
        last = f"rubric-{new.after[:2]}-{new.after[-1]}" if TASK.fullmatch(new.after) else \
            f"check-{new.after.replace('.', '-')}"
        if last not in ids:
            raise CourseProblem(f"There is no question {new.after} in this notebook to put "
                                f"{new.id} after.")
        return ids.index(last) + 1
    if room == "lesson":
        heads = [at for at, cell in enumerate(cells)
                 if "".join(cell["source"]).startswith("## What can this not tell us?")]
        return heads[0] if heads else len(cells)
    last = [at for at, name in enumerate(ids) if name.startswith(
        ("check-", "rubric-") if room == "task" else "check-")]
    return last[-1] + 1 if last else max(1, len(cells) - 1)


def _count(intro: dict, new: New, points: float) -> None:
    """Add the points to the sum that the introduction gives, where it has the usual form."""
    def more(found: re.Match) -> str:
        machine, person = float(found[2]), float(found[4])
        if new.kind == templates.WRITTEN:
            person += points
        else:
            machine += points
        return f"{found[1]}{machine:g}{found[3]}{person:g}{found[5]}"

    text = _POINTS.sub(more, "".join(intro["source"]), count=1)
    intro["source"] = text.splitlines(keepends=True)


# --- the key, and writing ----------------------------------------------------------------

def _listed(text: str, made: str, part: str) -> str:
    """The key's text with one more entry at the end of a list; every other line as it was."""
    lines = text.splitlines(keepends=True)
    begin = next((n for n, line in enumerate(lines) if line.startswith(f"{part}:")), None)
    if begin is None:
        return f"{text.rstrip()}\n\n{part}:\n{made}"
    if lines[begin].split("#")[0].strip() == f"{part}: []":
        lines[begin] = f"{part}:\n"
    end = next((n for n in range(begin + 1, len(lines)) if re.match(r"[A-Za-z_]", lines[n])),
               len(lines))
    while end > begin + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    if not lines[end - 1].endswith("\n"):
        lines[end - 1] += "\n"
    return "".join([*lines[:end], "\n", made, *lines[end:]])


def _write(files: dict[Path, str]) -> None:
    """Write all files or none: they are made beside the old ones and then renamed."""
    made: list[tuple[str, Path]] = []
    try:
        for path, text in files.items():
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            made.append((name, path))
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).chmod(path.stat().st_mode & 0o777)
        for name, path in made:
            Path(name).replace(path)
    except OSError as error:
        raise CourseProblem(f"{error.filename or 'A file'} cannot be written: {error.strerror}; "
                            "what was there has stayed.") from None
    finally:
        for name, _ in made:
            Path(name).unlink(missing_ok=True)
