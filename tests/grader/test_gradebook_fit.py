"""A gradebook of another course, of another nbgrader or of something else: one sentence each."""

import sqlite3
from pathlib import Path

import pytest

from grader.gradebook import GradebookProblem, require_fit

COURSE = "reading-idlib"


@pytest.fixture
def ours(played_class) -> bytes:
    """A gradebook as nbgrader has made it for this course."""
    return (played_class / "classroom" / "gradebook.db").read_bytes()


def put(path: Path, content: bytes, *statements: str) -> str:
    path.write_bytes(content)
    if statements:
        connection = sqlite3.connect(path)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()
    return f"sqlite:///{path}"


@pytest.mark.parametrize(("statements", "sentence"), [
    (["INSERT INTO course (id) VALUES ('physics-1')",
      "UPDATE assignment SET course_id='physics-1'"],
     r"belongs to another course \(physics-1; this one is reading-idlib\)"),
    (["UPDATE alembic_version SET version_num='724cde206c17'"],
     r"older nbgrader \(revision 724cde206c17\): make a copy of it, run `nbgrader db upgrade`"),
    (["DROP TABLE alembic_version"], r"older nbgrader \(revision none\)"),
    (["UPDATE alembic_version SET version_num='ffffffffffff'"],
     r"newer nbgrader \(revision ffffffffffff\)"),
    (["DROP TABLE assignment"], "is a database of something else"),
])
def test_a_gradebook_that_does_not_fit_is_refused_and_stays_as_it_was(ours, tmp_path, statements,
                                                                     sentence):
    path = tmp_path / "gradebook.db"
    url = put(path, ours, *statements)
    before = path.read_bytes()
    with pytest.raises(GradebookProblem, match=sentence):
        require_fit(url, COURSE)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path):
    with pytest.raises(GradebookProblem, match="its file holds something else. Move it away"):
        require_fit(put(tmp_path / "gradebook.db", b"student,points\n" * 200), COURSE)


def test_ours_and_one_that_is_not_there_yet_are_fine(ours, tmp_path):
    require_fit(put(tmp_path / "gradebook.db", ours), COURSE)
    require_fit(f"sqlite:///{tmp_path / 'none.db'}", COURSE)
    assert not (tmp_path / "none.db").exists()
