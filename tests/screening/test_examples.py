"""The fictional patients in ``examples/patients`` are read without a remark that nobody expects."""

from __future__ import annotations

from pathlib import Path

import pytest

from .records import Read, conditions, found, reasons

PATIENTS = Path(__file__).resolve().parents[2] / "examples" / "patients"
EXPECTED = {
    "hormone_therapy_lung_primary.json": ({"NonSmallCellLungCancer", "HormoneInsensitiveTumor"}, {"HormoneTherapy"}),
    "jaw_osteonecrosis_stage_2.yaml": ({"MedicationRelatedOsteonecrosisOfTheJawStage2"}, {"ToothExtraction"}),
    "leuprorelin_cord_compression.yaml": ({"SpinalCordCompression"}, {"Leuprorelin"}),
    "nsaid_renal_impairment.yaml": ({"RenalImpairment", "EstimatedGFR30To44"}, {"Zometa"}),
    "prolia_by_brand.yaml": ({"Pregnancy", "FemaleSex"}, {"Prolia"}),
    "quiet_patient.yaml": ({"ProstateCancerBoneMetastasis", "GoodGeneralHealth"}, {"ExternalBeamRadiotherapy"}),
    "samarium_after_chemotherapy.yaml": ({"OsteoblasticMetastasis"}, {"Samarium153"}),
    "tooth_extraction_on_bone_agent.json": ({"BoneMetastasis"}, {"ToothExtraction"}),
    "vertebroplasty_coagulopathy.yaml": ({"Coagulopathy", "INRAbove1Point8"}, {"Vertebroplasty"}),
    "xgeva_low_calcium.json": ({"Hypocalcemia", "LumbarVertebralMetastasis"}, {"Xgeva"}),
    "zoledronic_acid_low_clearance.yaml": ({"CreatinineClearanceBelow30"}, {"Zometa"}),
}


def test_every_example_is_expected_here() -> None:
    """No example without what it is an example of."""
    assert {path.name for path in PATIENTS.iterdir()} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_holds_what_it_shows(read: Read, name: str) -> None:
    """Conditions and the planned treatment; only the family history of one of them is left over."""
    record = read((PATIENTS / name).read_bytes())
    some, planned = EXPECTED[name]
    assert some <= conditions(record)
    assert found(record, "treatment", "planned") == planned
    assert ("of the family" in reasons(record)) == (name == "tooth_extraction_on_bone_agent.json")
    assert len(record.leftovers) == int(name == "tooth_extraction_on_bone_agent.json")
