"""Minimal proofs: which given facts a conclusion rests on, so that none of them can be left out.

A conclusion may have several minimal proofs, each with facts of its own. All are found (up to a limit that is told),
the shortest first: take one fact away, and the conclusion is gone unless another listed proof stands without it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from osteograph.ontology.derivation_rules import Pattern, Rule

from .facts import Fact
from .joins import Derivation

LIMIT = 32
Ground = frozenset[Fact]
"""The given facts of one proof."""


@dataclass(frozen=True)
class Proof:
    """A proof tree: a given fact, or the conclusion of a rule with a proof for each premise."""

    fact: Fact
    rule: str | None = None
    premises: tuple[Proof, ...] = ()
    absent: tuple[Pattern, ...] = ()

    def leaves(self) -> list[Fact]:
        """The given facts of the proof, each once, in the order in which they are met."""
        found = [self.fact] if self.rule is None else [leaf for each in self.premises for leaf in each.leaves()]
        return list(dict.fromkeys(found))

    def steps(self) -> Iterator[Proof]:
        """All rule applications of the tree, the last one first."""
        if self.rule is not None:
            yield self
            for premise in self.premises:
                yield from premise.steps()


@dataclass(frozen=True)
class Proofs:
    """The minimal proofs of a conclusion, the shortest first; ``complete`` tells whether these are all."""

    found: tuple[Proof, ...]
    complete: bool


class Deriving(Protocol):
    """What tells given facts, and how each other one is derived: an engine, or many patients on top of one."""

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The rules by name."""

    def derivations_of(self, fact: Fact) -> tuple[Derivation, ...]:
        """All rule applications that conclude the fact, in a fixed order."""

    def is_given(self, fact: Fact) -> bool:
        """Whether the fact was put in and needs no derivation."""

    def has_own(self, fact: Fact) -> bool:
        """Whether the fact is given or derived here, and not only in what lies below."""


