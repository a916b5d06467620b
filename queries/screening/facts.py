"""A record as facts that rules can use: what it says, and two things that only the whole of it can say.

Which treatment would be the only one against the cancer, and which entries name treatments, is computed here; all else
is left to the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from osteograph.ontology.namespaces import CONCEPT, SCHEMA

from ..inference.engine import Engine
from ..inference.evidence import PATIENT
from ..inference.facts import Fact
from .record import Entry, Record

AGAINST_CANCER = ("AnticancerDrug", "BoneSeekingRadiopharmaceutical", "CancerTreatment", "Radiotherapy", "Surgery")
AGAINST_PAIN = ("Analgesic",)
WINDOWS = (5, 14, 42)
_PATIENT = f"<{PATIENT}>"


@dataclass(frozen=True)
class RecordFacts:
    """The facts of a record, and the place in the record that each comes from."""

    places: Mapping[Fact, str]

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.places)


def record_facts(record: Record, graph: Engine, supposed: tuple[Entry, ...] = ()) -> RecordFacts:
    """All facts that a record gives; ``supposed`` treatments are considered one by one, and not as given together."""
    places: dict[Fact, str] = {}
    for number, entry in enumerate(record.entries, 1):
        for fact in _of_entry(entry, f"<{PATIENT}/entry/{number}>"):
            places.setdefault(fact, told(entry))
    for measure in record.measures:
        places.setdefault((_PATIENT, bmo("hasOnRecord"), f"<{measure}>"), "a measurement")
    for entry in supposed:
        places.setdefault((_PATIENT, bmo("considersTreatment"), f"<{entry.concept}>"), "supposed")
    for entry in (*considered(record), *supposed):
        if _is_alone(entry, record, graph):
            fact = (_PATIENT, bmo("hasSoleTreatment"), f"<{entry.concept}>")
            places.setdefault(fact, f"{told(entry)}; no other treatment against the cancer is on record")
    return RecordFacts(places)


def considered(record: Record) -> list[Entry]:
    """The entries of treatments that are given or planned."""
    return [entry for entry in record.entries if entry.kind == "treatment" and entry.time in ("now", "planned")]


def told(entry: Entry) -> str:
    """The entry as the record puts it, with its place."""
    measured = f" = {entry.measured}" if entry.measured else ""
    return f"{entry.words}{measured}, {entry.where}"


def bmo(name: str) -> str:
    return f"<{SCHEMA}{name}>"


def concept(name: str) -> str:
    return f"<{CONCEPT}{name}>"


def _of_entry(entry: Entry, node: str) -> Iterator[Fact]:
    for name in _properties(entry):
        yield _PATIENT, bmo(name), f"<{entry.concept}>"
    if entry.kind == "treatment":
        yield _PATIENT, bmo("hasOnRecord"), f"<{entry.concept}>"
    if entry.kind == "treatment" and entry.time != "past":
        yield _PATIENT, bmo("considersTreatment"), f"<{entry.concept}>"
        yield _PATIENT, bmo("hasEntry"), node
        yield node, bmo("recordsTreatment"), f"<{entry.concept}>"


def _properties(entry: Entry) -> list[str]:
    """The record properties by which an entry holds its concept."""
    if entry.kind == "check":
        return ["hasOnRecord"]
    recent = ["hasRecently"] if entry.recent else []
    if entry.kind == "condition":
        if entry.time == "past":
            return ["hadCondition", *recent]
        return ["hasCondition"] if entry.estimated else ["hasEstablishedCondition"]
    if entry.time == "past":
        days = entry.days_ago
        within = [f"hadTreatmentWithin{limit}Days" for limit in WINDOWS if days is not None and 0 <= days <= limit]
        return ["hadTreatment", *within, *recent]
    return ["receivesTreatment" if entry.time == "now" else "plannedTreatment"]


def _is_alone(entry: Entry, record: Record, graph: Engine) -> bool:
    """Whether nothing else that is given or planned acts against the cancer (or the pain, for a bone agent)."""
    kinds: tuple[str, ...] = AGAINST_CANCER
    if is_a(entry.concept, "BoneModifyingAgent", graph):
        kinds = (*AGAINST_CANCER, *AGAINST_PAIN)
    others = [other for other in considered(record) if not _same_substance(other.concept, entry.concept, graph)]
    return not any(is_a(other.concept, kind, graph) for other in others for kind in kinds)


def is_a(iri: str, name: str, graph: Engine) -> bool:
    """Whether a concept is one of a kind, by itself or by its substance."""
    return any(
        substance == f"<{CONCEPT}{name}>" or (substance, bmo("kindOf"), concept(name)) in graph.facts
        for substance in contents_of(iri, graph)
    )


def contents_of(iri: str, graph: Engine) -> set[str]:
    """A treatment with its active substances and the drugs that it consists in giving, as terms."""
    inside = {obj for _, _, obj in graph.facts.match(f"<{iri}>", bmo("hasActiveSubstance"), None)}
    given = {obj for _, _, obj in graph.facts.match(f"<{iri}>", bmo("givesDrug"), None)}
    return {f"<{iri}>", *inside, *given}


def _same_substance(one: str, other: str, graph: Engine) -> bool:
    return bool(contents_of(one, graph) & contents_of(other, graph))
