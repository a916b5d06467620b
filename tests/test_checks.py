"""Every check fires on a graph that has its fault and is silent on one that has not, and on the real one."""

from __future__ import annotations

from typing import NamedTuple

import pyoxigraph as ox
import pytest

from osteograph.graph_builder.validation import run_violation_queries, violation_queries, violations
from osteograph.ontology.errors import ProblemsFound
from osteograph.queries.stores.oxigraph import OxigraphStore

from .tiny_graphs import PREFIXES

SCHEMA = """
bmo:metastasizesTo a owl:ObjectProperty ; bmo:possibilityProperty bmo:mayMetastasizeTo ;
    schema:domainIncludes bmo:Disease ; schema:rangeIncludes bmo:BodyPart .
bmo:mayMetastasizeTo a owl:ObjectProperty .
bmo:frequency bmo:qualifierEffect bmo:Descriptive .
bmo:condition bmo:qualifierEffect bmo:Restricting .
bmo:Cancer rdfs:subClassOf bmo:Disease . bmo:Bone rdfs:subClassOf bmo:BodyPart .
c:Lung a bmo:Cancer . c:Rib a bmo:Bone . c:Chair a bmo:Furniture .
"""
S1 = """
s:s1 a bmo:Statement ; rdfs:label "S1" ; bmo:subject c:Lung ; bmo:predicate bmo:metastasizesTo ; bmo:object c:Rib .
"""
S2 = S1.replace("s:s1", "s:s2").replace("S1", "S2")
FACT = "GRAPH <https://w3id.org/osteograph/graph/asserted> { c:Lung bmo:metastasizesTo c:Rib }"
MAYBE = "GRAPH <https://w3id.org/osteograph/graph/asserted> { c:Lung bmo:mayMetastasizeTo c:Rib }"


def standing(statement: str, word: str) -> str:
    return f"s:{statement} bmo:standing bmo:{word} ."


def without(part: str, whole: str) -> str:
    """A text without a part that it must have."""
    assert part in whole
    return whole.replace(part, "")


C = "https://w3id.org/osteograph/concept/"
NOT_ALLOWED = f"no statement allows {C}Lung https://w3id.org/osteograph/schema/metastasizesTo {C}Rib"
MISUSED = "A term in the namespace of OWL, RDF or RDFS is used that these do not define."
IN_CONCEPTS = "GRAPH <https://w3id.org/osteograph/graph/concepts>"
KIND_OF_ITSELF = "A concept is a kind of itself, through the curated hierarchy and what claims state taken together."
BRANCHES = """
bmo:BodyPart rdfs:subClassOf bmo:Concept . bmo:Bone rdfs:subClassOf bmo:BodyPart .
bmo:Test rdfs:subClassOf bmo:Concept .
c:Rib a bmo:Bone . c:Arm a bmo:BodyPart . c:Scan a bmo:Test .
"""
HEADER = """
<https://w3id.org/osteograph> a owl:Ontology ; dcterms:title "T"@en ; dcterms:description "D"@en ; owl:versionInfo "1" ;
    dcterms:license <http://e/licence> ; rdfs:comment "No advice."@en ; owl:versionIRI <https://w3id.org/osteograph/1> .
"""
KEYS = """
bmo:order bmo:qualifierEffect bmo:Descriptive ; schema:rangeIncludes xsd:integer .
bmo:site bmo:qualifierEffect bmo:Descriptive ; schema:rangeIncludes bmo:BodyPart .
bmo:Bone rdfs:subClassOf bmo:BodyPart .
c:Rib a bmo:Bone . c:Chair a bmo:Furniture .
"""


class Case(NamedTuple):
    """A tiny graph in TriG, and what the check says of it: pairs of focus and finding."""

    check: str
    graph: str
    findings: list[tuple[str, str]]


