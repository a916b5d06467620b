"""Derivations as RDF: each application of a rule is a PROV activity that uses statements and concludes one.

``bmo:hasPremise`` is a kind of ``prov:used``, ``bmo:concludes`` of ``prov:generated``; the schema says so.

Every fact gets the IRI that a statement of the same content has, so that what a claim states and what a rule derives
are one statement, with one IRI, wherever both do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from osteograph.ontology.derivation_rules import Rule
from osteograph.ontology.identifiers import derivation_iri, statement_iri
from osteograph.ontology.namespaces import INFERENCE, SCHEMA, expand

from .facts import Fact
from .joins import Derivation
from .proofs import Proof

_TYPE = ox.NamedNode(expand("rdf:type"))


def node_of(fact: Fact) -> ox.NamedNode:
    """The statement that a fact is."""
    return ox.NamedNode(statement_iri(*fact, []))


def term(text: str) -> ox.NamedNode | ox.Literal:
    """A term from its N-Triples syntax."""
    parsed = ox.parse(f"<x:s> <x:p> {text} .", format=ox.RdfFormat.N_TRIPLES)
    obj = next(iter(parsed)).object
    assert isinstance(obj, ox.NamedNode | ox.Literal)
    return obj


def derivation_triples(steps: Iterable[Derivation]) -> Iterator[ox.Triple]:
    """Rule applications with the statements that they use and conclude; what no step concludes is given."""
    steps = list(steps)
    concluded = {step.conclusion for step in steps}
    given = {premise for step in steps for premise in step.premises} - concluded
    for step in steps:
        iri = ox.NamedNode(derivation_iri(step.rule, step.conclusion, step.premises))
        yield ox.Triple(iri, _TYPE, _bmo("Derivation"))
        yield ox.Triple(iri, _bmo("usesRule"), ox.NamedNode(INFERENCE + step.rule))
        yield ox.Triple(iri, _bmo("concludes"), node_of(step.conclusion))
        for premise in step.premises:
            yield ox.Triple(iri, _bmo("hasPremise"), node_of(premise))
    for fact in sorted(concluded):
        yield from statement_triples(fact)
    for fact in sorted(given):
        yield from statement_triples(fact, "GivenStatement")


def statement_triples(fact: Fact, kind: str = "DerivedStatement") -> Iterator[ox.Triple]:
    """A fact as a statement node: what it relates to what, and whether a rule concludes it."""
    iri = node_of(fact)
    obj = term(fact[2])
    yield ox.Triple(iri, _TYPE, _bmo(kind))
    yield ox.Triple(iri, _bmo("subject"), ox.NamedNode(fact[0][1:-1]))
    yield ox.Triple(iri, _bmo("predicate"), ox.NamedNode(fact[1][1:-1]))
    yield ox.Triple(iri, _bmo("objectValue" if isinstance(obj, ox.Literal) else "object"), obj)


def rule_triples(rules: Iterable[Rule]) -> Iterator[ox.Triple]:
    """The derivation rules themselves, with their texts."""
    for rule in rules:
        iri = ox.NamedNode(INFERENCE + rule.name)
        yield ox.Triple(iri, _TYPE, _bmo("DerivationRule"))
        yield ox.Triple(iri, ox.NamedNode(expand("rdfs:label")), ox.Literal(rule.name.replace("_", " "), language="en"))
        yield ox.Triple(iri, ox.NamedNode(expand("obo:IAO_0000115")), ox.Literal(rule.says, language="en"))
        yield ox.Triple(iri, _bmo("explanation"), ox.Literal(rule.why, language="en"))
        yield ox.Triple(iri, _bmo("inOwl"), ox.Literal(rule.owl))
        yield ox.Triple(iri, _bmo("sparql"), ox.Literal(rule.sparql))


def steps_of(proof: Proof) -> list[Derivation]:
    """The rule applications of a proof, each once."""
    steps = (
        Derivation(step.rule, step.fact, tuple(premise.fact for premise in step.premises), step.absent)
        for step in proof.steps()
        if step.rule
    )
    return list(dict.fromkeys(steps))


def _bmo(name: str) -> ox.NamedNode:
    return ox.NamedNode(SCHEMA + name)
