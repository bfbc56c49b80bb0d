"""Attacks by quantity, and ways to end or not to; see attacks_outside.py."""

# Attacks call the kernel as directly as they can.
# ruff: noqa: PTH102, PTH103, PTH211, SIM115

from __future__ import annotations

import atexit
import ctypes
import mmap
import os
import resource
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

MIB = 1 << 20


def fork_bomb(aim, say):
    count = 0
    with suppress(OSError):
        while count < 4 * aim.limits.processes + 100:
            if os.fork() == 0:
                time.sleep(2)
                os._exit(0)
            count += 1
    return count


def fork_for_ever(aim, say):
    """Everybody forks all the time."""
    while True:
        with suppress(OSError):
            os.fork()


def thread_bomb(aim, say):
    threading.stack_size(64 * 1024)
    count = 0
    with suppress(RuntimeError):
        while count < 4 * aim.limits.processes + 100:
            threading.Thread(target=time.sleep, args=(2,), daemon=True).start()
            count += 1
    return count


def _touch(block):
    for place in range(0, len(block), mmap.PAGESIZE):
        block[place] = 1


def allocate(aim, say):
    """One process, at once: an honest mistake, which gives an honest MemoryError."""
    return len(bytearray(aim.limits.memory_bytes * 2))


def memory_bomb(aim, say):
    """Many processes, each touching every page that it may have."""
    share = aim.limits.memory_bytes // 2
    for _ in range(6):
        if os.fork() == 0:
            _touch(mmap.mmap(-1, share, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))
            time.sleep(30)
    time.sleep(30)
    return "held"


def hidden_memory_bomb(aim, say):
    """Shared memory that children fill before they end: nobody's, by what /proc counts."""
    share = aim.limits.memory_bytes // 3
    for _ in range(6):
        if os.fork() == 0:
            blocks = [mmap.mmap(-1, share) for _ in range(2)]
            for block in blocks:
                if os.fork() == 0:
                    _touch(block)
                    os._exit(0)
                os.wait()
            time.sleep(30)
    time.sleep(30)
    return "held"


def shared_files_bomb(aim, say):
    return _fill(Path("/dev/shm"), 4 * aim.limits.disk_bytes)


def fill_work(aim, say):
    return _fill(Path(), 4 * aim.limits.disk_bytes)


def fill_temporary(aim, say):
    return _fill(Path(os.environ["TMPDIR"]), 4 * aim.limits.disk_bytes)


def fill_deleted(aim, say):
    """Files without a name still take room."""
    kept = []
    for number in range(8):
        kept.append(Path(f"gone{number}").open("wb"))
        kept[-1].write(bytes(aim.limits.disk_bytes // 2))
        kept[-1].flush()
        Path(f"gone{number}").unlink()
    time.sleep(30)
    return "held"


def _fill(folder, most):
    written, block = 0, bytes(256 * 1024)
    try:
        for number in range(64):
            with (folder / f"fill{number}").open("wb") as stream:
                for _ in range(16):
                    stream.write(block)
                    stream.flush()
                    written += len(block)
                    if written > most:
                        time.sleep(30)
                        return written
    except OSError:
        pass
    return written


def many_files(aim, say):
    count = 0
    with suppress(OSError):
        for count in range(4 * aim.limits.inodes):
            Path(f"file{count}").touch()
        time.sleep(30)
    return count


def open_many(aim, say):
    kept = []
    with suppress(OSError):
        while len(kept) < 4 * aim.limits.open_files:
            kept.append(os.dup(0))
    return len(kept)


def flood(aim, say):
    """A gigabyte to the test, which does not read."""
    block = b"x" * MIB
    for _ in range(1024):
        while block:
            os.write(aim.writing, block)


# --- ways to end, or not to ---

def exit_hard(aim, say):
    os._exit(81)  # the status by which a guard says that there was too much memory


def exit_soft(aim, say):
    sys.exit("over")


def crash(aim, say):
    ctypes.string_at(0)


def recurse(aim, say):
    sys.setrecursionlimit(1 << 30)
    text = "[" * 10_000_000
    with suppress(MemoryError, RecursionError, SyntaxError):
        compile(text, "deep", "eval")

    class Deep:
        def __getattr__(self, name):
            return getattr(self, name + "x")

    with suppress(RecursionError):
        repr(Deep().name)
    return "survived"


def loop(aim, say):
    """Ignores all that can be ignored."""
    for number in range(1, 65):
        with suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    say("looping")
    while True:
        pass


def wait_for_interrupt(aim, say):
    say("waiting")
    try:
        time.sleep(30)
    except KeyboardInterrupt:
        return "interrupted"


def sleep(aim, say):
    time.sleep(300)


def last_words(aim, say):
    """What is registered for the end of Python has no time without end, either."""
    class Last:
        def __del__(self):
            time.sleep(300)

    atexit.register(time.sleep, 300)
    threading.Thread(target=time.sleep, args=(300,)).start()
    aim.last = Last()
    sys.exit(0)


def raise_limits(aim, say):
    found = []
    for name in ("NPROC", "AS", "NOFILE", "FSIZE", "CPU", "CORE"):
        kind = getattr(resource, f"RLIMIT_{name}")
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (resource.getrlimit(kind)[1] + 4096,) * 2)
            found.append(name)
    return found



def lock_folders(aim, say):
    """Leave behind what is hard to delete."""
    os.makedirs("a/b/c")
    os.symlink("/etc", "a/b/etc")
    Path("a/b/c/file").write_text("x")
    os.mkdir("a/closed", 0)
    os.umask(0o777)
    os.mkdir("a/b/closed")



def honest(aim, say):
    """No attack."""
    import honest as honest_code

    found = {}
    for name in aim.args["names"]:
        try:
            found[name] = getattr(honest_code, name)()
        except Exception as error:
            found[name] = f"{type(error).__name__}: {error}"
    return found