CASES = {
    "a link into nothing": Case(
        "dangling_reference",
        "c:Rib a bmo:Bone ; bmo:partOf c:Thorax . bmo:Bone a owl:Class .",
        [("osteo:Thorax", "no description, though https://w3id.org/osteograph/concept/Rib refers to it")],
    ),
    "a link to what is described, to others' things and to words": Case(
        "dangling_reference",
        "c:Rib a owl:Thing ; bmo:partOf c:Spine ; rdfs:seeAlso <http://e/x> . c:Spine a owl:Thing ;"
        ' rdfs:label "https://w3id.org/osteograph/x" .',
        [],
    ),
    "hedged, and a plain triple": Case(
        "hedged_projected_as_fact", S1 + standing("s1", "Hedged") + FACT, [("osteo:Lung", NOT_ALLOWED)]
    ),
    "hedged, and a possibility": Case("hedged_projected_as_fact", S1 + standing("s1", "Hedged") + MAYBE, []),
    "accepted, and a plain triple": Case("hedged_projected_as_fact", S1 + standing("s1", "Accepted") + FACT, []),
    "restricted, and a plain triple": Case(
        "hedged_projected_as_fact",
        S1 + standing("s1", "Accepted") + "s:s1 bmo:condition c:Rib ." + FACT,
        [("osteo:Lung", NOT_ALLOWED)],
    ),
    "described, and a plain triple": Case(
        "hedged_projected_as_fact", S1 + standing("s1", "Accepted") + "s:s1 bmo:frequency c:Rib ." + FACT, []
    ),
    "hedged, and the plain triple of another that is accepted": Case(
        "hedged_projected_as_fact", S1 + standing("s1", "Hedged") + S2 + standing("s2", "Accepted") + FACT, []
    ),
    "a predicate that is its own possibility": Case(
        "hedged_projected_as_fact",
        "bmo:metastasizesTo bmo:possibilityProperty bmo:metastasizesTo ." + S1 + standing("s1", "Hedged") + FACT,
        [],
    ),
    "a triple in two graphs": Case(
        "triple_in_two_graphs",
        FACT + FACT.replace("asserted", "concepts"),
        [
            (
                "osteo:Lung",
                "https://w3id.org/osteograph/schema/metastasizesTo in https://w3id.org/osteograph/graph/asserted"
                " and https://w3id.org/osteograph/graph/concepts",
            )
        ],
    ),
    "two triples in two graphs": Case("triple_in_two_graphs", FACT + MAYBE.replace("asserted", "concepts"), []),
    "a passage that says something, and no claim": Case(
        "passage_without_claim",
        'passage:p1 bmo:passageKind "claim" .',
        [("passage:p1", "A passage that says something supports no claim.")],
    ),
    "a passage that says something, and a claim": Case(
        "passage_without_claim", 'passage:p1 bmo:passageKind "claim" . claim:C1 bmo:restsOn passage:p1 .', []
    ),
    "a heading without claim": Case("passage_without_claim", 'passage:p1 bmo:passageKind "heading" .', []),
    "a misspelled built-in class": Case("builtin_vocabulary_misused", "c:Rib a owl:Clas .", [("owl:Clas", MISUSED)]),
    "a built-in class": Case("builtin_vocabulary_misused", "c:Rib a owl:Class .", []),
    "a reference to a deprecated term": Case(
        "deprecated_reference",
        "c:Rib owl:deprecated true . c:Ulna bmo:partOf c:Rib .",
        [("osteo:Ulna", "refers to the deprecated https://w3id.org/osteograph/concept/Rib")],
    ),
    "a deprecated term and its successor": Case(
        "deprecated_reference", "c:Rib owl:deprecated true . c:Ulna dcterms:isReplacedBy c:Rib .", []
    ),
    "two labels": Case(
        "label_faulty",
        'c:Rib iao:0000115 "A bone."@en ; rdfs:label "costa"@en , "rib"@en .',
        [("osteo:Rib", "two labels: costa and rib")],
    ),
    "one label for two": Case(
        "label_faulty",
        'c:Rib a bmo:Bone ; iao:0000115 "A."@en ; rdfs:label "rib"@en .'
        'c:Ribs a bmo:Bone ; iao:0000115 "B."@en ; rdfs:label "rib"@en .',
        [("osteo:Rib", "the label of https://w3id.org/osteograph/concept/Ribs too: rib")],
    ),
    "no label anywhere": Case("label_faulty", 'c:Rib iao:0000115 "A bone."@en .', [("osteo:Rib", "no label")]),
    "a label each": Case(
        "label_faulty",
        'c:Rib a bmo:Bone ; iao:0000115 "A."@en ; rdfs:label "rib"@en .'
        'c:Ulna a bmo:Bone ; iao:0000115 "B."@en ; rdfs:label "ulna"@en .',
        [],
    ),
    "an object of the wrong class": Case(
        "object_unfit", S1.replace("c:Rib", "c:Chair"), [("ost:s1", "unfit object: S1")]
    ),
    "an object of a subclass of the right class": Case("object_unfit", S1, []),
    "an object of no class": Case("object_unfit", S1.replace("c:Rib", "c:Nothing"), [("ost:s1", "unfit object: S1")]),
    "a subject of the wrong class": Case(
        "subject_unfit", S1.replace("c:Lung", "c:Chair"), [("ost:s1", "unfit subject: S1")]
    ),
    "a subject of a subclass of the right class": Case("subject_unfit", S1, []),
    "a passage of the other article": Case(
        "passage_of_wrong_article",
        "claim:C1 bmo:states s:s1 ; bmo:ofSource publication:A ; bmo:restsOn passage:a1 , passage:b1 ."
        "passage:a1 bmo:ofSource publication:A . passage:b1 bmo:ofSource publication:B .",
        [("claim:C1", "rests on https://w3id.org/osteograph/passage/b1")],
    ),
    "passages of one article": Case(
        "passage_of_wrong_article",
        "claim:C1 bmo:states s:s1 ; bmo:ofSource publication:A ; bmo:restsOn passage:a1 , passage:a2 ."
        "passage:a1 bmo:ofSource publication:A . passage:a2 bmo:ofSource publication:A .",
        [],
    ),
    "denied, and a plain triple": Case(
        "rejected_projected", S1 + standing("s1", "Denied") + FACT, [("ost:s1", "rejected, yet projected: S1")]
    ),
    "disputed, and a possibility": Case(
        "rejected_projected", S1 + standing("s1", "Disputed") + MAYBE, [("ost:s1", "rejected, yet projected: S1")]
    ),
    "refuted, and a plain triple": Case(
        "rejected_projected", S1 + standing("s1", "Refuted") + FACT, [("ost:s1", "rejected, yet projected: S1")]
    ),
    "refuted, and no plain triple": Case("rejected_projected", S1 + standing("s1", "Refuted"), []),
    "accepted and projected": Case("rejected_projected", S1 + standing("s1", "Accepted") + FACT, []),
    "a statement nobody states": Case("statement_without_claim", S1, [("ost:s1", "No claim states the statement.")]),
    "a statement somebody states": Case("statement_without_claim", S1 + "claim:C1 bmo:states s:s1 .", []),
    "an undeclared property and an undeclared class": Case(
        "undeclared_term",
        "c:Rib a bmo:Bnoe ; bmo:partOff c:Spine .",
        [
            (f"bmo:{name}", "A class or property of ours is used and not declared in the schema.")
            for name in ("Bnoe", "partOff")
        ],
    ),
    "declared ones": Case(
        "undeclared_term",
        "bmo:Bone a owl:Class . bmo:partOf a owl:ObjectProperty . bmo:unit a owl:DatatypeProperty ."
        'bmo:note a owl:AnnotationProperty . c:Rib a bmo:Bone ; bmo:partOf c:Spine ; bmo:unit "d" ; bmo:note "n" .',
        [],
    ),
    "no definition": Case(
        "definition_faulty",
        "bmo:Bone a owl:Class . bmo:partOf a owl:ObjectProperty . <http://e/Class> a owl:Class ."
        'bmo:unit a owl:DatatypeProperty ; iao:0000115 "What is counted."@en .'
        f"{IN_CONCEPTS} {{ c:Rib a owl:NamedIndividual }}",
        [(name, "no definition") for name in ("osteo:Rib", "bmo:Bone", "bmo:partOf")],
    ),
    "two definitions": Case(
        "definition_faulty", 'c:Rib iao:0000115 "A bone."@en , "A bar."@en .', [("osteo:Rib", "two definitions")]
    ),
    "one definition for two": Case(
        "definition_faulty",
        'c:Rib iao:0000115 "A bone."@en . c:Ulna iao:0000115 "A bone."@en .',
        [("osteo:Rib", "the definition of https://w3id.org/osteograph/concept/Ulna too")],
    ),
    "a definition each": Case(
        "definition_faulty",
        f'{IN_CONCEPTS} {{ c:Rib a owl:NamedIndividual ; iao:0000115 "A."@en . c:Ulna iao:0000115 "B."@en }}',
        [],
    ),
    "a circle of kinds": Case(
        "kind_of_cycle",
        "c:Rib bmo:kindOf c:Bone . c:Bone bmo:kindOf c:Organ . c:Organ bmo:kindOf c:Bone .",
        [(name, KIND_OF_ITSELF) for name in ("osteo:Bone", "osteo:Organ")],
    ),
    "a kind of itself": Case("kind_of_cycle", "c:Rib bmo:kindOf c:Rib .", [("osteo:Rib", KIND_OF_ITSELF)]),
    "two ways up": Case(
        "kind_of_cycle",
        "c:Rib bmo:kindOf c:Bone , c:FlatBone . c:FlatBone bmo:kindOf c:Bone . c:Bone bmo:partOf c:Rib .",
        [],
    ),
    "a kind of something else altogether": Case(
        "kind_of_foreign_branch",
        BRANCHES + "c:Rib bmo:kindOf c:Scan .",
        [("osteo:Rib", "a kind of https://w3id.org/osteograph/concept/Scan")],
    ),
    "a kind of something of the same branch": Case("kind_of_foreign_branch", BRANCHES + "c:Rib bmo:kindOf c:Arm .", []),
    "definitions with doubled blanks and line feeds": Case(
        "label_formatting",
        'c:B iao:0000115 "B  b."@en ; rdfs:label "ulna"@en . c:D iao:0000115 "D.\\n"@en ; rdfs:label "skull"@en .',
        [("osteo:B", "badly written: B  b."), ("osteo:D", "badly written: D.\n")],
    ),
    "labels and names as they should be": Case(
        "label_formatting",
        'c:A iao:0000115 "BonyPart is a word here."@en ; rdfs:label "flat bone"@en .'
        'c:B iao:0000115 "B."@en ; rdfs:label "CT scan"@en . c:C iao:0000115 "C."@en ; rdfs:label "Paget disease"@en .',
        [],
    ),
    "a header without licence and warning": Case(
        "ontology_header",
        without("dcterms:license <http://e/licence> ;", HEADER).replace('rdfs:comment "No advice."@en ;', ""),
        [
            ("https://w3id.org/osteograph", f"lacks {iri}")
            for iri in ("http://purl.org/dc/terms/license", "http://www.w3.org/2000/01/rdf-schema#comment")
        ],
    ),
    "a complete header": Case("ontology_header", HEADER, []),
    "a concept that nothing uses": Case(
        "orphan_concept",
        f"{IN_CONCEPTS} {{ c:Rib a owl:NamedIndividual ; bmo:kindOf c:Bone . c:Bone a owl:NamedIndividual }}",
        [
            (
                "osteo:Rib",
                "A concept takes part in no statement and no rule, qualifies nothing, holds no other concept, "
                "and no code or second name leads a record to it.",
            )
        ],
    ),
    "concepts as subject, object, qualifier, and above others": Case(
        "orphan_concept",
        f"{IN_CONCEPTS} {{ c:A a owl:NamedIndividual ; bmo:kindOf c:D . c:B a owl:NamedIndividual ."
        "c:C a owl:NamedIndividual . c:D a owl:NamedIndividual }"
        "s:s1 bmo:subject c:A ; bmo:object c:B ; bmo:site c:C .",
        [],
    ),
    "concepts that a record reaches by code or by a second name": Case(
        "orphan_concept",
        f"{IN_CONCEPTS} {{ c:A a owl:NamedIndividual . c:B a owl:NamedIndividual ; oboInOwl:hasExactSynonym 'b'@en }}"
        "GRAPH <https://w3id.org/osteograph/graph/mappings> { c:A skos:exactMatch <http://e/1> }",
        [],
    ),
    "qualifiers of another kind": Case(
        "qualifier_of_wrong_type",
        KEYS + 's:s1 bmo:order "first" ; bmo:site c:Chair .',
        [
            ("ost:s1", "https://w3id.org/osteograph/schema/order has first"),
            ("ost:s1", "https://w3id.org/osteograph/schema/site has https://w3id.org/osteograph/concept/Chair"),
        ],
    ),
    "a word where a concept is expected, a concept where a number is": Case(
        "qualifier_of_wrong_type",
        KEYS + 's:s1 bmo:order c:Rib ; bmo:site "rib" .',
        [
            ("ost:s1", "https://w3id.org/osteograph/schema/order has https://w3id.org/osteograph/concept/Rib"),
            ("ost:s1", "https://w3id.org/osteograph/schema/site has rib"),
        ],
    ),
    "qualifiers as declared": Case("qualifier_of_wrong_type", KEYS + "s:s1 bmo:order 1 ; bmo:site c:Rib .", []),
}
NEEDS_SCHEMA = {"hedged_projected_as_fact", "object_unfit", "subject_unfit", "rejected_projected"}


