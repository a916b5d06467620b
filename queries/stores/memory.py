"""The same questions on rdflib's own engine: slower, and another pair of eyes on every answer."""

from __future__ import annotations

import pyoxigraph as ox
import rdflib
import rdflib.plugins.sparql
from rdflib.query import Result
from rdflib.term import Node

from osteograph.ontology.errors import QueryRefused
from osteograph.ontology.namespaces import PREFIXES

from .base import Answer, Bindings, Solutions, Term
from .tokens import bind, refuse_outside_access

# FROM <file:///…> would read local files otherwise, for every user of rdflib in the process: a safer default for all.
rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False


class RdflibStore:
    """An rdflib dataset whose default graph is the union of its graphs."""

    def __init__(self, dataset: rdflib.Dataset) -> None:
        dataset.default_union = True
        self._dataset = dataset

    @classmethod
    def from_nquads(cls, data: bytes) -> RdflibStore:
        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(data=data, format="nquads")
        return cls(dataset)

    def query(self, sparql: str, bindings: Bindings | None = None) -> Answer:
        refuse_outside_access(sparql)
        text = bind(sparql, bindings or {})
        try:
            return _answer(self._dataset.query(text, initNs=dict(PREFIXES)))
        except Exception as error:  # rdflib raises whatever its parts raise, bare Exception included
            raise QueryRefused(f"rdflib does not answer this query: {error}") from error

    def close(self) -> None:
        self._dataset.close()


def _answer(result: Result) -> Answer:
    if result.type == "ASK":
        return bool(result.askAnswer)
    if result.type in ("CONSTRUCT", "DESCRIBE"):
        triples = (_triple(subject, predicate, obj) for subject, predicate, obj in result.graph or ())
        return tuple(sorted(set(triples), key=str))
    names = tuple(str(variable) for variable in result.vars or ())
    rows = tuple(tuple(from_rdflib(row.get(variable)) for variable in result.vars or ()) for row in result.bindings)
    return Solutions(names, rows)


def to_rdflib(term: Term) -> Node:
    """An rdflib term from a pyoxigraph term."""
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = rdflib.URIRef(term.datatype.value)
    return (
        rdflib.Literal(term.value) if datatype == rdflib.XSD.string else rdflib.Literal(term.value, datatype=datatype)
    )


def from_rdflib(term: Node | None) -> Term | None:
    """A pyoxigraph term from an rdflib term."""
    if term is None:
        return None
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if isinstance(term, rdflib.Literal) and term.language:
        return ox.Literal(str(term), language=term.language)
    if isinstance(term, rdflib.Literal) and term.datatype:
        return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)))
    return ox.Literal(str(term))


def _triple(subject: Node, predicate: Node, obj: Node) -> ox.Triple:
    return ox.Triple(from_rdflib(subject), from_rdflib(predicate), from_rdflib(obj))  # type: ignore[arg-type]
