"""Run: execute a rebuilt notebook, in place of nbgrader's Execute.

``Run.executor`` is the seam: ``fork`` runs each notebook in a locked-in child of a warm fork
server (:mod:`grader.execution`), ``kernel`` starts a Jupyter kernel each time, as nbgrader
does, without any protection. Both keep learner code in another process than the answer key.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from nbformat import NotebookNode, from_dict
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from nbgrader.utils import find_all_files, setenv
from traitlets import Dict, Enum, Integer, List, TraitError, Unicode, validate

from . import notebook as nbk
from .compile import compiled
from .execution import client
from .execution.protocol import Limits, Refused, Request, Result
from .intake import MAX_FILE_BYTES
from .notebook_file import read_bytes
from .rebuild import course_directory, received
from .recorded import Recalled, release_digest
from .seal import FILE_NAME, SHEET, record_sheet

# Runs in front of every check while a notebook is graded; nobody sees it.
RESTORE = "from grader.check import check"


class Run(Execute):
    """Execute a notebook cell by cell, within limits."""

    executor = Enum(
        ["fork", "kernel"], default_value="fork" if hasattr(os, "fork") else "kernel",
        help="fork: a locked-in child of a warm parent per notebook (fast, POSIX). kernel: a "
             "Jupyter kernel per notebook, as stock nbgrader does, with no protection at all."
    ).tag(config=True)
    notebook_seconds = Integer(
        Limits.notebook_seconds, help="Seconds for a whole notebook. An honest solution of an "
                                      "exercise of this course takes under five.").tag(config=True)
    limits = Dict(
        help="Further limits of a notebook, by name: see grader.execution.protocol.Limits."
    ).tag(config=True)
    allow_unprotected = List(
        Unicode(), help="Protections that may be missing while student code runs (see `grader "
                        "doctor`); 'all' allows everything.").tag(config=True)
    #: Results that are there already, by digest of their request.
    at_hand: dict[str, Result] = {}

    @validate("limits")
    def _known_limits(self, proposal: dict) -> dict:
        try:
            Limits(**proposal["value"])
        except (TypeError, ValueError) as error:
            raise TraitError(f"c.Run.limits: {error}") from None
        return proposal["value"]

    def preprocess(self, nb: NotebookNode, resources: dict, km: object = None):
        noted = nb.metadata.setdefault(nbk.META, {})
        noted["release"] = release_digest(course_directory(self),
                                          resources["nbgrader"]["assignment"])
        if self.executor == "kernel":
            return self._kernel(nb, resources, km)
        request = self.request(nb, resources)
        digest = request.digest()
        try:
            result = self.at_hand.get(digest) or client.run(request)
        except Refused as refused:
            raise NbGraderException(unprotected(refused.names)) from None
        put(result, nb)
        noted["run"] = digest
        # A person who has graded this work need not look at it again.
        resources["same_work"] = isinstance(result, Recalled) and result.same_work
        if result.problem:
            names = resources["nbgrader"]
            self.log.warning("%s, %s: %s", names["student"], names["assignment"], result.problem)
        return nb, resources

    def request(self, nb: NotebookNode, resources: dict) -> Request:
        """All that a child needs to run a rebuilt notebook."""
        names = resources["nbgrader"]
        return Request(
            cells=tuple((i, f"{RESTORE}\n{cell.source}" if nbk.is_check(cell) else cell.source)
                        for i, cell in enumerate(nb.cells)
                        if cell.cell_type == "code" and cell.source.strip()),
            sheet=_sheet(nb, names["assignment"]),
            files=work_files(course_directory(self), names["assignment"], names["student"]),
            limits=Limits(**{"cell_seconds": self.timeout or self.notebook_seconds,
                             "notebook_seconds": self.notebook_seconds, **self.limits}),
            allow_unprotected=frozenset(self.allow_unprotected))

    def _kernel(self, nb: NotebookNode, resources: dict, km: object):
        """As stock nbgrader does it; without protections, so they must be allowed to miss."""
        if "all" not in self.allow_unprotected:
            raise NbGraderException(unprotected(["all"]))
        checks = [(cell, cell.source) for cell in nb.cells if nbk.is_check(cell)]
        try:
            for cell, source in checks:
                # `check = 5` or `%reset` in an answer must not cost the questions after it.
                cell.source = f"{RESTORE}\n{source}"
            # The environment of this process is what nbclient gives to the kernel.
            with setenv(**{SHEET: _sheet(nb, resources["nbgrader"]["assignment"])}):
                return super().preprocess(nb, resources, km=km)
        finally:
            for cell, source in checks:
                cell.source = source


def put(result: Result, nb: NotebookNode) -> None:
    """Write what a run gave into its notebook."""
    reasons = result.reasons if isinstance(result, Recalled) else {}
    for i, cell in enumerate(nb.cells):
        if cell.cell_type == "code":
            cell.outputs = [from_dict(output) for output in result.outputs.get(i, [])]
            cell.execution_count = result.counts.get(i)
            if i in reasons:
                cell.metadata[nbk.META] = {"reason": reasons[i]}
    if result.problem:
        nb.metadata.setdefault(nbk.META, {})["stopped"] = result.problem
        nbk.note(nb, result.problem)


def unprotected(names: list[str]) -> str:
    """One sentence for an instructor whose machine lacks protections."""
    flags = " ".join(f"--allow-unprotected {name}" for name in names)
    return (f"Student code would run here without these protections: {', '.join(names)}. `grader "
            f"doctor` says what each one stops. Grade on a machine that has them, or go on at your "
            f"own risk with `grader grade {flags}` (plain nbgrader: c.Run.allow_unprotected).")


def _sheet(nb: NotebookNode, assignment: str) -> str:
    # Which calls to make: no setting of a class changes that.
    specs = compiled(assignment)
    return json.dumps(record_sheet([specs[q] for q in nbk.questions(nb) if q in specs]))


def work_files(course: CourseDirectory, assignment: str, student: str) -> dict[str, bytes]:
    """Files beside the notebook: the student's, and over them those of the assignment."""
    found = {name: read_bytes(path, MAX_FILE_BYTES)
             for name, path in received(course, assignment, student).files.items()}
    folder = Path(course.root) / course.format_path(course.source_directory, ".", assignment)
    for name in find_all_files(str(folder), [*course.ignore, "*.ipynb"]):
        found[Path(name).relative_to(folder).as_posix()] = Path(name).read_bytes()
    return {name: content for name, content in found.items() if name != FILE_NAME}
