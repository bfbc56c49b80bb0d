"""What nbgrader's converter meets: a copy of what is sound, or a folder that is cleaned up."""

import json

from corpus.kit import EXPECTED, TOPIC, insert
from grader_kit import command, full_points, right_answers

from grader import sample
from grader.intake import receive
from grader.staging import FOLDER, staged, sweep


def test_a_staged_copy_holds_files_only_and_goes_away(course, submit, tmp_path):
    path = submit("ann", TOPIC)
    (path.parent / "a.csv").write_text("1")
    (path.parent / "link.txt").symlink_to(tmp_path)
    found = receive(path.parent, TOPIC, course.folder("release", TOPIC))
    directory = course.directory(TOPIC, "ann")
    with staged(directory, found):
        place = course.root / directory.submitted_directory
        made = place / "ann" / TOPIC
        assert sorted(p.name for p in made.iterdir()) == [EXPECTED, "a.csv"]
        assert place.parent == course.classroom / FOLDER
        assert (made / EXPECTED).read_bytes() == path.read_bytes()
    assert not place.exists()
    place.mkdir(parents=True)  # as a killed run leaves it
    with course.alone():
        assert not place.exists()
    sweep(course.classroom)


def test_plain_nbgrader_follows_no_link_either(course, submit, tmp_path):
    """nbgrader copies what links lead to; it is gone again before anything runs."""
    secret = tmp_path / "secret.csv"
    secret.write_text("the key of the answers")
    path = submit("ann", TOPIC, right_answers(TOPIC), lambda nb: insert(
        nb, "answer-02-1", "open('link.csv').read()"))
    (path.parent / "link.csv").symlink_to(secret)
    (path.parent / "own.csv").write_text("1")
    submit("bob", TOPIC).unlink()
    (course.folder("submitted", TOPIC, "bob") / EXPECTED).symlink_to(path)
    path = submit("cem", TOPIC, right_answers(TOPIC))
    path.rename(path.with_name("copy.ipynb"))
    path.write_text("broken")
    command(course, "nbgrader", "autograde", TOPIC)
    scores = sample.scores(course, TOPIC)
    assert sum(scores["ann"].values()) == full_points(TOPIC)
    assert sum(scores["bob"].values()) == 0
    assert sum(scores["cem"].values()) == full_points(TOPIC)  # as the sentence says
    graded = course.folder("autograded", TOPIC, "ann")
    assert sorted(file.name for file in graded.iterdir()) == [EXPECTED, "own.csv"]
    said = {}
    for student in ("ann", "bob", "cem"):
        text = (course.folder("autograded", TOPIC, student) / EXPECTED).read_text()
        assert "the key of the answers" not in text
        said[student] = " ".join(json.loads(text)["metadata"]["reading_idlib"]["problems"])
    assert "links are not followed: link.csv" in said["ann"]
    assert "could not be read: it is a symbolic link" in said["bob"]
    assert "copy.ipynb was graded in its place" in said["cem"]
