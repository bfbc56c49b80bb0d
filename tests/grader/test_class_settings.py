"""class.yaml: what it sets reaches notebook, sealed checks, gradebook and scores, and what it must
not hold is refused in one sentence."""

from __future__ import annotations

import copy
import json
import os
import re
from datetime import UTC, datetime

import nbformat
import pytest
from grader_kit import EXERCISES, find, full_points, right_answers
from places import ROOT

from grader import doctor, recorded, sample, settings
from grader.apply_settings import behind, due_sentence, require_in_force
from grader.compile import compiled
from grader.course import Course
from grader.late import LatePolicy
from grader.recorded import key_digest
from grader.settings import Late, Settings, SettingsProblem

TOPIC = "04-timeline"
CLASS = """
timezone: Europe/Berlin
late: {percent_a_day: 10, at_most: 25, grace_minutes: 15}
exercises:
  04-timeline:
    due: 2026-10-12 22:00
    policy: count
    policies: {04.10: shape}
    points: {04.10: 4, 04.1: 1.5, 04.R1: 18}
"""


def sets(course: Course, text: str) -> None:
    """Write class.yaml; a later text counts as later, however fast the tests are."""
    path = course.root / "class.yaml"
    before = path.stat().st_mtime_ns if path.is_file() else 0
    path.write_text(text, encoding="utf-8")
    if path.stat().st_mtime_ns <= before:
        os.utime(path, ns=(before + 1_000_000, before + 1_000_000))


def released_cells(course: Course) -> tuple[nbformat.NotebookNode, dict]:
    folder = course.folder("release", TOPIC)
    return (nbformat.read(folder / f"{TOPIC}.ipynb", 4),
            json.loads((folder / "checks.json").read_text(encoding="utf-8"))["questions"])


def test_what_is_set_reaches_everything_and_goes_again(course):
    source = course.folder("source", TOPIC) / f"{TOPIC}.ipynb"
    before = source.read_bytes()
    plain = (course.folder("release", TOPIC) / f"{TOPIC}.ipynb").read_bytes()
    sets(course, CLASS)
    course.release(TOPIC)
    assert source.read_bytes() == before
    nb, sheet = released_cells(course)
    for cell, value in (("check-04-10", 4), ("check-04-1", 1.5), ("rubric-04-1", 18)):
        assert find(nb, cell).metadata.nbgrader.points == value
    text = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    assert "### 04.10 From the memorandum to the protocol (4 points)" in text
    assert "### 04.1 Five expressions that point to a time (1.5 points)" in text
    assert "(18 points, graded by your instructor)" in text
    # The rubric has three criteria, 0 to 3 each; before, its 9 points were their sum.
    assert "at most 9, earns up to 18 points: the sum times 18, divided by 9." in text
    total = full_points(TOPIC) + 3 - 1.5
    assert f"| Points | {total:g} checked by machine, 18 by your instructor |" in text
    assert text.count("**Due:** 2026-10-12 22:00 (Europe/Berlin). Later work loses 10 % of its "
                      "points for each day that has begun after the first 15 minutes, 25 % at "
                      "most.") == 1
    assert {spec["policy"] for name, spec in sheet.items() if name != "04.10"} == {"count"}
    assert sheet["04.10"]["policy"] == "shape"
    assert (sheet["04.10"]["points"], sheet["04.1"]["points"]) == (4, 1.5)
    with course.gradebook() as book:
        assignment = book.find_assignment(TOPIC)
        assert assignment.max_score == total + 18
        assert assignment.duedate == datetime(2026, 10, 12, 20, 0)  # UTC, as nbgrader keeps it
    # Without the file the release is what it was; the due date stays until it is taken back.
    (course.root / "class.yaml").unlink()
    course.release(TOPIC)
    assert (course.folder("release", TOPIC) / f"{TOPIC}.ipynb").read_bytes() == plain
    with course.gradebook() as book:
        assert book.find_assignment(TOPIC).duedate
    sets(course, "exercises: {04-timeline: {due: }}")
    course.release(TOPIC)
    with course.gradebook() as book:
        assert book.find_assignment(TOPIC).duedate is None


