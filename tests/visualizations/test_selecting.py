"""Views of a concept, a statement, a treatment and any query: what they hold, and what they refuse."""

from __future__ import annotations

import networkx as nx
import pytest

from osteograph.ontology.errors import BadParameter, UnknownName
from osteograph.queries.catalog import find_question
from osteograph.queries.stores.oxigraph import OxigraphStore
from osteograph.visualizations.collecting import collect
from osteograph.visualizations.content import Content
from osteograph.visualizations.selecting import Row, select
from osteograph.visualizations.views import fill_view, find_view, query_view


def view(store: OxigraphStore, name: str, depth: int = 1, **values: str) -> Content:
    """The content of a view with parameters."""
    return collect(store, fill_view(store, find_view(name), values, depth=depth))


def test_a_concept_is_named_as_in_questions(oxigraph_store: OxigraphStore) -> None:
    """Label, synonym, CURIE and IRI lead to one view, whose title has the label."""
    titles = {
        fill_view(oxigraph_store, find_view("concept"), {"concept": name}).title
        for name in ("hypercalcemia", "HYPERCALCEMIA", "osteo:Hypercalcemia")
    }
    assert titles == {"Around hypercalcemia"}
    with pytest.raises(UnknownName, match="hypercalcemia"):
        view(oxigraph_store, "concept", concept="hypercalcemai")


def test_depth_counts_steps(oxigraph_store: OxigraphStore) -> None:
    """One step has the edges at the concept; two steps reach what a breadth-first search over all edges reaches."""
    near = view(oxigraph_store, "concept", concept="osteo:Prolia")
    assert all("osteo:Prolia" in (edge.source, edge.target) for edge in near.edges)
    whole = collect(oxigraph_store, find_view("whole"))
    graph = nx.Graph([(edge.source, edge.target) for edge in whole.edges])
    steps = nx.single_source_shortest_path_length(graph, "osteo:Prolia", cutoff=2)
    assert {node.id for node in view(oxigraph_store, "concept", 2, concept="osteo:Prolia").nodes} == set(steps)
    with pytest.raises(BadParameter, match="the depth is a number of steps"):
        view(oxigraph_store, "concept", 0, concept="osteo:Prolia")


def test_one_statement_shows_what_speaks_against_it(oxigraph_store: OxigraphStore) -> None:
    """Prolia's interval of two to four weeks stands with the four weeks of denosumab and Xgeva."""
    content = view(oxigraph_store, "statement")
    assert {(s.subject, s.object, s.look) for s in content.statements} == {
        ("Prolia", "every two to four weeks", "contested"),
        ("denosumab", "every four weeks", "stated"),
        ("Xgeva", "every four weeks", "stated"),
    }
    with pytest.raises(BadParameter, match="nothing to draw"):
        view(oxigraph_store, "statement", statement="ost:s0")


@pytest.mark.parametrize("treatment", ["Xgeva", "Zometa", "radium-223", "osteo:NSAID", "surgery"])
def test_a_treatment_shows_every_contraindication_of_its_own(oxigraph_store: OxigraphStore, treatment: str) -> None:
    """Each contraindication and caution that a rule states for it is an edge to its condition."""
    filled = fill_view(oxigraph_store, find_view("treatment"), {"treatment": treatment})
    shown = {edge.statements for edge in collect(oxigraph_store, filled).edges}
    (term,) = filled.bindings.values()
    answer = oxigraph_store.query(
        "SELECT ?part { VALUES ?p { bmo:contraindicatedIn bmo:cautionedIn bmo:notRecommendedIn }"
        " ?part bmo:ruleTreatment ?_t ; bmo:predicate ?p ; bmo:ruleCondition ?condition }",
        {"_t": term},
    )
    parts = {row["part"].rpartition("/rule/")[2] for row in answer.dicts()}  # type: ignore[union-attr]
    assert parts <= {name.rpartition("rule:")[2].rpartition("/rule/")[2] for names in shown for name in names}


