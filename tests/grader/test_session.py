"""What a session does that no comparison with a kernel shows: interrupts, limits, a clean start."""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest
from session_kit import Sessions, without_home

from grader.canonical import MIME
from grader.execution.protocol import MIB

PATIENCE_SECONDS = 120
SHEET = json.dumps({"format": 2, "record": True, "questions": {
    "01.1": {"id": "01.1"},
    "01.2": {"id": "01.2", "kind": "function",
             "calls": [{"args": ["hidden"], "kwargs": {}}]}}})
CUT = "[Output over 4 MB was left out.]"


@pytest.fixture(scope="module")
def sessions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    with Sessions({**without_home(), "NBGRADER_EXECUTION": "autograde",
                   "READING_IDLIB_TEXTS": str(folder),
                   "READING_IDLIB_LOG": os.devnull}) as sessions:
        yield sessions


@pytest.fixture
def run(sessions, tmp_path):
    """Run sources in a session of their own, in the folder of the test."""
    def in_folder(*sources: str, **options):
        return sessions.run(list(sources), tmp_path, **options)

    return in_folder


# --- a clean start ----------------------------------------------------------------------------

def test_one_thread_and_no_more_runs_in_the_parent(sessions):
    assert sessions.threads == 1


def test_nothing_of_the_rehearsal_can_be_seen(run):
    found = run(
        "sorted(name for name in globals() if not name.startswith('_'))",
        "len(In), len(Out), _ii, _iii",
        "import sys\nhasattr(sys, 'last_value'), [name for name in vars(sys) if 'hidden' in name]",
        "len(list(get_ipython().history_manager.get_tail(9)))",
        "import matplotlib.pyplot as plt\nplt.get_fignums(), plt.figure(figsize=(1, 1)).number",
        "import ipywidgets\n(len(ipywidgets.widgets.widget._instances), "
        "len(get_ipython().kernel.comm_manager.comms))",
        "import os\n_dh == [os.getcwd()], __import__('__main__').__dict__ is globals()")
    texts = [found.text(i) for i in range(len(found.outputs))]
    assert texts[0] == "['In', 'Out', 'exit', 'get_ipython', 'open', 'quit']"
    assert texts[1] == "(3, 1, '', '')"
    assert texts[2] == "(False, [])"
    assert texts[3] == "3"
    assert texts[4].startswith("([], 1)")
    assert texts[5] == "(0, 0)"
    assert texts[6] == "(True, True)"


def test_each_session_has_random_numbers_of_its_own(run):
    source = "import random, uuid, numpy as np\nrandom.random(), np.random.rand(), uuid.uuid4()"
    assert len({run(source).text(0) for _ in range(3)}) == 3


# --- interrupts -------------------------------------------------------------------------------

def when_started(folder: Path):
    """Interrupt the child as soon as the file ``started`` is there."""
    def interrupt(pid: int) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (folder / "started").exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.kill(pid, signal.SIGINT)

    return interrupt


@pytest.mark.parametrize("source", [
    "open('started', 'w').close()\nimport time\ntime.sleep(600)",
    "open('started', 'w').close()\nwhile True: pass",
    "import asyncio\nopen('started', 'w').close()\nawait asyncio.sleep(600)",
    "!touch started; sleep 600\n1 / 0",
    "import subprocess\nsubprocess.run('touch started; sleep 600', shell=True)"])
def test_an_interrupt_ends_the_cell_and_not_the_notebook(run, tmp_path, source):
    found = run(f"print('before')\n{source}\nprint('after')", "6 * 7",
                meanwhile=when_started(tmp_path))
    assert found.text(0).startswith("before\n")
    assert "after" not in found.text(0)
    assert found.outputs[0][-1]["output_type"] == "error"
    assert found.text(1) == "42"
    assert found.code == 0


def test_interrupts_at_any_moment_cost_no_cell(run, tmp_path):
    def keep_interrupting(pid: int) -> None:
        when_started(tmp_path)(pid)
        with suppress(ProcessLookupError):
            for _ in range(400):
                os.kill(pid, signal.SIGINT)
                time.sleep(0.002)

    found = run("open('started', 'w').close()", *["print(1)"] * 100, meanwhile=keep_interrupting)
    assert found.code == 0
    assert [event["cell"] for event in found.events] == list(range(101))


# --- the end of a cell that is not the end of a notebook ------------------------------------------

