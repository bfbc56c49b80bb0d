"""The cells that :func:`.warm.warm` runs: what exercises do, without any exercise."""

from __future__ import annotations

import json

SHEET = json.dumps({"format": 2, "record": True, "questions": {"00.1": {"id": "00.1"}}})

CELLS = (
    """
import datetime as dt
import math
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
from IPython.display import HTML, Markdown, display
from grader.check import check
from reader import corpus, dates, network, sources
from reader.widgets import PassageReader
""", """
print("text", 1, sep="-")
display(HTML("<b>b</b>"), Markdown("*m*"))
[{"key": 1.5, "other": ("a", None)}] * 2
""", """
frame = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "x"], "c": [1.5, None, 2.5]})
frame["d"] = pd.to_datetime(["2020-01-01", "2020-02-01", None])
frame["e"] = frame["b"].str.contains("x") & frame["a"].isin([1, 3])
grouped = frame.groupby("b")["a"].max(), frame.groupby("b")[["a", "c"]].agg(["mean", "nunique"])
merged = frame.merge(frame, on="b", how="left").sort_values("a_x").drop_duplicates("b")
chosen = frame.query("a <= 2"), frame.loc[frame["c"].notna(), ["a", "c"]], frame.set_index("b")
counted = frame["b"].value_counts(normalize=True), frame["c"].fillna(0).round(1), frame.T
shaped = pd.concat([frame, frame]).pivot_table(index="b", values="a", aggfunc="sum")
rows = [row.a for row in frame.itertuples()], frame.to_dict("records"), frame.describe()
frame
""", """
check("00.1", {"a": 1.5, "b": [True, None, "text"], "c": {1, 2}, "d": dt.date(2020, 1, 1)})
""", """
check("00.1", frame)
check("00.1", frame["a"])
check("00.1", np.arange(3))
""", """
fig, ax = plt.subplots()
ax.plot([1, 3, 2], label="line")
ax.bar(["a", "b"], [1, 2])
ax.set(title="title", xlabel="x", ylabel="y")
ax.legend();
""", """
def fails(x):
    return 1 / x

fails(0)
""",
    "undefined", 'check("00.1", undefined)', "x = (1,", "pd.DataFrame({'a': [1]})['b']",
    "import asyncio\nawait asyncio.sleep(0)", "%who",
    "PassageReader()", """
texts = corpus.articles(), corpus.segments(), corpus.tokens()
found = corpus.passages("001"), sources.find("deal", "001")
first = dates.parse_edtf("2019-05").first
relations = network.relations()
""",
)
