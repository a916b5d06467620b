"""Lookup tables for joins: everything that is known before a single patient is read, as small typed tables.

Concepts, reasons and scales are numbered, so that patients are joined by whole numbers; numbers become names in the
last step alone. A *fact* is a concept in a state; a *verdict* is what is said of a treatment, and a *cause* a reason
for which it is said of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from math import inf
from operator import or_
from typing import Any, TypeAlias

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from osteograph.ontology.namespaces import RULE, shorten

from ..screening.screening import STRENGTHS
from .grading import LIMITS, Grading
from .implied import Implied
from .rule_tables import Reason, RuleTables, Said
from .states import CONDITIONS, CONSIDERED, HOLDING_NOW, PAST, PRESENT, STATES, WITHIN

Table: TypeAlias = ir.Table
INT, LONG, TEXT, REAL, YES_NO = pa.int32(), pa.int64(), pa.string(), pa.float64(), pa.bool_()
_BITS = 62
ORDER = tuple(STRENGTHS.values())
PREDICATES = {strength: name for name, strength in STRENGTHS.items()}


def lookup(columns: Mapping[str, pa.DataType], rows: Iterable[Sequence[object]]) -> Table:
    """A small table of an expression, from rows in the order of its columns."""
    ordered = list(rows)
    arrays = [pa.array([row[place] for row in ordered], kind) for place, kind in enumerate(columns.values())]
    return ibis.memtable(pa.table(arrays, names=list(columns)))


class Numbers:
    """Names numbered in the order of their first use, from zero."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names: dict[str, int] = {}
        for name in names:
            self.of(name)

    def of(self, name: str) -> int:
        return self.names.setdefault(name, len(self.names))


