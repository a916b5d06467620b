"""Statements: what claims state, each once, with its standing and the plain triple it may be projected to.

Two claims that say the same with the same qualifiers make one statement. Which plain triple it gets is decided here and
nowhere else:

* an accepted statement without a restricting qualifier gets ``subject predicate object``;
* a hedged one gets the same under the possibility property of its predicate, where there is one;
* a predicate that reads universally (``kindOf``) tolerates no qualifier at all but where and what acts;
* denied, disputed and refuted statements get none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from osteograph.ontology.identifiers import statement_iri
from osteograph.ontology.model import Claim, Curation, Literal
from osteograph.ontology.schema import Property, Qualifier, Schema
from osteograph.ontology.standing import Standing, disputed_claims, refuted_claims, standing_of

from .terms import Graph, Term, concept_iri, english, node, schema_node

_DATES = (node("xsd:date"), node("xsd:gYear"))
HARMLESS_FOR_UNIVERSAL = frozenset({"site", "agent", "order"})


@dataclass(frozen=True)
class Statement:
    """A statement and the claims that state it."""

    iri: ox.NamedNode
    subject: ox.NamedNode
    predicate: Property
    object: Term
    qualifiers: tuple[tuple[Qualifier, Term], ...]
    claims: tuple[Claim, ...]
    standing: Standing

    def projection(self) -> ox.Triple | None:
        """The plain triple, or None where the statement must not be read without its node."""
        projected = projected_predicate(self.predicate, [qualifier for qualifier, _ in self.qualifiers], self.standing)
        return ox.Triple(self.subject, ox.NamedNode(projected), self.object) if projected else None


def is_restricted(predicate: Property, qualifiers: Iterable[Qualifier]) -> bool:
    """Whether the plain triple would say more than the statement."""
    if predicate.reads_universally:
        return any(qualifier.name not in HARMLESS_FOR_UNIVERSAL for qualifier in qualifiers)
    return any(qualifier.restricting for qualifier in qualifiers)


def projected_predicate(predicate: Property, qualifiers: Iterable[Qualifier], standing: Standing) -> str | None:
    """The IRI under which a statement is projected: its predicate, the possibility of that, or None."""
    if is_restricted(predicate, qualifiers):
        return None
    if standing is Standing.ACCEPTED:
        return predicate.iri
    return predicate.possibility if standing is Standing.HEDGED else None


def build_statements(curation: Curation, schema: Schema) -> tuple[Statement, ...]:
    """All statements, sorted by IRI."""
    groups: dict[str, list[Claim]] = defaultdict(list)
    parts: dict[str, tuple[ox.NamedNode, Property, Term, tuple[tuple[Qualifier, Term], ...]]] = {}
    for claim in curation.claims.values():
        subject, prop, obj, qualifiers = _parts(claim, curation, schema)
        keyed = [(f"<{qualifier.iri}>", str(value)) for qualifier, value in qualifiers]
        iri = statement_iri(str(subject), f"<{prop.iri}>", str(obj), keyed)
        groups[iri].append(claim)
        parts[iri] = (subject, prop, obj, qualifiers)
    refuted, disputed = refuted_claims(curation), disputed_claims(curation)
    return tuple(
        Statement(ox.NamedNode(iri), *parts[iri], tuple(claims), standing_of(claims, refuted, disputed))
        for iri, claims in sorted(groups.items())
    )


def _parts(
    claim: Claim, curation: Curation, schema: Schema
) -> tuple[ox.NamedNode, Property, Term, tuple[tuple[Qualifier, Term], ...]]:
    subject = concept_iri(curation.concepts[claim.subject])
    qualifiers = [(schema.qualifiers[key], value) for key, value in claim.qualifiers]
    terms = tuple((qualifier, _qualifier_term(qualifier, value, curation, schema)) for qualifier, value in qualifiers)
    return subject, schema.properties[claim.predicate], _object_term(claim.object, curation), terms


def _object_term(obj: str | Literal, curation: Curation) -> Term:
    if isinstance(obj, str):
        return concept_iri(curation.concepts[obj])
    if obj.language:
        return ox.Literal(obj.value, language=obj.language)
    return ox.Literal(obj.value, datatype=node(obj.datatype))


def _qualifier_term(qualifier: Qualifier, value: str, curation: Curation, schema: Schema) -> Term:
    if qualifier.kind == "concept":
        return concept_iri(curation.concepts[value])
    if qualifier.kind == "value":
        return schema_node(schema.value_name(qualifier.name, value))
    return ox.Literal(value, datatype=node(f"xsd:{qualifier.kind}"))


def statement_quads(statements: Iterable[Statement], curation: Curation, schema: Schema) -> Iterator[ox.Quad]:
    """Statement nodes, and the plain triples they are projected to."""
    nodes, plain = Graph("statements"), node("graph:asserted")
    labels = term_labels(curation, schema)
    for statement in statements:
        yield from _statement_node(nodes, statement, labels)
        triple = statement.projection()
        if triple:
            yield ox.Quad(triple.subject, triple.predicate, triple.object, plain)


def _statement_node(graph: Graph, statement: Statement, labels: Mapping[str, str]) -> Iterator[ox.Quad]:
    iri = statement.iri
    yield graph.quad(iri, "rdf:type", node("owl:NamedIndividual"))
    yield graph.quad(iri, "rdf:type", node("bmo:Statement"))
    yield graph.quad(iri, "rdfs:label", english(describe(statement, labels)))
    yield graph.quad(iri, "bmo:subject", statement.subject)
    yield graph.quad(iri, "bmo:predicate", ox.NamedNode(statement.predicate.iri))
    yield graph.quad(iri, _object_property(statement.object), statement.object)
    yield graph.quad(iri, "bmo:standing", schema_node(statement.standing.value))
    yield graph.quad(iri, "bmo:origin", node("bmo:AssertedOrigin"))
    for qualifier, value in statement.qualifiers:
        yield ox.Quad(iri, ox.NamedNode(qualifier.iri), value, graph.name)


def _object_property(obj: Term) -> str:
    if isinstance(obj, ox.NamedNode):
        return "bmo:object"
    return "bmo:objectDate" if obj.datatype in _DATES else "bmo:objectValue"


def term_labels(curation: Curation, schema: Schema) -> dict[str, str]:
    """IRI to label, for concepts and for the terms of the schema."""
    return dict(schema.labels) | {concept_iri(c).value: c.label for c in curation.concepts.values()}


def describe(statement: Statement, labels: Mapping[str, str]) -> str:
    """The statement in words: ``lung cancer metastasizes to bone (frequency: commonly)``."""

    def word(term: Term) -> str:
        return term.value if isinstance(term, ox.Literal) else labels.get(term.value, term.value)

    words = f"{word(statement.subject)} {statement.predicate.label} {word(statement.object)}"
    qualifiers = "; ".join(f"{labels.get(q.iri, q.name)}: {word(value)}" for q, value in statement.qualifiers)
    return f"{words} ({qualifiers})" if qualifiers else words
