"""A tiny course with one topic, and what an author writes into a scaffolded question of each kind.

The harbour and everything in it are invented.
"""

from __future__ import annotations

import json
from pathlib import Path

import yaml

TOPIC = "09-harbour"
#: By kind: the kind's own fields, four right answers, one that shows the misconception with its
#: field (when or has) and credit, and what the misconception looks like in the key.
FILLED = {
    "choice": ({"options": ["pier", "mole", "quay", "dock"], "answer": "mole"},
               ["'mole'", "'Mole'", "' mole '", "'mole.'"], "'pier'", {"when": "pier"}, 0),
    "number": ({"answer": 47, "tolerance": 0}, ["47", "47.0", "np.int64(47)", "40 + 7"],
               "46", {"when": 46}, 0),
    "text": ({"answer": "Wednesday", "accept": ["Wed"]},
             ["'Wednesday'", "'wednesday'", "'Wed'", "' Wednesday.'"], "'Tuesday'",
             {"when": "Tuesday"}, 0),
    "set": ({"answer": ["A3", "A7"], "neutral": []},
            ["{'A3', 'A7'}", "['A7', 'A3']", "('a3', 'a7')", "pd.Series(['A3', 'A7'])"],
            "{'A3', 'A7', 'A9'}", {"has": "A9"}, 0.5),
    "sequence": ({"answer": ["storm", "flood", "repair", "fair"], "partial": "none"},
                 ["['storm', 'flood', 'repair', 'fair']", "('storm', 'flood', 'repair', 'fair')",
                  "['Storm', 'Flood', 'Repair', 'Fair']",
                  "np.array(['storm', 'flood', 'repair', 'fair'])"],
                 "['flood', 'storm', 'repair', 'fair']",
                 {"when": ["flood", "storm", "repair", "fair"]}, 0),
    "mapping": ({"answer": {"boats": 12, "crews": 31}, "options": None, "above_chance": False},
                ["{'boats': 12, 'crews': 31}", "{'crews': 31.0, 'boats': 12.0}",
                 "dict(boats=12, crews=31)", "pd.Series({'boats': 12, 'crews': 31})"],
                "{'boats': 13, 'crews': 31}", {"has": {"boats": 13}}, 0.5),
    "table": ({"columns": ["boat", "day"], "answer": [{"boat": "Ada", "day": "2031-03-04"}]},
              ["pd.DataFrame({'boat': ['Ada'], 'day': ['2031-03-04']})",
               "[('Ada', '2031-03-04')]", "[{'boat': 'ada', 'day': '2031-03-04'}]",
               "[['Ada', '2031-03-04']]"],
              "[('Ida', '2031-03-04')]", {"has": {"boat": "Ida", "day": "2031-03-04"}}, 0),
    "interval": ({"core": "2031-03-04", "allowed": "2031-03-04/2031-03-06"},
                 ["'2031-03-04'", "'2031-03-04/2031-03-06'", "'2031-03-04/2031-03-05'",
                  "'2031-03-04/2031-03-04'"],
                 "'2032-03-04'", {"when": "2032-03-04"}, 0),
    "evidence": ({"labels": ["cause"], "need": 1, "core": [["000 P1", "cause"]],
                  "defensible": []},
                 ["[('000 P1', 'cause', 'on Friday')]", "[['000 P1', 'cause', 'on Friday']]",
                  "[('000 P1', 'Cause', 'on Friday')]", "(('000 P1', 'cause', 'on Friday'),)"],
                 "[('000 P2', 'cause', 'more than')]", {"has": ["000 P2", "cause"]}, 0),
    "function": ({"calls": [{"args": [2], "expect": 7}, {"args": [5], "expect": 13},
                            {"args": [11], "expect": 25, "hidden": True},
                            {"args": [20], "expect": 43, "hidden": True},
                            {"args": [31], "expect": 65, "hidden": True}]},
                 ["lambda x: 2 * x + 3", "lambda x: x + x + 3", "lambda n: float(2 * n + 3)",
                  "lambda x: 3 + 2 * x"], "lambda x: 2 * x", {"has": {0: 4}}, 0),
    "brief": ({"words": [3, 30], "requirements": ["length", "tags"]},
              ["'The harbour was closed on Monday. [I]'", "'It rained on the old harbour. [K]'",
               "'The ferry did not leave. [I] Nobody was on it. [I]'",
               "'A storm closed the old harbour. [I]'"],
              "'The harbour was closed. [I] The ferry stayed there.'", {"has": "tags"}, 0.5),
}


