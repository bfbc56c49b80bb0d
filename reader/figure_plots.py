"""Drawings for topic 05: claims and reference values, with ranges and open ends.

A range is a bar from its lower to its upper end, an open end an arrow, and each unit has a
panel and an axis of its own: nothing invites the eye to compare people with square kilometres.
"""

from __future__ import annotations

import textwrap

from reader import plots
from reader.edtf import parse_edtf
from reader.lazy import lazy

pd = lazy("pandas")

#: How a value is drawn beside a claim: marker, filled, words of the legend.
_LOOKS = {"claim": ("D", True, "claim of the article (a range: a bar)"),
          "yes": ("o", True, "same unit and universe"),
          "judge": ("o", False, "universe worded differently: judge"),
          "no": ("x", True, "counts something else")}
_CLAIM, _OTHER = plots.PALETTE["vermilion"], plots.PALETTE["blue"]
#: One shape for each universe in a drawing over time, beside a colour.
_SHAPES = list(zip("os^v<>pP*Xhd", [plots.PALETTE[name] for name in (
    "blue", "green", "purple", "sky blue", "orange", "black") * 2], strict=True))


def _ends(row) -> tuple[float | None, float | None]:
    return tuple(None if pd.isna(end) else float(end) for end in (row.low, row.high))


def _bar(ax, low, high, place: float, across: bool, room: float, colour: str) -> float | None:
    """Draw the range of one value, `across` or upright; return where its marker belongs."""
    if low is None and high is None:
        return None
    draw = ax.plot if across else lambda y, x, **kind: ax.plot(x, y, **kind)
    if None in (low, high):
        start = high if low is None else low
        stop = start + room * (-1 if low is None else 1)
        ends = (((stop, place), (start, place)) if across else ((place, stop), (place, start)))
        ax.annotate("", *ends, arrowprops={
            "arrowstyle": "-|>", "color": colour, "lw": 1.6, "shrinkA": 0, "shrinkB": 0})
        return start
    if low < high:
        draw([low, high], [place, place], color=colour, lw=4, alpha=0.55, solid_capstyle="butt")
        for end in (low, high):
            draw([end], [place], color=colour, marker="|" if across else "_", ms=11, mew=2)
        return None
    return low


def _limits(frame: pd.DataFrame, zero: bool) -> tuple[float, float, float]:
    """Return both ends of an axis that holds all values, and the length of an arrow on it."""
    ends = pd.concat([frame["low"], frame["high"]]).dropna().astype(float)
    least, most = (0.0 if zero or not len(ends) else ends.min()), (ends.max() if len(ends) else 1)
    span = (most - least) or most or 1
    open_low = (frame["low"].isna() & frame["high"].notna()).any()
    begin = least - span * (0.16 if open_low else 0.06)
    return max(begin, 0.0) if least >= span * 0.2 else -0.02 * most, most + span * 0.16, span * 0.09


def _number_axis(axis) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator
    axis.set_major_locator(MaxNLocator(5))
    axis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,.10g}"))


def _plain_frame(ax) -> None:
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


