"""A learner's own check log, and what it says about progress. Nobody else reads it."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

from .engine import NOT_YET, PARTLY, RIGHT, SHAPE, Result


def _log_path() -> Path:
    """Where the learner's own check log lies; nobody else reads it."""
    home = os.environ.get("READING_IDLIB_LOG")
    return Path(home) if home else Path.home() / ".local/share/reading-idlib/checks.jsonl"


def log(result: Result) -> None:
    """Add one check to the log."""
    line = json.dumps({"question": result.question, "state": result.state,
                       "credit": result.credit, "time": int(time.time())})
    try:
        path = _log_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    except OSError:
        pass  # a read-only home must not cost anybody a check


def progress():
    """Your own progress: one row for every question that you have checked.

    Returns
    -------
    pandas.DataFrame
        Columns question, state (the best so far), checks (how often), last (date).
    """
    import pandas as pd

    columns = ["question", "state", "checks", "last"]
    try:
        lines = _log_path().read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    rows: dict[str, dict] = {}
    order = [RIGHT, PARTLY, NOT_YET, SHAPE]
    words = {SHAPE: "check the form", PARTLY: "partly right"}
    for line in lines:
        try:
            item = json.loads(line)
            row = rows.setdefault(item["question"], {"question": item["question"], "state": SHAPE,
                                                     "checks": 0, "last": ""})
            row["checks"] += 1
            row["state"] = min(row["state"], item["state"], key=order.index)
            row["last"] = time.strftime("%Y-%m-%d", time.localtime(item["time"]))
        except (ValueError, KeyError, TypeError):
            continue
    ordered = sorted(rows.values(), key=lambda row: [
        int(part) for part in re.findall(r"\d+", row["question"])])
    return pd.DataFrame([{**row, "state": words.get(row["state"], row["state"])}
                         for row in ordered], columns=columns)
