"""What this machine can give: the best way to lock a notebook in, and what it leaves open."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..protocol import Limits
from . import acts, cgroup, filesystem, lockin, namespaces
from .filesystem import View
from .lockin import Failed
from .namespaces import Way
from .probes import PROTECTIONS, attempt, probe


@dataclass(frozen=True)
class Machine:
    """What was found.

    Attributes
    ----------
    way : Way
    view : View
    missing : dict of str to list of str
        Protections that do not hold, each with the acts that succeeded.
    notes : list of str
    surveyor : int
        Id of the process that looked.
    secrets : tuple of str
        Folders that no notebook may see.
    """

    way: Way
    view: View
    missing: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    surveyor: int = 0
    secrets: tuple[str, ...] = ()

    def advice(self) -> str:
        """One sentence on how to get what is missing; empty where nothing is."""
        if not self.missing:
            return ""
        if sys.platform == "win32":
            return "Windows can't run notebooks locked in; grade in WSL 2 or a Linux container."
        if sys.platform != "linux":
            return ("This system has no namespaces, Landlock or seccomp; grade in a virtual "
                    "machine or a container with Linux.")
        if not self.way.private:
            return ("The kernel gives this user no namespaces: allow user namespaces (on Ubuntu: "
                    "sysctl kernel.apparmor_restrict_unprivileged_userns=0; in a container: a "
                    "seccomp profile that permits unshare and mount), or grade outside of it.")
        return "A newer kernel has what is missing: Linux 6.12 or later is best."


def survey(secrets: Sequence[str] = ()) -> Machine:
    """Try the ways of this user one by one, then all forbidden acts with the first that works."""
    if not hasattr(os, "fork"):
        return Machine(Way(False), View((), {}, (), (), (), ""), surveyor=os.getpid(),
                       missing={name: ["this system can't fork"] for name in PROTECTIONS})
    package = Path(__file__).resolve().parents[2]
    # The course's own folder, should it lie within one that Python needs.
    secrets = [*secrets, *(str(folder) for folder in (
        package / "answer_key", package.parent / "exercises", package.parent / "classroom"))]
    view = filesystem.look_around(secrets)
    notes = []
    for way in namespaces.ways():
        lockin.prepare(way, view)
        code, said, _ = attempt(way, view, Limits(), lambda _: acts.work_folder_is_usable())
        if code == 0:
            if cgroup.parent():
                notes.append(f"Memory and processes are limited in {cgroup.parent()}, too.")
            return Machine(way, view, probe(way, view, secrets), notes, os.getpid(),
                           tuple(secrets))
        notes.append(f"Not possible here: {way} ({said.decode(errors='replace').strip()}).")
    raise Failed(" ".join(notes))
