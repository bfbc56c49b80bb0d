"""The bench of what learners wait for: it measures what is there, and fills every line."""

from __future__ import annotations

import io
import json

from bench import felt, felt_checks, felt_imports, felt_lab, measure
from places import ROOT, only_thorough
from rich.console import Console

from grader import key


@only_thorough("the other test here asks whether all is measured")
def test_figures_and_tables(released_course, tmp_path, monkeypatch):
    made = measure.run(measure.python("-m", "bench.felt_checks", str(released_course)), tmp_path)
    checks = json.loads(made.output)
    asked = {topic for topic in key.topics() if key.load(topic).questions}
    assert set(checks["first"]) == {felt_checks.LESSONS, *asked}
    assert 0 < checks["median"] <= checks["most of ten"] <= checks["slowest"][0][0]
    monkeypatch.setattr(felt_imports, "setups", lambda: {"07-agreement": "import networkx"})
    imports = felt_imports.figures(tmp_path, 1)
    assert imports[felt_imports.BASE]["cpu"] > imports["import reader"]["cpu"]
    console = Console(width=100, file=io.StringIO())
    for table in felt.tables({
            "imports": imports, "checks": checks, "widgets": {"KappaParadox": 7.0},
            "lessons": {felt_lab.EMPTY: {"open": 1.0, "first cell": 0.5}}}):
        console.print(table)
    said = console.file.getvalue()
    for line in ("import pandas", "first cell of lesson 07", "later ones, median", "KappaParadox"):
        assert line in said


def test_every_widget_is_measured_in_a_lesson_that_has_it():
    import reader.widgets

    assert set(felt_lab.WIDGETS) == set(reader.widgets.__all__)
    for widget, (lesson, text, _) in felt_lab.WIDGETS.items():
        cells = json.loads((ROOT / "notebooks" / f"{lesson}.ipynb").read_text())["cells"]
        assert any(text in "".join(cell["source"]) for cell in cells
                   if cell["cell_type"] == "code"), widget