def test_a_release_that_is_not_as_the_settings_are_is_noticed(course):
    """Before anything is graded by points that students have never seen."""
    def found() -> dict[str, str]:
        return {what: said for ok, what, said in [doctor._settings(course), doctor._bundle(course),
                                                  *doctor._releases(course)] if not ok}

    assert found() == {} and behind(course, EXERCISES) == []
    for text in ("policy: shape", "exercises: {04-timeline: {points: {04.R1: 18}}}",
                 "exercises: {04-timeline: {points: {04.10: 2}}}",
                 "exercises: {04-timeline: {due: 2026-10-12 22:00}}"):
        sets(course, text)
        assert behind(course, [TOPIC]) == [TOPIC], text
        with pytest.raises(SettingsProblem, match="changed since 04-timeline was released: run"):
            require_in_force(course, [TOPIC])
    assert found() == {
        f"release {TOPIC}": f"not as class.yaml has it; run `grader release {TOPIC}`"}
    course.release(TOPIC)
    assert behind(course, EXERCISES) == []
    assert f"another {TOPIC} than classroom/release/" in found().pop("bundle")
    sets(course, "colour: red")
    assert "colour is not a setting" in found()["class.yaml"]


def test_every_exercise_says_its_points_where_settings_can_change_them(released):
    """The titles and the introduction have the form that is looked for, in all exercises."""
    for name in EXERCISES:
        asked = released.asked(name)
        cells = [cell for cell in released.source(name).cells if cell.cell_type == "markdown"]
        for question in asked:
            titles = [cell for cell in cells if f"### {question} " in cell.source]
            assert len(titles) == 1 and "point" in titles[0].source.splitlines()[0], question
        (intro,) = [cell.source for cell in cells if " checked by machine, " in cell.source]
        assert f"{full_points(name):g} checked by machine, " in intro
        assert [question for question, machine in asked.items() if not machine]


def test_a_change_is_a_change_of_the_key(released, tmp_path):
    assert compiled(TOPIC, tmp_path) == compiled(TOPIC)
    assert key_digest(TOPIC, tmp_path) == key_digest(TOPIC)
    (tmp_path / "class.yaml").write_text("exercises: {04-timeline: {points: {04.10: 2}}}")
    assert compiled(TOPIC, tmp_path)["04.10"]["points"] == 2
    assert key_digest(TOPIC, tmp_path) != key_digest(TOPIC)
    assert key_digest("02-actors", tmp_path) == key_digest("02-actors")


def test_a_tip_that_only_a_check_gives_is_no_other_key(monkeypatch):
    before, specs = key_digest(TOPIC), compiled(TOPIC)

    def after(change) -> str:
        changed = copy.deepcopy(specs)
        change(changed["04.10"])
        monkeypatch.setattr(recorded, "compiled", lambda *_: changed)
        return key_digest(TOPIC)

    assert after(lambda spec: spec.update(hints=["Another tip."], title="Another title")) == before
    # The hint of a misconception stands on feedback pages, and so does the explanation.
    assert after(lambda spec: spec["traps"][0][1].update(hint="Another hint.")) != before
    assert after(lambda spec: spec.update(explanation="Another one.")) != before
    assert after(lambda spec: spec["parts"].pop()) != before


def standing(course: Course, student: str) -> tuple[float, float, float]:
    """Score, penalty and hours late, as nbgrader has them."""
    with course.gradebook() as book:
        found = book.find_submission(TOPIC, student)
        return (round(found.score, 2), round(found.late_submission_penalty, 2),
                found.total_seconds_late / 3600)


