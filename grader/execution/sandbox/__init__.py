"""The sandbox: what a notebook can't do to the machine, the class, or the key.

The fork server calls :func:`prepare` once, warms up, and calls :func:`refresh`; each child that
it forks calls :func:`enter`. README.md beside this file says what each layer does.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..protocol import Limits, Refused
from . import filesystem, lockin
from .guard import REASONS
from .lockin import Failed, lock_in
from .machine import Machine, survey
from .probes import PROTECTIONS

__all__ = ["PROTECTIONS", "REASONS", "Failed", "Machine", "Report", "enter", "prepare",
           "refresh"]

_machine: Machine | None = None


@dataclass(frozen=True)
class Report:
    """How well a runner is locked in.

    Attributes
    ----------
    missing : list of str
        Protections that do not hold here and that the request allows to be missing.
    notes : list of str
        Sentences about smaller things: a file left out, a layer that this machine lacks.
    """

    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def prepare(secrets: Sequence[str] = ()) -> Machine:
    """Find out, by trying, what this machine can give.

    It takes part of a second; less in a small process, so best before the warm-up.

    ``secrets`` are folders that no notebook may see, besides the answer key's own.
    """
    global _machine
    _machine = survey(secrets)
    return _machine


def refresh() -> None:
    """After the warm-up: let notebooks read what has been imported since :func:`prepare`."""
    global _machine
    view = filesystem.look_around(_machine.secrets)
    _machine = replace(_machine, view=view)
    lockin.prepare(_machine.way, view)


def enter(limits: Limits, files: Mapping[str, bytes], allow: frozenset[str],
          keep: Sequence[int]) -> Report:
    """Lock this freshly forked process in; returns only in a child of it, the runner.

    The caller becomes the runner's guard, which forwards SIGINT, keeps the limits, ends
    everything with the runner or on SIGTERM, and leaves with a status of :data:`REASONS`, or 0.
    In the runner the current folder is a work folder with ``files``, descriptors are closed
    but 0-2 (they lead nowhere) and ``keep``, and the environment is a new one.

    Raises
    ------
    Refused
        When a protection is missing that is not in ``allow`` ("all" allows all).
    Failed
        When the sandbox could not be built this time. Both before anything ran.
    """
    machine = _machine or prepare()
    refused = [] if "all" in allow else [name for name in machine.missing if name not in allow]
    if refused:
        raise Refused(refused)
    if not hasattr(os, "fork"):
        raise Failed(machine.advice())
    parent = machine.surveyor if _machine and machine.surveyor != os.getpid() else None
    notes = lock_in(machine.way, machine.view, limits, files, keep, parent)
    return Report(list(machine.missing), notes)
