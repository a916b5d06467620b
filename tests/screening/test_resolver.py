"""Codes and names stand for the concepts that they mean, and for nothing wider or nearby that nobody said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from osteograph.queries.screening.codes import notation, roll_up
from osteograph.queries.screening.intake import Knowledge
from osteograph.queries.screening.resolver import Coding, Found, Resolver

from .records import ATC, ICD, LOINC, RXNORM, SCT


def names(found: Found) -> set[str]:
    return {iri.rpartition("/")[2] for iri in found.concepts}


@pytest.fixture
def resolver(readers_knowledge: Knowledge) -> Resolver:
    return readers_knowledge.resolver.for_one_record()


@pytest.mark.parametrize(
    ("system", "code", "meant"),
    [
        (SCT, "94222008", "BoneMetastasis"),  # exact
        (SCT, "105502003", "Dialysis"),  # dependence on dialysis is narrower than our concept
        (ICD, "C79.51", "BoneMetastasis"),
        (ICD, "c7951", "BoneMetastasis"),  # without its point and in small letters
        (ICD, "E11.22", "Type2DiabetesMellitus"),  # by its prefix E11
        (ICD, "N18.4", "ChronicKidneyDiseaseStage4"),
        (ICD, "M87.180", "MedicationRelatedOsteonecrosisOfTheJaw"),
        (RXNORM, "993449", "Denosumab"),  # the ingredient
        (RXNORM, "1046402", "Xgeva"),  # the branded drug
        (RXNORM, "993456", "Prolia"),
        (RXNORM, "1046398", "Xgeva"),  # the clinical drug of this strength
        (RXNORM, "1114085", "Zometa"),
        (RXNORM, "705824", "Reclast"),
        (ATC, "M05BA08", "ZoledronicAcid"),
        (ATC, "M05BX04", "Denosumab"),
        (ATC, "M05BA05", "Bisphosphonate"),  # a member that the graph has not, by its class
        (LOINC, "2160-0", "SerumCreatinineMeasurement"),
        ("urn:oid:2.16.840.1.113883.6.96", "94222008", "BoneMetastasis"),
        ("http://snomed.info/sct/", "94222008", "BoneMetastasis"),
    ],
)
def test_a_code_is_read_as_its_concept(resolver: Resolver, system: str, code: str, meant: str) -> None:
    """Exact and narrow matches are read, drugs as the product where the code decides it."""
    assert names(resolver.code(Coding(system, code))) == {meant}


def test_a_wider_code_concludes_nothing(resolver: Resolver) -> None:
    """M87 is osteonecrosis anywhere; a broad match says that our concept is narrower, so nothing follows."""
    found = resolver.code(Coding(ICD, "M87"))
    assert not found.concepts
    assert "covers more than osteonecrosis of the jaw" in found.notes[0]


def test_a_broad_match_to_a_substance_is_no_product(resolver: Resolver) -> None:
    """The ingredient maps broadly from both products: neither may be concluded from it."""
    assert names(resolver.code(Coding(RXNORM, "77655"))) == {"ZoledronicAcid"}


def test_a_close_match_is_read_with_a_remark(resolver: Resolver) -> None:
    """Nearness is not identity, so the record says that it was read so."""
    found = resolver.code(Coding(ICD, "G95.20"))
    assert names(found) == {"SpinalCordCompression"}
    assert "near to spinal cord compression" in found.notes[0]


def test_a_whole_class_of_anticancer_drugs_is_not_chemotherapy(resolver: Resolver) -> None:
    """ATC L01 is close to chemotherapy drugs, but an antibody in it (L01FF02) is none."""
    assert not resolver.code(Coding(ATC, "L01FF02")).concepts


@pytest.mark.parametrize(
    ("system", "code"), [(SCT, "999999999"), (ICD, "Z99.9"), ("http://example.org/x", "1"), ("", "1")]
)
def test_an_unknown_code_says_so(resolver: Resolver, system: str, code: str) -> None:
    """A code that nothing is mapped to is nothing, with a reason."""
    found = resolver.code(Coding(system, code))
    assert not found.concepts
    assert found.notes


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Bone  Metastasis", "BoneMetastasis"),
        ("osteo:BoneMetastasis", "BoneMetastasis"),
        ("https://w3id.org/osteograph/concept/BoneMetastasis", "BoneMetastasis"),
        ("ICD10CM:C79.51", "BoneMetastasis"),
        ("SNOMED:94222008", "BoneMetastasis"),
        ("Jaw Osteonecrosis", "OsteonecrosisOfTheJaw"),
        ("hypocalcaemia", "Hypocalcemia"),
        ("aromatase inhibitors", "AromataseInhibitor"),
        ("Aclasta", "Reclast"),
    ],
)
def test_a_name_is_read_as_its_concept(resolver: Resolver, text: str, meant: str) -> None:
    """Labels and exact synonyms in any case, a plain plural, CURIEs and IRIs."""
    assert names(resolver.name(text)) == {meant}


def test_a_misspelt_name_is_not_guessed(resolver: Resolver) -> None:
    """It brings suggestions and no concept."""
    found = resolver.name("hypocalcemai")
    assert not found.concepts
    assert "did you mean hypocalcemia" in found.notes[0]


def test_related_and_broad_synonyms_are_not_read(readers_knowledge: Knowledge) -> None:
    """Article b calls it breakdown of bone in the jaw, which is related to osteonecrosis and not the same."""
    assert not readers_knowledge.resolver.name("breakdown of bone in the jaw").concepts


def test_the_code_is_believed_where_the_words_disagree(resolver: Resolver) -> None:
    """The words name something that the code does not say."""
    found = resolver.codeable([Coding(SCT, "363346000", "Breast cancer")])
    assert names(found) == {"Cancer"}
    assert "the code is believed" in found.notes[0]


def test_wider_words_beside_a_code_are_no_conflict(resolver: Resolver) -> None:
    """Stage-less words beside a narrow code say less, not something else."""
    assert resolver.codeable([Coding(SCT, "94222008", "Metastatic cancer")]).notes == ()


def test_words_are_read_where_no_code_is_understood(resolver: Resolver) -> None:
    """And the unknown code is still mentioned."""
    found = resolver.codeable([Coding("http://example.org/local", "77", "Bone metastasis")])
    assert names(found) == {"BoneMetastasis"}
    assert "not known here" in found.notes[0]


def test_of_two_codes_the_narrower_counts(resolver: Resolver) -> None:
    """Cancer and bone metastasis in one CodeableConcept are one thing, told twice."""
    found = resolver.codeable([Coding(SCT, "363346000"), Coding(SCT, "94222008")])
    assert names(found) == {"BoneMetastasis"}


def test_suggestions_stop_after_some(resolver: Resolver) -> None:
    """A million unknown names must not take a million searches."""
    assert all(resolver.name(f"hypocalcemai {n}").notes for n in range(60))
    assert resolver.name("hypocalcemai").notes == ("no concept has this name",)
    assert "did you mean" in replace(resolver, _near={}).name("hypocalcemai").notes[0]


def test_a_prefix_is_never_shorter_than_its_category() -> None:
    """Rolling up ends at three characters, and other systems have no prefixes."""
    assert list(roll_up("ICD10CM:N18.4")) == ["ICD10CM:N18.4", "ICD10CM:N18"]
    assert list(roll_up("SCTID:94222008")) == ["SCTID:94222008"]
    assert notation("http://example.org/", "1") is None
