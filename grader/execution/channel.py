"""The messages of a Jupyter kernel, kept in memory and made into outputs by nbclient's rules.

A kernel sends what a cell does as messages. :class:`Channel` takes the place of the sockets: it
gives each message, in the JSON form that it would have had on the way, to nbclient's own
``process_message``. So display updates, ``clear_output``, Output widgets and the messages that
are too late for their cell come out as in ``nbclient``, with nobody waiting for anybody.

It also keeps outputs within their limits while the code that makes them goes on.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from typing import Any

import nbclient.client
import nbclient.output_widget
from jupyter_client.session import Session
from nbclient import NotebookClient
from nbformat import NotebookNode

from ..canonical import MIME
from .protocol import MIB, Limits

EMPTY = {"header": {}, "parent_header": {}, "metadata": {}}
FIELDS = {"stream": ("name", "text"), "display_data": ("metadata", "data"),
          "execute_result": ("metadata", "data", "execution_count"),
          "error": ("ename", "evalue", "traceback")}
OUTPUTS = {*FIELDS, "update_display_data"}
# What the frame of an output costs besides its content; keeps a million empty ones away.
FRAME = 128

#: Logs nothing: what the engine has to say must not appear among a notebook's own log lines.
QUIET = logging.Logger("grader.execution", logging.CRITICAL + 1)


def output_from_msg(msg: dict[str, Any]) -> dict[str, Any]:
    """An output as a dict, by the rule of nbformat's function of this name.

    That function validates each output against a schema, which takes longer than most cells;
    the trusted side looks at every output anyway.
    """
    kind, content = msg["header"]["msg_type"], msg["content"]
    if kind not in FIELDS:
        raise ValueError(f"{kind} is no output")
    return {"output_type": kind, **{field: content[field] for field in FIELDS[kind]}}


nbclient.client.output_from_msg = nbclient.output_widget.output_from_msg = output_from_msg


class Recorder(NotebookClient):
    """nbclient's rules, and which cells a display update has changed."""

    def __init__(self) -> None:
        super().__init__(NotebookNode(cells=[]), log=QUIET, record_timing=False)
        self.changed: set[int] = set()

    def shown(self, display_id: str | None) -> int:
        """In how many outputs this display stands."""
        return sum(map(len, self._display_id_map.get(display_id, {}).values()))

    def _update_display_id(self, display_id: str, msg: dict[str, Any]) -> None:
        self.changed.update(self._display_id_map.get(display_id, ()))
        super()._update_display_id(display_id, msg)


