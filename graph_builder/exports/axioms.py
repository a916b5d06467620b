"""Axiom annotations of the OWL file: which statement each projected triple is the plain form of.

A triple that several statements project to (they differ in what only describes, such as a frequency) has one annotated
axiom that names them all. OWL asks for a blank node there; its label is made from the triple, so that it never changes.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

import pyoxigraph as ox

from osteograph.ontology.namespaces import SCHEMA, expand
from osteograph.ontology.schema import Schema, load_schema
from osteograph.ontology.standing import Standing

from ..statements import projected_predicate
from ..terms import Graph, node

_DERIVED = node("bmo:DerivedStatement")
_OBJECTS = frozenset(expand(f"bmo:{name}") for name in ("object", "objectValue", "objectDate"))


def projections(quads: Iterable[ox.Quad], schema: Schema | None = None) -> dict[ox.Triple, list[ox.NamedNode]]:
    """Each plain triple that a statement projects to, with these statements; ``quads`` come sorted by subject."""
    known = schema or load_schema()
    found: dict[ox.Triple, list[ox.NamedNode]] = defaultdict(list)
    nodes = (quad for quad in quads if quad.graph_name == node("graph:statements"))
    for statement, group in groupby(nodes, key=lambda quad: quad.subject):
        triple = _projection(list(group), known)
        if triple and isinstance(statement, ox.NamedNode):
            found[triple].append(statement)
    return found


def derived_statements(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The nodes of derived statements; ``quads`` come sorted by subject."""
    stored = (quad for quad in quads if quad.graph_name == node("graph:derivations"))
    groups = (list(group) for _, group in groupby(stored, key=lambda quad: quad.subject))
    return [quad for group in groups if any(quad.object == _DERIVED for quad in group) for quad in group]


def concluded(nodes: Iterable[ox.Quad]) -> dict[ox.Triple, list[ox.NamedNode]]:
    """The triple that each derived statement says, with the statement."""
    found: dict[ox.Triple, list[ox.NamedNode]] = defaultdict(list)
    for statement, group in groupby(nodes, key=lambda quad: quad.subject):
        parts = {quad.predicate: quad.object for quad in group}
        subject, predicate, obj = (parts.get(node(f"bmo:{name}")) for name in ("subject", "predicate", "object"))
        if isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode) and obj is not None:
            assert isinstance(statement, ox.NamedNode)
            found[ox.Triple(subject, predicate, obj)].append(statement)
    return found


def _projection(quads: list[ox.Quad], schema: Schema) -> ox.Triple | None:
    """The plain triple of one statement node, by the same rule that made it."""
    parts = {quad.predicate.value: quad.object for quad in quads}
    obj = next((term for iri, term in parts.items() if iri in _OBJECTS), None)
    subject, predicate = parts.get(expand("bmo:subject")), parts.get(expand("bmo:predicate"))
    standing = parts.get(expand("bmo:standing"))
    if not (isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode) and obj is not None):
        return None
    qualifiers = [q for q in schema.qualifiers.values() if q.iri in parts]
    prop = next((p for p in schema.properties.values() if p.iri == predicate.value), None)
    if prop is None or not isinstance(standing, ox.NamedNode):
        return None
    weight = Standing(standing.value.removeprefix(SCHEMA))
    projected = projected_predicate(prop, qualifiers, weight)
    return ox.Triple(subject, ox.NamedNode(projected), obj) if projected else None


def axiom_annotations(projected: dict[ox.Triple, list[ox.NamedNode]], graph: str = "statements") -> Iterator[ox.Quad]:
    """One annotated axiom for each projected triple."""
    made = Graph(graph)
    for triple, statements in projected.items():
        axiom = ox.BlankNode("axiom" + hashlib.sha256(str(triple).encode()).hexdigest()[:24])
        for predicate, obj in (
            ("rdf:type", node("owl:Axiom")),
            ("owl:annotatedSource", triple.subject),
            ("owl:annotatedProperty", triple.predicate),
            ("owl:annotatedTarget", triple.object),
            *(("bmo:projectedFrom", statement) for statement in statements),
        ):
            yield ox.Quad(axiom, node(predicate), obj, made.name)
