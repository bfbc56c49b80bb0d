"""`grader grade`: what it prints for people and machines, and how it ends early."""

import errno
import json
import os
import signal
import sqlite3
import subprocess
import time
from io import StringIO
from pathlib import Path

import psutil
import pytest
from grader_kit import command, find, full_points, right_answers
from nbconvert.writers import FilesWriter
from places import BIN
from rich.console import Console
from typer.testing import CliRunner
from whole_class import differences, files, tables

from grader import cli, logs, meter
from grader.batch import Interrupted, grade_all
from grader.execution import client
from grader.execution.protocol import Refused
from grader.outcome import Outcome

TOPIC = "05-figures"
ALLOWED = "--allow-unprotected", "all"


def run(course, *words):
    """The command in this process, with the fork server that is there already."""
    return CliRunner().invoke(cli.app, ["grade", TOPIC, "--course", str(course.root), *words])


def state(course) -> dict:
    return {**tables(course.classroom / "gradebook.db"), **files(course.classroom / "autograded")}


def test_one_json_document_and_nothing_else(course, submit):
    submit("ann", TOPIC, right_answers(TOPIC))
    submit("bob", TOPIC, change=lambda nb: "no notebook")
    (course.folder("submitted", TOPIC, "bob") / "timestamp.txt").write_text("2026-10-02 00:00 UTC")
    with course.gradebook() as book:
        book.update_or_create_assignment(TOPIC, duedate="2026-10-01 23:00 UTC")
    env = {**os.environ, "READING_IDLIB_LOG": os.devnull}
    done = subprocess.run([str(BIN / "grader"), "grade", TOPIC, "--json", *ALLOWED], env=env,
                          cwd=course.root, capture_output=True, text=True, timeout=600)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    ann, bob = found["submissions"]
    assert (ann["student"], ann["assignment"], ann["state"]) == ("ann", TOPIC, "graded")
    assert (ann["how"], ann["problems"], ann["late_seconds"]) == ("ran", [], 0)
    assert ann["score"] == full_points(TOPIC) < ann["max_score"]
    assert min(ann["seconds"], ann["cpu_seconds"], ann["peak_bytes"]) > 0
    assert (bob["state"], bob["late_seconds"]) == ("graded with a problem", 3600)
    assert "could not be read" in bob["problems"][0]
    totals = found["totals"]
    assert (totals["submissions"], totals["graded"], totals["late"], totals["ran"]) == (2, 1, 1, 2)
    assert found["missing_protections"] == sorted(ann["missing"])
    assert found["stopped"] == ""
    log = logs.submission_log(course.classroom, TOPIC, "bob").read_text()
    assert "submitted at 2026-10-02" in log
    assert "3600.0 seconds late" in log
    assert "graded with a problem, ran in" in log
    again = run(course, "--json", *ALLOWED)
    assert [one["state"] for one in json.loads(again.stdout)["submissions"]] == ["unchanged"] * 2
    assert again.exit_code == 0


def test_a_missing_protection_is_named_with_the_way_out(course, submit, monkeypatch):
    submit("ann", TOPIC)
    asked = []

    def refuse(request):
        asked.append(request.allow_unprotected)
        raise Refused(["network", "memory"])
    monkeypatch.setattr(client, "run", refuse)
    found = run(course, "--allow-unprotected", "processes")
    assert found.exit_code == 1
    said = " ".join(found.output.split())
    assert "`grader grade --allow-unprotected network --allow-unprotected memory`" in said
    assert "`grader doctor`" in said
    assert asked == [frozenset({"processes"})]


def test_what_cannot_be_graded_ends_in_exit_code_1(course, submit):
    submit("ann", TOPIC)
    submit("two\nlines", TOPIC)
    found = run(course, *ALLOWED)
    assert found.exit_code == 1
    assert "1 graded, 1 not graded." in found.output


