"""What runs on the machines of a cluster, and the files that they need: no key among them.

``python -m grader.execution.worker FOLDER`` writes those files, to be copied to the machines.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

from .protocol import ENGINE, Request, Result

ROOT = Path(__file__).resolve().parents[2]
#: Whole folders that running a notebook needs, and single modules of the grader.
FOLDERS = ("grader/execution", "reader", "seeds")
MODULES = ("__init__", "at_start", "attempts", "briefs", "canonical", "check", "engine", "explain",
           "fernet", "kinds", "reading", "render", "rows", "seal", "stretch", "tried", "values")
#: Packages that outputs depend on.
PACKAGES = ("anywidget", "ipykernel", "ipython", "ipywidgets", "krippendorff", "matplotlib",
            "matplotlib-inline", "nbformat", "networkx", "numpy", "pandas", "scikit-learn", "scipy",
            "traitlets")


class WorkerDiffers(Exception):
    """A worker runs other code than the machine that sent the request. Says which."""


def run(function: Callable[[Request], Result], request: Request,
        expected: dict[str, str]) -> Result:
    """Run one request on this worker, if it has what the sender has.

    Raises
    ------
    WorkerDiffers
        When :func:`versions` are not as ``expected``.
    """
    if difference := differs(versions(), expected):
        raise WorkerDiffers(difference)
    return function(request)


@cache
def versions() -> dict[str, str]:
    """What must be the same on all machines for equal outputs: name → version or digest."""
    found = {"Python": platform.python_version(), "the engine": str(ENGINE),
             "the course's code": _digest()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "missing"
    return found


def differs(theirs: dict[str, str], ours: dict[str, str]) -> str:
    """The first difference of a worker's versions, as half a sentence; empty when there is none."""
    for name, version in ours.items():
        other = theirs.get(name, "missing")
        if other != version:
            return f"{name} is {other} there and {version} here"
    return ""


def files() -> Iterator[Path]:
    """The files that a worker needs, relative to the course folder, in order."""
    for name in MODULES:
        yield Path("grader", f"{name}.py")
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT)


def copy_code(target: Path) -> None:
    """Write the files of :func:`files` to a new folder ``target``."""
    for path in files():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, target / path)


def _digest() -> str:
    digest = hashlib.sha256()
    for path in files():
        digest.update(f"{path.as_posix()}\0".encode())
        digest.update(hashlib.sha256((ROOT / path).read_bytes()).digest())
    return digest.hexdigest()[:12]


def main() -> None:
    """Write the worker's files to the folder that is named."""
    if len(sys.argv) != 2 or Path(sys.argv[1]).exists():
        sys.exit("Name a new folder: python -m grader.execution.worker FOLDER")
    copy_code(Path(sys.argv[1]))
    print(f"{sys.argv[1]} holds what a worker needs, and no key. Copy it to each machine.")


if __name__ == "__main__":
    main()
