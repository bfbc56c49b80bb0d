"""Forbidden acts, tried from inside a sandbox: which of them succeed on this machine?

They aim at things that are made for them and at a process that does nothing else, so that
nothing is harmed where they succeed. Effects are looked for outside wherever that is possible.
"""

from __future__ import annotations

import json
import os
import select
import socket
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from ..protocol import MIB, Limits
from . import acts
from . import limits as rlimits
from .filesystem import View
from .lockin import lock_in
from .namespaces import Way

#: What each protection stops. `grader grade --allow-unprotected NAME` does without it.
PROTECTIONS: Mapping[str, str] = {
    "network": "A notebook reaches no computer, no local server and no socket.",
    "read": "It reads only Python, the course's tools and its own files: no key, no gradebook, "
            "no other submission, nobody's home, no secret of the environment.",
    "write": "It changes nothing outside its own work folder.",
    "processes": "It can't signal or look into other processes, and none of its own outlives it.",
    "fork": "It can't start more processes and threads than its limit.",
    "memory": "All its processes together can't use more memory than its limit.",
    "disk": "It can't write more bytes, make more files or open more of them than its limits.",
    "kernel": "It can't make the system calls by which programs leave sandboxes.",
}
# Small, so that reaching them takes little.
_LIMITS = Limits(processes=8, open_files=64, disk_bytes=2 * MIB, inodes=64)


class Bystander:
    """A process, a file and sockets that must stay untouched."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._stack = ExitStack()
        self.folder = Path(self._stack.enter_context(
            tempfile.TemporaryDirectory(prefix="reading-idlib-probe-")))
        self.folder.chmod(0o777)  # nothing but the sandbox protects it
        self.file = self.folder / "gradebook"
        self.file.write_text("untouched")
        self.file.chmod(0o666)
        opened = self._stack.enter_context(self.file.open("r+b"))
        self.ends: dict[str, socket.socket] = {}
        tcp = self._listen("a TCP connection", socket.AF_INET, ("127.0.0.1", 0), True)
        udp = self._listen("a UDP packet", socket.AF_INET, ("127.0.0.1", 0))
        path = self._listen("a message to a Unix socket", socket.AF_UNIX,
                            str(self.folder / "socket"))
        abstract = b""
        with suppress(OSError):  # Linux only
            abstract = self._listen("a message to an abstract socket", socket.AF_UNIX, "")
        self.files = len(list(self.folder.iterdir()))
        reading, self._lifeline = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._lifeline)
            os.read(reading, 1)  # until the other end is closed
            os._exit(0)
        os.close(reading)
        self.aim = acts.Aim(
            self.folder, self.file, opened.fileno(), self.pid, tcp[1], udp[1], path, abstract,
            tuple(path for path in secrets if Path(path).is_dir()), replace(
                _LIMITS, memory_bytes=rlimits.resident() + 64 * MIB))

    def _listen(self, name: str, family: int, address: object, connections: bool = False):
        end = socket.socket(family, socket.SOCK_STREAM if connections else socket.SOCK_DGRAM)
        self.ends[name] = self._stack.enter_context(end)
        end.bind(address)
        if connections:
            end.listen()
        return end.getsockname()

    def touched(self) -> list[tuple[str, str]]:
        """What can be seen of acts that succeeded."""
        found = [("network", name) for name, end in self.ends.items()
                 if select.select([end], [], [], 0)[0]]
        if self.pid and os.waitpid(self.pid, os.WNOHANG)[0]:
            self.pid = 0
            found.append(("processes", "another process was ended"))
        try:
            same = self.file.stat().st_mode & 0o777 == 0o666 and (
                self.file.read_text() == "untouched") and (
                len(list(self.folder.iterdir())) == self.files)
        except OSError:
            same = False
        return found if same else [*found, ("write", "a file outside the work folder was changed")]

    def close(self) -> None:
        """Remove everything."""
        os.close(self._lifeline)
        if self.pid:
            os.waitpid(self.pid, 0)
        for left in acts.memory_files(self.aim):
            left.unlink()
        self._stack.close()


def probe(way: Way, view: View, secrets: Sequence[str]) -> dict[str, list[str]]:
    """Try all acts in sandboxes of this way.

    Returns the protections that do not hold, each with what succeeded.
    """
    found: list[tuple[str, str]] = []
    bystander = Bystander(secrets)
    try:
        for group in (acts.TOGETHER, *([act] for act in acts.ALONE)):
            _, said, outlived = attempt(
                way, view, bystander.aim.limits, lambda saying, group=group: _try(
                    group, bystander.aim, saying))
            found += [tuple(json.loads(line)) for line in said.splitlines()]
            if outlived:
                found.append(("processes", "a process outlived the notebook"))
        found += bystander.touched()
    finally:
        bystander.close()
    return {name: acts_ for name in PROTECTIONS
            if (acts_ := list(dict.fromkeys(act for which, act in found if which == name)))}


def _try(group: Sequence[acts.Act], aim: acts.Aim, saying: int) -> None:
    for name, sentence, act in group:
        with suppress(Exception):
            if act(aim):
                os.write(saying, json.dumps([name, sentence]).encode() + b"\n")


def attempt(way: Way, view: View, limits: Limits, act: Callable[[int], None]
            ) -> tuple[int, bytes, bool]:
    """Do something in a sandbox of its own: ``act(descriptor)``, which may write to it.

    Returns the guard's exit status, what was written, and whether anything outlived the guard.
    """
    reading, writing = os.pipe()
    me = os.getpid()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            lock_in(way, view, limits, {}, [writing], me)
            act(writing)
            os._exit(0)
        except BaseException as error:
            with suppress(OSError):
                os.write(writing, f"{type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(1)
    os.close(writing)
    status = os.waitpid(child, 0)[1]
    # What is written fits into a pipe. Whoever still holds its other end has outlived the guard.
    os.set_blocking(reading, False)
    waiting = select.poll()
    waiting.register(reading, 0)
    outlived = not waiting.poll(200)
    with os.fdopen(reading, "rb", buffering=0) as stream:
        said = stream.read(1 << 16) or b""
    return os.waitstatus_to_exitcode(status), said, outlived
