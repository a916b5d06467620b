"""Every file of a build is read by readers we did not write, and they agree on what is in it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from osteograph.graph_builder.export import write_aside
from osteograph.graph_builder.reasoner import consistency_problems, load_ontology, profile
from osteograph.ontology.errors import OsteographError

from .needs import need_program


def test_turtle_has_the_same_triples_for_three_readers(built: Path) -> None:
    """rdflib, pyoxigraph and rapper count alike."""
    file = built / "osteograph.ttl"
    by_oxigraph = len(set(ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)))
    by_rdflib = len(rdflib.Graph().parse(file, format="turtle"))
    rapper = need_program("rapper")
    done = subprocess.run([rapper, "-q", "-i", "turtle", "-o", "ntriples", file], capture_output=True, check=True)
    by_rapper = len(set(done.stdout.splitlines()))
    assert (by_oxigraph, by_rdflib, by_rapper) == (by_oxigraph,) * 3


def test_the_owl_file_loads_with_its_concepts_and_statements(built: Path) -> None:
    """owlready2 finds concepts as individuals, refuted statements included, and no shapes or description."""
    ontology = load_ontology(built / "osteograph.owl")
    classes = {cls.name: cls for cls in ontology.classes()}
    refuted = ontology.search(standing=ontology.search_one(iri="*schema/Refuted"))
    assert len(list(classes["Statement"].instances())) == 725
    assert len(refuted) == 3
    assert ontology.search_one(iri="*concept/Zometa").hasActiveSubstance[0].name == "ZoledronicAcid"
    assert ontology.search(iri="*/shape/*") == []


@pytest.mark.java
def test_the_owl_file_is_owl_2_dl(built: Path) -> None:
    """By the OWL API in Pellet's jars; that HermiT finds it consistent is part of ``osteograph check``."""
    found = profile(built / "osteograph.owl")
    assert found.startswith("OWL 2 ")
    assert found != "OWL 2 Full"


@pytest.mark.java
def test_the_reasoner_finds_what_is_wrong(built: Path, tmp_path: Path) -> None:
    """An individual of two disjoint classes is inconsistent."""
    text = (built / "osteograph.owl").read_text(encoding="utf-8")
    schema = "https://w3id.org/osteograph/schema/"
    disjoint = (
        f'<rdf:Description rdf:about="{schema}Statement">'
        f'<owl:disjointWith rdf:resource="{schema}Concept"/></rdf:Description>'
        f'<rdf:Description rdf:about="https://w3id.org/osteograph/concept/Bone">'
        f'<rdf:type rdf:resource="{schema}Statement"/></rdf:Description>'
    )
    broken = tmp_path / "broken.owl"
    broken.write_text(text.replace("</rdf:RDF>", disjoint + "</rdf:RDF>"), encoding="utf-8")
    assert [problem.message for problem in consistency_problems(broken)] == ["the ontology is inconsistent"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A folder that cannot be written to gives a clear error and leaves no crumbs."""
    target = tmp_path / "graph.ttl"
    write_aside(target, b"one")
    write_aside(target, b"two")
    assert (target.read_bytes(), [path.name for path in tmp_path.iterdir()]) == (b"two", ["graph.ttl"])
    with pytest.raises(OsteographError, match="cannot write"):
        write_aside(tmp_path / "missing" / "graph.ttl", b"")
