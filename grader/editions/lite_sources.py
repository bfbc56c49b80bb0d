"""What the JupyterLite edition takes from npm and PyPI, downloaded once and kept.

Everything lies in ``~/.cache/reading-idlib/lite`` (or ``$XDG_CACHE_HOME``), under names that hold
the versions, so that a second build needs no network.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYODIDE = "314.0.7"
#: Python in that Pyodide.
PYTHON = "3.14"
# As npm states it: npm view pyodide@314.0.7 dist.integrity
_INTEGRITY = ("sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5"
              "JEsOlD2R1A==")
#: The wheel of :func:`start_wheel`.
START = "reading-idlib-start"
#: Packages that build the edition.
TOOLS = ("doit", "jupyterlite-core", "jupyterlite-pyodide-kernel", "pkginfo")
#: Wheels that the edition serves itself: IPython with what it needs, the widgets, and what
#: Pyodide's distribution lacks.
WHEELS = ("anywidget", "asttokens", "bibtexparser", "comm", "executing", "ipython",
          "ipython_pygments_lexers", "ipywidgets", "jedi", "krippendorff", "matplotlib-inline",
          "micropip", "packaging", "parso", "prompt_toolkit", "psygnal", "pure_eval", "Pygments",
          "pylatexenc", "pyparsing", "six", "stack-data", "traitlets", "typing_extensions",
          "wcwidth")


class LiteProblem(Exception):
    """Why the edition can't be built, in one sentence."""


class NotReachable(LiteProblem):
    """Something that must be downloaded once could not be had."""


def cache() -> Path:
    """Return the folder of all downloads."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "reading-idlib" / "lite"


def pins(names: Iterable[str]) -> list[str]:
    """Return ``name==version`` for each name, as requirements.txt or ours pins it."""
    lines = [line for path in (ROOT / "requirements.txt",
                               Path(__file__).with_name("lite-requirements.txt"))
             for line in path.read_text(encoding="utf-8").splitlines()]
    known = {line.partition("==")[0]: line for line in lines if re.match(r"[\w.-]+==", line)}
    return [known[name] for name in names]


def _kept(name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder of the cache; it is made whole or not at all."""
    folder = cache() / name
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as made:
            make(Path(made) / "new")
            try:
                (Path(made) / "new").rename(folder)
            except OSError:
                if not folder.is_dir():  # or another build was faster
                    raise
    return folder


def _run(command: list[str], what: str) -> None:
    # The same files give the same wheel: browsers compare its hash with the lock's.
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1577836800"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    except FileNotFoundError:
        raise NotReachable(f"{what} needs the program {command[0]}, which is not installed.") \
            from None
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise NotReachable(f"{what} did not work ({' '.join(last)}). It needs the network once.")


def _pip(pinned: list[str], what: str, *options: str) -> None:
    _run([sys.executable, "-m", "pip", "--disable-pip-version-check", *options, "--no-deps",
          *pinned], what)


def pyodide() -> Path:
    """Return the folder of npm's package pyodide: the core, without its distribution."""
    def make(folder: Path) -> None:
        folder.mkdir()
        _run(["npm", "pack", f"pyodide@{PYODIDE}", "--pack-destination", str(folder)],
             "Getting pyodide from npm")
        archive = folder / f"pyodide-{PYODIDE}.tgz"
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if f"sha512-{digest}" != _INTEGRITY:
            raise LiteProblem(f"npm's pyodide {PYODIDE} is not the file that this course was "
                              "tested with: its hash differs.")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        archive.unlink()

    return _kept(f"pyodide-{PYODIDE}", make) / "package"


def wheels() -> list[Path]:
    """Return the wheels that the edition serves, pure Python all of them."""
    pinned = pins(WHEELS)
    name = hashlib.sha256("\n".join([PYTHON, *pinned]).encode()).hexdigest()[:16]
    folder = _kept(f"wheels-{name}", lambda folder: _pip(
        pinned, "Getting wheels from PyPI", "download", "--only-binary=:all:", "--dest",
        str(folder), f"--python-version={PYTHON}", "--implementation=py", "--abi=none",
        "--platform=any"))
    return sorted(folder.glob("*.whl"))


def tools() -> Path:
    """Return the folder with the packages that build the edition, for PYTHONPATH."""
    pinned = pins(TOOLS)
    name = hashlib.sha256("\n".join(pinned).encode()).hexdigest()[:16]
    return _kept(f"tools-{name}", lambda folder: _pip(
        pinned, "Getting JupyterLite from PyPI", "install", "--quiet", "--target", str(folder)))


def own_wheel(folder: Path, modules: list[Path], needs: Iterable[str]) -> Path:
    """Build one wheel of these modules of the course, with setuptools, and return it.

    Parameters
    ----------
    folder : pathlib.Path
        Where the wheel is put.
    modules : list of pathlib.Path
        Files below the course's folder: Python modules, and data beside them.
    needs : iterable of str
        Names of packages that it asks for.
    """
    packages = sorted({".".join(path.relative_to(ROOT).parent.parts) for path in modules})
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in modules}
    return _wheel(folder, "reading-idlib", files, needs, (
        f'[tool.setuptools]\npackages = {packages}\n[tool.setuptools.package-data]\n"*" = ["*"]\n'))


def start_wheel(folder: Path) -> Path:
    """Build the wheel that a kernel loads as it starts (see :mod:`grader.at_start`), and return it.

    All other modules of the course come when a cell imports one. The kernel is not in the
    notebook's folder yet, and need not be: nobody else's notebooks are here.
    """
    start = b"""def _reading_idlib():
    from reading_idlib_start import listen

    listen(get_ipython())


_reading_idlib()
del _reading_idlib
"""
    files = {"reading_idlib_start.py": (ROOT / "grader/at_start.py").read_bytes(),
             "reading-idlib.py": start}
    return _wheel(folder, START, files, (), (
        '[tool.setuptools]\npy-modules = ["reading_idlib_start"]\n'
        '[tool.setuptools.data-files]\n"etc/ipython/startup" = ["reading-idlib.py"]\n'))


def _wheel(folder: Path, name: str, files: dict[str, bytes], needs: Iterable[str],
           settings: str) -> Path:
    content = hashlib.sha256()
    with tempfile.TemporaryDirectory() as made:
        tree = Path(made)
        for inside, text in sorted(files.items()):
            (tree / inside).parent.mkdir(parents=True, exist_ok=True)
            (tree / inside).write_bytes(text)
            content.update(f"{inside}\0".encode() + text)
        # The content stands in the version: no browser takes an older wheel for this one.
        (tree / "pyproject.toml").write_text(
            f'[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
            f'[project]\nname = "{name}"\nversion = "0+{content.hexdigest()[:12]}"\n'
            f"dependencies = {list(needs)}\n{settings}", encoding="utf-8")
        _pip([str(tree)], "Building the course's own wheel", "wheel", "--no-build-isolation",
             "--no-index", "--wheel-dir", str(folder))
    return next(folder.glob(f"{name.replace('-', '_')}-*.whl"))
