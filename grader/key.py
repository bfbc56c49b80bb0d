"""The answer key: its schema and how it is loaded. Stays with the instructor.

One YAML file per topic, ``grader/answer_key/NN-topic.yaml``, feeds everything: sealed
checks, scoring, the sample class and the tests. A key that does not fit the schema is
refused as a whole, in one sentence that names the file, the question and the field.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from reader.dates import parse_edtf

from . import unfinished
from .key_file import GUIDE, fault, read_yaml

FOLDER = Path(__file__).parent / "answer_key"


class KeyProblem(Exception):
    """The answer key cannot be used; the message says where and why, in one sentence."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Evidence(_Model):
    """Where a fact comes from: a locator of an article or a key of ``references.bib``."""

    locator: str | None = None
    source: str | None = None
    mark: Literal["T", "V", "C", "I"]
    confidence: Literal["very high", "high", "medium-high", "medium"] = "high"
    note: str = ""

    @model_validator(mode="after")
    def _somewhere(self) -> Evidence:
        if not (self.locator or self.source or self.mark == "C"):
            raise ValueError("evidence needs a locator or a source")
        return self


class Misconception(_Model):
    """A known wrong answer (``when``) or a part of one (``has``), and the hint it opens."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    when: Any = None
    has: Any = None
    hint: str = Field(min_length=20)

    @model_validator(mode="after")
    def _one(self) -> Misconception:
        if (self.when is None) == (self.has is None):
            raise ValueError("give either 'when' or 'has'")
        return self


class BankEntry(_Model):
    """A synthetic answer, as Python source, and the credit that the rules must give it."""

    code: str
    credit: float = Field(ge=0, le=1)
    misconception: str = ""

    @model_validator(mode="after")
    def _named(self) -> BankEntry:
        if self.credit < 1 and not self.misconception:
            raise ValueError("an answer with less than full credit names its misconception")
        return self


class _Question(_Model):
    id: str = Field(pattern=r"^L?\d\d\.\d{1,2}$")
    title: str
    variable: str = Field(pattern=r"^[a-z_][a-z0-9_]*$")
    points: float = Field(ge=0)
    level: Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]
    policy: Literal["full", "count", "shape"] = "full"
    misconceptions: list[Misconception] = []
    hints: list[str] = []
    explanation: str = Field(min_length=20)
    evidence: list[Evidence] = []
    bank: list[BankEntry] = []


class Choice(_Question):
    kind: Literal["choice"]
    options: list[Any] = Field(min_length=2)
    answer: Any
    accept: list[Any] = []


class Number(_Question):
    kind: Literal["number"]
    answer: float | int
    accept: list[float | int] = []
    tolerance: float = Field(0, ge=0)


class Text(_Question):
    kind: Literal["text"]
    answer: Any
    accept: list[Any] = []


class SetOf(_Question):
    kind: Literal["set"]
    answer: list[Any] = Field(min_length=1)
    neutral: list[Any] = []
    partial: bool = True


class Sequence(_Question):
    kind: Literal["sequence"]
    answer: list[Any] = Field(min_length=2)
    partial: Literal["pairs", "position", "none"] = "pairs"


class Mapping(_Question):
    kind: Literal["mapping"]
    answer: dict[Any, Any] = Field(min_length=1)
    accept: dict[Any, list[Any]] = {}
    options: list[Any] | None = None
    tolerance: float = Field(0, ge=0)
    partial: bool = True
    above_chance: bool = False
    mixed: list[Any] = []

    @model_validator(mode="after")
    def _keys(self) -> Mapping:
        if self.above_chance and len(self.options or ()) < 2:
            raise ValueError("'above_chance' needs the options that a guess would choose from")
        for name, keys in (("accept", self.accept), ("mixed", self.mixed)):
            if strange := set(keys) - set(self.answer):
                raise ValueError(f"'{name}' has keys that the answer lacks: {sorted(strange)}")
        return self


class Table(_Question):
    kind: Literal["table"]
    columns: list[str] = Field(min_length=1)
    answer: list[dict[str, Any]] = Field(min_length=1)
    tolerance: float = Field(0, ge=0)
    partial: bool = True


class Interval(_Question):
    kind: Literal["interval"]
    core: str
    allowed: str
    partial: bool = True

    @field_validator("core", "allowed", mode="before")
    @classmethod
    def _edtf(cls, value: Any) -> str:
        interval = parse_edtf(str(value))
        if interval.first is None or interval.last is None:
            raise ValueError("needs a first and a last day")
        return str(value)

    @model_validator(mode="after")
    def _inside(self) -> Interval:
        core, allowed = parse_edtf(self.core), parse_edtf(self.allowed)
        if not (allowed.first <= core.first and core.last <= allowed.last):
            raise ValueError("'core' must lie inside 'allowed'")
        return self


class EvidenceRows(_Question):
    kind: Literal["evidence"]
    labels: list[str] = Field(min_length=1)
    need: int = Field(ge=1)
    core: list[tuple[str, str]] = Field(min_length=1)
    #: Locator, label and, where it helps, a sentence that names the rule it turns on.
    defensible: list[tuple[str, str] | tuple[str, str, str]] = []
    max_words: int = Field(6, ge=1, le=8)
    partial: bool = True

    @model_validator(mode="after")
    def _enough(self) -> EvidenceRows:
        from math import comb
        if self.need > len(self.core) or comb(len(self.core), self.need) > 500:
            raise ValueError("'need' must not exceed the core rows, and give at most 500 choices")
        return self


class Call(_Model):
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    expect: Any
    hidden: bool = False


class Function(_Question):
    kind: Literal["function"]
    calls: list[Call] = Field(min_length=2)
    tolerance: float = Field(0, ge=0)
    partial: bool = True


class Brief(_Question):
    """A text for a reader, checked by :func:`reader.brief.check_brief` for its form alone."""

    kind: Literal["brief"]
    words: list[int] = Field(min_length=2, max_length=2)
    requirements: list[str] = Field(min_length=2)
    partial: bool = True

    @model_validator(mode="after")
    def _range(self) -> Brief:
        from reader.brief import REQUIREMENTS  # brings pandas: only where a key has a brief
        if not 0 < self.words[0] <= self.words[1] <= 1_000:
            raise ValueError("'words' is a lowest and a highest number, at most 1,000")
        if strange := set(self.requirements) - set(REQUIREMENTS):
            raise ValueError(f"reader.brief knows no requirement {sorted(strange)}")
        return self


Question = Annotated[
    Choice | Number | Text | SetOf | Sequence | Mapping | Table | Interval | EvidenceRows
    | Function | Brief,
    Field(discriminator="kind")]


class Key(_Model):
    """The key of one topic."""

    topic: str = Field(pattern=r"^\d\d-[a-z-]+$")
    questions: list[Question]
    lesson_questions: list[Question] = []

    @model_validator(mode="after")
    def _unique(self) -> Key:
        seen = set()
        for question in self.questions + self.lesson_questions:
            if question.id in seen:
                raise ValueError(f"the question id {question.id} stands twice")
            seen.add(question.id)
        return self


_ADAPTER = TypeAdapter(Key)


def load_file(path: Path) -> Key:
    """Load and validate one key file; raises :class:`KeyProblem` with one sentence."""
    try:
        raw = read_yaml(path)
    except FileNotFoundError:
        raise KeyProblem(f"There is no answer key {path.name} in {path.parent}; restore it from "
                         "the course's repository.") from None
    except ValueError as error:
        raise KeyProblem(f"The answer key {path.name} cannot be read: {error}.") from None
    if left := unfinished.of_key(raw):
        raise KeyProblem(f"The answer key {path.name} is not finished: {left}. Fill it in.")
    try:
        return _ADAPTER.validate_python(raw)
    except ValidationError as error:
        raise KeyProblem(f"The answer key {path.name} is not valid: {fault(raw, error)}; "
                         f"{GUIDE}.") from None


def topics(folder: Path = FOLDER) -> list[str]:
    """The topics that have a key, in order: ``['00-start-here', '01-sources', …]``."""
    return sorted(path.stem for path in folder.glob("[0-9][0-9]-*.yaml"))


@lru_cache(maxsize=64)
def _load(path: Path, changed: int) -> Key:
    return load_file(path)


def load(topic: str, folder: Path = FOLDER) -> Key:
    """The validated key of a topic such as ``01-sources``; a changed file is read anew."""
    path = folder / f"{topic}.yaml"
    # The Formgrader's server lives for weeks: it must not grade with last week's key.
    key = _load(path, path.stat().st_mtime_ns if path.is_file() else 0)
    if key.topic != topic:
        raise KeyProblem(f"The answer key {topic}.yaml says that it is for {key.topic}.")
    return key
