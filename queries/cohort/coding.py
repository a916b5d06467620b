"""Looking codes up: each different code of a cohort once, by the same readers that read a single patient's record.

What a code means in a record is decided by :mod:`osteograph.queries.screening` and by nothing else: mappings and their
directions, names, products and doses, measures and units. A million patients share a few thousand codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..screening.codes import notation_of_curie
from ..screening.concepts import osteo
from ..screening.intake import Intake, Knowledge
from ..screening.measurements import OF_ONE_TREATMENT
from ..screening.quantities import unit_key
from ..screening.record import Time
from ..screening.resolver import Coding, Found
from .grading import Scale
from .omop import FEMALE, MALE
from .source import CONDITION, NOW, PAST, PLANNED
from .states import states_of

Row = Mapping[str, Any]
_OMOP = "https://fhir-terminology.ohdsi.org"
_SEXES = {FEMALE: "FemaleSex", MALE: "MaleSex"}
_TIMES: Mapping[int, Time] = {NOW: "now", PAST: "past", PLANNED: "planned"}


@dataclass(frozen=True)
class Meaning:
    """What a code says when it stands at a time of a record: a concept (IRI) and how the record holds it."""

    kind: int
    code: Any
    detail: str
    when: int
    concept: str
    state: int


@dataclass(frozen=True)
class Measure:
    """What a code of a measurement means in one unit: the number of a scale."""

    code: Any
    detail: str
    unit: str
    unit_code: int
    scale: int


@dataclass(frozen=True)
class NotUnderstood:
    """A code that no row of could be used, or that was read with a remark; how many rows have it."""

    kind: str
    code: str
    detail: str
    rows: int
    reason: str


@dataclass
class Coder:
    """Looks up the codes of one cohort. ``vocabulary`` names OMOP concepts that the mappings lack: id to CURIE."""

    knowledge: Knowledge
    vocabulary: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._resolver = self.knowledge.resolver.for_one_record()  # one count of the names that are looked for nearby

    def _intake(self) -> Intake:
        return Intake(self._resolver, measures_known=self.knowledge.measures)

    def entries(self, row: Row) -> tuple[list[Meaning], list[str]]:
        """What one code means at each time of a record, and what is to be said about it."""
        meanings: list[Meaning] = []
        notes: dict[str, None] = {}
        for when, time in _TIMES.items():
            if row["kind"] == CONDITION and when == PLANNED:
                continue
            intake = self._intake()
            self._take(row, time, intake)
            said = [(entry.concept, state.number) for entry in intake.entries for state in states_of(entry)]
            key = (row["kind"], row["code"], row["detail"], when)
            meanings += [Meaning(*key, *each) for each in dict.fromkeys(said)]
            notes.update(dict.fromkeys(left.reason for left in intake.leftovers))
        return meanings, list(notes)

    def _take(self, row: Row, time: Time, intake: Intake) -> None:
        words = str(row["code"])
        if row["kind"] == CONDITION:
            found = self._condition(row, intake)
            for concept in intake.of_kind(found, "condition", words, ""):
                intake.add(concept, "condition", time, words, "")
        elif isinstance(row["code"], str):
            found, dose = intake.treatment_named(f"{row['code']} {row['detail']}".strip())
            intake.take_treatment(found, time, words, "", dose)
        else:
            found = self._omop(row, intake, intake.concepts.is_treatment)
            intake.take_treatment(found, time, words, "")

    def _condition(self, row: Row, intake: Intake) -> Found:
        if isinstance(row["code"], str):
            return intake.resolver.name(row["code"], intake.concepts.is_condition)
        if row["code"] in _SEXES:
            return Found(tuple(each for each in (osteo(_SEXES[row["code"]]),) if each in intake.concepts))
        return self._omop(row, intake, intake.concepts.is_condition)

    def _omop(self, row: Row, intake: Intake, accepts: Any) -> Found:
        """An OMOP concept, by itself and by the code that the vocabulary has for it; else the source code."""
        curies = [self.vocabulary.get(row["code"], "")] if row["code"] else []
        codings = [Coding(_OMOP, str(row["code"]))] if row["code"] else []
        found = intake.resolver.codeable(codings, accepts=accepts)
        if found.concepts:
            return found
        for curie in filter(None, [*curies, *_source_codes(row["detail"])]):
            named = intake.resolver.name(curie, accepts)
            if named.concepts:
                return named
        return found

    # Measurements

    def measures(self, row: Row, scales: Mapping[tuple[str, str], int]) -> tuple[list[Measure], list[str]]:
        """The scales of one code of a measurement in one unit."""
        known = self.knowledge.measures
        unit = self.vocabulary.get(row["unit_code"], "").partition(":")[2] or row["unit"]
        intake = self._intake()
        found = self._measure(row, intake)
        rows, notes = [], list(found.notes)
        for measure in found.concepts:
            if measure in OF_ONE_TREATMENT:
                notes.append("it belongs to one treatment, and no table says to which")
            elif measure not in known.units:
                notes.append("no rule of the graph has a bound on it")
            elif known.unit(measure, unit) is None:
                notes.append(f"the unit {unit[:40]!r} is not one of this measure" if unit else "it has no unit")
            else:
                key = unit_key(unit) if unit_key(unit) in known.units[measure] else "1"
                number = scales[measure, key]
                rows.append(Measure(row["code"], row["detail"], row["unit"], row["unit_code"], number))
        return rows, notes

    def _measure(self, row: Row, intake: Intake) -> Found:
        if row["detail"] in self.knowledge.measures.units and not row["code"]:
            return Found((row["detail"],))  # an age, which no table codes
        if not isinstance(row["code"], str):
            return self._omop(row, intake, lambda iri: iri in self.knowledge.measures.units)
        named = self.knowledge.measures.named(row["code"])
        if len(named) == 1:
            return Found(tuple(named))
        return intake.resolver.name(row["code"], lambda iri: iri in self.knowledge.measures.units)


def _source_codes(text: str) -> Iterator[str]:
    """A source code, where it says of which system it is: ``ICD10CM:C79.51``."""
    if notation_of_curie(text):
        yield text


def scale_numbers(scales: Iterable[Scale]) -> dict[tuple[str, str], int]:
    """The number of each scale, by measure and unit."""
    return {(scale.measure, scale.unit): number for number, scale in enumerate(scales)}
