"""FHIR conditions, allergies, family history and devices: what is present, past, somebody else's or nothing at all."""

from __future__ import annotations

import pytest

from .records import ICD, RXNORM, SCT, Read, Resource, bundle, coded, condition, conditions, found, reasons, status

HYPOCALCEMIA = coded(SCT, "5291005")


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


def test_a_device_in_place_is_a_condition(read: Read) -> None:
    """A pacemaker matters for MRI; an inactive one does not."""
    device = {"resourceType": "Device", "status": "active", "type": coded(SCT, "14106009")}
    assert conditions(read(bundle(device))) == {"Pacemaker"}
    assert not read(bundle({**device, "status": "inactive"})).entries
