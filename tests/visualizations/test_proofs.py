"""Proofs behind derived edges: complete, down to what they rest on, and never mistaken for what a source says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osteograph.ontology.derivation_rules import load_rules
from osteograph.ontology.namespaces import BASE, CONCEPT, SCHEMA, STATEMENT
from osteograph.queries.derived import derive
from osteograph.queries.inference.telling import others
from osteograph.queries.stores.base import Store
from osteograph.queries.stores.oxigraph import OxigraphStore
from osteograph.visualizations.collecting import collect
from osteograph.visualizations.content import Content, Given, Statement, Step
from osteograph.visualizations.kinds import LOOKS
from osteograph.visualizations.page import Page, ProofTable
from osteograph.visualizations.proofs import givens, tell
from osteograph.visualizations.views import fill_view, find_view, query_view

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
OPEN_SMOKING = """() =>
  osteograph.openEdge([...osteograph.edges.values()].find((edge) => edge.from === 'osteo:TobaccoSmoking').id)"""


@pytest.fixture(scope="session")
def derived(drawn: dict[str, Page]) -> Content:
    """What rules derive for Xgeva."""
    return drawn["derived"].content


def drawn_from(store: Store, query: str) -> dict[str, Statement]:
    """The statements of a query's view by their words."""
    return {statement.words: statement for statement in collect(store, query_view(query)).statements}


def steps_of(steps: tuple[Step, ...]) -> Iterator[Step]:
    """All steps of proofs."""
    for step in steps:
        yield step
        yield from steps_of(tuple(premise for premise in step.premises if isinstance(premise, Step)))


def test_smoking_raises_the_risk_of_xgeva_by_two_rules_of_labels(derived: Content) -> None:
    """Read from the rule files: a factor, its effect, and that both rule parts hold for members of the class."""
    (smoking,) = [s for s in derived.statements if s.subject == "tobacco smoking"]
    proof = smoking.proofs[0]
    assert (smoking.relation, smoking.object, proof.rule) == ("raises the risk with", "Xgeva", "risk_raising_factor")
    assert {step.rule for step in steps_of((proof,))} == {"risk_raising_factor", "members_inherit", "label_effect"}
    assert {given.origin for given in givens((proof,))} == {"label", "curator"}
    grounds = {name for given in givens((proof,)) for name in given.grounds}
    assert "rule:RFJ-12-1" in grounds
    known = {ground.id: ground for ground in derived.grounds}
    assert all(known[name].rule.citations for name in grounds)  # type: ignore[union-attr]


def test_only_views_about_conclusions_show_derived_lines(drawn: dict[str, Page]) -> None:
    """What sources say is not mixed with what follows from it, where a view is about what they say."""
    showing = {name for name, page in drawn.items() if any(edge.look == "derived" for edge in page.content.edges)}
    assert showing == {"derived", "treatment", "treatments_and_conditions"}


def test_each_given_fact_says_whose_word_it_is(drawn: dict[str, Page]) -> None:
    """Labels and articles lead to statements of the page, with citations or passages; others rest on nobody's text."""
    for page in drawn.values():
        known = {s.id: s for s in (*page.content.statements, *page.content.grounds)}
        for fact in givens(step for s in page.content.statements for step in s.proofs):
            assert fact.origin in {"article", "label", "curator", "schema"}
            assert bool(fact.grounds) == (fact.origin in {"article", "label"}), fact
            for name in fact.grounds:
                assert (known[name].rule is not None) == (fact.origin == "label")
                assert known[name].weight or not known[name].rule.verified  # type: ignore[union-attr]


def test_a_view_tells_the_proofs_that_the_library_finds(oxigraph_store: OxigraphStore, derived: Content) -> None:
    """The same proofs as ``explain`` has, none left out but the steps by which one relation implies another."""
    (smoking,) = [s for s in derived.statements if s.subject == "tobacco smoking"]
    found = derive(oxigraph_store, ("tobacco smoking", "raisesRiskWith", "Xgeva"))
    assert len(found.proofs) == len(smoking.proofs) == 4
    assert smoking.more == ""
    for proof, step in zip(found.proofs, smoking.proofs, strict=True):
        assert step == tell(proof, found.evidence)
        assert {each.rule for each in steps_of((step,))} == {s.rule for s in proof.steps()} - {"narrower_property"}
        assert {leaf.words for leaf in map(found.evidence.leaf, proof.leaves()) if leaf.origin == "curator"} == {
            each.words for each in givens((step,)) if each.origin == "curator"
        }


