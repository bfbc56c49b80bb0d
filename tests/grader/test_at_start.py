"""A kernel that starts beside sealed checks helps who forgot the first cell; others notice nothing.

(`test_attempts.py` restarts a kernel of an exercise; `test_fidelity.py` compares what nbgrader
records; `tests/course/test_bundle_alone.py` finds the file in the wheel.)
"""

from __future__ import annotations

import ast
import json
import os
import runpy
import sys
from types import SimpleNamespace

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from kernel_start import STARTUP, as_installed
from places import ROOT

from grader import at_start, explain, seal

NOTEBOOKS = sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("exercises/*/*.ipynb")])
SHEET = json.dumps(seal.seal([]))


def imports(source: str) -> set[tuple[str, str]]:
    """Each name that a source imports, with a statement that imports it alone."""
    def alone(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
        return ast.unparse(type(node)(**{**vars(node), "names": [alias]}))

    return {(alias.asname or alias.name, alone(node, alias))
            for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names}


def of_python(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:  # a lesson shows one
        return False
    return True


def test_the_list_is_what_the_notebooks_import_beside_check():
    """`check` stands for all of them: no other cell of the course imports anything."""
    assert len(NOTEBOOKS) == 17
    asked = set()
    for path in NOTEBOOKS:
        cells = [cell.source for cell in nbformat.read(path, as_version=4).cells
                 if cell.cell_type == "code" and of_python(cell.source) and imports(cell.source)]
        assert len(cells) == 1 and "check" in dict(imports(cells[0])), path.name
        asked |= imports(cells[0])
    assert imports(at_start.IMPORTS) == asked
    assert len(dict(asked)) == len(asked), "one name, two things: the sentence would lie of one"


@pytest.mark.parametrize(("name", "known", "said"), [
    ("pd", {}, "`import pandas as pd`"), ("check", {"x": 1}, "`from grader.check import check`"),
    ("share", {}, "`from reader.figures import share`"),
    ("pd", {"check": 1}, ""), ("answer", {}, ""), ("", {}, "")])
def test_only_names_of_the_first_cell_and_only_before_it_has_run(name, known, said):
    told = at_start.forgotten(name, known)
    assert said in told and bool(told) == bool(said)
    assert not told or f"The name `{name}` does not exist yet" in told and "Run All Above" in told


# --- the file that IPython runs --------------------------------------------------------------

@pytest.fixture
def started(tmp_path, monkeypatch):
    """Run the file in a folder with this content of checks.json; what it set in the shell."""
    def start(sheet: str | None, **shell) -> list:
        monkeypatch.chdir(tmp_path)
        if sheet is not None:
            (tmp_path / seal.FILE_NAME).write_text(sheet, encoding="utf-8")
        found = []
        shell = {"kernel": object(), "custom_exceptions": (), **shell}
        left = runpy.run_path(str(STARTUP), {"get_ipython": lambda: SimpleNamespace(
            set_custom_exc=lambda *what: found.append(what), **shell)})
        assert not [name for name in left if "idlib" in name]  # nothing of it among the names
        return found

    return start


def test_in_the_course_errors_will_be_explained(started):
    [(errors, handler)] = started(SHEET)
    assert errors == explain.ERRORS and callable(handler)


@pytest.mark.parametrize(("sheet", "shell"), [
    (None, {}), ('{"checks": ["somebody else\'s"]}', {}), ("", {}), (SHEET, {"kernel": None}),
    (SHEET, {"custom_exceptions": (ZeroDivisionError,)})],
    ids=["no checks.json", "another one", "an empty one", "a terminal", "a handler of others"])
def test_elsewhere_nothing_happens(started, sheet, shell):
    assert started(sheet, **shell) == []


def test_outside_the_course_nothing_of_it_is_imported(started, monkeypatch):
    """Somebody's own `grader.py` must not run because a kernel starts beside it."""
    monkeypatch.delitem(sys.modules, "grader.at_start")
    started(None)
    assert "grader.at_start" not in sys.modules


def test_a_course_that_is_gone_or_damaged_makes_no_noise(started, monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "grader.at_start", None)
    assert started(SHEET) == []
    assert capfd.readouterr() == ("", "")


# --- a real kernel -----------------------------------------------------------------------------

def test_a_kernel_that_was_just_started(tmp_path):
    """One box with one live region, beside Python's own error; then with the course damaged."""
    (tmp_path / seal.FILE_NAME).write_text(SHEET, encoding="utf-8")
    manager, client = start_new_kernel(
        kernel_name="python3", startup_timeout=300, cwd=str(tmp_path), env={
            **os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": str(as_installed(tmp_path))})

    def run(source: str) -> list[tuple[str, dict]]:
        found = []
        reply = client.execute_interactive(source, timeout=300, allow_stdin=False, output_hook=(
            lambda message: found.append((message["msg_type"], message["content"]))))
        return [(kind, content) for kind, content in found if kind in (
            "display_data", "error", "stream", "execute_result")] + [("reply", reply["content"])]

    try:
        [(_, loaded), _] = run("import sys; sorted(m for m in sys.modules if m.startswith("
                               "('grader', 'reader', 'seeds', 'numpy', 'pandas')))")
        assert loaded["data"]["text/plain"] == "['grader', 'grader.at_start']"
        (box, shown), (error, python), (_, reply) = run("corpus.passage('000 P1')")
        assert (box, error) == ("display_data", "error")
        assert reply["status"] == "error" and reply["ename"] == python["ename"] == "NameError"
        for form in ("text/plain", "text/html"):
            assert shown["data"][form].count("Choose Run → Run All Above Selected Cell") == 1
        html = shown["data"]["text/html"]
        assert html.count("role=") == html.count('role="status"') == html.count("aria-live") == 1
        assert "<code>from reader import corpus</code>" in html
        told = "\n".join(python["traceback"])
        assert "name 'corpus' is not defined" in told and "Run All" not in told
        (_, shown), *_ = run("curd")
        assert 'text, put it in quotation marks: "curd"' in shown["data"]["text/plain"]
        run("sys.modules['grader.explain'] = None")
        for _ in range(2):
            (_, shown), (_, python), _ = run("corpus")
            assert shown["data"]["text/html"].count("Choose Run → Run All Above") == 1
            assert python["evalue"] == "name 'corpus' is not defined"
        for source in ("curd", "x = 003"):
            [(kind, _), _] = run(source)
            assert kind == "error"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
