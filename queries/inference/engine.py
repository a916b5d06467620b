"""The rule engine: forward chaining to a fixed point, with every derivation kept.

Each fact waits on an agenda until its turn, and is joined, as any one of the premises of a rule, with the facts whose
turn has come: so the last of the premises finds a derivation, and no other finds it again. Rules that ask for the
absence of something run in a later stage, when what they ask about is settled. A patient is a small set of facts on
top of the graph: only what involves one of these is derived anew, so a patient costs milliseconds.

>>> kind = "<https://w3id.org/osteograph/schema/kindOf>"
>>> engine = Engine([("<a>", kind, "<b>"), ("<b>", kind, "<c>")])
>>> [step.rule for step in engine.derivations_of(("<a>", kind, "<c>"))]
['kind_of_kind']
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from osteograph.ontology.derivation_rules import Rule, load_rules

from .facts import Fact, Facts
from .joins import Derivation, Plan, plans_by_predicate


class Engine:
    """Facts and all that rules derive from them."""

    def __init__(
        self, facts: Iterable[Fact], *, below: Engine | None = None, rules: Mapping[str, Rule] | None = None
    ) -> None:
        self.rules: Mapping[str, Rule] = rules if rules is not None else below.rules if below else load_rules()
        self.below = below
        self.facts: Facts = Facts(below=below.facts if below else None)
        self.given = {fact for fact in facts if fact not in self.facts}
        self._derivations: dict[Fact, list[Derivation]] = {}
        self._sorted: dict[Fact, tuple[Derivation, ...]] = {}
        self.plans: list[dict[str, tuple[Plan, ...]]] = below.plans if below else _plans(self.rules)
        waiting: Iterable[Fact] = self.given
        for plans in self.plans:
            self._run(plans, deque(sorted(waiting)))
            waiting = self.facts.own()

    def derivations_of(self, fact: Fact) -> tuple[Derivation, ...]:
        """All rule applications that conclude the fact, in a fixed order."""
        own = self._derivations.get(fact)
        if own is None:
            return self.below.derivations_of(fact) if self.below else ()
        if fact not in self._sorted:
            under = self.below.derivations_of(fact) if self.below else ()
            self._sorted[fact] = tuple(sorted({*own, *under}, key=lambda step: (step.rule, step.premises)))
        return self._sorted[fact]

    def derived(self) -> Iterator[Fact]:
        """The facts that rules conclude and that were not given; those of the engine below are not repeated."""
        return (fact for fact in self._derivations if not self.is_given(fact))

    def has_own(self, fact: Fact) -> bool:
        """Whether this engine, and not only the one below, was given the fact or derives it."""
        return fact in self.given or fact in self._derivations

    def is_given(self, fact: Fact) -> bool:
        """Whether the fact was put in and needs no derivation."""
        return fact in self.given or (self.below is not None and self.below.is_given(fact))

    def _run(self, plans: Mapping[str, tuple[Plan, ...]], agenda: deque[Fact]) -> None:
        """Derive with the rules of one stage until nothing new comes."""
        anything = plans.get("", ())
        while agenda:
            fact = agenda.popleft()
            self.facts.add(fact)
            concerned = [plan for plan in anything if plan.concerns(fact[1], self.facts)]
            for plan in (*plans.get(fact[1], ()), *concerned):
                for step in plan.steps(fact, self.facts):
                    if step.conclusion in self._derivations:
                        self._derivations[step.conclusion].append(step)
                        continue
                    self._derivations[step.conclusion] = [step]
                    if not self._was_known(step.conclusion):
                        agenda.append(step.conclusion)

    def _was_known(self, fact: Fact) -> bool:
        """Whether the fact needs no derivation here: it was given, or is in the engine below."""
        return fact in self.given or (self.below is not None and fact in self.below.facts)


def _plans(rules: Mapping[str, Rule]) -> list[dict[str, tuple[Plan, ...]]]:
    """The plans of each stage, from the first to the last."""
    stages = sorted({rule.stage for rule in rules.values()})
    return [plans_by_predicate(rule for rule in rules.values() if rule.stage == stage) for stage in stages]
