"""A path that repeats has an end of its own, so that Virtuoso never walks it between two ends that are both known.

docs/explanation/engines.md says why.
"""

from __future__ import annotations

import pytest
from rdflib import Variable
from rdflib.paths import InvPath, MulPath, Path
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import traverse
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from osteograph.ontology.namespaces import PREFIXES
from osteograph.queries.catalog import list_questions

QUESTIONS = {question.id: question.sparql for question in list_questions() if question.area != "federation"}

ALLOWED = {  # an open end is slow in the first and gives nothing on Virtuoso in the second, a MINUS
    "dissemination/compare_site_lists": {("place", "near")},
    "dissemination/unusual_sites": {("common", "site")},
    # and takes rdflib minutes in these; the second walks one step at most, which Virtuoso does well
    "safety/treatments_to_avoid_with": {("bearer", "exposed"), ("_condition_iri", "condition")},
    "safety/where_jurisdictions_disagree": {("concern", "near")},
}


def triples_of(sparql: str) -> set[tuple[Node, Node, Node]]:
    """All triple patterns of a query, paths among them."""
    found: set[tuple[Node, Node, Node]] = set()

    def visit(part: object) -> None:
        if isinstance(part, CompValue) and "triples" in part:
            found.update(part["triples"])

    traverse(prepareQuery(sparql, initNs=dict(PREFIXES)).algebra, visitPre=visit)
    return found


def repeats(path: object) -> bool:
    """Whether a path, or a step of it, may be walked more than once or not at all."""
    if isinstance(path, MulPath):
        return True
    steps = [path.arg] if isinstance(path, InvPath) else getattr(path, "args", ())
    return isinstance(path, Path) and any(map(repeats, steps))


def known_at_both_ends(sparql: str) -> set[tuple[Node, Node]]:
    """The ends of the repeating paths that have no end of their own."""
    patterns = triples_of(sparql)
    mentioned = {end for start, path, stop in patterns if not repeats(path) for end in (start, stop)}

    def is_own(end: Node) -> bool:
        return isinstance(end, Variable) and not end.startswith("_") and end not in mentioned

    return {(start, stop) for start, path, stop in patterns if repeats(path) and not is_own(start) and not is_own(stop)}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("?place bmo:partOf* osteo:Foot", set()),
        ("?place bmo:partOf osteo:Foot . ?x bmo:subject ?place", set()),
        ("?place bmo:partOf* osteo:Foot . ?x bmo:subject ?place", {"place"}),
        ("?place bmo:partOf* ?_site_iri . ?x bmo:subject ?place", {"place"}),
        ("?place bmo:partOf* ?wider . ?x bmo:subject ?place", set()),
        ("?x bmo:object/bmo:kindOf+ osteo:Foot ; bmo:subject ?place", {"x"}),
        ("OPTIONAL { ?place (^bmo:kindOf|bmo:partOf)? osteo:Foot } ?x bmo:subject ?place", {"place"}),
        ("?in bmo:partOf* osteo:Foot . BIND(COALESCE(?in) AS ?place) ?x bmo:subject ?place", set()),
    ],
)
def test_what_counts_as_known(pattern: str, expected: set[str]) -> None:
    """An end is known if it is given, or if another pattern finds it."""
    assert {str(start) for start, _ in known_at_both_ends(f"SELECT * {{ {pattern} }}")} == expected


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_path_that_repeats_is_known_at_both_ends(question: str) -> None:
    """Every question of the library that is run here keeps an end open."""
    found = {(str(start), str(stop)) for start, stop in known_at_both_ends(QUESTIONS[question])}
    assert found == ALLOWED.get(question, set())
