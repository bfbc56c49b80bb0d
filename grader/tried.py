"""How many answers a student had tried, as far as the notebook that was handed in says it.

On a student's machine a check writes the number of different answers so far into its output,
beside the answer (see :mod:`grader.attempts`). Grading takes it out of what was handed in, before
all outputs are left behind, and keeps it in the graded notebook, where the report finds it. It is
a student's own word: cells that were cleared have none, and another computer counts from one.
Nothing is graded by it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from .canonical import MIME

#: The name of the number in a record, and of all numbers in a graded notebook's metadata.
ATTEMPTS = "attempts"
# A check takes a second; nobody tries a thousand answers.
_MOST = 999
_LONGEST_RECORD = 1_000_000
_ID = re.compile(r"\d\d\.\d{1,2}", re.ASCII)


def claimed(cells: list) -> dict[str, int]:
    """Attempts by question in the outputs of a submitted notebook's cells, whatever they are."""
    found: dict[str, int] = {}
    for cell in cells:
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else ():
            data = output.get("data") if isinstance(output, dict) else None
            record = data.get(MIME) if isinstance(data, dict) else None
            if isinstance(record, str) and len(record) <= _LONGEST_RECORD:  # as some editors save
                try:
                    record = json.loads(record)
                except (ValueError, RecursionError):
                    continue
            if isinstance(record, dict):
                found.update(believed({record.get("question"): record.get(ATTEMPTS)}))
    return found


def believed(numbers: Any) -> dict[str, int]:
    """Those entries that are a question's id and a number of attempts; without all others."""
    return {question: int(number) for question, number in numbers.items()
            if isinstance(question, str) and _ID.fullmatch(question)
            and isinstance(number, int | str) and not isinstance(number, bool)
            and re.fullmatch(r"\d{1,3}", str(number), re.ASCII) and 1 <= int(number) <= _MOST
            } if isinstance(numbers, dict) else {}