def findings(case: Case) -> list[tuple[str, str]]:
    """What the check of a case says of its graph."""
    text = PREFIXES + (SCHEMA if case.check in NEEDS_SCHEMA else "") + case.graph
    store = OxigraphStore.from_quads(ox.parse(text, format=ox.RdfFormat.TRIG))
    return [(one.column, one.message) for one in violations(store) if one.file == f"check {case.check}"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_check_finds_its_fault_and_nothing_else(case: Case) -> None:
    """On a tiny graph the check names the faulty thing, or is silent where there is no fault."""
    assert findings(case) == case.findings


def test_every_check_has_a_case_that_fires_and_one_that_does_not() -> None:
    """A new check comes with a graph that it objects to and one that it lets pass."""
    checks = {query.name for query in violation_queries()}
    assert {case.check for case in CASES.values() if case.findings} == checks
    assert {case.check for case in CASES.values() if not case.findings} == checks


@pytest.mark.parametrize("name", sorted(query.name for query in violation_queries()))
def test_a_check_is_silent_on_the_real_graph(name: str, real_findings: dict[str, list[str]]) -> None:
    """The graph of the curated tables has no fault that a check knows."""
    assert real_findings.get(f"check {name}", []) == []


@pytest.fixture(scope="module")
def real_findings(oxigraph_store: OxigraphStore) -> dict[str, list[str]]:
    """What all checks say of the real graph, by check."""
    found: dict[str, list[str]] = {}
    for problem in violations(oxigraph_store):
        found.setdefault(problem.file, []).append(str(problem))
    return found


def test_a_header_says_problem_reason_and_remedy() -> None:
    """Each check tells in words what is wrong, why that matters and what to do; its severity is one of two."""
    unsaid = {q.name for q in violation_queries() if not (q.problem and q.reason and q.remedy)}
    assert (unsaid, {q.severity for q in violation_queries()} - {"error", "warning"}) == (set(), set())


def test_an_error_of_a_check_stops_a_build(quads: list[ox.Quad]) -> None:
    """The real graph passes all checks by name; with one undeclared term it is refused with the remedy."""
    assert run_violation_queries(quads) == sorted(query.name for query in violation_queries())
    stray = ox.NamedNode("https://w3id.org/osteograph/schema/partOff")
    node = next(quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode))
    with pytest.raises(
        ProblemsFound, match=r"check undeclared_term: bmo:partOff: .* To mend: Declare it in schema.ttl"
    ):
        run_violation_queries([*quads, ox.Quad(node, stray, ox.Literal("x"))])


