"""The grader command: the demo to the last point, and one sentence for bad input."""

import json
import shutil

import nbformat
import pytest
from grader_kit import EXERCISES, command, find, full_points, right_answers
from places import PLAYED, STUDENTS, THOROUGH

from grader import key, sample
from grader.course import Course


def test_demo_gives_every_predicted_point_and_clears_itself_away(played_class, tmp_path):
    """Every kind of question and of student once; a larger class has more ordinary ones, and
    `make course` plays all exercises."""
    assert {q.kind for name in PLAYED for q in key.load(name).questions} == {
        q.kind for name in EXERCISES for q in key.load(name).questions}
    assert {kind for at, kind in sample.SPECIAL.items() if at <= STUDENTS} == set(
        sample.SPECIAL.values())
    exercises, every = len(PLAYED), len(PLAYED) * STUDENTS
    output = (played_class / "demo.txt").read_text(encoding="utf-8")
    assert f"{every} of {every} submissions have exactly the points" in output
    assert f"{every - exercises} graded, {exercises} graded with a problem." in output
    course = Course(shutil.copytree(played_class, tmp_path / "course"))
    pages = (course.classroom / "feedback").glob("*/*/*.html")
    assert sorted(page.stem for page in pages) == sorted(PLAYED * STUDENTS)
    for name in PLAYED[1:]:
        shutil.rmtree(course.root / "exercises" / name)
    command(course, "grader", "demo", "--size", "1")  # a demo may replace a demo
    for name in ("report/report.html", "exports/canvas.csv", "moved.csv"):
        path = course.classroom / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("synthetic")
    command(course, "grader", "demo", "--remove")
    left = [path.name for path in course.classroom.rglob("*") if path.is_file()]
    assert not [name for name in left if name.startswith("synthetic-")]
    assert not {"report.html", "canvas.csv", "moved.csv", "gradebook.db"} & {*left}
    assert "no demo" in command(course, "grader", "demo", "--remove", ok=False)


@pytest.mark.parametrize("name", EXERCISES if THOROUGH else PLAYED)
def test_demo_is_the_same_class_every_time(course, name):
    first = sample.make(course, name, 12, seed=3)
    text = (course.folder("submitted", name, "synthetic-05") / f"{name}.ipynb").read_text()
    assert sample.LABEL in text
    again = sample.make(course, name, 12, seed=3)
    assert again == first
    assert sample.make(course, name, 12, seed=4) != first


def test_demo_never_touches_a_real_class(course, submit):
    path = submit("ann", "01-sources")
    before = path.read_bytes()
    output = command(course, "grader", "demo", ok=False)
    assert "holds a class already (ann)" in output
    assert "nothing was changed" in output
    assert path.read_bytes() == before
    shutil.rmtree(course.classroom / "submitted")
    with course.gradebook() as book:
        book.add_student("ann")
        book.remove_student("ann")
    # Grades of a class that is deleted otherwise are no demo's.
    (course.classroom / "exports").mkdir()
    assert "holds a class already (exports)" in command(course, "grader", "demo", ok=False)
    (course.classroom / "exports").rmdir()
    # A course that is prepared, with a due date and nobody in it yet, is not a demo either.
    with course.gradebook() as book:
        book.update_or_create_assignment("01-sources", duedate="2027-01-10 12:00 UTC")
    assert "(01-sources, due 2027-01-10)" in command(course, "grader", "demo", ok=False)
    with course.gradebook() as book:
        book.add_student("ann")
    # Not even when a demo stood there first and its mark was left behind.
    (course.classroom / "DEMO.txt").write_text("a demo")
    assert "holds a class already" in command(course, "grader", "demo", ok=False)
    assert "holds a class already" in command(course, "grader", "demo", "--remove", ok=False)
    with course.gradebook() as book:
        assert [s.id for s in book.students] == ["ann"]


def test_release_twice_gives_the_same_bytes(course):
    def files():
        return {(name, p.name): p.read_bytes() for name in PLAYED
                for p in course.folder("release", name).iterdir()}
    before = files()
    assert len(before) == 2 * len(PLAYED)
    command(course, "grader", "release", *PLAYED, "--no-bundle")
    assert files() == before


def test_self_study_keeps_every_answer(course):
    output = command(course, "grader", "release", "--study", *PLAYED)
    for name in PLAYED:
        assert f"{name}: your copy in classroom/study/{name}/ is ready" in output
        assert {p.name for p in (course.classroom / "study" / name).iterdir()} == {
            f"{name}.ipynb", "checks.json"}
    folder = course.classroom / "study" / "01-sources"
    notebook, sheet = folder / "01-sources.ipynb", folder / "checks.json"
    mine = notebook.read_text(encoding="utf-8").replace("paragraphs = ...", "paragraphs = {1: 2}")
    notebook.write_text(mine, encoding="utf-8")
    study = "grader", "release", "01-sources", "--study"
    assert "stays as it is" in command(course, *study)
    assert notebook.read_text(encoding="utf-8") == mine
    # The questions change: new notebook around the old answers, the old file kept beside it.
    sheet.write_text("{}")
    assert "the questions have changed" in command(course, *study)
    assert "paragraphs = {1: 2}" in notebook.read_text(encoding="utf-8")
    assert sheet.read_bytes() == (course.folder("release", "01-sources") / sheet.name).read_bytes()
    (kept,) = folder.glob("*before*")
    assert kept.read_text(encoding="utf-8") == mine
    # Even what is no notebook is kept.
    notebook.write_text("my work")
    sheet.write_text("{}")
    command(course, *study)
    assert "my work" in {p.read_text(encoding="utf-8") for p in folder.glob("*before*")}


