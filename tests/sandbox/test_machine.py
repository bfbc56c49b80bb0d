"""What is said of a machine: by the survey, by `grader doctor`, and on other systems."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from attack_place import Place
from places import ROOT

from grader import doctor
from grader.course import Course
from grader.execution.sandbox import PROTECTIONS, filesystem, landlock, namespaces

# What a system without Linux's calls, or without any of POSIX, looks like from Python.
OTHER_SYSTEMS = {
    "macOS": "sys.platform = 'darwin'",
    "Windows": """
sys.platform = 'win32'
for name in ('resource', 'fcntl'):
    sys.modules[name] = None
for name in ('fork', 'setsid', 'getuid', 'sysconf', 'setresuid', 'waitpid', 'killpg'):
    delattr(os, name)"""}
TRY = """
from grader.execution import sandbox
from grader.execution.protocol import Limits, Refused
machine = sandbox.prepare()
def tried(allow):
    try:
        sandbox.enter(Limits(), {}, frozenset(allow), [])
    except (Refused, sandbox.Failed) as error:
        return type(error).__name__
print(json.dumps([machine.missing, machine.advice(), tried([])]), flush=True)
if len(sys.argv) > 1:
    tried(['all'])
    os._exit(7)
"""


def elsewhere(system: str, *args: str) -> subprocess.CompletedProcess:
    code = ("import ctypes, json, mmap, os, pathlib, resource, select, shutil, signal, site,"
            "socket, subprocess, sys, tempfile\n" + OTHER_SYSTEMS[system] + TRY)
    return subprocess.run([sys.executable, "-B", "-c", code, *args], capture_output=True,
                          text=True, env={"PYTHONPATH": str(ROOT)}, timeout=60)


@pytest.mark.parametrize("system", OTHER_SYSTEMS)
def test_other_systems_say_what_they_lack(system):
    missing, advice, refused = json.loads(elsewhere(system).stdout)
    assert {"network", "read", "write", "processes", "kernel"} <= set(missing)
    assert all(missing.values()) and refused == "Refused"
    assert "Linux" in advice and advice.count(".") <= 2


def test_a_mac_runs_what_is_allowed_to_be_unprotected():
    """Exit status 80: the guard saw its runner leave with 7."""
    assert elsewhere("macOS", "run").returncode == 80


def test_the_doctor_names_every_protection(tmp_path):
    found = {what: (ok, text) for ok, what, text in doctor._protections(Course(ROOT))}
    assert "sandbox" in found
    for name, stops in PROTECTIONS.items():
        ok, text = found[f"protection {name}"]
        assert text == stops if ok else text.endswith(f"--allow-unprotected {name}")


def test_the_doctor_says_what_is_missing(monkeypatch):
    answer = {"way": "no namespaces", "missing": {"network": ["a UDP packet"]},
              "notes": ["Landlock is off."], "advice": "Use Linux."}
    monkeypatch.setattr(doctor.subprocess, "run", lambda *args, **kwargs:
                        subprocess.CompletedProcess(args, 0, json.dumps(answer), ""))
    found = list(doctor._protections(Course(ROOT)))
    assert (False, "protection network",
            "a UDP packet: grading needs --allow-unprotected network") in found
    assert found[-1] == (False, "sandbox", "Use Linux. Landlock is off.")


def test_only_python_and_the_tools_are_seen(monkeypatch):
    """The course folder is on sys.path, and none of it but two packages may be seen."""
    import reader.corpus  # noqa: F401

    monkeypatch.syspath_prepend(str(ROOT))
    seen = filesystem.look_around([])
    inside = {Path(path).relative_to(ROOT).parts[0] for path in seen.folders
              if Path(path).is_relative_to(ROOT)}
    assert inside <= {"reader", "seeds", ".venv"} and {"reader", "seeds"} <= inside
    assert str(ROOT) not in seen.folders and "/" not in seen.folders
    assert not [path for path in seen.files if "answer_key" in path and path.endswith(".yaml")]


def test_a_secret_inside_pythons_own_folder_is_covered(tmp_path):
    """As when the course is installed into site-packages, the key with it."""
    package = Path(sys.prefix).resolve()
    secret = next(path for path in (package / "lib").glob("python3*/site-packages/pytest"))
    seen = filesystem.look_around([str(secret), str(tmp_path)])
    assert seen.hidden == (str(secret),)
    readable = [path for path, rights in filesystem.readable(seen).items()
                if rights & landlock.READ_FILE]
    assert str(secret.parent / "pluggy") in readable
    assert not [path for path in readable if secret.is_relative_to(path)]


@pytest.mark.parametrize("kind", ["root", "user", "user without namespaces"])
def test_a_covered_secret_is_not_read(kind, places):
    secret = next(Path(sys.prefix).resolve().glob("lib/python3*/site-packages/pluggy"))
    place = Place(kind, places("user").home, secrets=[str(secret)])
    assert place.missing == {} or pytest.skip(str(place.missing))
    paths = [str(secret), str(secret / "__init__.py"), str(secret.parent)]
    found = dict(place.try_("read", args={"paths": paths})["said"][0])
    place.close()
    # Without a view of its own names are seen, and nothing else.
    assert not place.private or found.get(str(secret), []) == []
    assert str(secret / "__init__.py") not in found and "pytest" in found[str(secret.parent)]


def test_ways_begin_with_the_best(monkeypatch):
    for user in (0, 1000):
        monkeypatch.setattr("os.getuid", lambda user=user: user)
        ways = namespaces.ways()
        assert ways[0].private and not ways[-1].private
        assert all(way.user or way.drop for way in ways if way.private)


def test_ids_of_two_notebooks_differ(monkeypatch):
    for mapped in ([(0, 0, 1 << 32)], [(0, 100000, 65536)]):
        monkeypatch.setattr(namespaces, "mapped_ids", lambda mapped=mapped: mapped)
        found = set()
        for pid in (7, 8, 4000, 30000):
            monkeypatch.setattr("os.getpid", lambda pid=pid: pid)
            found.add(namespaces.spare_id())
        assert len(found) == 4 and all(1000 < each < sum(mapped[0][::2]) for each in found)


def test_landlock_has_a_version_or_none():
    assert landlock.version() >= 0
