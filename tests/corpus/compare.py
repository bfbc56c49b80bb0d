"""Run the corpus through stock nbgrader and through ours, and write the table in README.md.

By hand, in about half an hour:  python tests/corpus/compare.py

Stock means nbgrader's own lists of steps, and each student by a real ``nbgrader autograde`` with
a copy of the course of its own, in process and mount namespaces of its own. Checks are scored
where plain nbgrader would score them: in the student's kernel, by ``check`` against the sealed
``checks.json`` that nbgrader lays beside the notebook.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from corpus import classroom, kit  # noqa: E402
from corpus.kit import EXPECTED, FULL, TOPIC, Case, Hand  # noqa: E402

from grader import sample  # noqa: E402
from grader.course import Course  # noqa: E402

SECONDS = 90
# Enough for an honest kernel and nbgrader many times over, little enough for this machine.
MEMORY = 6_000_000_000
CONFIG = """
from pathlib import Path

c = get_config()
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.course_id = "stock"
c.CourseDirectory.source_directory = "exercises"
c.CourseDirectory.release_directory = "classroom/release"
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.feedback_directory = "classroom/feedback"
c.CourseDirectory.db_url = f"sqlite:///{c.CourseDirectory.root}/classroom/gradebook.db"
c.ClearSolutions.code_stub = {"python": "# Your code here: replace the three dots above, or "
                                        "write new lines below."}
c.ClearSolutions.text_stub = ("*Write your answer in place of this line: click it and press Enter, "
                              "so that a cursor blinks. Shift + Enter ends the writing.*")
c.ExecutePreprocessor.timeout = %d
"""
HEAD = """# The corpus: whatever is handed in

{count} submissions, each made by a few lines in the modules of this folder, with the state and the
points that grading must give it. `tests/grader/test_handed_in.py` grades them as one class, among
five honest students who must keep every point.

This table is written by `python tests/corpus/compare.py`, which runs the same submissions through
stock nbgrader {version} too: its own steps, a real `nbgrader autograde` for each student in a copy
of the course, {seconds} seconds for a cell. In stock mode `check` runs in the student's kernel
against the sealed `checks.json` that nbgrader lays beside the notebook, so what a cell says of
itself is believed; hidden calls of functions do not exist there.

Points are of {full:g}. *No row* means that nbgrader's gradebook has no score for the student, *not
finished* that it still ran after {limit} seconds and was ended, *not run* that it would have harmed
the machine. Bold: more or fewer points than the work deserves, or no state at all. "Graded with a
problem" means that gradebook, log and feedback page say what was wrong in one sentence.

| what came of {count} submissions | stock nbgrader | ours |
| --- | ---: | ---: |
{summary}
"""


@dataclass
class Stock:
    """What stock nbgrader made of a case."""

    points: float | None = None
    says: str = ""

    def cell(self, case: Case) -> str:
        if self.points is None:
            return f"**{self.says}**"
        right = self.points in {points for _, points in case.right}
        text = f"{self.points:g}" if right else f"**{self.points:g}**"
        return f"{text} {self.says}".strip()


def prepare(folder: Path) -> Course:
    """A stock course, released by stock nbgrader, with our sealed checks as a data file."""
    for part in ("exercises", "notebooks"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    ours = Course(folder)
    ours.release(TOPIC)
    sheet = (ours.folder("release", TOPIC) / "checks.json").read_bytes()
    shutil.rmtree(folder / "classroom")
    (folder / "classroom").mkdir()
    (folder / "nbgrader_config.py").write_text(CONFIG % classroom.CELL_SECONDS)
    (folder / "exercises" / TOPIC / "checks.json").write_bytes(sheet)
    (folder / "exercises" / TOPIC / kit.DATA).write_text(kit.DATA_TEXT)
    nbgrader(folder, "generate_assignment", TOPIC, "--force")
    return Course(folder)


def nbgrader(folder: Path, *words: str) -> tuple[int | None, str]:
    """Run stock nbgrader, locked away and bounded; returns its status (None: not finished)."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "READING_IDLIB_LOG": os.devnull,
           "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--mount",
               "prlimit", f"--as={MEMORY}", "nbgrader", *words]
    run = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        output, _ = run.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        run.kill()  # and with it, by --kill-child, all that it started
        run.communicate()
        return None, ""
    return run.returncode, output.decode(errors="replace")