def test_the_articles_are_compared_in_five_ways(oxigraph_store: OxigraphStore) -> None:
    """The pelvis is shared, the femur of the second article only, the skull of the first, the PET in tension."""
    looks = {(s.subject, s.object): s.look for s in view(oxigraph_store, "articles").statements}
    assert looks["pelvis", "bone metastasis"] == "shared"
    assert looks["skull", "bone metastasis"] == "first"
    assert looks["femur", "lung cancer bone metastasis"] == "second"
    assert looks["Prolia", "intravenous route"] == "contradiction"
    assert looks["positron emission tomography scan", "very high sensitivity"] == "tension"
    assert looks["anti-inflammatory drug", "bone pain"] == "hedged"  # both say only that it may help


def test_a_select_with_statements_can_be_drawn(oxigraph_store: OxigraphStore) -> None:
    """A column that holds statements is enough; a question of the library that has one draws just those."""
    query = "SELECT ?x ?which { ?which bmo:subject osteo:Prolia ; bmo:predicate ?x }"
    rows = select(oxigraph_store, query_view(query))
    assert {row.subject for row in rows} == {find_iri("Prolia")}
    question = find_question("common-sites")
    answer = oxigraph_store.query(question.sparql)
    wanted = {row["statement"] for row in answer.dicts()}  # type: ignore[union-attr]
    assert {row.statement for row in select(oxigraph_store, query_view(question.sparql))} == wanted


def find_iri(name: str) -> str:
    """A concept's IRI."""
    return f"https://w3id.org/osteograph/concept/{name}"


def test_a_construct_finds_the_statements_of_its_triples(oxigraph_store: OxigraphStore) -> None:
    """Plain triples lead back to their statements, possible ones too; what nobody states is drawn as a link."""
    query = """CONSTRUCT { osteo:LungCancer ?p ?site . osteo:Bone osteo:reminds osteo:Liver ; rdfs:label "x" }
               WHERE { VALUES ?p { bmo:metastasizesTo bmo:mayMetastasizeTo } osteo:LungCancer ?p ?site }"""
    rows = select(oxigraph_store, query_view(query))
    assert {row.object for row in rows if row.statement} >= {find_iri("HandBone"), find_iri("ArmBone")}
    assert [row for row in rows if not row.statement] == [
        Row("", find_iri("Bone"), find_iri("reminds"), find_iri("Liver"))
    ]
    looks = {s.object: s.look for s in collect(oxigraph_store, query_view(query)).statements}
    assert (looks["arm bone"], looks["hand bone"], looks["liver"]) == ("hedged", "stated", "query")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("ASK { ?s ?p ?o }", "ASK has nothing to draw"),
        ("SELECT ?s { ?s a bmo:Drug }", r"no column of the answer \(s\) holds statements"),
        ("SELECT ?statement { ?statement a osteo:Nothing }", "nothing to draw"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s a osteo:Nothing ; ?p ?o }", "nothing to draw"),
    ],
)
def test_what_cannot_be_drawn_is_refused(oxigraph_store: OxigraphStore, query: str, message: str) -> None:
    """The message says what a view needs."""
    with pytest.raises(BadParameter, match=message):
        select(oxigraph_store, query_view(query))


def test_a_value_that_shows_nothing_is_called_so(oxigraph_store: OxigraphStore) -> None:
    """An empty text, one of blanks: nodes need a name, and pages one to draw."""
    query = 'CONSTRUCT { osteo:Bone osteo:says "", "  ", "x" } WHERE {}'
    labels = [node.label for node in collect(oxigraph_store, query_view(query)).nodes]
    assert sorted(labels) == ["(empty)", "(empty)", "bone", "x"]


def test_blank_nodes_of_a_query_have_the_same_names_each_time(oxigraph_store: OxigraphStore) -> None:
    """The same query gives the same rows, so that its page has the same bytes."""
    view = query_view("CONSTRUCT { _:a osteo:of ?bone . ?bone osteo:has _:a } WHERE { ?bone bmo:kindOf osteo:Bone }")
    rows = select(oxigraph_store, view)
    assert rows == select(oxigraph_store, view)
    assert len({row.subject for row in rows}) == len(rows)
