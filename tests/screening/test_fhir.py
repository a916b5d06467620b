"""FHIR R4 bundles as a whole: whom they are about, which day it is, and what of them is not read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from osteograph.ontology.errors import ProblemsFound
from osteograph.queries.screening.reading import read_record
from osteograph.queries.stores.oxigraph import OxigraphStore

from .records import SCT, Read, Resource, bundle, coded, condition, conditions, laboratory, reasons

HYPOCALCEMIA = coded(SCT, "5291005")
CALCIUM = "17861-6"


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