def stock(case: Case, course: Path, port: int, lacks: set[str]) -> Stock:
    """One case through stock nbgrader."""
    if case.stock or lacks & set(case.needs):
        return Stock(says=f"not run: {case.stock or 'this machine lacks what it needs'}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        root = Path(place, "course")
        shutil.copytree(course, root)
        copy = Course(root)
        folder = root / "classroom" / "submitted" / case.id / TOPIC
        folder.mkdir(parents=True)
        neighbour = root / "classroom" / "submitted" / "a-honest" / TOPIC
        neighbour.mkdir(parents=True)
        release = copy.folder("release", TOPIC)
        Hand(neighbour, release).write(Hand(neighbour, release).notebook())
        case.make(Hand(folder, release, port))
        status, output = nbgrader(root, "autograde", TOPIC, f"--student={case.id}")
        if status is None:
            return Stock(says="not finished")
        scores = sample.scores(copy, TOPIC).get(case.id, {})
        if (root / "classroom" / "autograded" / case.id / TOPIC / EXPECTED).is_file() and scores:
            points = sum(given or 0 for given in scores.values())  # no score counts as none
            return Stock(round(points, 2), "" if status == 0 else "and an error")
        return Stock(says=f"no row: {reason(output)}")


def reason(output: str) -> str:
    """What nbgrader says went wrong, short: the exception, or the last line of its log."""
    output = re.sub(r".*(Please see the|Removing|processing assignment|Traceback|Kernel is run).*",
                    "", output)
    found = (re.findall(r"^ *([\w.]*(?:Error|Exception|Exit|Entry)(?:: .*)?)$", output, re.M)
             or re.findall(r"(?:ERROR|WARNING)\W+(\w.*)", output) or ["it says nothing"])
    text = re.sub(r"/[^\s:']*/", "", found[-1])  # paths are of this machine
    text = re.sub(r"^nbgrader\.converters\.base\.NbGraderException: ", "", text)
    return "".join(c if c.isprintable() and c not in "|*`<>" else " " for c in text)[:80].strip()


def table(cases: list[Case], theirs: dict[str, Stock], ours: dict, scores: dict) -> str:
    """The rows, theme by theme."""
    lines = []
    for theme in dict.fromkeys(case.theme for case in cases):
        lines += ["", f"## {theme[0].upper()}{theme[1:]}", "", "| case | stock nbgrader | ours |",
                  "| --- | --- | --- |"]
        for case in cases:
            if case.theme != theme:
                continue
            outcome = ours.get(case.id)
            mine = "not run: the tests run as root" if outcome is None else (
                f"{sum(scores.get(case.id, {}).values()):g}, {outcome.state}")
            if outcome is not None and outcome.state == kit.NOT_GRADED:
                mine = f"{outcome.state}, with the reason"
            name = "".join(c if c.isprintable() else "�" for c in case.name)
            name = name.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
            lines.append(f"| {name} | {theirs[case.id].cell(case)} | {mine} |")
    return "\n".join(lines) + "\n"


def summary(cases: list[Case], theirs: dict[str, Stock], ours: dict, scores: dict) -> str:
    """How often what happened, in both."""
    counts = {"the points that the work deserves": [0, 0], "fewer points": [0, 0],
              "more points": [0, 0], "no row and no reason for the student": [0, 0],
              "not finished": [0, 0], "not run": [0, 0]}

    def sort(points: float | None, says: str, case: Case) -> str:
        right = {points for _, points in case.right}
        if points is None:
            return ("not run" if says.startswith("not run") else "not finished" if
                    says == "not finished" else "no row and no reason for the student")
        return ("the points that the work deserves" if points in right else
                "more points" if points > max(right) else "fewer points")

    for case in cases:
        counts[sort(theirs[case.id].points, theirs[case.id].says, case)][0] += 1
        points = round(sum(scores.get(case.id, {}).values()), 2)
        counts[sort(points if case.id in ours else None, "not run", case)][1] += 1
    return "\n".join(f"| {name} | {a} | {b} |" for name, (a, b) in counts.items())


def main() -> None:
    """Write ``README.md`` beside this file."""
    from importlib.metadata import version

    cases = kit.every_case()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        mine = Path(place, "ours")
        mine.mkdir()
        for part in ("exercises", "notebooks"):
            shutil.copytree(ROOT / part, mine / part)
        shutil.copy(ROOT / "nbgrader_config.py", mine)
        course = Course(mine)
        for topic in (TOPIC, "04-timeline"):
            course.release(topic)
        ours, scores, lacks = classroom.grade(course, cases)
        base = Path(place, "stock")
        base.mkdir()
        shutil.copytree(course.folder("release", "04-timeline"),
                        prepare(base).folder("release", "04-timeline"), dirs_exist_ok=True)
        theirs: dict[str, Stock] = {}
        with classroom.surroundings() as port, ThreadPoolExecutor(2) as pool:
            for case, found in zip(cases, pool.map(
                    lambda case: stock(case, base, port, lacks), cases), strict=True):
                theirs[case.id] = found
                print(f"{case.theme}: {case.name!a}: {found.cell(case)}", flush=True)
    head = HEAD.format(count=len(cases), version=version("nbgrader"), full=FULL, limit=SECONDS,
                       seconds=classroom.CELL_SECONDS, summary=summary(cases, theirs, ours, scores))
    path = Path(__file__).with_name("README.md")
    path.write_text(head + table(cases, theirs, ours, scores), encoding="utf-8")
    print(f"{path} is written.")


if __name__ == "__main__":
    main()
