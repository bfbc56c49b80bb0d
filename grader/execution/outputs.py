"""What a child says its cells gave, as outputs of nbformat 4. Learner code may have written it."""

from __future__ import annotations

import json
from typing import Any

from nbformat import NotebookNode, from_dict

from ..canonical import MIME, sound

# Copying, checking and writing a notebook are recursive in nbformat; a chart's description has
# about fifteen levels, an answer record twenty-five.
MAX_DEPTH = 50
# Writing a notebook takes a tenth of a millisecond for each output; a cell of a person has a few.
MAX_OUTPUTS = 1_000
# Of a check cell with several answer records none counts, so two say as much as many.
MAX_RECORDS = 2


class Lines:
    """Bytes in, whole lines out, in time linear in what comes in and bounded memory."""

    def __init__(self, longest: int) -> None:
        self.longest, self._parts, self._size = longest, [], 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take some bytes; return the lines (without their ends) that they complete."""
        *lines, rest = chunk.split(b"\n")
        if lines:
            lines[0] = b"".join([*self._parts, lines[0]])
            self._parts, self._size = [], 0
        self._size += len(rest)
        if self._size <= self.longest:
            self._parts.append(rest)
        else:
            # An endless line is cut, so that it cannot fill the memory; it is no event any more.
            self._parts = [b"cut"]
        return lines


def event(line: bytes) -> dict[str, Any]:
    """A child's line as a dict; empty when it is none."""
    try:
        # NaN is no JSON for anybody else (nor 1e999, which is read as infinity), and half a
        # surrogate pair no text.
        read = json.loads(sound(line.decode("utf-8", "replace")))
        read = json.loads(sound(json.dumps(read, ensure_ascii=False)),
                          parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def outputs_of(raw: Any) -> list[NotebookNode]:
    """The outputs among ``raw`` that nbformat 4 knows, in order; whatever else it holds is left
    out. Pieces of one stream that follow each other become one, and of very many outputs the
    first are kept, with answer records wherever they stand."""
    kept: list[dict] = []
    pieces: list[list[str]] = []  # joined at the end: adding texts up is quadratic
    cut = False
    for one in raw if isinstance(raw, list) else ():
        output = _output(one)
        if output is None:
            continue
        text = output.get("text")
        if text is not None and kept and kept[-1].get("name") == output["name"]:
            pieces[-1].append(text)
        elif len(kept) < MAX_OUTPUTS or (
                MIME in output.get("data", ()) and len(kept) < MAX_OUTPUTS + MAX_RECORDS):
            kept.append(output)
            pieces.append([text])
        else:
            cut = True
    for output, texts in zip(kept, pieces, strict=True):
        if "text" in output:
            output["text"] = "".join(texts)
    if cut:
        kept.append({"output_type": "stream", "name": "stdout",
                     "text": f"[More than {MAX_OUTPUTS} outputs: the rest was left out.]"})
    return [from_dict(one) for one in kept]


def _output(raw: Any) -> dict | None:
    if not isinstance(raw, dict):
        return None
    kind = raw.get("output_type")
    if kind == "stream":
        if raw.get("name") in ("stdout", "stderr") and isinstance(raw.get("text"), str):
            return {"output_type": kind, "name": raw["name"], "text": raw["text"]}
    elif kind == "error":
        lines = raw.get("traceback")
        if (isinstance(lines, list) and all(isinstance(line, str) for line in lines)
                and isinstance(raw.get("ename"), str) and isinstance(raw.get("evalue"), str)):
            return {"output_type": kind, "ename": raw["ename"], "evalue": raw["evalue"],
                    "traceback": lines}
    elif kind in ("display_data", "execute_result") and isinstance(raw.get("data"), dict):
        data = {name: value for name, value in raw["data"].items() if _fits(name, value)}
        metadata = raw.get("metadata")
        good = isinstance(metadata, dict) and _is_shallow(metadata)
        output = {"output_type": kind, "data": data, "metadata": metadata if good else {}}
        if kind == "execute_result":
            count = raw.get("execution_count")
            output["execution_count"] = count if type(count) is int and count >= 0 else None
        return output
    return None


def _fits(name: str, value: Any) -> bool:
    """Only JSON types may hold more than text."""
    is_json = name == "application/json" or name.startswith("application/") and (
        name.endswith("+json") and "\n" not in name)  # nbformat's pattern stops at a line end
    return is_json and _is_shallow(value) or isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(line, str) for line in value))


def _is_shallow(value: Any) -> bool:
    """Whether no part lies deeper than MAX_DEPTH; found without recursion."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for part in level if isinstance(part, (dict, list))
                 for inner in (part.values() if isinstance(part, dict) else part)]
    return not level