def tiny(root: Path) -> Path:
    """A course with a lesson, an exercise and a key, and no question in any of them."""
    for name, cells in (
            (f"exercises/{TOPIC}/{TOPIC}.ipynb", [
                _cell("intro", "# Exercise 09: The harbour\n\n| Points | 0 checked by machine, 0 "
                      "by your instructor |", locked=True),
                {"cell_type": "code", "execution_count": None, "id": "setup", "metadata": {},
                 "outputs": [], "source": ["from grader.check import check"]},
                _cell("closing", "## Before you hand in", locked=True)]),
            (f"notebooks/{TOPIC}.ipynb", [
                _cell("title", "# Lesson 09: The harbour"), _cell("part-2", "## 2. Boats"),
                _cell("limits", "## What can this not tell us?")])):
        path = root / name
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({
            "cells": cells, "metadata": {"kernelspec": {
                "display_name": "Python 3", "language": "python", "name": "python3"}},
            "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n", encoding="utf-8")
    keys = root / "grader" / "answer_key"
    keys.mkdir(parents=True, exist_ok=True)
    for key in keys.glob("*.yaml"):
        key.unlink()
    (keys / f"{TOPIC}.yaml").write_text(
        f"# a comment that stays\ntopic: {TOPIC}\n\nquestions: []\n\n# self-checks\n"
        "lesson_questions: []\n", encoding="utf-8")
    return root


def _cell(name: str, text: str, locked: bool = False) -> dict:
    meta = {"nbgrader": {"grade": False, "grade_id": name, "locked": True, "schema_version": 3,
                         "solution": False, "task": False}} if locked else {}
    return {"cell_type": "markdown", "id": name, "metadata": meta,
            "source": text.splitlines(keepends=True)}


def fill(root: Path) -> None:
    """Do what the marks ask an author to do, in key, exercise and lesson."""
    path = root / "grader" / "answer_key" / f"{TOPIC}.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    for q in raw["questions"] + raw["lesson_questions"]:
        own, right, wrong, shown, credit = FILLED[q["kind"]]
        q |= own
        q["title"] = f"About {q['kind']}"
        q["misconceptions"] = [{"name": "one-of-them", **shown,
                                "hint": "Look at the harbour once more."}]
        q["hints"] = ["Look at the boats. (Lesson 09, section 2.)", "Then at their crews."]
        q["explanation"] = "The harbour book says so. Read again: lesson 09, section 2."
        q["evidence"] = [{"mark": "C"}]
        kept = [entry for entry in q["bank"] if "TODO" not in json.dumps(entry)]
        q["bank"] = [*({"code": code, "credit": 1} for code in right),
                     {"code": wrong, "credit": credit, "misconception": "one-of-them"},
                     {"code": "object()", "credit": 0, "misconception": "odd"}, *kept]
    path.write_text(yaml.safe_dump(raw, sort_keys=False, allow_unicode=True), encoding="utf-8")
    kinds = {q["id"]: q for q in raw["questions"] + raw["lesson_questions"]}
    for notebook in (root / f"exercises/{TOPIC}/{TOPIC}.ipynb", root / f"notebooks/{TOPIC}.ipynb"):
        document = json.loads(notebook.read_text(encoding="utf-8"))
        for cell in document["cells"]:
            text = "".join(cell["source"])
            if cell["id"].startswith("answer-"):
                q = kinds[cell["id"].removeprefix("answer-").replace("-", ".")]
                code = FILLED[q["kind"]][1][0]
                line = (f"    return ({code})(x)" if q["kind"] == "function" else
                        f"{q['variable']} = {code}")
                text = text.replace(next(part for part in text.splitlines() if "TODO" in part),
                                    line)
            elif cell["id"].startswith("prompt-"):
                text = text.replace("TODO a title", "About " + kinds[
                    cell["id"].removeprefix("prompt-").replace("-", ".")]["kind"])
            cell["source"] = text.replace("TODO", "harbour").splitlines(keepends=True)
        notebook.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n",
                            encoding="utf-8")