def test_ctrl_c_leaves_nothing_half_and_says_how_to_go_on(course, submit):
    submit("ann", TOPIC, right_answers(TOPIC))
    for student in ("bob", "cem", "dee"):
        submit(student, TOPIC, {}, lambda nb: setattr(
            find(nb, "answer-05-1"), "source", "import time\ntime.sleep(25)"))
    words = [str(BIN / "grader"), "grade", TOPIC, "--workers", "2", *ALLOWED]
    with subprocess.Popen(words, cwd=course.root, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as going:
        log, deadline = logs.run_log(course.classroom), time.monotonic() + 300
        while not (log.exists() and "ann: graded" in log.read_text()):
            assert time.monotonic() < deadline
            assert going.poll() is None
            time.sleep(0.1)
        family = psutil.Process(going.pid).children(recursive=True)
        going.send_signal(signal.SIGINT)
        said, _ = going.communicate(timeout=120)
    assert going.returncode == 1
    assert "Stopped. 1 of 4 submissions are done; run the same command to do the rest." in said
    assert "Traceback" not in said
    assert not psutil.wait_procs(family, timeout=60)[1]
    assert len(state(course)["submitted_assignment"]) == 1
    for student in ("bob", "cem", "dee"):
        submit(student, TOPIC)
    assert "3 graded, 1 unchanged." in run(course, *ALLOWED).output


def test_a_locked_gradebook_stops_the_run_and_loses_nothing(course, submit):
    for student in ("ann", "bob", "cem"):
        submit(student, TOPIC, right_answers(TOPIC))
    course.allow(["all"])
    other = sqlite3.connect(course.classroom / "gradebook.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    found = run(course, *ALLOWED)
    assert found.exit_code == 1
    assert "The gradebook is locked by another program." in " ".join(found.output.split())
    assert "Traceback" not in found.output
    other.execute("ROLLBACK")

    def lock(outcome: Outcome) -> None:
        other.execute("BEGIN IMMEDIATE")  # may be read, not written
    work = [(TOPIC, student) for student in ("ann", "bob", "cem")]
    with pytest.raises(Interrupted, match="is locked .* 1 of 3 submissions are done") as early:
        grade_all(course, work, report=lock)
    assert [outcome.state for outcome in early.value.outcomes] == ["graded"]
    other.execute("ROLLBACK")
    other.close()
    assert sorted(o.state for o in grade_all(course, work)) == ["graded", "graded", "unchanged"]


@pytest.mark.parametrize("owner, name", [(FilesWriter, "write"), (Path, "write_text"),
                                         (os, "rename"), (os, "mkdir")])
def test_a_full_disk_stops_the_run_and_loses_nothing(course, submit, monkeypatch, owner, name):
    for student in ("ann", "bob"):
        submit(student, TOPIC, right_answers(TOPIC))
    course.allow(["all"])
    work = [(TOPIC, student) for student in ("ann", "bob")]
    grade_all(course, work)
    wanted = state(course)
    original, full = getattr(owner, name), []

    def fill(*args, **kwargs):
        if full:
            raise OSError(errno.ENOSPC, "No space left on device", "somewhere")
        return original(*args, **kwargs)
    monkeypatch.setattr(owner, name, fill)
    with pytest.raises(Interrupted, match="No space left on device.*1 of 2 submissions are done"):
        grade_all(course, work, force=True, report=full.append)
    monkeypatch.undo()
    assert not differences(wanted, state(course))
    grade_all(course, work)
    assert not differences(wanted, state(course))


@pytest.mark.parametrize("student", ["a/b", "..", "ü" * 120, "\udcff", "con", "a b+c@d"])
def test_every_student_has_a_log_of_their_own(tmp_path, student):
    path = logs.submission_log(tmp_path, TOPIC, student)
    assert path.parent == tmp_path / "logs" / TOPIC
    path.parent.mkdir(parents=True)
    path.write_text("")
    assert path != logs.submission_log(tmp_path, TOPIC, student + "x")


def test_without_a_terminal_a_line_now_and_then(monkeypatch):
    out = StringIO()
    monkeypatch.setattr(meter, "EVERY", 0)
    with meter.Meter(Console(file=out, width=200), 3) as count:
        count(Outcome("ann", TOPIC, "graded", late_seconds=60))
        count(Outcome("bob", TOPIC, "not graded"))
    first, second = out.getvalue().splitlines()
    assert first.startswith("1 of 3 done (0 failed, 1 late), about")
    assert second.startswith("2 of 3 done (1 failed, 1 late), about")


def test_a_scheduler_without_encryption_is_refused(course, submit):
    submit("ann", TOPIC)
    said = command(course, "grader", "grade", "--scheduler", "tcp://example.org:1", ok=False)
    assert "is not encrypted" in said
    assert "Traceback" not in said
