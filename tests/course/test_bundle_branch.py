"""The students' bundle on a branch of git: students pull it again and again, and lose nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from places import ROOT

from grader.course import Course, CourseProblem
from grader.editions import bundle
from grader.editions.branch import commit
from grader.leak_scan import Scan


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def files(folder: Path) -> set[str]:
    return {name for name, _ in bundle.contents(folder)}


def test_a_branch_that_students_can_pull_again_and_again(released_course, tmp_path):
    """As nbgitpuller does it: clone once, then merge, and keep what the student wrote."""
    course, root = Course(released_course), tmp_path / "course"
    scan = Scan(course)
    root.mkdir()
    with pytest.raises(CourseProblem, match="is not in a git repository"):
        commit(root, "students", tmp_path, scan, [])
    git(root, "init", "-q", "-b", "main")
    (root / "mine.txt").write_text("mine")
    git(root, "add", "-A")
    git(root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "mine")
    (root / "staged.txt").write_text("staged")
    git(root, "add", "staged.txt")
    state = git(root, "status", "--porcelain")

    def release(*names: str) -> str:
        place = tmp_path / "made" / "bundle"
        shutil.rmtree(place.parent, ignore_errors=True)
        place.mkdir(parents=True)
        bundle.write(course, list(names), place)
        return commit(root, "students", place, scan, list(names))

    assert "Branch students: commit" in release("01-sources")
    tip = git(root, "rev-parse", "students")
    student = tmp_path / "student"
    git(tmp_path, "clone", "-q", "--depth", "1", "--branch", "students", f"file://{root}",
        str(student))
    assert files(tmp_path / "made" / "bundle") == set(git(student, "ls-files").splitlines())
    assert os.access(student / ".binder/postBuild", os.X_OK)
    assert "nothing has changed" in release("01-sources")
    assert git(root, "rev-parse", "students") == tip
    work = student / "exercises/01-sources/01-sources.ipynb"
    work.write_text(mine := work.read_text(encoding="utf-8").replace(
        "paragraphs = ...", "paragraphs = {1: 2}"), encoding="utf-8")
    assert "commit" in release("01-sources", "02-actors")
    who = ("-c", "user.name=s", "-c", "user.email=s@b")
    git(student, *who, "commit", "-qam", "work")
    git(student, "fetch", "-q", "--unshallow")
    git(student, *who, "merge", "-q", "-Xours", "origin/students")
    assert work.read_text(encoding="utf-8") == mine
    assert (student / "exercises/02-actors/02-actors.ipynb").is_file()
    assert git(root, "rev-list", "--count", "students") == "2"
    assert git(root, "status", "--porcelain") == state
    assert git(root, "branch", "--show-current") == "main"

    for branch, says in (("main", "is checked out"), ("a..b", "is no name for a branch")):
        with pytest.raises(CourseProblem, match=says):
            commit(root, branch, tmp_path / "made" / "bundle", scan, [])
    # A branch that once held a key keeps it in its history, whatever its last commit holds.
    (root / "grader/answer_key").mkdir(parents=True)
    shutil.copy(ROOT / "grader/answer_key/01-sources.yaml", root / "grader/answer_key")
    git(root, "add", "-A")
    git(root, *who, "commit", "-qm", "key")
    git(root, "branch", "old")
    with pytest.raises(CourseProblem, match="the history of the branch old has grader/answer_key/"):
        commit(root, "old", tmp_path / "made" / "bundle", scan, [])
