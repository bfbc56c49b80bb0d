"""Kills grading runs and starts them again. Runs as ``python kill_lab.py COURSE POINTS``.

One process imports everything and forks the grading runs, and never has a thread; another one
holds the warm fork server, so that a killed run does not take it along. Each line of standard
output says what came of one kill, as JSON.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Client, Listener
from pathlib import Path

import psutil
from nbconvert.writers import FilesWriter
from sqlalchemy.orm import Session, configure_mappers
from whole_class import differences, files, tables

from grader import intake, logs, recorded, sample
from grader.batch import grade_all
from grader.compile import compiled
from grader.course import Course
from grader.execution import client
from grader.execution.protocol import Request
from grader.gradebook import ClassGradebook

TOPIC = "05-figures"
WORKERS = 2


class Elsewhere(ThreadPoolExecutor):
    """Runs requests in the process with the warm server, as a cluster would."""

    def __init__(self, address: str) -> None:
        super().__init__(WORKERS)
        self.address = address

    def submit(self, function, request):
        return super().submit(self._ask, request)

    def _ask(self, request):
        with Client(self.address) as connection:
            connection.send_bytes(request.to_bytes())
            return connection.recv()


def serve(address: str, ready: int) -> None:
    """Run what is asked for, side by side, until the process ends."""
    with Listener(address, backlog=50) as listener:
        client.run(Request(((0, "1"),), allow_unprotected=frozenset({"all"})))
        os.write(ready, b".")
        while True:
            threading.Thread(target=_answer, args=(listener.accept(),), daemon=True).start()


def _answer(connection) -> None:
    with connection, suppress(EOFError, OSError):
        connection.send(client.run(Request.from_bytes(connection.recv_bytes())))


def kill_in_the(call: int, owner: type, name: str, when: str) -> None:
    """Kill this process at the n-th call of a method: before it, after it, or half way."""
    original, calls = getattr(owner, name), []

    def method(self, *args, **kwargs):
        calls.append(1)
        if len(calls) == call and when == "half":
            Path(self.build_directory, f"{TOPIC}.ipynb").write_text(args[0][:len(args[0]) // 2])
        if len(calls) == call and when != "after":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(self, *args, **kwargs)
        if len(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(owner, name, method)


TARGETS = {
    "before commit": (Session, "commit", "before"), "after commit": (Session, "commit", "after"),
    "in the rows": (Session, "flush", "after"), "half a file": (FilesWriter, "write", "half"),
    "between names": (Path, "rename", "after"), "before names": (Path, "rename", "before"),
}


def run(course: Course, address: str, target: str = "", call: int = 0) -> int:
    """Fork a grading run; returns its process id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        if target:
            kill_in_the(call, *TARGETS[target])
        work = [(TOPIC, student) for student in course.students(TOPIC)]
        found = grade_all(course, work, workers=WORKERS, executor=Elsewhere(address))
        os._exit(any(outcome.state == "not graded" for outcome in found))
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(9)


def state(course: Course) -> dict:
    return {**tables(course.classroom / "gradebook.db"), **files(course.classroom / "autograded")}


def safe(course: Course) -> dict[str, dict]:
    """Students whose graded notebook says that it rests on what is handed in now; and what it
    says was saved."""
    found = {}
    for student in course.students(TOPIC):
        noted = recorded.noted(course.folder("autograded", TOPIC, student) / f"{TOPIC}.ipynb")
        now = intake.receive(course.folder("submitted", TOPIC, student), TOPIC,
                             course.folder("release", TOPIC))
        if (noted.get("scored") == recorded.key_digest(TOPIC)
                and noted.get("submission") == now.fingerprint):
            found[student] = noted["saved"]["scores"]
    return found


def saved(course: Course) -> dict[str, dict]:
    """What the gradebook holds, by student."""
    book = ClassGradebook(course.directory().db_url, course.directory().course_id)
    try:
        marks = book.marks(TOPIC)
        return {one.student: marks.automatic(one) for one in marks.submissions.values()}
    finally:
        book.close()


