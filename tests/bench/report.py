"""The figures of a bench as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median

from rich.table import Table

MIB = 1 << 20


def spread(values: list[float], form: str = "{:.1f}") -> str:
    """Median, and least and most when there are several values."""
    middle = form.format(median(values))
    if len(values) == 1:
        return middle
    return f"{middle} ({form.format(min(values))}-{form.format(max(values))})"


def tables(figures: dict) -> Iterator[Table | str]:
    """All that a reader wants to know, in order."""
    yield ""
    yield (f"{figures['exercise']}: a class of {figures['size']}, {figures['processes']} notebooks "
           f"at a time, {len(figures['rounds'])} rounds, median (least-most)")
    yield _times(figures)
    yield _ratios(figures["rounds"])
    yield _scores(figures)
    yield _stages(figures)
    yield _memory(figures["memory"], figures["stages"])


def _times(figures: dict) -> Table:
    found = Table("seconds", "stock nbgrader", "ours", "floor")
    rounds, size = figures["rounds"], figures["size"]

    def row(label: str, name: str, form: str) -> None:
        found.add_row(label, *(spread([one[way][name] for one in rounds], form)
                               for way in ("stock", "ours", "floor")))

    row("start, once", "start", "{:.2f}")
    row("each submission, wall", "wall", "{:.3f}")
    row("each submission, CPU", "cpu", "{:.3f}")
    row(f"class of {size}, wall", "class", "{:.1f}")
    found.add_row("the same class again", "", spread([one["ours"]["again"] for one in rounds],
                                                     "{:.2f}"), "")
    graded = sum(one["block"] for one in figures["raw"])
    found.caption = (f"Stock graded {graded} of the {size}, in blocks; its class is one start and "
                     "its time for each.")
    return found


def _ratios(rounds: list[dict]) -> Table:
    found = Table("ratio", "wall, whole class", "wall, each submission", "CPU, each submission",
                  "target")

    def row(label: str, ratio: Callable[[dict, str], float], target: str) -> None:
        found.add_row(label, *(spread([ratio(one, name) for one in rounds])
                               for name in ("class", "wall", "cpu")), target)

    row("stock / ours (times faster)", lambda one, name: one["stock"][name] / one["ours"][name],
        "20 or more")
    row("ours / floor", lambda one, name: one["ours"][name] / one["floor"][name], "2 or less")
    return found


def _scores(figures: dict) -> str:
    found = figures["scores"]
    said = [f"Scores: {found['compared']} compared with stock nbgrader, all of ours with the key: "
            + ("all equal." if not found["hidden"] + found["wrong"] else
               f"{len(found['wrong'])} wrong, {len(found['hidden'])} differ because stock nbgrader "
               "makes no hidden calls of graded functions.")]
    return "\n  ".join([*said, *found["wrong"], *found["hidden"]])


def _stages(figures: dict) -> Table:
    stages, size = figures["stages"], figures["size"]
    found = Table("where our time goes, a submission", "CPU, ms", "share", "")
    code = median([one["floor"]["cpu"] for one in figures["rounds"]]) * size
    inside = stages["notebooks_cpu"] - stages["empty"]["cpu"] * size
    lines = {name: (seconds, "trusted process") for name, seconds in stages["stages"].items()}
    lines["everything else at home"] = (
        stages["trusted_cpu"] - sum(stages["stages"].values()), "trusted process")
    lines["forking, passing on, burying"] = (stages["server_cpu"], "fork server")
    lines["fork and sandbox (an empty notebook)"] = (stages["empty"]["cpu"] * size, "notebook")
    lines["the code itself (the floor)"] = (code, "notebook")
    lines["the session around the code"] = (inside - code, "notebook")
    total = sum(seconds for seconds, _ in lines.values())
    for name, (seconds, where) in lines.items():
        found.add_row(name, f"{seconds / size * 1000:.1f}", f"{seconds / total:.0%}", where)
    found.add_row("all", f"{total / size * 1000:.1f}", "100%", "")
    found.caption = (
        f"Once: {figures['import']:.2f} s of CPU time for the imports of `grader grade`; the fork "
        f"server is ready after {stages['fork_server_ready']:.2f} s. An empty notebook takes "
        f"{stages['empty']['wall'] * 1000:.0f} ms from asking to result.")
    return found


def _memory(peaks: dict, stages: dict) -> Table:
    found = Table("memory, peak", f"MiB ({peaks['unit']})")
    for name, size in peaks.items():
        if name != "unit":
            found.add_row(name, f"{size / MIB:.0f}")
    found.add_row("one notebook by its own account, the most",
                  f"{stages['notebook_peak_bytes'] / MIB:.0f}")
    return found
