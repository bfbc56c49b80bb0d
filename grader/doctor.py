"""`grader doctor`: what is in place, what is not, and what to do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from . import apply_settings, roster, settings
from .course import Course, CourseProblem
from .editions import bundle
from .gradebook_url import shown
from .key import KeyProblem, topics
from .release import lesson_sheet_is_current
from .scaffold.gaps import of_topic

Finding = tuple[bool, str, str]


def examine(course: Course) -> Iterator[Finding]:
    """Yield (ok, what was looked at, one sentence) for everything that grading needs."""
    yield (sys.version_info >= (3, 11), "Python", f"{sys.version.split()[0]} (3.11 or newer)")
    yield _packages(course.root / "requirements.txt")
    yield from _keys(course)
    yield _settings(course)
    yield _lessons(course.root)
    yield from _releases(course)
    yield _bundle(course)
    yield _gradebook(course)
    yield _roster(course)
    yield _executor()
    yield from _protections(course)
    from reader.corpus import articles, has_text
    texts = [a for a in articles()["article"] if has_text(a)]
    yield True, "texts", (f"your copies of {', '.join(texts)} are there" if texts else
                          "no copies of the articles; digests and phrases are shown (that is fine)")


def _packages(pins: Path) -> Finding:
    wrong = []
    for line in pins.read_text().splitlines() if pins.is_file() else []:
        found = re.match(r"([A-Za-z0-9_.-]+)==([^\s;]+)", line)
        if not found:
            continue
        try:
            have = metadata.version(found[1])
        except metadata.PackageNotFoundError:
            have = "missing"
        if have != found[2]:
            wrong.append(f"{found[1]} {have} (tested: {found[2]})")
    return not wrong, "packages", ("as in requirements.txt" if not wrong else
                                   "; ".join(wrong[:5]) + ": run `make course` again")


def _keys(course: Course) -> Iterator[Finding]:
    for topic in sorted({*topics(), *course.assignments()}):
        found = list(of_topic(course.root, topic))
        more = f" (and {len(found) - 3} more: `grader new todo {topic}`)" if len(found) > 3 else ""
        yield (not found, f"topic {topic}", "key, exercise and lesson agree, banks hold, and "
               "guessing earns next to nothing" if not found else " ".join(found[:3]) + more)


def _lessons(root: Path) -> Finding:
    try:
        current = lesson_sheet_is_current(root)
    except KeyProblem as problem:
        return False, "lessons", f"self-checks cannot be sealed: {problem}"
    return current, "lessons", ("self-checks are sealed from the present key" if current else
                                "notebooks/checks.json is older than the key; run `grader release`")


def _settings(course: Course) -> Finding:
    if not (course.root / settings.FILE).is_file():
        return True, settings.FILE, "there is none; everything is as the key has it"
    try:
        found = list(settings.faults(course))
    except KeyProblem as problem:
        found = [str(problem)]
    return not found, settings.FILE, found[0] if found else "sound"


def _releases(course: Course) -> Iterator[Finding]:
    try:
        behind = apply_settings.behind(course, course.assignments())
    except Exception:  # the findings on settings, key and gradebook say why
        behind = []
    for name in course.assignments():
        folder = course.folder("release", name)
        notebook, source = folder / f"{name}.ipynb", course.folder("source", name) / f"{name}.ipynb"
        if not notebook.is_file():
            yield True, f"release {name}", "not released yet (`grader release`)"
        else:
            fresh = notebook.stat().st_mtime >= source.stat().st_mtime
            said = ("older than its source; run `grader release`" if not fresh else
                    f"not as {settings.FILE} has it; run `grader release {name}`"
                    if name in behind else "released")
            yield said == "released", f"release {name}", said


def _bundle(course: Course) -> Finding:
    names = bundle.published(course)
    if not names:
        return True, "bundle", "no students' bundle yet (`grader release`)"
    old = bundle.behind(course)
    return not old, "bundle", (
        f"the students' bundle has {', '.join(names)}" if not old else
        f"the students' bundle has another {', '.join(old)} than classroom/release/; run `grader "
        f"release {' '.join(old)}`")


def _gradebook(course: Course) -> Finding:
    try:
        with course.gradebook() as book:
            where = shown(course.directory().db_url)
            return True, "gradebook", f"{len(book.students)} students in {where}"
    except CourseProblem as problem:
        return False, "gradebook", str(problem)
    except Exception as error:
        return False, "gradebook", f"cannot be opened: {' '.join(str(error).split())[:160]}"


def _roster(course: Course) -> Finding:
    try:
        known, hidden = roster.people(course), roster.pseudonymous(course)
    except (CourseProblem, KeyProblem) as problem:
        return False, "roster", str(problem)
    path = roster.private_file(course)
    if hidden and path.is_file() and path.stat().st_mode & 0o077:
        return False, "roster", (f"others on this machine may read {path}, which says who is meant "
                                 "by the made-up ids; run `chmod 600` on it")
    return True, "roster", (f"{len(known)} students" + " with made-up ids" * hidden if known else
                            "nobody yet (`grader roster FILE`)")


def _protections(course: Course) -> Iterator[Finding]:
    """What a notebook could do here, found out by trying it in a process of its own."""
    from .execution.sandbox import PROTECTIONS

    done = subprocess.run(
        [sys.executable, "-m", "grader.execution.sandbox", str(course.root / "classroom"),
         str(course.root / "exercises")], capture_output=True, text=True, timeout=120)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        found = {"failed": done.stderr.strip().rpartition("\n")[2]}
    if "failed" in found:
        yield False, "sandbox", found["failed"]
        return
    yield True, "sandbox", found["way"]
    for name, stops in PROTECTIONS.items():
        acts = found["missing"].get(name)
        yield (not acts, f"protection {name}", stops if not acts else
               f"{'; '.join(acts)}: grading needs --allow-unprotected {name}")
    if found["advice"]:
        yield False, "sandbox", " ".join([found["advice"], *found["notes"]])


def _executor() -> Finding:
    from .execution import client
    from .execution.protocol import Request

    if not hasattr(__import__("os"), "fork"):
        return True, "executor", "kernel (no fork on this platform; grading is slower)"
    try:
        # Which protections are missing is found out by _protections.
        outputs = client.run(Request(((0, "6 * 7"),), allow_unprotected=frozenset({"all"}))).outputs
    except (RuntimeError, OSError) as error:
        return False, "executor", str(error)
    text = outputs.get(0, [{}])[0].get("data", {}).get("text/plain")
    return text == "42", "executor", "fork" if text == "42" else "a test cell gave no result"
