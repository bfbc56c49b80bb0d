"""The course to read: `python -m grader.editions.site classroom/site`.

Executes the lessons with the course's own digests (never with the articles, even where this
machine has them) and writes every page as HTML that needs no network, no script and no server.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from nbformat import NotebookNode

from .running import ROOT, environment, run_all
from .site_cells import NO_TEXTS, SiteProblem, exercise, lesson, page_of
from .site_page import Page, Site


def lessons() -> list[Path]:
    """The lessons' notebooks, in order."""
    return sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))


def run_lessons(paths: list[Path], texts: Path | None = None) -> dict[str, NotebookNode]:
    """Execute lessons, each in an environment of its own, without the articles; by name.

    `texts` is the empty folder where the course then looks for them, one of its own by default.
    """
    with tempfile.TemporaryDirectory() as made:
        texts, jobs = texts or Path(made) / NO_TEXTS, {}
        texts.mkdir(exist_ok=True)
        for path in paths:
            home = Path(made) / path.stem
            home.mkdir()
            jobs[path.stem] = path, path.parent, environment(home, texts)
        return run_all(jobs)


def build(out: Path, ran: Mapping[str, NotebookNode] | None = None, course: str = "") -> int:
    """Write the site into a folder, which is made anew.

    Parameters
    ----------
    out : pathlib.Path
        Folder of the site. One that holds something else is not touched.
    ran : mapping, optional
        Executed lessons by name; they are executed here otherwise.
    course : str, optional
        Web address where the course runs; the pages then link to it.

    Returns
    -------
    int
        Bytes of the whole site.

    Raises
    ------
    SiteProblem
        When a lesson does not run, a link leads nowhere, or the folder is not a site's.
    """
    _clear(out)
    executed = run_lessons(lessons()) if ran is None else ran
    tasks = {path.stem: path for path in sorted((ROOT / "exercises").glob("*/*.ipynb"))}
    pages = [_text("index")]
    for path in lessons():
        name = path.stem
        pages.append(Page(f"notebooks/{name}.ipynb", lesson(executed[name], name)))
        if name in tasks:
            pages.append(Page(f"classroom/study/{name}/{name}.ipynb", exercise(tasks[name]),
                              written=f"exercises/{name}/{name}.ipynb"))
    pages.append(_text("glossary"))
    Site(tuple(pages), ("notebooks/codebook.html",), course, ROOT).write(out)
    return sum(path.stat().st_size for path in out.rglob("*") if path.is_file())


def _text(name: str) -> Page:
    return Page(f"notebooks/{name}.md", page_of(ROOT / "notebooks" / f"{name}.md"))


def _clear(out: Path) -> None:
    """Remove an earlier site, and nothing that is not one."""
    if out.exists() and any(out.iterdir()):
        if not (out / "style.css").is_file() or not (out / "index.html").is_file():
            raise SiteProblem(f"{out} holds files that are not of this site. Name an empty folder "
                              "or an earlier site.")
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)


def main(arguments: list[str] | None = None) -> int:
    """Build the site; problems are one sentence, and the exit status is 1."""
    parser = argparse.ArgumentParser(prog="python -m grader.editions.site",
                                     description="Write the course as pages to read.")
    parser.add_argument("out", type=Path, help="folder of the site, for example classroom/site")
    parser.add_argument("--course", default="", metavar="URL",
                        help="web address where the course runs; the pages link to it")
    given = parser.parse_args(arguments)
    try:
        size = build(given.out, course=given.course)
    except (SiteProblem, OSError) as problem:
        print(f"The site was not made. {problem}", file=sys.stderr)
        return 1
    pages = len(list(given.out.rglob("*.html")))
    print(f"{pages} pages, {size / 1e6:.1f} MB, in {given.out}. Open {given.out / 'index.html'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
