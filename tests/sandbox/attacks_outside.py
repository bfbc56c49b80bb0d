"""Attacks on what lies outside. Each returns what it could get; what stops it raises.

Every attack takes what it aims at and ``say``, which sends a line to the test.
"""

# Attacks call the kernel as directly as they can.
# ruff: noqa: PTH109, PTH115, PTH208

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path


def nothing(aim, say):
    """An empty notebook."""


def look(aim, say):
    """What an honest notebook sees of its surroundings."""
    return {"folder": os.getcwd(), "files": {str(path): path.read_text() for path in
                                             sorted(Path().rglob("*")) if path.is_file()},
            "environment": dict(os.environ), "notes": aim.notes, "pid": os.getpid(),
            "user": os.getuid(), "home": str(Path.home()),
            "descriptors": sorted(int(name) for name in os.listdir("/proc/self/fd"))}


# --- network ---

def connect(aim, say):
    socket.create_connection(("127.0.0.1", aim.tcp), timeout=3).close()
    return "connected"


def send_packet(aim, say):
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", aim.udp))


def send_to_path(aim, say):
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", aim.path)


def send_abstract(aim, say):
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", aim.abstract)


def turn_pair(aim, say):
    """A socket that needs no socket(): one of a pair, sent somewhere else."""
    for address in (aim.path, aim.abstract):
        with suppress(OSError):
            socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", address)


def raw_socket(aim, say):
    socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)
    return "made"


def outside_address(aim, say):
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("192.0.2.1", 53))
    return "routed"


def talk_to_oneself(aim, say):
    """Honest: a server and a client in one notebook, on the loopback interface."""
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname(), timeout=3)
    server.accept()[0].send(b"x")
    return "heard" if client.recv(1) == b"x" else "deaf"


# --- reading ---

def read(aim, say):
    """All of ``args["paths"]`` that can be read, by file or folder."""
    found = []
    for path in map(Path, aim.args["paths"]):
        with suppress(OSError):
            found.append([str(path), path.read_text(errors="replace")[:200] if path.is_file()
                          else os.listdir(path)])
    return found


def read_through_links(aim, say):
    """The same by way of links, of other processes' roots and folders, and of open files."""
    found = []
    for path in aim.args["paths"]:
        Path("link").unlink(missing_ok=True)
        Path("link").symlink_to(path)
        with suppress(OSError):
            os.link(path, "hard")
            found.append(["hard link", path])
        with suppress(OSError):
            found.append(["link", Path("link").read_text()[:200]])
        for root in Path("/proc").glob("*/root"):
            with suppress(OSError):
                found.append([str(root), Path(f"{root}{path}").read_text()[:200]])
        for root in Path("/proc").glob("*/cwd"):
            with suppress(OSError):
                found.append([str(root), Path(f"{root}/../..{path}").read_text()[:200]])
    return found


def find_in_proc(aim, say):
    """Where the secret shows: environments, command lines, open files, maps of any process."""
    secret, found = aim.args["secret"].encode(), []
    for name in ("environ", "cmdline"):
        for path in Path("/proc").glob(f"[0-9s]*/{name}"):
            with suppress(OSError):
                if secret in path.read_bytes():
                    found.append(str(path))
    if any(secret.decode() in value for value in os.environ.values()):
        found.append("os.environ")
    for path in Path("/proc").glob("[0-9s]*/fd/*"):
        with suppress(OSError):
            if path.is_file() and secret in path.read_bytes()[:10000]:
                found.append(str(path))
    return found


def use_descriptors(aim, say):
    """Every number up to 1024: which can be read or written?"""
    found = []
    for number in range(1024):
        if number == aim.writing:
            continue
        with suppress(OSError):
            status = os.fstat(number)
            found.append([number, status.st_mode, os.readlink(f"/proc/self/fd/{number}")])
    return found


