"""Whatever is handed in: looked at without following a link, changed or read beyond limits."""

import json
import os
import re
import socket
from datetime import UTC, datetime, timedelta

import nbformat
import pytest

from grader import candidates, intake, notebook_file
from grader.intake import receive
from grader.notebook_file import read_bytes, read_notebook

TOPIC = "02-actors"
EXPECTED = f"{TOPIC}.ipynb"


@pytest.fixture
def release(released):
    return released.folder("release", TOPIC)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "submitted" / "ann" / TOPIC
    made.mkdir(parents=True)
    return made


@pytest.fixture
def answered(release):
    """Write the released notebook with its first answers given."""
    def write(path, answers=1):
        nb = nbformat.read(release / EXPECTED, as_version=4)
        cells = [c for c in nb.cells if c.id.startswith("answer-")]
        for cell in cells[:answers]:
            cell.source += "\n1"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(nb, path)
    return write


def snapshot(folder):
    return sorted((str(path), path.lstat().st_mtime_ns, path.lstat().st_size)
                  for path in folder.rglob("*"))


def test_a_plain_submission_is_left_as_it_is(folder, release, answered):
    answered(folder / EXPECTED)
    (folder / "timestamp.txt").write_text("2026-10-12 20:00:00 UTC")
    (folder / "checks.json").write_text("whatever")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / EXPECTED).write_text("{}")
    found = receive(folder, TOPIC, release)
    assert (found.notebook, found.problems, found.as_it_is) == (folder / EXPECTED, (), True)
    assert sorted(found.files) == ["checks.json", "timestamp.txt"]


def test_the_fingerprint_follows_all_that_counts(folder, release, answered):
    seen = set()
    for change in (lambda: answered(folder / EXPECTED), lambda: answered(folder / EXPECTED, 2),
                   lambda: (folder / "timestamp.txt").write_text("2026-10-12 20:00:00 UTC"),
                   lambda: (folder / "timestamp.txt").write_text("2026-10-13 20:00:00 UTC"),
                   lambda: (folder / "a.csv").write_text("1"),
                   lambda: (folder / "a.csv").write_text("2"),
                   lambda: (folder / "link").symlink_to("a.csv")):
        change()
        fingerprint = receive(folder, TOPIC, release).fingerprint
        assert fingerprint == receive(folder, TOPIC, release).fingerprint
        seen.add(fingerprint)
    assert len(seen) == 7


@pytest.mark.parametrize("name", ["02-actors (1).ipynb", "02-Actors.ipynb", "ann_02-actors.ipynb",
                                  "02-actors-copy.ipynb", "inner/02-actors.ipynb", "x.IPYNB",
                                  "02-actors.ipynb.txt", "Ünïcode 文.ipynb", "-rf.ipynb"])
def test_one_renamed_notebook_is_found(folder, release, answered, name):
    answered(folder / name)
    before = snapshot(folder)
    found = receive(folder, TOPIC, release)
    assert found.notebook == folder / name
    assert not found.as_it_is
    (sentence,) = found.problems
    assert sentence == (f"The submission has no {EXPECTED}; {name} was graded in its place. Hand "
                        f"in one notebook with the name {EXPECTED}.")
    assert snapshot(folder) == before


def test_the_right_name_wins_and_the_others_are_named(folder, release, answered):
    answered(folder / EXPECTED, 0)
    answered(folder / "02-actors (1).ipynb", 3)
    found = receive(folder, TOPIC, release)
    assert found.notebook == folder / EXPECTED
    assert found.problems == (f"The submission has other notebooks too (02-actors (1).ipynb); "
                              f"only {EXPECTED} was graded.",)


def test_of_several_copies_most_answers_count_and_dates_do_not(folder, release, answered):
    answered(folder / "02-actors (1).ipynb", 1)
    answered(folder / "02-actors (2).ipynb", 3)
    answered(folder / "02-actors (3).ipynb", 2)
    for n, path in enumerate(sorted(folder.iterdir())):
        os.utime(path, (1_000_000 * n, 1_000_000 * n))
    found = receive(folder, TOPIC, release)
    assert found.notebook.name == "02-actors (2).ipynb"
    assert ("of 3 copies, 02-actors (2).ipynb was graded, because no other has more answers "
            "(02-actors (2).ipynb: 3, 02-actors (3).ipynb: 2, 02-actors (1).ipynb: 1)"
            in found.problems[0])
    # As many answers: the shortest name, because copies add to it.
    answered(folder / "02.ipynb", 3)
    assert receive(folder, TOPIC, release).notebook.name == "02.ipynb"


