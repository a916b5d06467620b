"""On every store a value that is bound comes out as it went in, and means nothing else on its way."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from osteograph.ontology.errors import BadParameter
from osteograph.queries.stores.base import Store
from osteograph.queries.stores.memory import RdflibStore

from .compliance import column, engine, iri, rows, typed

# Bindings

ECHO = "SELECT (?_x AS ?y) {}"
NASTY = [
    "",
    " ",
    '"',
    '"""',
    "'",
    "\\",
    "\\\\",
    '\\"',
    "\n",
    "\r\n",
    "\t",
    "{ }",
    "> ?p ?o } #",
    '" } #',
    '"^^<http://e/x>',
    '"@en',
    "?_x",
    "$_x",
    "SERVICE <http://127.0.0.1:9/> { }",
    "кость 🦴 骨",
    "\u2028\u202e\ufeff\x00\x7f\x85",
    "%22%7D",
    "\\n",
]


@pytest.mark.parametrize("words", NASTY)
def test_a_literal_comes_out_as_it_went_in(words: str, store: Store) -> None:
    """No text can end its string early or turn into something else."""
    assert column(store.query(ECHO, {"_x": ox.Literal(words)})) == [ox.Literal(words)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda words: not re.search(r"\\[uU]", words)))
@example("\\")
def test_any_literal_comes_out_as_it_went_in(store: Store, request: pytest.FixtureRequest, words: str) -> None:
    """The very same literal, for any text without the sign of a Unicode escape (see the next test)."""
    assume(engine(request) != "virtuoso" or "\x00" not in words)  # see COMPLIANCE_FAULTS
    assert column(store.query(ECHO, {"_x": ox.Literal(words)})) == [ox.Literal(words)]


@pytest.mark.parametrize("words", ["\\u0041", "\\u0022 } #", "C:\\users", "\\U0001F9B4", '\\u005C"', "\\u00750022"])
def test_a_literal_that_looks_like_an_escape_comes_out_as_it_went_in(
    words: str, store: Store, request: pytest.FixtureRequest
) -> None:
    """A backslash and a u in a value are a backslash and a u, not a letter in disguise."""
    if isinstance(store, RdflibStore) and words != "C:\\users":
        reason = "rdflib replaces \\u escapes in the whole text before it parses: \\\\u0041 becomes \\A"
        request.applymarker(pytest.mark.xfail(strict=True, reason=reason))
    assert column(store.query(ECHO, {"_x": ox.Literal(words)})) == [ox.Literal(words)]


@pytest.mark.parametrize(
    "term",
    [
        iri("lung"),
        ox.NamedNode("http://e/ö?q=1&r='2'#SERVICE"),
        ox.Literal("Lunge", language="de"),
        ox.Literal('a "b" \\ c', language="en"),
        typed("2", "integer"),
        typed("35.5", "decimal"),
        typed("true", "boolean"),
        typed("2016-01-27", "date"),
        ox.Literal("x", datatype=iri("type")),
    ],
    ids=str,
)
def test_a_term_comes_out_as_it_went_in(term: ox.NamedNode | ox.Literal, store: Store) -> None:
    """IRIs, tagged and typed literals are bound as the terms they are."""
    assert column(store.query(ECHO, {"_x": term})) == [term]


def test_a_bound_variable_selects(store: Store) -> None:
    """A bound IRI stands in the pattern, so that only its rows are found."""
    answer = store.query("SELECT DISTINCT ?o { ?_c <http://e/spreadsTo> ?o } ORDER BY ?o", {"_c": iri("lung")})
    assert column(answer) == [iri("bone"), iri("liver")]


def test_a_bound_variable_reaches_into_subselects_and_filters(store: Store) -> None:
    """A parameter means the same wherever it stands, also where engines do not push bindings."""
    sparql = "SELECT ?o { { SELECT DISTINCT ?o { ?_c <http://e/spreadsTo> ?o FILTER(?o != $_not) } } }"
    assert column(store.query(sparql, {"_c": iri("lung"), "_not": iri("liver")})) == [iri("bone")]


def test_a_tagged_literal_is_not_the_plain_one(store: Store) -> None:
    """Binding "Brust"@de finds it, binding "Brust" does not."""
    sparql = "ASK { ?s <http://e/name> ?_name }"
    assert store.query(sparql, {"_name": ox.Literal("Brust", language="de")}) is True
    assert store.query(sparql, {"_name": ox.Literal("Brust")}) is False


def test_an_unbound_parameter_stays_a_variable(store: Store) -> None:
    """Without a value the pattern is open, and a binding for nothing in the query changes nothing."""
    sparql = "SELECT ?_c { ?_c <http://e/spreadsTo> <http://e/liver> }"
    assert column(store.query(sparql)) == column(store.query(sparql, {"other": iri("breast")})) == [iri("lung")]


def test_a_longer_name_is_another_variable(store: Store) -> None:
    """?_x is not replaced inside ?_xy, nor in ?a_x."""
    sparql = "SELECT ?_xy ?a_x { ?_xy <http://e/rank> ?a_x FILTER(?_x = 1) }"
    assert rows(store.query(sparql, {"_x": typed("1", "integer")})) == [(iri("lung"), typed("2", "integer"))]


@pytest.mark.parametrize("quote", ['"', "'", '"""', "'''"])
def test_a_variable_in_a_string_is_not_replaced(quote: str, store: Store) -> None:
    """The words ?_x and $_x in a string stay words."""
    sparql = f"SELECT ({quote}?_x $_x{quote} AS ?y) {{}}"
    assert column(store.query(sparql, {"_x": iri("lung")})) == [ox.Literal("?_x $_x")]


def test_a_variable_in_a_comment_or_an_iri_is_not_replaced(store: Store) -> None:
    """A comment that names the parameter, or an IRI with a query part, is left alone."""
    sparql = "# ?_x is the cancer }\nSELECT (?_x AS ?y) (<http://e/?_x> AS ?z) { # it's ?_x\n}"
    assert rows(store.query(sparql, {"_x": iri("lung")})) == [(iri("lung"), ox.NamedNode("http://e/?_x"))]


def test_a_variable_after_a_name_with_an_escaped_quote_is_replaced(store: Store) -> None:
    """A quote that is part of a name (e:it\\'s) opens no string, and the parameter after it is bound."""
    sparql = "PREFIX e: <http://e/> SELECT ?y { OPTIONAL { e:it\\'s ?p ?o } BIND(?_x AS ?y) FILTER('a' != 'b') }"
    assert column(store.query(sparql, {"_x": iri("lung")})) == [iri("lung")]


def test_a_blank_node_cannot_be_bound(store: Store) -> None:
    """In a query a blank node is a variable: binding one would answer another question."""
    with pytest.raises(BadParameter, match="a blank node cannot be bound"):
        store.query("SELECT * { ?s ?p ?_x }", {"_x": ox.BlankNode("b")})


def test_several_terms_stand_side_by_side_in_values(store: Store) -> None:
    """None of them can end the list."""
    query = "SELECT ?y { VALUES ?y { ?_several } }"
    several = (ox.Literal("} }"), ox.NamedNode("http://e/x"), ox.Literal('"\n', language="en"))
    assert set(column(store.query(query, {"_several": several}))) == set(several)


def test_a_blank_node_among_several_terms_is_refused(store: Store) -> None:
    """In a query it would be a variable."""
    with pytest.raises(BadParameter, match="blank node"):
        store.query("SELECT ?y { VALUES ?y { ?_several } }", {"_several": (ox.Literal("a"), ox.BlankNode("b"))})
