"""FHIR R4 bundles: what each resource says by its codes and statuses, and what it does not say."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from osteograph.ontology.errors import ProblemsFound
from osteograph.queries.screening.reading import read_record
from osteograph.queries.stores.oxigraph import OxigraphStore

from .records import (
    ICD,
    LOINC,
    RXNORM,
    SCT,
    Read,
    Resource,
    bundle,
    coded,
    condition,
    conditions,
    found,
    laboratory,
    order,
    quantity,
    reasons,
    status,
)

HYPOCALCEMIA = coded(SCT, "5291005")
CALCIUM = "17861-6"
DOCETAXEL = coded(RXNORM, "72962")


@pytest.mark.parametrize(
    ("more", "time"),
    [
        ({"clinicalStatus": status("active")}, "now"),
        ({"clinicalStatus": status("recurrence")}, "now"),
        ({"clinicalStatus": status("relapse")}, "now"),
        ({"clinicalStatus": status("active"), "verificationStatus": status("confirmed")}, "now"),
        ({"clinicalStatus": status("inactive")}, "past"),
        ({"clinicalStatus": status("remission")}, "past"),
        ({"clinicalStatus": status("resolved"), "abatementDateTime": "2026-10-22"}, "past"),
        ({"clinicalStatus": None, "abatementString": "last year"}, "past"),
        ({"clinicalStatus": None}, "now"),
    ],
)
def test_a_condition_is_present_or_past(read: Read, more: Resource, time: str) -> None:
    """By its clinical status; where that is missing, by whether it has abated."""
    record = read(bundle(condition(HYPOCALCEMIA, **more)))
    assert found(record, "condition", time) == {"Hypocalcemia"}
    assert len(record.entries) == 1
    assert record.entries[0].days_ago == (10 if "abatementDateTime" in more else None)


@pytest.mark.parametrize(
    "more",
    [
        {"verificationStatus": status(code)}
        for code in ("refuted", "entered-in-error", "provisional", "differential", "unconfirmed", "strange")
    ]
    + [{"clinicalStatus": status("strange")}, {"onsetDateTime": "2027-01-01"}],
)
def test_what_is_not_confirmed_is_no_condition(read: Read, more: Resource) -> None:
    """It is left over with the reason."""
    record = read(bundle(condition(HYPOCALCEMIA, **more)))
    assert not record.entries
    assert len(record.leftovers) == 1


@pytest.mark.parametrize("code", [coded(SCT, "128462008"), coded(SCT, "94222008"), coded(ICD, "C79.51")])
def test_a_secondary_cancer_in_a_bone_is_a_bone_metastasis(read: Read, code: Resource) -> None:
    """Whether the code or the body site says bone."""
    record = read(bundle(condition(code, bodySite=[coded(SCT, "73903008")])))
    assert conditions(record) == {"LumbarVertebralMetastasis"}


def test_a_secondary_cancer_elsewhere_is_none_of_bone(read: Read) -> None:
    """In the liver it is a liver metastasis; a primary with a body site stays a primary."""
    assert conditions(read(bundle(condition(coded(SCT, "128462008"), bodySite=[coded(SCT, "10200004")])))) == {
        "LiverMetastasis"
    }
    assert conditions(read(bundle(condition(coded(SCT, "254837009"), bodySite=[coded(SCT, "113197003")])))) == {
        "BreastCancer"
    }


def test_family_history_is_of_the_family(read: Read) -> None:
    """The mother's cancer is left over."""
    history = {"resourceType": "FamilyMemberHistory", "status": "completed", "condition": [{"code": HYPOCALCEMIA}]}
    record = read(bundle(history))
    assert not record.entries
    assert "of the family" in reasons(record)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (coded(RXNORM, "993449"), {"HypersensitivityToDenosumab"}),
        (coded(RXNORM, "77655"), {"HypersensitivityToZoledronicAcid"}),
        (coded("http://www.whocc.no/atc", "M05BA05"), {"HypersensitivityToBisphosphonate"}),
        ({"text": "Xgeva"}, {"HypersensitivityToDenosumab"}),
        (coded(RXNORM, "11289"), set()),  # warfarin: no rule knows an allergy to it
    ],
)
def test_an_allergy_is_a_hypersensitivity(read: Read, code: Resource, expected: set[str]) -> None:
    """To the substance, or to the class that it belongs to; an allergy that no rule knows is left over."""
    record = read(bundle({"resourceType": "AllergyIntolerance", "clinicalStatus": status("active"), "code": code}))
    assert conditions(record) == expected
    assert bool(expected) or "no hypersensitivity to warfarin" in reasons(record)