@pytest.mark.parametrize("source", [
    "exit()", "quit", "import sys; sys.exit(3)",
    "import asyncio, sys\nasyncio.get_event_loop().call_soon(sys.exit)",
    "async def leave(): raise SystemExit\nimport asyncio\ntask = asyncio.create_task(leave())",
    "import asyncio; asyncio.get_event_loop().stop()",
    "import asyncio\nasyncio.get_event_loop().call_later(0.01, asyncio.get_event_loop().stop)\n"
    "await asyncio.sleep(0.1)",
    "import sys; sys.stdout.close()", "import os; os.close(1); os.close(2)",
    "import threading; threading.Thread(target=exit).start()",
    "get_ipython().kernel.do_shutdown(False)", "import gc; gc.collect(); gc.unfreeze()",
    "import builtins; del builtins.print"])
def test_the_cells_after_it_still_run(run, source):
    found = run(source, "import time; time.sleep(0.2)", "6 * 7")
    assert found.text(2) == "42"


def test_a_fork_that_goes_on_says_nothing(run):
    found = run("import os\npid = os.fork()", "print('here')", "os.waitpid(pid, 0)[1]")
    assert [event["cell"] for event in found.events] == [0, 1, 2]
    assert found.text(1) == "here\n"


def test_streams_that_are_gone_cost_no_cell(run):
    found = run("import sys\nsys.stdout = sys.stderr = None", "print('unseen')", "x = 1",
                "sys.stdout = object()", "x = 2", "sys.stdout = sys.__stdout__\n6 * 7")
    assert len(found.events) == 6
    assert found.code == 0


# --- limits ---------------------------------------------------------------------------------------

