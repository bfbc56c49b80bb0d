"""A plain static server for the JupyterLite edition, and a proxy that counts what leaves."""

from __future__ import annotations

import functools
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Files(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_) -> None:
        pass

    def log_request(self, code="-", size="-") -> None:
        self.server.served.append((self.path, int(code)))

    def copyfile(self, source, outputfile) -> None:
        self.server.bytes += Path(source.name).stat().st_size if hasattr(source, "name") else 0
        super().copyfile(source, outputfile)


class Server(ThreadingHTTPServer):
    """Serves a folder on loopback.

    Attributes
    ----------
    served : list of (str, int)
        Path and status of every request.
    bytes : int
        Of all files sent.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), functools.partial(_Files, directory=str(folder)))
        self.served: list[tuple[str, int]] = []
        self.bytes = 0
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Refuse(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        # "CONNECT host:443 HTTP/1.1", or "GET http://host/path HTTP/1.1"
        asked = self.rfile.readline().decode("latin-1").split()
        if len(asked) > 1:
            self.server.asked.append(asked[1])
        self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n"
                         b"Connection: close\r\n\r\n")


class Proxy(socketserver.ThreadingTCPServer):
    """Refuses everything; ``asked`` lists it. Browsers do not ask a proxy for loopback."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Refuse)
        self.asked: list[str] = []
        self.flag = f"--proxy-server=http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator:
    """A server, served by a thread as long as it is needed."""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
