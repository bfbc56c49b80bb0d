"""An annotator in a notebook, and what tests of it say again and again."""

from __future__ import annotations

from lab_page import Page

NOTEBOOK = "notebooks/annotator.ipynb"
DESK, SAYS, SAVE = "# the widget", "print(*desk", "desk.save"
TEXT = "The ferry left at noon, or so the harbour office says. “Nobody” saw it leave."
CELLS = [
    # An article in our own words: with a text, in every checkout.
    "import pathlib, seeds, tempfile\nfrom reader import library\n"
    "seeds.TEXTS = pathlib.Path(tempfile.mkdtemp())\n"
    'own = seeds.TEXTS / "own"\n'
    f'_ = own.write_text("""{TEXT}\n\nForty people waited on the quay.""", encoding="utf-8")\n'
    'library.add_as(own, "005", outlet="Harbour Post")\n'
    "from reader.widgets import Annotator\n"
    'desk = Annotator(["005", "000 P1"], family=["technique", "generic"])',
    "desk  # the widget",
    'print(*desk.rows[["locator", "start", "end", "code", "voice"]].values.tolist())',
    'desk.save("mine.csv"); print(pathlib.Path("mine.csv").read_text())',
]


def told(page: Page) -> str:
    return page.inside(DESK, ".rw [role=status]").text


def says(page: Page, expected: str) -> None:
    page.wait(f"the sentence {expected!r}, not {told(page)!r}", lambda: expected in told(page))


def picked(page: Page, expected: str) -> None:
    page.wait(f"{expected} to be picked", lambda: (
        expected in page.inside(DESK, ".rw-target strong").text))


def kernel_has(page: Page, *expected: str) -> None:
    """Run the cell that prints the rows; the kernel must have what the page shows."""
    page.run_until(SAYS, lambda text: text == " ".join(expected))


def empty(page: Page) -> None:
    """Begin again, at the first segment."""
    page.type_into(SAYS, 'desk.rows = desk.rows[:0]; desk.locator = "005 P2"; '
                         'desk.locator = "005 P1"; desk.family = "technique"')
    page.wait("no rows", lambda: page.inside(DESK, ".rw-rows").text.startswith("Rows: 0,"))
    page.wait("the first segment", lambda: "005 P1" in told(page))
    page.type_into("desk.rows = ", CELLS[2])


def focus_text(page: Page) -> None:
    page.script("arguments[0].focus()", page.inside(DESK, ".rw select"))
    page.tab_to(".rw-words")
