"""The people of a synthetic class: what students and graders do between an instructor's commands.

For ``grader/guide/whole_class.sh``, which plays a class from the first release to the final
grades. Everybody is made up and labelled so. What each student must get in the end is computed
here from the banks, the settings and what was given by hand, and compared with the gradebook and
with every exported file.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.auth import Authenticator
from nbgrader.exchange.default import ExchangeFetchAssignment, ExchangeSubmit

from . import sample, settings
from . import sample_downloads as made_up
from .agreement import worksheet
from .agreement.draw import folder as drawn
from .agreement.rubric import find
from .course import Course, CourseProblem
from .key import load

#: How submissions come back, in turn.
WAYS = ("exchange", "canvas", "moodle", "brightspace", "loose")
COMMENT = "SYNTHETIC COMMENT: what a grader would write."
_NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "classroom", "class.yaml", "texts", "build", "*.egg-info", "__pycache__",
    ".*_cache", ".hypothesis", ".ipynb_checkpoints")


def copy(root: Path, folder: Path) -> None:
    """Copy a course, without any class, into a folder that is not there yet."""
    if folder.exists():
        raise CourseProblem(f"{folder} is there already: name a folder that is not, so that no "
                            "class is mixed with another.")
    shutil.copytree(root, folder, ignore=_NOT_COPIED)
    exchange = folder.with_name(folder.name + "-exchange")
    exchange.mkdir()
    exchange.chmod(0o777)  # as nbgrader's exchange must be: all users of a machine hand in there
    with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(f"\nc.Exchange.root = {str(exchange)!r}\n")


def hand_in(course: Course, exercise: str, size: int, downloads: Path) -> None:
    """Make submissions, and let them come back in all ways; also the lists of the class."""
    samples = sample.make(course, exercise, size)
    handed = made_up.handed_in(course, exercise)
    shutil.rmtree(course.root / "classroom" / "submitted")  # the instructor has not collected yet
    by_way = {way: handed[place::len(WAYS)] for place, way in enumerate(WAYS)}
    for one in by_way["exchange"]:
        _submit(course, one, downloads.parent / "students" / one.student)
    made_up.canvas(downloads / "canvas.zip", by_way["canvas"])
    made_up.moodle(downloads / "moodle.zip", by_way["moodle"])
    made_up.moodle_worksheet(downloads / "moodle-worksheet.csv", by_way["moodle"])
    made_up.brightspace(downloads / "brightspace.zip", by_way["brightspace"])
    made_up.loose(downloads / "loose", by_way["loose"])
    for way in ("canvas", "loose"):  # where the download itself has no times
        with (downloads / f"{way}-times.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("id", "submitted_at"), *(
                (one.student, f"{one.time:%Y-%m-%dT%H:%M:%SZ}") for one in by_way[way])])
    everybody = [sample.student_id(number) for number in range(1, size + 1)]
    for write in (made_up.canvas_list, made_up.moodle_list, made_up.brightspace_list):
        write(downloads / f"{write.__name__.replace('_', '-')}.csv", everybody)
    times = {one.student: one.time.timestamp() for one in handed}
    _note(course, exercise, {s.student: {"expected": s.expected, "handed in": times[s.student]}
                             for s in samples})


def _submit(course: Course, one: made_up.Handed, desk: Path) -> None:
    """`nbgrader fetch_assignment` and `nbgrader submit`, as this student, at that time."""
    class Then(ExchangeSubmit):
        def set_timestamp(self) -> None:
            self.timestamp = one.time.strftime(self.timestamp_format)

    for step in (ExchangeFetchAssignment, Then):
        exchange = step(coursedir=course.directory(one.exercise, one.student),
                        authenticator=Authenticator(config=course.config), config=course.config)
        exchange.assignment_dir, exchange.cache = str(desk), str(desk / "cache")
        exchange.start()
        (desk / one.exercise / f"{one.exercise}.ipynb").write_bytes(one.notebook)


def grade_by_hand(course: Course, exercise: str) -> None:
    """Give points and a comment for every written task, as the Formgrader writes them."""
    known = _noted(course, exercise)
    with course.gradebook() as book:
        for submission in book.assignment_submissions(exercise):
            given = known[submission.student.id]["by hand"] = {}
            dice = random.Random(f"by hand/{submission.student.id}")
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    if grade.name.startswith("rubric-"):
                        given[grade.name] = float(dice.randint(0, int(grade.max_score)))
                        grade.manual_score, grade.needs_manual_grade = given[grade.name], False
                for comment in notebook.comments:
                    if comment.name.startswith("rubric-"):
                        comment.manual_comment = COMMENT
        book.db.commit()
    _note(course, exercise, known)


def fill_worksheets(course: Course, item: str) -> None:
    """Two graders fill in their worksheets; the second one differs a little."""
    task = find(course, item)
    dice = random.Random(item)
    first: dict[tuple[str, str], int] = {}
    for path in sorted(drawn(course, item).glob("grader-*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            for name in worksheet.columns(task):
                most = int(worksheet.highest(task))
                value = first.setdefault((row["answer"], name), dice.randint(0, most))
                row[name] = str(min(most, max(0, value + dice.choice((0, 0, 0, 1, -1)))))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


# --- is it right? ----------------------------------------------------------------------------


def predicted(course: Course, exercise: str) -> dict[str, float]:
    """What each student must have in the end, after lateness, by student."""
    chosen = settings.load(course.root)
    due = chosen.due(exercise)
    standard = {question.id: question.points for question in load(exercise).questions}
    found = {}
    for student, known in _noted(course, exercise).items():
        credit = {q: points / standard[q] for q, points in known["expected"].items()}
        points = chosen.of(exercise).points
        earned = sum(share * points.get(q, standard[q]) for q, share in credit.items())
        earned += sum(known.get("by hand", {}).values())
        hours = chosen.extensions.get(student, {}).get(exercise, 0)
        late = known["handed in"] - (due + timedelta(hours=hours)).timestamp()
        days = math.ceil(max(0.0, late) / 86_400)
        share = min(chosen.late.percent_a_day * days, chosen.late.at_most) / 100
        found[student] = earned * (1 - share)
    return found


def compare(course: Course, exercise: str) -> list[str]:
    """Sentences on whether gradebook and exported files have what was predicted.

    Raises
    ------
    CourseProblem
        When a single grade differs.
    """
    wanted = predicted(course, exercise)
    with course.gradebook() as book:
        places = {"gradebook": {one.student.id: _final(book, one)
                                for one in book.assignment_submissions(exercise)}}
    ids: dict[str, tuple[str, Callable[[str], str]]] = {
        "canvas": ("ID", lambda s: made_up.person(s).lms["ID"]),
        "moodle": ("Email address", lambda s: made_up.person(s).email),
        "brightspace": ("Username", lambda s: f"#{s}")}
    for name, (column, of) in ids.items():
        path = course.classroom / "exports" / f"{name}.csv"
        if path.is_file():
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = {row[column]: row for row in csv.DictReader(file)}
            places[name] = {student: _grade(rows[of(student)], exercise) for student in wanted}
    said = []
    for place, grades in places.items():
        wrong = [student for student, points in wanted.items()
                 if abs(grades.get(student, math.nan) - points) >= 0.006
                 or math.isnan(grades.get(student, math.nan))]
        if wrong:
            student = wrong[0]
            raise CourseProblem(f"{place}: {len(wrong)} grades are not as predicted, such as "
                                f"{student}: {grades.get(student)}, not {wanted[student]:.2f}.")
        said.append(f"{place}: {len(wanted)} of {len(wanted)} grades are exactly as predicted.")
    return said


def _final(book: Gradebook, one: SubmittedAssignment) -> float:
    return max(0.0, one.score - (one.late_submission_penalty or 0))


def _grade(row: dict[str, str], exercise: str) -> float:
    return float(next(value for column, value in row.items()
                      if column and column.startswith(exercise)))


def _place(course: Course, exercise: str) -> Path:
    return course.classroom / f"synthetic-{exercise}.json"


def _note(course: Course, exercise: str, known: dict) -> None:
    _place(course, exercise).write_text(json.dumps(known, indent=1), encoding="utf-8")


def _noted(course: Course, exercise: str) -> dict:
    return json.loads(_place(course, exercise).read_text(encoding="utf-8"))


def main() -> None:
    """One step of the class: ``python -m grader.synthetic_class STEP ARGUMENT…``."""
    parser = argparse.ArgumentParser(description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    for step, names in {"copy": ("folder",), "hand-in": ("exercise", "size", "downloads"),
                        "grade-by-hand": ("exercise",), "fill-worksheets": ("task",),
                        "compare": ("exercise",)}.items():
        one = steps.add_parser(step)
        for name in names:
            one.add_argument(name)
    words = parser.parse_args()
    try:
        if words.step == "copy":
            copy(Path(__file__).resolve().parents[1], Path(words.folder))
            return
        course = Course.find()
        if words.step == "hand-in":
            hand_in(course, words.exercise, int(words.size), Path(words.downloads).resolve())
        elif words.step == "grade-by-hand":
            grade_by_hand(course, words.exercise)
        elif words.step == "fill-worksheets":
            fill_worksheets(course, words.task)
        else:
            print("\n".join(compare(course, words.exercise)))
    except CourseProblem as problem:
        raise SystemExit(f"synthetic_class: {problem}") from None


if __name__ == "__main__":
    main()
