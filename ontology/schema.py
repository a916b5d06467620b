"""The schema as the rest of the code needs it, read from its two files: nothing about properties is said twice."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from .namespaces import SCHEMA, expand, shorten

_RDF_TYPE = ox.NamedNode(expand("rdf:type"))
_LABEL = ox.NamedNode(expand("rdfs:label"))
_SUBCLASS = ox.NamedNode(expand("rdfs:subClassOf"))
_DEFINITION = ox.NamedNode(expand("obo:IAO_0000115"))
_DOMAIN = ox.NamedNode(expand("schema:domainIncludes"))
_RANGE = ox.NamedNode(expand("schema:rangeIncludes"))
_KINDS = {
    "owl:ObjectProperty": "object",
    "owl:DatatypeProperty": "data",
    "owl:AnnotationProperty": "annotation",
}
_QUALIFIER_KINDS = {
    "xsd:integer": "integer",
    "xsd:decimal": "decimal",
    "xsd:boolean": "boolean",
    "bmo:QualifierValue": "value",
    "bmo:FrequencyValue": "value",
}


class Property(NamedTuple):
    """A relation: ``kind`` is object, data or annotation; ``possibility`` is where hedged statements are projected."""

    iri: str
    name: str  # as the tables write it: ``metastasizesTo``, ``dcterms:subject``
    label: str
    definition: str
    kind: str
    possibility: str | None
    reads_universally: bool
    domain: tuple[str, ...]
    range: tuple[str, ...]


class Qualifier(NamedTuple):
    """A qualifier key: ``kind`` is concept, value, integer, decimal or boolean."""

    iri: str
    name: str
    kind: str
    restricting: bool


class Schema(NamedTuple):
    """What the schema declares; keys are names as the tables write them, classes map to their superclasses."""

    properties: Mapping[str, Property]
    qualifiers: Mapping[str, Qualifier]
    values: frozenset[str]
    classes: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]
    quads: tuple[ox.Quad, ...]

    def ancestors(self, name: str) -> set[str]:
        """A class and all classes above it."""
        found = {name}
        for parent in self.classes.get(name, ()):
            found |= self.ancestors(parent)
        return found

    def top_branches(self, types: tuple[str, ...]) -> set[str]:
        """The classes directly below Concept under which the types stand."""
        tops = {name for name, parents in self.classes.items() if "Concept" in parents}
        return {ancestor for name in types for ancestor in self.ancestors(name)} & tops

    def value_name(self, key: str, value: str) -> str:
        """The local name of a closed value: ``frequency``, ``often`` make ``FrequencyOften``."""
        return key[0].upper() + key[1:] + value[0].upper() + value[1:]


def _named(iri: str) -> str:
    return iri.removeprefix(SCHEMA) if iri.startswith(SCHEMA) else shorten(iri)


@cache
def load_schema() -> Schema:
    """Read both files of the schema; a second call returns the same object."""
    dataset = ox.Dataset(
        quad
        for name in ("schema.ttl", "reasoning.ttl")
        for quad in ox.parse(path=str(Path(__file__).with_name(name)), format=ox.RdfFormat.TURTLE)
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)  # the lists of property chains get stable blank nodes
    reader = _Reader(dataset)
    return Schema(
        properties=reader.properties(),
        qualifiers=reader.qualifiers(),
        values=frozenset(reader.members("bmo:QualifierValue") + reader.members("bmo:FrequencyValue")),
        classes=reader.classes(),
        labels=reader.labels(),
        quads=tuple(sorted(dataset, key=str)),
    )


class _Reader:
    """Answers small questions about the parsed schema."""

    def __init__(self, dataset: ox.Dataset) -> None:
        self.dataset = dataset

    def objects(self, subject: ox.NamedNode, predicate: ox.NamedNode) -> list[str]:
        return sorted(
            quad.object.value
            for quad in self.dataset.quads_for_subject(subject)
            if quad.predicate == predicate and isinstance(quad.object, ox.NamedNode | ox.Literal)
        )

    def one(self, subject: ox.NamedNode, predicate: ox.NamedNode) -> str:
        return next(iter(self.objects(subject, predicate)), "")

    def typed(self, curie: str) -> list[ox.NamedNode]:
        found = (
            q.subject for q in self.dataset.quads_for_object(ox.NamedNode(expand(curie))) if q.predicate == _RDF_TYPE
        )
        return sorted((node for node in found if isinstance(node, ox.NamedNode)), key=str)

    def members(self, curie: str) -> list[str]:
        return [node.value.removeprefix(SCHEMA) for node in self.typed(curie)]

    def classes(self) -> dict[str, tuple[str, ...]]:
        ours = [node for node in self.typed("owl:Class") if node.value.startswith(SCHEMA)]
        return {_named(n.value): tuple(_named(parent) for parent in self.objects(n, _SUBCLASS)) for n in ours}

    def labels(self) -> dict[str, str]:
        found = self.dataset.quads_for_predicate(_LABEL)
        return {
            q.subject.value: q.object.value
            for q in found
            if isinstance(q.subject, ox.NamedNode) and isinstance(q.object, ox.Literal)
        }

    def properties(self) -> dict[str, Property]:
        found: dict[str, Property] = {}
        for curie, kind in _KINDS.items():
            for node in self.typed(curie):
                found[_named(node.value)] = self._property(node, kind)
        return found

    def _property(self, node: ox.NamedNode, kind: str) -> Property:
        return Property(
            iri=node.value,
            name=_named(node.value),
            label=self.one(node, _LABEL) or shorten(node.value),
            definition=self.one(node, _DEFINITION),
            kind=kind,
            possibility=self.one(node, ox.NamedNode(SCHEMA + "possibilityProperty")) or None,
            reads_universally=self.one(node, ox.NamedNode(SCHEMA + "readsUniversally")) == "true",
            domain=tuple(_named(iri) for iri in self.objects(node, _DOMAIN)),
            range=tuple(_named(iri) for iri in self.objects(node, _RANGE)),
        )

    def qualifiers(self) -> dict[str, Qualifier]:
        effect = ox.NamedNode(SCHEMA + "qualifierEffect")
        nodes = {q.subject for q in self.dataset.quads_for_predicate(effect) if isinstance(q.subject, ox.NamedNode)}
        return {
            _named(node.value): Qualifier(
                iri=node.value,
                name=_named(node.value),
                kind=_QUALIFIER_KINDS.get(shorten(self.one(node, _RANGE)), "concept"),
                restricting=self.one(node, effect) == SCHEMA + "Restricting",
            )
            for node in sorted(nodes, key=str)
        }
