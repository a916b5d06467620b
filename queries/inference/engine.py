"""The rule engine: forward chaining to a fixed point, with every derivation kept.

Each new fact is joined, as any one of the premises of a rule, with the facts known so far. Rules that ask for the
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
from dataclasses import dataclass

from osteograph.ontology.derivation_rules import Pattern, Rule, load_rules

from .facts import Fact, Facts

Bindings = dict[str, str]


@dataclass(frozen=True)
class Derivation:
    """One application of a rule: the premises in the order of the rule, and what was found absent."""

    rule: str
    conclusion: Fact
    premises: tuple[Fact, ...]
    absent: tuple[Pattern, ...] = ()


@dataclass(frozen=True)
class _Plan:
    """A rule entered by one of its premises, and the order in which the others are joined."""

    rule: Rule
    entry: Pattern
    order: tuple[Pattern, ...]


class Engine:
    """Facts and all that rules derive from them."""

    def __init__(
        self, facts: Iterable[Fact], *, below: Engine | None = None, rules: Mapping[str, Rule] | None = None
    ) -> None:
        self.rules: Mapping[str, Rule] = rules if rules is not None else below.rules if below else load_rules()
        self.below = below
        self.facts: Facts = Facts(below=below.facts if below else None)
        self.given = {fact for fact in facts if self.facts.add(fact)}
        self._derivations: dict[Fact, dict[Derivation, None]] = {}
        self._plans: list[dict[str, tuple[_Plan, ...]]] = below._plans if below else _plans(self.rules)
        for by_predicate in self._plans:
            self._run(by_predicate)

    def derivations_of(self, fact: Fact) -> tuple[Derivation, ...]:
        """All rule applications that conclude the fact, in a fixed order."""
        own = tuple(self._derivations.get(fact, ()))
        under = self.below.derivations_of(fact) if self.below else ()
        return tuple(sorted({*own, *under}, key=lambda step: (step.rule, step.premises)))

    def derived(self) -> Iterator[Fact]:
        """The facts that rules conclude and that were not given; those of the engine below are not repeated."""
        return (fact for fact in self._derivations if not self.is_given(fact))

    def has_own(self, fact: Fact) -> bool:
        """Whether this engine, and not only the one below, was given the fact or derives it."""
        return fact in self.given or fact in self._derivations

    def is_given(self, fact: Fact) -> bool:
        """Whether the fact was put in and needs no derivation."""
        return fact in self.given or (self.below is not None and self.below.is_given(fact))

    def _run(self, by_predicate: Mapping[str, tuple[_Plan, ...]]) -> None:
        """Derive with the rules of one stage until nothing new comes."""
        anything = by_predicate.get("", ())
        agenda = deque(sorted(self.facts.own()))
        while agenda:
            fact = agenda.popleft()
            for plan in (*by_predicate.get(fact[1], ()), *anything):
                for step in self._steps(plan, fact):
                    known = self._derivations.setdefault(step.conclusion, {})
                    if step not in known:
                        known[step] = None
                        if self.facts.add(step.conclusion):
                            agenda.append(step.conclusion)

    def _steps(self, plan: _Plan, fact: Fact) -> list[Derivation]:
        """The derivations in which the fact is the premise that the plan enters by."""
        start = _unify(plan.entry, fact, {})
        if start is None:
            return []
        found = []
        for bindings in self._join(plan.order, start):
            if _passes(plan.rule, bindings) and not self._finds(plan.rule, bindings):
                found.append(_derivation(plan.rule, bindings))
        return found

    def _join(self, patterns: tuple[Pattern, ...], bindings: Bindings) -> Iterator[Bindings]:
        if not patterns:
            yield bindings
            return
        subject, predicate, obj = patterns[0]
        for fact in self.facts.match(_value(subject, bindings), _value(predicate, bindings), _value(obj, bindings)):
            more = _unify(patterns[0], fact, bindings)
            if more is not None:
                yield from self._join(patterns[1:], more)

    def _finds(self, rule: Rule, bindings: Bindings) -> bool:
        """Whether anything is there that the rule wants to be absent."""
        return any(
            next(self.facts.match(*(_value(term, bindings) for term in absent.pattern)), None) is not None
            for absent in rule.absent
        )


def _plans(rules: Mapping[str, Rule]) -> list[dict[str, tuple[_Plan, ...]]]:
    """For each stage: the plans by the predicate they are entered by; the empty string stands for any."""
    stages: list[dict[str, tuple[_Plan, ...]]] = []
    for stage in sorted({rule.stage for rule in rules.values()}):
        by_predicate: dict[str, tuple[_Plan, ...]] = {}
        for rule in rules.values():
            for index, entry in enumerate(rule.premises):
                if rule.stage == stage:
                    others = rule.premises[:index] + rule.premises[index + 1 :]
                    key = "" if entry[1].startswith("?") else entry[1]
                    by_predicate[key] = (*by_predicate.get(key, ()), _Plan(rule, entry, _order(entry, others)))
        stages.append(by_predicate)
    return stages


def _order(entry: Pattern, others: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    """Join next what the bindings select best: a predicate that is known, then a subject or object that is bound.

    A constant selects less than a bound variable: "not said" stands in most rule parts.
    """
    bound = {term for term in entry if term.startswith("?")}
    left, ordered = list(others), []
    while left:
        best = max(left, key=lambda pattern: _selectivity(pattern, bound))
        left.remove(best)
        ordered.append(best)
        bound.update(term for term in best if term.startswith("?"))
    return tuple(ordered)


def _selectivity(pattern: Pattern, bound: set[str]) -> tuple[bool, int]:
    subject, predicate, obj = pattern
    weights = [2 if term in bound else 0 if term.startswith("?") else 1 for term in (subject, obj)]
    return not predicate.startswith("?") or predicate in bound, sum(weights)


def _value(term: str, bindings: Bindings) -> str | None:
    return bindings.get(term) if term.startswith("?") else term


def _unify(pattern: Pattern, fact: Fact, bindings: Bindings) -> Bindings | None:
    """The bindings under which the pattern is the fact, or None."""
    more = dict(bindings)
    for term, value in zip(pattern, fact, strict=True):
        if not term.startswith("?"):
            if term != value:
                return None
        elif more.setdefault(term, value) != value:
            return None
    return more


def _passes(rule: Rule, bindings: Bindings) -> bool:
    return all(bindings[each.variable] in each.terms for each in rule.one_of) and all(
        bindings[each.left] != bindings[each.right] for each in rule.differ
    )


def _derivation(rule: Rule, bindings: Bindings) -> Derivation:
    return Derivation(
        rule.name,
        fill(rule.conclusion, bindings),
        tuple(fill(premise, bindings) for premise in rule.premises),
        tuple(fill(absent.pattern, bindings) for absent in rule.absent),
    )


def fill(pattern: Pattern, bindings: Bindings) -> Fact:
    """The pattern with its variables replaced where they are bound."""
    subject, predicate, obj = (bindings.get(term, term) for term in pattern)
    return subject, predicate, obj
