"""The messages of a Jupyter kernel, kept in memory and made into outputs by nbclient's rules.

A kernel sends what a cell does as messages. :class:`Channel` takes the place of the sockets: it
gives each message, in the JSON form that it would have had on the way, to nbclient's own
``process_message``. So display updates, ``clear_output``, Output widgets and the messages that
are too late for their cell come out as in nbclient, with nobody waiting for anybody.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import Any

from jupyter_client.session import Session
from nbclient import NotebookClient
from nbformat import NotebookNode

from ..canonical import sound
from .protocol import Limits
from .room import Room, size_of

#: The fields of each kind of output, in nbformat's order.
FIELDS = {"stream": ("name", "text"), "display_data": ("metadata", "data"),
          "execute_result": ("metadata", "data", "execution_count"),
          "error": ("ename", "evalue", "traceback")}
OUTPUTS = {*FIELDS, "update_display_data"}
EMPTY = {"header": {}, "parent_header": {}, "metadata": {}}
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


class Recorder(NotebookClient):
    """nbclient's rules, and which cells a display update has changed."""

    def __init__(self) -> None:
        super().__init__(NotebookNode(cells=[]), log=QUIET, record_timing=False)
        self.changed: set[int] = set()

    def begin(self) -> None:
        """Begin a notebook without cells."""
        self.reset_execution_trackers()
        self.nb.cells = []
        self.changed.clear()

    def shown(self, display_id: str) -> int:
        """In how many outputs this display stands."""
        return sum(map(len, self._display_id_map.get(display_id, {}).values()))

    def replaces(self, msg: dict[str, Any]) -> bool:
        """Whether this output takes the place of all that the cell has shown."""
        return (self.clear_before_next_output and msg["msg_type"] in FIELDS
                and not self.output_hook_stack.get(msg["parent_header"]["msg_id"]))

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
        self.session, self.message_count = os.urandom(16).hex(), 0
        self.room = Room(limits)
        self.recorder.begin()
        self._lock = threading.RLock()
        #: Sends a message from a process that a cell has forked; see ``streams.Descriptors``.
        self.relay = None
        self._current: str | None = None
        self._reply: dict[str, Any] = {}

    # --- one cell at a time ---------------------------------------------------------------

    def open(self, msg_id: str, source: str) -> None:
        """Begin a cell: outputs of the request ``msg_id`` are its outputs."""
        self.recorder.nb.cells.append(NotebookNode(
            cell_type="code", source=source, metadata=NotebookNode(), outputs=[],
            execution_count=None))
        self.recorder.clear_before_next_output = False
        self.room.next_cell()
        self._current = msg_id
        self._reply = {"status": "error", "ename": "NoReply", "traceback": [], "evalue":
                       "the kernel gave no answer: the cell was interrupted at its very end, or "
                       "it has damaged the kernel"}

    def finish(self) -> None:
        """End the cell: an error of which there is no output becomes one; say what was cut."""
        self._current = None
        outputs, reply = self.recorder.nb.cells[-1].outputs, self._reply
        if reply["status"] == "error" and not any(
                output["output_type"] == "error" and output["ename"] == reply["ename"]
                for output in outputs):
            outputs.append(self._error(reply))
        if self.room.is_cut:
            outputs.append({"output_type": "stream", "name": "stdout",
                            "text": self.room.sentence()})

    def _error(self, reply: dict[str, Any]) -> dict[str, Any]:
        # The rule of nbgrader's Execute, in its words.
        error = {"output_type": "error", **{field: reply[field] for field in FIELDS["error"]}}
        error["traceback"] = error["traceback"] or [
            "ERROR: An error occurred while showtraceback was disabled"]
        if size_of(error) > self.room.left():
            error["evalue"] = error["evalue"][:200]
            error["traceback"] = [f"{error['ename'][:200]}: {error['evalue']}"]
        return error

    def outputs(self, position: int) -> list[dict[str, Any]]:
        """The outputs of a cell, counted from the first that was opened."""
        found = self.recorder.nb.cells[position].outputs
        return self.room.fitting(found) if position in self.recorder.changed else found

    # --- messages ---------------------------------------------------------------------------

    def is_current(self, header: dict[str, Any]) -> bool:
        """Whether messages with this parent belong to the cell that is running."""
        return self._current is not None and header.get("msg_id") == self._current

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
            self._reply = _plain(content)
        elif kind == "status":
            if content["execution_state"] == "idle":
                self._current = None  # nbclient's rule: what comes later comes too late
        elif kind == "execute_input":
            self.recorder.nb.cells[-1].execution_count = content["execution_count"]
        elif kind in OUTPUTS and self.room.is_hopeless(content):
            self.room.cut()
        else:
            packed = self._packed(kind, content)
            if here == self.owner:
                self.deliver(kind, msg["parent_header"], packed,
                             buffers or msg.get("buffers") or [])
            elif self.relay is not None and self.room.left():
                self.room.spend(len(packed))
                self.relay(self.pack([kind, self._current]), packed)
        return msg

    def _packed(self, kind: str, content: dict[str, Any]) -> bytes:
        """The content as JSON: what nbclient gets cannot be changed afterwards by the notebook."""
        try:
            return self.serialize({**EMPTY, "content": content})[-1]
        except UnicodeEncodeError:
            if kind != "stream":
                raise  # as an error in the cell
            return self.pack({**content, "text": sound(content["text"])})

    def deliver(self, kind: str, parent: dict[str, Any], packed: bytes, buffers: list) -> None:
        """Give a message to nbclient's rules; ``packed`` is its content as JSON."""
        with self._lock:
            if not self.is_current(parent):
                return
            msg = {"header": {"msg_type": kind}, "msg_type": kind, "parent_header": parent,
                   "content": self.unpack(packed),
                   "buffers": [memoryview(buffer) for buffer in buffers]}
            if kind in OUTPUTS and not self.room.take(msg, len(packed), self.recorder):
                return
            cells = self.recorder.nb.cells
            try:
                self.recorder.process_message(msg, cells[-1], len(cells) - 1)
            except Exception:  # nbclient would have stopped the whole notebook here
                QUIET.debug("left out: %s", kind, exc_info=True)
            if kind == "clear_output" and not cells[-1].outputs:
                self.room.cleared()

    def deliver_relayed(self, head: bytes, packed: bytes) -> None:
        """Give a message from a process that a cell has forked to nbclient's rules."""
        kind, msg_id = self.unpack(head)
        self.deliver(kind, {"msg_id": msg_id}, packed, [])

    def feed_identities(self, msg_list: Any, copy: bool = True) -> tuple[list[bytes], Any]:
        """A request is handed over as the dict that it is."""
        return [], msg_list

    def deserialize(self, msg_list: Any, content: bool = True, copy: bool = True) -> Any:
        """A request is handed over as the dict that it is."""
        return msg_list


def _plain(reply: dict[str, Any]) -> dict[str, Any]:
    """What counts of an execute_reply, as plain text; an error's own methods have made it."""
    if reply["status"] != "error":
        return {"status": reply["status"]}
    return {"status": "error", "ename": sound(str(reply["ename"])),
            "evalue": sound(str(reply["evalue"])),
            "traceback": [sound(str(line)) for line in reply["traceback"]]}
