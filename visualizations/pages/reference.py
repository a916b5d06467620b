"""The ontology reference: every class and property as the graph itself describes it, with how often it is used."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pyoxigraph as ox

from osteograph.ontology.namespaces import SCHEMA, expand

from .knowledge import DEFINITION, TYPE, Knowledge

Link = tuple[str, str]  # title and IRI


@dataclass(frozen=True)
class ClassEntry:
    """A class, how deep it stands below the top, and how many things are of it."""

    iri: str
    title: str
    definition: str
    depth: int
    count: int
    parents: tuple[Link, ...]


@dataclass(frozen=True)
class PropertyEntry:
    """A property and what the schema says of it."""

    iri: str
    title: str
    definition: str
    kind: str
    characteristics: tuple[str, ...]
    broader: tuple[Link, ...]
    subjects: tuple[Link, ...]
    objects: tuple[Link, ...]
    inverses: tuple[Link, ...]
    chains: tuple[str, ...]
    qualifies: tuple[Link, ...]
    mappings: tuple[Link, ...]
    count: int


_KINDS = {
    "owl:ObjectProperty": "relation between things",
    "owl:DatatypeProperty": "relation to a value",
    "owl:AnnotationProperty": "annotation",
}
_CHARACTERISTICS = ("Transitive", "Symmetric", "Asymmetric", "Functional", "InverseFunctional")


def read_classes(known: Knowledge) -> list[ClassEntry]:
    """All classes, each below its first parent, in alphabetical order on each level."""
    names = [iri for iri in known.things("schema") if expand("owl:Class") in known.types(iri)]
    parents = {iri: [p for p in _values(known, iri, "rdfs:subClassOf") if p in names] for iri in names}
    found: list[ClassEntry] = []

    def add(iri: str, depth: int) -> None:
        count = sum(t.predicate.value == TYPE for t in known.incoming.get(ox.NamedNode(iri), ()))
        links = _links(known, parents[iri])
        found.append(ClassEntry(iri, known.title(iri), known.text(iri, DEFINITION), depth, count, links))
        for below in names:
            if parents[below][:1] == [iri]:
                add(below, depth + 1)

    for top in names:
        if not parents[top]:
            add(top, 0)
    return found


def read_properties(known: Knowledge) -> list[PropertyEntry]:
    """All properties by title."""
    uses = Counter(triple.predicate.value for triples in known.outgoing.values() for triple in triples)
    stated = Counter(t.object.value for triples in known.outgoing.values() for t in triples
                     if t.predicate.value == SCHEMA + "predicate" and isinstance(t.object, ox.NamedNode))  # fmt: skip
    return [
        _property(known, iri, uses[iri] + stated[iri])
        for iri in known.things("schema")
        if any(expand(kind) in known.types(iri) for kind in _KINDS)
    ]


def _property(known: Knowledge, iri: str, count: int) -> PropertyEntry:
    types = known.types(iri)
    chains = [term for term in known.values(iri, expand("owl:propertyChainAxiom")) if isinstance(term, ox.BlankNode)]
    return PropertyEntry(
        iri=iri,
        title=known.title(iri),
        definition=known.text(iri, DEFINITION),
        kind=next(words for name, words in _KINDS.items() if expand(name) in types),
        characteristics=tuple(n.lower() for n in _CHARACTERISTICS if expand(f"owl:{n}Property") in types),
        broader=_links(known, _values(known, iri, "rdfs:subPropertyOf")),
        subjects=_links(known, _values(known, iri, "schema:domainIncludes")),
        objects=_links(known, _values(known, iri, "schema:rangeIncludes")),
        inverses=_links(known, _values(known, iri, "owl:inverseOf")),
        chains=tuple(sorted(" then ".join(known.list_titles(chain)) for chain in chains)),
        qualifies=_links(known, _values(known, iri, "bmo:qualifierEffect")),
        mappings=_links(known, _values(known, iri, "skos:closeMatch")),
        count=count,
    )


def _values(known: Knowledge, iri: str, predicate: str) -> list[str]:
    return [str(term.value) for term in known.values(iri, expand(predicate)) if isinstance(term, ox.NamedNode)]


def _links(known: Knowledge, iris: list[str]) -> tuple[Link, ...]:
    return tuple(sorted((known.title(iri), iri) for iri in iris))
