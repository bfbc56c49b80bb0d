"""How much output is kept: of a cell, of a notebook, and of the records of answers.

Output over a limit is left out while the code that makes it goes on, so that honest code ends as
it would have ended, and the memory of a flood stays bounded.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..canonical import MIME
from .protocol import MIB, Limits

if TYPE_CHECKING:
    from .channel import Recorder

# What the frame of an output costs besides its content; keeps a million empty ones away.
FRAME = 128


class Room:
    """Bytes of output, as JSON in UTF-8, that a notebook may still fill.

    Records of answers have a room of their own of the same size: a flood in a cell never costs
    the answer that is checked after it.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._before = self._records_before = 0
        self._used = self._records = 0
        self._displays: dict[str, int] = {}
        #: Whether output of this cell was left out.
        self.is_cut = False

    def next_cell(self) -> None:
        """What comes now belongs to another cell."""
        self._before += self._used
        self._records_before += self._records
        self._used = self._records = 0
        self.is_cut = False

    def left(self) -> int:
        """Bytes that this cell may still fill; 0 when there are none."""
        return max(0, self._limit() - self._used)

    def _limit(self) -> int:
        return min(self.limits.cell_output_bytes,
                   self.limits.notebook_output_bytes - self._before)

    def cut(self) -> None:
        """Note that output of this cell was left out."""
        self.is_cut = True

    def cleared(self) -> None:
        """Nothing that the cell has shown is left."""
        self._used = 0

    def sentence(self) -> str:
        """What stands at the end of a cell whose output was cut."""
        one, whole = self.limits.cell_output_bytes, self.limits.notebook_output_bytes
        if self._before + one <= whole:
            return f"[Output over {one / MIB:g} MB was left out.]"
        return f"[Output over {whole / MIB:g} MB in one notebook was left out.]"

    def is_hopeless(self, content: dict[str, Any]) -> bool:
        """Whether text alone is over the limit: seen before it is copied several times."""
        data = content.get("data")
        values = [*(data.values() if isinstance(data, dict) else ()), content.get("evalue")]
        return sum(len(value) for value in values if isinstance(value, (str, bytes))) > \
            self.limits.cell_output_bytes

    def take(self, msg: dict[str, Any], size: int, recorder: Recorder) -> bool:
        """Count an output with so many bytes of content; False when it must be left out."""
        content = msg["content"]
        size += FRAME
        cost, display_id = size, (content.get("transient") or {}).get("display_id")
        if MIME in content.get("data", ()) and display_id is None and self._takes_record(size):
            return True
        if isinstance(display_id, str):
            # Each place where the display stands gets the new data instead of the old.
            cost = max(0, size - self._displays.get(display_id, 0)) * recorder.shown(display_id)
            cost += size if msg["msg_type"] != "update_display_data" else 0
        if recorder.replaces(msg):
            self.cleared()
        if cost > self.left():
            self.cut()
            if msg["msg_type"] != "stream":
                return False
            cost, content["text"] = self.left(), beginning(content["text"], self.left() - FRAME)
            if not content["text"]:
                return False
        self._used += cost
        if isinstance(display_id, str):
            self._displays[display_id] = size
        return True

    def _takes_record(self, size: int) -> bool:
        room = min(self.limits.cell_output_bytes,
                   self.limits.notebook_output_bytes - self._records_before)
        if self._records + size > room:
            return False
        self._records += size
        return True

    def spend(self, size: int) -> None:
        """Count an output that goes to another process, which counts it as well."""
        self._used += size + FRAME

    def fitting(self, outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The outputs that still fit into a cell, after display updates have changed some."""
        kept, left = [], dict.fromkeys((False, True), self.limits.cell_output_bytes)
        for output in outputs:
            is_record, size = MIME in output.get("data", ()), size_of(output)
            if size <= left[is_record]:
                left[is_record] -= size
                kept.append(output)
        return kept


def beginning(text: str, size: int) -> str:
    """As much of a text as has at most ``size`` bytes in JSON."""
    text = text[:max(0, size)]
    while text and (packed := len(json.dumps(text, ensure_ascii=False).encode())) > size:
        text = text[:len(text) * size // packed - 1 if size > 0 else 0]
    return text


def size_of(output: dict[str, Any]) -> int:
    """Bytes of an output."""
    return len(json.dumps(output, ensure_ascii=False).encode("utf-8", "replace")) + FRAME
