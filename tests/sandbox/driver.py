"""A small fork server for tests: one attack per line on standard input, what came of it back.

    python driver.py '{"forbid": ["namespaces"], "user": 12345, "reach": ["/root/.pyenv"]}'

``forbid`` takes away what a machine or container may lack, with a filter of system calls of our
own; ``user`` gives root up; ``reach`` are folders that this user must be able to read; ``blind``
keeps guards from seeing how much memory is used.
"""

from __future__ import annotations

import errno
import json
import os
import platform
import select
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import attacks_inside
import attacks_outside

from grader.execution import sandbox
from grader.execution.protocol import Limits
from grader.execution.sandbox import bpf, probes, syscalls, usage

_NAMESPACES = [bpf.Rule("unshare"), bpf.Rule("clone3", errno.ENOSYS), bpf.Rule(
    "clone", when=(bpf.When(0, (0,), syscalls.CLONE_NEW, other=True),))]
_FORBIDDEN = {
    "namespaces": _NAMESPACES,
    "landlock": [bpf.Rule("landlock_create_ruleset", errno.EOPNOTSUPP)],
    "seccomp": [bpf.Rule("prctl", errno.EINVAL, (bpf.When(0, (syscalls.PR_SET_SECCOMP,)),))],
    "mount_setattr": [bpf.Rule("mount_setattr", errno.ENOSYS)],
}


def make_reachable(folders: list[str]) -> None:
    """Show ``folders`` to everybody, although the way to them leads through private ones."""
    syscalls.unshare(syscalls.CLONE_NEWNS)
    syscalls.mount("none", "/", flags=syscalls.MS_REC | syscalls.MS_SLAVE)
    for folder in map(Path, folders):
        closed = [parent for parent in folder.parents if not parent.stat().st_mode & 0o001]
        if closed:
            aside = tempfile.mkdtemp()
            bind = syscalls.MS_BIND | syscalls.MS_REC
            syscalls.mount(str(folder), aside, flags=bind)
            syscalls.mount("tmpfs", str(closed[-1]), "tmpfs", data="mode=755")
            folder.mkdir(parents=True)
            syscalls.mount(aside, str(folder), flags=bind)


def become_less(order: dict) -> None:
    if order.get("reach"):
        make_reachable(order["reach"])
    if order.get("user"):
        os.setgroups([])
        os.setresgid(order["user"], order["user"], order["user"])
        os.setresuid(order["user"], order["user"], order["user"])
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)
    rules = [rule for name in order.get("forbid", ()) for rule in _FORBIDDEN[name]]
    if rules:
        syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
        syscalls.set_seccomp(bpf.assemble(rules, platform.machine()))


def run(order: dict) -> dict:
    """Fork, lock in, attack, bury; return what was seen."""
    bystander = probes.Bystander([])
    aim = SimpleNamespace(**vars(bystander.aim), server=os.getpid(), args=order.get("args", {}))
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _child(order, aim, writing)
    os.close(writing)
    waiting = select.poll()  # for the end of all who could write
    waiting.register(reading, 0)
    ended, start = None, time.monotonic()
    signals = sorted((moment, getattr(signal, name)) for name, moment in
                     order.get("signals", {}).items())
    while ended is None and time.monotonic() < start + order.get("patience", 30):
        pid, status, used = os.wait4(child, os.WNOHANG)
        if pid:
            ended = os.waitstatus_to_exitcode(status)
        elif signals and (waiting.poll(0) if signals[0][0] == "closed" else
                          time.monotonic() >= start + signals[0][0]):
            os.kill(child, signals.pop(0)[1])
        else:
            time.sleep(0.005)
    os.set_blocking(reading, False)
    said = b""
    with suppress(BlockingIOError):
        while part := os.read(reading, 1 << 16):
            said += part
    outlived = not waiting.poll(100)
    if ended is None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    time.sleep(order.get("look_after", 0))
    touched = bystander.touched()
    bystander.close()
    os.close(reading)
    return {"code": ended, "said": _lines(said), "outlived": outlived, "touched": touched,
            "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss * 1024}


def _child(order: dict, aim: SimpleNamespace, writing: int) -> None:
    def say(what: object) -> None:
        os.write(writing, json.dumps(what).encode() + b"\n")

    try:
        limits = Limits(**order.get("limits", {}))
        aim.limits, aim.writing = limits, writing
        files = {name: text.encode() for name, text in order.get("files", {}).items()}
        if order.get("locked", True):
            report = sandbox.enter(limits, files, frozenset(order.get("allow", ["all"])),
                                   [writing])
            aim.notes = report.notes
        module = attacks_inside if hasattr(attacks_inside, order["attack"]) else attacks_outside
        say(getattr(module, order["attack"])(aim, say))
    except sandbox.Refused as refused:
        say(["refused", *refused.names])
    except SystemExit:
        os._exit(3)
    except BaseException as error:
        say(f"stopped: {type(error).__name__}: {error}")
    finally:
        os._exit(0)


def _lines(said: bytes) -> list:
    found = []
    for line in said.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            found.append(None)
    return found[:50]


def main() -> None:
    order = json.loads(sys.argv[1])
    become_less(order)
    if order.get("blind"):
        usage.memory = lambda *_: 0
    machine = sandbox.prepare(order.get("secrets", ()))
    for name in order.get("import", ()):
        __import__(name)
    sandbox.refresh()
    print(json.dumps({"way": str(machine.way), "private": machine.way.private,
                      "missing": machine.missing, "notes": machine.notes}), flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
