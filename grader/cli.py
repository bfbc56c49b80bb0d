"""The `grader` command; its subcommands stand in `grader/commands/`."""

from __future__ import annotations

import logging
import shutil
import sys

from .commands import (  # noqa: F401
    agreement,
    app,
    collect,
    demo,
    doctor,
    export,
    feedback,
    forget,
    grade,
    new,
    queue,
    release,
    report,
    roster,
    say,
)


def main() -> None:
    """Entry point: problems that we foresee end in one sentence, not in a traceback."""
    from . import execution  # noqa: F401  before nbgrader: see there

    # nbgrader's gradebook logs each refusal of its database here, and none has a handler: Python
    # would print the traceback of what is said in a sentence below.
    logging.getLogger("tornado.application").addHandler(logging.NullHandler())
    try:
        app()
    except Exception as problem:
        from .course import CourseProblem
        from .key import KeyProblem
        from .logs import in_words

        if isinstance(problem, OSError) and (problem.errno or isinstance(problem, shutil.Error)):
            say(f"{in_words(problem)}. Put that right, then run the same command again.")
        elif isinstance(problem, (CourseProblem, KeyProblem)):
            say(str(problem))
        else:
            raise
        sys.exit(2)


if __name__ == "__main__":
    main()
