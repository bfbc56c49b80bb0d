"""A sixth article: its text stays, its record may be passed on, and holds no sentence of it."""

from __future__ import annotations

import csv
import json

import pytest
from places import copy_course
from typer.testing import CliRunner

import seeds
from grader.cli import app
from grader.course import CourseProblem
from grader.scaffold import article
from reader import corpus, library, shared, store
from reader.errors import ReaderError
from reader.widgets import Annotator, PassageReader

TEXT = ("The ferry to the old harbour stopped at noon on Monday because of a storm.\n\n"
        "Nobody was hurt, said the mayor, and it will leave again on Tuesday.\n")
RECORD = {"outlet": "Harbour Post", "title": "Ferry", "author": "", "published": "2031-03",
          "url": "", "language": "en"}
DIGESTS = ["A service is said to have ended at midday.", "A mayor is reported on harm and plans."]


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(seeds, "TEXTS", tmp_path / "texts")


@pytest.fixture
def begun(tmp_path):
    """The table of digests of an article that was begun."""
    file = tmp_path / "ferry.txt"
    file.write_text(TEXT, encoding="utf-8")
    article.begin_or_finish(tmp_path / "classroom", file, "", RECORD)
    return tmp_path / "classroom/articles/005/digests.csv"


def write(table, digests):
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, article.COLUMNS)
        writer.writeheader()
        writer.writerows(row | {"digest": text} for row, text in zip(rows, digests, strict=True))


def finish(table):
    return article.begin_or_finish(table.parents[2], table, "", dict.fromkeys(RECORD, ""))


def test_the_way_of_an_article_from_its_text_to_a_student_without_it(begun, tmp_path, monkeypatch):
    assert begun.read_text("utf-8").splitlines() == [
        "locator,words,digest", "005 P1,15,TODO", "005 P2,13,TODO"]
    assert corpus.has_text("005")
    write(begun, DIGESTS)
    told = finish(begun)
    made = begun.with_name("005.json")
    assert "python -m reader add 005.json" in told[-1]
    text = made.read_text(encoding="utf-8")
    assert "stopped at noon" not in text and "leave again" not in text
    assert set(json.loads(text)) == {"article", "segments", "tokens", "shared"}
    # On a student's computer, which has no text.
    monkeypatch.setattr(seeds, "TEXTS", tmp_path / "student")
    assert library.add(made)[0].endswith("may be added too.")
    assert not corpus.has_text("005")
    assert [passage.digest for passage in corpus.passages("005")] == DIGESTS
    assert "no copy, digests, 2 segments" in "\n".join(library.status())
    assert corpus.tokens("005")["count"].sum() == 28
    assert [place["locator"] for place in Annotator("005").segments] == ["005 P1", "005 P2"]
    assert DIGESTS[0] in PassageReader("005").static()
    # Who has the text may add it, and the record stays as it is.
    assert "match, article 005 of your class: added." in library.add(tmp_path / "ferry.txt")[0]
    assert corpus.has_text("005") and "noon" in corpus.passage("005 P1").text
    assert corpus.passage("005 P1").digest == DIGESTS[0]
    library.remove("005")
    assert "005" not in store.records()


def test_the_commands_say_it_in_sentences(tmp_path):
    course = copy_course(tmp_path)
    (course / "ferry.txt").write_text(TEXT, encoding="utf-8")

    def run(*words):
        return CliRunner().invoke(app, ["new", *words, "--course", str(course)])

    done = run("article", str(course / "ferry.txt"), "--outlet", "Post", "--title", "Ferry",
               "--published", "2031-03", "--as", "7")
    assert done.exit_code == 0 and "added as article 007, 2 paragraphs" in done.output
    assert (course / "classroom/articles/007/digests.csv").is_file()
    done = run("article", str(course / "ferry.txt"))
    assert isinstance(done.exception, CourseProblem) and "are missing" in str(done.exception)
    done = run("question", "04.14", "--kind", "number")
    assert "use the environment that belongs to this course" in str(done.exception)
    assert "There is no topic 09-harbour" in str(run("todo", "09-harbour").exception)
    done = run("todo", "04-timeline")  # this course has no exercises
    assert done.exit_code == 1 and "There is no exercise exercises/04-timeline" in done.output


