"""JupyterLab for somebody who has no mouse: everything here presses keys and reads."""

from __future__ import annotations

from typing import Any

from lab_page import Page
from selenium.webdriver import Keys

PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
ACTIVE = f"{PANEL} .jp-Notebook-cell.jp-mod-active"
PLACE = f"""
const cells = [...document.querySelectorAll('{PANEL} .jp-Notebook-cell')];
return [cells.findIndex((c) => c.classList.contains('jp-mod-active')), cells.length];
"""
# What a screen reader would say of the place where the focus is.
NAME = """
const here = document.activeElement;
return (here.getAttribute('aria-label') || here.title || here.textContent || '').trim();
"""
# A pointer that does anything leaves a trace.
WATCH = """
for (const kind of ['mousedown', 'pointerdown', 'touchstart'])
  document.addEventListener(kind, () => { window.pointerUsed = true; }, true);
"""


class Keyboard(Page):
    """A page on which nothing is ever clicked."""

    def start(self, path: str) -> None:
        """Open an address of the server as the browser does, and watch that no pointer is used."""
        self.driver.get(self.lab.page(path))
        self.wait("JupyterLab", lambda: self.all("#jp-main-dock-panel"))
        self.script(WATCH)

    def pointer_used(self) -> bool:
        return bool(self.script("return window.pointerUsed"))

    def name(self) -> str:
        return self.script(NAME)

    def press_until(self, key: tuple, what: str, there: Any, most: int = 80) -> int:
        """Press a key until the focus is where it should be; how many times it took."""
        for count in range(most):
            if there():
                return count
            self.keys(*key)
        raise AssertionError(f"{most} times {key} do not lead to {what}; at {self.name()[:80]!r}")

    def tab_to_name(self, name: str) -> int:
        return self.press_until((Keys.TAB,), name, lambda: self.name() == name, 150)

    def follow(self, link: str) -> None:
        """Tab to a link that says this, and press Enter."""
        self.tab_to_name(link)
        assert self.focused().tag_name == "a"
        self.keys(Keys.ENTER)

    def notebook(self, heading: str) -> None:
        """Wait until the notebook with this title is open, has the focus and a kernel."""
        self.wait(heading, lambda: any(
            heading in title.text for title in self.all(f"{PANEL} h1")))
        self.wait("an idle kernel", self.idle)
        self.wait("the focus in the notebook", lambda: self.script(
            f"return !!document.activeElement.closest('{PANEL} .jp-Notebook')"))

    def command(self, words: str) -> None:
        """Choose a command in the list of all commands."""
        self.keys(Keys.CONTROL, Keys.SHIFT, "c")
        self.wait("the list of commands", lambda: self.script(
            "return document.activeElement.matches('.lm-CommandPalette-input')"))
        self.focused().send_keys(words)
        self.wait(words, lambda: [i.text for i in self.all(
            ".lm-CommandPalette-item.lm-mod-active")] == [words])
        self.keys(Keys.ENTER)

    def at(self) -> tuple[int, int]:
        """Number of the active cell, and how many there are by now: cells come one by one."""
        return tuple(self.script(PLACE))

    def at_the_end(self) -> bool:
        here, number = self.at()
        return here == number - 1

    def source(self) -> str:
        """What stands in the active cell: its code, or its text. Cells are drawn late."""
        return self.wait("the cell to be drawn", lambda: self.script(f"""
            const cell = document.querySelector('{ACTIVE}');
            return cell.querySelector(cell.classList.contains('jp-MarkdownCell')
              ? '.jp-MarkdownOutput' : '.cm-content')?.textContent;"""))

    def cell_with(self, text: str, key: str) -> None:
        """Go from cell to cell with an arrow key."""
        self.press_until((key,), f"the cell with {text}", lambda: text in self.source())

    def run_and_go_on(self) -> None:
        """Shift + Enter: run the cell and go to the next one."""
        here, _ = self.at()
        self.keys(Keys.SHIFT, Keys.ENTER)
        self.wait("the next cell", lambda: self.at()[0] == here + 1)

    def write(self, text: str) -> None:
        """Enter the active cell and replace what stands there."""
        self.keys(Keys.ENTER)
        self.wait("the cursor in the cell", lambda: self.script(
            f"return !!document.activeElement.closest('{ACTIVE} .cm-content')"))
        self.keys(Keys.CONTROL, "a")
        self.focused().send_keys(text)

    def toolbar(self, button: str) -> None:
        """From wherever the notebook has the focus to a button above it, and press it."""
        self.keys(Keys.ESCAPE)
        self.keys(Keys.SHIFT, Keys.HOME)  # marks the cells up to the first
        self.keys(Keys.ARROW_UP)
        self.wait("the first cell", lambda: self.at()[0] == 0)
        self.press_until((Keys.SHIFT, Keys.TAB), "the toolbar", lambda: self.script(
            f"return !!document.activeElement.closest('{PANEL} .jp-NotebookPanel-toolbar')"))
        self.press_until((Keys.ARROW_RIGHT,), button, lambda: self.name() == button, 20)
        self.keys(Keys.ENTER)

    def dialog(self) -> str:
        """The text of the box that has opened; its button has the focus."""
        text = self.wait("a box", lambda: [b.text for b in self.all(".jp-Dialog")])[0]
        self.wait("its button", lambda: self.script(
            "return document.activeElement.matches('.jp-Dialog-button')"))
        return text

    def saved(self) -> None:
        self.keys(Keys.CONTROL, "s")
        self.wait("the notebook to be saved", lambda: not self.all(
            ".lm-DockPanel-tabBar .lm-TabBar-tab.lm-mod-current.jp-mod-dirty"))
