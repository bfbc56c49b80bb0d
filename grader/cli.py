"""The `grader` command; its subcommands stand in `grader/commands/`."""

from __future__ import annotations

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

    try:
        app()
    except Exception as problem:
        from .course import CourseProblem
        from .key import KeyProblem

        if not isinstance(problem, (CourseProblem, KeyProblem)):
            raise
        say(str(problem))
        sys.exit(2)


if __name__ == "__main__":
    main()
