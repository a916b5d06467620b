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
    start: ox.NamedNode | ox.BlankNode = ox.NamedNode(iri)
    found = set(known.incoming.get(start, ()))
    open_nodes, seen = [start], {start}
    while open_nodes:
        for triple in known.outgoing.get(open_nodes.pop(), ()):
            found.add(triple)
            if isinstance(triple.object, ox.BlankNode) and triple.object not in seen:
                seen.add(triple.object)
                open_nodes.append(triple.object)
    return sorted(found, key=str)


def write_document(known: Knowledge, iri: str, suffix: str) -> bytes:
    """The document about a thing with a suffix of ``addresses.SUFFIXES`` other than ``.html``."""
    prefixes = None if suffix == ".nt" else dict(PREFIXES)
    return ox.serialize(describe(known, iri), format=_FORMATS[suffix], prefixes=prefixes) or b""


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
