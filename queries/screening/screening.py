"""Screening a record: what is said against each treatment and why, and what could not be judged.

Flags have the strength of the rule that they come from and never more. A raised risk, a check that is not on record and
what could not be judged are told apart from the flags. Educational, not medical advice; reviewed by no clinician.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from osteograph.ontology.namespaces import RULE, SCHEMA

from ..inference.engine import Engine
from ..inference.evidence import ORIGINS, PATIENT, Evidence, RulePart
from ..inference.facts import Fact, Facts
from ..inference.knowledge import Knowledge, part_of
from ..inference.proofs import Ground, Proof, Prover, smallest
from .facts import bmo, considered, record_facts
from .record import Entry, Record
from .unjudged import Unjudged, find_unjudged

STRENGTHS = {
    "hasContraindicatedTreatment": "contraindicated",
    "hasNotRecommendedTreatment": "not recommended",
    "hasCautionedTreatment": "caution",
    "hasRaisedRiskTreatment": "raised risk",
}
"""The flags from the strongest to the weakest, by the property that derives them."""
RAISED = "raised risk"
MOST_GROUNDS = 128
"""How many minimal proofs of one flag are found; a flag has one line for each rule, and no rule may be cut off."""
_NO_REASON = (bmo("considersTreatment"), bmo("hasSoleTreatment"), bmo("hasEntry"))
_PATIENT = f"<{PATIENT}>"
_EXEMPT = bmo("isExemptFrom")


@dataclass(frozen=True)
class Finding:
    """Something derived of the patient, with its shortest proof and what it rests on.

    ``origin`` is one of :data:`ORIGINS`: whose word it is; that of the record where no text and no curator has a part
    in it. ``unconfirmed`` says that the rule leaves open whether the treatment inherits it. ``more`` counts the other
    minimal proofs, and ``complete`` says that these are all.
    """

    strength: str
    concept: str
    words: str
    proof: Proof
    origin: str
    parts: tuple[RulePart, ...] = ()
    unconfirmed: bool = False
    more: int = 0
    complete: bool = True


@dataclass(frozen=True)
class TreatmentResult:
    """What was found about one treatment of the record; ``entries`` name it, what is given before what is planned."""

    entries: tuple[Entry, ...]
    label: str
    flags: tuple[Finding, ...]
    raised_risks: tuple[Finding, ...]
    missing_indications: tuple[Finding, ...]
    missing_checks: tuple[Finding, ...]
    address_first: tuple[Finding, ...]
    unjudged: tuple[Unjudged, ...]

    @property
    def entry(self) -> Entry:
        """The first of the entries that name it."""
        return self.entries[0]


@dataclass(frozen=True)
class Screening:
    """The outcome for one record; ``knowledge`` and ``evidence`` are what proofs are told with."""

    record: Record
    knowledge: Knowledge
    evidence: Evidence
    treatments: tuple[TreatmentResult, ...]
    emergencies: tuple[Finding, ...]
    possible_emergencies: tuple[Finding, ...]
    substances_twice: tuple[Finding, ...]
    other_checks: tuple[Finding, ...]
    facts: tuple[Fact, ...]

    def flags(self) -> list[Finding]:
        """All flags of all treatments."""
        return [flag for treatment in self.treatments for flag in treatment.flags]


class Screener:
    """Screens records against one body of knowledge; what is derived of the graph is derived once."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.prover = Prover(knowledge.engine, limit=MOST_GROUNDS)
        self.evidence = Evidence(knowledge.store)

    def screen(self, record: Record, supposed: tuple[Entry, ...] = ()) -> Screening:
        """Everything that follows for one record, and for treatments supposed one by one on top of it."""
        return _Run(self, record, supposed).outcome()


