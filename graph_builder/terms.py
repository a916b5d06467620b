"""Small makers of RDF terms, so that the compiler reads like the data."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import pyoxigraph as ox

from osteograph.ontology.model import Concept
from osteograph.ontology.namespaces import BASE, CONCEPT, PUBLICATION, SCHEMA, expand

Term = ox.NamedNode | ox.Literal
_PUBLISHED = {"Publication", "Article"}


@cache
def node(curie: str) -> ox.NamedNode:
    """The IRI of a CURIE with one of our prefixes."""
    return ox.NamedNode(expand(curie))


def schema_node(name: str) -> ox.NamedNode:
    """A class, property or value of the schema, by the name that tables use (``LungCancer``, ``dcterms:subject``)."""
    return node(name) if ":" in name else ox.NamedNode(SCHEMA + name)


def concept_iri(concept: Concept) -> ox.NamedNode:
    """Publications live under ``publication/``, every other concept under ``concept/``."""
    published = _PUBLISHED & set(concept.types)
    return ox.NamedNode((PUBLICATION if published else CONCEPT) + concept.name)


def english(words: str) -> ox.Literal:
    return ox.Literal(words, language="en")


def text(words: str) -> ox.Literal:
    return ox.Literal(words)


def integer(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=node("xsd:integer"))


def decimal(number: Decimal) -> ox.Literal:
    """A decimal without trailing zeros, since stores keep the value and not the digits."""
    return ox.Literal(format(number.normalize(), "f"), datatype=node("xsd:decimal"))


def boolean(value: bool) -> ox.Literal:
    return ox.Literal("true" if value else "false", datatype=node("xsd:boolean"))


def subject_order(subject: str) -> tuple[bool, str]:
    """Our own subjects first, the terms of others after them; a subject as N-Triples writes it."""
    return BASE[:-1] not in subject, subject


def within_subject(triple: ox.Triple) -> tuple[bool, str, str]:
    """The order of what is said of one subject: its types first, so that RDF/XML names elements by them."""
    _, predicate, obj = triple
    return predicate != node("rdf:type"), predicate.value, str(obj)


class Graph:
    """One named graph: makes quads whose predicate is written as a CURIE."""

    def __init__(self, name: str) -> None:
        self.name = node(f"graph:{name}")

    def quad(self, subject: ox.NamedNode, predicate: str, obj: Term) -> ox.Quad:
        return ox.Quad(subject, node(predicate), obj, self.name)
