"""Odd names: of students, whose ids become folders, rows and patterns, and of files."""

from __future__ import annotations

import os

from .kit import NOT_GRADED, PROBLEM, Corpus, Hand

case = Corpus("names")

for name in (" spaces around ", "glob [a-z]*?", "quote ' \" ` \\ a,b;c&d=e", "Ünïcode 文 🙂", "-rf",
             ".hidden", "{student_id} %s %(x)d", "<b>bold", "x" * 200):
    @case(f"student {name[:40]}", student=name)
    def _(hand: Hand) -> None:
        hand.write(hand.notebook())
        hand.write("2026-10-12 20:00:00 UTC", "timestamp.txt")

for name in ("line\nend", os.fsdecode(b"half \xff")):
    @case(f"student {name!a}", NOT_GRADED, 0, "rename the folder, then grade again", student=name)
    def _(hand: Hand) -> None:
        hand.write(hand.notebook())


@case("odd names of files")
def _(hand: Hand) -> None:
    hand.write(hand.notebook())
    for name in ("-rf", " x ", "*[a]?.csv", "Ünïcode 文.csv", "<b>.csv", "x" * 250, "a\\b",
                 "Screenshot 3.15\u202fPM.png", "{x}.txt"):
        hand.write("x", name)


@case("names of files that are no text", PROBLEM, says="its name has characters that are not text")
def _(hand: Hand) -> None:
    hand.write(hand.notebook())
    for name in (b"line\nend.txt", b"half \xff.txt", b"bell\x07.txt"):
        hand.write("x", os.fsdecode(name))


@case("a notebook whose name is HTML", PROBLEM, says="?img src=x onerror=alert(1)?.ipynb")
def _(hand: Hand) -> None:
    hand.write(hand.notebook(), "<img src=x onerror=alert(1)>.ipynb")
