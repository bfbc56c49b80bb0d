"""What a run of `grader collect` did, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One submission that was matched.

    Attributes
    ----------
    student, exercise : str
        Where it went.
    file, source : str
        Where it came from.
    time : str
        ISO 8601 in UTC; empty where unknown.
    late : str
        How late it is, in words; empty when it is not.
    state : str
        What became of it: one of the states of :mod:`~grader.collect.versions`.
    note : str
        What is odd about it, in one sentence without a full stop; mostly empty.
    undated : bool
        Whether it has a due time, and nothing says whether it was in time.
    group : bool
        Whether others handed in the same work with this student.
    """

    student: str
    exercise: str
    file: str
    source: str
    time: str
    late: str
    state: str
    note: str = ""
    undated: bool = False
    group: bool = False


@dataclass
class Report:
    """What a run did: rows, and (source, file, why not) of what could not be matched."""

    rows: list[Row] = field(default_factory=list)
    unmatched: list[tuple[str, str, str]] = field(default_factory=list)
    platforms: dict[str, str] = field(default_factory=dict)
