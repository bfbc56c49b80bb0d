"""Two graders' agreement: the sample, the worksheets, and what the numbers say."""

import csv
import io
import json
import random
import re
import shutil

import nbformat
import pytest
from typer.testing import CliRunner

from grader.agreement import compare, rubric, worksheet
from grader.agreement.draw import KEY, PAGE, draw, drawn, page
from grader.cli import app
from grader.course import Course, CourseProblem

ITEM, EXERCISE = "08.R2", "08-voices"
CRITERIA = ("Evidence", "Accuracy", "Attribution and balance", "Uncertainty and humility",
            "Victims' dignity")


@pytest.fixture(scope="module")
def room(played_class, tmp_path_factory) -> Course:
    return Course(shutil.copytree(played_class, tmp_path_factory.mktemp("agree") / "course"))


@pytest.fixture(scope="module")
def task(room) -> rubric.Task:
    return rubric.find(room, ITEM)


@pytest.fixture(scope="module")
def sample(room):
    """Six answers, one of them hostile, one with its writer's name in it."""
    path = room.folder("autograded", EXERCISE, "synthetic-01") / f"{EXERCISE}.ipynb"
    nb = nbformat.read(path, 4)
    cell = next(c for c in nb.cells
                if c.metadata.get("nbgrader", {}).get("grade_id") == "rubric-08-2")
    cell.source = "</div><script>alert(1)</script> <img src=https://example.org/x> \ud800 =1+1"
    path.chmod(0o644)
    path.write_text(json.dumps(nb))
    return draw(room, ITEM, 20, 2, 1)


