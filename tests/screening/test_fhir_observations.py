"""FHIR observations and reports: values that are graded, states, and checks on record."""

from __future__ import annotations

from typing import Any

import pytest

from .records import LOINC, SCT, Read, Resource, bundle, coded, conditions, found, laboratory, quantity, reasons, status

CALCIUM = "17861-6"


def test_laboratory_values_are_graded(read: Read) -> None:
    """Calcium of 7.6 mg/dL is low by usual limits, and the test is on record."""
    record = read(bundle(laboratory(CALCIUM, 7.6, "mg/dL", effectiveDateTime="2026-10-30")))
    assert conditions(record) == {"Hypocalcemia"}
    assert found(record, "check", "past") == {"CalciumMeasurement"}
    assert [entry.measured for entry in record.entries if entry.kind == "condition"] == ["7.6 mg/dL"]


def own_range(low: float, high: float, unit: str = "mg/dL") -> list[Resource]:
    return [{"low": quantity(low, unit), "high": quantity(high, unit)}]


@pytest.mark.parametrize(
    ("value", "more", "expected"),
    [
        (8.3, {}, {"Hypocalcemia"}),
        (8.3, {"referenceRange": own_range(8.0, 10.0)}, set()),
        (8.3, {"referenceRange": own_range(2.0, 2.5, "mmol/L")}, set()),  # 8.3 mg/dL is 2.07 mmol/L
        (9.0, {"referenceRange": own_range(9.2, 10.0)}, {"Hypocalcemia"}),
        (9.9, {"referenceRange": own_range(8.0, 9.8)}, {"Hypercalcemia"}),
        (9.0, {"interpretation": [status("L")]}, {"Hypocalcemia"}),
        (9.0, {"interpretation": [status("HH")]}, {"Hypercalcemia"}),
        (7.0, {"interpretation": [status("N")]}, set()),
        (7.0, {"referenceRange": [{"low": {"value": 8}}]}, set()),  # a range without a unit cannot be read
        (7.0, {"referenceRange": [{"text": "as usual"}]}, {"Hypocalcemia"}),
        (7.0, {"interpretation": [status("L"), status("H")]}, set()),
    ],
)
def test_the_laboratory_decides_what_is_low(read: Read, value: float, more: Resource, expected: set[str]) -> None:
    """Interpretation before range, range before usual limits; what cannot be read is not replaced by usual limits."""
    assert conditions(read(bundle(laboratory(CALCIUM, value, "mg/dL", **more)))) == expected


@pytest.mark.parametrize(
    "more",
    [
        {"status": "entered-in-error"},
        {"status": "cancelled"},
        {"status": "registered"},
        {"valueQuantity": {"value": 7.0}},
        {"valueQuantity": {"value": 7.0, "unit": "mg/dL", "code": "mmol/L"}},
        {"valueQuantity": quantity(-7, "mg/dL")},
        {"valueQuantity": quantity(7, "mg/dL", comparator="~")},
        {"valueQuantity": quantity(7, "mg/dL", comparator=">")},
        {"valueQuantity": {"value": "7.0", "unit": "mg/dL"}},
        {"effectiveDateTime": "2027-01-01"},
        {"valueQuantity": None, "valueString": "7 mg/dL"},
        {"valueQuantity": None, "dataAbsentReason": status("unknown")},
    ],
)
def test_a_value_in_doubt_gives_nothing(read: Read, more: Resource) -> None:
    """No calcium below usual limits where status, number, unit or date are in doubt."""
    record = read(bundle(laboratory(CALCIUM, 7.0, "mg/dL", **more)))
    assert not conditions(record)
    assert record.leftovers or more.get("valueQuantity", {}).get("comparator") == ">"


def test_components_are_values(read: Read) -> None:
    """A panel with its parts."""
    part = {"code": coded(LOINC, CALCIUM), "valueQuantity": quantity(7, "mg/dL")}
    panel = {"resourceType": "Observation", "status": "final", "code": {"text": "panel"}, "component": [part]}
    assert conditions(read(bundle(panel))) == {"Hypocalcemia"}


def observation(code: Resource, **more: Any) -> Resource:
    return {"resourceType": "Observation", "status": "final", "code": code, **more}


def test_a_truth_value_can_say_no(read: Read) -> None:
    """Pregnant: true, and pregnant: false."""
    assert conditions(read(bundle(observation(coded(SCT, "77386006"), valueBoolean=True)))) == {"Pregnancy"}
    denied = read(bundle(observation(coded(SCT, "77386006"), valueBoolean=False)))
    assert not denied.entries
    assert "its value is false" in reasons(denied)


@pytest.mark.parametrize(
    ("question", "value", "state"), [("82810-3", "77386006", "Pregnancy"), ("72166-2", "449868002", "TobaccoSmoking")]
)
def test_a_coded_value_is_a_state(read: Read, question: str, value: str, state: str) -> None:
    """Pregnancy status and smoking status."""
    record = read(bundle(observation(coded(LOINC, question), valueCodeableConcept=coded(SCT, value))))
    assert conditions(record) == {state}


def test_a_value_of_an_unknown_question_is_no_state(read: Read) -> None:
    """It could be about the family, or a question that was asked and denied."""
    record = read(bundle(observation(coded(LOINC, "0-0"), valueCodeableConcept=coded(SCT, "254837009"))))
    assert not record.entries
    assert record.leftovers


def test_a_hormone_receptor_makes_a_tumor_sensitive(read: Read) -> None:
    """A positive one does; one negative receptor does not show that the tumor is insensitive."""
    code = coded(LOINC, "16112-5")
    positive = read(bundle(observation(code, valueCodeableConcept=coded(SCT, "10828004"))))
    negative = read(bundle(observation(code, valueCodeableConcept=coded(SCT, "260385009"))))
    assert conditions(positive) == {"EstrogenReceptorPositive", "HormoneSensitiveTumor"}
    assert conditions(negative) == {"EstrogenReceptorNegative"}


def test_a_score_is_an_integer(read: Read) -> None:
    """ECOG 3 and ECOG 2; an element that is null is not there."""
    scores = [observation(coded(LOINC, "89247-1"), valueInteger=score, valueQuantity=None) for score in (3, 2)]
    assert [conditions(read(bundle(each))) for each in scores] == [{"ECOGPerformanceStatus3OrMore"}, set()]


def test_a_report_is_a_check_on_record(read: Read) -> None:
    """The bone scan was done; its conclusion stays with those who wrote it."""
    report = {"resourceType": "DiagnosticReport", "status": "final", "code": coded(LOINC, "25031-6")}
    record = read(bundle({**report, "conclusionCode": [coded(SCT, "94222008")]}))
    assert found(record, "check", "past") == {"BoneScan"}
    assert not conditions(record)
    assert "conclusion" in reasons(record)