def test_points_lateness_extension_extra_credit_and_manual_grades(course, submit):
    """One submission through everything that an instructor may change after grading."""
    sets(course, CLASS)
    course.release(TOPIC)
    path = submit("ann", TOPIC, right_answers(TOPIC))
    (path.parent / "timestamp.txt").write_text("2026-10-13 21:00:00 UTC")  # 25 hours late
    assert course.grade(TOPIC, "ann").state == "graded"
    total = full_points(TOPIC) + 3 - 1.5
    assert standing(course, "ann") == (total, round(total * 0.2, 2), 25)  # two days have begun
    assert sample.scores(course, TOPIC)["ann"]["04.10"] == 4
    # Extra credit as the Formgrader writes it, and a manual grade of the written task.
    with course.gradebook() as book:
        book.find_grade("check-04-2", TOPIC, TOPIC, "ann").extra_credit = 1.5
        book.find_grade("rubric-04-1", TOPIC, TOPIC, "ann").manual_score = 12
        book.db.commit()
    sets(course, CLASS.replace("04.10: 4", "04.10: 6") + "extensions: {ann: {04-timeline: 24}}\n")
    course.release(TOPIC)
    assert course.grade(TOPIC, "ann").how == "re-scored"
    score = total + 2 + 1.5 + 12
    assert standing(course, "ann") == (score, round(score * 0.1, 2), 1)
    with course.gradebook() as book:
        assert book.find_grade("check-04-2", TOPIC, TOPIC, "ann").extra_credit == 1.5
        assert book.find_grade("rubric-04-1", TOPIC, TOPIC, "ann").manual_score == 12
        assert book.find_grade("check-04-10", TOPIC, TOPIC, "ann").auto_score == 6
    # Taken back again, and no penalty: by the setting, not by the date.
    sets(course, CLASS.replace("late: {percent_a_day: 10, at_most: 25, grace_minutes: 15}",
                               "late: none") + "extensions: {ann: {04-timeline: 0}}\n")
    course.grade(TOPIC, "ann", force=True)
    assert standing(course, "ann")[1:] == (0, 25)


@pytest.mark.parametrize(("late", "seconds", "penalty"), [
    (Late(percent_a_day=10), 1, 10), (Late(percent_a_day=10), 86_400, 10),
    (Late(percent_a_day=10), 86_401, 20), (Late(percent_a_day=10), 30 * 86_400, 100),
    (Late(percent_a_day=10, at_most=30), 30 * 86_400, 30),
    (Late(percent_a_day=10, grace_minutes=5), 300, 0),
    (Late(percent_a_day=10, grace_minutes=5), 301, 10),
    ("zero", 1, 100), ("none", 1, 0)])
def test_penalties(late, seconds, penalty):
    assert Settings(late=late).penalty(100, seconds) == penalty


def test_without_a_word_on_lateness_nbgraders_own_policy_holds(course):
    from nbgrader.preprocessors import AssignLatePenalties

    assert course.config.AssignLatePenalties.plugin_class is LatePolicy
    step = AssignLatePenalties(config=course.config)
    step.config.CourseDirectory.root = str(course.root)
    plugin = LatePolicy(parent=step)
    assert plugin.late_submission_penalty("ann", 10, 60) is None
    plugin.penalty_method = "zero"
    assert plugin.late_submission_penalty("ann", 10, 60) == 10
    sets(course, "late: none")
    assert plugin.late_submission_penalty("ann", 10, 60) is None


def test_times_have_the_zone_of_the_class():
    due = {"exercises": {TOPIC: {"due": "2026-07-01 12:00"}}}
    assert Settings(**due).due(TOPIC) == datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert Settings(timezone="Asia/Damascus", **due).due(TOPIC) == datetime(
        2026, 7, 1, 9, tzinfo=UTC)
    own = {"exercises": {TOPIC: {"due": "2026-07-01T12:00+02:00"}}}
    assert Settings(**own).due(TOPIC) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert due_sentence(Settings(late="zero", **own), TOPIC) == (
        "2026-07-01 10:00 (UTC). Later work earns no points.")
    assert due_sentence(Settings(), TOPIC) == ""


