"""nbgrader's exchange: its own `collect`, into a work folder, and from there like any other source.

So nbgrader's plugin for another exchange works as well, a submission that was collected before is
kept, and one that is being collected is never half there.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.auth import Authenticator
from nbgrader.exchange import ExchangeError, ExchangeFactory

from .. import logs, roster
from ..course import CourseProblem
from ..intake import MAX_FILES
from .sources import Unreadable, opened
from .units import fit
from .versions import About, stamp

if TYPE_CHECKING:
    from .run import Collector


def take(collector: Collector) -> None:
    """Collect the latest submission of everybody, for one exercise or all that are released."""
    course, wanted = collector.course, collector.wanted
    staging = course.classroom / "staging"
    staging.mkdir(parents=True, exist_ok=True)
    collector.report.platforms["exchange"] = "exchange"
    for exercise in [wanted.exercise] if wanted.exercise else collector.exercises.names:
        with tempfile.TemporaryDirectory(dir=staging, ignore_cleanup_errors=True) as place:
            _nbgrader_collect(collector, exercise, Path(place))
            for folder in sorted(Path(place).glob(f"*/{exercise}")):
                _one(collector, exercise, folder)


def _nbgrader_collect(collector: Collector, exercise: str, place: Path) -> None:
    course = collector.course
    only = collector.wanted.student
    directory = course.directory(exercise, roster.real(course, only).student if only else "*")
    directory.submitted_directory = str(place.relative_to(course.root))
    # nbgrader logs the real names of users, which a pseudonymous class keeps in one place.
    log = roster.private_file(course).with_name("exchange.log") if roster.pseudonymous(
        course) else logs.run_log(course.classroom)
    with logs.log_to(log, logs.logger), logs.kept() as said:
        try:
            ExchangeFactory(config=course.config, log=logs.logger).Collect(
                coursedir=directory, config=course.config, log=logs.logger,
                authenticator=Authenticator(config=course.config)).start()
        except ExchangeError as error:
            what = " ".join(str(error).split()) or (said[-1] if said else "no reason given")
            raise CourseProblem(f"nbgrader's exchange cannot be collected from: {what[:200]}. See "
                                "grader/guide/collect.md for how it is set up, or give a zip or a "
                                "folder.") from None


def _one(collector: Collector, exercise: str, folder: Path) -> None:
    """One submission: what nbgrader put into the work folder, as it is."""
    user = folder.parent.name
    if why := roster.unfit(user):
        collector.report.unmatched.append(("exchange", f"{user}/{exercise}",
                                           f"the user name {why}"))
        return
    files, note = {}, ""
    with opened(folder) as source:
        for entry in source.entries[:MAX_FILES]:
            try:
                files[entry.name] = source.read(entry)
            except Unreadable as reason:
                collector.report.unmatched.append(("exchange", f"{user}/{exercise}/{entry.name}",
                                                   str(reason)))
    files, left_out = fit(files)
    for name, why in left_out:
        collector.report.unmatched.append(("exchange", f"{user}/{exercise}/{name}", why))
    student, _ = collector.people.find_user(user)
    if not student:
        # nbgrader takes everybody from the exchange, and so do we.
        student = roster.enrol(collector.course, [roster.Person(user)])[user]
        note = "was not on the roster and has been added to it"
    collector.keep(student, exercise, files, About(time=stamp(folder), platform="exchange"),
                   "exchange", f"{user}/{exercise}", note)