def test_what_a_narrower_condition_inherits_is_derived_though_not_stored(oxigraph_store: OxigraphStore) -> None:
    """A CONSTRUCT that follows the hierarchy gets proofs; a link that the curators set stays theirs."""
    found = drawn_from(
        oxigraph_store,
        "CONSTRUCT { ?narrow bmo:contraindicates osteo:Reclast . osteo:Xgeva bmo:kindOf ?kind }"
        " WHERE { { ?narrow bmo:kindOf*/bmo:contraindicates osteo:Reclast } UNION { osteo:Xgeva bmo:kindOf+ ?kind } }",
    )
    below = found["creatinine clearance below 10 mL/min contraindicates Reclast"]
    assert [step.rule for step in steps_of(below.proofs)] == [
        "narrower_contraindicates", "kind_of_kind", "contraindicating_condition",
    ]  # fmt: skip
    assert found["Xgeva is a kind of drug"].look == "derived"
    assert found["Xgeva is a kind of monoclonal antibody"].look == "curated"


def test_what_no_rule_derives_has_no_proof(oxigraph_store: OxigraphStore) -> None:
    """A link that a query makes up is not passed off as derived or as the curators', whatever its predicate."""
    found = drawn_from(
        oxigraph_store,
        "CONSTRUCT { osteo:Bone bmo:contraindicates osteo:Xgeva ; bmo:kindOf osteo:Liver ; bmo:is 'a \"b\"', _:b } {}",
    )
    assert {(s.look, s.says, s.proofs) for s in found.values()} == {("query", "the query", ())}
    assert {s.qualifiers for s in found.values()} == {(("In the graph", "no: the query made it"),)}


def test_a_link_of_another_graph_says_where_it_stands(nquads: bytes) -> None:
    """What a user brought along is no link of the curators; its panel names the graph that holds it."""
    mine = "<https://example.org/a> <https://example.org/is> <https://example.org/b> <https://example.org/mine> .\n"
    store = OxigraphStore.from_nquads(nquads + mine.encode())
    (link,) = drawn_from(store, "CONSTRUCT WHERE { ?a <https://example.org/is> ?b }").values()
    assert (link.look, link.qualifiers) == ("query", (("In the graph", "https://example.org/mine"),))


def test_what_is_stored_as_derived_and_is_not_looks_derived(nquads: bytes) -> None:
    """A derived statement that the rules do not derive now has no proof, says so, and is never an article's."""
    name, of = f"<{STATEMENT}s0>", f"<{BASE}graph/derivations>"
    parts = {
        TYPE: f"<{SCHEMA}DerivedStatement>", SCHEMA + "subject": f"<{CONCEPT}Bone>",
        SCHEMA + "predicate": f"<{SCHEMA}contraindicates>", SCHEMA + "object": f"<{CONCEPT}Xgeva>",
    }  # fmt: skip
    stale = "".join(f"{name} <{key}> {value} {of} .\n" for key, value in parts.items())
    store = OxigraphStore.from_nquads(nquads + stale.encode())
    (found,) = drawn_from(store, f"SELECT ({name} AS ?statement) {{}}").values()
    assert (found.look, found.says, found.proofs) == ("derived", "derived by a rule", ())
    assert "do not derive this" in found.more


def test_a_query_cannot_put_words_into_a_source(oxigraph_store: OxigraphStore) -> None:
    """A statement that a foreign SELECT names keeps its own ends; one that the graph does not know is the query's."""
    ends = "(osteo:Bone AS ?subject) (bmo:kindOf AS ?predicate) (osteo:Liver AS ?object)"
    known = drawn_from(oxigraph_store, f"SELECT ?statement {ends} {{ ?statement bmo:subject osteo:Reclast }}")
    assert {s.subject for s in known.values()} == {"Reclast"}
    (unknown,) = drawn_from(oxigraph_store, f"SELECT (ost:s123 AS ?statement) {ends} {{}}").values()
    assert (unknown.look, unknown.says, unknown.claims) == ("query", "the query", ())


