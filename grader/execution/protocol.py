"""What goes to a child and what comes back: plain data that any machine can carry.

The same :class:`Request` goes to the fork server of this machine and to a worker of a
cluster. It holds what student code may see and nothing else: no key, no points, no names of
other students.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from dataclasses import asdict, dataclass, field
from typing import Any

MIB = 1 << 20
#: Goes up when a recorded run must be done again, because runs are made differently now.
ENGINE = 1
#: Length of a request in front of it on the data socket: eight bytes, big-endian.
HEADER = struct.Struct(">Q")
#: The client's orders on the control socket; the second one if the packages of `late` may be used.
RUN, RUN_LATE = b"run", b"run late"
#: The client's orders on the status socket.
INTERRUPT, KILL = b"i", b"k"


@dataclass(frozen=True)
class Limits:
    """What one notebook may use. Sizes in bytes, times in seconds."""

    #: An honest cell of this course takes under two seconds.
    cell_seconds: float = 30
    #: An honest exercise takes under five.
    notebook_seconds: float = 120
    #: All processes of a notebook together; honest ones stay under 400 MiB.
    memory_bytes: int = 2048 * MIB
    #: Processes and threads; NumPy alone may start one thread per core.
    processes: int = 128
    #: Open files of a process.
    open_files: int = 256
    #: All that a notebook writes into its work folder.
    disk_bytes: int = 128 * MIB
    #: Files and folders in the work folder.
    inodes: int = 4096
    #: Outputs of one cell; honest ones, figures included, stay below one.
    cell_output_bytes: int = 4 * MIB
    #: Outputs of a whole notebook.
    notebook_output_bytes: int = 24 * MIB

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not value > 0:
                raise ValueError(f"The limit {name} must be more than 0, not {value!r}.")


@dataclass(frozen=True)
class Request:
    """One notebook to run.

    Attributes
    ----------
    cells : tuple of (int, str)
        Index in the notebook and source of each code cell, in order.
    sheet : str
        The record sheet of ``grader.check`` (JSON): which questions there are, with the calls
        of graded functions; no answers.
    files : dict of str to bytes
        The work folder: relative POSIX path and content of each file.
    limits : Limits
    allow_unprotected : frozenset of str
        Protections that may be missing (see ``grader doctor``).
    """

    cells: tuple[tuple[int, str], ...]
    sheet: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    allow_unprotected: frozenset[str] = frozenset()

    def to_bytes(self) -> bytes:
        """The request as UTF-8 JSON."""
        return json.dumps({
            "cells": self.cells, "sheet": self.sheet, "limits": asdict(self.limits),
            "files": {name: base64.b64encode(data).decode() for name, data in self.files.items()},
            "allow_unprotected": sorted(self.allow_unprotected)}).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Request:
        """The request that :meth:`to_bytes` wrote."""
        raw = json.loads(data)
        return cls(tuple((index, source) for index, source in raw["cells"]), raw["sheet"],
                   {name: base64.b64decode(text) for name, text in raw["files"].items()},
                   Limits(**raw["limits"]), frozenset(raw["allow_unprotected"]))

    def digest(self) -> str:
        """SHA-256 of all that the outputs depend on: equal digests need only one run."""
        what = [ENGINE, self.cells, self.sheet,
                sorted((name, hashlib.sha256(data).hexdigest()) for name, data in
                       self.files.items())]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()


@dataclass
class Result:
    """What came of a request.

    Attributes
    ----------
    outputs : dict of int to list of dict
        Outputs in the form of nbformat 4, by cell index; every cell of the request has one.
    counts : dict of int to int
        ``execution_count`` of the cells that ran.
    problem : str
        Empty, or one sentence that says why the notebook was not run to its end.
    missing : list of str
        Protections that did not hold while it ran.
    seconds, cpu_seconds : float
        Time from the fork to the end, and time on processors, of all its processes.
    peak_bytes : int
        The most memory that they used.
    """

    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    problem: str = ""
    missing: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0


class CannotRun(RuntimeError):
    """No notebook can run here now, whatever is in it. The message is one sentence."""


class Refused(Exception):
    """The machine lacks protections that the request asks for. Holds their names."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names

    def __reduce__(self) -> tuple:
        return Refused, (self.names,)  # on its way home from a worker
