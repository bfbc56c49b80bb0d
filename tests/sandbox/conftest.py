"""Places to attack from, started when they are first asked for."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from attack_place import SECRET, Place


@pytest.fixture(scope="session")
def places():
    """Places by kind, each started when it is first asked for."""
    if sys.platform != "linux":
        pytest.skip("the sandbox is Linux's")
    # Not in pytest's own folder, which only its owner may enter.
    home = Path(tempfile.mkdtemp(prefix="sandbox-home-"))
    (home / ".ssh").mkdir()
    (home / ".ssh" / "id_ed25519").write_text(SECRET)
    course = home / "course"
    for name in ("grader/answer_key/01.yaml", "gradebook.db", "submitted/other/01/01.ipynb"):
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(SECRET)
    for path in (home, *home.rglob("*")):
        path.chmod(0o777)  # nothing but the sandbox stands in the way
    started: dict[str, Place] = {}

    def start(kind: str) -> Place:
        if kind not in started:
            started[kind] = Place(kind, home)
        return started[kind]

    yield start
    for place in started.values():
        place.close()
    shutil.rmtree(home)


@pytest.fixture(params=["root", "user", "root without namespaces", "user without namespaces"])
def place(request, places) -> Place:
    """Everywhere that all protections should hold, or say that they do not."""
    return places(request.param)


@pytest.fixture
def user(places) -> Place:
    """A machine like an instructor's own."""
    return places("user")
