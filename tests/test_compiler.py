"""What the compiled graph holds, what it must never hold, and that the same tables make the same bytes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pyoxigraph as ox
import pytest

from osteograph.graph_builder.compiler import compile_dataset
from osteograph.graph_builder.statements import build_statements, statement_quads
from osteograph.ontology.model import Claim, Curation, SourceIssue
from osteograph.ontology.namespaces import CLAIM, CONCEPT, CONFLICT, GRAPH, GRAPHS, ISSUE, RULE, SCHEMA, expand, shorten
from osteograph.ontology.schema import load_schema
from osteograph.ontology.standing import Standing

Names = set[tuple[str, str, str]]
TYPE = ox.NamedNode(expand("rdf:type"))


def graph(name: str) -> ox.NamedNode:
    return ox.NamedNode(GRAPH + name)


def links(quads: list[ox.Quad], name: str, predicate: str) -> dict[str, set[str]]:
    """Subject to objects of one predicate in one named graph, as CURIEs."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.graph_name == graph(name) and quad.predicate.value == SCHEMA + predicate:
            found[shorten(value(quad.subject))].add(shorten(value(quad.object)))
    return found


def value(term: object) -> str:
    assert isinstance(term, ox.NamedNode | ox.Literal)
    return term.value


def instances(quads: list[ox.Quad], cls: str) -> set[str]:
    """Everything directly typed with a class of ours."""
    return {value(q.subject) for q in quads if q.predicate == TYPE and q.object == ox.NamedNode(SCHEMA + cls)}


def local_names(namespace: str, iris: set[str]) -> set[str]:
    return {iri.removeprefix(namespace) for iri in iris}


# The whole graph


def test_quads_are_sorted_and_unique(quads: list[ox.Quad]) -> None:
    """The compiler gives each quad once, in the order of graph, subject, predicate and object."""
    assert quads == sorted(
        set(quads), key=lambda q: (str(q.graph_name), str(q.subject), q.predicate.value, str(q.object))
    )


def test_every_quad_is_in_a_documented_graph(quads: list[ox.Quad]) -> None:
    """The named graphs are exactly those that namespaces.GRAPHS describes; nothing is in the default graph."""
    assert {str(q.graph_name) for q in quads} == {f"<{GRAPH}{name}>" for name in GRAPHS}


def test_no_blank_node_outside_the_schema(quads: list[ox.Quad]) -> None:
    """Blank nodes occur in the lists of the schema's property chains and nowhere else."""
    blank = {q.graph_name for q in quads if isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode)}
    assert blank == {graph("schema")}


def test_compiling_twice_gives_the_same_quads(curation: Curation, quads: list[ox.Quad]) -> None:
    """Order and names of blank nodes included, a second run makes the list that stands in the build."""
    assert compile_dataset(curation, load_schema()) == quads


# Nothing vanishes


def test_every_claim_states_exactly_one_statement(quads: list[ox.Quad]) -> None:
    """Each of the claims C001 to C733 states one statement, and each such statement is described."""
    states = links(quads, "evidence", "states")
    expected = {f"claim:C{number:03}": 1 for number in range(1, 734)}
    assert {name: len(states[name]) for name in expected} == expected
    described = {shorten(iri) for iri in instances(quads, "Statement")}
    assert {one for statements in states.values() for one in statements} == described


def test_every_safety_rule_is_there_with_its_parts(quads: list[ox.Quad], curation: Curation) -> None:
    """Each of the 450 rules is a node that has exactly the parts its table gives it, and no rule has none."""
    expected: dict[str, set[str]] = {f"rule:{name}": set() for name in curation.rules}
    for part in curation.parts:
        expected[f"rule:{part.rule}"].add(f"rule:{part.rule}-{part.part}")
    assert len(expected) == 450
    assert dict(links(quads, "safety", "hasRulePart")) == expected
    assert local_names(RULE, instances(quads, "SafetyRule")) == set(curation.rules)
    assert len(instances(quads, "SafetyRulePart")) == len(curation.parts)


def test_every_conflict_and_every_issue_is_there_with_its_claims(quads: list[ox.Quad], curation: Curation) -> None:
    """The 134 conflicts have their members, claims or parts of rules; the 55 issues the claims that they concern."""
    conflicts = {
        f"conflict:{c.name}": {f"claim:{name}" for name in c.claims} | {f"rule:{name}" for name in c.rule_parts}
        for c in curation.conflicts.values()
    }
    issues = {f"issue:{i.name}": {f"claim:{name}" for name in i.claims} for i in curation.issues.values() if i.claims}
    assert (len(curation.conflicts), len(curation.issues)) == (134, 55)
    assert dict(links(quads, "evidence", "hasMember")) == conflicts
    assert dict(links(quads, "evidence", "concernsClaim")) == issues
    assert local_names(CONFLICT, instances(quads, "Conflict")) == set(curation.conflicts)
    assert local_names(ISSUE, instances(quads, "SourceIssue")) == set(curation.issues)


