"""`grader new question`: what it writes, that it is refused until filled in, that each missing
thing is named, and that a filled question goes the whole way to a grade."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest
import yaml
from places import ROOT
from scaffold_kit import FILLED, TOPIC, fill, tiny

from grader.course import CourseProblem
from grader.key import KeyProblem, load_file
from grader.scaffold import gaps, key_gaps, notebook_gaps, question, templates
from grader.scaffold.question import New, add

KEYS = "grader/answer_key"
NOTEBOOK = f"exercises/{TOPIC}/{TOPIC}.ipynb"


@pytest.fixture
def root(tmp_path):
    return tiny(tmp_path)


def begin(root, *kinds):
    for n, kind in enumerate(kinds, start=1):
        name = f"09.R{n}" if kind == templates.WRITTEN else f"09.{n}"
        add(root, New(name, kind, variable=f"of_{kind}"), root / KEYS)


def missing(root):
    return list(gaps.of_topic(root, TOPIC, root / KEYS))


@cache
def filled_files() -> dict[str, bytes]:
    """Key, exercise and lesson of a topic with three filled questions; made once."""
    with tempfile.TemporaryDirectory() as folder:
        root = tiny(Path(folder))
        begin(root, "mapping", "function", templates.WRITTEN)
        fill(root)
        assert missing(root) == []
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.*")
                if path.is_file()}


@pytest.fixture
def filled(root):
    for name, content in filled_files().items():
        (root / name).write_bytes(content)
    return root


def test_there_is_a_template_for_every_kind_of_question():
    from typing import get_args

    from grader import key
    kinds = {get_args(model.model_fields["kind"].annotation)[0]
             for model in get_args(get_args(key.Question)[0])}
    assert set(templates.KINDS) == kinds == set(FILLED)


@pytest.mark.parametrize("kind", FILLED)
def test_a_question_is_refused_until_it_is_filled_in(root, kind):
    begin(root, kind)
    with pytest.raises(KeyProblem, match=r"TODO still stands in question 09.1 \(title, .*bank\)"):
        load_file(root / KEYS / f"{TOPIC}.yaml")
    said = missing(root)
    assert len(said) == 3 and "prompt-09-1" in said[1] and "answer-09-1" in said[2]
    fill(root)
    assert missing(root) == []


def test_key_and_notebook_keep_what_was_there(root):
    key, notebook = root / KEYS / f"{TOPIC}.yaml", root / NOTEBOOK
    begin(root, "number", "text", templates.WRITTEN)
    add(root, New("L09.1", "choice"), root / KEYS)
    add(root, New("09.3", "set", after="09.1", points=3.5), root / KEYS)
    text = key.read_text(encoding="utf-8")
    assert text.startswith("# a comment that stays\ntopic: 09-harbour\n\nquestions:\n")
    raw = yaml.safe_load(text)
    assert [q["id"] for q in raw["questions"]] == ["09.1", "09.2", "09.3"]
    assert [q["id"] for q in raw["lesson_questions"]] == ["L09.1"]
    document = json.loads(notebook.read_text(encoding="utf-8"))
    assert [cell["id"] for cell in document["cells"]] == [
        "intro", "setup", "prompt-09-1", "answer-09-1", "check-09-1", "prompt-09-3",
        "answer-09-3", "check-09-3", "prompt-09-2", "answer-09-2", "check-09-2",
        "rubric-prompt-09-3", "rubric-09-3", "closing"]
    assert "7.5 checked by machine, 9 by your instructor" in "".join(
        document["cells"][0]["source"])
    assert notebook.read_text("utf-8") == json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    lesson = json.loads((root / f"notebooks/{TOPIC}.ipynb").read_text(encoding="utf-8"))
    assert [cell["id"] for cell in lesson["cells"]][-3:] == ["try-l09-1", "check-l09-1", "limits"]


def test_a_real_topic_takes_a_question_and_no_other_line_changes(tmp_path):
    shutil.copytree(ROOT / "exercises/04-timeline", tmp_path / "exercises/04-timeline")
    shutil.copytree(ROOT / KEYS, tmp_path / KEYS)
    old = {path: (tmp_path / path).read_text(encoding="utf-8").splitlines()
           for path in (f"{KEYS}/04-timeline.yaml", "exercises/04-timeline/04-timeline.ipynb")}
    add(tmp_path, New("04.14", "mapping"), tmp_path / KEYS)
    for path, before in old.items():
        after = (tmp_path / path).read_text(encoding="utf-8").splitlines()
        changed = [line for line in before if line not in after]
        assert len(after) > len(before) and len(changed) <= 1, changed  # the sum of the points
        assert all("checked by machine" in line for line in changed)


@pytest.mark.parametrize(("new", "says"), [
    (New("09.1", "number"), "Question 09.1 is there already; the next free id is 09.2."),
    (New("9.1", "number"), "'9.1' is no id of a question of kind number: write it as 09.14"),
    (New("09.0", "number"), "is no id of a question"),
    (New("09.R1", "number"), "is no id of a question"),
    (New("09.2", "written"), "write it as 09.R2"),
    (New("09.2", "essay"), "There is no kind of question 'essay'; there are choice, number,"),
    (New("08.2", "number"), "There is no topic 08; there are 09."),
    (New("09.2", "number", variable="of_number"), "asks for `of_number` already"),
    (New("09.2", "number", variable="two words"), "cannot be the name of an answer"),
    (New("09.2", "number", variable="class"), "cannot be the name of an answer"),
    (New("09.2", "number", points=-1), "-1 points do not fit"),
    (New("09.R2", "written", points=4), "4 points do not fit: give 3 for each criterion"),
    (New("L09.2", "number", points=2), "A self-check of a lesson carries no points"),
    (New("09.2", "number", level="hard"), "There is no level 'hard'"),
    (New("09.2", "number", after="09.9"), "There is no question 09.9 in this notebook"),
])
def test_what_does_not_fit_gets_one_sentence_and_changes_nothing(root, new, says):
    begin(root, "number")
    before = {path: path.read_bytes() for path in root.rglob("*.*") if path.is_file()}
    with pytest.raises(CourseProblem, match=r"\.$") as problem:
        add(root, new, root / KEYS)
    assert says.replace("09.14", "04.14").replace("09.R2", "04.R2") in str(problem.value)
    assert before == {path: path.read_bytes() for path in root.rglob("*.*") if path.is_file()}


def test_a_full_disk_loses_nothing(root, monkeypatch):
    before = (root / NOTEBOOK).read_bytes()
    made = question.tempfile.mkstemp

    def full(dir, prefix):  # noqa: A002  as tempfile calls it
        if "yaml" in prefix:
            raise OSError(28, "No space left on device", str(dir))
        return made(dir=dir, prefix=prefix)

    monkeypatch.setattr(question.tempfile, "mkstemp", full)
    with pytest.raises(CourseProblem, match="No space left on device; what was there has stayed"):
        begin(root, "number")
    assert (root / NOTEBOOK).read_bytes() == before
    assert not list(root.rglob(".09*"))


# --- every missing thing is named --------------------------------------------------------

def _entry(code, credit, misconception=""):
    return {"code": code, "credit": credit, "misconception": misconception}


@pytest.mark.parametrize(("change", "says"), [
    (lambda q: q["bank"].pop(0), "has 3 right and 6 other answers; it needs 4 and 6"),
    (lambda q: q["bank"].pop(5), "has 4 right and 5 other answers"),
    (lambda q: q.update(bank=[e for e in q["bank"] if e.get("misconception") != "empty"]
                        + [_entry("17", 0, "odd"), _entry("18", 0, "odd")]),
     "has no answer of the kind empty"),
    (lambda q: q.update(bank=[e for e in q["bank"] if e.get("misconception") != "type"]
                        + [_entry("17", 0, "odd")]), "has no answer of the kind type"),
    (lambda q: q["bank"].append(q["bank"][0]), "has an answer twice"),
    (lambda q: q["bank"].append(_entry("{'boats': 12}", 0.25, "half")),
     "`{'boats': 12}` has credit 0.25, but the rules give 0.5"),
    (lambda q: q["bank"].append(_entry("1 +", 0, "odd")), "`1 +` cannot be evaluated"),
    (lambda q: q["bank"].append(_entry("x = 1", 0, "odd")), "must be one Python expression"),
    (lambda q: q["misconceptions"].append({"name": "other", "has": {"crews": 30},
                                           "hint": "Look at the crews again."}),
     "No answer in the bank of 09.1 shows the misconception other"),
    (lambda q: q["misconceptions"][0].update(has={"boats": 99}), "is not recognised as one-of-"),
    (lambda q: q.update(hints=["Look."]), "first hint of 09.1 does not end with the section"),
    (lambda q: q.update(hints=[]), "first hint of 09.1 does not end with the section"),
    (lambda q: q.update(explanation="The harbour book says so."), "\"Read again: lesson 09, sect"),
    (lambda q: q.update(hints=["Look. (Lesson 09, section 3.)"]), "name different sections"),
    (lambda q: q.update(hints=["Look. (Lesson 09, section 4.)"],
                        explanation="The book says so. Read again: lesson 09, section 4."),
     "Lesson 09 has no section 4, which 09.1 names"),
    (lambda q: q.update(evidence=[{"mark": "I", "locator": "000 P1"}]), "no evidence marked T, V"),
])
def test_what_the_key_lacks_is_named(filled, change, says):
    path = filled / KEYS / f"{TOPIC}.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(raw["questions"][0])
    path.write_text(yaml.safe_dump(raw), encoding="utf-8")
    found = list(key_gaps.of_question(load_file(path).questions[0], {"2"}))
    assert any(says in sentence for sentence in found), found


def _meta(cell):
    return cell["metadata"]["nbgrader"]


@pytest.mark.parametrize(("name", "change", "says"), [
    ("check-09-1", lambda c: _meta(c).update(points=5), "5 points in the notebook and 2 in"),
    ("check-09-1", lambda c: c.update(source=["check('09.1', of_mapping)"]), "must be one line"),
    ("check-09-1", lambda c: c.update(source=["check('09.7', of_mapping)"]), "asks question 09.7"),
    ("check-09-1", lambda c: c.update(source=["pass"]), "has no line such as check("),
    ("check-09-2", lambda c: c.update(source=["check('09.1', x)"]), "Question 09.1 is asked twice"),
    ("check-09-1", lambda c: c["metadata"].pop("tags"), "lacks the tag raises-exception"),
    ("check-09-1", lambda c: _meta(c).update(locked=False), "check it needs grade=True, solution"),
    ("answer-09-1", lambda c: c.update(id="answer-x"), "where answer-09-1 is expected stands ans"),
    ("answer-09-1", lambda c: c.update(source=["of_mapping = ..."]), "needs one solution between"),
    ("answer-09-1", lambda c: c.update(source=c["source"][1:]), "needs the stub `of_mapping = ..."),
    ("prompt-09-1", lambda c: c.update(source=["### 09.1 Boats (3 points)", "`of_mapping`"]),
     'The heading of 09.1 must be "### 09.1 About mapping (2 points)"'),
    ("prompt-09-1", lambda c: c.update(source=c["source"][:1]), "does not say the name `of_mapp"),
    ("prompt-09-1", lambda c: c["source"].append("TODO"), "Cell prompt-09-1 still has TODO in it"),
    ("rubric-09-3", lambda c: _meta(c).update(points=12), 'does not say "(12 points"'),
    ("rubric-09-3", lambda c: _meta(c).update(locked=True), "needs solution=True and locked=False"),
    ("rubric-prompt-09-3", lambda c: c.update(source=c["source"][:-1]), "a rubric of 2 criteria"),
    ("rubric-prompt-09-3", lambda c: _meta(c).update(locked=False), "must be its prompt, a locked"),
    ("intro", lambda c: c.update(source=["# Exercise"]), "that 9 points are given by a person"),
])
def test_what_the_exercise_lacks_is_named(filled, name, change, says):
    document = json.loads((filled / NOTEBOOK).read_text(encoding="utf-8"))
    change(next(cell for cell in document["cells"] if cell["id"] == name))
    key = load_file(filled / KEYS / f"{TOPIC}.yaml")
    found = list(notebook_gaps.of_exercise(document, {q.id: q for q in key.questions}))
    assert any(says in sentence for sentence in found), found


def test_what_the_lesson_lacks_is_named(root):
    add(root, New("L09.1", "number", variable="boats"), root / KEYS)
    fill(root)
    assert missing(root) == []
    q = load_file(root / KEYS / f"{TOPIC}.yaml").lesson_questions[0]
    document = json.loads((root / f"notebooks/{TOPIC}.ipynb").read_text(encoding="utf-8"))
    cell = next(cell for cell in document["cells"] if cell["id"] == "check-l09-1")
    cell["source"] = ['check("L09.1", ships)']
    assert "no line check(\"L09.1\", boats)" in " ".join(
        notebook_gaps.of_lesson(document, {q.id: q}))
    cell["source"] = ["pass"]
    document["cells"] += [cell] * 60
    said = " ".join(notebook_gaps.of_lesson(document, {q.id: q}))
    assert "the lesson does not ask it" in said and "has 65 cells, and 60 is the most" in said


# --- the whole way -----------------------------------------------------------------------

def test_a_scaffolded_question_of_each_kind_goes_from_release_through_check_to_a_grade(tmp_path):
    """By the real commands, in a copy of the project: the key lies inside the package."""
    shutil.copytree(ROOT / "grader", tmp_path / "grader",
                    ignore=shutil.ignore_patterns("editions"))
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    for part in ("reader", "seeds"):
        (tmp_path / part).symlink_to(ROOT / part)
    tiny(tmp_path)
    path = os.pathsep.join([str(tmp_path), str(ROOT / "tests/grader"), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, ROOT / "tests/grader/scaffold_driver.py"], cwd=tmp_path, text=True,
        env={**os.environ, "PYTHONPATH": path, "READING_IDLIB_LOG": os.devnull,
             "COLUMNS": "400"}, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert "is not finished: TODO still stands in question 09.1" in told["refused by the key"]
    assert "is not finished: TODO still stands in prompt-09-1" in told["refused by the release"]
    assert told["nothing missing"] == "Nothing is missing."
    assert set(told["checked"].values()) == {"right"} and len(told["checked"]) == len(FILLED)
    assert told["state"] == "graded"
    assert told["scores"] == {f"09.{n}": 2.0 for n in range(1, len(FILLED))} | {
        f"09.{len(FILLED)}": 1.0}
    assert "one-of-them" in told["misconception"]
    assert "BEGIN SOLUTION" not in told["released"] and "TODO" not in told["released"]
