"""What a learner waits for in JupyterLab: a lesson opens, its first cell runs, a widget answers."""

from __future__ import annotations

import shutil
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import nbformat
from browser.lab_page import Page
from browser.running import chromium, jupyterlab
from nbformat.v4 import new_code_cell, new_notebook

from .felt_imports import setups

EMPTY = "an empty notebook"
#: Of each widget: its lesson, a text of its cell, and the control that is used.
WIDGETS = {
    "PassageReader": ("01-sources", 'PassageReader(["000"', "select"),
    "ClueInterval": ("01-sources", "ClueInterval(text_clues", "input[type=checkbox]"),
    "PowerInterestGrid": ("03-stakeholders", "grid = PowerInterestGrid", "input[type=number]"),
    "Timeline": ("04-timeline", "line = Timeline(", "select"),
    "UnitChecker": ("05-figures", "UnitChecker(thirds", "select"),
    "Annotator": ("06-framing", "desk = Annotator(", "select"),
    "SideBySide": ("06-framing", "SideBySide([", "select"),
    "KappaParadox": ("07-agreement", "KappaParadox(preset", "input[type=number]"),
}
# Uses a control, and tells how many milliseconds later the widget changed for the last time
# before it stood still.
USE = """
const [root, selector, done] = arguments, control = root.querySelector(selector);
let last = null, quiet;
const watch = new MutationObserver(() => { last = performance.now(); wait(); });
const wait = () => { clearTimeout(quiet); quiet = setTimeout(() => {
  watch.disconnect(); done(last === null ? null : last - start); }, 400); };
watch.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
const start = performance.now();
if (control.type === "checkbox" || control.tagName === "BUTTON") control.click();
else {
  if (control.tagName === "SELECT")
    control.selectedIndex = (control.selectedIndex + 1) % control.options.length;
  else control.value = Number(control.value) === 5 ? 6 : 5;
  control.dispatchEvent(new Event("change", { bubbles: true }));
}
wait();
"""


def figures(course: Path, folder: Path, uses: int) -> dict[str, Any]:
    """Seconds until a notebook shows its cells and has a kernel (``open``), and until its first
    cell with imports has run (``first cell``); milliseconds until a widget has answered."""
    shutil.copytree(course, folder / "course")
    course = folder / "course"
    empty = new_notebook(cells=[new_code_cell("2018 + 2  # import nothing")])
    empty.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(empty, course / "notebooks" / "empty.ipynb")
    opened, answered = {}, {}
    with ExitStack() as stack:
        lab = stack.enter_context(jupyterlab(course, folder))
        page = Page(stack.enter_context(chromium(folder / "profile")), lab)
        page.open("notebooks/empty.ipynb")  # the browser has the front end at hand from now on
        for name, code in {"empty": "import nothing", **setups()}.items():
            opened[EMPTY if name == "empty" else f"lesson {name}"] = _open(page, name, code)
            for widget, (lesson, text, control) in WIDGETS.items():
                if lesson == name:
                    answered[widget] = _use(page, text, control, uses)
    return {"lessons": opened, "widgets": answered}


def _open(page: Page, name: str, code: str) -> dict[str, float]:
    start = time.perf_counter()
    page.open(f"notebooks/{name}.ipynb")
    ready = time.perf_counter()
    page.run(code.splitlines()[-1][:40])
    return {"open": ready - start, "first cell": time.perf_counter() - ready}


def _use(page: Page, text: str, control: str, uses: int) -> float:
    page.run_all()
    root = page.wait(text, lambda: page.inside(text, ".rw"))
    page.wait("its control", lambda: root.find_elements("css selector", control))
    taken = [page.driver.execute_async_script(USE, root, control) for _ in range(uses)]
    if None in taken:
        raise RuntimeError(f"{text}: the widget does not answer to {control}")
    return median(taken)
