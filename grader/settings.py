"""What an instructor sets for a class: the optional file ``class.yaml`` in the course folder.

It is small, validated as a whole when it is read, and never needed: without it the course is as
the answer key and nbgrader have it. What stands in it wins over the key; no notebook changes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from .key import KeyProblem
from .key_file import in_words

if TYPE_CHECKING:
    from .course import Course

FILE = "class.yaml"
_DAY_AND_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]+(?:[01]?\d|2[0-3]):\d\d")
#: Longest extension, in hours: more than a year is a slip of the keyboard.
_LONGEST = 9_000
Policy = Literal["full", "count", "shape"]


class SettingsProblem(KeyProblem):
    """``class.yaml`` cannot be used; the message says where and why, in one sentence."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Late(_Model):
    """What lateness costs: a share of the points earned for each day that has begun.

    Attributes
    ----------
    percent_a_day : float
        Percent of the points earned, for each day begun after the due time.
    at_most : float
        Percent that is never exceeded.
    grace_minutes : float
        So many minutes after the due time cost nothing.
    """

    percent_a_day: float = Field(gt=0, le=100)
    at_most: float = Field(100, gt=0, le=100)
    grace_minutes: float = Field(0, ge=0)

    def penalty(self, score: float, seconds: float) -> float:
        """The points that a submission loses which is so many seconds late."""
        if seconds <= self.grace_minutes * 60:
            return 0.0
        days = math.ceil(seconds / 86_400)
        return round(score * min(days * self.percent_a_day, self.at_most) / 100, 2)


class Exercise(_Model):
    """One exercise of the class.

    Attributes
    ----------
    due : datetime or None
        Day and time, in the class's time zone unless it names another.
    policy : str or None
        How much its checks reveal: ``full``, ``count`` or ``shape``.
    policies : dict of str to str
        The same for single questions, by id such as ``01.4``.
    points : dict of str to float
        Points by question id, written tasks (``01.R1``) included; 0 is allowed.
    """

    due: datetime | None = None
    policy: Policy | None = None
    policies: dict[str, Policy] = {}
    points: dict[str, float] = {}

    @field_validator("due", mode="before")
    @classmethod
    def _with_a_time(cls, due: Any) -> Any:
        # A day alone could mean its first or its last minute, a number could be seconds.
        if not isinstance(due, (datetime, type(None))) and not (
                isinstance(due, str) and _DAY_AND_TIME.match(due.strip())):
            raise ValueError("give day and time, such as 2026-10-12 22:00")
        return due.strip() if isinstance(due, str) else due

    @field_validator("points")
    @classmethod
    def _not_negative(cls, points: dict[str, float]) -> dict[str, float]:
        if wrong := [question for question, value in points.items() if not 0 <= value <= 1000]:
            raise ValueError(f"points of {', '.join(wrong)} must be between 0 and 1000")
        return points