def ran(course: Course) -> set[str]:
    """Students whose notebooks were sent to be run, by the log."""
    path = logs.run_log(course.classroom)
    return {line.split(", ")[1].removesuffix(": runs") for line in path.read_text().splitlines()
            if line.endswith(": runs")} if path.exists() else set()


def put_back(course: Course, template: Path) -> None:
    shutil.rmtree(course.classroom)
    shutil.copytree(template, course.classroom)


def prepare(course: Course, address: str) -> None:
    """A class in the middle of a term: one unchanged, one to score again, two that handed in
    again (one graded by hand), three new ones."""
    folder = course.classroom / "submitted"
    sample.make(course, TOPIC, 4, seed=1)
    finish(run(course, address))
    shutil.copytree(folder, course.root / "first")
    sample.make(course, TOPIC, 7, seed=2)
    for student in ("synthetic-01", "synthetic-02"):
        shutil.rmtree(folder / student)
        (course.root / "first" / student).rename(folder / student)
    path = course.folder("autograded", TOPIC, "synthetic-02") / f"{TOPIC}.ipynb"
    path.chmod(0o644)
    path.write_text(path.read_text().replace(recorded.key_digest(TOPIC), "another key"))
    with course.gradebook() as book:
        grade = book.find_submission(TOPIC, "synthetic-03").notebooks[0].grades[0]
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        book.db.commit()
    logs.run_log(course.classroom).unlink()


def finish(pid: int) -> None:
    assert os.waitpid(pid, 0)[1] == 0, "this run was not to be killed"


def trial(course: Course, address: str, server: int, number: int, usual: float) -> dict:
    """Kill one run, or what it needs; start it again, and say what came of it."""
    dice = random.Random(number)
    target = list(TARGETS)[number // 3 % len(TARGETS)] if number % 3 == 0 else ""
    moment, call = dice.random() * usual, dice.randint(1, 6)
    # Rarely, as each new fork server has to warm up.
    what = {8: "fork server", 17: "notebooks"}.get(number % 25, target or "run")
    before = safe(course)
    pid = run(course, address, target, call)
    if not target:
        time.sleep(moment)
        forked = psutil.Process(server).children()
        victims = {"run": [psutil.Process(pid)], "fork server": forked,
                   "notebooks": [child for one in forked for child in one.children()]}[what]
        for process in victims:
            with suppress(psutil.NoSuchProcess):
                process.kill()
    killed = os.waitpid(pid, 0)[1] != 0
    kept, first, rows = safe(course), ran(course), saved(course)
    logs.run_log(course.classroom).unlink(missing_ok=True)
    finish(run(course, address))
    return {"what": what, "call": call, "moment": moment, "killed": killed,
            "lost": sorted(before.keys() - kept.keys()),
            "untrue": sorted(who for who, scores in kept.items() if rows.get(who) != scores),
            "twice": sorted(ran(course) & kept.keys()),
            "in_flight": len(first & ran(course))}


def main() -> None:
    course, points = Course(Path(sys.argv[1])), int(sys.argv[2])
    course.allow(["all"])
    configure_mappers()
    compiled(TOPIC)
    place = Path(tempfile.mkdtemp())
    address, template = str(place / "socket"), place / "template"
    reading, writing = os.pipe()
    server = os.fork()
    if server == 0:
        serve(address, writing)
    os.read(reading, 1)
    try:
        prepare(course, address)
        shutil.copytree(course.classroom, template)
        start = time.monotonic()
        finish(run(course, address))
        usual, wanted = time.monotonic() - start, state(course)
        for number in range(points):
            put_back(course, template)
            found = trial(course, address, server, number, usual)
            found["differs"] = sorted(differences(state(course), wanted))
            print(json.dumps(found), flush=True)
    finally:
        os.kill(server, signal.SIGKILL)
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
