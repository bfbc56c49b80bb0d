"""The documented script that plays a class from the first release to the final grades."""

from __future__ import annotations

import os
import subprocess
import zipfile
from collections import Counter

import pytest
from places import ROOT, only_thorough

SCRIPT = ROOT / "grader" / "guide" / "whole_class.sh"
STUDENTS = 12  # all kinds of synthetic student but one, and two or more for each way of collecting


def play(folder) -> subprocess.CompletedProcess:
    return subprocess.run([str(SCRIPT), str(folder), str(STUDENTS)], capture_output=True, text=True,
                          timeout=900, env={**os.environ, "READING_IDLIB_LOG": os.devnull,
                                            "COLUMNS": "400"})


@only_thorough("each of its steps has a test of its own")
@pytest.mark.skipif(os.name != "posix", reason="the script is for bash")
def test_every_grade_is_as_predicted_everywhere(tmp_path, no_texts, monkeypatch):
    monkeypatch.setenv("READING_IDLIB_TEXTS", str(no_texts))
    done = play(tmp_path / "course")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    exact = f": {STUDENTS} of {STUDENTS} grades are exactly as predicted."
    said = Counter(line.removesuffix(exact) for line in done.stdout.splitlines()
                   if line.endswith(exact))
    # Before and after the points were changed; then also in all exported files.
    assert said == {"gradebook": 2, "canvas": 1, "moodle": 1, "brightspace": 1}
    for way in ("nbgrader's exchange", "a Canvas download", "a Moodle download",
                "a Brightspace download", "loose files"):
        assert f"read as {way}." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    classroom = tmp_path / "course" / "classroom"
    assert len(list(classroom.glob("feedback/*/*/*.html"))) == STUDENTS
    with zipfile.ZipFile(classroom / "exports" / "feedback-canvas-01-sources.zip") as packed:
        assert 0 < len(packed.namelist()) < STUDENTS
    assert (classroom / "report" / "report.html").is_file()
    again = play(tmp_path / "course")
    assert again.returncode == 1
    assert "is there already" in again.stderr
