"""FHIR medications and procedures: which product, at what time, and what is not to be given."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from .records import RXNORM, SCT, Read, Resource, bundle, coded, condition, conditions, found, order, quantity, reasons

DOCETAXEL = coded(RXNORM, "72962")


@pytest.mark.parametrize(
    ("more", "time"),
    [
        ({"status": "active"}, "now"),
        ({"status": "active", "intent": "plan"}, "planned"),
        ({"status": "active", "intent": "proposal"}, "planned"),
        ({"status": "draft"}, "planned"),
        ({"status": "on-hold"}, "planned"),
        ({"status": "completed", "authoredOn": "2026-10-04"}, "past"),
        ({"status": "stopped", "authoredOn": "2026-10-04"}, "past"),
    ],
)
def test_an_order_has_a_time(read: Read, more: Resource, time: str) -> None:
    """What is taken, what is intended, what is over."""
    record = read(bundle(order(DOCETAXEL, **more)))
    assert found(record, "treatment", time) == {"Docetaxel"}
    assert len([entry for entry in record.entries if entry.kind == "treatment"]) == 1
    assert record.entries[0].days_ago == (28 if time == "past" else None)


@pytest.mark.parametrize(
    "more",
    [
        {"status": "cancelled"},
        {"status": "entered-in-error"},
        {"status": "unknown"},
        {"doNotPerform": True},
        {"status": None},
    ],
)
def test_what_is_not_to_be_given_is_left_over(read: Read, more: Resource) -> None:
    """And never screened as a treatment."""
    record = read(bundle(order(DOCETAXEL, **more)))
    assert not record.entries
    assert len(record.leftovers) == 1


def test_the_end_of_a_treatment_is_taken_from_its_timing(read: Read) -> None:
    """The end of the course counts, not the day of the order."""
    timing = {"timing": {"repeat": {"boundsPeriod": {"start": "2026-01-01", "end": "2026-10-22"}}}}
    record = read(bundle(order(DOCETAXEL, status="completed", authoredOn="2026-01-01", dosageInstruction=[timing])))
    assert record.entries[0].days_ago == Decimal(10)


def test_a_statement_and_an_administration_have_times_of_their_own(read: Read) -> None:
    """Intended is planned; administered is past, by its date; not taken is nothing."""

    def use(kind: str, **more: Any) -> Resource:
        return {"resourceType": kind, "medicationCodeableConcept": DOCETAXEL, **more}

    intended = read(bundle(use("MedicationStatement", status="intended")))
    given = read(bundle(use("MedicationAdministration", status="completed", effectiveDateTime="2026-10-31T09:00:00Z")))
    skipped = read(
        bundle(use("MedicationStatement", status="not-taken"), use("MedicationAdministration", status="not-done"))
    )
    assert found(intended, "treatment", "planned") == {"Docetaxel"}
    assert (found(given, "treatment", "past"), given.entries[0].days_ago) == ({"Docetaxel"}, Decimal(1))
    assert (skipped.entries, len(skipped.leftovers)) == ((), 2)


@pytest.mark.parametrize(
    ("code", "dose", "product"),
    [
        ("77655", quantity(4, "mg"), "Zometa"),
        ("77655", quantity(5, "mg"), "Reclast"),
        ("993449", quantity(120, "mg"), "Xgeva"),
        ("993449", quantity(60000, "ug"), "Prolia"),
        ("1046402", None, "Xgeva"),
        ("993456", None, "Prolia"),
        ("77655", None, "ZoledronicAcid"),
        ("77655", quantity(4, "mg/m2"), "ZoledronicAcid"),
        ("77655", quantity(4, "mg", comparator="<"), "ZoledronicAcid"),
    ],
)
def test_the_product_is_decided_by_drug_or_dose(read: Read, code: str, dose: Resource | None, product: str) -> None:
    """Otherwise the record says that it is missing."""
    dosage = [{"doseAndRate": [{"doseQuantity": dose}]}] if dose else []
    record = read(bundle(order(coded(RXNORM, code), dosageInstruction=dosage)))
    assert found(record, "treatment") == {product}
    assert ("product not given" in reasons(record)) == (product == "ZoledronicAcid")


def medication(**more: Any) -> Resource:
    return {"resourceType": "Medication", **more}


def test_references_are_followed_within_the_bundle(read: Read) -> None:
    """Contained, relative, by full URL; and what is elsewhere is not fetched."""

    def by(reference: str, **more: Any) -> Resource:
        return {
            "resourceType": "MedicationRequest",
            "status": "active",
            "medicationReference": {"reference": reference},
            **more,
        }

    drug = medication(id="m", code=coded(RXNORM, "993456"))
    contained = read(bundle(by("#m", contained=[drug])))
    relative = read(bundle(by("Medication/m"), drug))
    entries = [{"resource": by("urn:uuid:1")}, {"fullUrl": "urn:uuid:1", "resource": drug}]
    full = read(json.dumps({"resourceType": "Bundle", "entry": entries}))
    absent = read(bundle(by("http://example.org/fhir/Medication/9")))
    assert all(found(record, "treatment") == {"Prolia"} for record in (contained, relative, full))
    assert (absent.entries, "never fetched" in reasons(absent) or "not fetched" in reasons(absent)) == ((), True)


def test_an_unmapped_product_is_read_by_its_ingredient(read: Read) -> None:
    """With the remark that it was read so."""
    drug = medication(id="m", code=coded(RXNORM, "999"), ingredient=[{"itemCodeableConcept": DOCETAXEL}])
    request = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "medicationReference": {"reference": "Medication/m"},
    }
    record = read(bundle(request, drug))
    assert found(record, "treatment") == {"Docetaxel"}
    assert "read by its ingredients" in reasons(record)


@pytest.mark.parametrize("text", ["denosumab 60 mg SC", "Denosumab 60mg"])
def test_a_dose_in_the_text_of_an_order_is_read(read: Read, text: str) -> None:
    """Beside a code of the substance, and without any code; nothing is left over."""
    for medication_text in ({"text": text}, {**coded(RXNORM, "993449"), "text": text}):
        record = read(bundle(order(medication_text)))
        assert found(record, "treatment") == {"Prolia"}
        assert not record.leftovers


def test_words_without_a_code_are_read(read: Read) -> None:
    """A coding may hold a display alone."""
    assert conditions(read(bundle(condition({"coding": [{"display": "Hypocalcemia"}]})))) == {"Hypocalcemia"}


def test_an_unmapped_product_without_ingredient_is_left_over(read: Read) -> None:
    """It is not dropped in silence."""
    record = read(bundle(order(coded(RXNORM, "999", "strange drug"))))
    assert not record.entries
    assert "strange drug" in reasons(record)


EXTRACTION = coded(SCT, "55162003")


@pytest.mark.parametrize(
    ("resource", "time"),
    [
        ({"resourceType": "Procedure", "status": "preparation", "code": EXTRACTION}, "planned"),
        ({"resourceType": "Procedure", "status": "in-progress", "code": EXTRACTION}, "now"),
        ({"resourceType": "Procedure", "status": "completed", "code": EXTRACTION}, "past"),
        ({"resourceType": "ServiceRequest", "status": "active", "intent": "order", "code": EXTRACTION}, "planned"),
        ({"resourceType": "ServiceRequest", "status": "draft", "intent": "plan", "code": EXTRACTION}, "planned"),
        (
            {
                "resourceType": "CarePlan",
                "status": "active",
                "activity": [{"detail": {"status": "scheduled", "code": EXTRACTION}}],
            },
            "planned",
        ),
    ],
)
def test_a_procedure_has_a_time(read: Read, resource: Resource, time: str) -> None:
    """A tooth extraction is planned by an order, a plan or a procedure in preparation."""
    record = read(bundle(resource))
    assert found(record, "treatment", time) == {"ToothExtraction"}
    assert found(record, "check", "past") == ({"ToothExtraction"} if time == "past" else set())


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": "Procedure", "status": "not-done", "code": EXTRACTION},
        {"resourceType": "ServiceRequest", "status": "revoked", "code": EXTRACTION},
        {"resourceType": "ServiceRequest", "status": "active", "doNotPerform": True, "code": EXTRACTION},
        {
            "resourceType": "CarePlan",
            "status": "revoked",
            "activity": [{"detail": {"status": "scheduled", "code": EXTRACTION}}],
        },
    ],
)
def test_what_is_not_done_is_left_over(read: Read, resource: Resource) -> None:
    """With its status as the reason."""
    record = read(bundle(resource))
    assert not record.entries
    assert len(record.leftovers) == 1


def test_a_test_that_is_over_is_a_check_and_no_treatment(read: Read) -> None:
    """One that is planned is screened like a treatment: MRI has contraindications."""
    done = {"resourceType": "Procedure", "status": "completed", "code": coded(SCT, "113091000")}
    planned = {"resourceType": "ServiceRequest", "status": "active", "code": coded(SCT, "113091000")}
    record = read(bundle(done))
    assert (found(record, "treatment", "past"), found(record, "check", "past")) == (set(), {"MRIScan"})
    assert found(read(bundle(planned)), "treatment", "planned") == {"MRIScan"}


def test_a_completed_procedure_counts_from_its_end(read: Read) -> None:
    """Four weeks after chemotherapy."""
    procedure = {"resourceType": "Procedure", "status": "completed", "code": coded(SCT, "367336001")}
    record = read(bundle({**procedure, "performedPeriod": {"start": "2026-05-01", "end": "2026-10-04"}}))
    assert {entry.days_ago for entry in record.entries} == {Decimal(28)}
