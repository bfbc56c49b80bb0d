"""The students' bundle: all that a student needs, and nothing that only an instructor may have.

``grader release`` writes it as a folder and as an archive; :mod:`grader.editions.branch` puts the
same files on a branch of git. What goes in is named here, folder by folder; what must not be in
it is looked for by :mod:`grader.leak_scan` before anything appears.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat

from .. import settings
from ..apply_settings import due_sentence
from ..course import Course, CourseProblem
from ..leak_scan import Scan
from .lite_contents import learner_modules
from .lite_sources import ROOT

NAME = "reading-idlib"
FOLDER, ARCHIVE = "bundle", f"{NAME}.zip"
_TEMPLATES = Path(__file__).with_name("templates") / "bundle"
_AS_THEY_ARE = ("LICENSE", "LICENSE-CONTENT.md", "CITATION.cff", "setup.py", "requirements.txt",
                ".binder/requirements.txt", ".binder/runtime.txt")
#: Where `pip install` puts files that are no modules, and what they are (see grader/at_start.py).
_DATA_FILES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "tool"]["setuptools"]["data-files"]
_MADE = {"students.md": "README.md", "Makefile": "Makefile", "postBuild": ".binder/postBuild",
         "gitignore": ".gitignore"}
_PAGES = (".md", ".html", ".json", ".png", ".svg", ".jpg", ".css", ".csv")
# A learner's own coding, made in lesson 06; an instructor may have tried it.
_OWN_WORK = ("my-coding.", "peer-coding.")
#: Packages of the project that nothing in the bundle imports.
_FOR_INSTRUCTORS = {"beautifulsoup4", "pydantic", "pyyaml", "typer", "rich"}
_EXERCISE = re.compile(r"\[([^\]]*)\]\(\.\./classroom/study/([\w-]+)/([^)\s]*)\)")
_HOW_LONG = re.compile(r"(\]\(\.\./exercises/([\w-]+)/[^)]*\), \d+ min)")
# What the course's own pages say of a course folder, and what holds in the bundle.
_SAID = (
    (re.compile(r"the exercises in the form that instructors use; yours are made by[^|]*"),
     "the exercises that have been released, each in a folder of its own "),
    (re.compile(r" \(made by `make course`; in a class, your\s+instructor gives it to you\)"), ""),
    (re.compile(r"\*\*The exercises are made on your computer\*\*.*?\n\n", re.S),
     "**The exercises** lie in `exercises/`, where the links above lead. One without a link has "
     "not been\nreleased yet.\n\n"),
    (re.compile(r"If it is an exercise, see \"The exercises are made on your computer\" above\."),
     "If it is an exercise, it has not been released yet."))
# Archives hold the same bytes whenever they are made. (Jupyter calls the files of 1980 "46y ago".)
_DATE = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Bundle:
    """What was published.

    Attributes
    ----------
    exercises : list of str
        Names of the exercises in it.
    files : int
        How many files it has.
    size : int
        Bytes of the archive.
    branch : str
        What became of the branch, as a sentence; empty when none was asked for.
    """

    exercises: list[str]
    files: int
    size: int
    branch: str = ""


def published(course: Course) -> list[str]:
    """The exercises in the bundle that is there now; none where there is no bundle."""
    found = {path.name for path in (course.classroom / FOLDER / "exercises").glob("*")}
    # A release that was killed may have left the archive alone.
    with contextlib.suppress(OSError, zipfile.BadZipFile), zipfile.ZipFile(
            course.classroom / ARCHIVE) as packed:
        found |= {name.split("/")[2] for name in packed.namelist()
                  if name.startswith(f"{NAME}/exercises/")}
    return [name for name in course.assignments() if name in found]


def behind(course: Course) -> list[str]:
    """The exercises of which the bundle has another release than ``classroom/release/``."""
    folder = course.classroom / FOLDER / "exercises"
    return [name for name in published(course)
            if (release := course.folder("release", name)).is_dir()
            and dict(contents(release)) != dict(contents(folder / name))]


def publish(course: Course, exercises: list[str], branch: str | None = None) -> Bundle:
    """Write the bundle with these exercises, after a scan of every form of it.

    Raises
    ------
    CourseProblem
        When something must not be published, or cannot be written; then the bundle that was there
        stays as it was.
    """
    room = course.classroom
    for left in room.glob(".bundle-*"):  # of a run that was killed
        shutil.rmtree(left, ignore_errors=True)
    try:
        with tempfile.TemporaryDirectory(prefix=".bundle-", dir=room) as made:
            return _publish(course, exercises, branch, Path(made))
    except OSError as error:
        raise CourseProblem(f"The students' bundle cannot be written ({error.strerror or error}: "
                            f"{error.filename}). Put that right, then release again.") from None


def _publish(course: Course, exercises: list[str], branch: str | None, made: Path) -> Bundle:
    folder, archive = made / FOLDER, made / ARCHIVE
    folder.mkdir()
    write(course, exercises, folder)
    scan = Scan(course)
    scan.require_none("the folder", contents(folder))
    pack(folder, archive)
    with zipfile.ZipFile(archive) as packed:
        scan.require_none("the archive", ((name, packed.read(name)) for name in packed.namelist()))
    said = ""
    if branch:
        from .branch import commit

        said = commit(course.root, branch, folder, scan, exercises)
    target = course.classroom / FOLDER
    if target.exists():
        target.rename(made / "before")
    folder.rename(target)
    archive.replace(course.classroom / ARCHIVE)
    return Bundle(exercises, sum(1 for _ in contents(target)),
                  (course.classroom / ARCHIVE).stat().st_size, said)


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Names, with "/", and contents of all files below a folder, in order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def write(course: Course, exercises: list[str], folder: Path) -> None:
    """Lay out the files of the bundle in an empty folder."""
    for path in learner_modules():
        _copy(path, folder / path.relative_to(ROOT))
    for name in (*_AS_THEY_ARE, *itertools.chain(*_DATA_FILES.values())):
        _copy(ROOT / name, folder / name)
    for name, target in _MADE.items():
        _copy(_TEMPLATES / name, folder / target)
    (folder / ".binder/postBuild").chmod(0o755)
    for path in sorted((ROOT / ".jupyter").rglob("*.json")):
        if "instructor" not in path.parts:
            _copy(path, folder / path.relative_to(ROOT))
    (folder / "pyproject.toml").write_text(_project(), encoding="utf-8")
    _lessons(course, exercises, folder / "notebooks")
    for name in exercises:
        source = course.folder("release", name)
        for path in sorted(source.rglob("*")):
            inside = path.relative_to(source)
            if _is_plain(path, inside):
                _copy(path, folder / "exercises" / name / inside)


def _is_plain(path: Path, inside: Path) -> bool:
    """A file of the course: no link, nothing hidden, no learner's own coding."""
    return path.is_file() and not path.is_symlink() and not any(
        part.startswith((".", *_OWN_WORK)) for part in inside.parts)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _lessons(course: Course, exercises: list[str], folder: Path) -> None:
    source, dues = course.root / "notebooks", _dues(course, exercises)
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if not _is_plain(path, inside):
            continue
        target = folder / inside
        if path.suffix == ".ipynb":
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_lesson(path, exercises), encoding="utf-8")
        elif path.suffix == ".md":
            target.parent.mkdir(parents=True, exist_ok=True)
            page = adapted(_page(path), exercises)
            target.write_text(_HOW_LONG.sub(
                lambda found: found[1] + dues.get(found[2], ""), page), encoding="utf-8")
        elif path.suffix in _PAGES:
            _copy(path, target)


