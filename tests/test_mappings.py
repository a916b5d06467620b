"""Mappings are links with a node beside them, and a switch leaves out what not everybody may pass on."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from osteograph.cli import main
from osteograph.graph_builder.mappings import keep_open_mappings, mapping_quads, openness
from osteograph.ontology.model import Curation
from osteograph.ontology.namespaces import CONCEPT, MAPPING, VOCABULARY, expand
from osteograph.queries.catalog import ask, find_question
from osteograph.queries.stores.base import Store


def values(quads: list[ox.Quad], subject: str, predicate: str) -> set[str]:
    return {q.object.value for q in quads if q.subject.value == subject and q.predicate.value == expand(predicate)}  # type: ignore[union-attr]


def node_of(quads: list[ox.Quad], subject: str, target: str) -> str:
    """The mapping node between a concept and a code."""

    def subjects(predicate: str, obj: str) -> set[str]:
        return {q.subject.value for q in quads if q.predicate.value == expand(predicate) and q.object.value == obj}  # type: ignore[union-attr]

    (found,) = subjects("owl:annotatedSource", subject) & subjects("owl:annotatedTarget", target)
    return found


def test_every_row_is_in_the_graph(curation: Curation) -> None:
    """As a node, and, where a term was found, as a link."""
    quads = list(mapping_quads(curation))
    nodes = {q.subject for q in quads if q.subject.value.startswith(MAPPING)}  # type: ignore[union-attr]
    links = {q.triple for q in quads if q.predicate.value.endswith("Match")}
    assert len(nodes) == len(curation.mappings)
    assert len(links) == sum(row.found for row in curation.mappings)
    assert sum(not row.found for row in curation.mappings) == 7


def test_a_mapping_says_on_what_it_rests(curation: Curation) -> None:
    """The exact match of acupuncture in SNOMED CT: justification, version and the licence of the Global Patient Set."""
    quads = list(mapping_quads(curation))
    node = node_of(quads, CONCEPT + "Acupuncture", "http://snomed.info/id/44868003")
    assert values(quads, node, "owl:annotatedProperty") == {expand("skos:exactMatch")}
    assert values(quads, node, "sssom:mapping_justification") == {expand("semapv:LexicalMatching")}
    assert values(quads, node, "sssom:object_source_version") == {"20200930"}
    assert values(quads, node, "dcterms:license") == {"https://creativecommons.org/licenses/by/4.0/"}
    assert values(quads, VOCABULARY + "SCTID", "dcterms:accessRights") == {"restricted"}


def test_a_term_that_was_not_found_makes_no_link(curation: Curation) -> None:
    """Skeletal-related event was looked for in vain."""
    quads = list(mapping_quads(curation))
    event = CONCEPT + "SkeletalRelatedEvent"
    assert values(quads, node_of(quads, event, expand("sssom:NoTermFound")), "owl:annotatedSource") == {event}
    assert [q for q in quads if q.subject.value == event] == []  # type: ignore[union-attr]


def test_mappings_are_never_identity(quads: list[ox.Quad]) -> None:
    """Nothing of ours is the same as, or equivalent to, anything of others."""
    assert {"owl:sameAs", "owl:equivalentClass"} & {
        f"owl:{q.predicate.value.rpartition('#')[2]}" for q in quads if "owl#" in q.predicate.value
    } == set()


def test_only_open_mappings_are_kept(curation: Curation) -> None:
    """Of SNOMED CT the Global Patient Set stays; LOINC, HPO, ATC and OMOP, which have terms of their own, go."""
    kept = keep_open_mappings(curation).mappings
    snomed = {row.other for row in kept if row.prefix == "SCTID"}
    assert snomed == {"in_snomed_gps_2020=true"}
    assert {"LOINC", "HP", "ATC", "OMOP", "OAE"} & {row.prefix for row in kept} == set()
    assert {"NCIT", "UBERON", "MONDO", "CHEBI", "RXNORM", "ICD10CM"} <= {row.prefix for row in kept}
    assert all(openness(row, curation.vocabularies.get(row.prefix)) == "open" for row in kept)


SPELLINGS = {
    "NCIT:C3580": ("ncit:c3580", "NCIt C3580", " NCIT_C3580 ", "C3580", "https://bioregistry.io/NCIT:C3580"),
    "SCTID:94222008": (
        "SNOMED:94222008", "sct 94222008", "SNOMEDCT_94222008", "94222008", "http://snomed.info/sct/94222008",
        "<http://snomed.info/id/94222008>",
    ),
    "ICD10CM:C79.51": ("C79.51", "ICD-10-CM C79.51", "icd10:c79.51", "icd10cm c7951"),
    "RXNORM:77655": ("RxCUI 77655", "rxnorm:77655"),
    "HP:0002653": ("HPO:0002653", "hp_0002653", "http://purl.obolibrary.org/obo/HP_0002653"),
    "MESH:D006934": ("mesh D006934", "MSH:D006934", "https://www.ncbi.nlm.nih.gov/mesh/D006934"),
}  # fmt: skip


@pytest.mark.parametrize("code", SPELLINGS)
def test_a_code_is_found_however_it_is_written(oxigraph_store: Store, code: str) -> None:
    """Each spelling leads to the same rows, an exact match first; a golden answer has one for every store."""
    question = find_question("concept-by-code")
    (expected, *others) = (ask(oxigraph_store, question, {"code": one}).dicts() for one in (code, *SPELLINGS[code]))  # type: ignore[union-attr]
    assert expected[0]["relation"] == "exactMatch"
    assert [rows == expected for rows in others] == [True] * len(SPELLINGS[code])


@pytest.mark.parametrize("code", ["", ":", "C", "NCIT:", "C7951", "http://example.org/", 'C79.51" }', "SCTID:9422200"])
def test_what_is_no_code_finds_nothing(oxigraph_store: Store, code: str) -> None:
    """A part of a code, or a code of ICD-10-CM without its point and its vocabulary, stands for nothing."""
    assert ask(oxigraph_store, find_question("concept-by-code"), {"code": code}).dicts() == []  # type: ignore[union-attr]


def test_the_switch_of_the_command_line(tmp_path: Path) -> None:
    """``build --mappings open`` writes a graph without LOINC, and says how many mappings it left out."""
    assert main(["build", "--quiet", "--mappings", "open", "--output", str(tmp_path / "graph")]) == 0
    text = (tmp_path / "graph" / "osteograph.nq").read_text("utf-8")
    counts = json.loads((tmp_path / "graph" / "build-report.json").read_bytes())["counts"]
    assert ("http://loinc.org/rdf/" in text, "http://purl.obolibrary.org/obo/NCIT_" in text) == (False, True)
    assert counts["mappings left out"] > 100
