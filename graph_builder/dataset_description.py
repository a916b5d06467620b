"""The graph about the graph: VoID counts, what each named graph holds, example queries, prefixes and licence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from osteograph.ontology.model import Curation
from osteograph.ontology.namespaces import GRAPHS, ONTOLOGY, PREFIXES
from osteograph.ontology.notice import NOTICE
from osteograph.queries.catalog import list_questions
from osteograph.queries.examples import PREFIXES_NODE, example_triples

from .partitions import partition_quads
from .terms import Graph, english, integer, node, text

LICENSE = ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")


def description_quads(quads: Iterable[ox.Quad], curation: Curation) -> Iterator[ox.Quad]:
    """The meta graph, counted from all the others."""
    graph = Graph("meta")
    quads = list(quads)
    counts = Counter(quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode))
    dataset = ox.NamedNode(ONTOLOGY + "/dataset")
    yield graph.quad(dataset, "rdf:type", node("void:Dataset"))
    yield graph.quad(dataset, "rdf:type", node("dcat:Dataset"))
    yield graph.quad(dataset, "dcterms:title", english("osteograph"))
    yield graph.quad(dataset, "dcterms:description", english(NOTICE))
    yield graph.quad(dataset, "dcterms:license", LICENSE)
    yield graph.quad(dataset, "dcterms:identifier", text(f"sha256 of the curated tables: {curation.digest}"))
    yield graph.quad(dataset, "void:triples", integer(sum(counts.values())))
    yield from partition_quads(graph, dataset, quads)
    for question in list_questions():
        yield from (ox.Quad(t.subject, t.predicate, t.object, graph.name) for t in example_triples(question))
    for name, holds in GRAPHS.items():
        iri = node(f"graph:{name}")
        yield graph.quad(dataset, "void:subset", iri)
        yield graph.quad(iri, "rdf:type", node("void:Dataset"))
        yield graph.quad(iri, "sd:graph", iri)
        yield graph.quad(iri, "dcterms:description", english(holds))
        if name != "meta":
            yield graph.quad(iri, "void:triples", integer(counts[iri.value]))
    for prefix, namespace in PREFIXES.items():
        iri = ox.NamedNode(f"{ONTOLOGY}/prefix/{prefix}")
        yield graph.quad(ox.NamedNode(PREFIXES_NODE), "sh:declare", iri)
        yield graph.quad(iri, "sh:prefix", text(prefix))
        yield graph.quad(iri, "sh:namespace", ox.Literal(namespace, datatype=node("xsd:anyURI")))
