"""Paths, neighbourhoods, centralities, communities and comparisons on networks one can read, and on the real one."""

from __future__ import annotations

import networkx as nx
import pytest

from osteograph.ontology.errors import BadParameter
from osteograph.queries.network import to_networkx
from osteograph.queries.network_analysis import (
    centralities,
    communities,
    compare,
    find_paths,
    neighbourhood,
    standing_network,
)
from osteograph.queries.stores.oxigraph import OxigraphStore

CONCEPT = "https://w3id.org/osteograph/concept/"
SCHEMA = "https://w3id.org/osteograph/schema/"


def network_of(*edges: tuple[str, str, str, str, int]) -> nx.MultiDiGraph[str]:
    """A network from rows of subject, predicate, object, standing, passages."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number, (subject, predicate, obj, standing, passages) in enumerate(edges):
        network.add_edge(subject, obj, key=f"s{number}", predicate=predicate, standing=standing, passages=passages)
    return network


CHAIN = network_of(
    ("fracture", "causes", "immobility", "accepted", 1),
    ("immobility", "increasesRiskOf", "clot", "accepted", 2),
    ("fracture", "causes", "pain", "accepted", 1),
    ("pain", "causes", "immobility", "hedged", 1),
    ("drug", "prevents", "clot", "refuted", 1),
    ("fracture", "increasesRiskOf", "clot", "denied", 1),
)


def test_the_shortest_path_comes_first_and_names_its_statements() -> None:
    """Fracture leads to a clot through immobility; the detour through pain is the second."""
    first, second = find_paths(standing_network(CHAIN), "fracture", "clot")
    assert first.concepts == ("fracture", "immobility", "clot")
    assert [step.statement for steps in first.steps for step in steps] == ["s0", "s1"]
    assert second.concepts == ("fracture", "pain", "immobility", "clot")


def test_refuted_and_denied_statements_are_not_walked() -> None:
    """The denied direct link makes no path of one step, and the refuted one none at all."""
    network = standing_network(CHAIN)
    assert all(len(path.steps) > 1 for path in find_paths(network, "fracture", "clot"))
    with pytest.raises(BadParameter, match="drug"):
        find_paths(network, "drug", "clot")


def test_paths_follow_direction_unless_told_otherwise() -> None:
    """Nothing leads from the clot back to the fracture, unless statements may be read backwards."""
    network = standing_network(CHAIN)
    assert find_paths(network, "clot", "fracture") == []
    (first, *_) = find_paths(network, "clot", "fracture", directed=False)
    assert [[step.forward for step in steps] for steps in first.steps] == [[False], [False]]


def test_better_supported_paths_come_first_among_equals() -> None:
    """Of two paths of one length the one whose weakest step has more passages wins."""
    network = network_of(
        ("a", "p", "x", "accepted", 1),
        ("x", "p", "b", "accepted", 9),
        ("a", "p", "y", "accepted", 2),
        ("y", "p", "b", "accepted", 2),
    )
    assert [path.concepts[1] for path in find_paths(network, "a", "b")] == ["y", "x"]


def test_parallel_statements_are_all_on_the_path() -> None:
    """Two statements between two concepts make one step with both."""
    network = network_of(("a", "p", "b", "accepted", 1), ("a", "q", "b", "hedged", 1))
    (path,) = find_paths(network, "a", "b")
    assert [step.predicate for step in path.steps[0]] == ["p", "q"]


def test_a_neighbourhood_grows_with_its_depth() -> None:
    """One step in both directions, then two."""
    network = standing_network(CHAIN)
    assert set(neighbourhood(network, "clot")) == {"clot", "immobility"}
    assert set(neighbourhood(network, "clot", 2)) == {"clot", "immobility", "fracture", "pain"}


def test_the_middle_of_a_star_is_most_central() -> None:
    """Betweenness puts the hub first."""
    star = network_of(*[("hub", "p", leaf, "accepted", 1) for leaf in "abcd"])
    assert centralities(star, 1) == [("hub", 1.0, 4)]


def test_two_cliques_are_two_communities() -> None:
    """A single link does not join what is dense on both sides."""
    cliques = [(a, "p", b, "accepted", 1) for group in ("abc", "xyz") for a in group for b in group if a < b]
    assert communities(network_of(*cliques, ("c", "p", "x", "accepted", 1))) == [["a", "b", "c"], ["x", "y", "z"]]


def test_comparison_tells_shared_from_own_relations() -> None:
    """Relations are compared with their direction."""
    network = network_of(("a", "p", "x", "accepted", 1), ("b", "p", "x", "accepted", 1), ("y", "q", "a", "accepted", 1))
    found = compare(network, "a", "b")
    assert (found.both, found.only_first, found.only_second) == ((("p", "x"),), (("^q", "y"),), ())


def test_the_real_network_explains_the_risk_chain(oxigraph_store: OxigraphStore) -> None:
    """From a fracture to a pulmonary embolism by way of reduced mobility, each step with its statement."""
    network = standing_network(to_networkx(oxigraph_store))
    paths = find_paths(network, CONCEPT + "Fracture", CONCEPT + "PulmonaryEmbolism", limit=10)
    through = [path for path in paths if path.concepts[1:-1] == (CONCEPT + "DecreasedMobility",)]
    assert len(through) == 1
    predicates = [{step.predicate for step in steps} for steps in through[0].steps]
    assert predicates == [{SCHEMA + "causes"}, {SCHEMA + "increasesRiskOf"}]


def test_the_real_comparison_of_two_cancers(oxigraph_store: OxigraphStore) -> None:
    """Breast and prostate cancer both tend to spread to bone; only prostate cancer makes osteoblastic lesions."""
    network = standing_network(to_networkx(oxigraph_store))
    found = compare(network, CONCEPT + "BreastCancer", CONCEPT + "ProstateCancer")
    assert (SCHEMA + "proneToMetastasizeTo", CONCEPT + "Bone") in found.both
    assert ("^" + SCHEMA + "arisesFrom", CONCEPT + "OsteoblasticMetastasis") in found.only_second
    assert ("^" + SCHEMA + "arisesFrom", CONCEPT + "OsteoblasticMetastasis") not in found.both