def filled(path, values: dict[str, list], separator: str = ",", encoding: str = "utf-8") -> None:
    """A worksheet as a spreadsheet saves it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(["task", "answer", *CRITERIA, "comment"])
    writer.writerows([ITEM, answer, *levels, "Zoë"] for answer, levels in values.items())
    path.write_bytes(text.getvalue().encode(encoding))


def test_every_written_task_of_the_course_has_a_rubric_that_can_be_read(released_course):
    course = Course(released_course)
    found = [task for name in course.assignments()
             for task in rubric._tasks(name, course.released(name))]
    assert len(found) == 11
    for task in found:
        assert 3 <= len(task.criteria) <= 5 and task.highest == 3, task.item
        assert task.item in task.prompt
        assert task.total([3] * len(task.criteria)) == task.points


def test_a_sample_is_seeded_without_names_and_nothing_is_drawn_twice(room, task, sample, tmp_path):
    assert task.criteria == CRITERIA
    codes = drawn(room, ITEM)
    assert sample.size == len(codes) == sample.answers == 7  # three handed in nothing to read
    assert "synthetic-10" not in codes.values()
    assert {path.name for path in sample.folder.iterdir()} == {
        PAGE, KEY, "grader-1.csv", "grader-2.csv"}
    for path in sample.folder.glob("grader-*.csv"):
        assert "synthetic" not in path.read_text(encoding="utf-8-sig")
        assert [row["answer"] for row in csv.DictReader(
            io.StringIO(path.read_text(encoding="utf-8-sig")))] == list(codes)
    with pytest.raises(CourseProblem, match="was drawn already"):
        draw(room, ITEM, 20, 2, 2)
    sample.folder.rename(tmp_path / "moved away")
    assert draw(room, ITEM, 20, 3, 1).folder.is_dir() and drawn(room, ITEM) == codes
    hostile = next(code for code, student in codes.items() if student == "synthetic-01")
    assert set(sample.naming) == set(codes) - {hostile}  # the label of the others says "Synthetic"


def test_the_page_shows_what_was_typed_and_runs_nothing(task, sample, room):
    text = (sample.folder / PAGE).read_text()
    assert "&lt;script&gt;alert(1)" in text and not re.search("<script|<img", text)
    assert "default-src 'none'" in text and "<table>" in text and "synthetic-0" not in text
    levels = [int(level) for level in re.findall(r"<h(\d)", page(task, {"A01": "x"}))]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize(("separator", "encoding"), [
    (",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")])
def test_worksheets_are_read_as_spreadsheets_save_them(task, tmp_path, separator, encoding):
    path = tmp_path / "sheet.csv"
    half = "2.5" if separator == "," else "2,5"
    filled(path, {"A01": ["3", half, "", "0", "1"], "A02": [""] * 5}, separator, encoding)
    given = dict(zip(CRITERIA, (3, 2.5, None, 0, 1), strict=True))
    del given[CRITERIA[2]]
    assert worksheet.read(path, task, ["A01", "A02"]) == {"A01": given, "A02": {}}


@pytest.mark.parametrize(("change", "sentence"), [
    (lambda t: t.replace("Accuracy", "Acuracy"), "has no column Accuracy in its first line"),
    (lambda t: t.replace("A02", "A77"), "Line 3 of sheet.csv names the answer 'A77'"),
    (lambda t: t.replace("A02", "A01"), "Line 3 of sheet.csv grades A01 a second time"),
    (lambda t: t.replace("A01,3", "A01,4"), "has '4' for Evidence: give a number from 0 to 3"),
    (lambda t: t.replace("A01,3", "A01,good"), "has 'good' for Evidence"),
    (lambda t: t.replace("A01,3", "A01,nan"), "has 'nan' for Evidence"),
    (lambda t: t.replace(ITEM, "08.R1"), "is about '08.R1', not about 08.R2"),
    (lambda t: "PK\x03\x04" + t, "is a spreadsheet file, not CSV"),
    (lambda t: t.replace(",3,2,1,0,1", ",,,,,").replace(",1,1,1,1,1", ",,,,,"),
     "holds no grades yet"),
    (lambda t: "", "is empty"),
])
def test_a_bad_worksheet_gets_one_sentence(task, tmp_path, change, sentence):
    path = tmp_path / "sheet.csv"
    filled(path, {"A01": [3, 2, 1, 0, 1], "A02": [1, 1, 1, 1, 1]})
    path.write_text(change(path.read_text()))
    with pytest.raises(CourseProblem, match=re.escape(sentence)) as said:
        worksheet.read(path, task, ["A01", "A02"])
    assert "\n" not in str(said.value)


def test_a_cell_that_looks_like_a_formula_is_marked_as_text():
    odd = rubric.Task("e", "=1", "c", 4, "", ("=cmd()",), 3)
    [first, second] = csv.reader(io.StringIO(worksheet.empty(odd, ["A01"]).decode("utf-8-sig")))
    assert first[2] == "'=cmd()" and second[0] == "'=1"


def test_weighted_kappa_is_that_of_scikit_learn():
    from sklearn.metrics import cohen_kappa_score  # a second to import, in every process

    dice = random.Random(7)
    for size in (5, 20, 99):
        a = [dice.randint(0, 3) for _ in range(size)]
        b = [min(3, max(0, value + dice.choice((-1, 0, 0, 1)))) for value in a]
        assert compare.weighted_kappa(a, b) == pytest.approx(
            cohen_kappa_score(a, b, weights="quadratic", labels=[0, 1, 2, 3]))


def test_by_hand(task):
    """Four answers: values 0 1 2 3 and 0 1 2 2 for the first criterion, one apart for the last."""
    one = {f"A0{n}": dict.fromkeys(CRITERIA, float(n)) for n in range(4)}
    other = {answer: dict(values) for answer, values in one.items()}
    other["A03"]["Evidence"] = 2.0
    found = {c.name: c for c in compare.compare(task, one, other)}
    evidence = found["Evidence"]
    assert evidence.percent == 0.75 and evidence.difference == -0.25
    # Quadratic: observed 1/4; expected the mean of 16 squared differences, 32/16.
    assert evidence.kappa == pytest.approx(1 - (1 / 4) / (32 / 16))
    assert found["Accuracy"].alpha == 1 and "rely" in compare.meaning(found["Accuracy"])
    assert found["points"].a == [0, 5, 10, 15] and found["points"].b == [0, 5, 10, 14]
    assert list(compare.disputed(list(found.values()))) == ["A03, Evidence: 3 and 2"]
    same = compare.Comparison("Evidence", ["A01", "A02"], [2.0, 2.0], [2.0, 2.0])
    assert "undefined" in compare.meaning(same)


def test_two_worksheets_or_one_and_the_gradebook(room, task, sample, tmp_path):
    codes = list(drawn(room, ITEM))
    sheets = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for number, path in enumerate(sheets):
        filled(path, {code: [(n + number * (n % 3 == 0)) % 4] * 5 for n, code in enumerate(codes)})

    def compute(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["agreement", "compute", ITEM, *words, "--course",
                                        str(room.root)])
        assert done.exit_code == code, (done.output, done.exception)
        return done.output if code == 0 else str(done.exception)
    found = json.loads(compute(*map(str, sheets), "--json"))
    assert [one["name"] for one in found["comparisons"]] == [*CRITERIA, "points"]
    assert "few" in found["caution"] and "undefined" not in compute(*map(str, sheets))
    assert "given twice" in compute(str(sheets[0]), str(sheets[0]), code=1)
    assert "Give two worksheets" in compute(str(sheets[0]), code=1)
    assert "has no points for the sample" in compute(str(sheets[0]), "--gradebook", code=1)
    with room.gradebook() as book:
        for n, student in enumerate(drawn(room, ITEM).values()):
            grade = book.find_grade("rubric-08-2", EXERCISE, EXERCISE, student)
            grade.manual_score, grade.needs_manual_grade = 5.0 * (n % 4), False
        book.db.commit()
    [points] = json.loads(compute(str(sheets[0]), "--gradebook", "--json"))["comparisons"]
    assert points["name"] == "points" and points["first"] == [
        5.0 * (n % 4) for n in range(len(codes))] == points["second"]
    assert points["alpha_ordinal"] == 1
