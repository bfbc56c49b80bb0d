"""A gradebook of another course, of another nbgrader or of something else: one sentence each."""

import sqlite3
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from grader.gradebook import GradebookProblem, require_fit

COURSE = "reading-idlib"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory) -> bytes:
    """A gradebook of ours with one assignment, as nbgrader makes it."""
    path = tmp_path_factory.mktemp("fresh") / "gradebook.db"
    with Gradebook(f"sqlite:///{path}", COURSE) as book:
        book.add_assignment("01-sources")
    with Gradebook(f"sqlite:///{path}"):  # nbgrader's own steps open it so
        pass
    return path.read_bytes()


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
def test_a_gradebook_that_does_not_fit_is_refused_and_stays_as_it_was(fresh, tmp_path, statements,
                                                                     sentence):
    path = tmp_path / "gradebook.db"
    url = put(path, fresh, *statements)
    before = path.read_bytes()
    with pytest.raises(GradebookProblem, match=sentence):
        require_fit(url, COURSE)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path):
    with pytest.raises(GradebookProblem, match="its file holds something else. Move it away"):
        require_fit(put(tmp_path / "gradebook.db", b"student,points\n" * 200), COURSE)


def test_ours_and_one_that_is_not_there_yet_are_fine(fresh, tmp_path):
    require_fit(put(tmp_path / "gradebook.db", fresh), COURSE)
    require_fit(f"sqlite:///{tmp_path / 'none.db'}", COURSE)
    assert not (tmp_path / "none.db").exists()
