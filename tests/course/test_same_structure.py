"""A translation may change words and nothing else: the tool that tells the two apart."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from places import ROOT
from same_structure import ROOMS, differences


@pytest.fixture
def edition(tmp_path):
    """One topic of the course, twice: as it is, and as a copy that a translator works on."""
    for pattern, _ in ROOMS:
        for path in ROOT.glob(pattern):
            if "02-actors" in path.name or path.name == "actors.csv":
                for folder in ("original", "edition"):
                    copy = tmp_path / folder / path.relative_to(ROOT)
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(path, copy)
    return tmp_path / "edition"


def change(edition, name: str, old: str, new: str) -> list[str]:
    """What the tool says after one text was replaced."""
    path = edition / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return list(differences(edition.with_name("original"), edition))


LESSON, EXERCISE = "notebooks/02-actors.ipynb", "exercises/02-actors/02-actors.ipynb"
KEY, TABLE = "grader/answer_key/02-actors.yaml", "seeds/actors.csv"


@pytest.mark.parametrize(("name", "old", "new"), [
    (LESSON, "Now read the hits.", "Lisez maintenant les occurrences."),
    (LESSON, 'ylabel=\\"hits per 1,000', 'ylabel=\\"occurrences par mille'),  # in a figure
    (EXERCISE, "Count the whole word wherever", "Comptez le mot entier partout"),
    (KEY, "Add the possessive form", "Ajoutez la forme possessive"),
    (TABLE, "President of Russia.", "Президент России."),
])
def test_words_are_free(edition, name, old, new):
    assert change(edition, name, old, new) == []


@pytest.mark.parametrize(("name", "old", "new"), [
    (LESSON, '"id": "part-1"', '"id": "partie-1"'),
    (LESSON, "harbour_hits", "occurrences"),
    (LESSON, "`000 P1 Moscow`", "`000 P2 Moscow`"),
    (LESSON, "(01-sources.ipynb)", "(01-quellen.ipynb)"),
    (EXERCISE, '"points": 2', '"points": 3'),
    (EXERCISE, 'check(\\"02.1\\"', 'check(\\"02.2\\"'),
    (KEY, '"001 P18": narrator', '"001 P18": Erzähler'),
    (KEY, "kind: set", "kind: sequence"),
    (TABLE, "A12,", "A99,"),
    (TABLE, "actor,name", "acteur,nom"),
])
def test_what_holds_the_course_together_is_not(edition, name, old, new):
    said = change(edition, name, old, new)
    assert said and all(line.startswith(name) for line in said), said


def test_the_command_says_so(edition):
    run = [sys.executable, str(ROOT / "tests/course/same_structure.py"),
           str(edition.with_name("original")), str(edition)]
    same = subprocess.run(run, capture_output=True, text=True)
    assert (same.returncode, same.stdout) == (0, "The structure is the same.\n")
    path = edition / LESSON
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].pop()
    path.write_text(json.dumps(notebook), encoding="utf-8")
    other = subprocess.run(run, capture_output=True, text=True)
    assert other.returncode == 1 and LESSON in other.stdout
