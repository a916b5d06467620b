"""The questions as SIB's SPARQL examples: what editors read out of the graph is valid and complete."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib.namespace import RDF, RDFS, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import traverse
from rdflib.plugins.sparql.parserutils import CompValue

from osteograph.ontology.namespaces import GRAPHS, expand
from osteograph.queries.catalog import Question, find_question, list_questions
from osteograph.queries.examples import example_triples, runnable

from .conftest import ROOT

SCHEMA = rdflib.Namespace("https://schema.org/")
SPEX = rdflib.Namespace("https://purl.expasy.org/sparql-examples/ontology#")
SHAPES = rdflib.Graph().parse(ROOT / "tests" / "data" / "sparql-examples.shapes.ttl")
QUESTIONS = list_questions()


def example_of(*questions: Question) -> rdflib.Graph:
    """The examples that describe some questions, as anybody reads their Turtle."""
    triples = [triple for question in questions for triple in example_triples(question)]
    return rdflib.Graph().parse(data=ox.serialize(triples, format=ox.RdfFormat.TURTLE), format="turtle")


def faults(graph: rdflib.Graph) -> list[rdflib.term.Node]:
    """The property shapes that an example offends; the node itself where its class does not fit."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=SHAPES)
    assert isinstance(report, rdflib.Graph)
    return [report.value(result, SH.resultPath) or SH.xone for result in report.subjects(RDF.type, SH.ValidationResult)]


def test_every_example_is_valid() -> None:
    """All questions at once, each an example and none at fault."""
    graph = example_of(*QUESTIONS)
    assert len(set(graph.subjects(RDF.type, SH.SPARQLExecutable))) == len(QUESTIONS)
    assert faults(graph) == []


def test_the_graph_holds_the_examples(quads: list[ox.Quad]) -> None:
    """What the compiler puts into the meta graph are these triples."""
    assert "meta" in GRAPHS
    held = {quad.triple for quad in quads if quad.graph_name == ox.NamedNode(expand("graph:meta"))}
    assert {triple for question in QUESTIONS for triple in example_triples(question)} <= held


MUTATIONS: dict[str, tuple[Callable[[rdflib.Graph, rdflib.term.Node], object], rdflib.term.Node | None]] = {
    "no comment": (lambda graph, iri: graph.remove((iri, RDFS.comment, None)), RDFS.comment),
    "a comment in no language": (lambda graph, iri: graph.add((iri, RDFS.comment, rdflib.Literal("so"))), RDFS.comment),
    "no target": (lambda graph, iri: graph.remove((iri, SCHEMA.target, None)), SCHEMA.target),
    "a target in words": (lambda graph, iri: graph.add((iri, SCHEMA.target, rdflib.Literal("here"))), SCHEMA.target),
    "a blank at the end": (
        lambda graph, iri: graph.add((iri, SCHEMA.keywords, rdflib.Literal("spine "))),
        SCHEMA.keywords,
    ),
    "the slip keyword": (lambda graph, iri: graph.add((iri, SCHEMA.keyword, rdflib.Literal("spine"))), SCHEMA.keyword),
    "a service in words": (
        lambda graph, iri: graph.add((iri, SPEX.federatesWith, rdflib.Literal("http://h/"))),
        SPEX.federatesWith,
    ),
    "no prefixes": (lambda graph, iri: graph.remove((iri, SH.prefixes, None)), SH.prefixes),
    "another class": (
        lambda graph, iri: graph.remove((iri, RDF.type, SH.SPARQLSelectExecutable)).add(
            (iri, RDF.type, SH.SPARQLAskExecutable)
        ),
        SH.xone,
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_spoiled_example_is_not_valid(name: str) -> None:
    """The shapes find each fault that SIB's tools would find."""
    spoil, expected = MUTATIONS[name]
    graph = example_of(find_question("common-sites"))
    spoil(graph, next(graph.subjects(RDF.type, SH.SPARQLExecutable)))
    assert faults(graph) == [expected]


def test_two_queries_in_one_example_are_not_valid() -> None:
    """An example asks one thing."""
    graph = example_of(find_question("common-sites"))
    iri = next(graph.subjects(RDF.type, SH.SPARQLExecutable))
    graph.add((iri, SH.ask, rdflib.Literal("ASK {}")))
    assert len(faults(graph)) == 1


def services_in(sparql: str) -> set[str]:
    """The endpoints of the SERVICE clauses, by rdflib's parser."""
    found: set[str] = set()

    def visit(part: object) -> None:
        if isinstance(part, CompValue) and part.name == "ServiceGraphPattern":
            found.add(str(part["term"]))

    traverse(prepareQuery(sparql).algebra, visitPre=visit)
    return found


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_an_example_names_the_services_that_its_query_asks(question: Question) -> None:
    """federatesWith and SERVICE agree; only questions with the tag federation have any."""
    named = {str(service) for service in example_of(question).objects(None, SPEX.federatesWith)}
    assert named == services_in(runnable(question))
    assert bool(named) == ("federation" in question.tags)
