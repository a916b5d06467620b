"""The class view says what the graph says: one classification, one set of answers for patients."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from osteograph.graph_builder.exports.classes import (
    CLASS,
    class_iri,
    class_view,
    holds_without_limits,
    is_kind,
    treatments_of,
)
from osteograph.graph_builder.exports.material import Material
from osteograph.graph_builder.reasoner import consistency_problems, infer_property_values, profile, superclasses
from osteograph.ontology.namespaces import CONCEPT, SCHEMA

from ..needs import need_module


@pytest.fixture(scope="module")
def view(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("classes") / "osteograph-classes.owl"
    path.write_bytes(class_view(material))
    return path


def closure(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Everything above each name, by walking up until nothing new comes."""
    above: dict[str, set[str]] = {}
    for child, parent in pairs:
        above.setdefault(child, set()).add(parent)
    changed = True
    while changed:
        changed = False
        for found in above.values():
            more = {higher for name in found for higher in above.get(name, ())} - found
            found |= more
            changed = changed or bool(more)
    return above


@pytest.mark.java
def test_the_class_view_is_owl_2_el_and_consistent(view: Path) -> None:
    """By the OWL API in Pellet's jars, and by HermiT, with no class that can have no instance."""
    assert profile(view) == "OWL 2 EL"
    assert consistency_problems(view) == []


@pytest.mark.java
def test_classification_equals_kind_of(view: Path, material: Material) -> None:
    """What HermiT finds above each class is the transitive closure of kindOf, no more and no less."""
    kinds = {record.iri for record in material.concepts() if is_kind(record, material.schema)}
    pairs = [
        (class_iri(record.iri), class_iri(parent))
        for record in material.concepts()
        for parent, _ in record.parents
        if {record.iri, parent} <= kinds
    ]
    expected = closure(pairs)
    found = {iri: above for iri, above in superclasses(view).items() if above}
    assert len(pairs) > 400
    assert found == expected


PATIENTS = {
    # ZOL-01-1, ZOL-02-1, PAM-13-2; not AlendronicAcid (in osteoporosis only), nor all bisphosphonates (an exception)
    "zoledronic": (["HypersensitivityToZoledronicAcid"], {"Zometa", "PamidronicAcid"}),
    "broader": (["Hypersensitivity"], set()),  # the broader condition says nothing of the narrower ones
    # CLO-01-1, ZO5-02-1 by the ladder of clearances; not Cisplatin, which is barred before the first dose only
    "clearance": (["CreatinineClearanceBelow10"], {"OralClodronate", "Reclast"}),
    "hypocalcemia": (["Hypocalcemia"], {"Prolia", "Reclast"}),  # PRO-01-1, ZO5-01-1; others speak of a time
    "both": (["Hypocalcemia", "HypersensitivityToDenosumab"], {"Prolia", "Reclast", "Xgeva"}),
}


@pytest.mark.java
def test_patients_get_the_same_answers(view: Path, material: Material, tmp_path: Path) -> None:
    """HermiT derives for each patient what a reader of the rules expects, which is what the rule parts say."""
    cases = {name: conditions for name, (conditions, _) in PATIENTS.items()}
    expected = {name: {CONCEPT + one for one in treatments} for name, (_, treatments) in PATIENTS.items()}
    with_patients = tmp_path / "patients.owl"
    with_patients.write_text(view.read_text("utf-8").replace("</rdf:RDF>", patients(cases) + "</rdf:RDF>"), "utf-8")
    derived = infer_property_values(with_patients)
    assert {name: treatments_derived_for(name, derived) for name in cases} == expected
    assert {name: contraindicated(material, conditions) for name, conditions in cases.items()} == expected


def treatments_derived_for(patient: str, derived: set[tuple[str, str, str]]) -> set[str]:
    """What HermiT says is contraindicated in a patient, of its triples in N-Triples terms."""
    about = (f"<http://example.org/{patient}>", f"<{SCHEMA}hasContraindicatedTreatment>")
    return {treatment.strip("<>") for *subject, treatment in derived if tuple(subject) == about}


def contraindicated(material: Material, conditions: list[str]) -> set[str]:
    """The treatments by reading the rule parts: every condition of the part is met by one as narrow or narrower."""
    parents = [(record.iri, parent) for record in material.concepts() for parent, _ in record.parents]
    above = closure(parents)
    has = {CONCEPT + name for name in conditions}
    has |= {higher for name in has for higher in above.get(name, ())}
    return {
        treatment
        for part in material.rule_parts()
        if part.predicate == SCHEMA + "contraindicatedIn" and set(part.conditions) <= has
        if holds_without_limits(part, material)
        for treatment in treatments_of(part, material)
    }


def patients(cases: dict[str, list[str]]) -> str:
    """Patients in RDF/XML, each with an unnamed instance of the class of each condition."""
    blocks = []
    for name, conditions in cases.items():
        has = "".join(
            f'<bmo:hasCondition><owl:NamedIndividual rdf:about="http://example.org/{name}/{condition}">'
            f'<rdf:type rdf:resource="{CLASS}{condition}"/></owl:NamedIndividual></bmo:hasCondition>'
            for condition in conditions
        )
        blocks.append(f'<owl:NamedIndividual rdf:about="http://example.org/{name}">{has}</owl:NamedIndividual>')
    return "".join(blocks)


def test_limited_rules_and_sentences_of_sources_make_no_axiom(view: Path, material: Material) -> None:
    """No axiom speaks for a part with an exception or a time window, and none says where cancers spread."""
    need_module("pyhornedowl")
    text = view.read_text("utf-8")
    limited = [
        part.iri
        for part in material.rule_parts()
        if {"exception", "timeWindow", "indicationContext"} & {name for name, _ in part.limits}
    ]
    assert limited
    assert [iri for iri in limited if f'"{iri}"' in text] == []
    assert "metastasizesTo" not in text


def test_subclass_axioms_name_their_statements(view: Path, material: Material) -> None:
    """py-horned-owl reads the annotations: each stated kindOf leads back to its statement."""
    pyhornedowl = need_module("pyhornedowl")
    ontology = pyhornedowl.open_ontology(str(view))
    named = {str(ann.av) for axiom in ontology.get_axioms() for ann in axiom.ann}
    stated = {iri for record in material.concepts() for _, statements in record.parents for iri in statements}
    assert len(stated) > 30
    assert {iri for iri in stated if not any(iri in one for one in named)} == set()
    assert any("/rule/" in one for one in named)
