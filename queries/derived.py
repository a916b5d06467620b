"""Why something follows: the proofs of a derived link between concepts, or of what is derived for a patient.

The document that ``to_json`` makes is what ``check_document`` verifies again, without the engine that found it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from osteograph.ontology.errors import BadParameter, NotDerived
from osteograph.ontology.namespaces import PREFIXES
from osteograph.ontology.notice import NOTICE

from .explanation import predicate_iri
from .inference.checker import Checker
from .inference.derivation_graph import derivation_triples, steps_of
from .inference.engine import Engine
from .inference.evidence import PATIENT, Evidence
from .inference.facts import Fact
from .inference.knowledge import Knowledge, Scope, graph_facts
from .inference.proofs import Proof, Prover
from .inference.telling import others, proof_from_json, proof_to_json, proof_to_text
from .names import NameIndex
from .screening.facts import record_facts
from .screening.record import Record
from .stores.base import Store

PATIENT_WORDS = ("patient", "the patient")


@dataclass(frozen=True)
class Derived:
    """A fact with its minimal proofs, the shortest first; ``complete`` tells whether these are all."""

    fact: Fact
    proofs: tuple[Proof, ...]
    complete: bool
    knowledge: Knowledge
    evidence: Evidence

    def to_text(self) -> str:
        """The shortest proof as a tree, and how many others there are."""
        rules = self.knowledge.engine.rules
        told = proof_to_text(self.proofs[0], self.evidence, rules)
        if more := others(len(self.proofs) - 1, are_all=self.complete):
            told += f"({more})\n"
        return f"{told}\n{NOTICE}\n"

    def to_json(self) -> str:
        """All proofs with the origin of each given fact."""
        rules = self.knowledge.engine.rules
        document = {
            "notice": NOTICE,
            "fact": list(self.fact),
            "words": self.evidence.words(self.fact),
            "proofs": [proof_to_json(proof, self.evidence, rules) for proof in self.proofs],
            "complete": self.complete,
        }
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    def to_turtle(self) -> str:
        """All proofs as PROV activities."""
        triples = {triple for proof in self.proofs for triple in derivation_triples(steps_of(proof))}
        data = ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES))
        return f"# {NOTICE}\n{(data or b'').decode()}"


def derive(store: Store, parts: tuple[str, str, str], record: Record | None = None) -> Derived:
    """The proofs of a fact given by names, CURIEs or IRIs; the subject may be ``patient`` where there is a record.

    Raises UnknownName where a name is unknown, and NotDerived where rules do not derive the fact.
    """
    knowledge = Knowledge(store)
    engine, evidence = knowledge.engine, Evidence(store)
    prover = knowledge.prover
    if record is not None:
        facts = record_facts(record, knowledge.engine)
        engine = Engine(facts, below=knowledge.engine)
        prover, evidence = Prover(engine, knowledge.prover), evidence.about(facts.places)
    fact = _fact(store, parts, record)
    if fact not in engine.facts or not engine.derivations_of(fact):
        raise NotDerived(" ".join(parts), [evidence.words(other) for other in _between(engine, fact)])
    found = prover.prove(fact)
    return Derived(fact, found.found, found.complete, knowledge, evidence)


def _between(engine: Engine, fact: Fact) -> list[Fact]:
    """What rules derive between the two ends of a fact, in either direction."""
    one, _, other = fact
    facts = {*engine.facts.match(one, None, other), *engine.facts.match(other, None, one)}
    return sorted(each for each in facts if engine.derivations_of(each))


def _fact(store: Store, parts: tuple[str, str, str], record: Record | None) -> Fact:
    subject, predicate, obj = parts
    names = NameIndex.of(store)
    of_patient = subject.casefold() in PATIENT_WORDS
    if of_patient and record is None:
        raise BadParameter("which patient? give the record with --patient FILE")
    who = PATIENT if of_patient else _node(names, subject)
    return f"<{who}>", f"<{predicate_iri(predicate)}>", f"<{_node(names, obj)}>"


def _node(names: NameIndex, name: str) -> str:
    """A concept by any of its names, or a rule part by its CURIE."""
    if name.startswith("rule:"):
        return PREFIXES["rule"] + name.removeprefix("rule:")
    return str(names.resolve(name).value)


def check_document(store: Store, text: str, record: Record | None = None) -> list[str]:
    """The faults of all proofs in a JSON document, checked against graph and record; nothing where all hold.

    Reads what ``explain --format json`` and ``screen --format json`` write. Raises BadParameter where the document
    holds no proof.
    """
    try:
        trees = list(_trees(json.loads(text)))
        proofs = [proof_from_json(tree) for tree in trees]
    except (ValueError, KeyError, TypeError, SyntaxError, RecursionError) as error:
        raise BadParameter(f"this is no proof that osteograph wrote: {error!r}") from error
    if not proofs:
        raise BadParameter("the document holds no proof; write one with  osteograph explain … --format json")
    given = graph_facts(store, Scope())
    if record is not None:
        given += list(record_facts(record, Engine(given)))
    checker = Checker(given)
    return list(dict.fromkeys(fault for proof in proofs for fault in checker.check(proof)))


def _trees(value: Any) -> Iterable[dict[str, Any]]:
    """The proof trees of a document, wherever they stand in it."""
    if isinstance(value, dict):
        if "conclusion" in value and "rule" in value:
            yield value
            return
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _trees(each)
