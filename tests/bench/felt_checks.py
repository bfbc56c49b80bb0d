"""``python -m bench.felt_checks COURSE``: how long ``check`` takes to answer, as JSON.

In one interpreter with IPython's shell, as in a notebook, on the sealed files that learners have.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from statistics import median

from IPython.core.interactiveshell import InteractiveShell

from grader import check, key
from grader.compile import bank_value

LESSONS = "lessons"


def _sheets(course: Path) -> list[tuple[Path, str, list]]:
    """(folder, what it is, its questions) of every sealed file."""
    lessons = [q for topic in key.topics() for q in key.load(topic).lesson_questions]
    return [(course / "notebooks", LESSONS, lessons), *(
        (course / "classroom" / "release" / topic, topic, key.load(topic).questions)
        for topic in key.topics() if key.load(topic).questions)]


def _time(question: str, answer: object) -> float:
    start = time.perf_counter()
    with contextlib.suppress(check.NotYet):
        check.check(question, answer)
    return time.perf_counter() - start


def main() -> None:
    shell = InteractiveShell.instance()
    shell.display_pub.publish = lambda *words, **more: None
    first, later = {}, []
    for folder, name, questions in _sheets(Path(sys.argv[1])):
        os.chdir(folder)
        check.begin()
        for question in questions:
            for kind, entries in (("right", [e for e in question.bank if e.credit == 1]),
                                  ("not right", [e for e in question.bank if e.credit < 1])):
                # The longest answer takes the longest: every part of it is looked up.
                answer = bank_value(max(entries, key=lambda entry: len(entry.code)).code)
                spent = _time(question.id, answer)
                first.setdefault(name, spent)
                again = median(_time(question.id, answer) for _ in range(3))
                later.append((again, question.id, question.kind, kind))
    later.sort()
    print(json.dumps({
        "first": first, "first exercise": max(
            seconds for name, seconds in first.items() if name != LESSONS),
        "median": median(one[0] for one in later),
        "most of ten": later[len(later) * 9 // 10][0], "slowest": later[-5:][::-1]}))


if __name__ == "__main__":
    main()
