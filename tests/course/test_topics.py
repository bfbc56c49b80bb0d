"""A topic has the same number and name in every room, and neighbours lead to each other."""

from __future__ import annotations

import re

import pytest
from course_tools import EXERCISES, LESSONS, cells, raw, source
from places import ROOT

from grader.key import load, topics
from grader.release import lesson_sheet_is_current

NAMES = [path.stem for path in EXERCISES]
LAST = "08"  # the design has eight topics
#: Rows of the start page's table: number, name in words, question, the two links.
INDEX = re.compile(r"^\| (\d\d) ([a-z -]+) \| ([^|]+) \| ([^|]*)\| ([^|]*)\|$", re.M)
HEADING = r"# {} {}: (.+)"
each_topic = pytest.mark.parametrize("name", NAMES)


def markdown(name: str, kind: str = "lesson") -> list[str]:
    """The markdown cells of a topic's lesson or exercise."""
    path = ROOT / ("notebooks" if kind == "lesson" else f"exercises/{name}") / f"{name}.ipynb"
    return [source(cell) for cell in cells(raw(path), "markdown")]


def index() -> dict[str, tuple]:
    text = (ROOT / "notebooks/index.md").read_text(encoding="utf-8")
    return {f"{number}-{name.strip().replace(' ', '-')}": tuple(cell.strip() for cell in rest)
            for number, name, *rest in INDEX.findall(text)}


def test_the_rooms_hold_the_same_topics():
    lessons = [path.stem for path in LESSONS]
    assert lessons == topics()
    assert lessons == [name for name in topics() if load(name).lesson_questions]
    assert [name for name in topics() if load(name).questions] == NAMES
    assert [name for name in lessons if name not in NAMES] == ["00-start-here"]
    folders = [path.name for path in sorted((ROOT / "exercises").iterdir())
               if not path.name.startswith(".")]
    assert folders == NAMES, "a folder of another name than its notebook is no exercise"
    numbers = [name[:2] for name in lessons]
    assert len(set(numbers)) == len(numbers)
    assert {f"{number:02}" for number in range(int(LAST) + 1)} == {name[:2] for name in index()}
    assert set(lessons) <= set(index()), "the start page names the topics"


@each_topic
def test_a_topic_has_its_module_in_the_reader_and_the_lesson_uses_it(name):
    module = name[3:]
    assert (ROOT / "reader" / f"{module}.py").is_file()
    code = "\n".join(source(cell) for cell in cells(raw(ROOT / f"notebooks/{name}.ipynb"), "code"))
    assert re.search(rf"^from reader import [^\n]*\b{module}\b", code, re.M)
    assert re.search(rf"\b{module}\.\w+\(", code)


@pytest.mark.parametrize("name", [path.stem for path in LESSONS])
def test_questions_of_a_topic_carry_its_number(name):
    key = load(name)
    assert {q.id.partition(".")[0] for q in key.questions} <= {name[:2]}
    assert {q.id.partition(".")[0] for q in key.lesson_questions} == {f"L{name[:2]}"}


@pytest.mark.parametrize("name", index())
def test_start_page(name):
    """What there is has its link and its question; what is not there is announced."""
    question, lesson, exercise = index()[name]
    if name not in [path.stem for path in LESSONS]:
        assert (lesson, exercise) == ("coming", "")
        return
    assert f"[lesson {name[:2]}]({name}.ipynb)" in lesson
    if name in NAMES:
        assert f"[exercise {name[:2]}](../classroom/study/{name}/{name}.ipynb)" in exercise
        headings = [re.match(HEADING.format(kind.title(), name[:2]), markdown(name, kind)[0])
                    for kind in ("lesson", "exercise")]
        assert [found and found[1] for found in headings] == [question, question]


def following(name: str) -> str:
    """"lesson 03" for 02-actors."""
    return f"lesson {int(name[:2]) + 1:02}"


@each_topic
def test_a_lesson_leads_on(name):
    """It opens with an earlier lesson, and ends with its exercise and the next lesson."""
    texts = markdown(name)
    opening, closing = "\n".join(texts[:3]), "\n".join(texts[-4:])
    opening = re.sub(r"^\*\*The way:.*", "", opening, flags=re.M)  # which leads on as well
    needed = [int(n) for n in re.findall(r"\]\((\d\d)-[a-z-]+\.ipynb\)", opening)]
    assert needed and max(needed) < int(name[:2])
    assert f"(../classroom/study/{name}/{name}.ipynb)" in closing
    assert name.startswith(LAST) or following(name) in closing.lower()


@each_topic
def test_an_exercise_leads_on(name):
    """It names its lesson and the next one in words too: in a folder that was fetched alone, the
    links lead nowhere."""
    texts = markdown(name, "exercise")
    assert f"`notebooks/{name}.ipynb`" in texts[0]
    assert name.startswith(LAST) or following(name) in "\n".join(texts[-2:]).lower()
    named = set(re.findall(r"`(notebooks/[^`]+)`", "\n".join(texts)))
    assert not [path for path in named if not (ROOT / path).exists()]


@pytest.mark.parametrize("path", [*LESSONS, *EXERCISES], ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_link_says_the_number_of_what_it_leads_to(path):
    """"lesson 03" must not lead to lesson 02."""
    text = "\n".join(source(cell) for cell in cells(raw(path), "markdown"))
    links = re.findall(r"\[[^\]]*?\b(\d\d)\b[^\]]*\]\((?:[^)\s]*/)?(\d\d)-[a-z-]+\.ipynb[^)]*\)",
                       text)
    assert all(said == meant for said, meant in links), links


def test_lessons_are_sealed_from_the_present_key():
    """The file that learners get; without it a check would judge by last week's key."""
    assert lesson_sheet_is_current(ROOT), "run `grader release` and commit notebooks/checks.json"