class Prover:
    """Finds proofs in an engine; what it finds about the engine below is kept for the next patient."""

    def __init__(self, engine: Deriving, below: Prover | None = None, limit: int = LIMIT) -> None:
        self.engine, self.below, self.limit = engine, below, limit
        self._grounds: dict[Fact, tuple[Ground, ...]] = {}
        self._cut: set[Fact] = set()

    def prove(self, fact: Fact) -> Proofs:
        """All minimal proofs of a fact, none where it does not hold."""
        grounds = self.grounds(fact)
        proofs = [self.tree(fact, ground) for ground in grounds]
        proofs.sort(key=lambda proof: (len(proof.leaves()), sum(1 for _ in proof.steps()), proof.leaves()))
        return Proofs(tuple(proofs), not self.was_cut(fact))

    def grounds(self, fact: Fact) -> tuple[Ground, ...]:
        """The smallest sets of given facts that the fact follows from."""
        if self.below is not None and self._is_of_below(fact):
            return self.below.grounds(fact)
        if fact not in self._grounds:
            self._settle(fact)
        return self._grounds[fact]

    def _is_of_below(self, fact: Fact) -> bool:
        """Facts of the graph are proven once for all patients; a patient never adds to what is known of the graph."""
        assert self.below is not None
        return self.below.engine.has_own(fact) and not self.engine.has_own(fact)

    def _settle(self, fact: Fact) -> None:
        """Find the grounds of a fact and of all that it may follow from, by going round until nothing changes."""
        order = self._support(fact)
        found: dict[Fact, tuple[Ground, ...]] = {each: self._given(each) for each in order}
        users = self._users(found)
        stale = set(order)
        while stale:
            for each in order:
                if each in stale:
                    stale.remove(each)
                    better = self._improve(each, found)
                    if better != found[each]:
                        found[each] = better
                        stale.update(users[each])
        self._grounds.update(found)

    def _users(self, facts: Collection[Fact]) -> dict[Fact, set[Fact]]:
        """For each of some facts, those of them that a rule concludes from it."""
        users: dict[Fact, set[Fact]] = {each: set() for each in facts}
        for each in facts:
            for step in self.engine.derivations_of(each):
                for premise in step.premises:
                    if premise in users:
                        users[premise].add(each)
        return users

    def _support(self, fact: Fact) -> list[Fact]:
        """The fact and all facts of this engine that its derivations lead back to, premises first."""
        seen: dict[Fact, None] = {}
        ordered: list[Fact] = []
        stack: list[tuple[Fact, bool]] = [(fact, False)]
        while stack:
            each, done = stack.pop()
            if done:
                ordered.append(each)
            elif each not in seen:
                seen[each] = None
                stack.append((each, True))
                premises = (p for step in self.engine.derivations_of(each) for p in step.premises)
                stack.extend((premise, False) for premise in premises if premise not in self._grounds)
        return [each for each in ordered if not (self.below is not None and self._is_of_below(each))]

    def _given(self, fact: Fact) -> tuple[Ground, ...]:
        return (frozenset({fact}),) if self.engine.is_given(fact) else ()

    def _improve(self, fact: Fact, found: dict[Fact, tuple[Ground, ...]]) -> tuple[Ground, ...]:
        candidates = set(self._given(fact))
        for step in self.engine.derivations_of(fact):
            candidates.update(self._of_step(step, found))
        minimal = smallest(candidates)
        if len(minimal) > self.limit:
            self._cut.add(fact)
        return tuple(minimal[: self.limit])

    def _of_step(self, step: Derivation, found: dict[Fact, tuple[Ground, ...]]) -> set[Ground]:
        """The unions of one ground for each premise."""
        unions: set[Ground] = {frozenset()}
        for premise in dict.fromkeys(step.premises):
            grounds = found[premise] if premise in found else self.grounds(premise)
            unions = {union | ground for union in unions for ground in grounds}
            if len(unions) > self.limit:
                unions = set(smallest(unions)[: self.limit * 2])
        return unions

    def was_cut(self, fact: Fact) -> bool:
        """Whether a limit kept proofs away, here or in what the fact follows from."""
        seen = set(self._support(fact)) | {fact}
        premises = {p for each in seen for step in self.engine.derivations_of(each) for p in step.premises}
        return bool(self._cut & (seen | premises)) or (self.below is not None and bool(self.below._cut & premises))

    def tree(self, fact: Fact, ground: Ground) -> Proof:
        """The flattest tree that proves the fact from the ground alone."""
        depth: dict[Fact, int] = dict.fromkeys(ground, 0)
        choice: dict[Fact, Derivation] = {}
        pending = self._support_above(fact, ground)
        changed = True
        while changed:
            changed = False
            for each in pending:
                for step in self.engine.derivations_of(each):
                    if all(premise in depth for premise in step.premises):
                        deep = 1 + max((depth[premise] for premise in step.premises), default=0)
                        if deep < depth.get(each, deep + 1):
                            depth[each], choice[each], changed = deep, step, True
        return _grow(fact, choice)

    def _support_above(self, fact: Fact, ground: Ground) -> list[Fact]:
        """The fact and what its derivations lead back to, here and below, as far as the ground."""
        seen: dict[Fact, None] = {}
        stack = [fact]
        while stack:
            each = stack.pop()
            if each not in seen and each not in ground:
                seen[each] = None
                stack.extend(p for step in self.engine.derivations_of(each) for p in step.premises)
        return list(reversed(seen))


def _grow(fact: Fact, choice: dict[Fact, Derivation]) -> Proof:
    step = choice.get(fact)
    if step is None:
        return Proof(fact)
    return Proof(fact, step.rule, tuple(_grow(premise, choice) for premise in step.premises), step.absent)


def smallest(grounds: Iterable[Ground]) -> list[Ground]:
    """The sets that hold no other one, the smallest first."""
    kept: list[Ground] = []
    for _, of_one_size in groupby(sorted(set(grounds), key=lambda each: (len(each), sorted(each))), key=len):
        smaller = tuple(kept)  # none of one size holds another
        kept += [ground for ground in of_one_size if not any(map(ground.issuperset, smaller))]
    return kept
