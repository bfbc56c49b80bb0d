"""How `reader.timeline.plot_events` draws events."""

from __future__ import annotations

import textwrap
from datetime import date, timedelta

from reader import plots
from reader.edtf import Interval, as_interval
from reader.lazy import lazy

pd = lazy("pandas")

_INK, _FILL = plots.PALETTE["black"], plots.PALETTE["sky blue"]


def draw(frame: pd.DataFrame, title: str) -> plots.Shown:
    """Draw a checked table of events, one row each, first event on top."""
    from matplotlib import pyplot as plt

    days = [as_interval(text) for text in frame["date"]]
    known = [day for item in days for day in (item.first, item.last) if day]
    room = max((max(known) - min(known)) / 12, timedelta(10)) if known else timedelta(10)
    low, high = _shift(min(known, default=date(2018, 1, 1)), -room), \
        _shift(max(known, default=date(2018, 12, 31)), room)
    fig, ax = plt.subplots(figsize=(6.6, 0.9 + 0.32 * len(frame)), layout="constrained")
    for row, item in enumerate(days):
        _draw_one(ax, item, row, low, high)
    ax.set_yticks(range(len(frame)), [f"{event}  {text}" for event, text
                                      in zip(frame["event"], frame["date"], strict=True)])
    ax.set_ylim(len(frame) - 0.4, -0.6)
    ax.set_xlim(low, high)
    plots.date_axis(ax.xaxis, 6)
    ax.grid(axis="x", alpha=0.3)
    ax.spines[["top", "right", "left"]].set_visible(False)
    return plots.show(fig, _alt(frame, days), table=_table(frame), caption=title)


def _shift(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return day


def _draw_one(ax, item: Interval, row: int, low: date, high: date, fill: str = _INK) -> None:
    if item.parts:
        ends = [part.first or low for part in item.parts] + [part.last or high
                                                             for part in item.parts]
        ax.plot([min(ends), max(ends)], [row, row], ":", color=_INK, linewidth=1.2)
        for part in item.parts:
            # Hollow: only one of these days is meant.
            _draw_one(ax, part, row, low, high, _INK if item.kind == "all of" else "white")
        return
    first, last = item.first or low, item.last or high
    # A day lasts until the next midnight: a bar ends where its last day ends.
    end = _shift(last, timedelta(1))
    if item.first == item.last:
        ax.plot([first], [row], "D", color=_INK, markerfacecolor=fill, markersize=6)
    elif "/" in str(item) or ".." in str(item) or item.first is None or item.last is None:
        ax.barh(row, end - first, left=first, height=0.42, color=_FILL, edgecolor=_INK)
        if item.last is None:
            ax.plot([high], [row], ">", color=_INK, markersize=9, clip_on=False)
        if item.first is None:
            ax.plot([low], [row], "<", color=_INK, markersize=9, clip_on=False)
    else:
        ax.barh(row, end - first, left=first, height=0.42, facecolor="#f2f2f2", edgecolor=_INK,
                linestyle=(0, (4, 2)))
    if item.qualifier:
        ax.annotate(item.qualifier, (end, row), xytext=(6, 0), textcoords="offset points",
                    va="center", fontweight="bold")


def _alt(frame: pd.DataFrame, days: list[Interval]) -> str:
    rows = [f"{event} {text}" for event, text in zip(frame["event"], frame["date"], strict=True)]
    known = [day for item in days for day in (item.first, item.last) if day]
    span = f" between {min(known)} and {max(known)}" if known else ""
    listed = "; ".join(rows[:12]) + ("; …" if len(rows) > 12 else "")
    return f"{len(rows)} event{'s' * (len(rows) != 1)} on a line of time{span}: {listed}."


def _table(frame: pd.DataFrame) -> pd.DataFrame:
    columns = [name for name in ("event", "date", "track", "sentence", "source", "confidence")
               if name in frame]
    return frame[columns].assign(sentence=[textwrap.shorten(str(text), 400)
                                           for text in frame["sentence"]]).reset_index(drop=True)
