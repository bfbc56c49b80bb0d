"""What a forked child does: read its request, lock itself in, run the cells."""

from __future__ import annotations

import json
import os
import signal
import socket
from typing import NoReturn

from . import sandbox
from .protocol import HEADER, Refused, Request
from .session import Session


def main(data: int) -> NoReturn:
    """Serve the one request that comes over the socket number ``data``."""
    stream = socket.socket(fileno=data)
    request = Request.from_bytes(_read(stream, HEADER.unpack(_read(stream, HEADER.size))[0]))

    def emit(event: dict) -> None:
        stream.sendall(json.dumps(event, ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        report = sandbox.enter(request.limits, request.files, request.allow_unprotected, [data])
    except Refused as refused:
        emit({"refused": refused.names})
        os._exit(0)
    except sandbox.Failed as failed:
        emit({"failed": str(failed)})
        os._exit(0)
    # Only the runner comes here. Its first line is still ours: no cell has run yet.
    emit({"missing": report.missing})
    Session(request.sheet, request.limits, emit).run(request.cells)
    emit({"done": True})
    os._exit(0)


def _read(stream: socket.socket, size: int) -> bytes:
    parts = []
    while size:
        part = stream.recv(min(size, 1 << 20))
        if not part:
            os._exit(1)  # the client has gone
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
