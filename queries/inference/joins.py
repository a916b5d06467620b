"""Rules made ready for joining: every term of a rule has a place in a row, constants in theirs from the start.

A plan enters a rule by one of its premises and joins the others in a fixed order, so that what is bound at each join is
known before any fact is seen.

>>> from osteograph.ontology.derivation_rules import load_rules
>>> kind = "<https://w3id.org/osteograph/schema/kindOf>"
>>> plan = Plan(load_rules()["kind_of_kind"], 0)
>>> [step.conclusion[2] for step in plan.steps(("<a>", kind, "<b>"), Facts([("<b>", kind, "<c>")]))]
['<c>']
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from osteograph.ontology.derivation_rules import Pattern, Rule

from .facts import Fact, Facts

Places = tuple[int, int, int]
"""Where a pattern's subject, predicate and object stand in the row."""
_ANYTHING = ""  # in a row: not bound


class Derivation(NamedTuple):
    """One application of a rule: the premises in the order of the rule, and what was found absent."""

    rule: str
    conclusion: Fact
    premises: tuple[Fact, ...]
    absent: tuple[Pattern, ...] = ()


class Plan:
    """A rule entered by one of its premises, and the order in which the others are joined."""

    def __init__(self, rule: Rule, entry: int) -> None:
        self.rule = rule
        patterns = (rule.conclusion, *rule.premises, *(absent.pattern for absent in rule.absent))
        self._terms = tuple(dict.fromkeys(term for pattern in patterns for term in pattern))
        self._row = [_ANYTHING if term.startswith("?") else term for term in self._terms]
        self._entry = self._places(rule.premises[entry])
        self._said_of_predicate = _about(rule.premises[entry][1], rule.premises)
        self._others = tuple(self._places(each) for place, each in enumerate(rule.premises) if place != entry)
        self._conclusion = self._places(rule.conclusion)
        self._premises = tuple(map(self._places, rule.premises))
        self._absent = tuple(self._places(absent.pattern) for absent in rule.absent)
        self._one_of = tuple((self._terms.index(each.variable), each.terms) for each in rule.one_of)
        self._differ = tuple((self._terms.index(each.left), self._terms.index(each.right)) for each in rule.differ)

    def concerns(self, predicate: str, facts: Facts) -> bool:
        """Whether a plan that any predicate enters has use for this one: another premise has to say something of it."""
        if self._said_of_predicate is None:
            return True
        said, of_subject = self._said_of_predicate
        return bool(facts.objects(predicate, said) if of_subject else facts.subjects(said, predicate))

    def steps(self, fact: Fact, facts: Facts) -> list[Derivation]:
        """The derivations from facts in which the fact is the premise that the plan enters by."""
        row = self._row.copy()
        found: list[Derivation] = []
        if _bind(row, self._entry, fact):
            self._search(self._others, row, facts, found)
        return found

    def _search(self, left: tuple[Places, ...], row: list[str], facts: Facts, found: list[Derivation]) -> None:
        """Join the premises that are left, at each turn the one that fewest facts fit."""
        if not left:
            if self._passes(row, facts):
                found.append(self._derivation(row))
            return
        terms: Collection[str] | None = None
        best, place = left[0], -1
        for each in left:
            subject, predicate, obj = row[each[0]], row[each[1]], row[each[2]]
            if not predicate or not (subject or obj):
                continue  # all that the predicate relates, or anything: only where nothing else is left
            if subject and obj:
                if (subject, predicate, obj) not in facts:
                    return
                best, place, terms = each, each[2], (obj,)
                break
            here = facts.objects(subject, predicate) if subject else facts.subjects(predicate, obj)
            if terms is None or len(here) < len(terms):
                best, place, terms = each, each[2] if subject else each[0], here
        rest = tuple([each for each in left if each is not best])
        if terms is None:
            self._search_any(best, rest, row, facts, found)
            return
        before = row[place]
        for row[place] in terms:
            self._search(rest, row, facts, found)
        row[place] = before

    def _search_any(
        self, premise: Places, rest: tuple[Places, ...], row: list[str], facts: Facts, found: list[Derivation]
    ) -> None:
        """A join whose predicate is not bound, or nothing but the predicate."""
        before = row.copy()
        for fact in facts.match(*(row[place] or None for place in premise)):
            if _bind(row, premise, fact):
                self._search(rest, row, facts, found)
            row[:] = before

    def _passes(self, row: list[str], facts: Facts) -> bool:
        """Whether all conditions of the rule hold, among them that nothing is there that it wants to be absent."""
        for place, terms in self._one_of:
            if row[place] not in terms:
                return False
        for left, right in self._differ:
            if row[left] == row[right]:
                return False
        for places in self._absent:
            if next(facts.match(*(row[place] or None for place in places)), None) is not None:
                return False
        return True

    def _derivation(self, row: list[str]) -> Derivation:
        subject, predicate, obj = self._conclusion
        return Derivation(
            self.rule.name,
            (row[subject], row[predicate], row[obj]),
            tuple([(row[one], row[two], row[three]) for one, two, three in self._premises]),
            tuple([self._sought(row, places) for places in self._absent]) if self._absent else (),
        )

    def _sought(self, row: list[str], places: Places) -> Pattern:
        """What was found absent; a variable that nothing binds stands for anything."""
        subject, predicate, obj = (row[place] or self._terms[place] for place in places)
        return subject, predicate, obj

    def _places(self, pattern: Pattern) -> Places:
        subject, predicate, obj = map(self._terms.index, pattern)
        return subject, predicate, obj


def _about(variable: str, premises: Iterable[Pattern]) -> tuple[str, bool] | None:
    """The predicate of a premise about a term, and whether that is its subject (else its object)."""
    for subject, predicate, obj in premises:
        if variable in (subject, obj) and not predicate.startswith("?"):
            return predicate, variable == subject
    return None


def _bind(row: list[str], places: Places, fact: Fact) -> bool:
    """Put the terms of a fact in their places; False where another term stands there."""
    for place, term in zip(places, fact, strict=True):
        if row[place] == _ANYTHING:
            row[place] = term
        elif row[place] != term:
            return False
    return True


def plans_by_predicate(rules: Iterable[Rule]) -> dict[str, tuple[Plan, ...]]:
    """The plans of some rules by the predicate they are entered by; the empty string stands for any."""
    plans: dict[str, tuple[Plan, ...]] = {}
    for rule in rules:
        for index, (_, predicate, _) in enumerate(rule.premises):
            key = _ANYTHING if predicate.startswith("?") else predicate
            plans[key] = (*plans.get(key, ()), Plan(rule, index))
    return plans