def test_every_concept_has_one_label_and_one_definition(quads: list[ox.Quad], curation: Curation) -> None:
    """Each row of concepts.tsv is labelled and defined once, in English."""
    concepts = [quad for quad in quads if quad.graph_name == graph("concepts")]
    for curie in ("rdfs:label", "obo:IAO_0000115"):
        found = Counter(q.subject for q in concepts if q.predicate.value == expand(curie))
        assert (len(found), set(found.values())) == (len(curation.concepts), {1})


def test_no_claim_is_stated_by_two_sources(quads: list[ox.Quad]) -> None:
    """A claim belongs to one article, and its name to the graph of evidence only."""
    sources = links(quads, "evidence", "ofSource")
    assert {len(sources[name]) for name in sources if name.startswith("claim:")} == {1}
    holders = {q.graph_name for q in quads if value_or_blank(q.subject).startswith(CLAIM)}
    assert holders == {graph("evidence")}


def value_or_blank(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


# Plain triples, on claims made for the test


def plain(curation: Curation, *claims: Claim, issues: tuple[SourceIssue, ...] = ()) -> Names:
    """The plain triples that a graph of these claims alone would have, as CURIEs."""
    tiny = replace(
        curation,
        claims={claim.name: claim for claim in claims},
        conflicts={},
        issues={issue.name: issue for issue in issues},
    )
    made = statement_quads(build_statements(tiny, load_schema()), tiny, load_schema())
    found = [q for q in made if q.graph_name == graph("asserted")]
    return {(shorten(value(q.subject)), shorten(q.predicate.value), shorten(value(q.object))) for q in found}


def claim(
    predicate: str = "metastasizesTo",
    obj: str = "Bone",
    qualifiers: tuple[tuple[str, str], ...] = (),
    polarity: str = "asserted",
    name: str = "C001",
) -> Claim:
    """A claim about lung cancer."""
    return Claim(
        name, ("a-s003",), "t", "LungCancer", predicate, obj, qualifiers, polarity, "", "stated", (), "Words.", "", 0
    )


def fault(refuted: tuple[str, ...] = (), disputed: tuple[str, ...] = ()) -> SourceIssue:
    """A fault of the first article that is held against claims."""
    return SourceIssue("AI-99", ("a",), "1", "wrong", "major", (), refuted, disputed, "Words.", "", (), True, 0)


BONE = ("osteo:LungCancer", "bmo:metastasizesTo", "osteo:Bone")
MAY_BONE = ("osteo:LungCancer", "bmo:mayMetastasizeTo", "osteo:Bone")


def test_an_accepted_statement_is_one_hop(curation: Curation) -> None:
    """An asserted claim without qualifiers makes its plain triple, and that alone."""
    assert plain(curation, claim()) == {BONE}


def test_a_hedged_statement_is_projected_as_a_possibility_only(curation: Curation) -> None:
    """What a source only holds possible stands under the possibility property."""
    assert plain(curation, claim(polarity="hedged")) == {MAY_BONE}


def test_a_hedged_statement_without_possibility_property_has_no_plain_triple(curation: Curation) -> None:
    """Where the schema names no weaker property, a hedge is found at the statement node only."""
    assert load_schema().properties["spreadsVia"].possibility is None
    assert plain(curation, claim("spreadsVia", "Bloodstream", polarity="hedged")) == set()
    assert plain(curation, claim("spreadsVia", "Bloodstream")) != set()


def test_a_denied_statement_has_no_plain_triple(curation: Curation) -> None:
    """What a source denies is not found by a query over plain triples."""
    assert plain(curation, claim(polarity="denied")) == set()


def test_a_disputed_statement_has_no_plain_triple(curation: Curation) -> None:
    """Two sources that say yes and no leave no plain triple, under either property."""
    assert plain(curation, claim(), claim(polarity="denied", name="C002")) == set()
    assert plain(curation, claim(), issues=(fault(disputed=("C001",)),)) == set()


def test_a_refuted_statement_has_no_plain_triple(curation: Curation) -> None:
    """What outside sources refute has none, unless another claim for it stands."""
    assert plain(curation, claim(), issues=(fault(refuted=("C001",)),)) == set()
    assert plain(curation, claim(), claim(name="C002"), issues=(fault(refuted=("C001",)),)) == {BONE}


RESTRICTING = {
    "population": "PeopleWithLungCancer",
    "condition": "PrimaryCancerUnknown",
    "context": "ViciousCircle",
    "source": "LungCancer",
    "route": "Bloodstream",
    "target": "Bone",
    "period": "past",
    "scope": "some",
    "severity": "severe",
}


def test_the_restricting_qualifiers_are_these() -> None:
    """The schema calls restricting exactly the qualifiers that the tests below try."""
    assert {key for key, one in load_schema().qualifiers.items() if one.restricting} == set(RESTRICTING)


@pytest.mark.parametrize("key", sorted(RESTRICTING))
@pytest.mark.parametrize("polarity", ["asserted", "hedged"])
def test_a_restricting_qualifier_blocks_the_plain_triple(key: str, polarity: str, curation: Curation) -> None:
    """Only if, only in these people, only by this way: such a statement is not read without its node."""
    assert plain(curation, claim(qualifiers=((key, RESTRICTING[key]),), polarity=polarity)) == set()


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("frequency", "often"),
        ("comparator", "OtherCancer"),
        ("rank", "mostCommonGroup"),
        ("order", "1"),
        ("site", "Bone"),
    ],
)
def test_a_descriptive_qualifier_lets_the_plain_triple_be(key: str, word: str, curation: Curation) -> None:
    """Often, more than others, first in rank: the plain triple is still true."""
    assert plain(curation, claim(qualifiers=((key, word),))) == {BONE}


