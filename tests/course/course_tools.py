"""What the course tests share: where things are, cells and texts of notebooks."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from places import PLAYED, ROOT, THOROUGH

LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
EXERCISES = sorted(path for path in (ROOT / "exercises").glob("*/*.ipynb")
                   if path.stem == path.parent.name)
#: Solved exercises that run in a real kernel; the others run in a session of the grading engine.
IN_KERNELS = [path for path in EXERCISES if THOROUGH or path.stem in PLAYED]
MODES = ("digests", "texts")
MIME = "application/vnd.reading-idlib.answer+json"
REGION = re.compile(r"^[ \t]*### BEGIN SOLUTION\n(.*?)^[ \t]*### END SOLUTION", re.S | re.M)
CHECK = re.compile(r"""^check\(["'](L?\d\d\.\d{1,2})["'], (\w+|\.\.\.|.+)\)$""", re.M)


def raw(path: Path) -> dict:
    """The notebook file as it is: `nbformat.read` would repair what these tests look for."""
    return json.loads(path.read_text(encoding="utf-8"))


def source(cell: dict) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def cells(notebook: dict, kind: str) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def without_code(markdown: str) -> str:
    """Markdown without its code blocks and code spans: what stands there is shown, not read."""
    return re.sub(r"`[^`\n]+`", "code", re.sub(r"^```.*?^```", "", markdown, flags=re.S | re.M))


def nbgrader(cell: dict) -> dict:
    return cell["metadata"].get("nbgrader", {})


def tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


def release(room: Path, name: str) -> Path:
    """Folder of a released exercise, in a copy of the course."""
    return room / "classroom" / "release" / name


def command(module: str, *arguments: object, env: dict | None = None) -> str:
    """Run `python -m module …` of this checkout; its output, or a failed test."""
    done = subprocess.run([sys.executable, "-m", module, *map(str, arguments)], cwd=ROOT,
                          env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
                          capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, f"{module} {arguments[0]} failed:\n{done.stdout}{done.stderr}"
    return done.stdout


def written(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """Each Markdown page and notebook below a folder, with its Markdown texts."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".md":
            yield path, [path.read_text(encoding="utf-8")]
        elif path.suffix == ".ipynb":
            yield path, [source(cell) for cell in cells(raw(path), "markdown")]


def plain(output: dict) -> str:
    """The plain text of an output."""
    if output["output_type"] == "stream":
        return output["text"]
    return output.get("data", {}).get("text/plain", "")


def records(notebook: dict) -> list[tuple[str, list, str]]:
    """What `check` recorded: question, canonical answer, and what it said."""
    return [(data[MIME]["question"], data[MIME]["answer"], data["text/plain"])
            for cell in cells(notebook, "code") for output in cell["outputs"]
            if MIME in (data := output.get("data", {}))]


def unexpected_errors(notebook: dict, meant: dict[str, str]) -> list[str]:
    """Errors that no learner should see.

    Expected is a `NotYet` of a check, and in the cells named by ``meant`` the error named
    there, which must then occur: an error shown on purpose that does not come teaches nothing.
    """
    found = []
    for cell in cells(notebook, "code"):
        errors = [o["ename"] for o in cell["outputs"] if o["output_type"] == "error"]
        allowed = [meant[cell["id"]]] if cell["id"] in meant else []
        if allowed and errors != allowed:
            found.append(f"{cell['id']}: {allowed[0]} was to be shown, but: {errors}")
        elif not allowed and (errors and errors != ["NotYet"] or
                              errors and not CHECK.search(cell["source"])):
            text = next(o for o in cell["outputs"] if o["output_type"] == "error")
            found.append(f"{cell['id']}: {text['ename']}: {text['evalue']}")
        found += [f"{cell['id']}: stderr: {o['text'][:300]}" for o in cell["outputs"]
                  if o["output_type"] == "stream" and o["name"] == "stderr"]
    return found
