"""A real PostgreSQL server for tests: on loopback, in a folder of its own, for a few seconds."""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path("/usr/lib/postgresql")
USER = "grader"
_DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG


@dataclass
class Server:
    """A running server; every test takes a database of its own."""

    port: int
    password: str

    def url(self, database: str, password: str | None = None) -> str:
        return (f"postgresql://{USER}:{password or self.password}@127.0.0.1:{self.port}/"
                f"{database}")

    def create(self, database: str) -> str:
        """An empty database; returns its address."""
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"')
        return self.url(database)


def missing() -> str:
    """What these tests lack on this machine, in one sentence; empty when nothing."""
    if not _programs():
        return f"no PostgreSQL server below {PROGRAMS} (Debian: apt install postgresql)"
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "psycopg is not installed (see tests/requirements.txt)"
    return ""


def _programs() -> Path | None:
    found = sorted(PROGRAMS.glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def running() -> Iterator[Server]:
    """Start a server, and stop it. It refuses to run as root, so root lets `nobody` run it."""
    programs = _programs()
    as_user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if not os.geteuid() else {}
    # Not below pytest's folder, which only its owner may enter.
    home = Path(tempfile.mkdtemp(prefix="idlib-postgres-"))
    try:
        password, data = secrets.token_hex(12), home / "data"
        (home / "password").write_text(password)
        if as_user:
            for path in (home, home / "password"):
                shutil.chown(path, "nobody", "nogroup")
        subprocess.run([programs / "initdb", "-D", data, "-U", USER, "-A", "scram-sha-256",
                        f"--pwfile={home / 'password'}", "-E", "UTF8", "--locale=C", "--no-sync"],
                       check=True, capture_output=True, cwd=home, timeout=300, **as_user)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with (home / "log").open("w") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", home,
                 "-F"], cwd=home, stdout=log, stderr=log, preexec_fn=_die_with_parent, **as_user)
        try:
            _wait(process, port, home / "log")
            yield Server(port, password)
        finally:
            process.send_signal(signal.SIGINT)  # a "fast" shutdown
            process.wait(60)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _die_with_parent() -> None:
    """If the test run is killed, nothing of it stays."""
    ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGINT)


def _wait(process: subprocess.Popen, port: int, log: Path) -> None:
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()[-2000:]}")