@pytest.mark.parametrize(("words", "says"), [
    (("release", "09-nothing"), "There is no exercise 09-nothing; there are "
                                f"{', '.join(EXERCISES)}."),
    (("grade", "01-sources"), "There are no submissions"),
    (("grade", "--student", "nobody"), "There are no submissions of nobody"),
    (("feedback",), "There are no submissions"),
    (("release", "--course", "/"), "is not the course folder"),
])
def test_bad_calls_end_in_one_sentence(course, words, says):
    output = command(course, "grader", *words, ok=False)
    assert says in output
    assert "Traceback" not in output


def test_outside_a_course(course, tmp_path):
    course.root = tmp_path
    assert "No nbgrader_config.py in" in command(course, "grader", "doctor", ok=False)


def test_a_submission_with_a_strange_name_is_stated(course, submit):
    path = submit("ann", "01-sources")
    path.rename(path.with_name("01-sources (1).ipynb"))
    submit("bob", "01-sources")
    output = command(course, "grader", "grade")
    assert "The submission has no 01-sources.ipynb; 01-sources (1).ipynb was graded" in output
    assert "1 graded, 1 graded with a problem." in output


def test_grading_before_release_says_so(course, submit):
    submit("ann", "01-sources")
    shutil.rmtree(course.folder("release", "01-sources"))
    output = command(course, "grader", "grade", "01-sources", ok=False)
    assert "01-sources has not been released: run `grader release` first." in output


def test_a_question_that_the_key_lacks_stops_the_release_with_its_name(course):
    source = course.folder("source", "01-sources") / "01-sources.ipynb"
    nb = json.loads(source.read_text(encoding="utf-8"))
    for cell in nb["cells"]:
        if cell["id"] == "check-01-1":
            cell["source"] = 'check("01.99", paragraphs)'
    source.write_text(json.dumps(nb), encoding="utf-8")
    output = command(course, "grader", "release", "01-sources", ok=False)
    assert "The notebook asks question 01.99, but the answer key 01-sources.yaml" in output
    assert "Traceback" not in output
    output = command(course, "grader", "doctor", ok=False)
    assert "problem topic 01-sources: " in output
    assert "The exercise asks question 01.99, but the key does not have it." in output


def test_doctor_finds_nothing_wrong_in_a_good_course(course):
    output = command(course, "grader", "doctor")
    assert "problem" not in output
    assert all(f"release {name}: released" in output for name in EXERCISES)
    assert "executor: fork" in output


def test_a_second_run_at_the_same_time_is_refused(course, submit):
    submit("ann", "01-sources")
    with course.alone():
        output = command(course, "grader", "grade", ok=False)
    assert "Another grading run is going on in this course" in output
    assert "1 graded." in command(course, "grader", "grade")


def test_a_run_that_was_cut_off_is_taken_up_again(course, submit):
    submit("ann", "01-sources", right_answers("01-sources"))
    course.grade("01-sources", "ann")
    full = sample.scores(course, "01-sources")["ann"]
    # What a kill leaves: the rebuilt notebook is there, but nothing has been scored.
    path = course.folder("autograded", "01-sources", "ann") / "01-sources.ipynb"
    path.chmod(0o644)
    nb = json.loads(path.read_text(encoding="utf-8"))
    del nb["metadata"]["reading_idlib"]["scored"]
    path.write_text(json.dumps(nb), encoding="utf-8")
    with course.gradebook() as book:
        for grade in book.find_submission("01-sources", "ann").notebooks[0].grades:
            grade.auto_score = 0
        book.db.commit()
    assert course.grade("01-sources", "ann").state == "graded"
    assert sample.scores(course, "01-sources")["ann"] == full


def test_a_resubmission_counts_with_and_without_a_date(course, submit):
    submit("ann", "01-sources")
    course.grade("01-sources", "ann")
    submit("ann", "01-sources", right_answers("01-sources"))
    assert course.grade("01-sources", "ann").state == "graded"
    assert sum(sample.scores(course, "01-sources")["ann"].values()) == full_points("01-sources")
    assert course.grade("01-sources", "ann").state == "unchanged"


def test_odd_files_and_dates_do_not_cost_the_grade(course, submit, tmp_path):
    path = submit("ann", "01-sources", right_answers("01-sources"))
    (tmp_path / "secret.txt").write_text("the key")
    (path.parent / "link.txt").symlink_to(tmp_path / "secret.txt")
    (path.parent / "nowhere.txt").symlink_to(tmp_path / "nowhere")
    (path.parent / "timestamp.txt").write_bytes(b"\x00 not a date \xff")
    outcome = course.grade("01-sources", "ann")
    assert outcome.state == "graded with a problem"
    assert sorted(outcome.problems) == [
        "Left out of the submission, because it is a symbolic link, and links are not followed: "
        "link.txt, nowhere.txt.",
        "timestamp.txt cannot be read, so the time of submission is unknown and no lateness was "
        "noted."]
    assert sum(sample.scores(course, "01-sources")["ann"].values()) == full_points("01-sources")
    graded = course.folder("autograded", "01-sources", "ann")
    assert not (graded / "link.txt").exists()
    submit("a\nb", "01-sources")
    assert "rename the folder" in course.grade("01-sources", "a\nb").problems[0]


def test_figures_are_there_for_the_person_who_grades(course, submit):
    def change(nb):
        find(nb, "answer-01-1").source = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    submit("ann", "01-sources", {}, change)
    course.grade("01-sources", "ann")
    path = course.folder("autograded", "01-sources", "ann") / "01-sources.ipynb"
    cell = find(nbformat.read(path, 4), "answer-01-1")
    assert "image/png" in cell.outputs[0].data
