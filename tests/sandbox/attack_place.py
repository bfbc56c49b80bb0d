"""A place to attack from: a fork server on a kind of machine that the sandbox meets."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from places import ROOT

HERE = Path(__file__).parent
#: A user of this run of the tests alone: the kernel counts processes by user.
SOMEBODY = 100_000 + os.getpid()
SECRET = "the-secret-of-the-instructor"
KINDS = {
    "root": {"root": True},
    "user": {},
    "root without namespaces": {"root": True, "forbid": ["namespaces"]},
    "user without namespaces": {"forbid": ["namespaces"]},
    "user without Landlock": {"forbid": ["landlock"]},
    "user without anything": {"forbid": ["namespaces", "landlock", "seccomp"]},
    "user with a blind guard": {"blind": True},
    "user on an old kernel": {"forbid": ["mount_setattr"]},
}


class Place:
    """A driver process; see driver.py."""

    def __init__(self, kind: str, home: Path, warm: Sequence[str] = (),
                 secrets: Sequence[str] = ()) -> None:
        order = {"import": list(warm), "secrets": list(secrets), **KINDS[kind]}
        is_root = os.getuid() == 0
        if order.pop("root", False):
            if not is_root:
                pytest.skip("only root can try what root can do")
        elif is_root:
            order["user"] = SOMEBODY
        if is_root:
            order["reach"] = sorted({sys.base_prefix, str(Path(sys.prefix).resolve()), str(ROOT)})
        env = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "HOME": str(home),
               "SECRET": SECRET, "PYTHONDONTWRITEBYTECODE": "1",
               "MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1"}
        self.kind, self.home = kind, home
        # Short, because sockets in it have paths of at most 108 bytes.
        self.temporary = Path(tempfile.mkdtemp(prefix="sandbox-"))
        self.temporary.chmod(0o777)
        env["TMPDIR"] = str(self.temporary)
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "driver.py"), json.dumps(order)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, env=env, cwd="/", text=True)
        started = self.process.stdout.readline()
        assert started, f"the driver did not start: {kind}"
        for name, value in json.loads(started).items():
            setattr(self, name, value)

    def try_(self, attack: str, needs: str = "", **order) -> dict:
        """Run an attack; skip where the protection ``needs`` does not hold on this machine."""
        if needs in self.missing and order.get("locked", True):
            pytest.skip(f"{self.kind}: no protection {needs!r} here ({self.missing[needs]})")
        self.process.stdin.write(json.dumps({"attack": attack, **order}) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the driver itself was hit"
        return json.loads(answer)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(20)
        # A guard whose server was killed may be removing its own folder in it right now.
        shutil.rmtree(self.temporary, ignore_errors=True)
