"""Where the given facts of a proof come from: an article, a label or guideline, a curator, the schema, or a record.

The five are never mixed: each leaf of a proof names exactly one of them, and what stands behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from osteograph.ontology.namespaces import RULE, SCHEMA, STATEMENT, shorten

from ..files import select_rows
from ..stores.base import Store
from .facts import Fact
from .knowledge import part_of

Row = Mapping[str, str]
ORIGINS = {
    "article": "stated by an article",
    "label": "said by labels or guidelines",
    "curator": "by the curator's hierarchy",
    "schema": "by the schema",
    "record": "by the record",
}
"""Whose word a given fact can be, and how readers are told."""
PATIENT = "https://w3id.org/osteograph/patient"
"""The IRI under which a record is reasoned about; it is never published."""


@dataclass(frozen=True)
class RulePart:
    """A part of a safety rule as answers show it."""

    iri: str
    words: str
    strength: str
    position: int
    verified: bool
    inherit: str
    treatment: str
    jurisdictions: tuple[str, ...]
    exceptions: tuple[str, ...]
    notes: tuple[str, ...]
    effects: tuple[str, ...]
    frequencies: tuple[str, ...]
    limits: tuple[str, ...]
    citations: tuple[tuple[str, str, str], ...]  # IRI, title, section

    @property
    def name(self) -> str:
        """``ZOL-07-2``."""
        return self.iri.removeprefix(RULE)


@dataclass(frozen=True)
class Reading:
    """A claim that states a fact, with one of the passages it rests on."""

    statement: str
    standing: str
    claim: str
    polarity: str
    passage: str
    source: str


@dataclass(frozen=True)
class Leaf:
    """A given fact with its origin; ``readings`` for an article, ``part`` for a label, ``where`` for a record."""

    fact: Fact
    origin: str
    words: str
    readings: tuple[Reading, ...] = ()
    part: RulePart | None = None
    where: str = ""

    @property
    def said_by(self) -> str:
        """Whose word it is, for readers: ``said by labels or guidelines``."""
        return ORIGINS[self.origin]


@dataclass
class Evidence:
    """Looks up what stands behind facts; what it has found it keeps. ``places`` are those of a patient's record."""

    store: Store
    places: Mapping[Fact, str] = field(default_factory=dict)
    _parts: dict[str, RulePart] = field(default_factory=dict)
    _leaves: dict[Fact, Leaf] = field(default_factory=dict)

    def about(self, places: Mapping[Fact, str]) -> Evidence:
        """The same evidence for another patient."""
        return Evidence(self.store, places, self._parts, self._leaves).with_labels(self.labels)

    def with_labels(self, labels: Mapping[str, str]) -> Evidence:
        self.__dict__["labels"] = labels
        return self

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """English labels by IRI."""
        return {row["iri"]: row["label"] for row in select_rows(self.store, "inference/labels.rq")}

    def leaf(self, fact: Fact) -> Leaf:
        """A given fact with what stands behind it."""
        if fact in self.places:
            return Leaf(fact, "record", self.words(fact), where=self.places[fact])
        if fact not in self._leaves:
            self._leaves[fact] = self._find(fact)
        return self._leaves[fact]

    def _find(self, fact: Fact) -> Leaf:
        subject, predicate, obj = (term.strip("<>") for term in fact)
        words = self.words(fact)
        if subject.startswith(RULE):
            part = self.part(part_of(fact[0]))
            return Leaf(fact, "label", words, part=part)
        if subject.startswith(SCHEMA):
            return Leaf(fact, "schema", words)
        readings = self._readings(subject, predicate, obj)
        return Leaf(fact, "article" if readings else "curator", words, readings)

    def _readings(self, subject: str, predicate: str, obj: str) -> tuple[Reading, ...]:
        if subject.startswith(STATEMENT):
            rows = select_rows(self.store, "inference/readings_of_statement.rq", _statement=ox.NamedNode(subject))
            return tuple(Reading(subject, *_cells(row)) for row in rows)
        if obj.startswith('"'):
            return ()
        named = {"_subject": ox.NamedNode(subject), "_predicate": ox.NamedNode(predicate), "_object": ox.NamedNode(obj)}
        rows = select_rows(self.store, "inference/statements_of_triple.rq", **named)
        return tuple(Reading(row["statement"], *_cells(row)) for row in rows)

    def part(self, iri: str) -> RulePart:
        """A rule part by its IRI."""
        if iri not in self._parts:
            rows = select_rows(self.store, "inference/rule_part.rq", _part=ox.NamedNode(iri))
            self._parts[iri] = _rule_part(iri, rows)
        return self._parts[iri]

    def words(self, fact: Fact) -> str:
        """A fact as a sentence of labels; a fact about a statement is told as the statement."""
        if fact[0].startswith(f"<{STATEMENT}"):
            return self.name(fact[0])
        return " ".join(self.name(term) for term in fact)

    def name(self, term: str) -> str:
        """The label of a term, or its short form."""
        if term.startswith("?"):
            return "anything"
        if term.startswith('"'):
            return term.split('"')[1]
        iri = term.strip("<>")
        if iri == PATIENT:
            return "the patient"
        if iri.startswith(f"{PATIENT}/entry/"):
            return f"number {iri.rpartition('/')[2]}"  # so that it reads: the patient has entry number 3
        if iri.startswith(RULE):
            return iri.removeprefix(RULE)
        return self.labels.get(iri, shorten(iri))


def _cells(row: Row) -> tuple[str, str, str, str, str]:
    return row["standing"], row["claim"], row["polarity"], row["passage"], row["source"]


def _rule_part(iri: str, rows: list[dict[str, str]]) -> RulePart:
    first = rows[0]

    def values(key: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row[key] for row in rows if key in row))

    cited = dict.fromkeys((row["citation"], row["title"], row.get("section", "")) for row in rows if "citation" in row)
    return RulePart(
        iri=iri,
        words=first["words"],
        strength=first["strength"],
        position=int(first.get("position", 0)),
        verified=first["verified"] == "true",
        inherit=first["inherit"],
        treatment=first["treatment"],
        jurisdictions=values("jurisdiction"),
        exceptions=values("exception"),
        notes=values("note"),
        effects=values("effect"),
        frequencies=values("frequency"),
        limits=(*values("threshold"), *values("window")),
        citations=tuple(cited),
    )
