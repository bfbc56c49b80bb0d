"""Nothing of a submission is believed but its answers."""

import json

import nbformat
import pytest
from grader_kit import EXERCISES, find, full_points, right_answers
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader import sample
from grader.key import load
from grader.rebuild import SubmissionExporter, rebuild
from grader.written import make_presentable

TOPIC = "01-sources"


def total(course, student="ann") -> float:
    return round(sum(sample.scores(course, TOPIC)[student].values()), 2)


@pytest.fixture
def points():
    return full_points(TOPIC)


def delete_checks(nb):
    nb.cells = [c for c in nb.cells if not c.get("id", "").startswith("check-")]


def delete_prompts_and_setup(nb):
    nb.cells = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("solution")]


def strip_metadata(nb):
    for cell in nb.cells:
        cell.metadata = {}


def strip_ids(nb):
    for n, cell in enumerate(nb.cells):
        cell["id"] = f"x{n}"


def strip_both(nb):
    strip_metadata(nb)
    strip_ids(nb)


def reverse(nb):
    nb.cells = nb.cells[::-1]


def retype(nb):
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell["cell_type"] = "raw"
            cell.pop("outputs", None)
            cell.pop("execution_count", None)


def edit_locked(nb):
    for cell in nb.cells:
        if cell.id.startswith("check-"):
            cell.source = "100"
            cell.metadata.nbgrader.update(points=1000, locked=False, solution=True)


def duplicate_answers_first(nb):
    copies = []
    for cell in nb.cells:
        if cell.id.startswith("answer-"):
            draft = nbformat.from_dict(json.loads(json.dumps(cell)))
            draft.source, draft["id"] = "raise ValueError('an old draft')", "draft-" + cell.id
            copies.append(draft)
    nb.cells = copies + nb.cells


def foreign_cells(nb):
    nb.cells.insert(1, new_code_cell("del check\ndef check(*a): return 1000"))
    nb.cells.insert(2, new_markdown_cell("![x](nowhere.png)"))
    nb.cells.append(new_code_cell("raise SystemExit"))
    nb.cells[1].metadata = {"nbgrader": {"grade": True, "grade_id": "mine", "points": 50,
                                         "locked": True, "solution": False, "schema_version": 3}}


CHANGES = [delete_checks, delete_prompts_and_setup, strip_metadata, strip_ids, reverse, retype,
           edit_locked, duplicate_answers_first]


@pytest.mark.parametrize("change", CHANGES, ids=lambda c: c.__name__)
def test_right_answers_keep_their_points_whatever_else_happened(course, submit, points, change):
    submit("ann", TOPIC, right_answers(TOPIC), change)
    assert course.grade(TOPIC, "ann").state == "graded"
    assert total(course) == points


@pytest.mark.parametrize("topic", EXERCISES)
def test_answers_without_any_name_are_found_by_their_place(course, submit, topic):
    """Some editors drop metadata and ids; then only the text around an answer says whose it is."""
    submit("ann", topic, right_answers(topic), strip_both)
    assert course.grade(topic, "ann").state == "graded with a problem"
    assert sum(sample.scores(course, topic)["ann"].values()) == full_points(topic)


@pytest.mark.parametrize("keep", ["everything", "nothing"])
def test_a_pasted_copy_of_a_locked_cell_does_not_move_helpers(course, submit, points, keep):
    def change(nb):
        setup = next(c for c in nb.cells if "import check" in c.source)
        copy = nbformat.from_dict(json.loads(json.dumps(setup)))
        copy["id"] = "pasted"
        if keep == "nothing":
            copy.metadata = {}
        at = next(i for i, c in enumerate(nb.cells) if c.id == "answer-01-3")
        nb.cells[at:at] = [copy, new_code_cell("needed = len(paragraphs)")]
        find(nb, "answer-01-3").source += "\nneeded"
        find(nb, "answer-01-2").source += "\nlater = paragraphs"
    submit("ann", TOPIC, right_answers(TOPIC), change)
    course.grade(TOPIC, "ann")
    assert total(course) == points
    nb = nbformat.read(course.folder("autograded", TOPIC, "ann") / f"{TOPIC}.ipynb", 4)
    helper = next(c for c in nb.cells if c.source == "needed = len(paragraphs)")
    assert not any(o.output_type == "error" for o in helper.outputs)


def test_a_notebook_of_format_3_is_read(course, submit, points):
    def old(nb):
        return nbformat.writes(nbformat.convert(nb, 3), version=3)
    submit("ann", TOPIC, right_answers(TOPIC), old)
    course.grade(TOPIC, "ann")
    assert total(course) == points


