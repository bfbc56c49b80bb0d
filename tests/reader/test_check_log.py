"""A learner's log of checks: small, private, and never a reason for a check to fail."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from places import ROOT

from reader import check_log, forget
from reader.errors import ReaderError

NOT_KEPT = "Your progress is not kept on this computer"


@pytest.fixture
def log(tmp_path, monkeypatch) -> Path:
    """A place for a log, and a session that has not told anything yet."""
    monkeypatch.setenv("READING_IDLIB_LOG", str(tmp_path / "home" / "log.jsonl"))
    monkeypatch.setattr(check_log, "_told", False)
    check_log._log.clear(None)
    yield tmp_path / "home" / "log.jsonl"
    check_log._log.clear(None)


def test_a_line_holds_what_is_documented_and_nobody_else_can_read_it(log):
    assert check_log.note("01.3", "partly", 0.5, 2, 1) == ""
    line = json.loads(log.read_text())
    assert set(line) == {"question", "state", "credit", "attempt", "tips", "time"}
    assert all(f"``{name}``" in check_log.__doc__ or f'"{name}"' in check_log.__doc__
               for name in line)
    if os.name == "posix":
        assert log.stat().st_mode & 0o077 == 0


def test_the_log_of_an_older_version_counts(log):
    log.parent.mkdir()
    log.write_text("".join(json.dumps({"question": "01.1", "state": state, "credit": credit,
                                       "time": 1780000000 + n}) + "\n"
                           for n, (state, credit) in enumerate(
                               [("shape", 0), ("not yet", 0), ("partly", 0.8), ("not yet", 0)])))
    found = check_log.standings()["01.1"]
    assert (found.state, found.credit, found.attempts, found.tips) == ("partly", 0.8, 3, None)
    assert found.last == ("not yet", 0) and found.time == 1780000003


@pytest.mark.parametrize("line", [
    b"no json", b'{"question": "01.1"', b"[]", b"7", b"null", b"\xff\xfe\x00", b"[" * 400, b"{}",
    b'{"question": "01.1", "state": "perfect", "credit": 1, "time": 1}',
    b'{"question": ["01.1"], "state": "right", "credit": 1, "time": 1}',
    b'{"question": "../x", "state": "right", "credit": 1, "time": 1}',
    b'{"question": "01.1", "state": "right", "credit": NaN, "time": 1}',
    b'{"question": "01.1", "state": "right", "credit": 7, "time": 1}',
    b'{"question": "01.1", "state": "right", "credit": "much", "time": 1}',
    b'{"question": "01.1", "state": "right", "credit": 1, "time": 1e999}',
    b'{"question": "01.1", "state": "right", "credit": 1, "time": 1, "attempt": -5}',
    b'{"question": "01.1", "state": "right", "credit": 1, "time": 1, "tips": "all"}',
    b'{"question": "01.1", "state": ["right"], "credit": 1, "time": 1}',
    b'{"question": "01.1", "state": "right", "credit": 1, "time": ' + b"9" * 5000 + b"}",
], ids=lambda line: line[-30:].decode("latin-1"))
def test_a_damaged_line_is_passed_over(log, line):
    check_log.note("01.2", "right", 1, 1, 0)
    with log.open("ab") as file:
        file.write(line + b"\n")
    check_log.note("01.3", "right", 1, 1, 0)
    check_log._log.clear(None)
    assert list(check_log.standings()) == ["01.2", "01.3"]


def test_half_a_line_does_not_spoil_the_next_one(log):
    check_log.note("01.2", "right", 1, 1, 0)
    with log.open("ab") as file:
        file.write(b'{"question": "01.9", "sta')  # a crash, or a disk that was full
    check_log.note("01.3", "right", 1, 1, 0)
    check_log._log.clear(None)
    assert list(check_log.standings()) == ["01.2", "01.3"]


WRITER = """
import sys
from reader import check_log
for n in range(300):
    assert not check_log.note(f"0{sys.argv[1]}.{n % 100}", "not yet", 0, n + 1, 0)
