"""A thing as RDF, and as what search engines read."""

from __future__ import annotations

import pyoxigraph as ox

from osteograph.ontology.namespaces import ONTOLOGY, PREFIXES, PUBLICATION

from .knowledge import DEFINITION, Knowledge, Triples

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
}


def describe(known: Knowledge, iri: str) -> Triples:
    """The triples from a thing and to it, with what hangs on blank nodes; sorted, each once."""
    start = ox.NamedNode(iri)
    return sorted({*known.incoming.get(start, ()), *_said_of(known, start)}, key=str)


def describe_ontology(known: Knowledge) -> Triples:
    """The head of the ontology, and what is said of its classes and properties; sorted, each once."""
    starts = [ox.NamedNode(iri) for iri in (ONTOLOGY, *known.things("schema"))]
    return sorted(_said_of(known, *starts), key=str)


def _said_of(known: Knowledge, *starts: ox.NamedNode) -> set[ox.Triple]:
    """The triples from things, with what hangs on blank nodes."""
    found: set[ox.Triple] = set()
    open_nodes: list[ox.NamedNode | ox.BlankNode] = list(starts)
    seen = set(open_nodes)
    while open_nodes:
        for triple in known.outgoing.get(open_nodes.pop(), ()):
            found.add(triple)
            if isinstance(triple.object, ox.BlankNode) and triple.object not in seen:
                seen.add(triple.object)
                open_nodes.append(triple.object)
    return found


def write_document(known: Knowledge, iri: str, suffix: str) -> bytes:
    """The document about a thing with a suffix of ``addresses.SUFFIXES`` other than ``.html``."""
    return _written(describe(known, iri), suffix)


def write_ontology(known: Knowledge, suffix: str) -> bytes:
    """The ontology in such a document."""
    return _written(describe_ontology(known), suffix)


def _written(triples: Triples, suffix: str) -> bytes:
    prefixes = None if suffix == ".nt" else dict(PREFIXES)
    return ox.serialize(triples, format=_FORMATS[suffix], prefixes=prefixes) or b""


def for_search_engines(known: Knowledge, iri: str) -> dict[str, object]:
    """A schema.org description; nothing in it says that a statement of the sources is true."""
    kind = "ScholarlyArticle" if iri.startswith(PUBLICATION) else "DefinedTerm"
    found: dict[str, object] = {
        "@context": "https://schema.org/",
        "@type": kind,
        "@id": iri,
        "name": known.title(iri),
        "license": LICENSE,
    }
    definition = known.text(iri, DEFINITION)
    if definition:
        found["description"] = definition
    if kind == "DefinedTerm":
        found["inDefinedTermSet"] = ONTOLOGY
    return found