def test_a_derived_statement_can_be_named(store: Store) -> None:
    """By its IRI in a SELECT, on any store, and as the subject of the view ``statement``."""
    query = "SELECT ?s { ?s a bmo:DerivedStatement ; bmo:subject osteo:TobaccoSmoking ; bmo:object osteo:Xgeva }"
    (smoking,) = drawn_from(store, query).values()
    assert smoking.look == "derived"
    assert smoking.proofs
    view = fill_view(store, find_view("statement"), {"statement": smoking.id})
    assert view.title == "Evidence: tobacco smoking raises the risk with Xgeva"


def test_raised_risks_are_no_contraindications(derived: Content) -> None:
    """What a risk factor does keeps its own relation: smoking, dentures and infection never contraindicate."""
    relations = {s.subject: s.relation for s in derived.statements}
    assert {relations[name] for name in ("tobacco smoking", "ill-fitting dentures", "oral infection")} == {
        "raises the risk with"
    }
    assert relations["hypersensitivity to denosumab"] == "contraindicates"


def test_looks_of_the_origins_differ_by_form() -> None:
    """Article, label, curator, derived and query have lines of five patterns, so that nothing hangs on colour."""
    assert len({LOOKS[name].dashes for name in ("stated", "label", "curated", "derived", "query")}) == 5


# Steps made up of any shape

_WORDS = st.text(min_size=1, max_size=8)
_GIVENS = st.builds(Given, _WORDS, st.sampled_from(["article", "label", "curator"]), st.just(()), st.just(""))
_STEPS = st.recursive(
    st.builds(Step, _WORDS, st.sampled_from(sorted(load_rules())), st.lists(_GIVENS, max_size=3).map(tuple)),
    lambda inner: st.builds(
        Step, _WORDS, st.sampled_from(sorted(load_rules())), st.lists(st.one_of(_GIVENS, inner), max_size=3).map(tuple)
    ),
    max_leaves=12,
)


@settings(max_examples=60)
@given(st.lists(_STEPS, max_size=4))
def test_the_table_of_steps_gives_back_every_proof(proofs: list[Step]) -> None:
    """Each step stands once, after its premises, and the rules that are named are all explained."""
    table = ProofTable(proofs)

    def read(place: int) -> Step | Given:
        values: Any = table.told[place]
        if "premises" not in values:
            return Given(values["words"], values["origin"])
        assert all(premise < place for premise in values["premises"])
        return Step(values["words"], values["rule"], tuple(read(premise) for premise in values["premises"]))

    assert [read(table.places[proof]) for proof in proofs] == proofs
    assert set(table.rules) == {step.rule for step in steps_of(tuple(proofs))}


def test_other_proofs_are_counted_in_words() -> None:
    """Where the search was cut, the number is a least one."""
    assert (others(0), others(-3)) == ("", "")
    assert others(0, are_all=False) == "1 more minimal proof at least"
    assert others(2) == "2 more minimal proofs"


@pytest.mark.browser
def test_a_derived_edge_opens_its_proof(visit: Any) -> None:
    """Step by step: each rule with its name and words, each given fact with whose word it is, down to the citation."""
    here = visit("derived")
    here.run(OPEN_SMOKING)
    panel = here.text("#panel")
    assert "A risk factor raises the risk of a treatment that its rule names" in panel
    assert "members_inherit" in panel
    assert "§ label or guideline" in panel
    assert "⌂ curators" in panel
    here.page.click("#panel .proof .ground summary >> nth=0")
    assert "MASCC/ISOO/ASCO" in here.text("#panel .ground[open]")
    frames = here.run(
        "['article', 'label', 'curator', 'derived'].map((name) => { const span = document.createElement('span');"
        " span.className = 'origin origin-' + name; document.body.append(span);"
        " const style = getComputedStyle(span).borderTopStyle; span.remove(); return style; })"
    )
    assert frames == ["solid", "dashed", "dotted", "double"]
    row = here.page.locator("#table tr", has_text="tobacco smoking")
    assert "rule:RFJ-12-1" in row.inner_text()
    assert "derived by a rule" in row.inner_text()
