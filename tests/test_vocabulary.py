"""The vocabulary of patient records: what names and codes lead to, and which rules' conditions they never reach."""

from __future__ import annotations

import pytest

from osteograph.ontology.model import Curation

NAMES = {
    "zoledronic acid": "ZoledronicAcid",
    "zoledronate": "ZoledronicAcid",
    "zoledronic acid 4 mg": "Zometa",
    "Zometa 4 mg": "Zometa",
    "Aclasta": "Reclast",
    "zoledronic acid 5 mg": "Reclast",
    "denosumab": "Denosumab",
    "denosumab 120 mg": "Xgeva",
    "denosumab 60 mg": "Prolia",
    "Boniva": "Bonviva",
    "Boniva 3 mg": "BonvivaInjection",
    "ibandronic acid 50 mg": "BondronatTablet",
    "leuprolide": "Leuprorelin",
    "radium-223 dichloride": "Radium223",
    "Quadramet": "Samarium153",
    "strontium-89 chloride": "Strontium89",
    "acetaminophen": "Paracetamol",
    "MRONJ": "MedicationRelatedOsteonecrosisOfTheJaw",
    "BRONJ": "BisphosphonateRelatedOsteonecrosisOfTheJaw",
    "stage 2 medication-related osteonecrosis of the jaw": "MedicationRelatedOsteonecrosisOfTheJawStage2",
    "MRONJ stage 2": "MedicationRelatedOsteonecrosisOfTheJawStage2",
    "CKD stage 4": "ChronicKidneyDiseaseStage4",
    "ESRD": "EndStageRenalDisease",
    "hypocalcaemia": "Hypocalcemia",
    "MSCC": "MetastaticSpinalCordCompression",
    "DVT": "DeepVeinThrombosis",
    "eGFR": "EstimatedGFRMeasurement",
    "creatinine clearance": "CreatinineClearanceMeasurement",
    "corrected calcium": "CorrectedCalciumMeasurement",
    "ANC": "NeutrophilCountMeasurement",
}

CODES = {
    "RXNORM:993449": "Denosumab",
    "RXNORM:1046398": "Xgeva",
    "RXNORM:1046402": "Xgeva",
    "RXNORM:993452": "Prolia",
    "RXNORM:993456": "Prolia",
    "RXNORM:77655": "ZoledronicAcid",
    "RXNORM:1114085": "Zometa",
    "RXNORM:705824": "Reclast",
    "RXNORM:904932": "BonvivaTablet",
    "RXNORM:904946": "BondronatTablet",
    "RXNORM:5640": "Ibuprofen",
    "ICD10CM:N18.4": "ChronicKidneyDiseaseStage4",
    "ICD10CM:N18.6": "EndStageRenalDisease",
    "ICD10CM:M87.180": "MedicationRelatedOsteonecrosisOfTheJaw",
    "ICD10CM:Z79.01": "Anticoagulant",
    "SCTID:713425003": "MetastaticSpinalCordCompression",
    "SCTID:423053003": "ECOGPerformanceStatus3OrMore",
    "LOINC:62238-1": "EstimatedGFRMeasurement",
    "LOINC:2164-2": "CreatinineClearanceMeasurement",
    "LOINC:29265-6": "CorrectedCalciumMeasurement",
    "LOINC:1995-0": "IonizedCalciumMeasurement",
    "LOINC:751-8": "NeutrophilCountMeasurement",
    "LOINC:777-3": "PlateletCountMeasurement",
}

KINDS = [
    ("MedicationRelatedOsteonecrosisOfTheJawStage2", "OsteonecrosisOfTheJaw"),
    ("ChronicKidneyDiseaseStage5", "SevereRenalImpairment"),
    ("ChronicKidneyDiseaseStage3B", "MildToModerateRenalImpairment"),
    ("LiverFailure", "SevereLiverImpairment"),
    ("Ibuprofen", "NSAID"),
    ("Goserelin", "GnRHAgonist"),
    ("Gentamicin", "NephrotoxicDrug"),
    ("MetastaticSpinalCordCompression", "SpinalCordCompression"),
    ("FebrileNeutropenia", "Neutropenia"),
]

NOT_KINDS = [
    ("Denosumab", "Bisphosphonate"),
    ("Xgeva", "Bisphosphonate"),
    ("OsteoradionecrosisOfTheJaw", "OsteonecrosisOfTheJaw"),
    ("OsteonecrosisOfTheJaw", "MedicationRelatedOsteonecrosisOfTheJaw"),
    ("ChronicKidneyDiseaseStage3", "SevereRenalImpairment"),
    ("ChronicKidneyDiseaseStage4", "CreatinineClearanceBelow30"),
    ("ChronicKidneyDiseaseStage2", "RenalImpairment"),
    ("CirrhosisOfLiver", "SevereLiverImpairment"),
    ("BarrettEsophagus", "EsophagealAbnormality"),
    ("Esophagitis", "EsophagealAbnormality"),
    ("Paracetamol", "NSAID"),
    ("CorrectedCalciumMeasurement", "CalciumMeasurement"),
    ("IonizedCalciumMeasurement", "CalciumMeasurement"),
    ("EstimatedGFRMeasurement", "CreatinineClearanceMeasurement"),
    ("PreviousVenousThromboembolism", "Thromboembolism"),
    ("BonvivaTablet", "IntravenousBisphosphonate"),
    ("Bondronat", "OralBisphosphonate"),
]


def broader(curation: Curation, name: str) -> set[str]:
    """All concepts above one."""
    above = set(curation.concepts[name].kind_of)
    return above.union(*(broader(curation, parent) for parent in above))


@pytest.mark.parametrize(("text", "name"), NAMES.items())
def test_a_name_of_records_means_one_concept(curation: Curation, text: str, name: str) -> None:
    """Labels and exact synonyms, whatever their case, lead to the concept and to no other."""
    wanted = text.casefold()
    labelled = {concept.name for concept in curation.concepts.values() if concept.label.casefold() == wanted}
    also = {row.concept for row in curation.synonyms if row.scope == "exact" and row.synonym.casefold() == wanted}
    assert labelled | also == {name}


@pytest.mark.parametrize(("code", "name"), CODES.items())
def test_a_code_means_its_most_specific_concept(curation: Curation, code: str, name: str) -> None:
    """Exact matches win; else those that are neither above another nor the substance of another."""
    usable = [row for row in curation.mappings if row.object == code and row.predicate not in UNUSABLE]
    exact = [row for row in usable if row.predicate == "skos:exactMatch"]
    found = {row.subject.removeprefix("osteo:") for row in exact or usable}
    above = {name for one in found for name in {*broader(curation, one), curation.concepts[one].active_substance}}
    assert found - above == {name}


UNUSABLE = {"skos:broadMatch", "skos:relatedMatch"}


@pytest.mark.parametrize(("narrow", "broad"), KINDS)
def test_rules_of_the_broader_reach_the_narrower(curation: Curation, narrow: str, broad: str) -> None:
    """What every instance is."""
    assert broad in broader(curation, narrow)


@pytest.mark.parametrize(("narrow", "broad"), NOT_KINDS)
def test_rules_do_not_leak_along_loose_links(curation: Curation, narrow: str, broad: str) -> None:
    """What some instances are not, or what is another quantity."""
    assert broad not in broader(curation, narrow)


def test_no_pair_is_matched_in_two_ways(curation: Curation) -> None:
    """A concept and a code are linked by one predicate."""
    pairs = [(row.subject, row.object) for row in curation.mappings]
    assert len(pairs) == len(set(pairs))
