"""Sessions without server, client and sandbox: warms up, then forks one child for each request.

Requests are JSON lines on standard input (``cells``, ``folder``, ``sheet``, ``limits``); answers
are JSON lines on standard output: ``{"pid": …}``, the session's events, ``{"end": …}``.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

from grader.execution.protocol import Limits
from grader.execution.session import Session, warm


def child(request: dict, answers: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    os.chdir(request["folder"])

    def emit(event: dict) -> None:
        data = json.dumps(event, ensure_ascii=False).encode() + b"\n"
        while data:
            data = data[os.write(answers, data):]

    session = Session(request["sheet"], Limits(**request["limits"]), emit)
    session.run([(index, source) for index, source in request["cells"]])


def main() -> None:
    answers = os.dup(1)
    os.dup2(2, 1)

    def say(event: dict) -> None:
        os.write(answers, json.dumps(event).encode() + b"\n")

    warm()
    tasks = Path("/proc/self/task")
    say({"threads": len(list(tasks.iterdir())) if tasks.exists() else threading.active_count()})
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                child(json.loads(line), answers)
                os._exit(0)
            finally:
                os._exit(1)
        say({"pid": pid})
        _, status, used = os.wait4(pid, 0)
        say({"end": os.waitstatus_to_exitcode(status), "peak_kib": used.ru_maxrss})


if __name__ == "__main__":
    main()
