"""A grading run that is killed, at any moment, is taken up again as if nothing had happened."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from kill_lab import WORKERS
from places import ROOT, THOROUGH

from grader.batch import AHEAD

#: Points at which a run is killed. CI takes 50 (`.ci/run`); 20 still hit everything that can be.
POINTS = 50 if THOROUGH else 12


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
def test_killed_anywhere_nothing_is_lost_and_nothing_done_twice(course):
    lab = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("kill_lab.py")), str(course.root),
         str(POINTS)], capture_output=True, text=True, timeout=1800,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])})
    assert lab.returncode == 0, lab.stderr
    found = [json.loads(line) for line in lab.stdout.splitlines()]
    assert len(found) == POINTS
    for fault in ("differs", "lost", "untrue", "twice"):
        assert not [one for one in found if one[fault]], fault
    assert max(one["in_flight"] for one in found) <= WORKERS + AHEAD
    # Most points hit a run that was under way; a run may end before its moment comes.
    assert sum(one["killed"] for one in found) >= POINTS / 2, found
