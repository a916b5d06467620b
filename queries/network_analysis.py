"""Where SPARQL is awkward: ranked paths, neighbourhoods, centralities, communities, comparison of two concepts.

All functions work on the network of :func:`.network.to_networkx`. Only statements that stand are followed (accepted,
hedged and the curated hierarchy), unless others are asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from osteograph.ontology.errors import BadParameter

if TYPE_CHECKING:
    import networkx as nx

    Network = nx.MultiDiGraph[str]

STANDING = ("accepted", "hedged", "curated")
LONGEST = 8  # steps; longer paths through a graph of this density say nothing


@dataclass(frozen=True)
class Step:
    """One statement on a path; ``forward`` is False where the path walks from its object to its subject."""

    subject: str
    predicate: str
    object: str
    statement: str
    standing: str
    passages: int
    forward: bool


@dataclass(frozen=True)
class Path:
    """A path from one concept to another: for each step every statement that makes it."""

    concepts: tuple[str, ...]
    steps: tuple[tuple[Step, ...], ...]

    @property
    def weakest(self) -> int:
        """How many passages the least supported step has."""
        return min(max(step.passages for step in steps) for steps in self.steps)


def standing_network(network: Network, standings: Collection[str] = STANDING) -> Network:
    """The part of the network whose statements have one of the given standings."""
    keep = [(s, o, key) for s, o, key, data in network.edges(keys=True, data=True) if data["standing"] in standings]
    return network.edge_subgraph(keep).copy()  # type: ignore[arg-type]  # a multigraph takes edges with keys


def find_paths(
    network: Network, start: str, end: str, *, limit: int = 5, directed: bool = True, longest: int = LONGEST
) -> list[Path]:
    """The shortest paths between two concepts; of one length, first those whose weakest step is best supported.

    Raises BadParameter for a concept that takes part in no statement.
    """
    import networkx as nx

    _require(network, start, end)
    simple = nx.DiGraph(network) if directed else nx.Graph(network)
    if not nx.has_path(simple, start, end):
        return []
    # Ranking within one length needs a few more than are asked for; far longer ones are never reached.
    found = islice(nx.shortest_simple_paths(simple, start, end), 20 * limit)
    paths = [_path(network, concepts) for concepts in found if len(concepts) - 1 <= longest]
    return sorted(paths, key=lambda path: (len(path.steps), -path.weakest, path.concepts))[:limit]


def _require(network: Network, *concepts: str) -> None:
    for concept in concepts:
        if concept not in network:
            raise BadParameter(f"no statement that stands mentions {concept}")


def _path(network: Network, concepts: list[str]) -> Path:
    return Path(tuple(concepts), tuple(tuple(_steps(network, a, b)) for a, b in pairwise(concepts)))


def _steps(network: Network, start: str, end: str) -> Iterator[Step]:
    """Every statement between two neighbours, in the direction of the walk first."""
    for subject, obj, forward in ((start, end, True), (end, start, False)):
        for key, data in sorted((network.get_edge_data(subject, obj) or {}).items()):
            yield Step(subject, data["predicate"], obj, str(key), data["standing"], data["passages"], forward)


def neighbourhood(network: Network, concept: str, depth: int = 1) -> Network:
    """The network within some steps of a concept, in both directions."""
    import networkx as nx

    _require(network, concept)
    near = nx.ego_graph(network.to_undirected(as_view=True), concept, radius=depth)
    return network.subgraph(near).copy()


def centralities(network: Network, limit: int = 10) -> list[tuple[str, float, int]]:
    """The concepts that most shortest paths run through: concept, betweenness, number of statements."""
    import networkx as nx

    between = nx.betweenness_centrality(nx.Graph(network))
    ranked = sorted(between, key=lambda concept: (-between[concept], concept))[:limit]
    return [(concept, round(between[concept], 6), network.degree(concept)) for concept in ranked]


def communities(network: Network) -> list[list[str]]:
    """Groups of concepts that are linked more to one another than to the rest, largest first (greedy modularity)."""
    import networkx as nx

    simple: nx.Graph[str] = nx.Graph()
    simple.add_nodes_from(sorted(network))
    simple.add_edges_from(sorted((min(s, o), max(s, o)) for s, o in set(network.edges()) if s != o))
    groups = nx.community.greedy_modularity_communities(simple)
    return sorted((sorted(group) for group in groups), key=lambda group: (-len(group), group))


@dataclass(frozen=True)
class Comparison:
    """What two concepts are related to: pairs of predicate and concept that both have, or only one of them."""

    both: tuple[tuple[str, str], ...]
    only_first: tuple[tuple[str, str], ...]
    only_second: tuple[tuple[str, str], ...]


def compare(network: Network, first: str, second: str) -> Comparison:
    """Compare two concepts by the statements they are subject or object of (an object is marked with ``^``)."""
    _require(network, first, second)
    one, other = _relations(network, first), _relations(network, second)
    return Comparison(tuple(sorted(one & other)), tuple(sorted(one - other)), tuple(sorted(other - one)))


def _relations(network: Network, concept: str) -> set[tuple[str, str]]:
    out = {(data["predicate"], obj) for _, obj, data in network.out_edges(concept, data=True)}
    return out | {("^" + data["predicate"], subject) for subject, _, data in network.in_edges(concept, data=True)}
