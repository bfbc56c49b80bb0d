"""One JupyterLab and one Chromium for all browser tests, each with a profile of its own."""

from __future__ import annotations

import os
import secrets
import shutil
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

import pytest
from places import ROOT

from grader.course import Course

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


@pytest.fixture(scope="session")
def course(released_course, tmp_path_factory) -> Path:
    """A copy of the course with its exercises released and laid out for self-study: no test
    writes into the checkout."""
    folder = shutil.copytree(released_course, tmp_path_factory.mktemp("room") / "course")
    copy = Course(folder)
    for name in copy.assignments():
        copy.lay_out_study(name)
    return folder


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="session")
def lab(course, tmp_path_factory):
    """JupyterLab as a learner has it."""
    with jupyter(course, tmp_path_factory.mktemp("jupyter"), [ROOT / ".jupyter"]) as started:
        yield started


@contextmanager
def jupyter(course: Path, home: Path, configuration: list[Path]) -> Iterator[Lab]:
    """A JupyterLab on a course, with these folders of configuration and nothing of the user's."""
    port, token = free_port(), secrets.token_hex(16)
    (home / "no-texts").mkdir()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
           "JUPYTER_CONFIG_DIR": str(home / "config"), "IPYTHONDIR": str(home / "ipython"),
           "JUPYTER_CONFIG_PATH": os.pathsep.join(map(str, configuration)),
           "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
           "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
           "READING_IDLIB_LOG": str(home / "checks.jsonl"),
           "READING_IDLIB_TEXTS": str(home / "no-texts")}
    with (home / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
             f"--ServerApp.root_dir={course}", f"--ServerApp.port={port}",
             "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
             # If the test run is killed, nothing of it stays for long.
             "--ServerApp.shutdown_no_activity_timeout=120",
             "--MappingKernelManager.cull_idle_timeout=120",
             "--MappingKernelManager.cull_interval=30"],
            cwd=course, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        started = Lab(f"http://127.0.0.1:{port}", token, course)
        wait_for_server(started, server, home / "lab.log")
        yield started
    finally:
        # Asked to end, the server ends its kernels; only if it does not, it is killed with them.
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def wait_for_server(lab: Lab, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(lab.page("api/status"), timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def driver(tmp_path_factory):
    for path in (CHROMIUM, DRIVER):
        if not path.exists():
            pytest.skip(f"{path} is not installed (Debian: apt install chromium chromium-driver)")
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in [*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"]:
        options.add_argument(flag)
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    try:
        yield browser
    finally:
        browser.quit()


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("screenshots")
    yield folder
    print(f"\nScreenshots: {folder}")
