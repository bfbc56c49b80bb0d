"""Submission folders without the notebook, with several, with links, with other things."""

from __future__ import annotations

import os
import shutil
import socket
from contextlib import chdir

from .kit import (
    DATA,
    DATA_TEXT,
    EXPECTED,
    FROM_DATA,
    PROBLEM,
    RIGHT,
    TOPIC,
    Corpus,
    Hand,
    answer,
    but,
)

case = Corpus("folders")
IN_ITS_PLACE = f"The submission has no {EXPECTED}; "
LINK = "it is a symbolic link, and links are not followed"
ENDLESS = "nbgrader would read it until the memory is full"


@case("nothing", PROBLEM, 0, "(there is no file in it)")
def _(hand: Hand) -> None:
    pass


@case("a PDF only", PROBLEM, 0, f"has no {EXPECTED} (it has homework.pdf)")
def _(hand: Hand) -> None:
    hand.write(b"%PDF-1.7", "homework.pdf")


@case("another exercise", PROBLEM, 0, "no other notebook in it is this exercise")
def _(hand: Hand) -> None:
    other = hand.release.parent / "04-timeline" / "04-timeline.ipynb"
    hand.write(other.read_bytes(), other.name)


for name in ("02-actors (1).ipynb", "02-Actors.ipynb", "ann_02-actors.ipynb.txt",
             "notebooks/02-actors.ipynb"):
    @case(f"renamed to {name}", PROBLEM, says=f"{IN_ITS_PLACE}{name} was graded in its place")
    def _(hand: Hand, name: str = name) -> None:
        hand.write(hand.notebook(), name)


@case("two copies", PROBLEM, says="of 2 copies, 02-actors (2).ipynb was graded")
def _(hand: Hand) -> None:
    hand.write(hand.notebook(), "02-actors (2).ipynb")
    hand.write(hand.notebook(right=False), "02-actors (1).ipynb")


@case("a broken file and a good copy", PROBLEM, says="02-actors (1).ipynb was graded in its place")
def _(hand: Hand) -> None:
    hand.write('{"cells": [')
    hand.write(hand.notebook(), "02-actors (1).ipynb")


@case("other notebooks too", PROBLEM, says=f"only {EXPECTED} was graded")
def _(hand: Hand) -> None:
    hand.write(hand.notebook())
    hand.write(hand.notebook(right=False), "scratch.ipynb")


@case("checkpoints")
def _(hand: Hand) -> None:
    hand.write(hand.notebook())
    hand.write(hand.notebook(right=False), f".ipynb_checkpoints/{EXPECTED}")


@case("a folder of that name", PROBLEM, 0, f"The file {EXPECTED} could not be read: it is a folder")
def _(hand: Hand) -> None:
    (hand.folder / EXPECTED).mkdir()


@case("a file in the place of the folder", PROBLEM, 0, "it is a file, not a folder")
def _(hand: Hand) -> None:
    hand.folder.rmdir()
    hand.folder.write_text("my answers")


for name, target in (("a neighbour's notebook", f"../../a-honest/{TOPIC}/{EXPECTED}"),
                     ("the list of users", "/etc/passwd"), ("nowhere", "nowhere.ipynb"),
                     ("itself", EXPECTED), ("a device", "/dev/zero")):
    @case(f"a link to {name}", PROBLEM, 0, f"could not be read: {LINK}",
          stock=ENDLESS if name == "a device" else "")
    def _(hand: Hand, target: str = target) -> None:
        (hand.folder / EXPECTED).symlink_to(target)


@case("a link to its own notebook", PROBLEM, says="mine.ipynb was graded in its place")
def _(hand: Hand) -> None:
    hand.write(hand.notebook(), "mine.ipynb")
    (hand.folder / EXPECTED).symlink_to("mine.ipynb")


@case("a link in the place of the folder", PROBLEM, 0, LINK)
def _(hand: Hand) -> None:
    hand.folder.rmdir()
    hand.folder.symlink_to(f"../a-honest/{TOPIC}")


@case("a link in the place of the student", PROBLEM, 0, LINK)
def _(hand: Hand) -> None:
    shutil.rmtree(hand.folder.parent)
    hand.folder.parent.symlink_to("a-honest")


