"""From what was measured in each round to what is compared."""

from __future__ import annotations

from statistics import median

# Where the clock can't tell two runs apart, in seconds.
LEAST = 0.0005


def by_round(rounds: list[dict], size: int) -> list[dict]:
    """Seconds of each way in each round.

    ``start`` is what it takes once, ``wall`` and ``cpu`` what each submission adds, ``class`` the
    wall time of the whole class of ``size``. What each adds is the difference between a run of
    many submissions and one of a single one (ours) or of none (stock). Of the short runs the
    median over all rounds counts: one late start must not look like a fast class.
    """
    short = {(name, unit): median(one[name][unit] for one in rounds)
             for name in ("stock, again", "ours, one") for unit in ("wall", "cpu")}

    def each(one: dict, name: str, less: str, number: int, unit: str) -> float:
        return max((one[name][unit] - short[less, unit]) / max(number, 1), LEAST)

    found = []
    for one in rounds:
        stock = {unit: each(one, "stock", "stock, again", one["block"], unit)
                 for unit in ("wall", "cpu")}
        ours = {unit: each(one, "ours", "ours, one", size - 1, unit) for unit in ("wall", "cpu")}
        inside = one["inside floor"]
        start = short["stock, again", "wall"]
        found.append({
            "stock": {**stock, "start": start, "class": start + size * stock["wall"]},
            "ours": {**ours, "start": max(short["ours, one", "wall"] - ours["wall"], 0),
                     "class": one["ours"]["wall"], "again": one["ours, again"]["wall"]},
            "floor": {"wall": inside["class"] / size, "cpu": inside["cpu"] / size,
                      "start": one["floor"]["wall"] - inside["class"],
                      "class": one["floor"]["wall"]}})
    return found
