"""Many submissions in one go: notebooks run side by side, one thread writes the gradebook."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)

from . import logs
from .course import Course, CourseProblem
from .execution import client
from .execution.protocol import CannotRun, Refused
from .grading import Grading, Job, Stopped, stopping
from .interrupts import Interrupts
from .outcome import Outcome
from .run import unprotected

# Requests that wait beside each one that runs: enough to keep all workers busy while the one
# thread grades, few enough that a class never lies in memory as a whole.
AHEAD = 2


class Interrupted(CourseProblem):
    """A grading run ended before all was graded; holds the outcomes until then."""

    def __init__(self, sentence: str, outcomes: list[Outcome]) -> None:
        super().__init__(sentence)
        self.outcomes = outcomes


def cores() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every platform
        return os.cpu_count() or 1


def grade_all(course: Course, work: list[tuple[str, str]], *, force: bool = False,
              rescore: bool = False, workers: int | None = None, executor: Executor | None = None,
              report: Callable[[Outcome], None] = lambda outcome: None) -> list[Outcome]:
    """Grade (assignment, student) pairs; each ends in an outcome, in the order of ``work``.

    Parameters
    ----------
    force : bool
        Run also what is graded and has not changed.
    rescore : bool
        Run nothing: score recorded answers anew, and leave all others as they are.
    workers : int
        Notebooks that run at a time (default: the threads of the executor, or the processors
        that this process may use).
    executor : concurrent.futures.Executor
        Runs the notebooks in place of this machine's fork server; it gets
        :func:`grader.execution.client.run` and a request.
    report : callable
        Called with each outcome when it is there.

    Raises
    ------
    Interrupted
        When the run ends early: Ctrl-C, a full disk, a locked gradebook, a missing protection.
    """
    outcomes: dict[tuple[str, str], Outcome] = {}

    def done(outcome: Outcome) -> None:
        outcomes[outcome.assignment, outcome.student] = outcome
        logs.run.info("%s", outcome.line())
        report(outcome)

    workers = workers or getattr(executor, "threads", 0) or cores()
    flying: dict[Future, Job] = {}
    pool = executor or ThreadPoolExecutor(workers, "notebook")
    gc.freeze()  # all that is imported: to look through it for garbage takes a tenth of the time
    stopped: BaseException | None = None
    try:
        with (stopping(), logs.log_to(logs.run_log(course.classroom), logs.run),
              Grading(course, force, rescore) as grading, Interrupts() as interrupts):
            try:
                for assignment in dict.fromkeys(assignment for assignment, _ in work):
                    grading.begin(assignment)
                _run(grading, work, pool, flying, workers + AHEAD, done, interrupts)
            except (Stopped, Refused, KeyboardInterrupt) as error:
                stopped = error
            grading.complete(list(outcomes.values()))
    except Stopped as error:
        stopped = stopped or error
    finally:
        gc.unfreeze()
        running = [future for future in flying if not (future.cancel() or future.done())]
        if executor is None:
            pool.shutdown(wait=False)
            if running:
                client.ForkServer.end_shared()  # and with it what nobody waits for
    found = [outcomes[pair] for pair in work if pair in outcomes]
    if stopped is not None:
        raise Interrupted(_why(stopped, len(found), len(work)), found) from stopped
    return found


def _run(grading: Grading, work: list[tuple[str, str]], executor: Executor,
         flying: dict[Future, Job], most: int, done: Callable[[Outcome], None],
         interrupts: Interrupts) -> None:
    """Keep at most ``most`` submissions on their way; all but running is done here."""
    todo = iter(work)

    def finish(job: Job) -> None:
        with interrupts.calm():
            done(grading.grade(job))

    while True:
        interrupts.check()
        while len(flying) < most and (pair := next(todo, None)):
            job = grading.look(*pair)
            if isinstance(job, Outcome):
                done(job)
            elif job.request is None or job.result is not None:
                finish(job)
            else:
                logs.run.info("%s: runs", job.outcome.name())
                flying[executor.submit(client.run, job.request)] = job
                job.request = None  # the files of the class need not lie in memory twice
        if not flying:
            return
        ended = wait(flying, return_when=FIRST_COMPLETED).done
        future = next(future for future in flying if future in ended)
        job = flying.pop(future)
        try:
            job.result = future.result()
        except Refused:
            raise
        except CannotRun as error:
            raise Stopped(str(error)) from error
        except Exception as error:  # of this one; the others may do better
            done(grading.give_up(job, error))
        else:
            finish(job)


def _why(error: BaseException, graded: int, wanted: int) -> str:
    if isinstance(error, Refused):
        return unprotected(error.names)
    rest = f"{graded} of {wanted} submissions are done"
    if isinstance(error, KeyboardInterrupt):
        return f"Stopped. {rest}; run the same command to do the rest."
    return f"{error} {rest}."
