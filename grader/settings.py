"""What an instructor sets for a class: the optional file ``class.yaml`` in the course folder.

It is small, validated as a whole when it is read, and never needed: without it the course is as
the answer key and nbgrader have it. What stands in it wins over the key; no notebook changes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from .key import KeyProblem

FILE = "class.yaml"
Policy = Literal["full", "count", "shape"]


class SettingsProblem(KeyProblem):
    """``class.yaml`` cannot be used; the message says where and why, in one sentence."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


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


class Exercise(_Model):
    """One exercise of the class.

    Attributes
    ----------
    due : datetime or None
        In the class's time zone unless it names another.
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
        Student → exercise → hours after the due time.
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

    def of(self, exercise: str) -> Exercise:
        """What is set for an exercise; an empty record where nothing is."""
        return self.exercises.get(exercise) or Exercise()


@lru_cache(maxsize=16)
def _load(path: Path, changed: int) -> Settings:
    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        what = " ".join(str(error).split())[:200]
        raise SettingsProblem(f"{FILE} cannot be read: {what}.") from None
    try:
        return Settings.model_validate(raw or {})
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"]) or "(top level)"
        raise SettingsProblem(f"{FILE} is not valid: {where}: {problem['msg']}.") from None


def load(root: Path) -> Settings:
    """The settings of a course; a changed file is read anew, a missing one sets nothing."""
    path = Path(root) / FILE
    return _load(path, path.stat().st_mtime_ns) if path.is_file() else Settings()
