"""What learners find in the JupyterLite edition: the same folders as in the course.

And what they do not: the modules of the course that go into its wheel are those that a learner's
machine needs, found by following the imports of `grader.check`.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import nbformat

from ..course import Course, CourseProblem
from ..links import relocate
from ..seal import FILE_NAME
from .lite_sources import ROOT, LiteProblem

#: The page on what is different in the browser, beside the lessons.
ABOUT = "in-the-browser.md"
#: Modules that the browser loads only for a notebook that uses this module of the reader: with
#: SciPy, scikit-learn is larger than all else together.
_LATE = {"agreement": "sklearn"}
_FOR_A_COMPUTER = re.compile(r"\*\*The exercises are made on your computer\*\*.*?\n\n", re.S)
_NOTICE = ("**This edition runs in your browser, without any server.** Read first "
           f"[what that means for your work]({ABOUT}).")


def learner_modules() -> list[Path]:
    """Return the files of seeds, reader and grader that a learner's machine needs."""
    seeds = [path for kind in ("*.csv", "*.json", "*.bib", "*.md", "*.py")
             for path in (ROOT / "seeds").glob(kind)]
    reader = [path for path in (ROOT / "reader").rglob("*")
              if path.is_file() and path.suffix in (".py", ".js", ".css")]
    return sorted([*seeds, *reader, *_behind_check()])


def _behind_check() -> set[Path]:
    """`grader.check` and all modules of the package that it imports, at once or later."""
    folder = ROOT / "grader"
    found, open_ = {folder / "__init__.py"}, {folder / "check.py"}
    while open_:
        path = open_.pop()
        found.add(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                names = [node.module] if node.module else [alias.name for alias in node.names]
                open_ |= {folder / f"{name}.py" for name in names} - found
    return found


def write(course: Course, folder: Path) -> list[str]:
    """Lay out lessons and exercises, and return the names of the exercises.

    Raises
    ------
    LiteProblem
        When an exercise has not been released, or the start page has changed.
    """
    lessons = folder / "notebooks"
    lessons.mkdir(parents=True)
    for path in sorted((course.root / "notebooks").iterdir()):
        if path.suffix == ".ipynb":
            _put(nbformat.read(path, as_version=4), lessons / path.name)
        elif path.suffix in (".md", ".html", ".json"):
            shutil.copyfile(path, lessons / path.name)
    _start_page(lessons / "index.md")
    shutil.copyfile(Path(__file__).with_name("lite_page.md"), lessons / ABOUT)
    source = course.directory().source_directory
    for name in course.assignments():
        study = folder / "classroom" / "study" / name
        study.mkdir(parents=True)
        try:
            notebook = course.released(name)
        except CourseProblem as problem:
            raise LiteProblem(str(problem)) from None
        _put(relocate(notebook, f"{source}/{name}", f"classroom/study/{name}"),
             study / f"{name}.ipynb")
        shutil.copyfile(course.folder("release", name) / FILE_NAME, study / FILE_NAME)
    return course.assignments()


def _start_page(path: Path) -> None:
    text, times = _FOR_A_COMPUTER.subn("", path.read_text(encoding="utf-8"))
    if times != 1:
        raise LiteProblem(f"{path.name} no longer says how exercises are made on a computer: "
                          "grader/editions/lite_contents.py leaves out that paragraph.")
    title, _, rest = text.partition("\n\n")
    path.write_text(f"{title}\n\n{_NOTICE}\n\n{rest}", encoding="utf-8")


def _put(nb: nbformat.NotebookNode, path: Path) -> None:
    """Write a notebook for Pyodide's kernel, with the imports that it needs there."""
    nb.metadata.kernelspec = {"name": "python", "display_name": "Python (Pyodide)",
                              "language": "python"}
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    for module in _late(cell.source for cell in code):
        setup = next(cell for cell in code if "import check" in cell.source)
        setup.source += f"\nimport {module}  # so that the browser loads it now"
    path.write_text(json.dumps(nb, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _late(sources: Iterable[str]) -> list[str]:
    """Which modules of `_LATE` a notebook needs, by what it imports from the reader."""
    imported = {name for source in sources
                for line in re.findall(r"^from reader import (.+)$", source, re.M)
                for name in re.split(r"[,\s]+", line)}
    return [package for module, package in _LATE.items() if module in imported]
