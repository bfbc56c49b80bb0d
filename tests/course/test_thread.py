"""The lessons are one course: words explained once, times that add up, references that hold.

Everything is looked up in the files that are there, so a new topic is tested as it comes.
"""

from __future__ import annotations

import re

import pytest
from course_tools import EXERCISES, LESSONS, cells, nbgrader, raw, source, without_code
from places import ROOT
from test_topics import INDEX, index, markdown

from grader.key import load

NAMES = [path.stem for path in LESSONS]
GLOSSARY = (ROOT / "notebooks/glossary.md").read_text(encoding="utf-8")
ROW = re.compile(r"\| ([^|]+) \| ([^|]+) \| \[lesson (\d\d), \*([^|\]]+)\*\]"
                 r"\((\d\d-[a-z-]+)\.ipynb#([^)\s]+)\) \|")
CLOSING = ["What can this not tell us?", "What to take with you",
           "Further reading, and what comes next"]
TOPICS = "The eight topics"  # lesson 00 names what is to come; so does every lesson's end
NUMBERS = ["nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
           "seventeen", "eighteen", "nineteen", "twenty"]
each_lesson = pytest.mark.parametrize("name", NAMES)
each_topic = pytest.mark.parametrize("name", NAMES[1:])


# --- reading -----------------------------------------------------------------------------

def prose(name: str) -> str:
    return "\n\n".join(markdown(name))


def prompts(name: str) -> str:
    """What an exercise says before it is solved, without its last words on what comes next."""
    path = ROOT / "exercises" / name / f"{name}.ipynb"
    if not path.exists():
        return ""
    return "\n\n".join(source(cell) for cell in cells(raw(path), "markdown")[:-1]
                       if not nbgrader(cell).get("grade"))


def sections(text: str) -> dict[str, str]:
    """Text by heading of the second level; what stands before the first has the key ""."""
    parts = re.split(r"^## +(.+?) *$", text, flags=re.M)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def cell_of(name: str, heading: str) -> str:
    """The cell in which a heading of a lesson stands, as a link names it: JupyterLab finds a cell
    at once, but a heading only when the lesson is open already."""
    path = ROOT / "notebooks" / f"{name}.ipynb"
    return next(f"cell-id={cell['id']}" for cell in cells(raw(path), "markdown")
                if heading in sections(source(cell)))


def words(term: str) -> list[str]:
    """"regular expression (regex)" has two names."""
    main, _, others = term.partition(" (")
    return [main, *filter(None, others.rstrip(")").split(", "))]


def pattern(term: str) -> str:
    return "(?:" + "|".join(re.escape(word) for word in words(term)) + ")(?:s|es)?"


def introduced(term: str, text: str) -> bool:
    """Whether the word stands in italics or bold, as a word does where it is explained."""
    marked = re.findall(r"\*\*([^*]+)\*\*|(?<!\*)\*([^*\n]+)\*(?!\*)", without_code(text))
    return any(re.fullmatch(pattern(term), (bold or italic).strip(" .:,"), re.I)
               for bold, italic in marked)


def table(heading: str) -> list[tuple]:
    lines = [line for line in sections(GLOSSARY)[heading].splitlines() if line.startswith("|")]
    found = [ROW.fullmatch(line) for line in lines[2:]]
    broken = [line for line, row in zip(lines[2:], found, strict=True) if not row]
    assert not broken, f"not of the form | word | meaning | [lesson NN, *heading*](…) |: {broken}"
    return [row.groups() for row in found]


TERMS, SHORT = table("Words"), table("Short names")


def before(name: str) -> dict[str, str]:
    """What a learner has read before a lesson: the earlier lessons and their exercises."""
    read = {}
    for earlier in NAMES[:NAMES.index(name)]:
        kept = {heading: text for heading, text in sections(prose(earlier)).items()
                if heading not in (TOPICS, CLOSING[-1])}
        text = "\n\n".join(part for pair in kept.items() for part in pair)
        read[f"lesson {earlier[:2]}"] = without_code(text)
        read[f"exercise {earlier[:2]}"] = without_code(prompts(earlier))
    return {room: re.sub(r"\]\([^)]*\)", "]", text) for room, text in read.items()}


# --- the glossary ------------------------------------------------------------------------

@pytest.mark.parametrize("rows", [TERMS, SHORT], ids=["words", "short"])
def test_the_glossary_is_sorted_and_says_nothing_twice(rows):
    keys = [row[0].casefold() for row in rows]
    assert keys == sorted(set(keys))
    assert not [row[0] for row in rows if row[1].endswith(".")]


@pytest.mark.parametrize("row", TERMS + SHORT, ids=lambda row: row[0])
def test_a_link_of_the_glossary_says_where_it_leads(row):
    _, _, number, label, name, target = row
    assert name in NAMES and name[:2] == number
    assert label in sections(prose(name)), f"lesson {number} has no heading {label!r}"
    assert target == cell_of(name, label)


@pytest.mark.parametrize("row", TERMS, ids=lambda row: row[0])
def test_a_word_is_explained_once_and_not_used_before(row):
    """It stands in italics or bold where it is explained, and nowhere else in a lesson. Earlier
    lessons do without it, unless the glossary says "here:", for words of everyday speech."""
    term, meaning, _, heading, name, _ = row
    assert introduced(term, sections(prose(name))[heading]), f"{name}, {heading}: not emphasised"
    again = [other for other in NAMES if other != name and any(
        introduced(term, text) for part, text in sections(prose(other)).items() if part)]
    assert not again, f"explained in {name} and in {again}"
    if not meaning.startswith("here:"):
        early = [room for room, text in before(name).items()
                 if re.search(rf"(?<![\w.]){pattern(term)}\b", text, re.I)]
        assert not early, f"used in {early}, explained in {name}; everyday words say 'here:'"


