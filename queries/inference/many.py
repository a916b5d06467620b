"""Many patients at once: what follows from an entry of a record is derived once, whoever has the entry.

Where a rule speaks of a patient in one premise alone, it concludes the same of all who have that entry: a property and
a concept. So the rules are run for each different entry of a made-up patient, and what follows for a patient is the
union over the entries. Derivations are not kept; they are found again from the entries when they are asked for, so that
a :class:`.proofs.Prover` proves each fact as it proves those of an engine. Rules that join several entries of one
patient are refused.

>>> bmo = "<https://w3id.org/osteograph/schema/"
>>> given = (bmo + "isRecordProperty>", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>')
>>> from osteograph.ontology.derivation_rules import load_rules
>>> rules = {name: load_rules()[name] for name in ("kind_of_kind", "record_of_kind")}
>>> graph = Engine([(bmo + "presents>", *given), ("<a>", bmo + "kindOf>", "<b>")], rules=rules)
>>> many = Patients([("<p1>", bmo + "presents>", "<a>"), ("<p2>", bmo + "presents>", "<a>")], graph)
>>> [(patient, concept) for patient, _, concept in many.derived()]
[('<p1>', '<b>'), ('<p2>', '<b>')]
>>> [step.premises[1][2] for step in many.derivations_of(("<p2>", bmo + "presents>", "<b>"))]
['<a>']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from osteograph.ontology.derivation_rules import Rule
from osteograph.ontology.errors import BadParameter

from .engine import Engine
from .facts import Fact
from .joins import Derivation

Entry = tuple[str, str]
"""What a record says of a patient: a property and a concept."""
_ANYONE = "<urn:osteograph:anyone>"


class Patients:
    """The entries of many patients on top of a graph, and all that follows from them."""

    def __init__(self, facts: Iterable[Fact], below: Engine) -> None:
        self.below, self.rules = below, below.rules
        self._given: dict[str, set[Entry]] = {}
        for subject, predicate, obj in facts:
            self._given.setdefault(subject, set()).add((predicate, obj))
        self._refuse_known()
        self._steps: dict[Entry, list[tuple[Entry, Derivation]]] = {}
        self._from: dict[Entry, list[tuple[Entry, Derivation]]] = {}
        self._following = {entry: self._follow(entry) for entry in set().union(*self._given.values())}
        self._refuse_joining()
        self._entries = lru_cache(self._entries_of)  # facts are asked for patient by patient

    def everything(self) -> Iterator[Fact]:
        """All that is given and all that follows, patient by patient."""
        for patient, given in self._given.items():
            for predicate, obj in self._union(given):
                yield patient, predicate, obj

    def derived(self) -> Iterator[Fact]:
        """What follows and was not given."""
        return (fact for fact in self.everything() if fact[1:] not in self._given[fact[0]])

    def has_own(self, fact: Fact) -> bool:
        """Whether the fact is given of a patient, or follows."""
        return fact[0] in self._given and fact[1:] in self._entries(fact[0])

    def is_given(self, fact: Fact) -> bool:
        """Whether the fact was put in, here or below, and needs no derivation."""
        return fact[1:] in self._given[fact[0]] if fact[0] in self._given else self.below.is_given(fact)

    def derivations_of(self, fact: Fact) -> tuple[Derivation, ...]:
        """All rule applications that conclude the fact, in a fixed order."""
        patient, entry = fact[0], fact[1:]
        if patient not in self._given:
            return self.below.derivations_of(fact)
        held = self._entries(patient)
        found = [_said_of(patient, step) for source, step in self._from.get(entry, ()) if source in held]
        return tuple(sorted(found, key=lambda step: (step.rule, step.premises)))

    def _entries_of(self, patient: str) -> set[Entry]:
        return self._union(self._given[patient])

    def _union(self, given: Iterable[Entry]) -> set[Entry]:
        """All that follows from some entries, these among it."""
        return set().union(*map(self._following.__getitem__, given))

    def _follow(self, entry: Entry) -> set[Entry]:
        """The entry and all that follows from it for anyone."""
        found, agenda = {entry}, [entry]
        while agenda:
            for more, _ in self._at_once(agenda.pop()):
                if more not in found:
                    found.add(more)
                    agenda.append(more)
        return found

    def _at_once(self, entry: Entry) -> list[tuple[Entry, Derivation]]:
        """What one rule makes of an entry and the graph, each with its derivation."""
        if entry not in self._steps:
            self._steps[entry] = [(step.conclusion[1:], step) for step in self._derive((_ANYONE, *entry))]
            for more, step in self._steps[entry]:
                self._from.setdefault(more, []).append((entry, step))
        return self._steps[entry]

    def _derive(self, fact: Fact) -> Iterator[Derivation]:
        graph = self.below.facts
        for plans in self.below.plans:
            anything = (plan for plan in plans.get("", ()) if plan.concerns(fact[1], graph))
            for plan in (*plans.get(fact[1], ()), *anything):
                for step in plan.steps(fact, graph):
                    if step.conclusion[0] != _ANYONE or step.conclusion[2] == _ANYONE:
                        raise BadParameter(f"the rule {step.rule} says of others what it finds of a patient")
                    yield step

    # What many patients cannot be asked together

    def _refuse_known(self) -> None:
        """Patients of whom the graph speaks, or who speak of one another, are no patients of this kind."""
        known = {term for fact in self.below.facts.own() for term in (fact[0], fact[2])}
        known |= {obj for entries in self._given.values() for _, obj in entries}
        if found := sorted(known & self._given.keys()):
            raise BadParameter(f"{found[0]} is a patient, and the graph or another record speaks of it")

    def _refuse_joining(self) -> None:
        of_patients = {predicate for predicate, _ in self._steps}
        for rule in self.rules.values():
            if _joins(rule, of_patients):
                raise BadParameter(f"many patients cannot be asked at once by the rule {rule.name}: it joins entries")


def _joins(rule: Rule, of_patients: set[str]) -> bool:
    """Whether several patterns of a rule may be about a patient at the same time."""
    patterns = (*rule.premises, *(absent.pattern for absent in rule.absent))
    return sum(predicate in of_patients or predicate.startswith("?") for _, predicate, _ in patterns) > 1


def _said_of(patient: str, step: Derivation) -> Derivation:
    """A derivation for anyone as one for a patient."""
    own = tuple((patient, *premise[1:]) if premise[0] == _ANYONE else premise for premise in step.premises)
    return step._replace(conclusion=(patient, *step.conclusion[1:]), premises=own)
