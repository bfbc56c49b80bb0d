"""Binder's image without Docker: what repo2docker's Dockerfile does, in a virtual environment."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from places import ROOT

#: The file with the pins, which Binder installs.
REQUIREMENTS = ".binder/requirements.txt"

def dockerfile(repository: Path) -> str:
    """The Dockerfile that repo2docker generates, as Binder would; no Docker is needed for it."""
    done = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "--user-id", "1000",
         "--user-name", "jovyan", str(repository)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    text = done.stdout + done.stderr
    return text[text.index("\nFROM "):]


def repository_files() -> list[str]:
    """What Binder clones: no file that git ignores may be needed."""
    told = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                          cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in told.split("\0") if name and (ROOT / name).is_file()]


def steps(text: str) -> list[str]:
    """The instructions of a Dockerfile, in order."""
    folded = re.sub(r"\\\n\s*", "", re.sub(r"^\s*#.*\n", "", text, flags=re.M))
    return [line for line in folded.splitlines()
            if re.match(r"(FROM|ARG|ENV|RUN|COPY|USER|WORKDIR|CMD|ENTRYPOINT|LABEL|EXPOSE) ", line)]


def command(instructions: list[str]) -> list[str]:
    """The program that the image starts."""
    return json.loads(next(line for line in instructions if line.startswith("CMD "))[4:])


class Image:
    """A copy of the course as home folder, and an environment made for it as Binder makes it."""

    def __init__(self, folder: Path) -> None:
        self.home, self.environment = folder / "jovyan", folder / "environment"
        for name in repository_files():
            (self.home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, self.home / name)
        # The user of Binder has no settings of ours: only what the image gives.
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(("JUPYTER", "READING_IDLIB", "PYTHON", "IPYTHON"))}
        self.env |= {"HOME": str(self.home), "VIRTUAL_ENV": str(self.environment),
                     "PATH": f"{self.environment / 'bin'}{os.pathsep}{os.environ['PATH']}"}

    def run(self, *words: str) -> str:
        """Run a command in the image; its output, or a failed test."""
        done = subprocess.run(words, cwd=self.home, env=self.env, capture_output=True, text=True,
                              timeout=1800)
        assert done.returncode == 0, f"{words}:\n{done.stdout[-2000:]}{done.stderr[-3000:]}"
        return done.stdout

    def install(self, fresh: bool) -> None:
        """The environment, with what the requirements name.

        Fresh: from the package index, as Binder does (about a minute). Otherwise the packages of
        the environment that runs the tests are linked into it; pip then says whether they are
        what the requirements name, and installs nothing.
        """
        more = [] if fresh else ["--without-pip"]
        subprocess.run([sys.executable, "-m", "venv", *more, str(self.environment)], check=True)
        if not fresh:
            self._borrow()
        more = [] if fresh else ["--no-index"]
        self.run("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                 *more, "-r", REQUIREMENTS)

    def _borrow(self) -> None:
        """Link packages and Jupyter's files, and copy the commands with another first line."""
        theirs = Path(sysconfig.get_path("purelib"))
        ours = self.environment / theirs.relative_to(sys.prefix)
        shutil.rmtree(ours)
        ours.mkdir()
        for entry in theirs.iterdir():
            if "reading_idlib" not in entry.name:  # which postBuild installs
                (ours / entry.name).symlink_to(entry)
        # Not all of etc: postBuild installs the course, which writes there.
        (self.environment / "etc").mkdir(exist_ok=True)
        for name in ("etc/jupyter", "share"):
            (self.environment / name).symlink_to(Path(sys.prefix, name))
        ours = f"#!{self.environment}/bin/python".encode()
        for script in Path(sys.prefix, "bin").iterdir():
            target = self.environment / "bin" / script.name
            text, changed = re.subn(rb"\A#!.*/bin/python[\d.]*$", lambda _: ours,
                                    script.read_bytes(), count=1, flags=re.M)
            if changed and not target.exists():
                target.write_bytes(text)
                target.chmod(0o755)
