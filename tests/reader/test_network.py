"""The network of relations: small graphs counted by hand, and edges that are refused."""

from __future__ import annotations

import matplotlib as mpl

mpl.use("Agg")

import networkx as nx
import pandas as pd
import pytest

from reader import corpus, network
from reader.errors import ReaderError


def edge(source="A07", target="A03", sign=1, locators="000 P1", relation="supports", **more):
    return {"source": source, "relation": relation, "target": target, "sign": sign,
            "locators": locators, **more}


def test_relations_have_names_and_known_locators(mode):
    found = network.relations()
    assert list(found.columns) == ["edge", "source", "source_name", "relation", "target",
                                   "target_name", "about", "sign", "directed", "locators"]
    assert not found.isna().any().any()
    for cell in found["locators"]:
        parts = cell.split("; ")
        assert parts == [corpus.normalise_locator(part) for part in parts]


def test_names_ids_and_lenient_locators_build_the_same_graph():
    graph = network.network([edge("Turkey", "russia", locators=" 000 p1 ;003 s6")])
    assert list(graph.edges(data="locators")) == [("A07", "A03", "000 P1; 003 S6")]
    assert graph.nodes["A07"]["name"] == "Turkey"
    again = network.network([edge(locators=["000 P1", "003 S6"])])
    assert list(again.edges(data="locators")) == list(graph.edges(data="locators"))


def test_degrees_of_a_network_counted_by_hand():
    # A07 -> A03 (+), A07 -> A03 (-), A03 -> A01 (+), A07 <-> A01 (+, both ways).
    # A07: out 2 + 1, in 1, so 4 ends, one of them negative; neighbours A03 and A01.
    # A03: out 1, in 2; one negative. A01: out 1, in 2; none negative.
    graph = network.network([edge(), edge(sign=-1), edge("A03", "A01"),
                             edge("A07", "A01", directed=False)])
    found = network.degrees(graph)
    assert list(found.index) == ["A07", "A01", "A03"]
    counts = ["out", "in", "total", "positive", "negative", "neighbours"]
    assert found.loc["A07", counts].tolist() == [3, 1, 4, 3, 1, 2]
    assert found.loc["A03", counts].tolist() == [1, 2, 3, 2, 1, 2]
    assert found.loc["A01", counts].tolist() == [1, 2, 3, 3, 0, 2]


def test_a_relation_both_ways_is_two_edges_and_one_row():
    graph = network.network([edge(directed=False)])
    assert graph.number_of_edges() == 2
    assert sorted(graph.edges(data="mirror")) == [("A03", "A07", True), ("A07", "A03", False)]
    table = network.plot_network(graph).table
    assert table[["from", "to", "direction"]].values.tolist() == [["Turkey", "Russia", "both ways"]]


@pytest.mark.parametrize(("row", "sentence"), [
    (edge(locators=None), r"Edge 1 \(A07 supports A03\) has no locator: name the segment"),
    (edge(locators=" ; "), "has no locator"),
    (edge(locators=float("nan")), "has no locator"),
    (edge(locators="000 P9"), r"There is no segment 000 P9: article 000 has P1 to P6"),
    (edge(locators="page 3"), "'page 3' is not a locator"),
    (edge(locators=["000 P1", 4]), "4 is not a locator"),
    (edge(sign=0), "has the sign 0: write 1 for or with the target, -1 against it"),
    (edge(sign="+"), "has the sign '\\+'"),
    (edge(sign=True), "has the sign True"),
    (edge(sign=None), "has the sign None"),
    (edge(sign=pd.NA), "has the sign None"),
    (edge(relation=" "), "has no relation: write a verb"),
    (edge(relation=None), "has no relation: write a verb"),
    (edge(directed="false"), "has directed='false': write True"),
    (edge(source=None), "There is no actor None"),
    (edge(source="HTS"), r"Edge 1 \(HTS supports A03\): There is no actor 'HTS'"),
    (edge(target="Turkey"), "leads from an actor to itself"),
])
def test_edges_without_ground_are_refused(row, sentence):
    with pytest.raises(ReaderError, match=sentence):
        network.network([row])


@pytest.mark.parametrize(("edges", "sentence"), [
    (pd.DataFrame({"source": ["A07"]}), "no column relation and no target and no sign"),
    (network.relations().iloc[:0], "There are no edges"),
    ([], "no column source"),
    (5, "neither a DataFrame nor a list of dictionaries"),
])
def test_tables_that_are_no_edge_list_are_refused(edges, sentence):
    with pytest.raises(ReaderError, match=sentence):
        network.network(edges)


def test_all_relations_of_the_course_make_a_network(mode):
    graph = network.network()
    rows = network.relations()
    both = int((~rows["directed"]).sum())
    assert graph.number_of_edges() == len(rows) + both > len(rows)
    assert {data["number"] for *_, data in graph.edges(data=True)} == set(range(1, len(rows) + 1))
    found = network.degrees(graph)
    assert found["total"].sum() == 2 * graph.number_of_edges()
    assert (found["positive"] + found["negative"]).equals(found["total"])


def test_the_figure_says_in_words_and_in_a_table_what_it_shows():
    graph = network.network([edge(), edge("A03", "A01", sign=-1, about="a toy", relation="warns"),
                             edge("A07", "A01")])
    shown = network.plot_network(graph)
    assert "3 actors and 3 relations, 2 for or with the target, 1 against it" in shown.alt
    assert shown.table["sign"].tolist() == ["+", "−", "+"]
    assert shown.table.iloc[1][["number", "relation", "about", "locators"]].tolist() == \
        [2, "warns", "a toy", "000 P1"]
    assert len(shown.image) > 5000
    assert network.plot_network(graph, title="A toy").caption == "A toy"


@pytest.mark.parametrize("function", [network.degrees, network.plot_network])
@pytest.mark.parametrize("graph", [None, nx.Graph(), pd.DataFrame(), nx.MultiDiGraph(),
                                   nx.MultiDiGraph([("A07", "A03")])])
def test_only_a_network_can_be_counted_or_drawn(function, graph):
    with pytest.raises(ReaderError, match=r"Give a network that network\(\) made"):
        function(graph)
