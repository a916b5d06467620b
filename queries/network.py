"""The graph as a networkx network, for what SPARQL does badly: paths, neighbourhoods, centralities.

Nodes are concepts by IRI, with ``label`` and ``classes``. Edges are statements, keyed by the IRI of the statement, with
``predicate`` (IRI), ``standing`` (accepted, hedged, denied, disputed, refuted) and ``passages`` (how many sentences say
so); links of the curated hierarchy are edges keyed by their predicate with standing ``curated``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .files import select_rows
from .stores.base import Store

if TYPE_CHECKING:
    import networkx as nx


def to_networkx(store: Store) -> nx.MultiDiGraph[str]:
    """A directed multigraph of all statements between concepts, whatever their standing."""
    import networkx as nx

    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in select_rows(store, "network_nodes.rq"):
        if row["concept"] not in network:
            network.add_node(row["concept"], label=row["label"], classes=[])
        network.nodes[row["concept"]]["classes"].append(row["class"])
    for row in select_rows(store, "network_edges.rq"):
        network.add_edge(
            row["subject"],
            row["object"],
            key=row.get("statement", row["predicate"]),
            predicate=row["predicate"],
            standing=row["standing"],
            passages=int(row["passages"]),
        )
    return network
