"""The service description: what a GET of the bare endpoint gives, with the VoID description of the graph.

It follows SPARQL 1.1 Service Description; clients that look for VoID at the endpoint find it in the same document.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from osteograph.ontology.namespaces import ONTOLOGY, PREFIXES, expand

from ..files import read_query
from .negotiation import BOOLEAN, GRAPH, SOLUTIONS
from .served import ServedGraph

SD = PREFIXES["sd"]
_FORMATS = "http://www.w3.org/ns/formats/"
_FORMAT_NAMES = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON-LD",
    "application/trig": "TriG",
    "application/n-quads": "N-Quads",
}


def describe_service(graph: ServedGraph, endpoint: str, media: str) -> bytes:
    """The description of the service at the address ``endpoint``, as a media type of ``negotiation.GRAPH``."""
    triples = [*_service(graph, endpoint), *describe_dataset(graph)]
    form = ox.RdfFormat.from_media_type(media)
    return ox.serialize(triples, format=form, prefixes=dict(PREFIXES)) or b""


def describe_dataset(graph: ServedGraph) -> list[ox.Triple]:
    """What the graph says about itself in VoID and DCAT, sorted."""
    found = graph.store.query(read_query("protocol/dataset.rq"))
    assert isinstance(found, tuple)
    return list(found)


def _service(graph: ServedGraph, endpoint: str) -> Iterator[ox.Triple]:
    service, dataset = _node(endpoint + "#service"), _node(ONTOLOGY + "/dataset")
    yield _triple(service, "rdf:type", _node(SD + "Service"))
    yield _triple(service, "sd:endpoint", _node(endpoint))
    yield _triple(service, "sd:supportedLanguage", _node(SD + "SPARQL11Query"))
    yield _triple(service, "sd:feature", _node(SD + "UnionDefaultGraph"))
    for media in dict.fromkeys((*SOLUTIONS, *BOOLEAN, *GRAPH)):
        if media in _FORMAT_NAMES:
            yield _triple(service, "sd:resultFormat", _node(_FORMATS + _FORMAT_NAMES[media]))
    yield _triple(service, "sd:defaultDataset", dataset)
    yield _triple(dataset, "rdf:type", _node(SD + "Dataset"))
    yield _triple(dataset, "sd:defaultGraph", dataset)
    yield _triple(dataset, "rdf:type", _node(SD + "Graph"))
    for iri in map(_node, sorted(graph.graphs)):
        yield _triple(dataset, "sd:namedGraph", iri)
        yield _triple(iri, "rdf:type", _node(SD + "NamedGraph"))
        yield _triple(iri, "rdf:type", _node(SD + "Graph"))
        yield _triple(iri, "sd:name", iri)
        yield _triple(iri, "sd:graph", iri)


def _triple(subject: ox.NamedNode, predicate: str, obj: ox.NamedNode) -> ox.Triple:
    return ox.Triple(subject, _node(expand(predicate)), obj)


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)