class Settings(_Model):
    """The whole file.

    Attributes
    ----------
    timezone : str
        IANA name for times without an offset.
    policy : str or None
        For all exercises; None leaves each question its own from the key.
    late : "none", "zero" or Late
        What lateness costs: nothing, everything, or a share for each day.
    explanations : "right" or "all"
        Whether feedback pages explain only what was answered rightly, or everything.
    pseudonyms : bool
        Whether the gradebook knows students by made-up names alone.
    gradebook : str
        SQLAlchemy URL; empty means SQLite in ``classroom/``.
    exercises : dict of str to Exercise
        By name, such as ``01-sources``.
    extensions : dict of str to dict of str to float
        Student → exercise → hours after the due time; 0 takes an extension back.
    """

    timezone: str = "UTC"
    policy: Policy | None = None
    late: Literal["none", "zero"] | Late = "none"
    explanations: Literal["right", "all"] = "right"
    pseudonyms: bool = False
    gradebook: str = ""
    exercises: dict[str, Exercise] = {}
    extensions: dict[str, dict[str, float]] = {}

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{name!r} is no time zone such as Europe/Berlin") from None
        return name

    def due(self, exercise: str) -> datetime | None:
        """The due time of an exercise in UTC, or None."""
        due = self.of(exercise).due
        if due is None:
            return None
        return (due if due.tzinfo else due.replace(tzinfo=ZoneInfo(self.timezone))).astimezone(UTC)

    @field_validator("extensions")
    @classmethod
    def _sensible(cls, extensions: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for student, by in extensions.items():
            if wrong := [name for name, hours in by.items() if not 0 <= hours <= _LONGEST]:
                raise ValueError(f"the hours of {student} for {', '.join(wrong)} must be between 0 "
                                 f"and {_LONGEST}")
        return extensions

    @model_validator(mode="after")
    def _times_that_are_one(self) -> Settings:
        for name, one in self.exercises.items():
            if one.due and not one.due.tzinfo:
                here = one.due.replace(tzinfo=ZoneInfo(self.timezone))
                if here.utcoffset() != here.replace(fold=1).utcoffset():
                    raise ValueError(
                        f"the due time of {name}, {one.due:%Y-%m-%d %H:%M}, is in the hour that "
                        f"the clocks in {self.timezone} skip or show twice; take another, or add "
                        f"the offset, as in {one.due:%Y-%m-%d %H:%M}+00:00")
        return self

    def of(self, exercise: str) -> Exercise:
        """What is set for an exercise; an empty record where nothing is."""
        return self.exercises.get(exercise) or Exercise()

    def policy_of(self, exercise: str, question: str) -> Policy | None:
        """How much the check of a question reveals; None where the key decides."""
        here = self.of(exercise)
        return here.policies.get(question) or here.policy or self.policy

    def extension(self, exercise: str, student: str) -> float | None:
        """Hours after the due time for one student; None where nothing is set."""
        return self.extensions.get(student, {}).get(exercise)

    def penalty(self, score: float, seconds: float) -> float | None:
        """The points that lateness costs; None where nbgrader's own policy decides."""
        if "late" not in self.model_fields_set:
            return None
        if isinstance(self.late, Late):
            return self.late.penalty(score, seconds)
        return score if self.late == "zero" else 0.0

    def lateness(self, exercise: str, student: str) -> list:
        """All that the penalty of one submission depends on here, as plain data to compare."""
        late = self.late.model_dump() if isinstance(self.late, Late) else self.late
        return [late if "late" in self.model_fields_set else None,
                str(self.due(exercise)), self.extension(exercise, student)]


class _Loader(yaml.SafeLoader):
    """Text as it stands: ``01.10`` is a question and ``007`` a student, no numbers.

    Values are text too, until the model reads them: YAML would make 2,880 of ``48:00``, 8 of
    ``010`` and 1 of ``yes``.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012  as in its base
        first: [(tag, form) for tag, form in forms if tag == "tag:yaml.org,2002:null"]
        for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        found: dict[Hashable, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.YAMLError(f"line {key.start_mark.line + 1}: a name is expected")
            if key.value in found:
                raise yaml.YAMLError(f"line {key.start_mark.line + 1}: {key.value} stands twice")
            found[key.value] = self.construct_object(value, deep=True)
        return found


_NOTHING = Settings()


@lru_cache(maxsize=16)
def _load(path: Path, changed: int) -> Settings:
    try:
        raw: Any = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506  a SafeLoader
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise SettingsProblem(f"{FILE} cannot be read: {in_words(error)}.") from None
    try:
        return Settings.model_validate(_without_empty({} if raw is None else raw))
    except ValidationError as error:
        raise SettingsProblem(f"{FILE} is not valid: {_first(error)}.") from None


def _without_empty(raw: Any) -> Any:
    """Without names behind which nothing stands; ``due:`` alone takes a due time back."""
    if not isinstance(raw, dict):
        return raw
    # In these an empty value is a slip: {"01.1": 1,5} is 1, and a name 5 without anything.
    return {name: value if name in ("points", "policies", "extensions") and value is not None
            else _without_empty(value) for name, value in raw.items()
            if value is not None or name == "due"}


def _first(error: ValidationError) -> str:
    """The first thing that is wrong, as place and sentence."""
    problems = error.errors()
    # `late` may be a word or a record; of a record, its own fields are of interest.
    of_record = [p for p in problems if p["loc"][:2] == ("late", "Late") and p["loc"][2:]]
    problem = (of_record or problems)[0]
    where = ".".join(part for part in map(str, problem["loc"])
                     if part != "Late" and not part.startswith("literal")) or "(top level)"
    if problem["type"] == "extra_forbidden":
        return f"{where} is not a setting; see grader/guide/release.md"
    if where == "late":
        return "late: give none, zero, or percent_a_day with what belongs to it"
    if where == "(top level)" and problem["type"] != "value_error":
        return "give names with their values, such as timezone: Europe/Berlin"
    said = problem["msg"].removeprefix("Value error, ")
    return said if where == "(top level)" else f"{where}: {said}"


def load(root: Path) -> Settings:
    """The settings of a course; a changed file is read anew, a missing one sets nothing."""
    path = Path(root) / FILE
    return _load(path, path.stat().st_mtime_ns) if path.is_file() else _NOTHING


def faults(course: Course) -> Iterator[str]:
    """What ``class.yaml`` names that the course does not have: one sentence each."""
    found = load(course.root)
    known = course.assignments()
    for name, exercise in found.exercises.items():
        if name not in known:
            yield (f"{FILE} sets something for the exercise {name}, which is not there; there are "
                   f"{', '.join(known)}.")
        else:
            yield from unknown_questions(name, exercise, course.asked(name))
    if found.extensions:
        students = course.known_students()
        for student, by in found.extensions.items():
            if students and student not in students:
                yield (f"{FILE} gives an extension to {student}, whom neither the roster nor the "
                       "gradebook has; write the id as it stands there.")
            for name in by.keys() - set(known):
                yield (f"{FILE} gives {student} an extension for the exercise {name}, which is "
                       f"not there; there are {', '.join(known)}.")


def unknown_questions(name: str, exercise: Exercise, asked: dict[str, bool]) -> Iterator[str]:
    """What is set for questions that an exercise does not ask.

    ``asked`` has all ids; its values say whether a machine checks the question.
    """
    for question in exercise.points.keys() - asked.keys():
        yield (f"{FILE} sets points of {question}, which {name} does not ask; it asks "
               f"{', '.join(asked)}.")
    machine = [question for question, checked in asked.items() if checked]
    for question in exercise.policies.keys() - set(machine):
        yield (f"{FILE} sets the policy of {question}, but {name} has no check of that name; it "
               f"has {', '.join(machine)}.")


def require_sound(course: Course) -> None:
    """Raise :class:`SettingsProblem` with the first fault, if there is one."""
    for fault in faults(course):
        raise SettingsProblem(fault)
