"""The SHACL shapes find what is wrong, at the thing that has it; ``osteograph check`` runs them on the real graph."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from osteograph.graph_builder.validation import shacl_problems

from .tiny_graphs import PREFIXES

GOOD = """
bmo:Accepted a bmo:Standing . bmo:AssertedOrigin a bmo:Origin . bmo:AssertedPolarity a bmo:Polarity .
bmo:BasisStated a bmo:QualifierValue .
c:Rib iao:0000115 "A bone of the chest."@en ; rdfs:label "rib"@en .
s:s1 a bmo:Statement ; bmo:subject c:Lung ; bmo:predicate bmo:metastasizesTo ; bmo:object c:Rib ;
    bmo:standing bmo:Accepted ; bmo:origin bmo:AssertedOrigin .
claim:C1 a bmo:Claim ; bmo:states s:s1 ; bmo:restsOn passage:a1 ; bmo:ofSource publication:A ;
    bmo:polarity bmo:AssertedPolarity ; bmo:basis bmo:BasisStated ; bmo:paraphrase "It reaches ribs."@en .
passage:a1 a bmo:Passage ; bmo:ofSource publication:A ; bmo:start 10 ; bmo:end 20 ;
    bmo:sha256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" .
<http://e/low> a bmo:Bound ; bmo:ofMeasure c:Scan ; bmo:atLeast 10.0 ; bmo:atMost 30.0 ; bmo:unit "mL/min" .
c:Brand a bmo:DrugProduct ; bmo:strengthDose 4.0 ; bmo:unit "mg" .
bmo:Tension a bmo:ConflictKind .
<http://e/x1> a bmo:Conflict ; bmo:hasMember claim:C1 ; bmo:conflictKind bmo:Tension ; bmo:explanation "E" .
"""


def shacl(turtle: str) -> list[tuple[str, str]]:
    """Focus and path, and the message, of what the shapes find in a tiny graph."""
    triples = ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)
    data = ox.serialize((quad.triple for quad in triples), format=ox.RdfFormat.N_TRIPLES)
    assert data
    return sorted((problem.column, problem.message) for problem in shacl_problems(data))


def good_but(old: str, new: str = "") -> str:
    """The good graph with one thing taken away or changed, which it must have."""
    assert old in GOOD
    return GOOD.replace(old, new)


def test_the_shapes_let_a_good_graph_pass() -> None:
    """A tiny graph with all that is asked for has no problem, so that those below stem from what they lack."""
    assert shacl(GOOD) == []


@pytest.mark.parametrize(
    ("turtle", "places"),
    [
        (good_but(' ; rdfs:label "rib"@en'), ["osteo:Rib rdfs:label"]),
        (good_but('"rib"@en', '"rib"@en , "costa"@en'), ["osteo:Rib rdfs:label"]),
        (good_but("bmo:standing bmo:Accepted ;"), ["ost:s1 bmo:standing"]),
        (good_but("bmo:standing bmo:Accepted ;", "bmo:standing bmo:BasisStated ;"), ["ost:s1 bmo:standing"]),
        (good_but("; bmo:object c:Rib"), ["ost:s1"]),
        (good_but("bmo:object c:Rib", "bmo:object c:Rib ; bmo:objectValue 1"), ["ost:s1"]),
        (good_but("bmo:polarity bmo:AssertedPolarity ;"), ["claim:C1 bmo:polarity"]),
        (good_but('"It reaches ribs."@en', '"It reaches ribs."'), ["claim:C1 bmo:paraphrase"]),
        (good_but("bmo:end 20", "bmo:end 5"), ["passage:a1 bmo:start"]),
        (good_but("bmo:end 20", "bmo:end 10"), ["passage:a1 bmo:start"]),
        (good_but("bmo:start 10", "bmo:start -1"), ["passage:a1 bmo:start"]),
        (good_but('"0123', '"x123'), ["passage:a1 bmo:sha256"]),
        (good_but("bmo:atMost 30.0", "bmo:atMost 3.0"), ["http://e/low bmo:atLeast"]),
        (good_but("bmo:atLeast 10.0 ; bmo:atMost 30.0 ;"), ["http://e/low"]),
        (good_but('bmo:atMost 30.0 ; bmo:unit "mL/min"', "bmo:atMost 30.0"), ["http://e/low bmo:unit"]),
        (good_but("bmo:strengthDose 4.0", 'bmo:strengthDose "4 mg"'), ["osteo:Brand bmo:strengthDose"]),
        (good_but("bmo:hasMember claim:C1", "bmo:hasMember c:Rib"), ["http://e/x1 bmo:hasMember"]),
    ],
    ids=[
        "label removed",
        "two labels",
        "standing removed",
        "standing of another class",
        "object removed",
        "object and value",
        "polarity removed",
        "paraphrase without language",
        "end before start",
        "empty passage",
        "negative start",
        "digest of wrong shape",
        "bound upside down",
        "bound without a limit",
        "bound without a unit",
        "strength in words",
        "conflict between things that say nothing",
    ],
)
def test_the_shapes_find_what_is_wrong(turtle: str, places: list[str]) -> None:
    """Each fault is found at the thing that has it."""
    assert [column for column, _ in shacl(turtle)] == places


def test_the_shapes_find_a_statement_without_claim() -> None:
    """A statement that no claim states is found, and the message says why."""
    found = shacl(good_but("bmo:states s:s1 ;"))
    assert ("a statement is made by at least one claim") in [message for _, message in found]


def test_the_shapes_find_a_claim_without_passage() -> None:
    """A claim that rests on nothing is found at its missing link."""
    assert "claim:C1 bmo:restsOn" in [column for column, _ in shacl(good_but("bmo:restsOn passage:a1 ;"))]


def test_the_shapes_find_a_claim_on_a_passage_of_the_other_source() -> None:
    """A claim and its passage belong to one source."""
    found = shacl(good_but("a bmo:Passage ; bmo:ofSource publication:A", "a bmo:Passage ; bmo:ofSource publication:B"))
    messages = {message.partition(" (found")[0] for _, message in found}
    assert messages == {"a claim rests on passages of its own source"}
