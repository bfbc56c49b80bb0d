"""JupyterLab as a learner uses it: open, run, find a cell, type, look."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from selenium.common.exceptions import (
    JavascriptException,
    StaleElementReferenceException,
    TimeoutException,
    WebDriverException,
)
from selenium.webdriver import ActionChains, Keys

# The first code cell whose source contains a text, brought into view. Cells beyond the screen
# may be drawn late, so a cell is looked up anew for every use.
FIND_CELL = """
const cell = [...document.querySelectorAll(
    '.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell')].find(
  (c) => c.querySelector('.jp-InputArea').textContent.includes(arguments[0]));
if (cell && arguments[1]) cell.scrollIntoView({block: 'start'});
return cell ?? null;
"""
PROMPTS = """
return [...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell')]
  .map((c) => c.querySelector('.jp-InputPrompt')?.textContent ?? '?');
"""


# Seconds until something that should happen counts as missing: long, for busy machines.
PATIENCE = 90


class Page:
    """The browser window with JupyterLab in it."""

    def __init__(self, driver: Any, lab: Any) -> None:
        self.driver, self.lab = driver, lab
        driver.get_log("browser")  # what an earlier test left there is none of this page's

    def wait(self, what: str, condition: Callable[[], Any], seconds: float = PATIENCE) -> Any:
        """The first true value of ``condition``; elements that vanish meanwhile are tried again."""
        deadline, last = time.monotonic() + seconds, ""
        while time.monotonic() < deadline:
            try:
                if value := condition():
                    return value
            except (StaleElementReferenceException, JavascriptException, AttributeError,
                    IndexError, StopIteration) as error:
                last = type(error).__name__
            except WebDriverException as error:
                last = str(error)[:200]
            time.sleep(0.05)
        raise TimeoutException(f"not within {seconds} s: {what} {last}")

    def script(self, code: str, *arguments: Any) -> Any:
        return self.driver.execute_script(code, *arguments)

    def all(self, selector: str) -> list:
        return self.driver.find_elements("css selector", selector)

    def size(self, width: int, height: int) -> None:
        self.driver.set_window_size(width, height)

    def open(self, path: str) -> None:
        """Open a notebook, without other tabs of an earlier visit, and wait for its kernel."""
        self.driver.get(self.lab.page(f"lab/tree/{path}?reset"))
        self.wait("the notebook's cells", lambda: self.cell("import"))
        self.wait("an idle kernel", self.idle)

    def idle(self) -> bool:
        # The notebook's own indicator says idle before there is a kernel; the status bar does not.
        return bool(self.all('.jp-NotebookPanel:not(.lm-mod-hidden) '
                             '.jp-Notebook-ExecutionIndicator[data-status="idle"]')) and any(
            item.text.endswith("| Idle") for item in self.all(".jp-StatusBar-TextItem"))

    def menu(self, name: str, command: str) -> None:
        """Choose a command of the menu bar."""
        def opened():
            item = next(i for i in self.all(".lm-MenuBar-item") if i.text.strip() == name)
            if not self.all(".lm-Menu"):
                item.click()
            self.all(f'.lm-Menu-item[data-command="{command}"]')[0].click()
            return True

        self.wait(f"the menu {name}", opened)

    def sidebar(self, shown: bool) -> bool:
        """Show or hide the list of files; true when that is done."""
        def done() -> bool:
            return any(e.is_displayed() for e in self.all("#jp-left-stack")) == shown

        if not done():
            self.keys(Keys.CONTROL, "b")  # once: the same keys again would undo it
            self.wait("the list of files to follow", done)
        return True

    def run_all(self) -> None:
        with self.everything_runs():
            self.menu("Run", "runmenu:run-all")

    @contextmanager
    def everything_runs(self) -> Iterator[None]:
        """Wait until what is done here has run all cells, also those that had run before."""
        before = self.script(PROMPTS)
        yield
        self.wait("the run to begin", lambda: self.script(PROMPTS) != before)
        self.wait("all cells to have run", lambda: (
            all(p.strip("[]:").isdigit() for p in self.script(PROMPTS)) and self.idle()))

    def save(self) -> None:
        self.menu("File", "docmanager:save")
        self.wait("the notebook to be saved", lambda: not self.all(
            ".lm-DockPanel-tabBar .lm-TabBar-tab.lm-mod-current.jp-mod-dirty"))

    def cell(self, text: str, show: bool = True) -> Any:
        return self.script(FIND_CELL, text, show)

    def at_top(self, text: str) -> bool:
        """Scroll to a cell; whether it stays there (cells drawn late push others away)."""
        top = "return arguments[0].getBoundingClientRect().top"
        before = self.script(top, self.cell(text))
        time.sleep(0.1)
        return before == self.script(top, self.cell(text, show=False)) < 150

    def inside(self, text: str, selector: str) -> Any:
        """An element inside (the output of) the cell whose source contains a text, or None."""
        cell = self.cell(text)
        found = cell.find_elements("css selector", selector) if cell else []
        return found[0] if found else None

    def enter(self, text: str) -> None:
        """Click into a cell; again, if the page moved under the click."""
        def inside():
            self.inside(text, ".cm-content").click()
            return self.script("return arguments[0].contains(document.activeElement)",
                               self.cell(text, show=False))

        self.wait("the cell to take the focus", inside)

    def type_into(self, text: str, code: str) -> None:
        """Replace the source of a cell by typing, and run it with Shift + Enter."""
        self.enter(text)
        self.keys(Keys.CONTROL, "a")
        self.focused().send_keys(Keys.DELETE, code)
        self.keys(Keys.SHIFT, Keys.ENTER)

    def run(self, text: str) -> None:
        """Click into a cell and press Shift + Enter; wait until it has run."""
        before = self.prompt(text)
        self.enter(text)
        self.keys(Keys.SHIFT, Keys.ENTER)
        self.wait("the cell to run", lambda: (
            (now := self.prompt(text)) != before and now.strip("[]:").isdigit()))

    def run_until(self, text: str, printed: Callable[[str], bool]) -> None:
        """Run a cell again until what it prints is as expected.

        ipywidgets sends a change only when the one before has arrived, and a run waits for none.
        """
        def ran() -> bool:
            self.run(text)
            return printed(self.inside(text, ".jp-OutputArea-output").text)

        self.wait(f"the kernel to have what the page shows ({text})", ran)

    def prompt(self, text: str) -> str:
        return self.inside(text, ".jp-InputPrompt").text

    def keys(self, *keys: str) -> None:
        """Press keys together; all but the last are held."""
        chain = ActionChains(self.driver)
        for key in keys[:-1]:
            chain.key_down(key)
        chain.send_keys(keys[-1])
        for key in keys[:-1]:
            chain.key_up(key)
        chain.perform()

    def focused(self) -> Any:
        return self.driver.switch_to.active_element

    def tab_to(self, selector: str) -> None:
        """Press Tab until an element of this kind has the focus, and can be seen to have it."""
        for _ in range(30):
            if self.script("return document.activeElement.matches(arguments[0])", selector):
                style = "return getComputedStyle(document.activeElement).outlineStyle"
                assert self.script(style) not in ("none", ""), f"{selector}: the focus must be seen"
                return
            self.keys(Keys.TAB)
        raise AssertionError(f"Tab does not lead to {selector}")

    def theme(self, name: str) -> None:
        """Choose a theme in the menu Settings."""
        def item(text: str) -> Any:
            return next(found for found in self.all(".lm-Menu-item") if found.text.strip() == text)

        def opened() -> Any:
            bar = self.all(".lm-MenuBar-item")
            if not self.all(".lm-Menu"):
                next(found for found in bar if found.text.strip() == "Settings").click()
            item("Theme").click()
            return item(name)

        self.wait("the list of themes", opened).click()
        self.wait(f"the theme {name}", lambda: self.script(
            "return document.body.dataset.jpThemeName") == name)

    def picture(self, folder: Path, name: str, cell: str) -> None:
        """Save what stands on the screen around a cell."""
        self.wait("the page to stand still", lambda: self.at_top(cell))
        self.driver.save_screenshot(str(folder / f"{name}.png"))

    def cut_off(self, cell: str, selector: str) -> int:
        """How many pixels of our output do not fit into its cell."""
        ours = self.wait(selector, lambda: self.inside(cell, selector))
        return self.script(
            "const a = arguments[0], o = a.closest('.jp-OutputArea-output');"
            "return Math.max(a.scrollWidth - a.clientWidth, o.scrollWidth - o.clientWidth)", ours)

    @contextmanager
    def exported(self, path: str) -> Iterator[list]:
        """The static forms in a saved notebook's *Save and Export as HTML*, in a tab of its own."""
        self.save()
        window = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        try:
            self.driver.get(self.lab.page(f"nbconvert/html/{path}?download=false"))
            yield self.wait("the exported page", lambda: self.all(".idlib-static"))
        finally:
            self.driver.close()
            self.driver.switch_to.window(window)

    def faults(self) -> list[str]:
        """What the browser's console calls severe: a fault in a widget's script shows only there.

        The exported page asks the net for its mathematics; there is none, and none is needed.
        That a page which nobody has touched may not ask before it is left is no fault either.
        """
        told = [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] == "SEVERE"]
        return [message for message in told
                if "net::ERR_" not in message and "'beforeunload'" not in message]


def opened(driver: Any, lab: Any, path: str, sources: list[str]) -> Page:
    """A notebook of these code cells, made for a test, after *Run All Cells*."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in sources],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    nbformat.write(notebook, lab.course / path)
    page = Page(driver, lab)
    page.size(1400, 1000)
    page.open(path)
    page.run_all()
    return page
