"""The trusted side of a run: clock, caps, and nothing believed that a child says."""

import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grader.canonical import MIME
from grader.execution import client
from grader.execution.outputs import Lines, event, outputs_of
from grader.execution.protocol import Limits, Request, Result

#: Whatever this machine lacks is not what is tested here.
ALL = frozenset({"all"})
# Finds the socket over which a child speaks, as learner code could.
SPEAK = """
import os, stat
def speak(text, times=1):
    for n in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(n).st_mode):
                for _ in range(times):
                    os.write(n, text)
        except OSError:
            pass
"""


def run(*sources: str, files: dict | None = None, **limits) -> Result:
    return client.run(Request(tuple(enumerate(sources)), files=files or {},
                              limits=Limits(**limits), allow_unprotected=ALL))


def result_of(result: Result, cell: int) -> str:
    """The text of a cell's last result, or the name of its error."""
    output = result.outputs[cell][-1] if result.outputs[cell] else {}
    return output.get("ename") or output.get("data", {}).get("text/plain", "")


def test_every_cell_has_its_outputs_and_count():
    found = run("x = 20", "print('a')\nx * 2 + 2", "1 / 0", "x")
    assert found.counts == {0: 1, 1: 2, 2: 3, 3: 4}
    assert [len(found.outputs[i]) for i in range(4)] == [0, 2, 1, 1]
    assert result_of(found, 1) == "42"
    assert result_of(found, 2) == "ZeroDivisionError"
    assert result_of(found, 3) == "20"
    assert not found.problem
    assert found.seconds > 0
    assert found.peak_bytes > 10_000_000


def test_the_work_folder_holds_the_files_and_nothing_else():
    found = run("import os\nsorted(os.listdir())", "open('data/a.csv').read()",
                files={"data/a.csv": b"1,2", "note.txt": b""})
    assert result_of(found, 0) == "['data', 'note.txt']"
    assert result_of(found, 1) == "'1,2'"


def test_many_threads_get_each_their_own():
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda n: run(f"n = {n}", "n"), range(12)))
    assert [result_of(one, 1) for one in found] == [str(n) for n in range(12)]


def test_a_late_cell_is_interrupted_and_the_next_one_runs():
    found = run("import time\ntime.sleep(60)", "'next'", cell_seconds=1)
    assert [o["ename"] for o in found.outputs[0]] == ["KeyboardInterrupt", "CellTimeoutError"]
    assert "more than 1 seconds" in found.outputs[0][-1]["evalue"]
    assert result_of(found, 1) == "'next'"
    assert not found.problem


@pytest.mark.parametrize(("source", "limits", "why"), [
    ("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
     {"cell_seconds": 1}, "did not stop when interrupted"),
    ("import time\ntime.sleep(60)", {"notebook_seconds": 2}, "more than 2 seconds"),
    (f"{SPEAK}\nwhile True: speak(b'{{}}\\n', 100)", {"notebook_seconds": 2}, "seconds|may hold"),
    ("import os\nos._exit(0)", {}, "ended early"),
])
def test_what_does_not_end_is_ended_with_a_reason(source, limits, why):
    found = run("'first'", source, "'after'", **limits)
    assert result_of(found, 0) == "'first'"
    assert any(word in found.problem for word in why.split("|"))
    assert [result_of(found, 1), result_of(found, 2)] == ["NotRun", "NotRun"]
    assert "a cell before it" in found.outputs[2][0]["evalue"]


@pytest.mark.parametrize("line", [
    b'{"done": true}\n', b'{"cell": 2, "outputs": "none"}\n', b'{"cell": [2]}\n', b'{"cell": {}}\n',
    b'{"cell": 77, "outputs": []}\n', b"[" * 100_000 + b"\n", b'"\\ud800"\n', b"\xff\xfe\n",
    b'{"missing": 5}\n', b'{"refused": ["x"]}\n', b"9" * 10_000 + b"\n", b'{"cell": NaN}\n',
    b'{"cell": 2, "outputs": [{"output_type": "display_data", "data": {"a": 1}}]}\n'])
