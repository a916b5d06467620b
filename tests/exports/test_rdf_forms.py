"""Every RDF form holds the same graph, for readers we did not write, and can be read by people."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from osteograph.graph_builder.export import FORMATS, ontology_quads, serialize
from osteograph.graph_builder.exports.jsonld import context, jsonld
from osteograph.graph_builder.exports.turtle import trig, turtle
from osteograph.graph_builder.reasoner import load_ontology
from osteograph.ontology.identifiers import statement_iri
from osteograph.ontology.namespaces import CONCEPT, SCHEMA, STATEMENT, expand

from ..needs import need_module


def canonical(quads: list[ox.Quad]) -> set[str]:
    """Quads as text with the blank nodes of RDFC-1.0."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def read_by_rdflib(data: bytes, form: str) -> list[ox.Quad]:
    """A dataset as rdflib reads it, handed on as N-Quads."""
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format=form)
    text = dataset.serialize(format="nquads", encoding="utf-8")
    return [*ox.parse(text, format=ox.RdfFormat.N_QUADS)]


def without_graph(quads: list[ox.Quad]) -> list[ox.Quad]:
    return [ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads]


@pytest.mark.parametrize(("name", "reader"), [("trig", "trig"), ("jsonld", "json-ld")])
def test_forms_with_named_graphs_are_equal_for_both_readers(quads: list[ox.Quad], name: str, reader: str) -> None:
    """TriG and JSON-LD are RDFC-1.0-equal to the graph, read by pyoxigraph and by rdflib."""
    data, expected = serialize(quads, FORMATS[name]), canonical(quads)
    assert canonical([*ox.parse(data, format=FORMATS[name].rdf_format)]) == expected
    assert canonical(read_by_rdflib(data, reader)) == expected


@pytest.mark.parametrize("name", ["turtle", "ntriples", "rdfxml"])
def test_forms_of_triples_are_equal_to_the_union(quads: list[ox.Quad], name: str) -> None:
    """Turtle, N-Triples and RDF/XML are RDFC-1.0-equal to the union of the graphs."""
    read = [*ox.parse(serialize(quads, FORMATS[name]), format=FORMATS[name].rdf_format)]
    assert canonical(read) == canonical(without_graph(quads))


def test_turtle_reads_as_the_sentence_it_is(quads: list[ox.Quad]) -> None:
    """Type and name come first, numbers are bare, several objects stand one a line."""
    text = serialize(quads, FORMATS["turtle"]).decode()
    block = text[text.index("\nosteo:LungCancer a ") :].split("\n\n")[0]
    assert block.splitlines()[1].startswith("osteo:LungCancer a bmo:PrimaryCancer")
    assert block.splitlines()[2] == '    rdfs:label "lung cancer"@en ;'
    assert "    bmo:boneSpreadRank 3 ;" in block
    assert "    bmo:metastasizesTo\n        osteo:Bone ,\n        osteo:FootBone ,\n" in block


def test_one_more_statement_changes_few_lines(quads: list[ox.Quad]) -> None:
    """Turtle is made to be compared: a new object of a predicate that has several adds one line and ends none."""
    subject = ox.NamedNode(CONCEPT + "LungCancer")
    new = ox.Quad(
        subject, ox.NamedNode(SCHEMA + "metastasizesTo"), ox.NamedNode(CONCEPT + "Elbow"), quads[0].graph_name
    )
    before = serialize(quads, FORMATS["turtle"]).decode().splitlines()
    after = serialize([*quads, new], FORMATS["turtle"]).decode().splitlines()
    assert sorted(set(after) - set(before)) == ["        osteo:Elbow ,"]
    assert len(after) == len(before) + 1


def test_json_ld_is_read_as_plain_json(quads: list[ox.Quad]) -> None:
    """Without any RDF tool: a statement has its parts under their bare names."""
    document = json.loads(serialize(quads, FORMATS["jsonld"]))
    graphs = {graph["@id"]: graph["@graph"] for graph in document["@graph"]}
    node = next(node for node in graphs["graph:statements"] if node["@id"] == "ost:s281ea37b22f9c36d10b6ab0d")
    assert (node["subject"], node["predicate"], node["object"]) == (
        "osteo:Prolia", "bmo:hasAdverseEffect", "osteo:KidneyDamage",
    )  # fmt: skip
    assert node["frequency"] == "bmo:FrequencyRarely"
    assert not any("http" in str(value) for value in document["@context"]["subject"].values())


def test_the_context_names_every_property_of_the_schema(quads: list[ox.Quad]) -> None:
    """No predicate of ours is left as a CURIE."""
    ours = {quad.predicate.value.removeprefix(SCHEMA) for quad in quads if quad.predicate.value.startswith(SCHEMA)}
    assert ours - set(context()) == set()


def test_the_owl_file_names_the_statements_of_its_axioms(built: Path) -> None:
    """owlready2 reads the annotation of an axiom: the statements that lung cancer is prone to reach bone."""
    ontology = load_ontology(built / "osteograph.owl")
    lung, bone = (ontology.search_one(iri=f"{CONCEPT}{name}") for name in ("LungCancer", "Bone"))
    annotation = ontology.world[SCHEMA + "projectedFrom"]
    prone = ontology.world[SCHEMA + "proneToMetastasizeTo"]
    statements = [str(one.iri) for one in annotation[lung, prone, bone]]
    assert statements
    assert all(iri.startswith(STATEMENT) for iri in statements)
    subject, obj = (ontology.world[SCHEMA + name] for name in ("subject", "object"))
    nodes = [ontology.world[iri] for iri in statements]
    assert [(subject[node], obj[node]) for node in nodes] == [([lung], [bone])] * len(nodes)


