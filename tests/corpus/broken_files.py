"""Notebook files that are damaged, enormous, of another format, or no notebooks at all."""

from __future__ import annotations

import json
import zlib

from nbformat import convert, writes
from nbformat.v4 import new_markdown_cell

from .kit import PROBLEM, Corpus, Hand, answer, but, find

case = Corpus("broken files")
UNREAD = "The submitted file could not be read: "
NOT_JSON = UNREAD + "it is not a whole notebook file"
NO_CELLS = UNREAD + "it is not a notebook (it has no list of cells)"

for name, content, why in (
        ("empty file", b"", UNREAD + "it is empty"),
        ("only null bytes", bytes(4_000), UNREAD + "it is empty"),
        ("random bytes", zlib.compress(b"a notebook once"), NOT_JSON),
        ("a web page", b"<!DOCTYPE html><title>Log in</title>", NOT_JSON),
        ("a JSON list", b"[1, 2]", NO_CELLS),
        ("JSON without cells", b'{"nbformat": 4}', NO_CELLS),
        ("nested without end", b"[" * 200_000, UNREAD + "it is nested too deeply"),
        ("two million parts", b'{"cells": [' + b"[]," * 1_100_000 + b"[]]}",
         UNREAD + "it has more than 2,000,000 parts")):
    @case(name, PROBLEM, 0, why)
    def _(hand: Hand, content: bytes = content) -> None:
        hand.write(content)


@case("half a file", PROBLEM, 0, NOT_JSON)
def _(hand: Hand) -> None:
    text = writes(hand.notebook())
    hand.write(text[:len(text) // 2])


@case("null bytes at the start", PROBLEM, 0, NOT_JSON)
def _(hand: Hand) -> None:
    hand.write(bytes(512) + writes(hand.notebook()).encode()[512:])


@case("larger than any notebook", PROBLEM, 0, UNREAD + "it is larger than 20 MB")
def _(hand: Hand) -> None:
    with hand.write(hand.notebook()).open("r+b") as file:
        file.truncate(30_000_000_000)


@case("cells of every wrong form", points=0)
def _(hand: Hand) -> None:
    hand.write(json.dumps({"cells": [
        1, None, "x", {}, {"cell_type": "code"}, {"cell_type": "code", "source": 5},
        {"cell_type": ["code"], "source": ""}, {"cell_type": "poem", "source": ""},
        {"cell_type": "code", "source": "1", "metadata": {"nbgrader": "no"}, "id": 7},
        {"cell_type": "code", "source": ["a", 1], "metadata": {"nbgrader": {"grade_id": []}}},
        {"cell_type": "markdown", "source": "x", "attachments": [3]},
        {"cell_type": "code", "source": "1", "metadata": 3}], "metadata": 5}))


@case("wrong forms among right ones")
def _(hand: Hand) -> None:
    nb = json.loads(writes(hand.notebook()))
    for cell in nb["cells"]:
        cell["metadata"] = [cell["metadata"]]
        cell["outputs"] = cell["execution_count"] = {"a": "b"}
    nb["cells"][3:3] = [None, [], {"cell_type": "code", "source": {"a": 1}}]
    hand.write(json.dumps({**nb, "metadata": None}))


@case("null bytes at the end")
def _(hand: Hand) -> None:
    hand.write(writes(hand.notebook()).encode() + bytes(4_096))


@case("a null character in an answer", points=but("02.1"))
def _(hand: Hand) -> None:
    nb = hand.notebook()
    answer(nb, "02.1", "regime_counts = '\x00'")
    hand.write(nb)


@case("Latin-1", PROBLEM, says="was read as Latin-1")
def _(hand: Hand) -> None:
    nb = hand.notebook()
    answer(nb, "02.1", find(nb, "answer-02-1").source + "  # gezählt")
    hand.write(writes(nb).encode("latin-1", "replace"))


@case("UTF-16", PROBLEM, says="The file is in UTF-16, not in UTF-8")
def _(hand: Hand) -> None:
    hand.write(writes(hand.notebook()).encode("utf-16"))


@case("a byte order mark")
def _(hand: Hand) -> None:
    hand.write(writes(hand.notebook()).encode("utf-8-sig"))


@case("half characters")
def _(hand: Hand) -> None:
    nb = hand.notebook()
    answer(nb, "02.1", find(nb, "answer-02-1").source + "\nprint('\\ud83d', '\ud83d')  # \ud83d")
    find(nb, "rubric-02-1").source = "an answer \ud83d"
    hand.write(json.dumps(nb))


@case("NaN and Infinity")
def _(hand: Hand) -> None:
    nb = hand.notebook()
    nb.metadata["scores"] = [float("nan"), float("inf")]
    hand.write(json.dumps(nb))


@case("a number of a million digits")
def _(hand: Hand) -> None:
    hand.write('{"count": ' + "9" * 1_000_000 + "," + writes(hand.notebook()).lstrip()[1:])


@case("the same key twice")
def _(hand: Hand) -> None:
    hand.write('{"cells": [{"cell_type": "code", "source": "1/0"}],'
               + writes(hand.notebook()).lstrip()[1:])


@case("deep metadata")
def _(hand: Hand) -> None:
    nb, deep = json.loads(writes(hand.notebook())), {}
    for _ in range(300):
        deep = {"deeper": deep}
    nb["metadata"]["x"] = nb["cells"][4]["metadata"]["x"] = deep
    hand.write(json.dumps(nb))


@case("format 3")
def _(hand: Hand) -> None:
    hand.write(writes(convert(hand.notebook(), 3), version=3))


for name, version in (("format 5", (5, 0)), ("format 4.99", (4, 99)), ("format 4.2", (4, 2)),
                      ("a minor version in words", (4, "five"))):
    @case(name)
    def _(hand: Hand, version: tuple = version) -> None:
        nb = json.loads(writes(hand.notebook()))
        nb["nbformat"], nb["nbformat_minor"] = version
        if version == (4, 2):
            for cell in nb["cells"]:
                del cell["id"]
        hand.write(json.dumps(nb))


for name, kernel, says in (
        ("an R kernel", {"name": "ir", "language": "R", "display_name": "R"}, "written in R;"),
        ("a kernel of HTML", {"language": "<script>x</script>"}, "written in ?script?x")):
    @case(name, PROBLEM, says=says)
    def _(hand: Hand, kernel: dict = kernel) -> None:
        nb = hand.notebook()
        nb.metadata["kernelspec"] = kernel
        hand.write(json.dumps(nb))


@case("a kernel that nobody has")
def _(hand: Hand) -> None:
    nb = hand.notebook()
    nb.metadata = {"kernelspec": {"name": "conda-env-thesis-py", "language": "python"}}
    hand.write(nb)


@case("an album of pictures", PROBLEM, says="larger than 5 MB together")
def _(hand: Hand) -> None:
    nb = hand.notebook()
    cell = find(nb, "rubric-02-1")
    cell.source = "![a](attachment:a.png)"
    cell["attachments"] = {"a.png": {"image/png": "A" * 12_000_000}, "b": {"text/html": "<b>"}}
    hand.write(nb)


@case("five thousand cells", PROBLEM, says="only the first 1,000 were read")
def _(hand: Hand) -> None:
    nb = hand.notebook()
    nb.cells += [new_markdown_cell("more") for _ in range(5_000)]
    hand.write(nb)