def open_server_memory(aim, say):
    found = []
    for pid in (aim.server, aim.pid, os.getppid()):
        with suppress(OSError):
            os.close(os.open(f"/proc/{pid}/mem", os.O_RDONLY))
            found.append(pid)
    return found


def peek(aim, say):
    """process_vm_readv on the fork server and the bystander."""
    libc, found = ctypes.CDLL(None, use_errno=True), []
    own = ctypes.create_string_buffer(8)
    where = (ctypes.c_size_t * 2)(ctypes.addressof(own), 8)
    for pid in (aim.server, aim.pid):
        if libc.process_vm_readv(pid, where, 1, where, 1, 0) > 0:
            found.append(pid)
    return found


def trace(aim, say):
    libc, found = ctypes.CDLL(None, use_errno=True), []
    for pid in (aim.server, aim.pid):
        if libc.ptrace(0x4206, pid, 0, 0) == 0:  # PTRACE_SEIZE, which does not stop it
            found.append(pid)
    return found


# --- writing ---

def write(aim, say):
    aim.file.write_text("changed")


def create(aim, say):
    (aim.folder / "new").write_text("made")


def delete(aim, say):
    aim.file.unlink()


def change_mode(aim, say):
    aim.file.chmod(0)


def write_everywhere(aim, say):
    """Folders in which a file can be made."""
    found = []
    for folder in ("/", "/etc", "/usr", "/usr/bin", "/dev", "/proc", "/sys", "/var/tmp", "/home",
                   "/run", sys.prefix, sys.base_prefix, str(Path(os.__file__).parent),
                   str(Path(__file__).parent), *aim.args.get("folders", ())):
        with suppress(OSError):
            (Path(folder) / "made-by-a-notebook").write_text("x")
            found.append(folder)
    return found


def change_python(aim, say):
    Path(os.__file__).write_text("changed")


# --- other processes ---

def end_bystander(aim, say):
    os.kill(aim.pid, signal.SIGKILL)


def reach_others(aim, say):
    """Whom could a signal reach? Signal 0 only asks."""
    found = []
    for pid in (aim.server, aim.pid, os.getppid() or aim.server):
        with suppress(OSError):
            os.kill(pid, 0)
            found.append(pid)
    return found


def kill_parent(aim, say):
    for pid in (os.getppid(), aim.server):
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
            if pid > 1:
                say(f"killed {pid}")
    return "alive"


def kill_self(aim, say):
    os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def daemon(aim, say):
    """Twice forked, in a session of its own; writes when the notebook is long over."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(0.6)
            with suppress(OSError):
                (aim.folder / "later").write_text("x")
            time.sleep(1)
        os._exit(0)
    os.wait()
    return "started"


def background(aim, say):
    """A thread and a program that act after the end."""
    def late():
        time.sleep(0.6)
        (aim.folder / "later").write_text("x")

    threading.Thread(target=late, daemon=True).start()
    subprocess.Popen(["/bin/sh", "-c", f"sleep 0.6; echo x > {aim.folder}/later; sleep 1"],
                     start_new_session=True)
    return "started"


def forget_parent(aim, say):
    """Without the signal that comes when the guard dies, the runner would outlive it."""
    return ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)


def daemon_and_loop(aim, say):
    daemon_started = os.fork()
    if daemon_started == 0:
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0:
            time.sleep(60)
        time.sleep(60)
    time.sleep(60)


def system_calls(aim, say):
    """Calls of which none may get further than a refusal."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    found = []
    for name, (number, *args) in aim.args["calls"].items():
        ctypes.set_errno(0)
        if libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, args)) != -1:
            found.append([name, 0])
        else:
            found.append([name, ctypes.get_errno()])
    return found


def capabilities(aim, say):
    lines = dict(line.split(":\t", 1) for line in
                 Path("/proc/self/status").read_text().splitlines() if ":\t" in line)
    return {name: lines[name] for name in ("CapPrm", "CapEff", "CapBnd", "CapInh", "CapAmb",
                                           "NoNewPrivs", "Seccomp")}
