"""The students' bundle on a branch of git, as nbgitpuller wants it.

nbgitpuller merges the branch into each student's copy and keeps the student's changes. For that,
the branch may only grow: each release is a commit on top of the one before. Commits are made from
objects alone; work tree and index of the course are not touched.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from ..course import CourseProblem
from ..leak_scan import Scan

_AUTHOR = {"GIT_AUTHOR_NAME": "Reading Idlib", "GIT_AUTHOR_EMAIL": "release@localhost",
           "GIT_COMMITTER_NAME": "Reading Idlib", "GIT_COMMITTER_EMAIL": "release@localhost"}


def commit(root: Path, name: str, folder: Path, scan: Scan, exercises: list[str]) -> str:
    """Commit a folder on a branch of the course's repository; what was done, in a sentence.

    Raises
    ------
    CourseProblem
        When there is no repository or no git, the branch cannot serve, or the scan finds
        something in it or in its history. Then the branch stays as it was.
    """
    git = _Git(root)
    ref = f"refs/heads/{name}"
    if git.says("check-ref-format", "--branch", name) is None:
        raise CourseProblem(f"{name!r} is no name for a branch of git; take one such as students.")
    if ref in git.run("worktree", "list", "--porcelain").decode().split():
        raise CourseProblem(f"The branch {name} is checked out, so a release would change files "
                            "under your hands; take another name, or check out another branch.")
    before = git.says("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    if before:
        _require_clean_history(git, name, before, scan)
    tree = git.tree(folder)
    scan.require_none(f"the branch {name}", git.files(tree))
    if before and git.run("rev-parse", f"{before}^{{tree}}").decode().strip() == tree:
        return f"Branch {name}: nothing has changed since its last commit."
    parent = ["-p", before] if before else []
    message = f"Release with {', '.join(exercises) or 'no exercise'}"
    made = git.run("commit-tree", tree, *parent, "-m", message).decode().strip()
    git.run("update-ref", "-m", "grader release", ref, made, before or "0" * len(made))
    return (f"Branch {name}: commit {made[:10]}. Publish this branch alone, to a repository of its "
            f"own: git push REMOTE {name}")


def _require_clean_history(git: _Git, name: str, tip: str, scan: Scan) -> None:
    """Who pulls a branch gets its whole history."""
    for leak in scan.leaks(git.history(tip)):
        raise CourseProblem(
            f"Nothing was published, because the history of the branch {name} has {leak.file}, "
            f"which holds {leak.what}; who pulls the branch gets its history too. Release to a "
            "branch with a new name.")


class _Git:
    """git in a folder, in plain words when it cannot work."""

    def __init__(self, root: Path) -> None:
        self._root, self._env = root, {**os.environ, "LC_ALL": "C"}
        try:
            found = self.says("rev-parse", "--git-dir")
        except FileNotFoundError:
            raise CourseProblem("A branch needs the program git, which is not installed.") from None
        if found is None:
            raise CourseProblem(f"{root} is not in a git repository, so there is no branch to "
                                "write to; run `git init` there, or release without --branch.")
        if not (self.says("config", "user.name") and self.says("config", "user.email")):
            self._env |= _AUTHOR

    def _do(self, words: tuple[str, ...], given: bytes | None,
            more: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(["git", *words], cwd=self._root, input=given, capture_output=True,
                              env={**self._env, **(more or {})}, check=False)

    def says(self, *words: str) -> str | None:
        """The answer to a question; None where the answer is no."""
        done = self._do(words, None)
        return done.stdout.decode().strip() if done.returncode == 0 else None

    def run(self, *words: str, given: bytes | None = None,
            more: dict[str, str] | None = None) -> bytes:
        """The output of a command that must work."""
        done = self._do(words, given, more)
        if done.returncode:
            what = " ".join(done.stderr.decode("utf-8", "replace").split())[:200]
            raise CourseProblem(f"The branch was not written: git {words[0]} says: {what}.")
        return done.stdout

    def tree(self, folder: Path) -> str:
        """Write the files of a folder as objects; the name of their tree."""
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        # No filters: line ends stay what they are, whatever the instructor has configured.
        names = self.run("hash-object", "-w", "--no-filters", "--stdin-paths",
                         given="".join(f"{path}\n" for path in paths).encode()).decode().split()
        lines = [f"{'100755' if path.stat().st_mode & 0o100 else '100644'} {name} 0\t"
                 f"{path.relative_to(folder).as_posix()}\0"
                 for path, name in zip(paths, names, strict=True)]
        # An index of its own, beside the folder and gone with it.
        own = {"GIT_INDEX_FILE": str(folder.parent / "index")}
        self.run("update-index", "-z", "--add", "--index-info", given="".join(lines).encode(),
                 more=own)
        return self.run("write-tree", more=own).decode().strip()

    def files(self, tree: str) -> Iterator[tuple[str, bytes]]:
        """Names and contents of the files of a tree."""
        entries = self.run("ls-tree", "-r", "-z", tree).decode().split("\0")
        yield from self._blobs((entry.split("\t", 1)[1], entry.split()[2])
                               for entry in entries if entry)

    def history(self, tip: str) -> Iterator[tuple[str, bytes]]:
        """Names and contents of all files that ever stood on a branch, each content once."""
        listed = self.run("rev-list", "--objects", tip).decode().splitlines()
        named = [line.split(" ", 1) for line in listed if " " in line]
        yield from self._blobs((path, blob) for blob, path in named)

    def _blobs(self, wanted: Iterator[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
        pairs = list(wanted)
        out = self.run("cat-file", "--batch",
                       given="".join(f"{blob}\n" for _, blob in pairs).encode())
        at = 0
        for path, _ in pairs:
            end = out.index(b"\n", at)
            _, kind, size = out[at:end].decode().split()
            content = out[end + 1:end + 1 + int(size)]
            at = end + int(size) + 2
            if kind == "blob":
                yield path, content
