"""Points of SPARQL 1.1 that engines get wrong: right on every store, or a fault that is written down with its reason.

A fault that an engine no longer has fails here too, so that the list stays true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from osteograph.ontology.errors import OsteographError
from osteograph.queries.stores.base import Solutions, Store, Term
from osteograph.queries.stores.memory import RdflibStore
from osteograph.queries.stores.oxigraph import OxigraphStore

from .conftest import Serve
from .probes import PROBE_DATA, PROBES, PROLOGUE

LITERALS = "it keeps literals by value: 1.50 and 1.5 are one term, written 1.5"
PATHS = "its paths repeat a node for every way to it, and do not come back to where a cycle began"
NUMBERS = "it takes what is no number for one, or for less or more than any"
SCOPE = "it lets a filter see what is bound outside its group, or after it"
ZERO = "3/2 is 1, and a division by zero ends the query where it should be an error of the expression"
FAULTS: dict[str, dict[str, str]] = {
    "oxigraph": {
        "zero_length_constant_absent": "a path of no steps from a term that the data do not have finds nothing",
        "decimal_term_join": LITERALS,
        "decimal_str_kept": LITERALS,
        "count_distinct_values_vs_terms": LITERALS,
        "replace_group": "REPLACE takes $1AW for a group of that name",
    },
    "rdflib": {
        "alt_path_star": "a repeated alternative gives its start twice",
        "group_by_empty": "GROUP BY makes a group of nothing",
        "sum_with_error": "SUM over what is no number is refused, where the sum should be unbound",
        "filter_type_error_drops_row": NUMBERS,
        "nested_optional_filter_scope": SCOPE,
        "replace_group": "REPLACE takes the i flag for the pattern alone",
        "filter_on_bind_before": NUMBERS,
    },
    "virtuoso": {
        "diamond_star_multiset": PATHS,
        "diamond_plus_count": PATHS,
        "both_ends_unbound_plus": "a path with both ends free is refused",
        "cycle_plus": PATHS,
        "inverse_star": PATHS,
        "sum_with_error": NUMBERS,
        "avg_empty": "AVG over nothing is unbound, where it should be 0",
        "filter_type_error_drops_row": NUMBERS,
        "minus_disjoint_vars": "MINUS takes rows away with which it shares no variable",
        "decimal_term_join": LITERALS,
        "decimal_str_kept": LITERALS,
        "count_distinct_values_vs_terms": LITERALS,
        "group_concat_default_sep": "GROUP_CONCAT without a separator over a sub-select is refused",
        "integer_division": ZERO,
        "coalesce_error": ZERO,
        "in_with_error": ZERO,
        "empty_group_bgp": "an empty group in a UNION is lost",
        "filter_on_bind_before": NUMBERS,
    },
}


@pytest.fixture(scope="module", params=["oxigraph", "rdflib", "oxigraph_serve", "virtuoso"])
def store(request: pytest.FixtureRequest, serve: Serve) -> Iterator[Store]:
    """Each store in turn, holding the data of the probes."""
    at_hand: dict[str, Callable[[bytes], Store]] = {
        "oxigraph": OxigraphStore.from_nquads,
        "rdflib": RdflibStore.from_nquads,
    }
    name = request.param
    opened = at_hand[name](PROBE_DATA) if name in at_hand else serve(name, PROBE_DATA, alone=True)
    yield opened
    opened.close()


def value(term: Term | None) -> str:
    return "" if term is None else term.value.removeprefix("http://e/")


def answer(store: Store, probe: str) -> list[str]:
    """The rows that a store gives, in the writing of the probes, sorted."""
    found = store.query(PROLOGUE + PROBES[probe][0])
    assert isinstance(found, Solutions)
    return sorted("\t".join(map(value, row)) for row in found.rows)


@pytest.mark.parametrize("probe", PROBES)
def test_the_answer_is_the_standards(probe: str, store: Store, request: pytest.FixtureRequest) -> None:
    """As derived by hand; where the engine is known to be wrong, it still is."""
    engine = request.node.callspec.params["store"].removesuffix("_serve")
    try:
        found: object = answer(store, probe)
    except OsteographError:
        found = "refused"
    assert (found == PROBES[probe][1]) is (probe not in FAULTS.get(engine, {})), found