FAULTS = {
    "exercises: {09-nothing: {policy: full}}": "the exercise 09-nothing, which is not there",
    "exercises: {04-timeline: {points: {04.99: 1}}}": "sets points of 04.99, which 04-timeline "
                                                      "does not ask; it asks 04.1,",
    "exercises: {04-timeline: {policies: {04.R1: full}}}": "sets the policy of 04.R1, but",
    "extensions: {zed: {04-timeline: 5}}": "an extension to zed, whom neither the roster nor",
    "extensions: {ann: {09-nothing: 5}}": "gives ann an extension for the exercise 09-nothing",
    "extensions: {ann: {04-timeline: -1}}": "must be between 0 and",
    "exercises: {04-timeline: {points: {04.1: -3}}}": "04.1 must be between 0 and 1000",
    "exercises: {04-timeline: {points: {04.1: .nan}}}": "04.1: Input should be a valid number",
    "exercises: {04-timeline: {points: {04.1: 1,5}}}": "points.5: Input should be a valid number",
    "exercises: {04-timeline: {points: {04.1: yes}}}": "04.1: Input should be a valid number",
    "extensions: {ann: {04-timeline: 48:00}}": "04-timeline: Input should be a valid number",
    "late: {percent_a_day: on}": "late.percent_a_day: Input should be a valid number",
    "exercises: {04-timeline: {due: '1790000000'}}": "give day and time, such as",
    "timezone: Europe/Berlin\nexercises: {04-timeline: {due: 2026-10-25 02:30}}": "skip or show",
    "timezone: Europe/Berlin\nexercises: {04-timeline: {due: 2026-03-29 02:30}}": "skip or show",
    "a: " + "[" * 3000: "class.yaml cannot be read",
    "exercises: {04-timeline: {due: 2026-10-12}}": "give day and time, such as",
    "exercises: {04-timeline: {due: 20261012}}": "give day and time, such as",
    "exercises: {04-timeline: {due: 2026-02-30 10:00}}": "exercises.04-timeline.due: Input should",
    "exercises: {04-timeline: {policy: all}}": "should be 'full', 'count' or 'shape'",
    "late: sometimes": "late: give none, zero, or percent_a_day",
    "late: {percent_a_day: 0}": "late.percent_a_day: Input should be greater than 0",
    "timezone: Berlin": "'Berlin' is no time zone such as Europe/Berlin",
    "colour: red": "colour is not a setting",
    "- 1": "give names with their values",
    "policy: full\npolicy: count": "line 2: policy stands twice",
    "policy: [": "class.yaml cannot be read",
}


@pytest.mark.parametrize("text", FAULTS, ids=range(len(FAULTS)))
def test_what_is_wrong_is_said_in_one_sentence(released, tmp_path, text):
    (tmp_path / "class.yaml").write_text(text, encoding="utf-8")
    course = Course(released.root)
    course.root = tmp_path  # settings of its own; the exercises are the course's
    course.known_students = lambda: {"ann"}
    course.asked, course.assignments = released.asked, released.assignments
    with pytest.raises(SettingsProblem) as told:
        settings.require_sound(course)
    said = str(told.value)
    assert FAULTS[text] in said and said.startswith("class.yaml") and said.endswith(".")
    assert "\n" not in said and said.count("class.yaml") == 1


def test_the_file_in_the_guide_is_sound(released, tmp_path):
    page = (ROOT / "grader/guide/release.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```\n(timezone:.*?)^```", page, re.M | re.S)
    (tmp_path / "class.yaml").write_text(block, encoding="utf-8")
    found = settings.load(tmp_path)
    assert isinstance(found.late, Late) and found.extension("01-sources", "student-id") == 48
    mine = found.of("01-sources")
    assert not list(settings.unknown_questions("01-sources", mine, released.asked("01-sources")))
    assert mine.due and mine.points and mine.policies and found.policy and mine.policy


def test_numbers_of_questions_and_students_are_text(tmp_path):
    (tmp_path / "class.yaml").write_text(
        "exercises: {01-sources: {points: {01.10: 010, 01.1: 3.5}}}\n"
        "extensions: {007: {}, no: {}}\n")
    found = settings.load(tmp_path)
    assert found.of("01-sources").points == {"01.10": 10, "01.1": 3.5}
    assert set(found.extensions) == {"007", "no"}
