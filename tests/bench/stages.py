"""Where the time of our grading goes, stage by stage. ``python -m bench.stages ROOT EXERCISE``.

Grades a class in this process, with a clock around the functions that make up each stage. A
stage's time is CPU time of the trusted process, without that of the stages inside it. What
happens in the children comes from the results themselves: processor time of all processes of a
notebook, and the same of an empty notebook, which is the price of the fork and the sandbox.
"""

from __future__ import annotations

import functools
import importlib
import json
import resource
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from grader.execution import client
from grader.execution.protocol import Request

#: Stage → the functions that make it up, as module:name.
STAGES = {
    "look at the submission, rebuild it": [
        "grader.intake:receive", "grader.recorded:noted",
        "grader.converter:ClassAutograde._sanitized"],
    "make the request": ["grader.run:Run.request", "grader.execution.protocol:Request.digest"],
    "send it, look through what comes back": ["grader.execution.client:run", "grader.run:put"],
    "score": ["grader.score:Score.preprocess"],
    "gradebook": ["nbgrader.converters:Autograde.init_assignment",
                  "grader.score:SaveScores.preprocess",
                  "nbgrader.preprocessors:AssignLatePenalties.preprocess",
                  "sqlalchemy.orm:Session.commit"],
    "write files": ["nbformat:writes", "nbconvert.writers:FilesWriter.write",
                    "nbgrader.converters:Autograde.set_permissions",
                    "shutil:rmtree", "grader.grading:Grading._write_log"],
}


class Clock:
    """CPU seconds by stage, over all threads, each second counted once."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.results: list[Any] = []
        self._open = threading.local()

    def wrap(self, stage: str, function: Callable) -> Callable:
        """``function`` with a clock around it."""

        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            inner = self._open.__dict__.setdefault("inner", [])
            inner.append(0.0)
            start = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                spent = time.thread_time() - start
                self.seconds[stage] += spent - inner.pop()
                if inner:
                    inner[-1] += spent

        return timed

    def install(self) -> None:
        """Put a clock around every function of :data:`STAGES`; a name that is gone is an error."""
        for stage, names in STAGES.items():
            for name in names:
                module, _, path = name.partition(":")
                *parents, last = path.split(".")
                owner = functools.reduce(getattr, parents, importlib.import_module(module))
                setattr(owner, last, self.wrap(stage, getattr(owner, last)))

    def keep_results(self) -> None:
        """Keep what every run of a notebook used."""
        run = client.run

        def kept(request: Request) -> Any:
            self.results.append(run(request))
            return self.results[-1]

        client.run = kept


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def empty_notebook(allow: frozenset[str], repeat: int = 20) -> dict[str, float]:
    """Seconds of a run without cells: CPU of its processes, and wall time from asking to result."""
    request = Request((), allow_unprotected=allow)
    client.run(request)
    start, results = time.perf_counter(), []
    for _ in range(repeat):
        results.append(client.run(request))
    wall = (time.perf_counter() - start) / repeat
    return {"cpu": sum(one.cpu_seconds for one in results) / repeat, "wall": wall}


def main() -> None:
    """Print the stages of one class as JSON."""
    from grader import batch
    from grader.course import Course

    root, exercise = sys.argv[1:]
    course = Course(Path(root))
    course.allow(["all"])
    start = time.perf_counter()
    client.run(Request((), allow_unprotected=frozenset(["all"])))
    ready = time.perf_counter() - start
    empty = empty_notebook(frozenset(["all"]))
    clock = Clock()
    clock.keep_results()
    clock.install()
    work = [(exercise, student) for student in course.students(exercise)]
    server = psutil.Process(client.ForkServer.shared().process.pid)
    begun, begun_cpu, forks = time.perf_counter(), _cpu(resource.RUSAGE_SELF), server.cpu_times()
    batch.grade_all(course, work)
    wall, cpu, forked = (time.perf_counter() - begun, _cpu(resource.RUSAGE_SELF) - begun_cpu,
                         server.cpu_times())
    json.dump({
        "submissions": len(work), "wall": wall, "trusted_cpu": cpu,
        "server_cpu": sum(forked[:2]) - sum(forks[:2]), "fork_server_ready": ready,
        "empty": empty, "stages": {stage: clock.seconds[stage] for stage in STAGES},
        "notebooks_cpu": sum(one.cpu_seconds for one in clock.results),
        "notebook_peak_bytes": max(one.peak_bytes for one in clock.results)}, sys.stdout)


if __name__ == "__main__":
    main()