def _panels(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [(unit, frame[frame["unit"] == unit]) for unit in frame["unit"].unique()]


def _range(frame: pd.DataFrame) -> str:
    ends = pd.concat([frame["low"], frame["high"]]).dropna()
    if not len(ends):
        return "no number"
    return " to ".join(f"{end:,.10g}" for end in sorted({ends.min(), ends.max()}))


def _counted(rows: pd.DataFrame) -> str:
    return f"{len(rows)} reference value{'s' * (len(rows) != 1)}"


def _axis_note(begins: dict[str, float]) -> str:
    cut = [unit for unit, begin in begins.items() if begin > 0]
    return f" The axis of {' and of '.join(cut)} does not begin at 0." if cut else ""


def beside(frame: pd.DataFrame, zero: bool) -> plots.Shown:
    """Draw a table of `reader.figures.triangulate`: one line for each of its rows."""
    from matplotlib import pyplot
    from matplotlib.lines import Line2D
    panels = _panels(frame)
    heights = [len(rows) + 1.2 for _, rows in panels]
    fig, axes = pyplot.subplots(len(panels), 1, squeeze=False, figsize=(
        6.6, 0.27 * sum(heights) + 0.55 * len(panels) + 0.5), height_ratios=heights,
        layout="constrained")
    begins = {}
    for ax, (unit, rows) in zip(axes[:, 0], panels, strict=True):
        begin, end, room = _limits(rows, zero)
        begins[unit] = begin
        for place, row in enumerate(rows.itertuples()):
            kind = "claim" if row.row == "claim" else row.comparable
            marker, filled, _ = _LOOKS[kind]
            colour = _CLAIM if kind == "claim" else _OTHER
            at = _bar(ax, *_ends(row), place, True, room, colour)
            if at is not None:
                ax.plot([at], [place], marker=marker, color=colour, ms=8, mew=1.8,
                        markerfacecolor=colour if filled else "white", zorder=3)
            elif pd.isna(row.low):
                ax.text(begin, place, "  no number in the text", va="center", color=colour)
        names = [row.label if pd.isna(row.as_of) or row.row == "claim" else
                 f"{row.label}, {row.as_of}" for row in rows.itertuples()]
        ax.set_yticks(range(len(rows)), [textwrap.fill(name, 46) for name in names], fontsize=8.5)
        ax.set(ylim=(len(rows) - 0.4, -0.6), xlim=(begin, end), xlabel=unit)
        ax.grid(axis="x", color="0.85")
        ax.set_axisbelow(True)
        _number_axis(ax.xaxis)
        _plain_frame(ax)
    kinds = ["claim", *(kind for kind in ("yes", "judge", "no")
                        if (frame["comparable"] == kind).any())]
    fig.legend(handles=[Line2D([], [], ls="", marker=_LOOKS[kind][0], ms=8, mew=1.8,
                               color=_CLAIM if kind == "claim" else _OTHER,
                               markerfacecolor=None if _LOOKS[kind][1] else "white",
                               label=_LOOKS[kind][2]) for kind in kinds],
               loc="outside lower center", ncols=2, frameon=False, fontsize=9)
    claim, others = frame.iloc[:1], frame.iloc[1:]
    counts = others["comparable"].value_counts()
    own = claim.iloc[0]
    alt = (f"Claim {own['label']} ({_range(claim)}, {own['qualifier']}, {own['unit']}) beside "
           f"{_counted(others)}. " + " ".join(
               f"In {unit}: {_range(rows)}." for unit, rows in _panels(others)) +
           f" Same unit and universe: {counts.get('yes', 0)}; to be judged: "
           f"{counts.get('judge', 0)}; counting something else: {counts.get('no', 0)}.")
    return plots.show(fig, alt=alt, table=frame, caption=(
        f"Claim {own['label']} at {own['source']} beside reference values. A bar is a range, "
        f"an arrow an open end.{_axis_note(begins)}"))


def _days(text: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    found = parse_edtf(text)
    return pd.Timestamp(found.first or found.last), pd.Timestamp(found.last or found.first)


def over_time(frame: pd.DataFrame, title: str, zero: bool) -> plots.Shown:
    """Draw reference values over time, and claims at the time their article was published.

    `frame` has the columns of `reader.figures.triangulate`; its `as_of` is EDTF in every row.
    """
    from matplotlib import pyplot
    from matplotlib.lines import Line2D
    panels = _panels(frame)
    named = list(frame.loc[frame["row"] != "claim", "universe"].unique())
    looks = {universe: _SHAPES[n % len(_SHAPES)] for n, universe in enumerate(named)}
    heights = [2.7 if len(rows) > 2 else 1.1 for _, rows in panels]
    fig, axes = pyplot.subplots(len(panels), 1, squeeze=False, sharex=True, figsize=(
        6.6, sum(heights) + 0.22 * len(named) + 0.7), height_ratios=heights, layout="constrained")
    begins = {}
    for ax, (unit, rows) in zip(axes[:, 0], panels, strict=True):
        begin, end, room = _limits(rows, zero)
        begins[unit] = begin
        for row in rows.itertuples():
            first, last = _days(row.as_of)
            marker, colour = ("D", _CLAIM) if row.row == "claim" else looks[row.universe]
            middle = last if row.row != "claim" else first + (last - first) / 2
            at = _bar(ax, *_ends(row), middle, False, room, colour)
            level = at if at is not None else None if pd.isna(row.low) else (row.low + row.high) / 2
            if level is None:
                continue
            ax.plot([first, last], [level, level], color=colour, lw=1.4, alpha=0.7)
            if at is not None:
                ax.plot([middle], [level], marker=marker, color=colour, ms=7, zorder=3)
            if row.row == "claim":
                ax.annotate(row.label, (middle, level), xytext=(7, 5), weight="bold",
                            textcoords="offset points", color=_CLAIM, fontsize=9)
        ax.set(ylim=(begin, end), ylabel=unit)
        ax.grid(color="0.88")
        ax.set_axisbelow(True)
        _number_axis(ax.yaxis)
        _plain_frame(ax)
    spans = [_days(text) for text in frame["as_of"]]
    margin = max(pd.Timedelta(days=4), 0.04 * (max(b for _, b in spans) - min(a for a, _ in spans)))
    axes[-1, 0].set_xlim(min(a for a, _ in spans) - margin, max(b for _, b in spans) + margin)
    plots.date_axis(axes[-1, 0].xaxis, 6)
    handles = [Line2D([], [], ls="", marker=marker, color=colour, ms=7,
                      label=textwrap.fill(universe, 78))
               for universe, (marker, colour) in looks.items()]
    claimed = frame[frame["row"] == "claim"]
    if len(claimed):
        handles.append(Line2D([], [], ls="", marker="D", color=_CLAIM, ms=7,
                              label="claim, at its article's time of publication (a range: a bar)"))
    fig.legend(handles=handles, loc="outside lower left", frameon=False, fontsize=8.5)
    others = frame[frame["row"] != "claim"]
    dates = sorted(others["as_of"], key=lambda text: _days(text)[1])
    alt = (f"{_counted(others)}, {title}, from {dates[0]} to {dates[-1]}. " + " ".join(
               f"In {unit}: {_range(rows)}." for unit, rows in _panels(others)))
    for row in claimed.itertuples():
        alt += (f" Claim {row.label}, published {row.as_of}: "
                f"{_range(frame.loc[[row.Index]])}, {row.qualifier}.")
    return plots.show(fig, alt=alt, table=frame, caption=(
        f"Reference values, {title}. A line is the period that a value is about, an upright bar "
        f"a range, an arrow an open end.{_axis_note(begins)}"))
