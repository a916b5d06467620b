"""The default store: Oxigraph in process, spoken to directly.

>>> store = OxigraphStore.from_nquads(b'<http://e/s> <http://e/p> "1" <http://e/g> .')
>>> store.query("SELECT ?o WHERE { ?s ?p ?o }").rows
((<Literal value="1" datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#string>>,),)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from osteograph.ontology.errors import QueryRefused

from .base import Answer, Solutions, Term
from .tokens import bind, refuse_outside_access


class OxigraphStore:
    """A graph held in memory by Oxigraph."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def from_quads(cls, quads: Iterable[ox.Quad]) -> OxigraphStore:
        store = ox.Store()
        store.bulk_extend(quads)
        return cls(store)

    @classmethod
    def from_nquads(cls, data: bytes) -> OxigraphStore:
        store = ox.Store()
        store.bulk_load(data, format=ox.RdfFormat.N_QUADS)
        return cls(store)

    @classmethod
    def open(cls, path: Path) -> OxigraphStore:
        """Load an N-Quads file."""
        store = ox.Store()
        store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
        return cls(store)

    def query(self, sparql: str, bindings: Mapping[str, Term] | None = None) -> Answer:
        refuse_outside_access(sparql)
        try:
            result = self._store.query(bind(sparql, bindings or {}), use_default_graph_as_union=True)
            return _answer(result)
        except (SyntaxError, ValueError, OSError, RuntimeError) as error:
            raise QueryRefused(str(error)) from error

    def close(self) -> None:
        self._store = ox.Store()


def _answer(result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> Answer:
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    if isinstance(result, ox.QueryTriples):
        return tuple(sorted(set(result), key=str))
    names = tuple(variable.value for variable in result.variables)
    return Solutions(names, tuple(tuple(row[index] for index in range(len(names))) for row in result))
