"""The instructor's guide is true: minutes, points, questions, misconceptions, locators and works
are those of the course, and each syllabus adds up."""

from __future__ import annotations

import re
from functools import cache

import pytest
from course_tools import (
    EXERCISES,
    LESSONS,
    REGION,
    cells,
    nbgrader,
    raw,
    source,
)
from places import ROOT
from test_topics import index

from grader.key import load
from grader.scaffold.notebook_gaps import criteria
from reader import bibliography, corpus, timeline

GUIDE = ROOT / "grader" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
TOPICS = {path.stem: path for path in PAGES if re.match(r"\d\d-", path.name)}
NAMES = [path.stem for path in LESSONS]
HEADINGS = ["Aims", "Timing", "What students get wrong, and why", "Written tasks",
            "For discussion", "Care", "Other ways"]
WAYS = ["Shorter", "Without Python", "Another article", "Large lecture"]
MEETING = 90  # minutes
each_topic = pytest.mark.parametrize("name", NAMES)


def text(page) -> str:
    return page.read_text(encoding="utf-8")


def rows(page, *columns: str) -> list[list[str]]:
    """Rows of the tables with these columns, as text."""
    found, inside = [], False
    for line in text(page).splitlines():
        row = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif row == list(columns):
            inside = True
        elif inside and not set(line) <= set("|- "):
            found.append(row)
    return found


def part(name: str, heading: str) -> str:
    return text(TOPICS[name]).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@cache
def questions(name: str) -> dict:
    key = load(name)
    return {q.id: q for q in key.questions + key.lesson_questions}


@cache
def everything() -> dict:
    return {number: q for name in NAMES for number, q in questions(name).items()}


@cache
def tasks() -> dict[str, float]:
    """Points of the written tasks by id: {"04.R1": 9}."""
    return {f"{path.stem[:2]}.R{cell['id'][-1]}": nbgrader(cell)["points"] for path in EXERCISES
            for cell in cells(raw(path), "markdown") if nbgrader(cell).get("grade")}


def minutes(cell: str) -> int:
    return int(re.search(r"(\d+) min", cell)[1])


# --- topics ------------------------------------------------------------------------------

def test_every_topic_has_its_page_and_the_contents_name_every_page():
    assert list(TOPICS) == NAMES
    named = set(re.findall(r"\]\(([a-z0-9-]+\.md)\)", text(GUIDE / "README.md")))
    assert {page.name for page in PAGES} - {"README.md"} <= named


@each_topic
def test_a_topic_page_has_its_parts_in_order(name):
    lines = text(TOPICS[name]).splitlines()
    question, lesson, exercise = index()[name]
    assert lines[0] == f"# Topic {name[:2]}: {question}"
    written = [task for task in tasks() if task.startswith(name[:2])]
    assert [line[3:] for line in lines if line.startswith("## ")] == [
        heading for heading in HEADINGS if written or heading != "Written tasks"]
    assert [row[0] for row in rows(TOPICS[name], "task", "look at first", "often lost",
                                   "a comment that helps")] == written
    assert re.findall(r"^- \*\*([^*]+)\*\*:", part(name, "Other ways"), re.M) == WAYS
    facts = {row[0]: row[1] for row in rows(TOPICS[name], "", "")}
    assert facts["Lesson"].endswith(f".ipynb), {minutes(lesson)} minutes")
    if not exercise or exercise == "none":
        assert facts["Exercise"] == "none"
        return
    assert facts["Exercise"].endswith(f".ipynb), about {minutes(exercise)} minutes")
    key = load(name).questions
    by_person = sum(tasks()[task] for task in written)
    assert facts["Points"] == (
        f"{sum(q.points for q in key):g} by machine for {len(key)} questions, {by_person:g} by "
        f"you for {len(written)} written task{'s' if len(written) > 1 else ''}")


@each_topic
def test_a_meeting_takes_its_time(name):
    plan = rows(TOPICS[name], "minutes", "what")
    assert len(plan) >= 5 and sum(int(row[0]) for row in plan) == MEETING


@each_topic
def test_misconceptions_are_those_of_the_answer_key(name):
    """Each stands in the key and in the question's bank, so a check recognises it."""
    listed = rows(TOPICS[name], "question", "misconception", "why", "what helps")
    assert len(listed) >= 6 and all(len(row) == 4 and all(row) for row in listed)
    asked = questions(name)
    for number, misconception, *_ in listed:
        q = asked[number]
        assert misconception in {m.name for m in q.misconceptions}, (number, misconception)
        assert misconception in {entry.misconception for entry in q.bank}, (number, misconception)
    assert len({(row[0], row[1]) for row in listed}) == len(listed)
    order = [list(asked).index(row[0]) for row in listed]
    assert order == sorted(order), "in the order of the questions"


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_the_levels_of_a_rubric_come_to_its_points_as_the_guide_says(path):
    """And the model text that the guide names is there."""
    found = raw(path)["cells"]
    for at, cell in enumerate(found):
        if cell["cell_type"] == "markdown" and nbgrader(cell).get("grade"):
            levels, points = 3 * criteria(source(found[at - 1])), nbgrader(cell)["points"]
            if levels != points:
                assert levels == 3 * points
                assert "divide the sum by 3" in part(path.stem, "Written tasks")
            model = REGION.findall(source(cell)) or [source(cell)]  # without marks: all of it
            assert len(model[0].split()) > 50