def test_begun_again_keeps_what_was_written(begun, tmp_path):
    write(begun, [DIGESTS[0], "TODO"])
    article.begin_or_finish(tmp_path / "classroom", tmp_path / "ferry.txt", "005", RECORD)
    assert DIGESTS[0] in begun.read_text(encoding="utf-8")


@pytest.mark.parametrize(("digests", "says"), [
    ([DIGESTS[0], "TODO"], "005 P2 has no digest."),
    ([DIGESTS[0], ""], "005 P2 has no digest."),
    (["A ferry stopped at noon on Monday because of a storm.", DIGESTS[1]],
     "the digest of 005 P1 has 7 words in a row of the article; say it in your own words."),
    (["The regime speaks of a ferry.", DIGESTS[1]], 'says "regime" in your own voice'),
    (["word " * 61, DIGESTS[1]], "the digest of 005 P1 has more than 60 words."),
])
def test_what_is_missing_is_named_and_nothing_is_made(begun, digests, says):
    write(begun, digests)
    with pytest.raises(CourseProblem) as problem:
        finish(begun)
    assert says in str(problem.value)
    assert not begun.with_name("005.json").exists()


def test_a_word_in_quotation_marks_is_no_voice_of_ours(begun):
    write(begun, ['The text says "regime" here.', DIGESTS[1]])
    assert finish(begun)


@pytest.mark.parametrize(("content", "says"), [
    ("locator,digest\n005 P1,x\n", "needs the columns locator, words, digest"),
    ("locator,words,digest\n005 P1,15\n", "needs the columns locator, words, digest"),
    (b"\xff\xfelocator", "save it as CSV in UTF-8"),
    ("locator,words,digest\n005 P1,15,One.\n005 P2,13,Two.\n005 P3,1,Three.\n",
     "005 P3 is no passage of the article."),
])
def test_a_damaged_table_is_stated(begun, content, says):
    begun.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(CourseProblem) as problem:
        finish(begun)
    assert says in str(problem.value)


def test_a_text_needs_its_origin_and_a_table_its_text(tmp_path, begun):
    with pytest.raises(CourseProblem, match="--outlet and --published are missing"):
        article.begin_or_finish(tmp_path, tmp_path / "ferry.txt", "",
                                RECORD | {"outlet": " ", "published": ""})
    library.remove("005")
    with pytest.raises(CourseProblem, match="There is no article 005 on this machine"):
        finish(begun)
    with pytest.raises(CourseProblem, match="There is no file"):
        article.begin_or_finish(tmp_path, tmp_path / "nothing.txt", "", RECORD)


@pytest.mark.parametrize("spoil", [
    lambda record: record.pop("tokens"),
    lambda record: record.update(shared=False),
    lambda record: record["article"].update(article="../5"),
    lambda record: record["article"].update(outlet={"a": 1}),
    lambda record: record["segments"][0].update(start="0"),
    lambda record: record["segments"][0].update(locator="000 P1"),
    lambda record: record["tokens"][0].update(count=True),
    lambda record: record.update(segments=[]),
    lambda record: record.update(segments=7),
])
def test_a_record_that_is_none_is_refused(begun, tmp_path, spoil):
    write(begun, DIGESTS)
    finish(begun)
    record = json.loads(begun.with_name("005.json").read_text(encoding="utf-8"))
    library.remove("005")
    spoil(record)
    with pytest.raises(ReaderError, match="is no record of an article"):
        shared.add("005.json", json.dumps(record))
    assert not store.records()


def test_a_record_never_takes_the_place_of_another_article(begun, tmp_path):
    write(begun, DIGESTS)
    finish(begun)
    made = json.loads(begun.with_name("005.json").read_text(encoding="utf-8"))
    other = tmp_path / "other.txt"
    other.write_text("Another town, another day, and no ferry.", encoding="utf-8")
    library.add_as(other, "005", outlet="Own")
    with pytest.raises(ReaderError, match="You have another article 005"):
        shared.add("005.json", json.dumps(made))
    five = json.loads(json.dumps(made).replace('"005', '"004'))
    with pytest.raises(ReaderError, match="which is one of the five"):
        shared.add("004.json", json.dumps(five))