def test_a_refuted_allergy_is_none(read: Read) -> None:
    """Somebody looked and there is no allergy."""
    allergy = {
        "resourceType": "AllergyIntolerance",
        "verificationStatus": status("refuted"),
        "code": coded(RXNORM, "993449"),
    }
    assert not read(bundle(allergy)).entries


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


def test_a_score_is_an_integer(read: Read) -> None:
    """ECOG 3 and ECOG 2; an element that is null is not there."""
    scores = [observation(coded(LOINC, "89247-1"), valueInteger=score, valueQuantity=None) for score in (3, 2)]
    assert [conditions(read(bundle(each))) for each in scores] == [{"ECOGPerformanceStatus3OrMore"}, set()]


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


def test_a_report_is_a_check_on_record(read: Read) -> None:
    """The bone scan was done; its conclusion stays with those who wrote it."""
    report = {"resourceType": "DiagnosticReport", "status": "final", "code": coded(LOINC, "25031-6")}
    record = read(bundle({**report, "conclusionCode": [coded(SCT, "94222008")]}))
    assert found(record, "check", "past") == {"BoneScan"}
    assert not conditions(record)
    assert "conclusion" in reasons(record)


def test_the_patient_has_age_and_sex(read: Read) -> None:
    """Female sex is a concept; a year of birth gives an age only as far as it is certain."""

    def person(born: str) -> Resource:
        return {"resourceType": "Patient", "gender": "female", "birthDate": born}

    assert conditions(read(bundle(person("1961-11-01")))) == {"FemaleSex", "AgeAbove60"}  # 65 today, not above
    assert conditions(read(bundle(person("1961-10-31")))) == {"FemaleSex", "AgeAbove60"}
    assert conditions(read(bundle(person("1960-11-01")))) == {"FemaleSex", "AgeAbove60", "AgeAbove65"}
    assert conditions(read(bundle(person("1960")))) == {"FemaleSex", "AgeAbove60"}  # 65 or 66
    assert conditions(read(bundle(person("2027-01-01")))) == {"FemaleSex"}
    assert conditions(read(bundle(person("1961-13-01")))) == {"FemaleSex"}


@pytest.mark.parametrize(("born", "age"), [("1890-01-01", 136), ("1896-11-01", 130)])
def test_an_implausible_age_is_left_over(read: Read, born: str, age: int) -> None:
    """Nobody is 136."""
    record = read(bundle({"resourceType": "Patient", "birthDate": born}))
    assert ("not plausible" in reasons(record)) == (age > 130)


def test_today_is_the_day_of_the_bundle(oxigraph_store: OxigraphStore) -> None:
    """Its timestamp, else the newest date in it, else what the caller says wins over both."""
    procedure = {
        "resourceType": "Procedure",
        "status": "completed",
        "code": coded(SCT, "367336001"),
        "performedDateTime": "2026-06-01",
    }
    later = laboratory(CALCIUM, 9.5, "mg/dL", effectiveDateTime="2026-06-11")
    stamped = read_record(bundle(procedure, later, timestamp="2026-06-21T00:00:00Z"), oxigraph_store)
    newest = read_record(bundle(procedure, later), oxigraph_store)
    assert [found_days(record) for record in (stamped, newest)] == [{20}, {10}]


def found_days(record: Any) -> set[Decimal]:
    return {entry.days_ago for entry in record.entries if entry.concept.endswith("Chemotherapy")}


def test_what_is_about_another_person_is_left_over(read: Read) -> None:
    """A condition of the husband in the wife's bundle."""
    person = {"resourceType": "Patient", "id": "p"}
    own = condition(HYPOCALCEMIA, subject={"reference": "Patient/p"})
    other = condition(coded(SCT, "77386006"), subject={"reference": "Patient/q"})
    record = read(bundle(person, own, other))
    assert conditions(record) == {"Hypocalcemia"}
    assert "somebody else" in reasons(record)
    for two in (bundle(person, {"resourceType": "Patient", "id": "q"}), bundle(own, other)):
        with pytest.raises(ProblemsFound, match="tells of 2 patients"):
            read(two)


def test_what_is_not_read_is_counted(read: Read) -> None:
    """One leftover for each type, whatever the number; a modifier extension stops the reading of its resource."""
    record = read(bundle({"resourceType": "Encounter"}, {"resourceType": "Encounter"}))
    assert "Encounter: 2 of this type" in reasons(record)
    modified = condition(HYPOCALCEMIA, modifierExtension=[{"url": "http://example.org/not", "valueBoolean": True}])
    assert not read(bundle(modified)).entries


def test_a_device_in_place_is_a_condition(read: Read) -> None:
    """A pacemaker matters for MRI; an inactive one does not."""
    device = {"resourceType": "Device", "status": "active", "type": coded(SCT, "14106009")}
    assert conditions(read(bundle(device))) == {"Pacemaker"}
    assert not read(bundle({**device, "status": "inactive"})).entries
