"""What could not be judged: rules that may concern a treatment, where the record lacks what they ask about.

A rule is listed when it applies, has not fired, and what keeps it from firing is that the record is silent: a measure
that was not made (an estimate does not stand for a measurement), an indication that is not told, a time that the source
leaves vague, a condition that the record names less closely than the rule, an absence that records seldom tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from osteograph.ontology.namespaces import RULE

from ..inference.engine import Engine
from ..inference.evidence import PATIENT, Evidence
from ..inference.facts import Fact
from .facts import bmo
from .record import Entry, Record

_PATIENT = f"<{PATIENT}>"
_STRENGTHS = ("Contraindicated", "NotRecommended", "Caution")


@dataclass(frozen=True)
class Unjudged:
    """Why some rule parts could not be judged; ``parts`` are their names, such as ZOL-05-1."""

    reason: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class _Atom:
    """One thing that a rule part asks for."""

    asked_by: str  # the record property
    concept: str


def find_unjudged(
    engine: Engine, record: Record, entry: Entry, names: list[str], evidence: Evidence
) -> Iterator[Unjudged]:
    """The rule parts on a treatment that could not be judged, by reason."""
    finder = _Finder(engine, record, entry, evidence)
    reasons: dict[str, list[str]] = {}
    for part in sorted({part for name in names for part in finder.parts_on(name)}):
        for reason in finder.reasons(part):
            reasons.setdefault(reason, []).append(part.strip("<>").removeprefix(RULE))
    for reason, parts in sorted(reasons.items()):
        yield Unjudged(reason, tuple(parts))


class _Finder:
    """Asks the facts of one patient about the rule parts on one treatment."""

    def __init__(self, engine: Engine, record: Record, entry: Entry, evidence: Evidence) -> None:
        self.engine, self.record, self.entry, self.evidence = engine, record, entry, evidence

    def parts_on(self, treatment: str) -> Iterator[str]:
        """The parts that apply, or may apply, to a treatment and say something against it."""
        for relation in ("appliesTo", "mayApplyTo"):
            for part in self._subjects(relation, treatment):
                if any(bmo(strength) in self._objects(part, "strength") for strength in _STRENGTHS):
                    yield part

    def reasons(self, part: str) -> Iterator[str]:
        """Why a part that has not fired could not be judged; nothing where the record settles it.

        A part with an indication that is not on record is told only where everything else is met. Otherwise each
        condition that is not met needs a reason of its own: one that the record denies settles the matter.
        """
        atoms = list(self._atoms(part))
        indications = [atom for atom in atoms if atom.concept in self._objects(part, "indicationContext")]
        unmet = [atom for atom in atoms if atom not in indications and not self._is_met(atom)]
        if indications and not any(map(self._is_met, indications)):
            if not unmet:
                names = " or ".join(self.evidence.name(atom.concept) for atom in indications)
                yield f"the rule is for {names}, which is not on record"
            return
        reasons = [self._reason(atom) for atom in unmet]
        if all(reasons):
            yield from reasons

    def _reason(self, atom: _Atom) -> str:
        """Why the record leaves open whether a condition is met, or nothing."""
        label = self.evidence.name(atom.concept)
        measures = [self._objects(bound, "ofMeasure")[0] for bound in self._objects(atom.concept, "hasBound")]
        if measures and not any(measure.strip("<>") in self.record.measures for measure in measures):
            return f"no {self.evidence.name(measures[0])} on record"
        if atom.asked_by == bmo("hasEstablishedCondition") and self._holds("hasCondition", atom.concept):
            return f"the rule asks for a measured creatinine clearance; {label} rests on an estimate"
        if atom.asked_by == bmo("hasRecently") and self._holds("hasHistoryOf", atom.concept):
            return f"the source says recent and gives no time; {label} is in the past"
        return self._broader(atom, label) or self._absence(atom)

    def _broader(self, atom: _Atom, label: str) -> str:
        """Where the record names something broader than the rule asks for, the two may be the same."""
        if atom.asked_by not in (bmo("presents"), bmo("hasEstablishedCondition")):
            return ""
        for entry in self.record.entries:
            present = entry.kind == "condition" and entry.time == "now"
            if present and (atom.concept, bmo("kindOf"), f"<{entry.concept}>") in self.engine.facts:
                return f"the rule asks for {label}; the record says {self.evidence.name(f'<{entry.concept}>')}"
        return ""

    def _absence(self, atom: _Atom) -> str:
        """States of absence: settled where the record shows the thing that would be absent, apart from the entry."""
        for thing in self._objects(atom.concept, "absenceOf"):
            if not any(self._is(other.concept, thing) for other in self.record.entries if other is not self.entry):
                return f"whether there is {self.evidence.name(atom.concept)} is not on record"
        return ""

    def _is(self, iri: str, kind: str) -> bool:
        contents = [f"<{iri}>", *self._objects(f"<{iri}>", "hasActiveSubstance")]
        return any(each == kind or (each, bmo("kindOf"), kind) in self.engine.facts for each in contents)

    def _atoms(self, part: str) -> Iterator[_Atom]:
        for concept in self._objects(part, "sufficientCondition"):
            yield _Atom(bmo("presents"), concept)
        for relation in ("circumstance", "circumstanceAlone"):
            for top in self._objects(part, relation):
                yield from self._below(top)

    def _below(self, node: str) -> Iterator[_Atom]:
        for relation in ("firstCircumstance", "secondCircumstance", "oneOf"):
            for each in self._objects(node, relation):
                yield from self._below(each)
        asked_by = self._objects(node, "askedProperty")
        for concept in self._objects(node, "askedConcept"):
            yield _Atom(asked_by[0], concept)

    def _is_met(self, atom: _Atom) -> bool:
        return (_PATIENT, atom.asked_by, atom.concept) in self.engine.facts

    def _holds(self, relation: str, concept: str) -> bool:
        return (_PATIENT, bmo(relation), concept) in self.engine.facts

    def _objects(self, subject: str, relation: str) -> list[str]:
        return sorted(fact[2] for fact in self._match(subject, relation, None))

    def _subjects(self, relation: str, obj: str) -> list[str]:
        return sorted(fact[0] for fact in self._match(None, relation, obj))

    def _match(self, subject: str | None, relation: str, obj: str | None) -> Iterator[Fact]:
        return self.engine.facts.match(subject, bmo(relation), obj)
