"""The course in a browser, without any server: ``python -m grader.editions.lite FOLDER``.

JupyterLite is JupyterLab as a static site. Its kernel is Pyodide, CPython compiled for browsers.
The site serves itself JupyterLab, Pyodide's core, IPython, the widgets and the course's own
modules. pandas and what else is compiled comes, when a notebook imports it, from where Pyodide
publishes its distribution (:data:`grader.editions.lite_lock.DISTRIBUTION`).

Learners' files are kept by their browser. So that notebooks find the files beside them, the
browser must allow a service worker: https, or localhost. No other header is needed.

Measured with Chromium 156 on two busy cores: 46 MB in all; 30 MB in 160 requests (15 MB if the
server compresses) until the first cell has its result, 14 seconds after the lesson was opened;
built in 6 seconds of CPU time. A check takes 14 ms for each token of the answer. Not tested,
because the course's own machines can't reach it: that the packages of the distribution arrive. The
same versions of them (pandas 3.0.2, matplotlib 3.10.8, NumPy 2.4.6, scikit-learn 1.8.0, under
CPython 3.13) run all lessons, with the same results.

The exercises must have been released before (``grader release``); ``make lite`` does both.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from jupyter_core.paths import jupyter_path

from ..course import Course, CourseProblem
from . import lite_contents, lite_sources
from .lite_lock import lock
from .lite_sources import LiteProblem

#: What the learners' modules of the course need; the browser loads it when one is imported.
NEEDS = ("anywidget", "bibtexparser", "cryptography", "krippendorff", "matplotlib", "networkx",
         "pandas")
_CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
#: Extensions of JupyterLab that the edition has. Not nbgrader's: without a server there is
#: nothing to hand in to, and Validate runs on one.
_EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "anywidget", "jupyterlab_pygments")
_KERNEL = "@jupyterlite/pyodide-kernel-extension"
#: What the kernel itself needs, loaded as it starts, and what helps before the first import.
_AT_START = ["comm", "ipykernel", "ipython", "jedi", "micropip", "piplite", "pyodide-kernel",
             lite_sources.START]
_LEARNERS_SETTINGS = (lite_sources.ROOT / ".jupyter" / "labconfig"
                      / "default_setting_overrides.json")
_OWN = "jupyter-lite.json"


def build(out: Path, course: Course) -> int:
    """Write the edition into a folder, which is made anew.

    Parameters
    ----------
    out : pathlib.Path
        Folder of the edition. One that holds something else is not touched.
    course : Course
        Its lessons, and its exercises as they were released.

    Returns
    -------
    int
        Bytes of the whole edition.

    Raises
    ------
    LiteProblem
        When something that it needs can't be had, or the folder holds something else.
    """
    if out.exists() and not (out / _OWN).is_file() and any(out.iterdir()):
        raise LiteProblem(f"{out} holds something else than an edition: name another folder.")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as made:
        place, site = Path(made) / "lite", Path(made) / "site"
        lite_contents.write(course, place / "contents")
        _pyodide(place / "static" / "pyodide")
        _settings(place, site)
        _jupyterlite(place)
        _pages(site)
        shutil.rmtree(out, ignore_errors=True)
        site.rename(out)
    return sum(path.stat().st_size for path in out.rglob("*") if path.is_file())


def _extensions() -> list[str]:
    kernel = lite_sources.tools() / "share" / "jupyter" / "labextensions" / _KERNEL
    found = [kernel]
    for name in _EXTENSIONS:
        places = [Path(base) / name for base in jupyter_path("labextensions")]
        there = [place for place in places if (place / "package.json").is_file()]
        if not there:
            raise LiteProblem(f"JupyterLab's extension {name} is not installed: install what "
                              "requirements.txt lists.")
        found.append(there[0])
    return [str(path) for path in found]


def _pyodide(folder: Path) -> None:
    """Pyodide's core, the wheels that the edition serves, and the lock that names them all."""
    folder.mkdir(parents=True)
    core = lite_sources.pyodide()
    for name in _CORE:
        shutil.copyfile(core / name, folder / name)
    kernels = lite_sources.tools() / "share" / "jupyter" / "labextensions" / _KERNEL
    # The stand-in for an older ipywidgets is of no use here.
    served = [path for path in (kernels / "static" / "pypi").glob("*.whl")
              if not path.name.startswith("widgetsnbextension-3")]
    for path in [*lite_sources.wheels(), *served]:
        shutil.copyfile(path, folder / path.name)
    lite_sources.own_wheel(folder, lite_contents.learner_modules(), NEEDS)
    lite_sources.start_wheel(folder)
    content = lock(core / "pyodide-lock.json", sorted(folder.glob("*.whl")))
    (folder / "pyodide-lock.json").write_text(json.dumps(content), encoding="utf-8")


def _settings(place: Path, site: Path) -> None:
    shutil.copyfile(_LEARNERS_SETTINGS, place / "overrides.json")
    (place / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": {
        "apps": ["lab"], "contents": ["contents"], "output_dir": str(site),
        "cache_dir": str(place / "cache"), "ignore_sys_prefix": True, "no_sourcemaps": True,
        "no_unused_shared_packages": True, "federated_extensions": _extensions()}}))
    (place / _OWN).write_text(json.dumps({
        "jupyter-lite-schema-version": 0, "jupyter-config-data": {
            "appName": "Reading Idlib", "litePluginSettings": {f"{_KERNEL}:kernel": {
                # What the lock does not name is not looked for elsewhere.
                "disablePyPIFallback": True,
                "loadPyodideOptions": {"packages": _AT_START}}}}}))


def _jupyterlite(place: Path) -> None:
    """Run ``jupyter lite build`` in a process of its own, where its packages can be imported."""
    env = {**os.environ, "PYTHONPATH": str(lite_sources.tools())}
    done = subprocess.run([sys.executable, "-m", "jupyterlite_core", "build"], cwd=place, env=env,
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise LiteProblem("jupyter lite build did not work: "
                          + " ".join((done.stderr or done.stdout).split())[-600:])


def _pages(site: Path) -> None:
    """The page at the root leads to the start page; settings of JupyterLite's own build go."""
    shutil.copyfile(Path(__file__).with_name("lite_index.html"), site / "index.html")
    for path in site.glob("rspack.*.js"):
        path.unlink()


def main(arguments: list[str] | None = None) -> int:
    """Build; say where it is and how large, or in one sentence what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m grader.editions.lite", description=(
        "Build the edition that runs in a browser without a server."))
    parser.add_argument("folder", type=Path, help="where to write it, such as classroom/lite")
    out = parser.parse_args(arguments).folder
    try:
        size = build(out.resolve(), Course.find())
    except (LiteProblem, CourseProblem, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(f"{out}: {size / 1e6:.0f} MB. To see it: {Path(sys.executable).name} -m http.server "
          f"--bind 127.0.0.1 --directory {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
