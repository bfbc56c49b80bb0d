"""A notebook with one of everything that the course shows: each widget, figure, table and box."""

from __future__ import annotations

NOTEBOOK = "notebooks/everything.ipynb"
#: What stands in the cell of each widget, and of no other one.
READER, CLUES, GRID, LINE, UNITS, DESK, PAIR, PARADOX = (
    f"# the {name}" for name in ("reader", "clues", "grid", "line", "units", "desk", "pair",
                                 "paradox"))
CELLS = [
    # An article in our own words: with a text, in every checkout.
    "import contextlib, pathlib, seeds, tempfile\n"
    "from reader import annotations, corpus, figures, framing, library, sources, timeline\n"
    "from reader.widgets import *\nfrom grader.check import check\n"
    "seeds.TEXTS = pathlib.Path(tempfile.mkdtemp())\n"
    'own = seeds.TEXTS / "own"\n'
    '_ = own.write_text("The ferry left at noon, they say.\\n\\nForty waited.", encoding="utf-8")\n'
    'library.add_as(own, "005", outlet="Harbour Post")',
    f'{READER}\nPassageReader(["000", "002"])',
    f'{CLUES}\nClueInterval([sources.Clue("A speech", earliest="2018-08-24", '
    'evidence="000 P2"), sources.Clue("The file", latest="2018-08-30")])',
    f"{GRID}\nPowerInterestGrid()",
    f"{LINE}\nTimeline()",
    f'{UNITS}\nUnitChecker(first="F10", second="F11", title="Displaced people and land?")',
    f'{DESK}\nAnnotator(["005", "000 P1"], family=["technique", "generic"])',
    f'{PAIR}\nSideBySide(["001 P6", "001 P8"], ["003 S18", "001 P3"], annotations.rows_of("A"))',
    f"{PARADOX}\nKappaParadox()",
    'SideBySide("005 P1", "005 P2", [dict(locator="005 P1", start=4, end=9, code="LL", '
    'voice="quoted")])',
    'figures.plot_triangulation("F09")',
    'figures.plot_series("displacement-nw-syria")',
    "timeline.plot_events(timeline.events().head(4))",
    'corpus.passage("002 P1")',
    'corpus.articles().set_index("article")',
    "corpus.segments().head()",
    'check("L00.1", 5)',
    "from reader import progress\nprogress()",
    'check("L00.2", {"T", "V"})',
    'with contextlib.suppress(Exception):\n    check("L00.1", 4)',
    'with contextlib.suppress(Exception):\n    check("L00.1", "five")',
]
