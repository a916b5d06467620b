"""Checking a proof without the engine that found it: each step is run again as SPARQL, by another program.

The text of a rule is run over the premises of its step alone: the conclusion has to come out. Given facts have to be in
the graph or in the record. What a step found absent is looked for in everything that the rules, run as SPARQL until
nothing new comes, make of graph and record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import pyoxigraph as ox

from osteograph.ontology.derivation_rules import Pattern, Rule, load_rules

from .facts import Fact
from .proofs import Proof


class Checker:
    """Re-verifies proofs against given facts; ``check`` lists what is wrong, nothing where the proof holds."""

    def __init__(self, given: Iterable[Fact], rules: Mapping[str, Rule] | None = None) -> None:
        self.given = frozenset(given)
        self.rules = rules if rules is not None else load_rules()

    def check(self, proof: Proof) -> list[str]:
        """The faults of a proof, in words."""
        if proof.rule is None:
            return [] if proof.fact in self.given else [f"not given: {' '.join(proof.fact)}"]
        faults = [fault for premise in proof.premises for fault in self.check(premise)]
        if proof.rule not in self.rules:
            return [*faults, f"no rule is called {proof.rule}"]
        return faults + self._step(proof, self.rules[proof.rule])

    def _step(self, proof: Proof, rule: Rule) -> list[str]:
        premises = [premise.fact for premise in proof.premises]
        if proof.fact not in _run(rule, premises):
            return [f"{rule.name} does not conclude {' '.join(proof.fact)} from its premises"]
        if len(proof.absent) != len(rule.absent):
            return [f"{rule.name} asks for {len(rule.absent)} absences, the proof tells {len(proof.absent)}"]
        return [
            f"{rule.name} asks for the absence of {' '.join(pattern)}, which holds"
            for pattern in self._absent(rule, proof)
            if self._holds(pattern)
        ]

    def _absent(self, rule: Rule, proof: Proof) -> list[Pattern]:
        """The absences that the rule itself asks for under the bindings of the step; the proof's word is not taken."""
        bindings = _bindings(rule, proof)
        return [(*(bindings.get(term, term) for term in absent.pattern),) for absent in rule.absent]  # type: ignore[misc]

    def _holds(self, pattern: Pattern) -> bool:
        return bool(self._closure.query(f"ASK {{ {' '.join(pattern)} }}"))

    @cached_property
    def _closure(self) -> ox.Store:
        """All that the rules make of what is given, by running their texts until nothing new comes."""
        store = _store(self.given)
        for stage in sorted({rule.stage for rule in self.rules.values()}):
            texts = [rule.sparql for rule in self.rules.values() if rule.stage == stage]
            size = -1
            while size != len(store):
                size = len(store)
                for text in texts:
                    store.extend([ox.Quad(*triple) for triple in _triples(store, text)])
        return store


def _bindings(rule: Rule, proof: Proof) -> dict[str, str]:
    """What the variables of the rule stand for in the step."""
    bindings: dict[str, str] = {}
    for pattern, premise in zip(rule.premises, proof.premises, strict=True):
        bindings.update(zip(pattern, premise.fact, strict=True))
    return {name: value for name, value in bindings.items() if name.startswith("?")}


def _run(rule: Rule, facts: Iterable[Fact]) -> set[Fact]:
    """What the text of a rule concludes from some facts."""
    found = _triples(_store(facts), rule.sparql)
    return {(str(triple.subject), str(triple.predicate), str(triple.object)) for triple in found}


def _triples(store: ox.Store, construct: str) -> list[ox.Triple]:
    found = store.query(construct)
    assert isinstance(found, ox.QueryTriples)
    return list(found)


def _store(facts: Iterable[Fact]) -> ox.Store:
    store = ox.Store()
    text = "".join(f"{' '.join(fact)} .\n" for fact in facts)
    store.bulk_load(text.encode(), format=ox.RdfFormat.N_TRIPLES)
    return store