SOURCE = re.compile(r"\(([^()]+)\)$")


@each_topic
def test_discussion_questions_are_questions_with_a_source(name):
    items = [" ".join(item.split()) for item in
             re.split(r"^\d\. ", part(name, "For discussion"), flags=re.M)[1:]]
    assert 4 <= len(items) <= 6
    works, places = set(bibliography.works()["key"]), set(corpus.segments()["locator"])
    for item in items:
        assert "?" in item, item
        named = [one.strip() for one in SOURCE.search(item)[1].split(",")]
        unknown = [one for one in named if one not in works | places
                   and one not in everything() and one not in tasks()]
        assert not unknown, f"{item}: {unknown}"


@each_topic
def test_questions_locators_events_and_sections_exist(name):
    said = text(TOPICS[name])
    ids = set(re.findall(r"(?<![\w.])L?\d\d\.\d{1,2}(?![\w%])", said))
    unknown = {number for number in ids - set(everything()) if not re.match(r"\.\d", number)}
    assert not unknown, unknown
    assert set(re.findall(r"\b\d\d\.R\d", said)) <= set(tasks())
    assert set(re.findall(r"\b00\d [PS]\d+\b", said)) <= set(corpus.segments()["locator"])
    assert set(re.findall(r"\bE\d\d[a-e]?\b", said)) <= set(timeline.events()["event"])
    lesson = "\n".join(source(cell) for cell in cells(raw(ROOT / f"notebooks/{name}.ipynb"),
                                                      "markdown"))
    there = set(re.findall(r"^## (\d+)\. ", lesson, re.M))
    spoken = re.search(r"lesson sections ([\d, to]+(?:and \d+)?)", said)
    meant = set(re.findall(r"\d+", spoken[1] if spoken else ""))
    meant |= set(re.findall(r"[Ss]ection (\d+)", said))
    assert meant <= there, meant - there


# --- syllabi -----------------------------------------------------------------------------

def times() -> dict[str, int]:
    """Minutes of lessons and exercises; those of exercise 08 also in its two halves."""
    found = {}
    for name, (_, lesson, exercise) in index().items():
        found[f"lesson {name[:2]}"] = minutes(lesson)
        if "min" in exercise:
            found[f"exercise {name[:2]}"] = minutes(exercise)
    intro = source(raw(ROOT / "exercises/08-voices/08-voices.ipynb")["cells"][0])
    halves = re.search(r"(\d+) for the questions and (\d+) for the brief", intro)
    found["exercise 08 (08.1 to 08.9)"], found["exercise 08 (the brief)"] = map(int,
                                                                              halves.groups())
    return found


@pytest.mark.parametrize("unit", ["day", "week"])
def test_a_syllabus_adds_up_and_keeps_the_order_of_what_is_needed(unit):
    plans, known = [[]], times()
    for row in rows(GUIDE / "syllabi.md", unit, "lessons", "exercises", "minutes"):
        plans[-1].append(row)
        if row[0] == "all":
            plans.append([])
    assert len(plans) == {"day": 2, "week": 3}[unit]
    needs = {row[0]: set(re.findall(r"\d\d", row[1])) for row in rows(GUIDE / "syllabi.md",
                                                                      "topic", "needs")}
    for plan in plans[:-1]:
        total, had = 0, set()
        for _, lessons, exercises, sum_ in plan[:-1]:
            units = [item for item in re.split(", ", f"{lessons}, {exercises}") if item]
            assert sum(known[item] for item in units) == int(sum_), units
            total += int(sum_)
            for item in units:
                number = item.split()[1]
                assert needs.get(number, set()) - {"05"} <= had | {number}, (item, had)
                had.add(number)
        assert total == int(plan[-1][-1])


def test_the_semester_has_everything_and_the_sums_of_points_are_right():
    said = text(GUIDE / "syllabi.md")
    last = said.partition("## A semester")[2]
    assert sum(times()[f"lesson {name[:2]}"] for name in NAMES) + sum(
        times()[f"exercise {path.stem[:2]}"] for path in EXERCISES) == 1990
    assert "| all | | | 1990 |" in last
    machine = sum(q.points for path in EXERCISES for q in load(path.stem).questions)
    assert f"points are {machine:g} in all, points by a person {sum(tasks().values()):g}" in said