def test_every_projected_triple_is_annotated_and_nothing_else(quads: list[ox.Quad]) -> None:
    """The annotated axioms are exactly the plain triples of statements and of derived statements, each once."""
    plain = {quad.triple for quad in quads if quad.graph_name.value.endswith("/asserted")}  # type: ignore[union-attr]
    links = {SCHEMA + name for name in ("contraindicates", "advisesAgainst", "callsForCautionWith", "raisesRiskWith")}
    derived = {quad.triple for quad in quads if str(quad.graph_name).endswith("/derived>")}
    plain |= {triple for triple in derived if triple.predicate.value in links}
    by_axiom: dict[object, dict[str, object]] = {}
    for quad in ontology_quads(quads):
        if isinstance(quad.subject, ox.BlankNode) and "annotated" in quad.predicate.value:
            by_axiom.setdefault(quad.subject, {})[quad.predicate.value.rpartition("annotated")[2]] = quad.object
    annotated = [(a["Source"], a["Property"], a["Target"]) for a in by_axiom.values()]
    assert len(annotated) == len(set(annotated))
    assert set(annotated) == {(t.subject, t.predicate, t.object) for t in plain}


def test_the_owl_file_has_what_rules_derive(built: Path, quads: list[ox.Quad]) -> None:
    """Every derived triple between concepts, with the statement that the graph has; no rule part with its kin."""
    ontology = load_ontology(built / "osteograph.owl")
    low, xgeva = (ontology.search_one(iri=f"{CONCEPT}{name}") for name in ("UncorrectedHypocalcemia", "Xgeva"))
    contraindicates = ontology.world[SCHEMA + "contraindicates"]
    assert xgeva in contraindicates[low]
    (statement,) = ontology.world[SCHEMA + "projectedFrom"][low, contraindicates, xgeva]
    assert statement.iri == statement_iri(f"<{low.iri}>", f"<{contraindicates.iri}>", f"<{xgeva.iri}>", [])
    assert statement.is_a[0].iri == SCHEMA + "DerivedStatement"
    assert ontology.search(iri="*/rule/*") == []
    assert ontology.search(iri="*/derivation/*") == []
    owl = {quad.triple for quad in ontology_quads(quads)}
    derived = {quad.triple for quad in quads if str(quad.graph_name).endswith("/derived>")}
    assert {triple for triple in derived - owl if "/concept/" in str(triple.subject)} == set()
    assert len(derived & owl) > 1500


def test_horned_owl_reads_the_owl_file(built: Path) -> None:
    """py-horned-owl, another OWL library, finds the annotated assertions."""
    ontology = need_module("pyhornedowl").open_ontology(str(built / "osteograph.owl"))
    annotated = [axiom for axiom in ontology.get_axioms() if axiom.ann]
    names = {type(axiom.component).__name__ for axiom in annotated}
    assert {"ObjectPropertyAssertion", "DataPropertyAssertion"} <= names
    assert sum(len(axiom.ann) for axiom in annotated) >= 500


EX = "http://example.org/"
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
iris = st.sampled_from([EX + name for name in ("a", "b.c", "d-", "-e", "f/g", "h#i", "j%20k", "é")]).map(ox.NamedNode)
literals = st.one_of(
    texts.map(ox.Literal),
    texts.map(lambda text: ox.Literal(text, language="en")),
    texts.map(lambda text: ox.Literal(text, language="nl-be")),
    st.sampled_from(["integer", "decimal", "boolean", "date"]).flatmap(
        lambda name: st.sampled_from(["3", "+3", "3.0", ".5", "5.", "true", "1", "2020-01-01", "a b"]).map(
            lambda value: ox.Literal(value, datatype=ox.NamedNode(expand(f"xsd:{name}")))
        )
    ),
)
any_quads = st.lists(st.builds(ox.Quad, iris, iris, st.one_of(iris, literals), iris), max_size=8, unique=True)


@given(any_quads)
def test_any_terms_survive_turtle_trig_and_json_ld(given_quads: list[ox.Quad]) -> None:
    """Odd names, control characters, language tags and lexical forms come back as they went in."""
    ordered = sorted(given_quads, key=lambda q: (str(q.graph_name), str(q.subject)))
    expected = {str(quad) for quad in given_quads}
    prefixes = {"ex": EX}
    read = {str(quad) for quad in ox.parse("".join(trig(ordered, prefixes)), format=ox.RdfFormat.TRIG)}
    assert read == expected
    from_json = {str(quad) for quad in ox.parse("".join(jsonld(ordered)), format=ox.RdfFormat.JSON_LD)}
    assert from_json == expected
    triples = sorted({quad.triple for quad in given_quads}, key=lambda t: str(t.subject))
    from_turtle = {str(quad) for quad in ox.parse("".join(turtle(triples, prefixes)), format=ox.RdfFormat.TURTLE)}
    assert from_turtle == {str(ox.Quad(t.subject, t.predicate, t.object)) for t in triples}