FLOODS = {
    "print": "for _ in range(10_000): print('x' * 99_999)",
    "short prints": "for _ in range(600_000): print(12345678)",
    "flushed": "for _ in range(100_000): print(1, flush=True)",
    "stderr": "import sys\nfor _ in range(10_000): print('x' * 99_999, file=sys.stderr)",
    "os.write": "import os\nfor _ in range(10_000): os.write(1, b'x' * 100_000)",
    "a program": "import subprocess\nsubprocess.run('yes | head -c 1000000000', shell=True)",
    "display": "for _ in range(1_000): display({'text/html': 'x' * 1_000_000}, raw=True)",
    "small displays": "for i in range(50_000): display({'text/plain': ''}, raw=True)",
    "one line": "print('x' * 100_000_000)",
    "one display": "display({'text/plain': 'x' * 100_000_000}, raw=True)",
    "threads": "import threading\ndef flood():\n    for _ in range(2_500): print('x' * 99_999)\n"
               "threads = [threading.Thread(target=flood) for _ in range(4)]\n"
               "for t in threads: t.start()\nfor t in threads: t.join()",
    "a fork": "import os\nif not os.fork():\n    for _ in range(1_000): print('x' * 999_999)\n"
              "    os._exit(0)\nos.wait()",
    "an Output widget": "import ipywidgets\nout = ipywidgets.Output()\nwith out:\n"
                        "    for _ in range(10_000): print('x' * 99_999)",
    "updates": "from IPython.display import update_display\nh = display('', display_id=True)\n"
               "for i in range(300): display('', display_id=f'd{i}')\n"
               "for i in range(300): update_display('x' * 1_000_000, display_id=f'd{i}')",
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_a_flood_is_cut_while_the_code_goes_on(run, flood):
    found = run(f"{flood}\nlast = 'done'", "last")
    assert found.text(0).endswith(CUT)
    assert len(json.dumps(found.outputs[0])) < 4.2 * MIB
    assert found.text(1) == "'done'"
    assert found.peak_kib < 600 * 1024


def test_much_output_is_whole_while_there_is_room(run):
    found = run("print('x' * 4_000_000)")
    assert found.text(0) == "x" * 4_000_000 + "\n"


def test_what_is_cleared_needs_no_room(run):
    found = run("from IPython.display import clear_output\n"
                "for i in range(20):\n    clear_output(wait=True)\n    print(i, 'x' * 1_000_000)",
                "for i in range(20):\n    clear_output()\n    print(i, 'x' * 1_000_000)")
    for cell in (0, 1):
        assert found.text(cell) == "19 " + "x" * 1_000_000 + "\n"


def test_a_display_that_changes_needs_room_for_its_last_state(run):
    found = run("h = display('', display_id=True)\n"
                "for i in range(20): h.update('x' * 1_000_000 + str(i))")
    assert found.text(0) == "'" + "x" * 1_000_000 + "19'"


def test_a_notebook_has_a_limit_too(run):
    found = run(*["print('x' * 1_000_000)"] * 3, notebook_output_bytes=2 * MIB)
    assert CUT not in found.text(1)
    assert found.text(2).endswith("[Output over 2 MB in one notebook was left out.]")
    assert sum(len(found.text(i)) for i in range(3)) < 2.1 * MIB


def test_an_error_is_shown_however_much_was_printed(run):
    found = run("print('x' * 9_000_000)\nraise ValueError('y' * 9_000_000)")
    errors = [output for output in found.outputs[0] if output["output_type"] == "error"]
    assert [error["ename"] for error in errors] == ["ValueError"]
    assert len(json.dumps(errors)) < 2_000


# --- answers --------------------------------------------------------------------------------------

def records(outputs: list[dict]) -> list[dict]:
    return [output["data"][MIME] for output in outputs if MIME in output.get("data", {})]


def test_no_flood_costs_the_record_of_an_answer(run):
    found = run("print('x' * 9_000_000)", "from grader.check import check",
                "print('x' * 9_000_000)\ncheck('01.1', 5)\nprint('x' * 9_000_000)",
                sheet=SHEET, notebook_output_bytes=5 * MIB)
    assert records(found.outputs[2]) == [{"question": "01.1", "answer": ["num", 5]}]


@pytest.mark.parametrize("flood", [
    f"for i in range(900): display({{{MIME!r}: 'x' * 9_999}}, raw=True)",
    f"for i in range(900): display({{{MIME!r}: 1}}, raw=True, display_id='d')\n"
    f"display({{{MIME!r}: 'x' * 99_999}}, raw=True, display_id='d')"])
def test_records_have_a_limit_as_well(run, flood):
    found = run(flood)
    assert len(json.dumps(found.outputs[0])) < 2 * 4.2 * MIB
    assert found.text(0).endswith(CUT)


def test_hidden_arguments_of_a_graded_function_leave_no_trace(run):
    found = run("""
import os, sys, warnings
def answer(x):
    print(x)
    print(x, file=sys.stderr)
    display(x)
    os.system(f"echo {x}")
    os.write(2, x.encode())
    warnings.warn(x)
    return x + "!"
""", "from grader.check import check\ncheck('01.2', answer)", "import time; time.sleep(0.3)",
                sheet=SHEET)
    (record,) = records(found.outputs[1])
    assert record["answer"] == ["calls", [["text", "hidden!"]]]
    del found.outputs[1][0]["data"][MIME]
    assert "hidden" not in json.dumps(found.outputs)


def test_errors_that_resist_being_shown_show_nothing_of_ours_and_cost_nothing(run):
    """Their own code fails or never ends, or what it stands on has been replaced."""
    hostile = [f"class E(NameError):\n    def __str__(self):\n        raise {other}\n"
               f"raise E(name='q')" for other in ("ValueError", "SystemExit", "KeyboardInterrupt")]
    hostile += ["class E(NameError):\n    @property\n    def name(self):\n        while True:\n"
                "            pass\nraise E('x')",
                "class E(NameError):\n    def __init__(self, *, of):\n"
                "        super().__init__(of, name='q')\nraise E(of='x')",
                "raise NameError('\\ud800', name=7)", "globals()[5] = 1\nIn = 5\nnope"]
    found = run(*hostile, "from grader.check import check\ncheck('01.1', 7)", sheet=SHEET)
    for outputs in found.outputs[:-1]:
        told = json.dumps(outputs)
        assert '"error"' in told and "explain" not in told and "Custom TB" not in told, told
    assert "The name `nope` does not exist (yet)" in json.dumps(found.outputs[-2])
    assert records(found.outputs[-1])[0]["answer"] == ["num", 7]


def test_an_earlier_cell_is_told_again_when_it_has_changed(run):
    found = run("h = display('first', display_id=True)", "x = 1", "h.update('second')")
    assert [event["cell"] for event in found.events] == [0, 1, 2, 0]
    assert found.text(0) == "'second'"
    assert found.counts == [1, 2, 3]


def test_empty_cells_are_not_run(run):
    found = run("", "  \n", "1")
    assert found.outputs[:2] == [[], []]
    assert found.counts == [None, None, 1]
