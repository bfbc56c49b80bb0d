"""Tips open one by one, for each question, whatever becomes of the kernel; answers stay."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from grader_kit import all_questions, sealed
from jupyter_client.manager import start_new_kernel
from kernel_start import as_installed
from nbformat.v4 import new_code_cell, new_notebook, writes
from places import ROOT
from pydantic import TypeAdapter

from grader import attempts, seal
from grader.check import NotYet, begin, check
from grader.compile import compile_question
from grader.key import Question
from reader import check_log, forget

TIPS = ["The first tip.", "The second tip.", "The third tip."]
QUESTION = TypeAdapter(Question).validate_python({
    "id": "99.1", "kind": "number", "title": "t", "variable": "x", "points": 2, "level": "apply",
    "answer": 7, "hints": TIPS, "explanation": "Because seven is the number of it.",
    "misconceptions": [{"name": "five", "when": 5, "hint": "Five is what the others say."}]})


@pytest.fixture
def question(at_sheet):
    attempts.begin()
    check_log._log.clear(None)
    yield at_sheet(seal.seal([compile_question(QUESTION)]))
    check_log._log.clear(None)


def tips(answer) -> int:
    with pytest.raises(NotYet) as error:
        check("99.1", answer)
    return str(error.value).count("Tip: ")


def restart() -> None:
    """What a new kernel knows: the file, and nothing else."""
    attempts.begin()
    check_log._log.clear(None)


def test_one_more_for_each_new_answer_and_none_is_lost_by_a_restart(question):
    assert [tips(n) for n in (1, 2, 2, 1)] == [1, 2, 2, 2]
    for _ in range(3):  # Restart Kernel and Run All Cells, again and again
        restart()
        assert [tips(1), tips(1)] == [2, 2]
    assert [tips(3), tips(4), tips(3)] == [3, 3, 3]
    assert len((question / "log.jsonl").read_text().splitlines()) == 4


def test_another_outcome_after_a_restart_is_a_new_answer(question, capsys):
    assert tips(1) == 1
    restart()
    check("99.1", 7)
    assert "Right" in capsys.readouterr().out
    restart()
    assert tips(1) == 2  # the last answer was right: this one is another
    assert check_log.standings()["99.1"].attempts == 3
    assert check_log.standings()["99.1"].state == "right"


def test_an_answer_that_opens_a_hint_of_its_own_opens_no_tip_with_it(question):
    assert tips(5) == 0
    assert tips(1) == 1
    assert tips(5.0) == 1
    restart()
    assert tips(5) == 1


def test_no_answer_and_a_wrong_form_are_no_attempts(question):
    for answer in (..., None):
        assert tips(answer) == 0
    assert check_log.standings() == {}
    assert tips("seven") == 0 and tips([7]) == 0
    found = check_log.standings()["99.1"]
    assert (found.state, found.attempts) == ("shape", 0)
    assert tips(1) == 1


def test_a_log_of_an_older_version_begins_with_the_first_tip(question):
    (question / "log.jsonl").write_text(
        '{"question": "99.1", "state": "not yet", "credit": 0.0, "time": 1780000000}\n' * 3)
    assert tips(1) == 1
    assert check_log.standings()["99.1"].attempts == 4


def test_after_forgetting_tips_begin_anew(question, capsys):
    assert [tips(n) for n in (1, 2)] == [1, 2]
    forget()
    assert tips(1) == 1


def test_the_log_holds_no_answer_nor_a_trace_of_one(question):
    for answer in (1, 5, "geheim", 123456789, 7):
        with suppress(NotYet):
            check("99.1", answer)
    one = (question / "log.jsonl").read_text()
    for line in map(json.loads, one.splitlines()):
        assert set(line) == {"question", "state", "credit", "attempt", "tips", "time"}
    # Other answers of which the same came leave the same log.
    (question / "log.jsonl").unlink()
    restart()
    for answer in (2, 5, "secret", 987654321, 7.0):
        with suppress(NotYet):
            check("99.1", answer)
    two = (question / "log.jsonl").read_text()
    bare = [[{**json.loads(line), "time": 0} for line in text.splitlines()] for text in (one, two)]
    assert bare[0] == bare[1] and len(bare[0]) == 4


def test_where_work_is_graded_nothing_is_logged(question, monkeypatch, capsys):
    sheet = seal.record_sheet([compile_question(QUESTION)])
    monkeypatch.setattr("grader.check._record", sheet)
    assert check("99.1", 1) is None
    assert not (question / "log.jsonl").exists()


def test_a_folder_that_was_deleted_under_the_notebook(question, deleted_folder, monkeypatch):
    begin()
    with pytest.raises(NotYet, match="Your answers stay in the notebook"):
        check("99.1", 1)
    monkeypatch.chdir(question)
    assert tips(1) == 1


# --- real kernels -----------------------------------------------------------------------------


@contextmanager
def kernel(folder, **variables):
    manager, client = start_new_kernel(
        kernel_name="python3", startup_timeout=300, cwd=str(folder), env={
            **os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(as_installed(folder)),
            "READING_IDLIB_LOG": str(folder / "log.jsonl"), **variables})
    try:
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def shown(client, source: str) -> str:
    """Run a cell; its outputs as plain text, errors as their traceback."""
    found = []

    def take(message):
        content = message["content"]
        if message["msg_type"] in ("display_data", "execute_result"):
            found.append(content["data"]["text/plain"])
        elif message["msg_type"] == "error":
            found.append("\n".join(content["traceback"]))

    client.execute_interactive(source, timeout=300, output_hook=take, allow_stdin=False)
    return "\n".join(found)


@pytest.fixture
def exercise(question):
    """A notebook with an answer, as it lies on the disk beside its checks."""
    path = question / "mine.ipynb"
    path.write_text(writes(new_notebook(cells=[new_code_cell("from grader.check import check"),
                                               new_code_cell("x = 1"),
                                               new_code_cell('check("99.1", x)')])))
    return path


def test_two_kernels_on_one_exercise_and_a_restart_in_the_middle(exercise):
    before, setup = exercise.read_bytes(), "from grader.check import check"
    with ExitStack() as stack:
        (manager, one), (_, two) = (stack.enter_context(kernel(exercise.parent))
                                    for _ in range(2))
        for client in (one, two):
            shown(client, setup)
        assert shown(one, 'x = 1\ncheck("99.1", x)').count("Tip: ") == 1
        # The other tab runs the same notebook: that is no new answer.
        assert shown(two, 'x = 1\ncheck("99.1", x)').count("Tip: ") == 1
        assert shown(two, 'check("99.1", 2)').count("Tip: ") == 2
        assert shown(one, 'check("99.1", 3)').count("Tip: ") == 3
        one.execute("import os, time\nfor n in range(10**6):\n    check_log = None\n    "
                    "time.sleep(.01)")
        manager.restart_kernel(now=True)  # in the middle of a cell
        one.wait_for_ready(timeout=300)
        told = shown(one, 'check("99.1", x)')
        assert "name 'check' is not defined" in told
        assert told.count("Choose Run → Run All Above Selected Cell") == 1
        shown(one, setup)
        assert "The name `x` does not exist yet. Run the answer" in shown(one, 'check("99.1", x)')
        assert shown(one, 'x = 3\ncheck("99.1", x)').count("Tip: ") == 3
        assert "01 " not in shown(two, "from reader import progress\nprogress()").split("\n")[0]
        assert "99, exercise" in shown(two, "progress()")
    assert exercise.read_bytes() == before
    assert len((exercise.parent / "log.jsonl").read_text().splitlines()) == 3


def test_a_kernel_whose_log_has_no_room_says_so_once(exercise):
    if not Path("/dev/full").exists():
        pytest.skip("this machine has no /dev/full")
    with kernel(exercise.parent, READING_IDLIB_LOG="/dev/full") as (_, client):
        shown(client, "from grader.check import check")
        first, second = shown(client, 'check("99.1", 1)'), shown(client, 'check("99.1", 2)')
        assert "Your progress is not kept on this computer (No space left on device)" in first
        assert first.count("Tip: ") == 1
        assert "not kept" not in second and second.count("Tip: ") == 2
        assert "✓ 99.1 Right" in shown(client, 'check("99.1", 7)')


def test_errors_that_everybody_meets_say_what_to_do(exercise):
    with kernel(exercise.parent) as (_, client):
        shown(client, "import pandas as pd\nfrom grader.check import check\n"
                      "table = pd.DataFrame({'words': [1, 2], 'article': ['000', '001']})")
        for source, sentence, like in (
                ("table['Words'].sum()", "This table has the columns words, article.", "words"),
                ("def f():\n    return table[['articles']]\nf()", "has the columns", "article"),
                ("table.groupby('articel').size()", "has the columns words, article", "article"),
                ("table.query('wordz > 1')", "has the columns words, article", "words"),
                ("tabel", "The name `tabel` does not exist (yet).", "table")):
            text = shown(client, source)
            assert sentence in text and f"Do you mean {like}?" in text, text
            assert "site-packages" not in text and len(text.splitlines()) < 25, text
        for source, sentence in (
                ("x = {'000': editorial}", 'text, put it in quotation marks: "editorial"'),
                ("x = {'000': editorial}\ncheck('99.1', x)", "If you mean a text"),
                ("x = [000, 003]", 'put them in quotation marks, "003"'),
                ("x = {'000': 2,5}", "decimals with a point"),
                ("x = “003”", "Write straight quotation marks"),
                ("def f():\nreturn 1", "begin with four more spaces"),
                ("table['words', 'article']", "write two pairs of brackets: [[")):
            text = shown(client, source)
            assert sentence in text and "Do you mean" not in text, text
            assert "site-packages" not in text, text
        # What is no error of this kind stays as Python shows it.
        assert shown(client, "1 +").rstrip().endswith("invalid syntax")
        assert "This table" not in shown(client, "{}['x']")
        assert "This table" not in shown(client, "table.loc[7]")
        assert "does not exist" not in shown(client, "1 / 0")
        assert "✓ 99.1 Right" in shown(client, 'check("99.1", 7)')


def test_a_sheet_that_is_damaged_while_a_kernel_uses_it(question):
    topic, other = next((t, q) for t, q in all_questions() if q.id == "01.1")
    assert tips(1) == 1
    (question / "checks.json").write_text("{")
    with pytest.raises(NotYet, match="○|△ 99.1 Not checked"):
        check("99.1", 1)
    (question / "checks.json").write_text(sealed(topic, other.id))  # of another exercise
    with pytest.raises(NotYet, match="has no question 99.1; it has 01.1"):
        check("99.1", 1)
    (question / "checks.json").unlink()
    with pytest.raises(NotYet, match="Your answers stay in the notebook"):
        check("99.1", 1)
    assert check_log.standings()["99.1"].attempts == 1
