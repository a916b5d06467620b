"""What follows from the graph, as quads: derived triples, and on what each condition-to-treatment link rests.

A derivation here names its last rule and the rule parts and statements that it used. Every step in between, with every
premise, is what ``osteograph explain`` tells; stored, the steps would outweigh the graph (decision record 0010).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import pyoxigraph as ox

from osteograph.ontology.derivation_rules import load_rules
from osteograph.ontology.identifiers import derivation_iri
from osteograph.ontology.namespaces import INFERENCE, RULE, SCHEMA, STATEMENT
from osteograph.queries.inference.derivation_graph import node_of, rule_triples, statement_triples, term
from osteograph.queries.inference.engine import Engine
from osteograph.queries.inference.facts import Fact
from osteograph.queries.inference.joins import Derivation
from osteograph.queries.inference.knowledge import part_of, usable
from osteograph.queries.inference.proofs import Prover

from .terms import node

_READ = tuple(node(f"graph:{name}") for name in ("schema", "concepts", "statements", "asserted", "safety"))
LINKS = tuple(
    f"<{SCHEMA}{name}>" for name in ("contraindicates", "advisesAgainst", "callsForCautionWith", "raisesRiskWith")
)


def derived_quads(quads: Collection[ox.Quad]) -> Iterator[ox.Quad]:
    """The graphs ``derived`` and ``derivations``, made from all the others."""
    engine = Engine(_facts(quads))
    kept = [fact for fact in engine.derived() if any(_is_stored(step) for step in engine.derivations_of(fact))]
    for subject, predicate, obj in kept:
        yield ox.Quad(ox.NamedNode(subject[1:-1]), ox.NamedNode(predicate[1:-1]), term(obj), node("graph:derived"))
    prover = Prover(engine)
    triples = set(rule_triples(load_rules().values()))
    for fact in kept:
        if fact[1] in LINKS:
            triples.update(_link_triples(fact, engine, prover))
    for triple in triples:
        yield ox.Quad(triple.subject, triple.predicate, triple.object, node("graph:derivations"))


def _facts(quads: Iterable[ox.Quad]) -> list[Fact]:
    """The triples that rules read."""
    rows = [
        (str(quad.subject), str(quad.predicate), str(quad.object), quad.graph_name.value)
        for quad in quads
        if quad.graph_name in _READ and isinstance(quad.graph_name, ox.NamedNode)
    ]
    return [(subject, predicate, obj) for subject, predicate, obj, _ in usable(rows)]


def _is_stored(step: Derivation) -> bool:
    return load_rules()[step.rule].stored


def _link_triples(fact: Fact, engine: Engine, prover: Prover) -> Iterator[ox.Triple]:
    """One derivation for each rule application that concludes the link from a rule part itself."""
    yield from statement_triples(fact)
    for step in filter(_is_stored, engine.derivations_of(fact)):
        iri = ox.NamedNode(derivation_iri(step.rule, step.conclusion, step.premises))
        yield ox.Triple(iri, node("rdf:type"), node("bmo:Derivation"))
        yield ox.Triple(iri, node("bmo:usesRule"), ox.NamedNode(INFERENCE + step.rule))
        yield ox.Triple(iri, node("bmo:concludes"), node_of(fact))
        for used in _used(step, prover):
            yield ox.Triple(iri, node("prov:used"), ox.NamedNode(used))


def _used(step: Derivation, prover: Prover) -> set[str]:
    """The rule parts and statements in the shortest grounds of the premises of a step."""
    leaves = [leaf for premise in step.premises for leaf in prover.grounds(premise)[0]]
    parts = {part_of(subject) for subject, _, _ in leaves if subject.startswith(f"<{RULE}")}
    return parts | {subject[1:-1] for subject, _, _ in leaves if subject.startswith(f"<{STATEMENT}")}
