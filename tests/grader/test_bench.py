"""The bench on a class of two: it ends, compares every score, and fills every line."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from places import ROOT, only_thorough

from grader import key


@only_thorough("it grades one class in eight ways; test_same_gradebook compares the scores")
def test_a_class_of_two(tmp_path):
    figures = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--size", "2", "--rounds", "1", "--json", str(figures),
         "--allow-unprotected", "all"], cwd=tmp_path, text=True, capture_output=True, timeout=1800,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"})
    assert done.returncode == 0, done.stdout + done.stderr
    for line in ("stock / ours", "ours / floor", "class of 2, wall", "gradebook", "fork server"):
        assert line in done.stdout
    found = json.loads(figures.read_text(encoding="utf-8"))
    questions = len(key.load(found["exercise"]).questions)
    assert found["scores"]["compared"] == 2 * questions
    assert found["scores"]["wrong"] == []
    assert [one["block"] for one in found["raw"]] == [2]
    assert found["stages"]["submissions"] == 2
    assert all(seconds > 0 for seconds in found["stages"]["stages"].values())
    assert all(found["memory"][role] > 0 for role in ("grader", "fork server", "all together"))
    for one in found["rounds"]:
        assert all(one[way][name] > 0 for way in ("stock", "ours", "floor")
                   for name in ("wall", "cpu", "class"))
