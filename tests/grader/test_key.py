"""A key that does not fit is refused in one sentence that says where and why."""

import copy

import pytest
import yaml

from grader import key
from grader.compile import compile_question
from grader.key import KeyProblem, load, load_file, topics


@pytest.fixture
def raw():
    return yaml.safe_load((key.FOLDER / "01-sources.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def reject(tmp_path):
    def look(data) -> str:
        path = tmp_path / "01-sources.yaml"
        path.write_text(data if isinstance(data, str) else yaml.safe_dump(data), encoding="utf-8")
        with pytest.raises(KeyProblem) as error:
            load_file(path)
        sentence = str(error.value)
        assert "\n" not in sentence and sentence.endswith(".")
        assert "01-sources.yaml" in sentence
        return sentence
    return look


def test_every_key_is_valid_and_compiles():
    assert topics() == sorted(topics())
    for topic in topics():
        for question in load(topic).questions + load(topic).lesson_questions:
            assert compile_question(question)["parts"]


def test_lessons_give_no_points():
    """They are for trying: a box that speaks of points would promise what nobody adds up."""
    assert {q.points for topic in topics() for q in load(topic).lesson_questions} == {0}


def test_graded_answers_rest_on_text_verified_or_computed_facts():
    for topic in topics():
        for question in load(topic).questions:
            marks = {e.mark for e in question.evidence}
            assert marks & {"T", "V", "C"}, f"{question.id} has no evidence that may be graded"


@pytest.mark.parametrize(("field", "value", "says"), [
    ("kind", "essay", "question 01.1, field kind"),
    ("points", -1, "question 01.1, field points"),
    ("policy", "everything", "question 01.1, field policy"),
    ("colour", "red", "question 01.1, field colour"),
    ("variable", "two words", "question 01.1, field variable"),
    ("id", "1", "question 1, field id"),
    ("answer", {}, "question 01.1, field answer"),
    ("bank", [{"code": "1", "credit": 0}], "question 01.1, field bank"),
    ("misconceptions", [{"name": "x", "hint": "long enough to be a hint"}],
     "question 01.1, field misconceptions"),
])
def test_a_malformed_question_is_named(raw, reject, field, value, says):
    broken = copy.deepcopy(raw)
    broken["questions"][0][field] = value
    assert says in reject(broken)


def test_other_damage(raw, reject, tmp_path):
    assert "cannot be read" in reject("questions: [unclosed")
    assert "cannot be read" in reject("a: b: c")
    assert "field questions" in reject({"topic": "01-sources"})
    twice = copy.deepcopy(raw)
    twice["questions"].append(copy.deepcopy(twice["questions"][0]))
    assert "stands twice" in reject(twice)
    with pytest.raises(KeyProblem, match="There is no answer key nothing.yaml"):
        load_file(tmp_path / "nothing.yaml")
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(KeyProblem, match="it is not a file"):
        load_file(tmp_path / "folder.yaml")


@pytest.mark.parametrize(("text", "says"), [
    ("", "it holds nothing, and a key begins with topic: and questions:"),
    ("- a list", "it holds only a list"),
    ("topic: 01-sources\nquestions: []\ntopic: 01-sources\n", "topic stands twice"),
    # PyYAML would keep the last one, and nobody would see that there are two right answers.
    ("questions:\n- answer:\n    '000': 6\n    '000': 7\n", "000 stands twice in one record, the "
     "second time in line 4"),
    ("questions:\n\t- id: 01.1\n", "YAML knows no tabs"),
])
def test_damage_of_the_file_itself_is_named(reject, text, says):
    assert says in reject(text)


def test_a_number_that_is_none_is_refused(raw, reject):
    for field in ("points", "tolerance"):
        broken = copy.deepcopy(raw)
        broken["questions"][0][field] = float("inf")
        assert f"question 01.1, field {field}: a finite number is expected" in reject(broken)


def test_an_answer_that_is_not_of_its_kind_is_refused(raw):
    question = key.Choice(id="01.1", title="t", kind="choice", variable="v", points=1,
                          level="apply", options=["a", "b"], answer="c",
                          explanation="long enough to be one")
    with pytest.raises(KeyProblem, match="not one of the options"):
        compile_question(question)


def test_a_changed_key_is_read_anew(raw, tmp_path):
    path = tmp_path / "01-sources.yaml"
    path.write_text(yaml.safe_dump(raw), encoding="utf-8")
    before = load("01-sources", tmp_path).questions[0].points
    raw["questions"][0]["points"] = before + 1
    path.write_text(yaml.safe_dump(raw), encoding="utf-8")
    assert load("01-sources", tmp_path).questions[0].points == before + 1