"""


def test_kernels_that_write_at_once_lose_nothing(log):
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [subprocess.Popen([sys.executable, "-c", WRITER, str(n)], env=env)
               for n in range(4)]
    assert [one.wait(120) for one in running] == [0] * 4
    # Who looks while another writes may take its line for half a one, and leave an empty line.
    lines = [json.loads(line) for line in log.read_text().splitlines() if line]
    assert len({(line["question"][:2], line["attempt"]) for line in lines}) == 4 * 300
    # What another kernel has written is known here, without reading the file anew each time.
    assert check_log.standings()["03.99"].attempts == 300


def test_what_another_kernel_writes_or_deletes_is_seen(log):
    check_log.note("01.1", "not yet", 0, 1, 1)
    line = log.read_text()
    with log.open("a") as file:
        file.write(line.replace('"attempt": 1', '"attempt": 4') + line[:20])
    assert check_log.standings()["01.1"].attempts == 4
    log.unlink()
    assert check_log.standings() == {}
    check_log.note("01.2", "right", 1, 1, 0)
    assert list(check_log.standings()) == ["01.2"]


def not_kept(told: str) -> None:
    """The sentence comes once; what was noted counts until the kernel ends."""
    assert NOT_KEPT in told and "answers are safe" in told and told.count("\n") == 0
    assert check_log.note("01.2", "not yet", 0, 2, 2) == ""
    assert check_log.standings()["01.2"].tips == 2


def test_a_device_that_is_full(log, monkeypatch):
    if not Path("/dev/full").exists():
        pytest.skip("this machine has no /dev/full")
    monkeypatch.setenv("READING_IDLIB_LOG", "/dev/full")
    not_kept(check_log.note("01.2", "not yet", 0, 1, 1))


def test_a_file_that_may_not_grow(log):
    """RLIMIT_FSIZE cuts a write in its middle, as a full disk does."""
    check_log.note("01.1", "right", 1, 1, 0)
    size, before = log.stat().st_size, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 30, before[1]))
    try:
        told = check_log.note("01.2", "not yet", 0, 1, 1)
        not_kept(told)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert log.stat().st_size == size + 30
    check_log.note("01.3", "right", 1, 1, 0)  # there is room again
    check_log._log.clear(None)
    assert list(check_log.standings()) == ["01.1", "01.3"]


def test_a_full_disk(log, tmp_path):
    disk = log.parent
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk],
                      capture_output=True).returncode:
        pytest.skip("a file system can't be mounted here (needs root)")
    try:
        with pytest.raises(OSError), (disk / "filler").open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)
        not_kept(check_log.note("01.2", "not yet", 0, 1, 1))
        assert not log.exists() or not log.read_bytes()
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_home_that_may_not_be_written(log, tmp_path):
    """Root may write everywhere; a folder cannot be made in a file's place by anybody."""
    log.parent.write_text("no folder")
    not_kept(check_log.note("01.2", "not yet", 0, 1, 1))


def test_a_read_only_disk(log):
    log.parent.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", log.parent],
                      capture_output=True).returncode:
        pytest.skip("a file system can't be mounted here (needs root)")
    try:
        told = check_log.note("01.2", "not yet", 0, 1, 1)
        assert "Read-only" in told
        not_kept(told)
    finally:
        subprocess.run(["umount", log.parent], check=True)


def test_no_home(log, monkeypatch, capsys):
    def nowhere():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("READING_IDLIB_LOG")
    monkeypatch.setattr(Path, "home", nowhere)
    told = check_log.note("01.2", "not yet", 0, 1, 1)
    assert "names no home folder" in told
    not_kept(told)
    forget()
    assert "no log to delete" in capsys.readouterr().out


def test_a_pipe_that_nobody_reads_holds_nothing_up(log):
    log.parent.mkdir()
    os.mkfifo(log)
    check_log.note("01.2", "not yet", 0, 1, 1)
    assert check_log.standings()["01.2"].attempts == 1


def test_of_a_huge_log_the_end_is_read(log):
    check_log.note("01.2", "right", 1, 1, 0)
    os.truncate(log, 1 << 36)  # a file with a hole: it takes no room on the disk
    check_log._log.clear(None)
    check_log.note("01.3", "right", 1, 1, 0)
    assert list(check_log.standings()) == ["01.3"]


def test_forget(log, capsys):
    forget()
    assert "no log to delete" in capsys.readouterr().out
    check_log.note("01.2", "not yet", 0, 1, 1)
    forget()
    assert "Deleted" in capsys.readouterr().out and not log.exists()
    assert check_log.standings() == {}


def test_a_log_that_cannot_be_deleted(log):
    log.mkdir(parents=True)  # a folder in its place
    with pytest.raises(ReaderError, match="can't be deleted"):
        forget()


def test_where_it_lies(monkeypatch, tmp_path):
    monkeypatch.delenv("READING_IDLIB_LOG", raising=False)
    usual = Path.home() / ".local/share/reading-idlib/checks.jsonl"
    assert check_log.log_path() == usual
    assert check_log.shown(usual) == "~/.local/share/reading-idlib/checks.jsonl"
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setattr(check_log, "_DRIVE", tmp_path)
    assert check_log.log_path().parent == tmp_path
    monkeypatch.setattr(check_log, "_DRIVE", tmp_path / "none")  # no JupyterLite around it
    assert check_log.log_path() == usual


def test_on_windows_the_append_is_locked(log, monkeypatch):
    """A stand-in for `msvcrt`, on this machine: what is locked, and that it is freed again."""
    calls = []

    def locking(handle, mode, size):
        calls.append((mode, size, os.lseek(handle, 0, os.SEEK_CUR), log.stat().st_size))

    monkeypatch.setattr(check_log, "msvcrt",
                        SimpleNamespace(locking=locking, LK_LOCK=1, LK_UNLCK=0))
    assert check_log.note("01.2", "not yet", 0, 1, 1) == ""
    size = log.stat().st_size
    assert calls == [(1, 1, 2**31 - 2, 0), (0, 1, 2**31 - 2, size)] and size