@dataclass(frozen=True)
class CohortTables:
    """What all patients of a cohort are joined with."""

    rules: RuleTables
    grading: Grading
    implied: Implied
    concepts: Numbers

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """All reasons by number; confirmed and simple ones come first, so that the least number is the best one.

        Of equally good ones the order is that of what they rest on, whatever else a cohort holds.
        """
        every = (*self.rules.by_entry, *self.rules.by_circumstances)
        return tuple(sorted(every, key=_goodness))

    @cached_property
    def _treatments(self) -> dict[str, list[str]]:
        """What is flagged to the treatments of a record that are flagged with it."""
        flagged: dict[str, list[str]] = {}
        for treatment, name in self.rules.names:
            flagged.setdefault(name, []).append(treatment)
        return flagged

    @cached_property
    def telling(self) -> frozenset[tuple[int, str]]:
        """States and concepts (IRI) of entries on which anything rests; all others of a cohort may be left out."""
        treatments = self._given | {each.treatment for each in self.grading.since}
        told = {fact for reason in self.reasons for fact in reason.facts}
        told |= {(state, concept) for state, concept, _ in self.rules.meets}
        told |= {(state, each) for each in treatments for state in CONSIDERED}
        told |= {(state, each) for each, _ in self.implied.origins for state in HOLDING_NOW}
        told |= {(state, each) for each in self.implied.primaries for state in CONDITIONS}
        told |= {(state, each) for each, _ in self.implied.presents for state in HOLDING_NOW}
        repeated = {each.treatment for each in self.grading.since}
        past = {concept for state, concept in told if state in WITHIN} | repeated
        return frozenset(told | {(PAST, each) for each in past})

    def fact(self, state: int, concept: str) -> int:
        """The number of a concept (IRI) in a state."""
        return self.concepts.of(concept) * len(STATES) + state

    @cached_property
    def treatments(self) -> Table:
        """All treatments of a record that may be flagged, or take from another that it is the only one."""
        return lookup({"treatment": INT}, [(self.concepts.of(each),) for each in sorted(self._given)])

    @cached_property
    def _given(self) -> set[str]:
        return {each for each, _ in self.rules.names}

    # What is said

    @cached_property
    def _causes(self) -> dict[tuple[str, Reason], int]:
        """Treatments of a record and the reasons to flag them, numbered from the best reason on."""
        pairs = (
            (treatment, reason)
            for reason in self.reasons
            for treatment in self._treatments.get(reason.said.concept, ())
        )
        return {pair: number for number, pair in enumerate(pairs)}

    @cached_property
    def _verdicts(self) -> dict[tuple[str, tuple[str, str, str]], int]:
        """Treatments of a record and what is said of them, whether confirmed or not, by number."""
        every = sorted({(treatment, _key(reason.said)) for treatment, reason in self._causes})
        return {each: number for number, each in enumerate(every)}

    def _numbered(self, treatment: str, reason: Reason) -> tuple[int, int]:
        return self._verdicts[treatment, _key(reason.said)], self._causes[treatment, reason]

    @cached_property
    def pairs(self) -> Table:
        """Which facts matter at all to which treatment."""
        return lookup(dict.fromkeys(("fact", "treatment"), INT), self._pairs)

    @cached_property
    def _pairs(self) -> list[tuple[int, int]]:
        return sorted({(row[0], row[1]) for row in (*self._by_entry, *self._places)})

    # What is heeded: each treatment has a bit, and facts and scales have the bits of the treatments that heed them. As
    # there are more treatments than bits, some share one: what lacks the bit does not matter, what has it may.

    @cached_property
    def _bits(self) -> dict[int, int]:
        heeding = sorted({treatment for _, treatment in self._pairs})
        return {treatment: 1 << place % _BITS for place, treatment in enumerate(heeding)}

    @cached_property
    def bits(self) -> Table:
        """The treatments that may be flagged at all, with their bits."""
        return lookup({"treatment": INT, "bit": LONG}, list(self._bits.items()))

    @cached_property
    def _heeded(self) -> dict[int, int]:
        """Facts as entries have them, with the bits of the treatments that heed them or what follows from them."""
        heeded: dict[int, int] = {}
        for fact, treatment in self._pairs:
            heeded[fact] = heeded.get(fact, 0) | self._bits[treatment]
        everything = (1 << _BITS) - 1
        for state in (*CONSIDERED, PAST, *WITHIN):
            heeded.update({self.fact(state, each.treatment): everything for each in self.grading.since})
        for concept in self.concepts.names:
            within = reduce(or_, (heeded.get(self.fact(state, concept), 0) for state in (PAST, *WITHIN)))
            if within:  # an entry in the past may lie in any window
                heeded[self.fact(PAST, concept)] = within
        follows = {self.fact(PRESENT, each) for each in self.implied.conditions}
        of_tumours = reduce(or_, (heeded.get(fact, 0) for fact in follows), 0)
        if of_tumours:
            for fact in self._facts_of_tumours:
                heeded[fact] = heeded.get(fact, 0) | of_tumours
        return heeded

    @cached_property
    def heeded(self) -> Table:
        return lookup({"fact": INT, "by": LONG}, sorted(self._heeded.items()))

    @cached_property
    def heeded_scales(self) -> Table:
        """Scales, with the bits of the treatments that heed a condition which the measure can give, in any unit."""
        by: dict[str, int] = {}
        for each in self.grading.limits:
            measure = self.grading.scales[each.scale].measure
            by[measure] = by.get(measure, 0) | self._heeded.get(self.fact(each.state, each.condition), 0)
        scales = enumerate(self.grading.scales)
        rows = [(number, by[scale.measure]) for number, scale in scales if by.get(scale.measure)]
        return lookup({"scale": INT, "by": LONG}, rows)

    @cached_property
    def by_entry(self) -> Table:
        return lookup(dict.fromkeys(("fact", "treatment", "verdict", "cause"), INT), self._by_entry)

    @cached_property
    def _by_entry(self) -> list[tuple[int, int, int, int]]:
        return [
            (self.fact(*fact), self.concepts.of(treatment), *self._numbered(treatment, reason))
            for treatment, reason in self._causes
            for fact in reason.facts
        ]

    @cached_property
    def places(self) -> Table:
        """Which entries meet which circumstance of a cause that asks for circumstances; each place is one bit."""
        return lookup(dict.fromkeys(("fact", "treatment", "cause", "place", "concept"), INT), self._places)

    @cached_property
    def _places(self) -> list[tuple[int, int, int, int, int]]:
        meeting: dict[str, list[tuple[int, str]]] = {}
        for state, concept, circumstance in self.rules.meets:
            meeting.setdefault(circumstance, []).append((state, concept))
        return [
            (self.fact(*fact), self.concepts.of(treatment), cause, 1 << place, self.concepts.of(fact[1]))
            for (treatment, reason), cause in self._causes.items()
            for place, circumstance in enumerate(reason.circumstances)
            for fact in meeting.get(circumstance, ())
        ]

    @cached_property
    def by_clause(self) -> Table:
        """The causes that ask for circumstances: ``needed`` has the bits of all their places."""
        rows = [
            (
                self.concepts.of(treatment), (1 << len(reason.circumstances)) - 1,
                self.concepts.of(reason.said.concept), reason.alone, *self._numbered(treatment, reason),
            )
            for treatment, reason in self._causes
            if reason.circumstances
        ]  # fmt: skip
        columns = dict.fromkeys(("treatment", "needed", "flagged", "alone", "verdict", "cause"), INT)
        return lookup({**columns, "alone": YES_NO}, rows)

    @cached_property
    def rivals(self) -> Table:
        rows = [(self.concepts.of(one), self.concepts.of(other)) for one, other in self.rules.rivals]
        return lookup({"treatment": INT, "rival": INT}, rows)

    @cached_property
    def repeating(self) -> Table:
        """The causes of which some, weaker and unconfirmed, may only repeat what others say by the same rule.

        A ``group`` is what one rule says of one treatment, a ``line`` what of that has one strength and flags one
        concept; ``rank`` counts strengths from 0, the strongest.
        """
        groups: dict[tuple[str, str], list[tuple[int, Said]]] = {}
        for (treatment, reason), cause in self._causes.items():
            if reason.said.part:
                groups.setdefault((treatment, _rule(reason.said.part)), []).append((cause, reason.said))
        lines, rows = Numbers(), []
        for number, causes in enumerate(groups.values()):
            strongest = min(_rank(said) for _, said in causes)
            if any(said.unconfirmed and _rank(said) > strongest for _, said in causes):
                for cause, said in causes:
                    line = lines.of(f"{number} {said.strength} {said.concept}")
                    rows.append((cause, number, line, _rank(said), said.unconfirmed))
        columns = dict.fromkeys(("cause", "group", "line", "rank"), INT)
        return lookup({**columns, "unconfirmed": YES_NO}, rows)

    @cached_property
    def causes(self) -> Table:
        """All causes in words, as they stand in flags."""
        rows = [
            (
                cause, shorten(treatment), shorten(reason.said.concept), reason.said.strength,
                *_of_part(reason.said.part), reason.said.unconfirmed, reason.proof,
            )
            for (treatment, reason), cause in self._causes.items()
        ]  # fmt: skip
        words = ("treatment", "concept", "strength", "origin", "rule", "rule_part")
        return lookup({"cause": INT, **dict.fromkeys(words, TEXT), "unconfirmed": YES_NO, "proof": TEXT}, rows)

    # Numbers that give conditions

    @cached_property
    def scales(self) -> Table:
        measures = Numbers(sorted({scale.measure for scale in self.grading.scales}))
        rows = [
            (number, measures.of(scale.measure), scale.least, scale.most, *self._calm(number))
            for number, scale in enumerate(self.grading.scales)
        ]
        ends = ("least", "most", "calm_above", "calm_below")
        return lookup({"scale": INT, "measure": INT, **dict.fromkeys(ends, REAL)}, rows)

    def _calm(self, scale: int) -> tuple[float, float]:
        """Between which ends a value gives nothing that is asked; none does where they are the wrong way round."""
        asked = [
            each for each in self.grading.limits if each.scale == scale and (each.state, each.condition) in self.telling
        ]
        highest = [end for each in asked for end in (each.below, each.at_most) if end is not None]
        high_only = [each for each in asked if each.side == "high"]
        lowest = [end for each in high_only for end in (each.above, each.at_least) if end is not None]
        return max(highest, default=-inf), min(lowest, default=inf)

    @cached_property
    def limits(self) -> Table:
        rows = [
            (
                each.scale, self.fact(each.state, each.condition), each.usual, each.side,
                *(getattr(each, name) for name in LIMITS),
            )
            for each in self.grading.limits
        ]  # fmt: skip
        columns = {"scale": INT, "fact": INT, "usual": YES_NO, "limit_side": TEXT}
        return lookup({**columns, **dict.fromkeys(LIMITS, REAL)}, rows)

    @cached_property
    def since(self) -> Table:
        rows = [
            (
                self.concepts.of(each.treatment), self.concepts.of(each.condition),
                *(getattr(each, name) for name in LIMITS), each.most,
            )
            for each in self.grading.since
        ]  # fmt: skip
        return lookup({"concept": INT, "gives": INT, **dict.fromkeys((*LIMITS, "most"), REAL)}, rows)

    # What a tumour and its metastases give

    @cached_property
    def _facts_of_tumours(self) -> set[int]:
        """All that a tumour and its metastases are read from."""
        return {row[0] for row in (*self._origins, *self._primaries, *self._presents)}

    @cached_property
    def origins(self) -> Table:
        return lookup({"fact": INT, "cancer": INT}, self._origins)

    @cached_property
    def _origins(self) -> list[tuple[int, int]]:
        return [
            (self.fact(state, each), self.fact(PRESENT, cancer))
            for each, cancer in self.implied.origins
            for state in HOLDING_NOW
        ]

    @cached_property
    def primaries(self) -> Table:
        return lookup({"fact": INT, "primary": INT}, self._primaries)

    @cached_property
    def _primaries(self) -> list[tuple[int, int]]:
        return [
            (self.fact(state, each), self.concepts.of(each)) for each in self.implied.primaries for state in CONDITIONS
        ]

    @cached_property
    def narrower(self) -> Table:
        rows = [(self.concepts.of(broad), self.concepts.of(narrow)) for broad, narrow in self.implied.narrower]
        return lookup({"primary": INT, "narrow": INT}, rows)

    @cached_property
    def follows(self) -> Table:
        """What may follow, once for each thing that it asks for; ``needed`` counts these."""
        rows = [
            (self.concepts.of(each.primary), self.fact(PRESENT, each.concept), self.concepts.of(asked), len(each.asked))
            for each in self.implied.follows
            for asked in each.asked
        ]
        return lookup(dict.fromkeys(("primary", "gives", "asked", "needed"), INT), rows)

    @cached_property
    def presents(self) -> Table:
        return lookup({"fact": INT, "asked": INT}, self._presents)

    @cached_property
    def _presents(self) -> list[tuple[int, int]]:
        return [
            (self.fact(state, each), self.concepts.of(broad))
            for each, broad in self.implied.presents
            for state in HOLDING_NOW
        ]


def _goodness(reason: Reason) -> tuple[Any, ...]:
    asked = reason.circumstances
    return reason.said.unconfirmed, len(asked), reason.facts, asked, reason.alone, _key(reason.said)


def _key(said: Said) -> tuple[str, str, str]:
    return said.strength, said.concept, said.part


def _rank(said: Said) -> int:
    return ORDER.index(said.strength)


def _rule(part: str) -> str:
    return part.rpartition("-")[0]


def _of_part(part: str) -> tuple[str, str | None, str | None]:
    """Whose word it is, the rule and its part; an article has neither."""
    if not part:
        return "article", None, None
    return "label", shorten(RULE + _rule(part)), shorten(RULE + part)
