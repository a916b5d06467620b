"""The rules as flat tables: what each concept of a record says against each treatment, closed by the rule engine once.

A patient of one single entry is made up for each concept and each way in which a record may hold it. The rule engine
derives what it derives for any patient; what it flagged, and by which part of which rule, is written down. So
hierarchies, products, members, states that imply one another and articles are all decided by the rules themselves. What
a rule asks for *together* (two circumstances, the only treatment) is kept as its parts, to be counted for each patient.

A rule that flags treatments in a way that no single entry and no circumstance can show is refused here, loudly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from osteograph.ontology.derivation_rules import Rule
from osteograph.ontology.errors import BadParameter
from osteograph.ontology.identifiers import DIGITS
from osteograph.ontology.namespaces import RULE

from ..inference.engine import Engine
from ..inference.facts import Fact
from ..inference.knowledge import Knowledge, part_of
from ..screening.facts import AGAINST_CANCER, AGAINST_PAIN, bmo, contents_of, is_a
from ..screening.screening import STRENGTHS
from .states import CONSIDERED, STATES

_FLAGS = {bmo(name): strength for name, strength in STRENGTHS.items()}
_AGAINST = ("contraindicates", "advisesAgainst", "callsForCautionWith", "raisesRiskWith")
_LINKS = frozenset(map(bmo, (*_AGAINST, "hasKnownEffect", "hasLabelledEffect")))
"""What is followed back: to who says it, and to whether inheritance was left open on the way."""
_STRENGTH = bmo("strength")
_MEETS, _SOLE = bmo("meets"), bmo("hasSoleTreatment")
_TOGETHER = {bmo("firstCircumstance"), bmo("secondCircumstance")}
_MOST_WAYS = 1000  # in which one circumstance can be met; a rule that has more is no rule that a person wrote


@dataclass(frozen=True)
class Said:
    """What a part of a rule (or an article, with an empty part) says against a treatment."""

    strength: str
    concept: str  # IRI of the treatment that is flagged
    part: str  # ZOL-05-1, or nothing
    unconfirmed: bool


@dataclass(frozen=True)
class Reason:
    """One way in which a flag comes about: an entry of the record, or circumstances that are all met.

    ``facts`` holds (state, IRI of concept) for an entry; ``circumstances`` IRIs of what has to be met; ``alone`` says
    that the treatment has to be the only one.
    """

    said: Said
    facts: tuple[tuple[int, str], ...] = ()
    circumstances: tuple[str, ...] = ()
    alone: bool = False

    @property
    def proof(self) -> str:
        """The reference by which the proof of this reason is found."""
        held = [f"{number} {concept}" for number, concept in self.facts]
        said = [self.said.strength, self.said.concept, self.said.part, str(self.said.unconfirmed), str(self.alone)]
        lines = "\n".join([*said, *held, *self.circumstances])
        return hashlib.sha256(lines.encode()).hexdigest()[:DIGITS]


@dataclass(frozen=True)
class RuleTables:
    """All that a cohort is joined with; concepts are IRIs, states are numbers of :data:`STATES`."""

    by_entry: tuple[Reason, ...]
    by_circumstances: tuple[Reason, ...]
    meets: tuple[tuple[int, str, str], ...]  # state, concept, circumstance
    names: tuple[tuple[str, str], ...]  # treatment of a record, what is flagged with it
    rivals: tuple[tuple[str, str], ...]  # treatment, another one beside which it is not the only treatment


def compile_rules(knowledge: Knowledge, held: Iterable[tuple[int, str]]) -> RuleTables:
    """The tables for records that hold these concepts in these states; what stands in no record needs no row."""
    return _Compiler(knowledge, sorted(set(held))).tables()


@dataclass
class _Compiler:
    knowledge: Knowledge
    held: list[tuple[int, str]]
    _deciders: dict[Fact, frozenset[tuple[str, bool]]] = field(default_factory=dict)

    def tables(self) -> RuleTables:
        for rule in self.knowledge.engine.rules.values():
            _refuse_unknown(rule)
        return RuleTables(
            by_entry=tuple(self._by_entry()),
            by_circumstances=tuple(self._by_circumstances()),
            meets=tuple(sorted(self._meets())),
            names=tuple((each, name) for each in self.treatments for name in self._names(each)),
            rivals=tuple(self._rivals()),
        )

    @cached_property
    def _patients(self) -> Mapping[str, tuple[int, str]]:
        """A made-up patient for each concept in each state."""
        return {f"<made-up:{number}>": pair for number, pair in enumerate(self.held)}

    @cached_property
    def treatments(self) -> list[str]:
        """The treatments that can be flagged."""
        return sorted({concept for number, concept in self.held if number in CONSIDERED})

    @cached_property
    def _of_entries(self) -> Engine:
        facts = [
            (patient, bmo(name), f"<{concept}>")
            for patient, (number, concept) in self._patients.items()
            for name in STATES[number].properties
        ]
        return Engine(facts, below=self.knowledge.engine)

    def _by_entry(self) -> Iterator[Reason]:
        for fact in sorted(self._of_entries.derived()):
            entry = self._patients.get(fact[0])
            if entry is None or fact[1] not in _FLAGS or fact[2] == f"<{entry[1]}>":
                continue  # no treatment speaks against itself
            for said in self._said(self._of_entries, fact):
                yield Reason(said, facts=(entry,))

    def _said(self, engine: Engine, fact: Fact) -> list[Said]:
        """Who says a flag, each once; confirmed where any derivation by the same part is."""
        confirmed: dict[str, bool] = {}
        for part, unconfirmed in self._who(engine, fact):
            confirmed[part] = confirmed.get(part, False) or not unconfirmed
        concept = fact[2].strip("<>")
        return [Said(_FLAGS[fact[1]], concept, part, not sure) for part, sure in sorted(confirmed.items())]

    def _who(self, engine: Engine, fact: Fact) -> frozenset[tuple[str, bool]]:
        """The rule parts that a derived fact stands on, and whether their inheritance is unconfirmed."""
        if engine is self.knowledge.engine and fact in self._deciders:
            return self._deciders[fact]
        found = {("", False)} if engine.is_given(fact) else set()
        for step in engine.derivations_of(fact):
            ways = [self._of_premise(premise) for premise in step.premises]
            for way in product(*ways):
                parts = {part for part, _ in way if part}
                if len(parts) > 1:
                    raise BadParameter(f"the rule {step.rule} joins several rule parts: {', '.join(sorted(parts))}")
                unsure = engine.rules[step.rule].leaves_inheritance_open or any(each for _, each in way)
                found.add((next(iter(parts), ""), unsure))
        if engine is self.knowledge.engine:
            self._deciders[fact] = frozenset(found)
        return frozenset(found)

    def _of_premise(self, premise: Fact) -> frozenset[tuple[str, bool]]:
        if premise[0].startswith(f"<{RULE}"):
            part = part_of(premise[0])
            is_effect = (f"<{part}>", _STRENGTH, bmo("AdverseEffectStrength")) in self.knowledge.engine.facts
            return frozenset({("" if is_effect else part.removeprefix(RULE), False)})
        if premise[1] in _LINKS:
            return self._who(self.knowledge.engine, premise)
        return frozenset({("", False)})

    # Circumstances

    def _by_circumstances(self) -> Iterator[Reason]:
        """What follows from circumstances: those of several parts, and those of an only treatment."""
        graph = self.knowledge.engine
        circumstances = sorted({fact[2] for name in _HAVE for fact in graph.facts.match(None, bmo(name), None)})
        treatments = {name for each in self.treatments for name in self._names(each)}
        patients = {f"<made-up:{number}>": each for number, each in enumerate(circumstances)}
        met = [(patient, _MEETS, each) for patient, each in patients.items()]
        plain = Engine(met, below=graph)
        alone = Engine(
            [*met, *((patient, _SOLE, f"<{each}>") for patient in patients for each in sorted(treatments))], below=graph
        )
        for patient, circumstance in patients.items():
            ways = self._ways(circumstance)
            for fact in sorted(fact for fact in alone.derived() if fact[0] == patient and fact[1] in _FLAGS):
                if fact[2].strip("<>") in treatments:
                    yield from self._in_circumstance(fact, plain, alone, ways)

    def _in_circumstance(
        self, fact: Fact, plain: Engine, alone: Engine, ways: Iterable[frozenset[str]]
    ) -> Iterator[Reason]:
        always = set(self._said(plain, fact)) if fact in plain.facts else set()
        for way in sorted(map(sorted, ways)):
            asked = tuple(each.strip("<>") for each in way)
            if len(way) > 1:
                yield from (Reason(said, circumstances=asked) for said in sorted(always, key=str))
            for said in self._said(alone, fact):
                if said not in always:
                    yield Reason(said, circumstances=asked, alone=True)

    def _ways(self, circumstance: str) -> frozenset[frozenset[str]]:
        """The sets of simple circumstances of which each, when all of it is met, meets the circumstance."""
        facts = self.knowledge.engine.facts
        one_of = [fact[2] for fact in facts.match(circumstance, bmo("oneOf"), None)]
        first = [fact[2] for fact in facts.match(circumstance, bmo("firstCircumstance"), None)]
        second = [fact[2] for fact in facts.match(circumstance, bmo("secondCircumstance"), None)]
        ways = {way for each in one_of for way in self._ways(each)}
        ways |= {a | b for one in first for two in second for a in self._ways(one) for b in self._ways(two)}
        if next(facts.match(circumstance, bmo("askedProperty"), None), None) is not None:
            ways.add(frozenset({circumstance}))
        if len(ways) > _MOST_WAYS:
            raise BadParameter(f"{circumstance} can be met in more than {_MOST_WAYS} ways")
        return frozenset(ways)

    def _meets(self) -> Iterator[tuple[int, str, str]]:
        for fact in self._of_entries.facts.own():
            if fact[1] == _MEETS and fact[0] in self._patients:
                yield (*self._patients[fact[0]], fact[2].strip("<>"))

    # Treatments

    def _names(self, treatment: str) -> list[str]:
        """A treatment, and the class of drugs that it consists in giving."""
        given = self.knowledge.engine.facts.match(f"<{treatment}>", bmo("givesDrug"), None)
        return [treatment, *sorted(fact[2].strip("<>") for fact in given)]

    def _rivals(self) -> Iterator[tuple[str, str]]:
        """Which other treatment takes away that one is the only one, as :mod:`..screening.facts` says it."""
        graph = self.knowledge.engine
        against_cancer = {each for each in self.treatments if any(is_a(each, kind, graph) for kind in AGAINST_CANCER)}
        against_pain = {each for each in self.treatments if any(is_a(each, kind, graph) for kind in AGAINST_PAIN)}
        contents = {each: contents_of(each, graph) for each in self.treatments}
        for one in self.treatments:
            rivals = against_cancer | (against_pain if is_a(one, "BoneModifyingAgent", graph) else set())
            yield from ((one, other) for other in sorted(rivals) if not contents[one] & contents[other])


_HAVE = ("circumstance", "circumstanceAlone")


def _refuse_unknown(rule: Rule) -> None:
    """Refuse a rule that flags by several links of a patient other than those that are counted here."""
    if rule.conclusion[1] not in _FLAGS:
        return
    links = {premise[1] for premise in rule.premises if premise[0] == rule.conclusion[0]}
    if len(links) > 1 and links != {_MEETS, _SOLE}:
        raise BadParameter(f"cohorts cannot be screened by the rule {rule.name}: it joins {', '.join(sorted(links))}")
