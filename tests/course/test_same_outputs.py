"""In a session of the grading engine, lessons and solved exercises show what they show in a
kernel. (`tests/grader/test_fidelity.py` does the same with each feature of a notebook.)"""

from __future__ import annotations

import difflib
import json
import shutil

import pytest
from course_tools import EXERCISES, IN_KERNELS, LESSONS, cells, raw, source
from places import only_thorough
from session_kit import Sessions, comparable

from grader.editions.running import environment


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("sessions")


@pytest.fixture(scope="module")
def sessions(home, text_folders):
    with Sessions(environment(home, text_folders["digests"])) as sessions:
        yield sessions


@pytest.mark.parametrize(("kind", "path"), [
    *(("lesson", path) for path in LESSONS), *(("solved", path) for path in IN_KERNELS),
    *(pytest.param("solved", path, marks=only_thorough("all lessons and three exercises"))
      for path in EXERCISES if path not in IN_KERNELS)],
    ids=lambda value: getattr(value, "stem", value))
def test_outputs_are_those_of_a_kernel(ran, room, home, sessions, tmp_path, kind, path):
    folder = path.parent
    if kind == "solved":
        folder = tmp_path
        shutil.copy(room / "classroom" / "release" / path.stem / "checks.json", folder)
    (home / "checks.jsonl").unlink(missing_ok=True)  # each notebook begins its own log
    sources = [source(cell) for cell in cells(raw(path), "code")]
    run = sessions.run(sources, folder)
    found = [comparable(outputs, folder, everywhere=True) for outputs in run.outputs]
    recorded = cells(ran(kind, path.stem, "digests"), "code")
    expected = [comparable(cell["outputs"], folder, everywhere=True) for cell in recorded]
    kernel, session = (json.dumps(part, indent=1, ensure_ascii=False).splitlines()
                       for part in (expected, found))
    assert kernel == session, "\n".join(
        difflib.unified_diff(kernel, session, "kernel", "session", lineterm="", n=1))
    assert run.counts == [cell["execution_count"] for cell in recorded]
