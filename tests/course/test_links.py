"""Every link of what learners read leads to a file, and to a heading where it names one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from course_tools import EXERCISES, LESSONS, cells, raw, source, without_code
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.utils import compute_checksum
from nbgrader.validator import Validator
from places import ROOT

from grader.course import Course
from grader.links import relocate
from grader.transplant import rebuild

NAMES = [path.stem for path in LESSONS]
INSTRUCTORS = "the instructors' notebook, with its solutions: learners are led to the answers"


def links(text: str) -> list[str]:
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text))
            if not re.match(r"[a-z]+:", target)]


def prose(path: Path) -> str:
    """The Markdown of a page: a Markdown file, or the Markdown cells of a notebook."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    return "\n\n".join(source(cell) for cell in cells(raw(path), "markdown"))


def anchors(path: Path) -> set[str]:
    """What may stand behind "#" in a link to this page: JupyterLab finds a cell of a notebook at
    once, but a heading only when the notebook is open already. A page has its headings."""
    if path.suffix == ".ipynb":
        return {f"cell-id={cell['id']}" for cell in raw(path)["cells"]
                if re.search("^#+ ", source(cell), re.M)}
    return {heading.strip().replace(" ", "-")
            for heading in re.findall(r"^#+ +(.+)$", prose(path), re.M)}


def wrong(path: Path, root: Path) -> dict[str, str]:
    """The links of a page that lead nowhere or astray, each with what is wrong."""
    found = {}
    for target in links(prose(path)):
        name, _, part = target.partition("#")
        place = (path.parent / name).resolve() if name else path
        if not place.is_relative_to(root):
            found[target] = "outside of the course"
        elif not place.is_file():
            found[target] = "no such file"
        elif place.relative_to(root).parts[0] == "exercises":
            found[target] = INSTRUCTORS
        elif part and part not in anchors(place):
            found[target] = "no such heading"
    return found


@pytest.fixture(scope="session")
def study(released_course, tmp_path_factory) -> Path:
    """A course whose exercises lie in classroom/study/, where learners work."""
    root = shutil.copytree(released_course, tmp_path_factory.mktemp("links") / "course")
    course = Course(root)
    for name in course.assignments():
        course.lay_out_study(name)
    return root


@pytest.mark.parametrize("name", [*NAMES, "index", "glossary"])
def test_every_link_of_a_page_leads_somewhere(study, name):
    path = next((study / "notebooks").glob(f"{name}.*"))
    assert links(prose(path)) and not wrong(path, study)


@pytest.mark.parametrize("name", [path.stem for path in EXERCISES])
def test_every_link_of_an_exercise_leads_somewhere(study, name):
    """From the learner's copy; and in the source they are written for where the source lies."""
    copy = study / "classroom/study" / name / f"{name}.ipynb"
    assert len(links(prose(copy))) >= 4 and not wrong(copy, study)
    assert not wrong(ROOT / "exercises" / name / f"{name}.ipynb", ROOT)


def test_links_of_the_readme_lead_somewhere():
    astray = wrong(ROOT / "README.md", ROOT)
    assert not {t for t, what in astray.items() if what != INSTRUCTORS}, astray


# --- the way -----------------------------------------------------------------------------

def way(name: str, kind: str) -> str:
    """The line that leads from a lesson or an exercise to all that lies next to it."""
    here, number = NAMES.index(name), name[:2]
    up = "../../notebooks/" if kind == "exercise" else ""
    steps = [("start page", f"{up}index.md")]
    if kind == "exercise":
        steps.append((f"lesson {number} (of this exercise)", f"{up}{name}.ipynb"))
    elif here:
        before = NAMES[here - 1]
        steps += [(f"lesson {before[:2]} (previous)", f"{before}.ipynb"),
                  (f"exercise {number} (of this lesson)",
                   f"../classroom/study/{name}/{name}.ipynb")]
    if here + 1 < len(NAMES):
        after = NAMES[here + 1]
        steps.append((f"lesson {after[:2]} (next)", f"{up}{after}.ipynb"))
    return "**The way:** " + ", ".join(f"[{text}]({target})" for text, target in steps)


