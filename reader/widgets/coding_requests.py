"""What the browser asks of an annotator: each request checked, done, and said in a sentence.

A request is whatever a browser may send, so nothing in it is believed: what can't be raises
`ReaderError`, and the rows stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reader import annotations
from reader.annotations import NONE
from reader.coding_rows import known_word
from reader.errors import ReaderError
from reader.lazy import lazy
from reader.widgets.coded import full_name, shown_words

pd = lazy("pandas")

if TYPE_CHECKING:
    from reader.widgets.annotator import Annotator


def work(desk: Annotator, message: dict) -> tuple[str, int | None] | None:
    """Do what a message asks.

    Returns
    -------
    tuple of str and int, or None
        What to tell the learner and the number of the row to go to (0: none, None: stay);
        None where the message asks for nothing known.
    """
    do = message.get("do")
    if not isinstance(do, str) or do not in _WORK:
        return None
    try:
        return _WORK[do](desk, message)
    except ReaderError as error:
        return str(error), None


def _entry(desk: Annotator, message: dict) -> dict:
    for entry in desk.entries:
        if type(message.get("id")) is int and entry["id"] == message["id"]:
            return entry
    raise ReaderError("No row is chosen: choose one in the list of rows.")


def _add(desk: Annotator, message: dict) -> tuple[str, int]:
    row = {name: message.get(name) for name in ("locator", "start", "end", "code")}
    if not all(isinstance(row[name], str) for name in ("locator", "code")) or \
            not all(type(row[name]) is int for name in ("start", "end")):
        raise ReaderError("A row needs a locator, two positions and a code.")
    entry = desk.as_entries(pd.DataFrame([{**row, "voice": "author"}]))[0]
    here = [e for e in desk.entries if e["locator"] == entry["locator"]
            and e["coder"] == desk.coder]
    for other in here:
        if all(other[name] == entry[name] for name in ("start", "end", "code")):
            return f"{_said(desk, other)} is there already.", other["id"]
    gone = [e["id"] for e in here if e["code"] == NONE]
    if entry["code"] == NONE and here:
        raise ReaderError(f"{entry['locator']} has codes: remove them before you say that "
                          f"no code applies.")
    desk.keep([e for e in desk.entries if e["id"] not in gone] + [entry])
    return f"Added: {_said(desk, entry)}.", entry["id"]


def _remove(desk: Annotator, message: dict) -> tuple[str, int]:
    entry = _entry(desk, message)
    desk.keep([e for e in desk.entries if e is not entry])
    return f"Removed: {_said(desk, entry)}. Undo brings it back.", 0


def _change(desk: Annotator, message: dict) -> tuple[str, int]:
    """Change the voice (the next one if none is named) or the note of a row."""
    entry, names = _entry(desk, message), list(annotations.VOICES)
    if "note" in message:
        if not isinstance(message["note"], str):
            raise ReaderError("A note is text.")
        note = known_word(message["note"], "A note")
        if len(note) > annotations.LONGEST_NOTE:
            raise ReaderError(f"A note has at most {annotations.LONGEST_NOTE} characters.")
        changed = {"note": note}
        told = "Note kept." if changed["note"] else "No note."
    else:
        if entry["code"] == NONE:
            raise ReaderError("Where no code applies there is no voice to name.")
        voice = message.get("voice", names[(names.index(entry["voice"]) + 1) % len(names)])
        if voice not in names:
            raise ReaderError(f"voice is one of {', '.join(names)}.")
        changed = {"voice": voice}
        told = f"Voice: {voice}, for {_said(desk, {**entry, **changed})}."
    if all(entry[name] == value for name, value in changed.items()):
        return told, entry["id"]
    desk.keep([{**e, **changed} if e is entry else e for e in desk.entries])
    return told, entry["id"]


def _step(desk: Annotator, message: dict) -> tuple[str, int]:
    back = message["do"] == "undo"
    (desk.undo if back else desk.redo)()
    return f"{'Undone' if back else 'Done again'}. Rows: {len(desk.entries)}.", 0


def _said(desk: Annotator, entry: dict) -> str:
    """Return a row in words, for who listens: may quote the text, so it is only sent."""
    if entry["code"] == NONE:
        return f"no code applies to {entry['locator']}"
    where = shown_words(entry, live=True)
    name = full_name(entry["code"], desk.offered[entry["code"]])
    return f"{name} on {where} ({entry['voice']})"


_WORK = {"add": _add, "remove": _remove, "voice": _change, "note": _change, "undo": _step,
         "redo": _step}
