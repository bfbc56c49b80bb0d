"""Pyodide's lock file, so that a browser gets every package from the right place.

A cell that imports a module makes the browser load the package that the lock names for it, with
all that it depends on. Ours come from the edition itself, all others from the address where
Pyodide publishes its distribution.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from .lite_sources import PYODIDE, PYTHON, LiteProblem

#: Where Pyodide publishes the packages of its distribution (its own default, `packageBaseUrl`).
DISTRIBUTION = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE}/full/"
#: The browser's side of the widgets: JupyterLab has it already.
_NOT_NEEDED = {"jupyterlab-widgets"}
_MACHINE = {"sys_platform": "emscripten", "platform_system": "Emscripten", "os_name": "posix",
            "platform_machine": "wasm32", "implementation_name": "cpython", "extra": "",
            "platform_python_implementation": "CPython", "python_version": PYTHON,
            "python_full_version": f"{PYTHON}.0"}


def lock(original: Path, wheels: Iterable[Path]) -> dict:
    """Return the lock with these wheels in it, and absolute addresses for all others.

    Parameters
    ----------
    original : pathlib.Path
        ``pyodide-lock.json`` of the distribution.
    wheels : iterable of pathlib.Path
        Wheels that will lie beside the lock; they take the place of packages of the same name.

    Raises
    ------
    LiteProblem
        When a wheel asks for a package that is neither here nor in the distribution.
    """
    made = json.loads(original.read_text(encoding="utf-8"))
    packages = {name: {**entry, "file_name": DISTRIBUTION + entry["file_name"]}
                for name, entry in made["packages"].items() if not name.endswith("-tests")}
    read = {parse_wheel_filename(path.name)[0]: path for path in wheels}
    known = packages.keys() | read.keys() | _NOT_NEEDED
    for name, path in read.items():
        needs, modules = _content(path)
        if missing := needs - known:
            raise LiteProblem(f"{name} needs {', '.join(sorted(missing))}, which the edition has "
                              "not: add it to WHEELS in grader/editions/lite_sources.py.")
        packages[name] = {
            "name": str(name), "version": str(parse_wheel_filename(path.name)[1]),
            "file_name": path.name, "install_dir": "site", "package_type": "package",
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "imports": sorted(modules), "depends": sorted(needs - _NOT_NEEDED)}
    return {**made, "packages": packages}


def _content(wheel: Path) -> tuple[set[str], set[str]]:
    """Packages that a wheel needs in the browser, and the modules that it brings."""
    with ZipFile(wheel) as packed:
        names = packed.namelist()
        about: Message = message_from_bytes(packed.read(
            next(name for name in names if name.endswith(".dist-info/METADATA"))))
    asked = [Requirement(line) for line in about.get_all("Requires-Dist") or []]
    tops = {name.split("/")[0] for name in names}
    return ({canonicalize_name(need.name) for need in asked
             if need.marker is None or need.marker.evaluate(_MACHINE)},
            {top.removesuffix(".py") for top in tops
             if not top.endswith((".dist-info", ".data"))})