@pytest.mark.parametrize(
    ("qualifiers", "expected"),
    [
        ((), {("osteo:LungCancer", "bmo:kindOf", "osteo:Cancer")}),
        ((("site", "Lung"),), {("osteo:LungCancer", "bmo:kindOf", "osteo:Cancer")}),
        ((("frequency", "often"),), set()),
        ((("frequency", "often"), ("site", "Lung")), set()),
        ((("condition", "PrimaryCancerUnknown"),), set()),
    ],
)
def test_a_universal_predicate_tolerates_no_word_of_frequency(
    qualifiers: tuple[tuple[str, str], ...], expected: Names, curation: Curation
) -> None:
    """Most As are Bs makes no triple that says that all are."""
    assert plain(curation, claim("kindOf", "Cancer", qualifiers)) == expected


def test_a_restricted_statement_does_not_hide_the_free_one(curation: Curation) -> None:
    """The same triple said once with and once without a restriction is projected for the latter's sake."""
    restricted = claim(qualifiers=(("condition", "PrimaryCancerUnknown"),), name="C002")
    assert plain(curation, claim(), restricted) == {BONE}


def test_a_hedge_beside_an_assertion_adds_nothing(curation: Curation) -> None:
    """One article asserts, the other hedges: one statement, accepted, without a second, weaker triple."""
    assert plain(curation, claim(), claim(polarity="hedged", name="C002")) == {BONE}


# Plain triples of the real graph


def test_the_real_plain_triples_are_those_the_rules_allow(quads: list[ox.Quad], curation: Curation) -> None:
    """No plain triple lacks a statement that allows it, and no statement that allows one lacks it."""
    expected = set()
    for statement in build_statements(curation, load_schema()):
        keys = {qualifier.name for qualifier, _ in statement.qualifiers}
        if keys & set(RESTRICTING) or (statement.predicate.reads_universally and keys - {"site", "agent", "order"}):
            continue
        weaker = {Standing.ACCEPTED: statement.predicate.iri, Standing.HEDGED: statement.predicate.possibility}
        predicate = weaker.get(statement.standing)
        if predicate:
            expected.add(ox.Quad(statement.subject, ox.NamedNode(predicate), statement.object, graph("asserted")))
    assert {quad for quad in quads if quad.graph_name == graph("asserted")} == expected


@pytest.fixture(scope="module")
def triples(quads: list[ox.Quad]) -> Names:
    """The plain triples and the hierarchy of the real graph, as CURIEs."""
    held = {graph("concepts"), graph("asserted")}
    return {
        (shorten(value(q.subject)), shorten(q.predicate.value), shorten(value(q.object)))
        for q in quads
        if q.graph_name in held
    }


def above(triples: Names, concept: str) -> Iterator[str]:
    """Everything that a concept is a kind of, itself left out."""
    parents: dict[str, set[str]] = defaultdict(set)
    for subject, predicate, obj in triples:
        if predicate == "bmo:kindOf":
            parents[subject].add(obj)
    seen, waiting = {concept}, [concept]
    while waiting:
        for parent in parents[waiting.pop()] - seen:
            seen.add(parent)
            waiting.append(parent)
            yield parent