class Channel(Session):
    """A Jupyter session whose messages reach a :class:`Recorder` instead of a socket."""

    def __init__(self) -> None:
        super().__init__(key=b"unused")
        self.auth = None  # nothing is signed: nothing leaves the process
        self.recorder = Recorder()
        self.begin(Limits())

    def begin(self, limits: Limits) -> None:
        """Begin a notebook in this process."""
        self.owner = self.pid = os.getpid()
        self.limits = limits
        self.session, self.message_count = os.urandom(16).hex(), 0
        self.lock = threading.RLock()
        self.recorder.reset_execution_trackers()
        self.recorder.nb.cells = []
        self.recorder.changed.clear()
        #: Sends a message from a process that a cell has forked; see ``streams.Descriptors``.
        self.relay = None
        self.current: str | None = None
        self.reply: dict[str, Any] | None = None
        # Bytes of outputs kept: of this cell and of those before it; records have their own.
        self._used = self._before = self._records = self._records_before = 0
        self._cut = False

    # --- one cell at a time ---------------------------------------------------------------

    def open(self, msg_id: str, source: str) -> None:
        """Begin a cell: outputs of the request ``msg_id`` are its outputs."""
        cells = self.recorder.nb.cells
        cells.append(NotebookNode(cell_type="code", source=source, metadata=NotebookNode(),
                                  outputs=[], execution_count=None))
        self.recorder.clear_before_next_output = False
        self.current, self.reply = msg_id, None
        self._before += self._used
        self._records_before += self._records
        self._used = self._records = 0
        self._cut = False

    def finish(self) -> None:
        """End the cell: an error of which there is no output becomes one; say what was cut."""
        self.current = None
        cell = self.recorder.nb.cells[-1]
        reply = self.reply or {
            "status": "error", "ename": "KeyboardInterrupt", "evalue": "", "traceback": []}
        if reply["status"] == "error" and not any(
                output["output_type"] == "error" and output["ename"] == reply["ename"]
                for output in cell.outputs):
            cell.outputs.append(self._error(reply))
        if self._cut:
            cell.outputs.append({"output_type": "stream", "name": "stdout", "text": (
                f"[Output over {self._limit() / MIB:g} MB was left out.]")})

    def _error(self, reply: dict[str, Any]) -> dict[str, Any]:
        # The rule of nbgrader's Execute, in its words.
        error = {"output_type": "error", **reply, "traceback": reply["traceback"] or [
            "ERROR: An error occurred while showtraceback was disabled"]}
        del error["status"]
        if _size(error) > max(self.room(), 0):
            error["evalue"] = error["evalue"][:200]
            error["traceback"] = [f"{error['ename']}: {error['evalue']}"]
        return error

    def outputs(self, position: int) -> list[dict[str, Any]]:
        """The outputs of a cell, counted from the first that was opened.

        A display update may make outputs of an earlier cell larger: those that no longer fit
        are left out.
        """
        found = self.recorder.nb.cells[position].outputs
        if position not in self.recorder.changed:
            return found
        kept, left = [], self.limits.cell_output_bytes
        for output in found:
            if MIME in output.get("data", {}) or (left := left - _size(output)) >= 0:
                kept.append(output)
        return kept

    # --- limits -----------------------------------------------------------------------------

    def _limit(self) -> int:
        one, whole = self.limits.cell_output_bytes, self.limits.notebook_output_bytes
        return one if self._before + one <= whole else whole

    def room(self) -> int:
        """How many more bytes of output are kept; not more than 0 when there is no room."""
        return min(self.limits.cell_output_bytes,
                   self.limits.notebook_output_bytes - self._before) - self._used

    def cut(self) -> None:
        """Note that output was left out."""
        self._cut = True

    def _take(self, msg: dict[str, Any], size: int) -> bool:
        """Whether an output of so many bytes is kept, and if so, count it."""
        content = msg["content"]
        recorder = self.recorder
        if MIME in content.get("data", ()):
            room = min(self.limits.cell_output_bytes,
                       self.limits.notebook_output_bytes - self._records_before) - self._records
            if size <= room:
                self._records += size
                return True
        display = (content.get("transient") or {}).get("display_id")
        size *= max(recorder.shown(display) if display else 0, 1)
        if recorder.clear_before_next_output:
            self._used = 0
        if size > self.room():
            self._cut = True
            return False
        self._used += size
        return True

    # --- messages ---------------------------------------------------------------------------

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None,
             ident: Any = None, buffers: Any = None, track: bool = False, header: Any = None,
             metadata: Any = None) -> dict[str, Any]:
        """Take a message of the kernel; where it would be sent to does not matter."""
        msg = msg_or_type if isinstance(msg_or_type, dict) else self.msg(
            msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        kind, content, here = msg["msg_type"], msg["content"], os.getpid()
        if here != self.pid or not self.is_current(msg["parent_header"]):
            return msg  # ipykernel's rule: of a forked process only what it prints is sent
        if kind == "execute_reply":
            self.reply = _plain_reply(content)
        elif kind == "status":
            if content["execution_state"] == "idle":
                self.current = None  # nbclient's rule: what comes later comes too late
        elif kind == "execute_input":
            self.recorder.nb.cells[-1].execution_count = content["execution_count"]
        elif kind in OUTPUTS and self._too_large(content):
            self.cut()
        else:
            # JSON and back: what nbclient gets cannot be changed afterwards by the notebook.
            packed = self.serialize({**EMPTY, "content": content})[-1]
            if here == self.owner:
                self.deliver(msg, packed, buffers or msg.get("buffers") or [])
            elif self.relay is not None:
                self.relay(self.pack({"msg_type": kind, "msg_id": self.current}), packed)
        return msg

    def is_current(self, header: dict[str, Any]) -> bool:
        """Whether messages with this parent belong to the cell that is running."""
        return self.current is not None and header.get("msg_id") == self.current

    def deliver(self, msg: dict[str, Any], packed: bytes, buffers: list) -> None:
        """Give a message to nbclient's rules; ``packed`` is its content as JSON."""
        kind = msg["msg_type"]
        with self.lock:
            if not self.is_current(msg["parent_header"]):
                return
            msg = {**msg, "header": {"msg_type": kind}, "content": self.unpack(packed),
                   "buffers": [memoryview(buffer) for buffer in buffers]}
            if kind in OUTPUTS and not self._take(msg, len(packed) + FRAME):
                return
            cells = self.recorder.nb.cells
            try:
                self.recorder.process_message(msg, cells[-1], len(cells) - 1)
            except Exception:  # nbclient would have stopped the whole notebook here
                QUIET.debug("left out: %s", kind, exc_info=True)
            if kind == "clear_output" and not cells[-1].outputs:
                self._used = 0

    def deliver_packed(self, head: bytes, packed: bytes) -> None:
        """Give a message from a process that a cell has forked to nbclient's rules."""
        head = self.unpack(head)
        self.deliver({"msg_type": head["msg_type"], "parent_header": {"msg_id": head["msg_id"]}},
                     packed, [])

    def _too_large(self, content: dict[str, Any]) -> bool:
        """Whether text alone is over every limit: seen before it is copied several times."""
        data = content.get("data")
        values = [*(data.values() if isinstance(data, dict) else ()), content.get("evalue")]
        return sum(len(v) for v in values if isinstance(v, (str, bytes))) > \
            self.limits.cell_output_bytes

    def feed_identities(self, msg_list: Any, copy: bool = True) -> tuple[list[bytes], Any]:
        """A request is handed over as the dict that it is."""
        return [], msg_list

    def deserialize(self, msg_list: Any, content: bool = True, copy: bool = True) -> Any:
        """A request is handed over as the dict that it is."""
        return msg_list


def _size(output: dict[str, Any]) -> int:
    return len(json.dumps(output, ensure_ascii=False).encode("utf-8", "replace")) + FRAME


def _plain_reply(content: dict[str, Any]) -> dict[str, Any]:
    """What counts of an execute_reply, as plain text; an error's own methods made it."""
    if content["status"] != "error":
        return {"status": content["status"]}
    return {"status": "error", "ename": _text(content["ename"]), "evalue": _text(content["evalue"]),
            "traceback": [_text(line) for line in content["traceback"]]}


def _text(value: Any) -> str:
    return str(value).encode("utf-8", "replace").decode()
