"""What a graph says and what follows from it, for one choice of sources: derived once, then asked for every patient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from osteograph.ontology.derivation_rules import Pattern, Rule, load_rules
from osteograph.ontology.errors import BadParameter
from osteograph.ontology.namespaces import RULE, SCHEMA, expand
from osteograph.ontology.safety_tables import JURISDICTIONS

from ..files import read_query, select_rows
from ..stores.base import Solutions, Store
from .engine import Engine
from .facts import Fact
from .proofs import Prover

SOURCES = ("all", "articles", "labels")
ALSO_ASKED = {f"<{SCHEMA}{name}>" for name in ("absenceOf", "hasBound", "indicationContext", "ofMeasure")}
"""What no rule reads, but whoever looks for rules that could not be judged."""
_TYPE = f"<{expand('rdf:type')}>"
_SUB_PROPERTY = f"<{expand('rdfs:subPropertyOf')}>"
_OF_ARTICLES = tuple(f"<{SCHEMA}{name}>" for name in ("hasAdverseEffect", "mayHaveAdverseEffect"))
_STATEMENTS = expand("graph:statements")
Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class Scope:
    """Whose word counts: the articles', that of labels and guidelines or both; in force where; verified alone or not.

    A rule part that says nothing about where it is in force counts everywhere.
    """

    sources: str = "all"
    jurisdictions: frozenset[str] = frozenset()
    verified_only: bool = False

    def __post_init__(self) -> None:
        if self.sources not in SOURCES:
            raise BadParameter(f"no sources are called {self.sources!r}; there are {', '.join(SOURCES)}")
        unknown = sorted(self.jurisdictions - set(JURISDICTIONS))
        if unknown:
            raise BadParameter(f"no jurisdiction is called {unknown[0]!r}; there are {', '.join(JURISDICTIONS)}")


class Knowledge:
    """The facts of a graph within a scope and all that rules derive from them."""

    def __init__(self, store: Store, scope: Scope | None = None) -> None:
        self.store = store
        self.scope = scope or Scope()

    @cached_property
    def engine(self) -> Engine:
        """The rule engine over the graph; it derives when it is first asked for."""
        return Engine(graph_facts(self.store, self.scope))

    @cached_property
    def prover(self) -> Prover:
        """Finds proofs of what the graph itself derives."""
        return Prover(self.engine)


def graph_facts(store: Store, scope: Scope) -> list[Fact]:
    """The facts of a graph that rules can use, without those that the scope leaves out."""
    left_out = _parts_left_out(store, scope)
    return [
        (subject, predicate, obj)
        for subject, predicate, obj, graph in usable(_triples(store))
        if not _is_left_out(subject, predicate, graph, left_out, scope)
    ]


def usable(rows: list[Row]) -> Iterator[Row]:
    """The triples that some rule reads; a row is subject, predicate, object and the IRI of the graph."""
    rules = load_rules()
    wanted = _wanted({(s, p, o) for s, p, o, _ in rows if p == _SUB_PROPERTY}, rules)
    types = {obj for _, predicate, obj in _patterns(rules) if predicate == _TYPE}
    return (row for row in rows if row[1] in wanted and (row[1] != _TYPE or row[2] in types))


def _triples(store: Store) -> list[Row]:
    answer = store.query(read_query("inference/graph_facts.rq"))
    assert isinstance(answer, Solutions)
    return [(str(s), str(p), str(o), g.value) for s, p, o, g in answer.rows if isinstance(g, ox.NamedNode)]


def _patterns(rules: Mapping[str, Rule]) -> list[Pattern]:
    """All that rules look for, be it to be there or to be absent."""
    return [
        pattern for rule in rules.values() for pattern in (*rule.premises, *(absent.pattern for absent in rule.absent))
    ]


def _wanted(narrower: set[Fact], rules: Mapping[str, Rule]) -> set[str]:
    """The predicates that some rule reads, and the narrower ones that lead to them."""
    wanted = {predicate for _, predicate, _ in _patterns(rules) if not predicate.startswith("?")} | ALSO_ASKED
    while True:
        more = {narrow for narrow, _, broad in narrower if broad in wanted} - wanted
        if not more:
            return wanted
        wanted |= more


def _parts_left_out(store: Store, scope: Scope) -> frozenset[str]:
    """The rule parts that the scope leaves out, by IRI."""
    places: dict[str, set[str]] = {}
    verified: dict[str, bool] = {}
    for row in select_rows(store, "inference/rule_parts.rq"):
        places.setdefault(row["part"], set()).update({row["jurisdiction"]} if "jurisdiction" in row else set())
        verified[row["part"]] = row["verified"] == "true"
    return frozenset(
        part
        for part, where in places.items()
        if scope.sources == "articles"
        or (scope.verified_only and not verified[part])
        or (where and scope.jurisdictions and not where & scope.jurisdictions)
    )


def _is_left_out(subject: str, predicate: str, graph: str, parts: frozenset[str], scope: Scope) -> bool:
    if subject.startswith(f"<{RULE}"):
        return part_of(subject) in parts
    return scope.sources == "labels" and (graph == _STATEMENTS or predicate in _OF_ARTICLES)


def part_of(term: str) -> str:
    """The IRI of the rule part that a node belongs to: the part itself, or one of its circumstances.

    >>> part_of("<https://w3id.org/osteograph/rule/SM1-03-1-circumstance-1>").rpartition("/")[2]
    'SM1-03-1'
    """
    return term.strip("<>").partition("-circumstance-")[0]
