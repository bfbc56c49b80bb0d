"""The floor: each notebook's code in a fork of a warm interpreter. ``python -m bench.floor``.

Reads each submitted notebook, runs its code cells with ``exec`` and writes the notebook again;
as many at once as the machine has cores. An error of a cell ends that cell, as in a notebook.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from IPython.core.getipython import get_ipython

from grader.compile import compiled
from grader.seal import record_sheet


def run_notebook(path: Path, target: Path) -> None:
    """Read, run and write one notebook."""
    nb = json.loads(path.read_text(encoding="utf-8"))
    names = {"__name__": "__main__"}
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for cell in nb["cells"]:
            if cell["cell_type"] == "code":
                try:
                    exec(compile("".join(cell["source"]), "<cell>", "exec"), names)  # noqa: S102
                except Exception as error:
                    cell["metadata"]["error"] = repr(error)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(nb), encoding="utf-8")


def run_class(work: list[tuple[Path, Path]], processes: int) -> None:
    """Run all notebooks, each in a fork of this process, at most ``processes`` at a time."""
    running = 0
    for path, target in work:
        if running == processes:
            _wait()
            running -= 1
        if os.fork() == 0:
            status = 1
            try:
                os.chdir(path.parent)
                run_notebook(path, target)
                status = 0
            finally:
                os._exit(status)
        running += 1
    for _ in range(running):
        _wait()


def _wait() -> None:
    if os.wait()[1]:
        raise SystemExit("A notebook of the floor could not be read or written.")


def main() -> None:
    """Arguments: the course folder, the exercise, processes. Prints seconds as JSON."""
    begin = time.perf_counter()
    root, exercise, processes = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    # The sheet that the children's `check` gets where work is graded, as in our own grading.
    sheet = json.dumps(record_sheet(compiled(exercise).values()))
    warm(sheet)
    work = [(path, root / "floor" / path.parts[-3] / path.name) for path in
            sorted((root / "classroom" / "submitted").glob(f"*/{exercise}/{exercise}.ipynb"))]
    start = time.perf_counter()
    run_class(work, processes)
    end = time.perf_counter()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"warm": start - begin, "class": end - start,
                      "cpu": usage.ru_utime + usage.ru_stime}))


def warm(sheet: str) -> None:
    """Warm up as our fork server does, but without IPython; tell ``check`` that it records."""
    from grader.execution.client import ONE_THREAD

    os.environ.update(ONE_THREAD)
    from grader import check
    from grader.execution import session

    session.warm()
    if (shell := get_ipython()) is not None:
        type(shell).clear_instance()
    check.begin(sheet, forks=True)


if __name__ == "__main__":
    main()