@case("a link as an answer", PROBLEM, but("02.1"), f"{LINK}: neighbour.json, users.txt")
def _(hand: Hand) -> None:
    """What the links lead to must not lie beside the notebook when it runs."""
    nb = hand.notebook()
    (hand.folder / "users.txt").symlink_to("/etc/passwd")
    (hand.folder / "neighbour.json").symlink_to(f"../../a-honest/{TOPIC}/{EXPECTED}")
    answer(nb, "02.1", f"regime_counts = {RIGHT['02.1']} if open('users.txt').read() else 0")
    hand.write(nb)


@case("links in circles", PROBLEM, says=LINK)
def _(hand: Hand) -> None:
    hand.write(hand.notebook())
    (hand.folder / "circle").symlink_to(".", target_is_directory=True)
    (hand.folder / "root").symlink_to("/", target_is_directory=True)


@case("a hard link")
def _(hand: Hand) -> None:
    path = hand.write(hand.notebook(), "../../mine.ipynb")
    (hand.folder / EXPECTED).hardlink_to(path)
    path.unlink()


@case("a pipe", PROBLEM, 0, "it is a pipe, a socket or a device")
def _(hand: Hand) -> None:
    os.mkfifo(hand.folder / EXPECTED)


@case("a pipe and a socket beside it", PROBLEM, says="not a file: pipe.txt, plug.txt")
def _(hand: Hand) -> None:
    hand.write(hand.notebook())
    os.mkfifo(hand.folder / "pipe.txt")
    with chdir(hand.folder), socket.socket(socket.AF_UNIX) as plug:
        plug.bind("plug.txt")


@case("a file that nobody may read", PROBLEM, 0, "permission denied", needs=("not root",))
def _(hand: Hand) -> None:
    hand.write(hand.notebook()).chmod(0)


@case("three thousand files", PROBLEM, says="there are more than 200 files")
def _(hand: Hand) -> None:
    hand.write(hand.notebook())
    for n in range(3_000):
        (hand.folder / f"{n}.csv").touch()


@case("three hundred folders deep", PROBLEM, says="deeper than 6 folders")
def _(hand: Hand) -> None:
    hand.write(hand.notebook())
    (hand.folder / "/".join("d" * 300)).mkdir(parents=True)


@case("a file of a terabyte", PROBLEM, says="it is larger than 20 MB: big.csv",
      stock="nbgrader would copy it until the disk is full")
def _(hand: Hand) -> None:
    hand.write(hand.notebook())
    with (hand.folder / "big.csv").open("wb") as file:
        file.truncate(1 << 40)


@case("its own checks")
def _(hand: Hand) -> None:
    hand.write(hand.notebook())
    hand.write('{"format": 2, "questions": {}}', "checks.json")


@case("checks that find all right", points=0)
def _(hand: Hand) -> None:
    hand.write(hand.notebook(right=False))
    hand.write('{"format": 2, "record": true, "questions": {"02.1": {"kind": "function", '
               '"calls": [{"args": [], "kwargs": {}}]}}}', "checks.json")


@case("modules with the names of ours", points=0)
def _(hand: Hand) -> None:
    hand.write(hand.notebook(right=False))
    for name in ("grader/__init__.py", "grader/check.py", "sitecustomize.py", "json.py",
                 "IPython.py", "random.py"):
        hand.write("def check(*_): return 1000\n", name)


def _reads_data(hand: Hand) -> None:
    nb = hand.notebook()
    answer(nb, "02.1", f"regime_counts = {FROM_DATA}")
    hand.write(nb)


case("a data file that was not handed in")(_reads_data)


@case("a tampered data file", PROBLEM, says=f"The file {DATA} is not as it was released")
def _(hand: Hand) -> None:
    _reads_data(hand)
    hand.write(DATA_TEXT.replace("8", "9"), DATA)


@case("a folder in the place of the data", PROBLEM, says=f"{DATA}/x.csv stands where the exercise")
def _(hand: Hand) -> None:
    _reads_data(hand)
    hand.write("x", f"{DATA}/x.csv")


for name, date in (("a date that is none", b"tomorrow"), ("a date of bytes", b"\xff\x00"),
                   ("a date before all dates", b"0001-01-01 00:00:00 +1400")):
    @case(name, PROBLEM, says="timestamp.txt cannot be read")
    def _(hand: Hand, date: bytes = date) -> None:
        hand.write(hand.notebook())
        hand.write(date, "timestamp.txt")


@case("a folder as a date", PROBLEM, says="it is a folder: timestamp.txt")
def _(hand: Hand) -> None:
    hand.write(hand.notebook())
    (hand.folder / "timestamp.txt").mkdir()