def test_a_forged_line_stops_nobody_and_gives_no_invalid_output(line):
    found = run(f"{SPEAK}\nspeak({line!r})", "1 + 1", "2 + 2")
    nb = new_notebook(cells=[new_code_cell(outputs=[nbformat.from_dict(o) for o in outputs])
                             for outputs in found.outputs.values()])
    nbformat.validate(nb)
    assert set(found.outputs) == {0, 1, 2}
    if b"done" not in line:
        assert result_of(found, 1) == "2"
        assert result_of(found, 2) == "4"


def test_an_endless_line_is_cut_and_ended():
    found = run(f"{SPEAK}\nwhile True: speak(b'x' * 1_000_000)", "1",
                notebook_output_bytes=4_000_000)
    assert "more than its outputs may hold" in found.problem


@pytest.mark.parametrize("text", [
    b"\n" * 1_000_000, b'{"cell": 1, "outputs": []}\n' * 50_000, b"[]," * 1_000_000])
def test_a_flood_of_small_parts_is_ended_before_it_is_read(text):
    found = run(f"{SPEAK}\nwhile True: speak({text[:len(text) // 10]!r})", "1")
    assert "more than its outputs may hold" in found.problem


def test_lines_come_whole_however_they_are_cut():
    lines = Lines(100)
    text = b"one\ntwo\n\nthree\n"
    found = [line for i in range(len(text)) for line in lines.feed(text[i:i + 1])]
    assert found == [b"one", b"two", b"", b"three"]
    assert lines.feed(b"x" * 1000) == []
    assert lines.feed(b"y\nnext\n") == [b"cuty", b"next"]
    assert event(b"cuty") == {}


def test_only_outputs_of_nbformat_are_kept():
    good = [{"output_type": "stream", "name": "stdout", "text": "a"},
            {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["x"]},
            {"output_type": "execute_result", "data": {"text/plain": "1", "image/png": 5},
             "metadata": [], "execution_count": "3"}]
    bad = [None, 3, {"output_type": "stream", "name": "other", "text": ""},
           {"output_type": "error", "ename": "E", "evalue": "", "traceback": [3]},
           {"output_type": "display_data", "data": []}, {"output_type": ["stream"]}]
    kept = outputs_of([*bad, *good])
    assert [output["output_type"] for output in kept] == ["stream", "error", "execute_result"]
    assert kept[2]["data"] == {"text/plain": "1"}
    assert kept[2]["execution_count"] is None
    nbformat.validate(new_notebook(cells=[new_code_cell(outputs=kept)]))
    assert outputs_of({"0": good[0]}) == []


@pytest.mark.parametrize("count", [b"-5", b"1e999", b"true"])
def test_a_forged_count_leaves_the_notebook_valid(count):
    line = b'{"cell": 1, "outputs": [], "count": ' + count + b"}\n"
    found = run(f"{SPEAK}\nspeak({line!r})\nos._exit(0)", "1")
    assert 1 not in found.counts


def test_what_json_or_nbformat_does_not_have_is_left_out():
    said = event(b'{"outputs": [{"output_type": "display_data", "metadata": {}, "data": '
                 b'{"application/json": [1e999, NaN], "application/\\n+json": {"a": 1}}}]}')
    (output,) = outputs_of(said["outputs"])
    assert output.data == {"application/json": [None, None]}
    nbformat.validate(new_notebook(cells=[new_code_cell(outputs=[output])]))


def test_very_many_outputs_become_few_and_no_record_is_lost():
    piece = {"output_type": "stream", "name": "stdout", "text": "ab"}
    (joined,) = outputs_of([piece] * 5_000)
    assert joined.text == "ab" * 5_000
    streams = [piece, {**piece, "name": "stderr"}, piece]
    assert [o.name for o in outputs_of(streams)] == ["stdout", "stderr", "stdout"]
    shown = {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {}}
    record = {**shown, "data": {MIME: {"question": "01.1", "answer": ["num", 1]}}}
    kept = outputs_of([shown] * 5_000 + [record] * 5_000)
    assert len(kept) < 1_010
    assert sum(MIME in output.get("data", ()) for output in kept) == 2
    assert "the rest was left out" in kept[-1].text


