"""What an earlier grading left in a graded notebook: is it still good, and what was answered?

A graded notebook says what its grade rests on: the submission, the release, the key, and what
was saved in the gradebook. Where only the key is another one now, the answers that were
recorded are scored again, and nothing has to run.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING, Any

import nbformat
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files
from traitlets.config import Config

from . import intake, settings
from . import notebook as nbk
from .canonical import MIME
from .compile import compiled
from .execution.protocol import ENGINE, Request, Result

if TYPE_CHECKING:
    from .course import Course

#: What :func:`outdated` answers.
OTHER_WORK, OTHER_KEY = "other work", "other key"
#: Goes up when the same answers give other points or other feedback than before.
SCORING = 3
# What of a compiled question only a check shows, or nothing at all.
_UNSCORED = ("hints", "title")
_keys: dict[str, tuple[dict, str]] = {}


def key_digest(topic: str, root: Path | None = None) -> str:
    """SHA-256 of all that scoring depends on: points, answers, hints and ways of scoring.

    With the folder of a course, as its ``class.yaml`` sets points and policy. The tips that a check
    gives one by one are in no score and on no feedback page; the hint of a misconception is.
    """
    specs = compiled(topic, root)
    if topic not in _keys or _keys[topic][0] is not specs:
        scored = {question: {name: value for name, value in spec.items() if name not in _UNSCORED}
                  for question, spec in specs.items()}
        what = json.dumps([ENGINE, SCORING, scored], sort_keys=True, default=str)
        _keys[topic] = specs, hashlib.sha256(what.encode()).hexdigest()
    return _keys[topic][1]


def release_digest(course: CourseDirectory, assignment: str) -> str:
    """SHA-256 of the released notebook and the files that nbgrader lays beside it."""
    path = course.format_path(course.release_directory, ".", assignment)
    digest = hashlib.sha256(Path(path, f"{assignment}.ipynb").read_bytes())
    source = course.format_path(course.source_directory, ".", assignment)
    for name in sorted(find_all_files(source, [*course.ignore, "*.ipynb"])):
        content = hashlib.sha256(Path(name).read_bytes()).hexdigest()
        digest.update(f"{Path(name).relative_to(source)}\0{content}\n".encode())
    return digest.hexdigest()


def lateness(config: Config, root: Path, assignment: str, student: str) -> tuple[str, Any]:
    """What a student's lateness costs, as SHA-256, and the extension that ``class.yaml`` gives.

    nbgrader's plugin and its configuration count, and ``class.yaml``. A plugin that derives from
    nbgrader's takes that one's configuration too.
    """
    chosen = config.AssignLatePenalties.get("plugin_class", "LateSubmissionPlugin")
    name = chosen if isinstance(chosen, str) else chosen.__qualname__
    of_class = settings.load(root)
    what = json.dumps([name, config.AssignLatePenalties, config.LateSubmissionPlugin,
                       config[name.rpartition(".")[2]], of_class.lateness(assignment, student)],
                      sort_keys=True, default=lambda value: getattr(value, "__qualname__", ""))
    return hashlib.sha256(what.encode()).hexdigest(), of_class.extension(assignment, student)


def saved(scores: dict[str, float | None], late: float, earned: float,
          lateness: tuple[str, Any]) -> dict[str, Any]:
    """What grading saved in the gradebook, in the form in which it is noted and compared.

    A penalty depends on all that was earned, points given by hand too, and on the late policy;
    of a submission that is not late neither is noted.

    Parameters
    ----------
    scores : dict
        Automatic points by name of the graded cell.
    late : float
        Seconds after the due date of this student.
    earned : float
        Points before the penalty.
    lateness : tuple
        From :func:`lateness`.
    """
    policy, extension = lateness
    said: dict[str, Any] = {"scores": scores, "late": round(late)}
    if extension is not None:
        said["extension"] = extension
    return said | ({"earned": round(earned, 6), "policy": policy} if said["late"] else {})


def noted(path: Path) -> dict[str, Any]:
    """What grading noted in a graded notebook; empty where there is none, or half of one."""
    try:
        meta = json.loads(path.read_bytes())["metadata"][nbk.META]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return meta if isinstance(meta, dict) else {}


def outdated(course: Course, assignment: str, student: str) -> str:
    """Whether a grade rests on other work than lies there, or on another key or other points.

    :data:`OTHER_WORK`, :data:`OTHER_KEY`, or empty: the grade is good, or no graded notebook tells.
    A class is asked this at every export, so a submission is read only when it may have changed.
    """
    graded = course.folder("autograded", assignment, student) / f"{assignment}.ipynb"
    try:
        text, time = graded.read_bytes(), graded.stat().st_mtime_ns
    except OSError:
        return ""
    # nbformat writes the notebook's own metadata last, and in a text quotes stand escaped.
    submission, key = (
        found[2][:64].decode(errors="replace") if (found := text.rpartition(mark))[1] else ""
        for mark in (b'"submission": "', b'"scored": "'))
    folder = course.folder("submitted", assignment, student)
    if len(submission) == 64 and folder.is_dir() and _changed(folder) > time:
        found = intake.receive(folder, assignment, course.folder("release", assignment))
        if found.fingerprint != submission:
            return OTHER_WORK
    return OTHER_KEY if len(key) == 64 and key != key_digest(assignment, course.root) else ""


def _changed(folder: Path) -> int:
    """When something in a folder last came, went or changed; folders in it may tell nothing."""
    with os.scandir(folder) as found:
        entries = list(found)
    if any(entry.is_dir(follow_symlinks=False) for entry in entries):
        return time_ns()
    return max(path.stat(follow_symlinks=False).st_ctime_ns for path in (folder, *map(
        Path, entries)))


@dataclass
class Recalled(Result):
    """A result taken from a graded notebook.

    Attributes
    ----------
    reasons : dict of int to str
        Of check cells without a record, by cell index: why there was none.
    same_work : bool
        Whether what was handed in is, to the last byte, what was graded then.
    """

    reasons: dict[int, str] = field(default_factory=dict)
    same_work: bool = False


def recall(path: Path, request: Request) -> Recalled | None:
    """The result of ``request`` from a notebook that was graded after such a run.

    None when the notebook cannot tell it completely; then it has to run again.
    """
    nb = nbformat.read(path, as_version=4)
    cells = [cell for cell in nb.cells if cell.cell_type == "code" and cell.source.strip()]
    if len(cells) != len(request.cells):
        return None
    found = Recalled(problem=nb.metadata[nbk.META].get("stopped", ""))
    for (index, _), cell in zip(request.cells, cells, strict=True):
        found.outputs[index] = cell.outputs
        if cell.execution_count is not None:
            found.counts[index] = cell.execution_count
        if nbk.is_check(cell):
            # Scoring has put its box in the place of the outputs, with the record in it.
            scored = cell.metadata.get(nbk.META, {})
            found.outputs[index] = [o for o in cell.outputs if MIME in o.get("data", {})]
            if not found.outputs[index]:
                if "reason" not in scored:
                    return None
                found.reasons[index] = scored["reason"]
    return found
