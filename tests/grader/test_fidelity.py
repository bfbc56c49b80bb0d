"""A session shows what nbgrader's Execute has recorded from a real kernel, feature by feature.

(`tests/course/test_same_outputs.py` does the same with all lessons and solved exercises.)
"""

from __future__ import annotations

import difflib
import json
import os

import fidelity_outputs
import fidelity_running
import pytest
from kernel_start import as_installed
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.preprocessors import Execute
from session_kit import Run, Sessions, comparable, without_home

from reader.course_files import FILE_NAME

CELLS = fidelity_outputs.CELLS + fidelity_running.CELLS
FEATURES = [feature for feature, _ in CELLS]

KEYBOARD = "input is refused with a sentence of ours, which says what to do instead"
FRAMES = "the traceback goes through the machinery itself, which is ours"
#: Every feature whose outputs are not the same, and why.
DIFFERENCES = {
    "input()": KEYBOARD,
    "getpass": KEYBOARD,
    "%debug": KEYBOARD,
    "sys.stdout.write and writelines": FRAMES,
    "surrogates in a display": FRAMES,
    "half of a surrogate pair": "ipykernel loses all that was printed around it and shows its "
                                "own traceback; ours is printed as U+FFFD",
}


@pytest.fixture(scope="module")
def env(tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("home")
    return {**without_home(), "NBGRADER_EXECUTION": "autograde",
            "READING_IDLIB_TEXTS": str(folder), "READING_IDLIB_LOG": os.devnull}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A folder for each of the two runs; both have the same name."""
    made = [tmp_path_factory.mktemp(name) / "notebook" for name in ("kernel", "session")]
    for folder in made:
        folder.mkdir()
        (folder / FILE_NAME).write_text('{"salt": ""}', encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def recorded(env, folders, tmp_path_factory):
    """The notebook after nbgrader's Execute with a real kernel."""
    notebook = new_notebook(cells=[new_code_cell(source) for _, source in CELLS])
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - set(env):
            patch.delenv(name)
        for name, value in env.items():
            patch.setenv(name, value)
        patch.setenv("IPYTHONDIR", str(as_installed(tmp_path_factory.mktemp("ipython"))))
        # No cell takes more than some seconds. Once in a while, on a busy machine, a wait for a
        # kernel goes on to the end of its time though all outputs are there.
        Execute(timeout=60, startup_timeout=300).preprocess(
            notebook, {"metadata": {"path": str(folders[0])}})
    return notebook


@pytest.fixture(scope="module")
def run(env, folders) -> Run:
    """The notebook in a session."""
    with Sessions(env) as sessions:
        return sessions.run([source for _, source in CELLS], folders[1])


def both(recorded, run: Run, folders, feature: str) -> list[str]:
    """The comparable outputs of a feature, of kernel and session, as text."""
    i = FEATURES.index(feature)
    return [json.dumps(comparable(outputs, *folders), indent=1, ensure_ascii=False)
            for outputs in (recorded.cells[i].outputs, run.outputs[i])]


def test_features_are_many_and_different():
    assert len(FEATURES) == len(set(FEATURES)) >= 200
    assert set(DIFFERENCES) <= set(FEATURES)


def test_the_whole_notebook_ran(run):
    assert run.code == 0
    assert None not in run.outputs


@pytest.mark.parametrize("feature", FEATURES)
def test_outputs_are_those_of_a_kernel(recorded, run, folders, feature):
    kernel, session = both(recorded, run, folders, feature)
    if feature in DIFFERENCES:
        assert kernel != session, f"No difference any more: take {feature!r} out of the table."
        return
    assert kernel == session, "\n".join(difflib.unified_diff(
        kernel.splitlines(), session.splitlines(), "kernel", "session", lineterm="", n=1))


def test_execution_counts_are_those_of_a_kernel(recorded, run):
    assert run.counts == [cell.execution_count for cell in recorded.cells]


def test_a_refused_question_is_answered_in_a_sentence(run):
    error = run.outputs[FEATURES.index("input()")][0]
    assert error["ename"] == "StdinNotImplementedError"
    assert error["evalue"] == ("This notebook runs without a keyboard: write the value into the "
                               "cell instead of asking for it with input().")
