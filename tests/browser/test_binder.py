"""Binder: what repo2docker makes of the repository, and what a student then meets.

There is no Docker here. So the Dockerfile is read, and its steps that are ours (requirements,
postBuild, the start command) are run in a virtual environment with the course as home folder. What
this cannot show is the base image: its conda environment, into which Binder installs our pins.
"""

from __future__ import annotations

import os
import shutil
import tomllib

import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")
pytest.importorskip("repo2docker", reason="jupyter-repo2docker is not installed "
                    "(see tests/requirements.txt)")

from binder_image import REQUIREMENTS, Image, command, dockerfile, steps  # noqa: E402
from lab_page import Page  # noqa: E402
from packaging.specifiers import SpecifierSet  # noqa: E402
from places import ROOT, THOROUGH  # noqa: E402
from repo2docker.utils import is_local_pip_requirement  # noqa: E402
from running import serving  # noqa: E402

#: Set in CI: install everything from the package index, and make all exercises.
FRESH = bool(os.environ.get("READING_IDLIB_FRESH"))
WHOLE = "src/ ${REPO_DIR}/"  # the copy of the whole repository


@pytest.fixture(scope="module")
def instructions() -> list[str]:
    return steps(dockerfile(ROOT))


# --- the Dockerfile ----------------------------------------------------------------------

def test_requirements_are_installed_before_anything_else_is_copied(instructions):
    """Docker keeps a layer while nothing before it has changed: a new sentence in a lesson must
    not make Binder install a hundred packages again."""
    whole = next(i for i, line in enumerate(instructions)
                 if line.startswith("COPY ") and line.endswith(WHOLE))
    before, after = instructions[:whole], instructions[whole + 1:]
    ours = [line.split()[-2] for line in before if line.startswith("COPY ") and " src/" in line]
    assert ours == [f"src/{REQUIREMENTS}"]
    installs = [i for i, line in enumerate(instructions) if "pip install" in line]
    assert len(installs) == 1 and f'-r "{REQUIREMENTS}"' in instructions[installs[0]]
    copied = next(i for i, line in enumerate(before) if f" src/{REQUIREMENTS} " in line)
    assert copied < installs[0] < whole
    assert [line for line in after if line.startswith("RUN ") and "chmod" not in line] == [
        "RUN ./.binder/postBuild"]


def test_requirements_stand_for_themselves():
    """A line that names another file would move the installation behind the copy."""
    lines = (ROOT / REQUIREMENTS).read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if is_local_pip_requirement(line)]
    assert lines == (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines(), (
        f"run: cp requirements.txt {REQUIREMENTS}")


def test_python_is_one_that_we_support(instructions):
    version = (ROOT / ".binder/runtime.txt").read_text().strip().removeprefix("python-")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert version in SpecifierSet(project["requires-python"])
    # repo2docker's own file names are escaped: "-2e" is a dot.
    locks = [line for line in instructions
             if line.startswith("COPY ") and line.endswith("/environment.lock")]
    assert len(locks) == 1 and f"py-2d{version.replace('.', '-2e')}" in locks[0]


def test_the_course_is_the_home_folder(instructions):
    """So `.jupyter/` in the repository is Jupyter's own configuration folder."""
    assert "ARG REPO_DIR=${HOME}" in instructions and "WORKDIR ${REPO_DIR}" in instructions
    assert not [line for line in instructions if "JUPYTER_CONFIG" in line]


def test_binder_knows_every_file_that_we_give_it():
    assert {path.name for path in (ROOT / ".binder").iterdir()} == {
        "requirements.txt", "runtime.txt", "postBuild"}
    assert os.access(ROOT / ".binder/postBuild", os.X_OK)


# --- the image ---------------------------------------------------------------------------

@pytest.fixture(scope="module")
def image(tmp_path_factory) -> Image:
    made = Image(tmp_path_factory.mktemp("binder"))
    if not FRESH:  # one exercise is enough to see that postBuild makes them
        for folder in sorted((made.home / "exercises").iterdir())[1:]:
            shutil.rmtree(folder)
    made.install(FRESH)
    made.run("./.binder/postBuild")
    return made


@pytest.mark.skipif(not (FRESH or THOROUGH), reason="only with READING_IDLIB_THOROUGH=1 or "
                    "READING_IDLIB_FRESH=1, as in CI: it installs what Binder would")
def test_what_a_student_meets_on_binder(image, instructions, driver, screenshots):
    """The image's own start command; the start page; a lesson that runs; no instructor's tools."""
    exercises = [path.name for path in (image.home / "exercises").iterdir()]
    for name in exercises:
        assert (image.home / "classroom/study" / name / f"{name}.ipynb").is_file()
    program = [*command(instructions), "--no-browser", "--allow-root"]
    with serving(program, image.home, image.env, image.home.parent / "server.log") as lab:
        page = Page(driver, lab)
        page.size(1400, 1000)
        driver.get_log("browser")
        driver.get(lab.page(""))
        page.wait("the start page", lambda: page.all(".jp-MarkdownViewer table"))
        assert "/lab/tree/notebooks/index.md" in driver.current_url
        driver.save_screenshot(str(screenshots / "binder-start-page.png"))
        assert "Nbgrader" not in [item.text for item in page.all(".lm-MenuBar-item")]
        assert lab.status("formgrader") == 404 and lab.status("nbgrader_version?version=x") == 200
        page.open("notebooks/01-sources.ipynb")
        trust = page.all(".jp-StatusBar-Item[title*='rusted']")[0].get_attribute("title")
        assert trust.startswith("Notebook trusted"), trust
        page.run_all()
        page.wait("the answer of a check", lambda: page.all(".reading-idlib-check"))
        page.wait("a widget", lambda: page.all(".jp-OutputArea-output .rw"))
        errors = page.script("return [...document.querySelectorAll('[data-mime-type="
                             "\"application/vnd.jupyter.error\"]')].map((e) => e.textContent)")
        assert not [text for text in errors if "NotYet" not in text]
        driver.save_screenshot(str(screenshots / "binder-lesson.png"))
        assert not page.faults()
