"""A filter reads what its own group binds: a variable from outside is unbound there, and nothing says so.

The branches of a UNION are such groups, as SPARQL joins them with the rest of the query only afterwards.
"""

from __future__ import annotations

import pytest
from rdflib import Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import traverse
from rdflib.plugins.sparql.parserutils import CompValue

from osteograph.ontology.namespaces import PREFIXES

from .conftest import ROOT

QUERIES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for folder in ("graph_builder", "ontology", "queries", "visualizations")
    for path in sorted((ROOT / folder).rglob("*.rq"))
    # a SERVICE is sent a query of its own; what has no verb is a part of a query
    if path.parent.name != "federation" and not path.name.startswith("explained_")
}


def mentions(part: object) -> list[str]:
    """The variables that part of a query mentions, as often as it does; parameters are constants when it is asked."""
    if isinstance(part, Variable):
        return [] if part.startswith("_") else [str(part)]
    if isinstance(part, dict):
        inner = [value for key, value in part.items() if not (isinstance(part, CompValue) and key in ("_vars", "PV"))]
        keys = [] if isinstance(part, CompValue) else list(part)
        return [name for each in (*keys, *inner) for name in mentions(each)]
    return [name for each in part for name in mentions(each)] if isinstance(part, list | tuple | set) else []


def read_from_outside(sparql: str) -> set[str]:
    """The variables that a filter reads, its group does not bind, and the query mentions elsewhere."""
    whole = prepareQuery(sparql, initNs=dict(PREFIXES)).algebra.p
    everywhere = mentions(whole)
    found: set[str] = set()

    def visit(part: object) -> None:
        if isinstance(part, CompValue) and part.name in ("Filter", "LeftJoin"):
            read, bound = mentions(part.expr), mentions([part.p] if part.name == "Filter" else [part.p1, part.p2])
            found.update(name for name in set(read) - set(bound) if everywhere.count(name) > read.count(name))

    traverse(whole, visitPre=visit)
    return found


@pytest.mark.parametrize("name", QUERIES)
def test_filters_read_what_their_group_binds(name: str) -> None:
    """In every query that is shipped."""
    assert read_from_outside(QUERIES[name]) == set()


@pytest.mark.parametrize(
    ("where", "outside"),
    [
        ("VALUES ?a { 1 } { ?x bmo:subject ?y FILTER(?a = 1) } UNION { ?x bmo:object ?y }", {"a"}),
        (
            "VALUES ?a { 1 } { ?x bmo:subject ?y FILTER NOT EXISTS { ?y bmo:object ?a } } UNION { ?x bmo:object ?y }",
            {"a"},
        ),
        ("{ VALUES ?a { 1 } ?x bmo:subject ?y FILTER(?a = 1) } UNION { ?x bmo:object ?a }", set()),
        ("?x bmo:subject ?a FILTER NOT EXISTS { ?x bmo:object ?b }", set()),
        ("?x bmo:subject ?a OPTIONAL { ?x bmo:object ?b FILTER(?a = ?b) }", set()),
    ],
)
def test_what_is_read_from_outside_is_noticed(where: str, outside: set[str]) -> None:
    """In a filter and in what must not exist; not where the group, or the one that is optional to it, binds it."""
    assert read_from_outside(f"SELECT * {{ {where} }}") == outside