def test_the_walk_up_the_hierarchy_finds_what_is_there(triples: Names) -> None:
    """The tests of absence below look in the right place: true ancestors, several steps up, are found."""
    assert {"osteo:Bisphosphonate", "osteo:BoneModifyingAgent"} <= set(above(triples, "osteo:Zometa"))


@pytest.mark.parametrize("drug", ["Prolia", "Denosumab", "Xgeva"])
def test_denosumab_is_no_bisphosphonate(drug: str, triples: Names) -> None:
    """The slip of the second article does not make the antibody, or its products, a bisphosphonate."""
    assert ("osteo:Bisphosphonate" in set(above(triples, f"osteo:{drug}"))) is False
    assert (f"osteo:{drug}", "bmo:memberOf", "osteo:Bisphosphonate") not in triples


def test_bone_metastasis_and_primary_bone_cancer_are_no_kinds_of_each_other(triples: Names) -> None:
    """The distinction both articles insist on holds all the way up."""
    assert "osteo:PrimaryBoneCancer" not in set(above(triples, "osteo:BoneMetastasis"))
    assert "osteo:BoneMetastasis" not in set(above(triples, "osteo:PrimaryBoneCancer"))
    assert ("osteo:BoneMetastasis", "bmo:distinctFrom", "osteo:PrimaryBoneCancer") in triples


def test_prostate_cancer_is_not_always_hormone_sensitive(triples: Names) -> None:
    """An example of a hormone sensitive tumour is not a kind of it: castration-resistant disease exists."""
    assert "osteo:HormoneSensitiveTumor" not in set(above(triples, "osteo:ProstateCancer"))


def test_lung_cancer_goes_with_no_lesion_type(triples: Names, quads: list[ox.Quad]) -> None:
    """No article says which lesions lung cancer makes; no plain triple links the two, in either direction."""
    lesions = {shorten(iri) for iri in instances(quads, "LesionType")}
    assert len(lesions) >= 3
    linked = {t for t in triples if {t[0], t[2]} & lesions and "osteo:LungCancer" in (t[0], t[2])}
    assert linked == set()


def test_myeloma_metastasizes_nowhere(triples: Names) -> None:
    """A cancer of the marrow is in the bone from the beginning."""
    spread = {"bmo:metastasizesTo", "bmo:mayMetastasizeTo", "bmo:proneToMetastasizeTo"}
    assert {s for s, p, _ in triples if p in spread} >= {"osteo:LungCancer"}
    assert {t for t in triples if t[0] == "osteo:MultipleMyeloma" and t[1] in spread} == set()


def test_no_product_is_a_kind_of_its_substance(triples: Names) -> None:
    """Zometa contains zoledronic acid and is not a kind of it; so for every product."""
    contains = {(s, o) for s, p, o in triples if p == "bmo:hasActiveSubstance"}
    assert ("osteo:Zometa", "osteo:ZoledronicAcid") in contains
    assert {(s, o) for s, o in contains if o in set(above(triples, s))} == set()


@pytest.mark.parametrize("predicate", ["contraindicatedIn", "notRecommendedIn", "cautionedIn"])
def test_no_article_states_a_contraindication(predicate: str, triples: Names) -> None:
    """What labels forbid or caution against is a rule with a citation, never a plain triple."""
    assert {t for t in triples if t[1] == f"bmo:{predicate}"} == set()


def test_the_labels_do_contraindicate(quads: list[ox.Quad]) -> None:
    """The rules that the plain triples lack are in the graph of safety."""
    treatments = links(quads, "safety", "ruleTreatment")
    strengths = links(quads, "safety", "strength")
    forbidden = {
        one for part, names in treatments.items() if strengths[part] == {"bmo:Contraindicated"} for one in names
    }
    assert {"osteo:Prolia", "osteo:Xgeva", "osteo:Zometa"} <= forbidden


def test_refuted_statements_keep_their_nodes(quads: list[ox.Quad]) -> None:
    """A statement that lost is still described, so that one can ask what was wrong: Prolia under bisphosphonates."""
    states = links(quads, "evidence", "states")
    standing = links(quads, "statements", "standing")
    (statement,) = states["claim:C618"]
    assert standing[statement] == {"bmo:Refuted"}
    assert links(quads, "statements", "object")[statement] == {"osteo:Bisphosphonate"}


def test_concept_iris_are_ours(quads: list[ox.Quad]) -> None:
    """Every subject in the graph of concepts is a concept or a publication of ours."""
    subjects = {value(q.subject) for q in quads if q.graph_name == graph("concepts")}
    assert {iri for iri in subjects if not iri.startswith((CONCEPT, expand("publication:")))} == set()