def test_a_term_without_label_is_found_among_labelled_ones() -> None:
    """One label in the graph does not hide that another term has none."""
    text = 'c:Rib iao:0000115 "A."@en . c:Ulna iao:0000115 "B."@en ; rdfs:label "ulna"@en .'
    assert findings(Case("label_faulty", text, [])) == [("osteo:Rib", "no label")]


@pytest.mark.parametrize("label", [" rib", "rib ", "flat  bone", "FlatBone"])
def test_a_badly_written_label_is_found(label: str) -> None:
    """Blank space at the edge, doubled blanks and identifiers are found in labels as in definitions."""
    text = f'c:Rib iao:0000115 "A bone."@en ; rdfs:label "{label}"@en .'
    assert findings(Case("label_formatting", text, [])) == [("osteo:Rib", f"badly written: {label}")]


@pytest.mark.parametrize("word", ["Hedged", "Refuted"])
def test_two_statements_that_allow_nothing_do_not_excuse_each_other(word: str) -> None:
    """Only an accepted statement explains the plain triple of a hedged one."""
    text = S1 + standing("s1", "Hedged") + "s:s1 bmo:frequency c:Rib ." + S2 + standing("s2", word) + FACT
    assert ("osteo:Lung", NOT_ALLOWED) in findings(Case("hedged_projected_as_fact", text, []))


def test_a_universal_predicate_with_a_frequency_is_found() -> None:
    """Usually a kind of: the plain triple says always, and the check of projections says so."""
    text = "bmo:metastasizesTo bmo:readsUniversally true ." + S1 + "s:s1 bmo:frequency c:Rib ."
    found = findings(Case("hedged_projected_as_fact", text + standing("s1", "Accepted") + FACT, []))
    assert found == [("osteo:Lung", NOT_ALLOWED)]


def test_a_missing_header_is_found() -> None:
    """A graph without any ontology header lacks all that a header says."""
    assert findings(Case("ontology_header", "c:Rib a owl:Thing .", [])) != []


def test_a_value_of_the_wrong_datatype_is_found() -> None:
    """A count that is a word is an unfit object too."""
    text = (
        "bmo:metastasizesTo schema:rangeIncludes xsd:integer ."
        's:s1 bmo:predicate bmo:metastasizesTo ; rdfs:label "S1" ; bmo:subject c:Lung ; bmo:objectValue "two" .'
    )
    assert findings(Case("object_unfit", text, [])) == [("ost:s1", "unfit object: S1")]
