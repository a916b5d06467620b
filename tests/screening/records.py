"""Short ways to write records in tests, and to say what was read from them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from osteograph.queries.screening.record import Record

TODAY = date(2026, 11, 1)
SCT = "http://snomed.info/sct"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
ATC = "http://www.whocc.no/atc"
UCUM = "http://unitsofmeasure.org"
Resource = dict[str, Any]
Read = Callable[[str | bytes], Record]


def coded(system: str, code: str, display: str = "") -> Resource:
    """A CodeableConcept with one coding."""
    return {"coding": [{"system": system, "code": code, **({"display": display} if display else {})}]}


def status(code: str) -> Resource:
    return {"coding": [{"code": code}]}


def condition(code: Resource, **more: Any) -> Resource:
    return {"resourceType": "Condition", "clinicalStatus": status("active"), "code": code, **more}


def quantity(value: float, unit: str, **more: Any) -> Resource:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit, **more}


def laboratory(code: str, value: float, unit: str, **more: Any) -> Resource:
    """A final Observation with a LOINC code and a quantity."""
    return {
        "resourceType": "Observation", "status": "final", "code": coded(LOINC, code),
        "valueQuantity": quantity(value, unit), **more,
    }  # fmt: skip


def order(medication: Resource, **more: Any) -> Resource:
    return {
        "resourceType": "MedicationRequest", "status": "active", "intent": "order",
        "medicationCodeableConcept": medication, **more,
    }  # fmt: skip


def bundle(*resources: Resource, **more: Any) -> bytes:
    """A collection of the resources, each with an id of its own."""
    entries = [{"resource": {"id": f"r{index}", **resource}} for index, resource in enumerate(resources)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries, **more}).encode()


def found(record: Record, kind: str, time: str = "now") -> set[str]:
    """Local names of the concepts that a record was read to hold."""
    return {entry.concept.rpartition("/")[2] for entry in record.entries if (entry.kind, entry.time) == (kind, time)}


def conditions(record: Record) -> set[str]:
    return found(record, "condition")


def reasons(record: Record) -> str:
    """All leftovers in one text."""
    return "\n".join(f"{leftover.words}: {leftover.reason}" for leftover in record.leftovers)
