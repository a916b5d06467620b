"""Made-up records near to what rules ask for, and two ways to screen them: by the rule engine, and as a cohort.

A record is made from parts of rules: a treatment that the part speaks of or may speak of, what the part asks for or
something narrower, or only something like it: broader, past, recent, estimated, too long ago, or left out. The tables
of the cohort have no part in it. No patient is real.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

import pyarrow as pa

from osteograph.ontology.namespaces import shorten
from osteograph.queries.cohort.compiling import compile_tables
from osteograph.queries.cohort.expression import flags_of
from osteograph.queries.cohort.states import STATES, states_of
from osteograph.queries.cohort.tables import INT, CohortTables, Table, lookup
from osteograph.queries.inference.facts import Fact
from osteograph.queries.inference.knowledge import Knowledge
from osteograph.queries.screening.concepts import Concepts
from osteograph.queries.screening.facts import bmo
from osteograph.queries.screening.intake import Intake
from osteograph.queries.screening.intake import Knowledge as ReadersKnowledge
from osteograph.queries.screening.record import Record
from osteograph.queries.screening.screening import Screener
from osteograph.queries.screening.tumour import add_implied

Flags = Mapping[tuple[str, str, str, str | None], tuple[frozenset[str], bool]]
"""Treatment, what is flagged, strength and rule; the rule parts, and whether none of them is confirmed."""
DAYS = (0, 3, 5, 6, 14, 15, 42, 43, 200)


class RecordMaker:
    """Makes records; the same seed makes the same record."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.readers = ReadersKnowledge.of(knowledge.store)
        self.concepts: Concepts = self.readers.resolver.concepts

    def record(self, seed: int) -> Record:
        """One record of some five to fifteen entries, with what a reader adds to them."""
        chance = random.Random(seed)
        intake = Intake.over(self.readers)
        for _ in range(chance.randint(1, 4)):
            self._near(chance.choice(self._parts), chance, intake)
        for _ in range(chance.randint(0, 3)):
            self._add(chance.choice(self._conditions), "hasHistoryOf", chance, intake)
            self._add(chance.choice(self._treatments), "presents", chance, intake)
        intake.grade_repeats()
        add_implied(intake)
        return intake.finish(str(seed))

    def _near(self, part: str, chance: random.Random, intake: Intake) -> None:
        treatments = self._objects(part, "appliesTo") + self._objects(part, "mayApplyTo")
        if treatments:
            self._add(chance.choice(treatments), "receivesTreatment", chance, intake)
        for circumstance in self._objects(part, "circumstance") + self._objects(part, "circumstanceAlone"):
            self._meet(circumstance, chance, intake)
        conditions = self._objects(part, "sufficientCondition")
        if conditions:
            self._add(chance.choice(conditions), "presents", chance, intake)

    def _meet(self, circumstance: str, chance: random.Random, intake: Intake) -> None:
        for name in ("firstCircumstance", "secondCircumstance"):
            for each in self._objects(circumstance, name):
                if chance.random() < 0.85:
                    self._meet(each, chance, intake)
        lists = self._objects(circumstance, "oneOf")
        if lists:
            self._meet(chance.choice(lists), chance, intake)
        asked = self._objects(circumstance, "askedConcept")
        for how in self._objects(circumstance, "askedProperty") if asked else ():
            self._add(chance.choice(asked), how.strip("<>").rpartition("/")[2], chance, intake)

    def _add(self, term: str, how: str, chance: random.Random, intake: Intake) -> None:
        """Add a concept, or one near to it, in the way asked for or in another one."""
        iri = self._nearby(term.strip("<>"), chance)
        is_treatment = self.concepts.is_treatment(iri)
        if not (is_treatment or self.concepts.is_condition(iri)):
            return
        past = how.startswith("had") or how in ("hasHistoryOf", "hasRecently")
        if chance.random() < 0.15:
            past = not past
        days = Decimal(chance.choice(DAYS)) if past and chance.random() < 0.8 else None
        recent = chance.random() < (0.7 if how == "hasRecently" else 0.1)
        time: Any = "past" if past else "now"
        if is_treatment and not past and (how == "plannedTreatment" or chance.random() < 0.5):
            time = "planned"
        estimated = not is_treatment and chance.random() < 0.1
        where = f"{len(intake.entries)}"
        kind: Any = "treatment" if is_treatment else "condition"
        intake.add(iri, kind, time, iri, where, days, recent and past, estimated)

    def _nearby(self, iri: str, chance: random.Random) -> str:
        draw = chance.random()
        if draw < 0.35 and (narrower := self._narrower.get(iri)):
            return chance.choice(narrower)
        if draw > 0.92 and (broader := sorted(self.concepts.broader(iri))):
            return chance.choice(broader)
        return iri

    @cached_property
    def _narrower(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for iri in sorted(self.concepts.labels):
            for broad in self.concepts.broader(iri) - {iri}:
                found.setdefault(broad, []).append(iri)
        return found

    @cached_property
    def _parts(self) -> list[str]:
        return sorted({fact[0] for fact in self._facts("strength")})

    @cached_property
    def _conditions(self) -> list[str]:
        return sorted(filter(self.concepts.is_condition, self.concepts.labels))

    @cached_property
    def _treatments(self) -> list[str]:
        return sorted(filter(self.concepts.is_treatment, self.concepts.labels))

    def _facts(self, name: str, subject: str | None = None) -> Iterable[Fact]:
        return self.knowledge.engine.facts.match(subject, bmo(name), None)

    def _objects(self, subject: str, name: str) -> list[str]:
        return sorted(fact[2] for fact in self._facts(name, subject))


def flags_by_engine(screener: Screener, record: Record) -> Flags:
    """What the rule engine finds for one record."""
    found: dict[tuple[str, str, str, str | None], tuple[frozenset[str], bool]] = {}
    for result in screener.screen(record).treatments:
        for flag in (*result.flags, *result.raised_risks):
            rule = f"rule:{flag.parts[0].name.rpartition('-')[0]}" if flag.parts else None
            key = (shorten(result.entry.concept), shorten(flag.concept), flag.strength, rule)
            found[key] = (frozenset(f"rule:{part.name}" for part in flag.parts), flag.unconfirmed)
    return found


def flags_by_row(rows: Iterable[Mapping[str, Any]]) -> dict[str, Flags]:
    """The same from the rows of a cohort's flags, by patient."""
    found: dict[str, dict[tuple[str, str, str, str | None], tuple[frozenset[str], bool]]] = {}
    for row in rows:
        key = (row["treatment"], row["concept"], row["strength"], row["rule"])
        own = found.setdefault(str(row["patient"]), {})
        parts, unconfirmed = own.get(key, (frozenset(), True))
        own[key] = (parts | ({row["rule_part"]} if row["rule_part"] else set()), unconfirmed and row["unconfirmed"])
    return {patient: dict(own) for patient, own in found.items()}


def as_cohort(knowledge: Knowledge, records: Sequence[Record]) -> tuple[Table, CohortTables]:
    """The flags of records as an expression, and the tables that it joins."""
    held = [(record.name, entry, state) for record in records for entry in record.entries for state in states_of(entry)]
    tables = compile_tables(knowledge, {(state.number, entry.concept) for _, entry, state in held})
    rows = [
        (name, tables.concepts.of(entry.concept), state.number, None if entry.days_ago is None else int(entry.days_ago))
        for name, entry, state in held
    ]
    entries = lookup({"patient": pa.string(), "concept": INT, "state": INT, "days_ago": INT}, rows)
    number, flag = pa.float64(), pa.bool_()
    columns = {"patient": pa.string(), "scale": INT, "low": number, "high": number, "low_open": flag, "high_open": flag}
    values = lookup({**columns, "day": pa.date32(), "side": pa.string()}, [])
    return flags_of(entries, values, tables), tables


def kinds_of(tables: CohortTables, proofs: Iterable[str]) -> set[str]:
    """Which kinds of reasons some proofs are: so that a sample can be seen to have met every one."""
    wanted = set(proofs)
    found = set()
    for reason in tables.reasons:
        if reason.proof in wanted:
            found |= {STATES[number].name for number, _ in reason.facts}
            found |= {"circumstances together"} if len(reason.circumstances) > 1 else set()
            found |= {"the only treatment"} if reason.alone else set()
            found |= {"unconfirmed"} if reason.said.unconfirmed else {reason.said.strength}
            found |= set() if reason.said.part else {"an article"}
    return found