def test_a_good_copy_stands_in_for_a_broken_file(folder, release, answered):
    (folder / EXPECTED).write_text('{"cells": [')
    answered(folder / "02-actors (1).ipynb")
    found = receive(folder, TOPIC, release)
    assert found.notebook.name == "02-actors (1).ipynb"
    assert "could not be read: it is not a whole notebook file" in found.problems[0]
    assert "02-actors (1).ipynb was graded in its place" in found.problems[0]


def test_another_notebook_is_never_taken_for_the_exercise(folder, release, released):
    other = released.folder("release", "04-timeline") / "04-timeline.ipynb"
    (folder / "04-timeline.ipynb").write_bytes(other.read_bytes())
    found = receive(folder, TOPIC, release)
    assert found.notebook is None
    assert found.problems[0] == (f"The submission has no {EXPECTED}, and no other notebook in it "
                                 "is this exercise (it has 04-timeline.ipynb).")
    assert "graded as an unanswered notebook" in found.problems[1]


def test_nothing_at_all(folder, release):
    assert receive(folder, TOPIC, release).problems[0] == (
        f"The submission has no {EXPECTED} (there is no file in it).")
    (folder / "02-actors.pdf").write_text("x")
    assert "(it has 02-actors.pdf)" in receive(folder, TOPIC, release).problems[0]


@pytest.mark.parametrize("where", ["notebook", "folder", "student"])
def test_no_link_is_followed(folder, release, answered, tmp_path, where):
    bob = tmp_path / "submitted" / "bob" / TOPIC
    answered(bob / EXPECTED)
    if where == "notebook":
        (folder / EXPECTED).symlink_to(bob / EXPECTED)
    else:
        link = folder if where == "folder" else folder.parent
        folder.rmdir()
        if where == "student":
            folder.parent.rmdir()
        link.symlink_to(bob if where == "folder" else bob.parent)
    found = receive(folder, TOPIC, release)
    assert found.notebook is None
    assert not found.as_it_is
    assert not found.files
    assert "it is a symbolic link, and links are not followed" in found.problems[0]


def test_what_is_no_file_is_left_out_unread(folder, release, answered, tmp_path, monkeypatch):
    monkeypatch.chdir(folder)  # the name of a socket must be short
    answered(folder / EXPECTED)
    (tmp_path / "secret").write_text("the key")
    (folder / "link.txt").symlink_to(tmp_path / "secret")
    (folder / "nowhere.txt").symlink_to(tmp_path / "nowhere")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind("plug.txt")
    (folder / "hard.txt").hardlink_to(tmp_path / "secret")  # a file like any other
    found = receive(folder, TOPIC, release)
    assert list(found.files) == ["hard.txt"]
    assert found.notebook == folder / EXPECTED
    said = " ".join(found.problems)
    assert "symbolic link, and links are not followed: link.txt, loop, nowhere.txt" in said
    assert "a pipe, a socket or a device, not a file: pipe.txt, plug.txt" in said
    for name in ("link.txt", "pipe.txt"):
        with pytest.raises(OSError):
            read_bytes(folder / name, 10)


@pytest.mark.parametrize("name", [b"new\nline.txt", b"half\xff.txt", b"bell\x07.txt"])
def test_a_name_that_is_no_text_is_left_out(folder, release, answered, name):
    answered(folder / EXPECTED)
    (folder / os.fsdecode(name)).write_text("x")
    found = receive(folder, TOPIC, release)
    assert not found.files
    (sentence,) = found.problems
    assert sentence.startswith("Left out of the submission, because its name has characters")
    assert sentence.isprintable()


@pytest.mark.parametrize("name", ["-rf", " x ", "Ünïcode 文.csv", "<b>.csv", "*[a]?.csv",
                                  "x" * 250, "a/b/c.csv", "Screenshot 3.15\u202fPM.png"])
def test_an_odd_name_is_a_name(folder, release, answered, name):
    answered(folder / EXPECTED)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("x")
    found = receive(folder, TOPIC, release)
    assert list(found.files) == [name]
    assert found.as_it_is