def _page(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CourseProblem(f"The page notebooks/{path.name} is not in UTF-8, so it would be "
                            "unreadable for students; save it so, or move it away.") from None


def _dues(course: Course, exercises: list[str]) -> dict[str, str]:
    of_class = settings.load(course.root)
    said = {name: due_sentence(of_class, name).partition(".")[0] for name in exercises}
    return {name: f", due {due}" for name, due in said.items() if due}


def _lesson(path: Path, exercises: list[str]) -> str:
    """A lesson without outputs: they could hold passages of somebody's own articles."""
    try:
        nb = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat lets through whatever a damaged file makes it raise
        raise CourseProblem(f"The lesson {path.name} is damaged "
                            f"({' '.join(str(error).split())[:120]}); restore it from the course's "
                            "repository.") from None
    nb.metadata.pop("widgets", None)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        else:
            cell.source = adapted(cell.source, exercises)
    return json.dumps(nb, indent=1, ensure_ascii=False) + "\n"


def adapted(text: str, exercises: Iterable[str]) -> str:
    """Markdown of the course as it holds in the bundle: no link leads to what is not there."""
    there = set(exercises)
    text = _EXERCISE.sub(lambda found: (
        f"[{found[1]}](../exercises/{found[2]}/{found[3]})" if found[2] in there else
        f"{found[1]} (not released yet)"), text)
    for before, now in _SAID:
        text = before.sub(now, text)
    return text


def _project() -> str:
    """pyproject.toml for the part of the course that students have."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    about = project["project"]
    packages = sorted({path.parent.relative_to(ROOT).as_posix().replace("/", ".")
                       for path in learner_modules()})
    needs = [name for name in about["dependencies"] if name not in _FOR_INSTRUCTORS]
    return "\n".join([
        "[build-system]", f"requires = {json.dumps(project['build-system']['requires'])}",
        'build-backend = "setuptools.build_meta"', "", "[project]",
        *(f"{name} = {json.dumps(about[name])}" for name in (
            "name", "version", "description", "readme", "requires-python", "license")),
        f"dependencies = {json.dumps(needs)}", "", "[tool.setuptools]",
        f"packages = {json.dumps(packages)}", "", "[tool.setuptools.package-data]",
        'seeds = ["*.csv", "*.json", "*.bib", "*.md"]', '"reader.widgets.static" = ["*"]', "",
        "[tool.setuptools.data-files]",
        *(f'"{place}" = {json.dumps(names)}' for place, names in _DATA_FILES.items()), ""])


def pack(folder: Path, archive: Path) -> None:
    """Write an archive of a folder: the same files give the same bytes."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, content in contents(folder):
            entry = zipfile.ZipInfo(f"{NAME}/{name}", _DATE)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            program = (folder / name).stat().st_mode & 0o100
            entry.external_attr = (0o100755 if program else 0o100644) << 16
            packed.writestr(entry, content)