@pytest.mark.parametrize("where", ["data", "metadata"])
def test_what_is_too_deep_to_be_copied_is_left_out(where):
    """nbformat works recursively, so that one output could stop the notebook after its run."""
    deep = []
    for _ in range(900):
        deep = [deep]
    raw = {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {}}
    raw[where]["application/json"] = deep
    (output,) = outputs_of([raw])
    assert "application/json" not in output[where]
    assert output.data["text/plain"] == "x"



def test_a_dead_server_costs_no_notebook():
    """Not the student's fault: what was in flight runs once more."""
    with ThreadPoolExecutor(3) as pool:
        slow = [pool.submit(run, "import time\ntime.sleep(2)", f"{n}") for n in range(3)]
        server = client.ForkServer.shared().process
        deadline = time.monotonic() + 60
        while len(psutil.Process(server.pid).children()) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        server.send_signal(signal.SIGKILL)
        assert [result_of(one.result(), 1) for one in slow] == ["0", "1", "2"]
    assert client.ForkServer.shared().process.pid != server.pid


def test_nothing_is_left_when_the_server_is_closed():
    server = client.ForkServer()
    request = Request(((0, "import subprocess\nsubprocess.Popen(['sleep', '987'])\n"
                           "import time\ntime.sleep(987)"),), allow_unprotected=ALL)
    ended = threading.Event()

    def wait_for_it() -> None:
        with pytest.raises(client.ServerEnded):
            server.run(request)
        ended.set()

    thread = threading.Thread(target=wait_for_it)
    thread.start()
    me, family = psutil.Process(server.process.pid), []
    deadline = time.monotonic() + 60
    while not any("987" in " ".join(_command(one)) for one in family):
        assert time.monotonic() < deadline
        time.sleep(0.05)
        family = me.children(recursive=True)
    server.close()
    _, alive = psutil.wait_procs(family, timeout=60)
    assert not alive
    assert ended.wait(60)
    thread.join()


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_the_server_knows_no_secret_of_its_client(monkeypatch):
    monkeypatch.setenv("A_SECRET", "token")
    server = client.ForkServer()
    try:
        server.run(Request(((0, "1"),), allow_unprotected=ALL))
        environment = psutil.Process(server.process.pid).environ()
        assert "A_SECRET" not in environment
        assert "HOME" not in environment
        assert psutil.Process(server.process.pid).num_fds() < 12
    finally:
        server.close()


def test_a_request_travels_as_bytes():
    request = Request(((3, "ü\n\ud800".encode("utf-8", "replace").decode()),), '{"a": 1}',
                      {"a/b.csv": bytes(range(256))}, Limits(cell_seconds=3), frozenset({"disk"}))
    again = Request.from_bytes(request.to_bytes())
    assert again == request
    assert again.digest() == request.digest()
    # What the outputs depend on, and nothing else.
    assert Request(request.cells, request.sheet, request.files).digest() == request.digest()
    assert Request(request.cells, request.sheet, {"a/b.csv": b""}).digest() != request.digest()
    with pytest.raises(ValueError, match="memory_bytes must be more than 0"):
        Limits(memory_bytes=0)


def test_large_packages_are_imported_once_a_notebook_may_need_them():
    server = client.ForkServer()
    ask = "import sys\n'sk' + 'learn.metrics' in sys.modules"

    def there(source: str) -> str:
        return result_of(server.run(Request(((0, source),), allow_unprotected=ALL)), 0)

    try:
        assert there(ask) == "False"
        assert there(f"from reader import agreement\n{ask}") == "True"
        assert there(ask) == "True"
    finally:
        server.close()


def test_a_server_that_still_warms_up_is_closed_at_once():
    server = client.ForkServer()
    server.close()
    assert server.process.returncode == -signal.SIGKILL