@pytest.mark.parametrize("row", SHORT, ids=lambda row: row[0])
def test_a_short_name_is_given_in_full_first(row):
    short, full, _, heading, name, _ = row
    text = " ".join(sections(prose(name))[heading].split())
    assert f"{full} ({short})" in text or f"{short} ({full})" in text
    early = [room for room, said in before(name).items() if re.search(rf"\b{short}\b", said)]
    assert not early, early


@each_lesson
def test_every_lesson_has_its_words_in_the_glossary(name):
    rows = [row[0] for row in TERMS if row[4] == name]
    assert len(rows) >= 3, f"add the words that lesson {name[:2]} explains to glossary.md: {rows}"


# --- times -------------------------------------------------------------------------------

def minutes(name: str) -> tuple[int, int]:
    """Minutes of a lesson and of its exercise, as they themselves say."""
    lesson = re.search(r"^\| \*\*Time\*\* \| (\d+) minutes(?:, [^|]+)? \|$", prose(name), re.M)
    assert lesson, "the opening table has a row | **Time** | NN minutes |"
    path = ROOT / "exercises" / name / f"{name}.ipynb"
    if not path.exists():
        return int(lesson[1]), 0
    first = source(raw(path)["cells"][0])
    exercise = re.search(r"Time(?: \||:\*\*) about (\d+) minutes(?:: (\d+) \D+ (\d+) )?", first)
    assert exercise, "the exercise says: Time, about NN minutes"
    whole, *stages = (int(n) for n in exercise.groups() if n)
    assert not stages or sum(stages) == whole
    return int(lesson[1]), whole


@each_lesson
def test_the_start_page_gives_the_times_of_lesson_and_exercise(name):
    _, lesson, exercise = index()[name]
    said = [int(n) for cell in (lesson, exercise) for n in re.findall(r", (\d+) min\b", cell)]
    assert said == [n for n in minutes(name) if n]


def test_the_times_of_the_start_page_add_up():
    text = (ROOT / "notebooks/index.md").read_text(encoding="utf-8")
    said = re.search(r"lessons together take about (\d+) minutes, all exercises about (\d+) "
                     r"minutes: in all about\s(\d+) hours", text)
    lessons, exercises = (sum(part) for part in zip(*map(minutes, NAMES), strict=True))
    assert INDEX.search(text) and said
    assert [int(n) for n in said.groups()] == [lessons, exercises,
                                               round((lessons + exercises) / 60)]


# --- one form, and references that hold --------------------------------------------------

@each_topic
def test_lessons_end_alike(name):
    headings = [heading for heading in sections(prose(name)) if heading]
    assert headings[-3:] == CLOSING
    numbers = [int(n) for heading in headings for n in re.findall(r"^(\d+)\. ", heading)]
    assert numbers == list(range(1, len(numbers) + 1)) and numbers


def test_lesson_00_names_the_topics_as_the_start_page_does():
    text = sections(prose(NAMES[0]))[TOPICS]
    rows = re.findall(r"^\| (\d\d) \| (?:\[([a-z -]+)\]\(([^)]+)\)|([a-z -]+)) \| ([^|]+) \|$",
                      text, re.M)
    said = {f"{number}-{linked or plain}": (target, question)
            for number, linked, target, plain, question in rows}
    assert said == {name: (f"{name}.ipynb" if name in NAMES else "", question)
                    for name, (question, *_) in index().items() if name != NAMES[0]}


@pytest.mark.parametrize("path", [*LESSONS, *EXERCISES,
                                  *sorted((ROOT / "grader/answer_key").glob("*.yaml"))],
                         ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_places_that_are_referred_to_exist(path):
    """"lesson 02, section 8", "section 5" of the same page, "exercise 01, part 4", "04.4"."""
    text = path.read_text(encoding="utf-8") if path.suffix == ".yaml" else \
        "\n\n".join(source(cell) for cell in cells(raw(path), "markdown"))
    folded = " ".join(text.split())
    by_number = {name[:2]: name for name in NAMES}
    for kind, number in re.findall(r"\b(lesson|exercise|topic) (\d+)\b", folded, re.I):
        assert number in {name[:2] for name in index()}, f"{kind} {number}"
    for number, part in re.findall(r"(?:lesson (\d\d), |\b)section (\d+)\b", folded, re.I):
        page = prose(by_number[number or path.stem[:2]])
        assert re.search(rf"^## {part}\. ", page, re.M), f"lesson {number}, section {part}"
    for number, part in re.findall(r"exercise (\d\d), part (\d+)\b", folded, re.I):
        assert re.search(rf"^## Part {part}\b", prompts(by_number[number]), re.M)
    for number, question in re.findall(r"\bquestions? (0\d)\.(\d+)\b", folded, re.I):
        assert f"{number}.{question}" in {q.id for q in load(by_number[number]).questions}


@each_topic
def test_a_lesson_counts_the_questions_right(name):
    key = load(name)
    headings = re.findall(r"^### Your turn: (L\d\d\.\d+)$", prose(name), re.M)
    assert headings in ([], [q.id for q in key.lesson_questions])
    for said in re.findall(r"(\w+) questions that `check`", prose(name)):
        assert said == NUMBERS[len(key.questions) - 9]
