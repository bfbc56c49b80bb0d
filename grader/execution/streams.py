"""Standard output and standard error of a notebook: what Python, programs and forks write.

:class:`OutStream` keeps ipykernel's rules (which cell a text belongs to, when it is sent) without
ipykernel's thread. :class:`Descriptors` catches what is written to the file descriptors 1 and 2
by anything else, and what processes that a cell has forked print or display.
"""

from __future__ import annotations

import os
import select
import struct
import threading
from collections import deque
from contextvars import Context
from time import monotonic
from typing import Any

from ipykernel import iostream

from .channel import Channel

# So many characters wait at most before they are sent, however fast a loop prints.
BATCH = 1 << 18
# A write of at most PIPE_BUF bytes is whole, whoever else writes.
HEAD = struct.Struct("<HqqB")
CHUNK = select.PIPE_BUF - HEAD.size


class _Later:
    """In place of an event loop in a thread: what is due is done at the next write."""

    def __init__(self) -> None:
        self._due: deque[tuple[float, Any]] = deque()

    def call_later(self, delay: float, callback: Any) -> None:
        self._due.append((monotonic() + delay, callback))

    def run_due(self) -> None:
        while self._due and self._due[0][0] <= monotonic():
            self._due.popleft()[1]()


class Publisher(iostream.IOPubThread):
    """In place of ipykernel's thread for output: what is scheduled is done at once."""

    def __init__(self) -> None:  # the base class would open sockets
        self.io_loop = _Later()
        self.thread = None

    def schedule(self, f: Any) -> None:
        """Call a function now."""
        f()


class OutStream(iostream.OutStream):
    """``sys.stdout`` or ``sys.stderr`` of a notebook."""

    def __init__(self, channel: Channel, publisher: Publisher, name: str) -> None:
        super().__init__(channel, publisher, name, watchfd=False)
        self.descriptors: Descriptors | None = None
        self._waiting = 0

    def fileno(self) -> int:
        """The descriptor that the process began with: what goes there is not an output."""
        if self.descriptors is None:
            return super().fileno()
        return self.descriptors.original[self.name]

    def write(self, string: str) -> int | None:
        """Write text; what is over the limit of the cell is left out, and the code goes on."""
        if self.descriptors is not None:
            self.descriptors.drain()
        self._io_loop.run_due()
        return self.write_here(string)

    def write_here(self, string: str) -> int | None:
        """Write, without a look at what the descriptors have brought."""
        size = len(string) if isinstance(string, str) else 0
        room = max(self.session.room() - self._waiting, 0)
        if size > room and self.pub_thread is not None:
            if self.session.is_current(self.parent_header):
                self.session.cut()
            string = string[:room]
            if not string:
                return size
        super().write(string)
        self._waiting += len(string) if size else 0
        if self._waiting > BATCH:
            self._flush()
        return size

    def flush(self) -> None:
        """Send what waits."""
        if self.descriptors is not None:
            self.descriptors.drain()
        super().flush()

    def _flush(self) -> None:
        self._waiting = 0
        super()._flush()


# Libraries ask for the name of the class, and people read it in messages.
OutStream.__module__ = iostream.OutStream.__module__


def streams(channel: Channel) -> tuple[OutStream, OutStream]:
    """Standard output and standard error, which share what is due."""
    publisher = Publisher()
    return OutStream(channel, publisher, "stdout"), OutStream(channel, publisher, "stderr")


class Descriptors:
    """Catches the file descriptors 1 and 2, and messages of forked processes.

    One thread waits, so that nobody who writes is ever kept waiting; each look at the streams
    takes what is there first, so that a cell ends with all that was written before its end.
    """

    def __init__(self, channel: Channel, both: tuple[OutStream, OutStream]) -> None:
        self._channel, self._owner, self._lock = channel, os.getpid(), threading.RLock()
        self._readers: dict[int, Any] = {}
        # One for the thread, one for everybody else: a poll object is used by one at a time.
        self._wait, self._look = select.poll(), select.poll()
        self.original: dict[str, int] = {}
        for number, stream in enumerate(both, start=1):
            self.original[stream.name] = os.dup(number)
            writing = self._pipe(_Text(stream))
            os.dup2(writing, number)
            os.close(writing)
            stream.descriptors = self
        self._relay = self._pipe(_Messages(channel))
        os.set_inheritable(self._relay, False)
        channel.relay = self._send
        threading.Thread(target=self._watch, name="output", daemon=True).start()

    def _pipe(self, reader: Any) -> int:
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        self._readers[reading] = reader
        for poll in (self._wait, self._look):
            poll.register(reading, select.POLLIN)
        return writing

    def _watch(self) -> None:
        while self._readers:
            self._wait.poll()
            self.drain()

    def drain(self) -> None:
        """Take what has been written by now; a program that never stops gets no more than that."""
        if os.getpid() != self._owner:
            return
        with self._lock:
            for reading, _ in self._look.poll(0):
                self._take(reading)

    def _take(self, reading: int) -> None:
        for _ in range(16):
            try:
                data = os.read(reading, 1 << 16)
            except BlockingIOError:
                return
            if not data:  # nobody can write any more
                for poll in (self._wait, self._look):
                    poll.unregister(reading)
                del self._readers[reading]
                os.close(reading)
                return
            # An empty context: such output belongs to the running cell, whoever happens to look.
            Context().run(self._readers[reading].feed, data)

    def _send(self, *parts: bytes) -> None:
        """Send a message from a forked process, in pieces that are whole whoever else sends."""
        data = b"".join(struct.pack("<q", len(part)) + part for part in parts)
        who = os.getpid(), threading.get_ident()
        try:
            for start in range(0, len(data), CHUNK):
                piece = data[start:start + CHUNK]
                os.write(self._relay, HEAD.pack(len(piece), *who, start + CHUNK >= len(data))
                         + piece)
        except OSError:
            pass  # the notebook has ended, or the process has closed what it inherited


class _Text:
    """Bytes of a descriptor, as text of a stream."""

    def __init__(self, stream: OutStream) -> None:
        self._stream, self._rest = stream, b""

    def feed(self, data: bytes) -> None:
        if self._stream.session.room() > 0:
            self._stream.write_here(data.decode(errors="replace"))
        else:
            self._stream.session.cut()


class _Messages:
    """Pieces of messages of forked processes, put together again."""

    def __init__(self, channel: Channel) -> None:
        self._channel, self._rest = channel, b""
        self._open: dict[tuple[int, int], list[bytes]] = {}

    def feed(self, data: bytes) -> None:
        data = self._rest + data
        at = 0
        while len(data) - at >= HEAD.size:
            size, pid, thread, last = HEAD.unpack_from(data, at)
            if len(data) - at - HEAD.size < size:
                break
            pieces = self._open.setdefault((pid, thread), [])
            pieces.append(data[at + HEAD.size:at + HEAD.size + size])
            at += HEAD.size + size
            if sum(map(len, pieces)) > 2 * self._channel.limits.cell_output_bytes:
                pieces.clear()
            elif last:
                del self._open[pid, thread]
                self._message(b"".join(pieces))
        self._rest = data[at:]

    def _message(self, data: bytes) -> None:
        (size,) = struct.unpack_from("<q", data)
        self._channel.deliver_packed(data[8:8 + size], data[16 + size:])