def test_an_answer_cell_that_was_deleted_and_written_anew_is_found(course, submit, points):
    def change(nb):
        i = next(i for i, c in enumerate(nb.cells) if c.id == "answer-01-1")
        nb.cells[i:i + 1] = [new_code_cell("helper = 6"), new_code_cell(nb.cells[i].source),
                             new_code_cell("print('done')")]
    submit("ann", TOPIC, right_answers(TOPIC), change)
    assert course.grade(TOPIC, "ann").state == "graded with a problem"
    assert total(course) == points


def surrogates(nb):
    """Half of a surrogate pair, as a broken emoji leaves it, in every place it can be."""
    for cell in nb.cells:
        if cell.id.startswith("answer-"):
            cell.source += "\n# \ud83d\nprint('\\ud83d')\n'\\ud83d'"
        elif cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = "written \ud83d"
    nb.cells.append(new_code_cell("raise ValueError('\\ud83d')"))
    return json.dumps(nb)


def test_a_broken_character_costs_nothing(course, submit, points):
    submit("ann", TOPIC, right_answers(TOPIC), surrogates)
    assert course.grade(TOPIC, "ann").state == "graded"
    assert total(course) == points


@pytest.mark.parametrize("line", ["check = 5", "del check", "%reset -f", "import os; os.chdir('/')",
                                  "open('checks.json', 'w').write('{}')"])
def test_an_accident_in_one_answer_does_not_cost_the_others(course, submit, points, line):
    def change(nb):
        find(nb, "answer-01-1").source = line
    submit("ann", TOPIC, right_answers(TOPIC), change)
    course.grade(TOPIC, "ann")
    imports = line == "%reset -f"  # it takes the imports away too, on which answers may rest
    assert total(course) == points - 2 or imports and total(course) > 0


def test_foreign_cells_run_but_carry_no_points(course, submit, points):
    submit("ann", TOPIC, right_answers(TOPIC), foreign_cells)
    assert course.grade(TOPIC, "ann").state == "graded"
    # The student's own `check` hides ours until the first answer cell; it must not earn a point.
    assert 0 <= total(course) <= points
    nb = nbformat.read(course.folder("autograded", TOPIC, "ann") / f"{TOPIC}.ipynb", 4)
    assert not any(c.metadata.get("nbgrader", {}).get("grade_id") == "mine" for c in nb.cells)


def test_extra_cells_stand_where_the_student_put_them(released):
    nb = released.released(TOPIC)
    helper = new_code_cell("helper = 1", metadata={"tags": ["x"], "nbgrader": {"grade_id": "?"}})
    position = next(i for i, c in enumerate(nb.cells) if c.id == "answer-01-3")
    changed = nbformat.from_dict(json.loads(json.dumps(nb)))
    changed.cells.insert(position, helper)
    built = rebuild(nb, changed)
    at = [c.source for c in built.cells].index("helper = 1")
    assert built.cells[at + 1].id == "answer-01-3"
    assert built.cells[at].metadata == {}
    assert len({c.id for c in built.cells}) == len(built.cells)
    nbformat.validate(built)


def test_an_unchanged_submission_is_the_release(released):
    nb = released.released(TOPIC)
    assert rebuild(nb, nb) == nb


def test_a_written_answer_keeps_its_text_and_pictures(released):
    nb = released.released(TOPIC)
    changed = nbformat.from_dict(json.loads(json.dumps(nb)))
    cell = next(c for c in changed.cells if c.cell_type == "markdown"
                and c.metadata.get("nbgrader", {}).get("solution"))
    cell.source = "My answer ![map](attachment:a.png)"
    cell["attachments"] = {"a.png": {"image/png": "AAAA"}, "bad": {"text/html": "<b>"}}
    built = find(rebuild(nb, changed), cell.metadata.nbgrader.grade_id)
    assert built.source == cell.source
    assert built.attachments == {"a.png": {"image/png": "AAAA"}}


