"""Checking a proof without the engine that found it: each step is run again as SPARQL, by another program.

The premises of a step have to fit the patterns of its rule one by one, which tells what each variable stands for. With
these terms the text of the rule is run over the premises alone: the conclusion has to come out. Given facts have to be
in the graph or in the record. Where a rule asks for absences, its text is run again over everything that the rules, run
as SPARQL until nothing new comes, make of graph and record: the conclusion has to come out there too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import pyoxigraph as ox

from osteograph.ontology.derivation_rules import Pattern, Rule, load_rules

from .derivation_graph import term
from .facts import Fact
from .proofs import Proof

Terms = dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]


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
        bindings = _bindings(rule, premises)
        if bindings is None or proof.fact not in _run(rule, _store(premises), bindings):
            return [f"{rule.name} does not conclude {' '.join(proof.fact)} from its premises"]
        if proof.absent != _absent(rule, bindings):
            return [f"{rule.name} asks for the absence of other things than the proof tells"]
        if rule.absent and proof.fact not in _run(rule, self._closure, bindings):
            return [f"{rule.name} asks for the absence of what holds"]
        return []

    def closure(self) -> set[Fact]:
        """All that is given and all that follows, as the texts of the rules make it."""
        return {(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in self._closure}

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


def _bindings(rule: Rule, premises: Sequence[Fact]) -> Mapping[str, str] | None:
    """What the variables of the rule stand for, where each premise fits its pattern; nothing where one does not."""
    if len(premises) != len(rule.premises):
        return None
    bindings: dict[str, str] = {}
    for pattern, premise in zip(rule.premises, premises, strict=True):
        for name, value in zip(pattern, premise, strict=True):
            if value != (bindings.setdefault(name, value) if name.startswith("?") else name):
                return None
    return bindings


def _absent(rule: Rule, bindings: Mapping[str, str]) -> tuple[Pattern, ...]:
    """The absences that the rule asks for; the word of a proof is not taken."""

    bound = {absent: [bindings.get(name, name) for name in absent.pattern] for absent in rule.absent}
    return tuple((s, p, o) for s, p, o in bound.values())


def _run(rule: Rule, store: ox.Store, bindings: Mapping[str, str]) -> set[Fact]:
    """What the text of a rule concludes in a store, where its variables stand for the terms given."""
    terms: Terms = {ox.Variable(name.removeprefix("?")): term(value) for name, value in bindings.items()}
    found = _triples(store, rule.sparql, terms)
    return {(str(triple.subject), str(triple.predicate), str(triple.object)) for triple in found}


def _triples(store: ox.Store, construct: str, terms: Terms | None = None) -> list[ox.Triple]:
    found = store.query(construct, substitutions=terms or {})
    assert isinstance(found, ox.QueryTriples)
    return list(found)


def _store(facts: Iterable[Fact]) -> ox.Store:
    store = ox.Store()
    text = "".join(f"{' '.join(fact)} .\n" for fact in facts)
    store.bulk_load(text.encode(), format=ox.RdfFormat.N_TRIPLES)
    return store
