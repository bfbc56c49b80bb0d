"""A copy of the course, its release, and every notebook executed in both modes, once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from course_tools import EXERCISES, IN_KERNELS, LESSONS, MODES, cells, command, raw, source
from places import SHARED
from session_kit import Sessions

from grader.editions.running import environment, run_all


@pytest.fixture(scope="session")
def room(released_course, tmp_path_factory) -> Path:
    """A copy of what an instructor has, with all exercises released by the real command."""
    return shutil.copytree(released_course, tmp_path_factory.mktemp("room") / "course")


@pytest.fixture(scope="session")
def text_folders(no_texts, tmp_path_factory) -> dict[str, Path]:
    """READING_IDLIB_TEXTS of each mode; "texts" only where the machine has the articles."""
    folders = {"digests": no_texts}
    files = sorted((SHARED / "seeds").glob("*.txt"))
    if files:
        folder = tmp_path_factory.mktemp("texts")
        command("reader", "add", *files, env={"READING_IDLIB_TEXTS": str(folder)})
        folders["texts"] = folder
    return folders


@pytest.fixture(scope="session")
def executed(room, text_folders, executed_lessons, tmp_path_factory) -> dict:
    """All notebooks after a run from top to bottom: {(kind, name, mode): notebook}.

    Lessons run where they stand. The exercise with its solutions ("solved") and the released
    one ("released", nothing answered) run beside the checks of a real release. Lessons, and some
    solved exercises without the texts, run in real kernels; the others in a session of the
    grading engine, which `test_same_outputs.py` compares with a kernel, and which starts at once.
    """
    kernels, sessions = {}, {mode: {} for mode in text_folders}
    for mode, texts in text_folders.items():
        for path in LESSONS if mode != "digests" else []:
            env = environment(tmp_path_factory.mktemp("home"), texts)
            kernels["lesson", path.stem, mode] = path, path.parent, env
        for path in EXERCISES:
            release = room / "classroom" / "release" / path.stem
            for kind, notebook in (("solved", path), ("released", release / path.name)):
                folder = tmp_path_factory.mktemp(f"{path.stem}-{kind}")
                shutil.copy(release / "checks.json", folder)
                if kind == "solved" and mode == "digests" and path in IN_KERNELS:
                    env = environment(folder, texts)
                    kernels[kind, path.stem, mode] = notebook, folder, env
                elif kind == "solved" or mode == "digests":
                    # Unanswered, nothing depends on the mode.
                    sessions[mode][kind, path.stem, mode] = notebook, folder
    found = run_all(kernels)
    for mode, texts in text_folders.items():
        home = tmp_path_factory.mktemp("home")
        found |= _in_sessions(sessions[mode], environment(home, texts), home / "checks.jsonl")
    return {**found, **{("lesson", name, "digests"): notebook
                        for name, notebook in executed_lessons.items()}}


def _in_sessions(jobs: dict, env: dict, log: Path) -> dict:
    """Run (notebook, folder) of each job in a session of its own; each begins its own log."""
    found = {}
    with Sessions(env) as sessions:
        for name, (path, folder) in jobs.items():
            log.unlink(missing_ok=True)
            notebook = found[name] = raw(path)
            code = cells(notebook, "code")
            run = sessions.run([source(cell) for cell in code], folder)
            assert run.code == 0
            for cell, outputs, count in zip(code, run.outputs, run.counts, strict=True):
                cell.update(source=source(cell), outputs=outputs, execution_count=count)
    return found


@pytest.fixture
def ran(executed):
    """Look up an executed notebook; skip, with the reason, where the mode cannot be had."""
    def get(kind: str, name: str, mode: str):
        if (kind, name, mode) not in executed:
            assert mode in MODES and mode != "digests", f"{kind} {name} did not run in {mode}"
            pytest.skip(f"the articles are not in {SHARED / 'seeds'} (set READING_IDLIB_SHARED)")
        return executed[kind, name, mode]

    return get