WRITTEN = {
    "a lost picture": ("![x](attachment:no.png) text", "A picture is not shown", 1),
    "a reference to one": ("![x][r]\n\n[r]: attachment:no.png", "A picture is not shown", 1),
    "in other letters": ("![x](&#97;ttachment:no.png)", "&amp;#97;ttachment:no.png", 1),
    "two of them": ("![x](attachment:a) ![y](attachment:b)", "A picture is not shown", 2),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_lost_picture_does_not_stop_the_page(course, submit, name):
    text, shown, times = WRITTEN[name]

    def change(nb):
        find(nb, "rubric-01-1").source = text
        nb.cells.insert(2, new_markdown_cell(text))
    submit("ann", TOPIC, {}, change)
    assert course.grade(TOPIC, "ann").state == "graded"
    page = course.feedback(TOPIC, "ann").read_text(encoding="utf-8")
    assert page.count(shown) == 2 * times


def test_a_text_that_cannot_be_rendered_is_shown_as_it_is(monkeypatch):
    def fail(*_):
        raise RecursionError
    nb = new_notebook(cells=[new_markdown_cell("# one\n* two")])
    monkeypatch.setattr("grader.written.MarkdownWithMath.render", fail)
    make_presentable(nb)
    assert nb.cells[0].source == "    # one\n    * two"


DAMAGED = {
    "empty file": "",
    "half a file": '{"cells": [{"cell_type": "code", "sou',
    "not a notebook": '{"hello": 1}',
    "a list": "[1, 2]",
    "deep nesting": "[" * 100_000,
    "cells of every wrong form": json.dumps({"cells": [
        1, None, "x", {}, {"cell_type": "code"}, {"cell_type": "code", "source": 5, "metadata": {}},
        {"cell_type": "poem", "source": "", "metadata": {}},
        {"cell_type": "code", "source": "1", "metadata": {"nbgrader": "no"}, "id": 7},
        {"cell_type": "code", "source": ["a", 1], "metadata": {"nbgrader": {"grade_id": []}}},
        {"cell_type": "code", "source": "1", "metadata": 3}], "metadata": 5}),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_submission_ends_graded_with_what_it_earned(course, submit, name):
    path = submit("ann", TOPIC, {}, lambda nb: DAMAGED[name])
    before = path.read_bytes()
    outcome = course.grade(TOPIC, "ann")
    assert outcome.state in ("graded", "graded with a problem")
    assert total(course) == 0
    assert path.read_bytes() == before
    if name != "cells of every wrong form":
        assert outcome.state == "graded with a problem"
        assert "could not be read" in outcome.problems[0]


def test_binary_and_huge_files(course, submit, monkeypatch):
    path = submit("ann", TOPIC)
    path.write_bytes(b"\xff\xfe\x00garbage\x00" * 10)
    assert "could not be read" in course.grade(TOPIC, "ann").problems[0]
    monkeypatch.setattr("grader.notebook_file.MAX_BYTES", 100)
    nb, _ = SubmissionExporter().from_filename(str(submit("bob", TOPIC)))
    assert json.loads(nb)["cells"] == []


def test_a_tampered_sheet_does_not_matter(course, submit, points):
    path = submit("ann", TOPIC, right_answers(TOPIC))
    (path.parent / "checks.json").write_text('{"format": 2, "record": true, "questions": {}}')
    course.grade(TOPIC, "ann")
    assert total(course) == points


FUNCTIONS = [pytest.param(topic, q, id=q.id) for topic in EXERCISES
             for q in load(topic).questions if q.kind == "function"]


@pytest.mark.parametrize(("topic", "question"), FUNCTIONS)
def test_hidden_calls_leave_no_trace_in_the_notebook(course, submit, topic, question):
    """A function that remembers its arguments must not show the hidden ones to later cells."""
    check = f"check-{question.id.replace('.', '-')}"

    def change(nb):
        cell = find(nb, f"answer-{question.id.replace('.', '-')}")
        cell.source = (f"seen = []\n{cell.source}\nhonest = {question.variable}\n"
                       f"def {question.variable}(*args, **kwargs):\n    seen.append(args)\n"
                       "    print('SEEN', args)\n    return honest(*args, **kwargs)")
        at = next(i for i, c in enumerate(nb.cells) if c.id == check)
        nb.cells.insert(at + 1, new_code_cell("print('SEEN', seen)\nseen"))
    submit("ann", topic, right_answers(topic), change)
    course.grade(topic, "ann")
    assert sum(sample.scores(course, topic)["ann"].values()) == full_points(topic)
    page = course.feedback(topic, "ann").read_text(encoding="utf-8")
    assert "SEEN []" in page
    open_ = str([c.args for c in question.calls if not c.hidden]) + question.explanation
    for text in {str(value) for call in question.calls if call.hidden for arg in call.args
                 for value in (arg if isinstance(arg, list) else [arg]) if len(str(value)) > 8}:
        assert text in open_ or text not in page
