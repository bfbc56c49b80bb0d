"""What this machine gives, as JSON for `grader doctor`: a process of its own, with one thread."""

from __future__ import annotations

import json
import sys

from . import Failed, prepare

try:
    machine = prepare(sys.argv[1:])
except Failed as failed:
    print(json.dumps({"failed": str(failed)}))
else:
    print(json.dumps({"way": str(machine.way), "missing": machine.missing,
                      "notes": machine.notes, "advice": machine.advice()}))
