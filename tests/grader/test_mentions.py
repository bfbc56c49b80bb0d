"""To forget one student must not take away a line about another one."""

import shutil

import pytest

from grader import forget, roster
from grader.course import Course
from grader.mentions import Mentions
from grader.roster import Person

TWELVE = Mentions("12", Person("12", "Syn", "Twelve"), [])
HEADER = ["student", "points", "file"]


@pytest.mark.parametrize("row, mine", [
    (["12", "3", ""], True), (["7", "12", ""], False), (["7", "3", "page-12.ipynb"], False),
    (["synthetic-12", "3", ""], False), (["7", "3", "Syn Twelve 01-sources.ipynb"], True)])
def test_a_number_of_points_is_no_id(row, mine):
    assert TWELVE.row(row, HEADER) is mine


@pytest.mark.parametrize("line, mine", [
    ("01-sources, 12: graded, ran in 3 s", True), ("01-sources, 7: graded, ran in 12 s", False),
    ("01-sources, synthetic-12: graded", False), ("submitted/12/01-sources", True),
    ("<td>12</td>", True), ('{"student": "12"}', True), ('{"points": 12}', False)])
def test_lines(line, mine):
    assert TWELVE.text(line) is mine


def test_a_name_that_others_have_too_counts_for_nobody():
    ann = Person("syn-ann", "Ann", "Lee", "ann@example.org")
    alone = Mentions("syn-ann", ann, [Person("syn-bo", "Bo", "Lee")])
    assert alone.by_name and alone.text("seen: Ann Lee") and not alone.text("Ann Lee-Smith")
    for other in (Person("syn-2", "Ann", "Lee"), Person("syn-3", "Mary Ann", "Lee")):
        shared = Mentions("syn-ann", ann, [other])
        assert not shared.by_name and not shared.text("seen: Ann Lee")
        assert shared.text("seen: ann@example.org") and shared.text("x, syn-ann: graded")
        assert not shared.text("x, syn-ann-2: graded") and not shared.text("dr.syn-ann")


def test_bundle_and_other_students_stay(played_class, tmp_path):
    course = Course(shutil.copytree(played_class, tmp_path / "course"))
    roster.save(course.classroom, [Person("12"), Person("synthetic-01")])
    room = course.classroom
    table = room / "exports" / "canvas.csv"
    table.parent.mkdir(exist_ok=True)
    table.write_text("Student,ID,01-sources\na,7,12\nb,12,5\nc,112,12\n", encoding="utf-8")
    (room / "bundle").mkdir(exist_ok=True)
    (room / "bundle" / "seeds.csv").write_text("id,text\n12,open\n", encoding="utf-8")
    found = forget.find(course, "12")
    list(forget.delete(course, found))
    assert table.read_text(encoding="utf-8").split() == ["Student,ID,01-sources", "a,7,12",
                                                         "c,112,12"]
    assert (room / "bundle" / "seeds.csv").read_text() == "id,text\n12,open\n"
    assert [person.student for person in roster.load(room)] == ["synthetic-01"]