@pytest.mark.parametrize("path", [*LESSONS, *EXERCISES], ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_the_way_stands_at_both_ends(path):
    """One form everywhere: under the title, and as the last line."""
    found = raw(path)["cells"]
    line = way(path.stem, "exercise" if path in EXERCISES else "lesson")
    assert source(found[0]).split("\n\n")[1] == line
    assert source(found[-1]).split("\n\n")[-1] == line
    assert prose(path).count("**The way:**") == 2


# --- a notebook moves --------------------------------------------------------------------

MOVES = {  # a link written for exercises/01-sources, and in classroom/study/01-sources
    "[x](../../notebooks/index.md)": "[x](../../../notebooks/index.md)",
    "[a `b` c](../../notebooks/a.ipynb#cell-id=hook)":
        "[a `b` c](../../../notebooks/a.ipynb#cell-id=hook)",
    "![plan](../../seeds/plan.png)": "![plan](../../../seeds/plan.png)",
    "[x](../02-actors/02-actors.ipynb)": "[x](../../../exercises/02-actors/02-actors.ipynb)",
    "[mine](data/table.csv)": "[mine](data/table.csv)",
    "[here](#part-1)": "[here](#part-1)",
    "[web](https://example.org/../x)": "[web](https://example.org/../x)",
    "![pasted](attachment:plan.png)": "![pasted](attachment:plan.png)",
    "`[code](../../notebooks/a.ipynb)`": "`[code](../../notebooks/a.ipynb)`",
    "```\n[code](../../a.ipynb)\n```": "```\n[code](../../a.ipynb)\n```",
}


@pytest.mark.parametrize("text", MOVES)
def test_a_link_follows_its_notebook(text):
    nb = new_notebook(cells=[new_markdown_cell(text)])
    there, back = "exercises/01-sources", "classroom/study/01-sources"
    assert relocate(nb, there, back).cells[0].source == MOVES[text]
    assert relocate(nb, back, there).cells[0].source == text


def test_a_learners_copy_is_whole(study):
    """Moved links must not look to Validate as if somebody had changed a locked cell, and what
    the learner wrote is not touched when the questions change around it."""
    name = "02-actors"
    copy = study / "classroom/study" / name / f"{name}.ipynb"
    nb = nbformat.read(copy, as_version=4)
    assert not Validator()._get_changed_cells(nb)
    intro = nb.cells[0]
    assert intro.metadata.nbgrader.checksum == compute_checksum(intro)
    written = next(cell for cell in nb.cells if cell.cell_type == "markdown"
                   and cell.metadata.nbgrader.solution)
    written.source = "I read [lesson 01](../../notebooks/01-sources.ipynb)."
    nbformat.write(nb, copy)
    sheet = copy.with_name("checks.json")
    sheet.write_text(sheet.read_text(encoding="utf-8") + " ", encoding="utf-8")
    course = Course(study)
    assert "the questions have changed" in course.lay_out_study(name)
    again = nbformat.read(copy, as_version=4)
    assert next(c for c in again.cells if c.id == written.id).source == written.source
    assert not wrong_in_locked(again, copy, study)
    # What is handed in from there gives the released notebook again, with the answers in it.
    graded = rebuild(course.released(name), again)
    assert [c.source for c in graded.cells if c.id == "intro"] == [
        c.source for c in course.released(name).cells if c.id == "intro"]


def wrong_in_locked(nb, path: Path, root: Path) -> list[str]:
    return [target for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("locked")
            and cell.cell_type == "markdown" for target in links(cell.source)
            if not (path.parent / target.partition("#")[0]).resolve().is_relative_to(
                root / "notebooks")]
