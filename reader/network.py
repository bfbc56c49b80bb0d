"""Topic 03: signed relations between actors, as the articles state them, as a network."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from math import cos, dist, pi, sin
from numbers import Real

from reader import actors, corpus, plots, tables
from reader.errors import ReaderError
from reader.lazy import lazy

nx = lazy("networkx")
np = lazy("numpy")
pd = lazy("pandas")

_NEEDED = ("source", "relation", "target", "sign", "locators")


def relations() -> pd.DataFrame:
    """Return the relations between actors that the articles state.

    Returns
    -------
    pandas.DataFrame
        Columns edge (``R01``), source, source_name, relation, target, target_name, about,
        sign (1 for or with the target, -1 against it; Int64), directed (False: it holds both
        ways) and locators (joined with ``"; "``). It leaves out what exercise 03 asks for:
        a relation that is missing here may well be stated in an article.
    """
    found, names = tables.read("relations"), actors.actors().set_index("actor")["name"]
    for end in ("source", "target"):
        found.insert(found.columns.get_loc(end) + 1, f"{end}_name", found[end].map(names))
    return found


def _checked(row: dict, number: int) -> dict:
    """Return an edge in its standard form, or say what is wrong with it."""
    label = f"Edge {number} ({row['source']} {row['relation']} {row['target']})"
    try:
        ends = [actors.known_actor(row[end]) for end in ("source", "target")]
    except ReaderError as error:
        raise ReaderError(f"{label}: {error}") from None
    if ends[0] == ends[1]:
        raise ReaderError(f"{label} leads from an actor to itself: name two actors.")
    relation, about, directed = row["relation"], row.get("about"), row.get("directed", True)
    if not isinstance(relation, str) or not relation.strip():
        raise ReaderError(f"{label} has no relation: write a verb, such as 'supports'.")
    if isinstance(row["sign"], bool) or not isinstance(row["sign"], Real) \
            or row["sign"] not in (1, -1):
        raise ReaderError(f"{label} has the sign {row['sign']!r}: write 1 for or with the target, "
                          f"-1 against it.")
    given = row["locators"]
    listed = given.split(";") if isinstance(given, str) else \
        list(given) if isinstance(given, (list, tuple, set)) else []
    listed = [part.strip() if isinstance(part, str) else part for part in listed]
    if not any(listed):
        raise ReaderError(f"{label} has no locator: name the segment that states it, such as "
                          f"'000 P1', or leave the edge out.")
    try:
        places = [corpus.normalise_locator(part) for part in listed if part]
    except ReaderError as error:
        raise ReaderError(f"{label}: {error}") from None
    if directed is not None and not isinstance(directed, (bool, np.bool_)):
        raise ReaderError(f"{label} has directed={directed!r}: write True (one way) or False "
                          f"(both ways).")
    return {"source": ends[0], "target": ends[1], "relation": relation.strip(),
            "sign": int(row["sign"]), "locators": "; ".join(places),
            "directed": directed is None or bool(directed),
            "about": about if isinstance(about, str) else ""}


def network(edges: pd.DataFrame | Iterable[dict] | None = None) -> nx.MultiDiGraph:
    """Build the network of actors.

    Parameters
    ----------
    edges : pandas.DataFrame or iterable of dict, optional
        With source and target (ids or names of actors), relation, sign (1 or -1), locators
        (one or more, joined with ``"; "``), and optionally directed (default True) and about.
        By default those of `relations`.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes are actor ids with the attribute ``name``. Edges have the attributes relation,
        sign, locators, about, directed and number (of the row, from 1). A relation that is not
        directed becomes two edges with the same number, of which ``mirror`` marks the second.

    Raises
    ------
    ReaderError
        When an edge lacks a locator that the corpus knows, or has a wrong sign or actor. That
        a segment exists does not prove that it supports the edge: read it.
    """
    try:
        frame = relations() if edges is None else pd.DataFrame(edges)
    except (TypeError, ValueError):
        raise ReaderError("The edges are neither a DataFrame nor a list of dictionaries.") from None
    if absent := [name for name in _NEEDED if name not in frame]:
        raise ReaderError(f"The edges have no column {' and no '.join(absent)}: needed are "
                          f"{', '.join(_NEEDED)}.")
    if frame.empty:
        raise ReaderError("There are no edges: a network needs at least one.")
    names, graph = actors.actors().set_index("actor")["name"], nx.MultiDiGraph()
    frame = frame.astype(object).where(frame.notna(), None)
    for number, row in enumerate(frame.to_dict("records"), start=1):
        edge = _checked(row, number)
        ends = edge.pop("source"), edge.pop("target")
        graph.add_nodes_from((end, {"name": names[end]}) for end in ends)
        graph.add_edge(*ends, number=number, mirror=False, **edge)
        if not edge["directed"]:
            graph.add_edge(*reversed(ends), number=number, mirror=True, **edge)
    return graph


def _known_graph(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    if not isinstance(graph, nx.MultiDiGraph) or not graph.edges or \
            any(not {"number", "mirror"} <= data.keys() for *_, data in graph.edges(data=True)) or \
            any("name" not in data for _, data in graph.nodes(data=True)):
        raise ReaderError("Give a network that network() made, such as network(relations()).")
    return graph


def degrees(graph: nx.MultiDiGraph) -> pd.DataFrame:
    """Count the relations of each actor.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `network`.

    Returns
    -------
    pandas.DataFrame
        Actor ids as index; columns name, out and in (edges that go out and come in), total
        (their sum), positive and negative (the total by sign) and neighbours (different
        actors), the highest total first. A relation both ways counts once out and once in at
        each end. Degree counts what the articles mention, not how strong anybody is.
    """
    rows = []
    for node, name in _known_graph(graph).nodes(data="name"):
        signs = [sign for *_, sign in graph.out_edges(node, data="sign")] + \
                [sign for *_, sign in graph.in_edges(node, data="sign")]
        rows.append((node, name, graph.out_degree(node), graph.in_degree(node), len(signs),
                     signs.count(1), signs.count(-1), len(set(nx.all_neighbors(graph, node)))))
    frame = pd.DataFrame(rows, columns=["actor", "name", "out", "in", "total", "positive",
                                        "negative", "neighbours"])
    return frame.sort_values(["total", "actor"], ascending=[False, True]).set_index("actor")


def _rows(graph: nx.MultiDiGraph) -> list[tuple]:
    """Return one row per relation, in the order given: source, target, edge data."""
    return sorted((edge for edge in graph.edges(data=True) if not edge[2]["mirror"]),
                  key=lambda edge: edge[2]["number"])


def _label_place(start: tuple, end: tuple, bend: float, labels: list[tuple],
                 nodes: Iterable[tuple]) -> tuple:
    """Return a point on an arc (matplotlib's arc3) not too near to other labels and to nodes."""
    (x0, y0), (x1, y1) = start, end
    bow = ((x0 + x1) / 2 + bend * (y1 - y0), (y0 + y1) / 2 - bend * (x1 - x0))
    points = [tuple((1 - t) ** 2 * a + 2 * t * (1 - t) * c + t ** 2 * b
                    for a, c, b in zip(start, bow, end, strict=True))
              for t in (0.5, 0.42, 0.58, 0.36, 0.64, 0.3, 0.7)]
    # The first that has room enough; if there is none, the one with the most room.
    return max(points, key=lambda p: min([
        0.17, *(dist(p, label) for label in labels), *(dist(p, node) - 0.13 for node in nodes)]))


def plot_network(graph: nx.MultiDiGraph, title: str = "") -> plots.Shown:
    """Draw the network: actors on a circle, arrows with their sign and number.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `network`.
    title : str, optional
        Caption.

    Returns
    -------
    reader.plots.Shown
        Relations for or with the target are solid lines marked ``+``, those against it dashed
        lines marked ``−``; the number leads to the row of the table below the figure. An arrow
        with two heads holds both ways. Places on the circle mean nothing.
    """
    from matplotlib import pyplot as plt
    from matplotlib.patches import FancyArrowPatch

    rows, nodes = _rows(_known_graph(graph)), sorted(graph)
    if not isinstance(title, str):
        raise ReaderError("The title is text in quotes.")
    turn = 2 * pi / max(1, len(nodes))
    at = {node: (sin(n * turn), cos(n * turn)) for n, node in enumerate(nodes)}
    fig, ax = plt.subplots(figsize=(6.6, 5.2), layout="constrained")
    seen: dict[frozenset, count] = {}
    labels: list[tuple] = []
    for source, target, data in rows:
        # Each further line between the same two actors bends more, to either side in turn.
        nth = next(seen.setdefault(frozenset((source, target)), count()))
        bend = (0.13 + 0.17 * (nth // 2)) * (1 if nth % 2 == 0 else -1)
        bend *= max(1, 1.4 / dist(at[source], at[target]))
        bend = bend if source < target else -bend
        positive = data["sign"] == 1
        colour = plots.PALETTE["blue" if positive else "vermilion"]
        ax.add_patch(FancyArrowPatch(
            at[source], at[target], connectionstyle=f"arc3,rad={bend}", color=colour,
            arrowstyle="-|>" if data["directed"] else "<|-|>", mutation_scale=12, lw=1.3,
            shrinkA=15, shrinkB=15, linestyle="-" if positive else (0, (5, 3))))
        labels.append(_label_place(at[source], at[target], bend, labels, at.values()))
        ax.annotate(f"{'+' if positive else '−'}{data['number']}", labels[-1], ha="center",
                    va="center", fontsize=8, color=colour,
                    bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none"})
    for node, (x, y) in at.items():
        ax.plot(x, y, "o", ms=24, color="white", mec="black", zorder=3)
        ax.text(x, y, node, ha="center", va="center", fontsize=8, zorder=4)
        name = graph.nodes[node]["name"].split(" (")[0].split(":")[0]
        side = "left" if x > 0.01 else "right" if x < -0.01 else "center"
        ax.text(1.14 * x, 1.14 * y, name, ha=side, va="center", fontsize=9)
    ax.set(xlim=(-1.9, 1.9), ylim=(-1.3, 1.3), aspect="equal")
    ax.axis("off")
    table = pd.DataFrame(
        [(data["number"], graph.nodes[a]["name"], data["relation"], graph.nodes[b]["name"],
          data["about"], "+" if data["sign"] == 1 else "−",
          "one way" if data["directed"] else "both ways", data["locators"])
         for a, b, data in rows],
        columns=["number", "from", "relation", "to", "about", "sign", "direction", "locators"])
    signs = [data["sign"] for *_, data in rows]
    top = degrees(graph)
    most = top.loc[top["total"] == top["total"].iloc[0], "name"]
    alt = (f"A network of {len(nodes)} actors and {len(rows)} relations, {signs.count(1)} for or "
           f"with the target, {signs.count(-1)} against it. Most ends of relations: "
           f"{', '.join(most)}.")
    return plots.show(fig, alt=alt, table=table, caption=title or "Relations that the articles "
                      "state, with their sign (+ solid, − dashed) and their row in the table.")