class _Run:
    """One record on top of the graph."""

    def __init__(self, screener: Screener, record: Record, supposed: tuple[Entry, ...]) -> None:
        self.record, self.knowledge, self.supposed = record, screener.knowledge, supposed
        given = record_facts(record, self.knowledge.engine, supposed)
        self.engine = Engine(given, below=self.knowledge.engine)
        self.prover = Prover(self.engine, screener.prover, MOST_GROUNDS)
        self.evidence = screener.evidence.about(given.places)
        self.given = tuple(given)

    def outcome(self) -> Screening:
        entries: dict[str, list[Entry]] = {}
        for entry in (*considered(self.record), *self.supposed):
            entries.setdefault(entry.concept, []).append(entry)
        return Screening(
            record=self.record,
            knowledge=self.knowledge,
            evidence=self.evidence,
            treatments=tuple(map(self._treatment, entries.values())),
            emergencies=self._of_patient("hasEmergency", "emergency"),
            possible_emergencies=self._of_patient("hasPossibleEmergency", "possible emergency"),
            substances_twice=self._of_patient("hasSubstanceTwice", "same substance twice"),
            other_checks=tuple(self._checks(self._managements(entries))),
            facts=self.given,
        )

    def _treatment(self, named: Iterable[Entry]) -> TreatmentResult:
        entry, *others = sorted(named, key=lambda each: each.time)  # now before planned
        names = self._names(entry)
        found = [flag for name in names for flag in self._flags(name)]
        found.sort(key=lambda flag: (list(STRENGTHS.values()).index(flag.strength), flag.words, flag.concept))
        found = [flag for place, flag in enumerate(found) if not _is_said_before(flag, found[:place])]
        return TreatmentResult(
            entries=(entry, *others),
            label=self.evidence.name(f"<{entry.concept}>"),
            flags=tuple(flag for flag in found if flag.strength != RAISED),
            raised_risks=tuple(flag for flag in found if flag.strength == RAISED),
            missing_indications=tuple(self._about(names, "lacksIndicationFor", "missing indication")),
            missing_checks=tuple(self._checks(names)),
            address_first=tuple(self._through(names, "shouldAddress", "address first")),
            unjudged=(
                *find_unjudged(self.engine, self.record, entry, names, self.evidence),
                *self._if_product(entry),
            ),
        )

    def _if_product(self, entry: Entry) -> Iterator[Unjudged]:
        """What would be said of the products that the entry may mean, where it names none of them."""
        term = f"<{entry.concept}>"
        facts = self.engine.facts
        products = {each[0] for each in facts.match(None, bmo("hasActiveSubstance"), term)}
        products |= {each[0] for each in facts.match(None, bmo("kindOf"), term) if _is_product(each[0], facts)}
        for product in sorted(products):
            for flag in self._flags(product):
                if flag.strength != RAISED:
                    reason = f"{flag.strength} if {self.evidence.name(product)} is meant: {flag.words}"
                    yield Unjudged(reason, tuple(part.name for part in flag.parts))

    def _names(self, entry: Entry) -> list[str]:
        """The treatment, and the class of drugs that it consists in giving."""
        term = f"<{entry.concept}>"
        return [term, *sorted(obj for _, _, obj in self.engine.facts.match(term, bmo("givesDrug"), None))]

    def _flags(self, treatment: str) -> Iterator[Finding]:
        """One flag for each strength and safety rule (or article statement), with the shortest proof."""
        for name, strength in STRENGTHS.items():
            fact = (_PATIENT, bmo(name), treatment)
            grounds: dict[tuple[str, ...], list[Ground]] = {}
            for ground in self.prover.grounds(fact):
                if self._is_of_itself(ground, treatment):
                    continue
                grounds.setdefault(self._decided_by(ground), []).append(ground)
            for alternatives in grounds.values():
                yield self._finding(fact, strength, smallest(alternatives))

    def _is_of_itself(self, ground: Ground, treatment: str) -> bool:
        """Whether all that the record gives is the treatment itself: no treatment speaks against itself."""
        told = [leaf for leaf in ground if _tells(leaf, self.evidence)]
        return bool(told) and all(leaf[2] == treatment for leaf in told)

    def _decided_by(self, ground: Ground) -> tuple[str, ...]:
        """What a flag stands on: the safety rules that say it, none where it is the word of an article."""
        return tuple(sorted({part.iri.rpartition("-")[0] for part in self._parts(ground)}))

    def _parts(self, ground: Ground) -> list[RulePart]:
        """The rule parts that say a thing; those that only name an effect are left out."""
        parts = [self.evidence.part(part) for part in parts_of(ground)]
        return [part for part in parts if part.strength != "adverse effect"]

    def _finding(self, fact: Fact, strength: str, grounds: list[Ground]) -> Finding:
        proof = self._best_proof(fact, grounds)
        parts = {part.iri: part for ground in grounds for part in self._parts(ground)}
        steps = {step.rule for step in proof.steps() if step.rule}
        return Finding(
            strength=strength,
            concept=fact[2].strip("<>"),
            words=self._reason(proof, steps),
            proof=proof,
            origin="label" if parts else self._origin(proof),
            parts=tuple(parts.values()),
            unconfirmed=self._is_unconfirmed(proof),
            more=len(grounds) - 1,
            complete=not self.prover.was_cut(fact),
        )

    def _best_proof(self, fact: Fact, grounds: list[Ground]) -> Proof:
        """The shortest of those that leave no inheritance open, else the shortest."""
        for ground in grounds:
            proof = self.prover.tree(fact, ground)
            if not self._is_unconfirmed(proof):
                return proof
        return self.prover.tree(fact, grounds[0])

    def _is_unconfirmed(self, proof: Proof) -> bool:
        rules = self.knowledge.engine.rules
        return any(rules[step.rule].leaves_inheritance_open for step in proof.steps() if step.rule)

    def _origin(self, proof: Proof) -> str:
        """Whose word a finding without a safety rule is: the weightiest of those that its proof rests on."""
        origins = {self.evidence.leaf(fact).origin for fact in proof.leaves()}
        return next(origin for origin in ORIGINS if origin in origins - {"schema"})

    def _reason(self, proof: Proof, steps: set[str]) -> str:
        """What of the record the proof rests on, in words."""
        told = told_by_record(proof, self.evidence)
        words = " and ".join(dict.fromkeys(self.evidence.name(f"<{iri}>") for iri in told))
        absent = [f"no {self.evidence.name(pattern[2])} on record" for pattern in proof.absent if pattern[1] != _EXEMPT]
        alone = any(rule.endswith("_alone") for rule in steps)
        return (words or " and ".join(absent)) + (", as the only treatment" if alone else "")

    def _of_patient(self, relation: str, strength: str) -> tuple[Finding, ...]:
        facts = sorted(self.engine.facts.match(_PATIENT, bmo(relation), None))
        return tuple(self._finding(fact, strength, list(self.prover.grounds(fact))) for fact in facts)

    def _about(self, names: list[str], relation: str, strength: str) -> Iterator[Finding]:
        for fact in sorted(self.engine.facts.match(_PATIENT, bmo(relation), None)):
            if fact[2] in names:
                yield self._finding(fact, strength, list(self.prover.grounds(fact)))

    def _through(self, names: Iterable[str], relation: str, strength: str) -> Iterator[Finding]:
        """Findings whose derivation considers one of the treatments."""
        asked = {(_PATIENT, bmo("considersTreatment"), name) for name in names}
        for fact in sorted(self.engine.facts.match(_PATIENT, bmo(relation), None)):
            grounds = [ground for ground in self.prover.grounds(fact) if self._considers(ground, asked)]
            if grounds:
                yield self._finding(fact, strength, grounds)

    def _considers(self, ground: Ground, asked: set[Fact]) -> bool:
        managed = {f"<{SCHEMA}managementOf>"} & {predicate for _, predicate, _ in ground}
        return bool(ground & asked) or any(
            fact in asked and managed and any(leaf[0] == fact[2] for leaf in ground) for fact in asked
        )

    def _checks(self, names: Iterable[str]) -> Iterator[Finding]:
        return self._through(names, "lacksCheck", "check not on record")

    def _managements(self, entries: Container[str]) -> list[str]:
        """Considered treatments that the record does not name: the management of a condition."""
        all_of_them = [obj for _, _, obj in self.engine.facts.match(_PATIENT, bmo("considersTreatment"), None)]
        return sorted(term for term in all_of_them if term.strip("<>") not in entries)


def _is_said_before(flag: Finding, stronger: list[Finding]) -> bool:
    """Whether an unconfirmed flag only repeats, more weakly, what its rule says of the treatment outright."""
    rules = {part.iri.rpartition("-")[0] for part in flag.parts}
    said = {part.iri.rpartition("-")[0] for each in stronger for part in each.parts}
    return flag.unconfirmed and bool(rules) and rules <= said


def _is_product(term: str, facts: Facts) -> bool:
    return next(facts.match(term, bmo("hasActiveSubstance"), None), None) is not None


def _tells(leaf: Fact, evidence: Evidence) -> bool:
    """Whether a given fact is what a record says, beyond which treatments it considers."""
    return leaf in evidence.places and leaf[1] not in _NO_REASON


def told_by_record(proof: Proof, evidence: Evidence) -> list[str]:
    """What of a record a proof rests on: IRIs of concepts, in the order of the proof."""
    return [leaf[2].strip("<>") for leaf in proof.leaves() if _tells(leaf, evidence)]


def parts_of(ground: Iterable[Fact]) -> list[str]:
    """The rule parts that a ground names."""
    return sorted({part_of(subject) for subject, _, _ in ground if subject.startswith(f"<{RULE}")})