def test_limits_are_kept_and_named(folder, release, answered, monkeypatch):
    answered(folder / EXPECTED)
    for limit, value in (("MAX_FILES", 3), ("MAX_FILE_BYTES", 100), ("MAX_ALL_BYTES", 150),
                         ("MAX_DEPTH", 2), ("MAX_ENTRIES", 40)):
        monkeypatch.setattr(intake, limit, value)
    (folder / "a.csv").write_bytes(b"x" * 101)
    (folder / "b.csv").write_bytes(b"x" * 90)
    (folder / "c.csv").write_bytes(b"x" * 90)
    for n in range(4):
        (folder / f"d{n}.csv").write_bytes(b"x")
    (folder / "1/2/3/4").mkdir(parents=True)
    found = receive(folder, TOPIC, release)
    assert list(found.files) == ["b.csv", "d0.csv", "d1.csv"]
    for what in ("larger than 0 MB: a.csv", "larger than 0 MB: c.csv", "more than 3 files: d2",
                 "deeper than 2 folders: 1/2/3"):
        assert what in " ".join(found.problems)
    for n in range(60):
        (folder / f"e{n}").mkdir()
    assert "more than 40 files and folders" in " ".join(receive(folder, TOPIC, release).problems)


def test_a_file_beyond_the_limit_is_not_read(folder, release, answered, monkeypatch):
    sparse = folder / EXPECTED
    with sparse.open("wb") as file:
        file.truncate(1 << 40)
    assert len(read_bytes(sparse, 1_000)) == 1_001
    assert read_notebook(sparse).unreadable.startswith("it is larger than 20 MB")
    sparse.write_text(json.dumps({"cells": [], "x": list(range(3_000))}))
    monkeypatch.setattr(notebook_file, "MAX_PARTS", 2_000)
    assert "more than 2,000 parts" in read_notebook(sparse).unreadable
    monkeypatch.setattr(candidates, "MAX_ALL_BYTES", 10)
    answered(folder / "02-actors (1).ipynb")
    sparse.unlink()
    assert receive(folder, TOPIC, release).notebook is None


@pytest.mark.parametrize("date", [
    b"", b"tomorrow", b"\xff", b"2026-99-99", b"9" * 300, b"0001-01-01 00:00:00 +1400",
    b"1e999999", b"12" * 40, b"12:00", b"2 February"])
def test_a_date_that_is_none(folder, release, answered, date):
    answered(folder / EXPECTED)
    (folder / "timestamp.txt").write_bytes(date)
    found = receive(folder, TOPIC, release)
    assert "timestamp.txt cannot be read" in found.problems[0]
    assert not found.files


@pytest.mark.parametrize(("date", "why"), [
    ("2099-01-01 00:00:00 UTC", "was still to come"), ("1970-01-01", "is before any release"),
    (f"{datetime.now(UTC) + timedelta(days=3)}", "was still to come")],
    ids=["2099", "1970", "in three days"])
def test_a_date_that_cannot_be(folder, release, answered, date, why):
    """It costs nothing, and is said; a clock that is a few hours off is believed."""
    answered(folder / EXPECTED)
    stamp = folder / "timestamp.txt"
    stamp.write_text(date)
    found = receive(folder, TOPIC, release)
    assert re.fullmatch(rf"timestamp.txt says 20\d\d-\d\d-\d\d \d\d:\d\d UTC, which {why} .*, so "
                        "the time of submission is unknown and no lateness was noted.",
                        found.problems[0].replace("1970", "2070"))
    assert not found.files and not found.as_it_is
    stamp.write_text(f"{datetime.now(UTC) + timedelta(hours=11)}")
    assert not receive(folder, TOPIC, release).problems


def test_released_data_win(folder, tmp_path, release, answered):
    own = tmp_path / "release"
    own.mkdir()
    (own / EXPECTED).write_bytes((release / EXPECTED).read_bytes())
    (own / "places.csv").write_text("a,b")
    (own / "maps").mkdir()
    (own / "maps/one.csv").write_text("c")
    answered(folder / EXPECTED)
    (folder / "places.csv").write_text("a,b")
    assert receive(folder, TOPIC, own).problems == ()
    (folder / "places.csv").write_text("tampered")
    (folder / "maps").write_text("a file where a folder must be")
    found = receive(folder, TOPIC, own)
    assert found.problems == (
        "maps stands where the exercise has a file or folder of its own; the released one was "
        "used.", "The file places.csv is not as it was released; the released one was used.")
    assert list(found.files) == ["places.csv"]


def test_who_handed_something_in(tmp_path):
    for name in ("ann", "[a]*", " x "):
        (tmp_path / name / TOPIC).mkdir(parents=True)
    (tmp_path / "nobody").mkdir()
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / TOPIC).write_text("x")
    (tmp_path / "lost").mkdir()
    (tmp_path / "lost" / TOPIC).symlink_to("nowhere")
    assert intake.students(tmp_path, TOPIC) == [" x ", "[a]*", "ann", "file", "lost"]
    assert intake.students(tmp_path / "none", TOPIC) == []
    assert not intake.unfit(" [a]* ü")
    for bad in ("a\nb", os.fsdecode(b"\xff")):
        assert "rename the folder" in intake.unfit(bad)
