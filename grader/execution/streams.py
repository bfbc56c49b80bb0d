"""Standard output and standard error of a notebook: what Python, programs and forks write.

:class:`OutStream` keeps ipykernel's rules (which cell a text belongs to, when it is sent) without
ipykernel's thread. :class:`Descriptors` catches what is written to the file descriptors 1 and 2
by anything else, and what processes that a cell has forked print.
"""

from __future__ import annotations

import os
import select
import struct
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context
from time import monotonic

from ipykernel import iostream

from .channel import Channel

# So many characters wait at most before they are sent, however fast a loop prints.
BATCH = 1 << 18
# Bytes that are taken from a pipe at once, and how often in a row.
PIECE, PIECES = 1 << 16, 16
# Of a piece of a relayed message: its size, process, thread, and whether it is the last. A write
# of at most PIPE_BUF bytes is whole, whoever else writes.
HEAD = struct.Struct("<HqqB")
CHUNK = select.PIPE_BUF - HEAD.size
SIZE = struct.Struct("<q")


class _Later:
    """In place of an event loop in a thread: what is due is done at the next write."""

    def __init__(self) -> None:
        self._due: deque[tuple[float, Callable[[], None]]] = deque()

    def call_later(self, delay: float, callback: Callable[[], None]) -> None:
        self._due.append((monotonic() + delay, callback))

    def run_due(self) -> None:
        with suppress(IndexError):  # another thread was faster
            while self._due and self._due[0][0] <= monotonic():
                self._due.popleft()[1]()


class Publisher(iostream.IOPubThread):
    """In place of ipykernel's thread for output: what is scheduled is done at once."""

    def __init__(self) -> None:  # the base class would open sockets
        self.io_loop = _Later()
        self.thread = None

    def schedule(self, f: Callable[[], None]) -> None:
        """Call a function now."""
        f()


class OutStream(iostream.OutStream):
    """``sys.stdout`` or ``sys.stderr`` of a notebook."""

    def __init__(self, channel: Channel, publisher: Publisher, name: str) -> None:
        super().__init__(channel, publisher, name, watchfd=False)
        self.descriptors: Descriptors | None = None
        self._waiting = 0

    def fileno(self) -> int:
        """The descriptor that the process began with: what goes there is no output."""
        return self.descriptors.original[self.name] if self.descriptors else super().fileno()

    def write(self, string: str) -> int | None:
        """Write text; what is over the limit of the cell is left out, and the code goes on."""
        if self.descriptors and self.session.room.left():
            self.descriptors.drain()  # what was written before comes before
        return self.write_here(string)

    def write_here(self, string: str) -> int | None:
        """Write, without a look at what the descriptors have brought."""
        self._io_loop.run_due()
        if not isinstance(string, str) or self.pub_thread is None:
            return super().write(string)  # which raises
        size, room = len(string), max(self.session.room.left() - self._waiting, 0)
        if size > room:
            if self.session.is_current(self.parent_header):
                self.session.room.cut()
            string = string[:room]
        if string:
            super().write(string)
            self._waiting += len(string)
        if self._waiting > BATCH:
            self._flush()
        return size

    def flush(self) -> None:
        """Send what waits."""
        if self.descriptors:
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
        # A fork while the thread holds the lock would leave it held in the child for ever.
        os.register_at_fork(before=self._lock.acquire, after_in_parent=self._lock.release,
                            after_in_child=self._lock.release)
        self._readers: dict[int, Callable[[bytes], None]] = {}
        # One for the thread, one for everybody else: a poll object is used by one at a time.
        self._wait, self._look = select.poll(), select.poll()
        #: By name of the stream, the descriptor that the process began with.
        self.original: dict[str, int] = {}
        for number, stream in enumerate(both, start=1):
            self.original[stream.name] = os.dup(number)
            writing = self._pipe(_Text(stream).feed)
            os.dup2(writing, number)
            os.close(writing)
            stream.descriptors = self
        self._relay = self._pipe(_Messages(channel).feed)
        channel.relay = self._send
        threading.Thread(target=self._watch, name="output", daemon=True).start()

    def _pipe(self, reader: Callable[[bytes], None]) -> int:
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
        """Take what has been written by now."""
        if os.getpid() != self._owner:
            return
        with self._lock:
            for reading, _ in self._look.poll(0):
                self._take(reading)

    def _take(self, reading: int) -> None:
        for _ in range(PIECES):  # a program that never stops writing is not waited for
            try:
                data = os.read(reading, PIECE)
            except BlockingIOError:
                return
            if not data:  # nobody can write any more
                for poll in (self._wait, self._look):
                    poll.unregister(reading)
                del self._readers[reading]
                os.close(reading)
                return
            # An empty context: such output belongs to the running cell, whoever happens to look.
            Context().run(self._readers[reading], data)

    def _send(self, *parts: bytes) -> None:
        """Send a message from a forked process."""
        data = b"".join(SIZE.pack(len(part)) + part for part in parts)
        who = os.getpid(), threading.get_ident()
        with suppress(OSError):  # the notebook has ended, or the process has closed what it had
            for start in range(0, len(data), CHUNK):
                piece = data[start:start + CHUNK]
                os.write(self._relay, HEAD.pack(len(piece), *who, start + CHUNK >= len(data))
                         + piece)


class _Text:
    """Bytes of a descriptor as text of a stream."""

    def __init__(self, stream: OutStream) -> None:
        self._stream = stream

    def feed(self, data: bytes) -> None:
        self._stream.write_here(data.decode(errors="replace"))


class _Messages:
    """Pieces of messages of forked processes, put together again. A notebook may write anything
    here: what is no message is left out."""

    def __init__(self, channel: Channel) -> None:
        self._channel, self._rest = channel, b""
        self._open: dict[tuple[int, int], list[bytes]] = {}

    def feed(self, data: bytes) -> None:
        data, at = self._rest + data, 0
        while len(data) - at >= HEAD.size:
            size, *who, last = HEAD.unpack_from(data, at)
            end = at + HEAD.size + size
            if len(data) < end:
                break
            pieces = self._open.setdefault(tuple(who), [])
            pieces.append(data[at + HEAD.size:end])
            at = end
            if len(pieces) * CHUNK > 2 * self._channel.room.limits.cell_output_bytes:
                pieces.clear()
            if last:
                del self._open[tuple(who)]
                with suppress(Exception):
                    self._message(b"".join(pieces))
        self._rest = data[at:]

    def _message(self, data: bytes) -> None:
        (size,) = SIZE.unpack_from(data)
        head, rest = data[SIZE.size:SIZE.size + size], data[SIZE.size + size:]
        self._channel.deliver_relayed(head, rest[SIZE.size:])
