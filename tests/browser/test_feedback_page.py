"""A feedback page of nbgrader's template, made by our exporter: axe-core finds nothing serious."""

from __future__ import annotations

from pathlib import Path

import nbformat
import nbgrader
import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

import axe  # noqa: E402
from places import ROOT  # noqa: E402
from traitlets.config import Config  # noqa: E402

from grader.feedback import FeedbackExporter  # noqa: E402

# Where `nbgrader generate_feedback` has its template and styles.
FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"


def test_nothing_serious(driver, executed_lessons, tmp_path):
    """An exercise with points and comments, and the outputs of a lesson."""
    notebook = nbformat.read(ROOT / "exercises/02-actors/02-actors.ipynb", as_version=4)
    for cell in notebook.cells:
        if meta := cell.metadata.get("nbgrader"):
            meta.update(score=1.0, comment="Look at *000 P3* again.")
    lesson = executed_lessons["02-actors"].cells
    # The page of nbgrader shows a widget by the script of ipywidgets: it is not part of this.
    notebook.cells += [cell for cell in lesson if "widget-view" not in str(cell.get("outputs"))]
    exporter = FeedbackExporter(config=Config(HTMLExporter={
        "template_name": "feedback", "extra_template_basedirs": [str(FORMGRADER / "templates")],
        "extra_template_paths": [str(FORMGRADER / "static/node_modules/bootstrap/dist/css")]}))
    page, _ = exporter.from_notebook_node(notebook, {"nbgrader": {
        "notebook": "02-actors", "score": 9.0, "max_score": 29.0, "late_penalty": 0.0}})
    (tmp_path / "02-actors.html").write_text(page, encoding="utf-8")
    driver.get((tmp_path / "02-actors.html").as_uri())
    assert len(driver.find_elements("css selector", ".nbgrader_cell")) > 20
    found = axe.findings(driver)
    assert not found, "\n".join(found)
