"""The seam between questions and engines: one small Protocol, spoken in RDF terms.

Terms are pyoxigraph's ``NamedNode``, ``BlankNode`` and ``Literal``, whatever engine answers. Queries see the union of
all named graphs as their default graph, on every store. What a store cannot do it refuses by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

Term = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True)
class Solutions:
    """The answer to a SELECT: variable names without ``?``, and rows with None where a variable is unbound."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    def dicts(self) -> list[dict[str, str]]:
        """Rows as plain text by variable; unbound variables are left out."""
        return [
            {name: term.value for name, term in zip(self.variables, row, strict=True) if term is not None}
            for row in self.rows
        ]


Answer = Solutions | bool | tuple[ox.Triple, ...]
"""Solutions of a SELECT, the truth of an ASK, the triples of a CONSTRUCT or DESCRIBE (sorted, each once)."""


class Store(Protocol):
    """A graph that answers SPARQL 1.1 queries; it offers no way to change it."""

    def query(self, sparql: str, bindings: Mapping[str, Term] | None = None) -> Answer:
        """Answer a query with variables bound to terms; our own prefixes need no declaration.

        Raises QueryRefused for what is not allowed or not SPARQL.
        """
        ...

    def close(self) -> None:
        """Give back what the store holds."""
        ...
