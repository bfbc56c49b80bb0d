"""Start a JupyterLab and a Chromium, each with a profile of its own, for tests and the bench."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from places import ROOT

#: What Jupyter looks like for learners.
LEARNERS = ROOT / ".jupyter"
CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
# No network, no sandbox (CI runs as root), nothing that changes from run to run.
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--window-size=1400,1000"]


@dataclass
class Lab:
    """A running JupyterLab on a copy of the course."""

    url: str
    token: str
    course: Path

    def page(self, path: str) -> str:
        return f"{self.url}/{path}{'&' if '?' in path else '?'}token={self.token}"

    def status(self, path: str) -> int:
        """What the server answers to a path: 200, or 404 where nobody listens."""
        try:
            with urllib.request.urlopen(self.page(path), timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code


def missing() -> str:
    """What a browser test lacks on this machine, in one sentence; empty when nothing."""
    return next((f"{path} is not installed (Debian: apt install chromium chromium-driver)"
                 for path in (CHROMIUM, DRIVER) if not path.exists()), "")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def jupyterlab(course: Path, home: Path, *configuration: Path) -> Iterator[Lab]:
    """A JupyterLab on a course; whatever it keeps lies in ``home``. Of several folders of
    configuration the first has the last word; without any, it is as learners have it."""
    (home / "no-texts").mkdir(parents=True)
    env = {**os.environ, "PYTHONPATH": str(ROOT), "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
           "JUPYTER_CONFIG_DIR": str(home / "config"), "IPYTHONDIR": str(home / "ipython"),
           "JUPYTER_CONFIG_PATH": os.pathsep.join(map(str, configuration or [LEARNERS])),
           "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
           "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
           "READING_IDLIB_LOG": str(home / "checks.jsonl"),
           "READING_IDLIB_TEXTS": str(home / "no-texts")}
    program = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
               f"--ServerApp.root_dir={course}"]
    with serving(program, course, env, home / "lab.log") as started:
        yield started


@contextmanager
def serving(program: list[str], course: Path, env: dict, log: Path) -> Iterator[Lab]:
    """Start a Jupyter server in the course folder, with a port and a token of its own."""
    port, token = free_port(), secrets.token_hex(16)
    with log.open("w") as said:
        server = subprocess.Popen(
            [*program, f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
             f"--IdentityProvider.token={token}",
             # If the test run is killed, nothing of it stays for long.
             "--ServerApp.shutdown_no_activity_timeout=120",
             "--MappingKernelManager.cull_idle_timeout=120",
             "--MappingKernelManager.cull_interval=30"],
            cwd=course, env=env, stdout=said, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        started = Lab(f"http://127.0.0.1:{port}", token, course)
        _wait(started, server, log)
        yield started
    finally:
        # Asked to end, the server ends its kernels; only if it does not, it is killed with them.
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait(lab: Lab, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(lab.page("api/status"), timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


@contextmanager
def chromium(profile: Path, *flags: str) -> Iterator[Any]:
    """A headless Chromium, driven by Selenium; with more flags where they are needed."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in [*FLAGS, *flags, f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    try:
        yield browser
    finally:
        browser.quit()
