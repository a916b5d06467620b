"""The seam between questions and engines: one small Protocol, spoken in RDF terms.

Terms are pyoxigraph's ``NamedNode``, ``BlankNode`` and ``Literal``, whatever engine answers. Queries see the union of
all named graphs as their default graph, on every store. What a store cannot do it refuses by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import pyoxigraph as ox

if TYPE_CHECKING:
    from rdflib.term import Node

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Bindings = Mapping[str, Term | tuple[Term, ...]]
"""Terms by variable; several terms stand side by side, as in ``VALUES ?x { ?several }``."""
PythonValue = str | int | float | bool | None


class Solutions:
    """The answer to a SELECT: variable names without ``?``, and rows with None where a variable is unbound."""

    def __init__(self, variables: tuple[str, ...], rows: tuple[tuple[Term | None, ...], ...]) -> None:
        self.variables, self.rows = variables, rows

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Solutions) and (self.variables, self.rows) == (other.variables, other.rows)

    def __repr__(self) -> str:
        return f"Solutions({self.variables!r}, {self.rows!r})"

    def dicts(self) -> list[dict[str, str]]:
        """Rows as plain text by variable; unbound variables are left out."""
        return [
            {name: term.value for name, term in zip(self.variables, row, strict=True) if term is not None}
            for row in self.rows
        ]

    def values(self) -> list[tuple[PythonValue, ...]]:
        """Rows as Python values: numbers and truth values by their datatype, all else as text, None where unbound."""
        return [tuple(map(python_value, row)) for row in self.rows]

    def to_pandas(self) -> Any:
        """A pandas DataFrame; pandas has to be installed."""
        import pandas

        return pandas.DataFrame(self.values(), columns=list(self.variables))

    def to_polars(self) -> Any:
        """A polars DataFrame; polars has to be installed."""
        import polars

        return polars.DataFrame(self._columns(), strict=False)

    def to_arrow(self) -> Any:
        """An Arrow table; pyarrow has to be installed."""
        import pyarrow

        return pyarrow.table(self._columns())

    def _columns(self) -> dict[str, list[PythonValue]]:
        rows = self.values()
        return {name: [row[index] for row in rows] for index, name in enumerate(self.variables)}

    def to_rdflib(self) -> list[dict[str, Node]]:
        """Rows as rdflib terms by variable; unbound variables are left out."""
        from .memory import to_rdflib

        return [
            {name: to_rdflib(term) for name, term in zip(self.variables, row, strict=True) if term is not None}
            for row in self.rows
        ]


_XSD = "http://www.w3.org/2001/XMLSchema#"


def python_value(term: Term | None) -> PythonValue:
    """A term as a Python value.

    >>> python_value(ox.Literal("30.4375", datatype=ox.NamedNode(_XSD + "decimal")))
    30.4375
    """
    if not isinstance(term, ox.Literal):
        return None if term is None else term.value
    datatype = term.datatype.value.removeprefix(_XSD)
    if datatype == "integer":
        return int(term.value)
    if datatype in ("decimal", "double", "float"):
        return float(term.value)
    return term.value == "true" if datatype == "boolean" else term.value


Answer = Solutions | bool | tuple[ox.Triple, ...]
"""Solutions of a SELECT, the truth of an ASK, the triples of a CONSTRUCT or DESCRIBE (sorted, each once)."""


class Store(Protocol):
    """A graph that answers SPARQL 1.1 queries; it offers no way to change it."""

    def query(self, sparql: str, bindings: Bindings | None = None) -> Answer:
        """Answer a query with variables bound to terms; our own prefixes need no declaration.

        Raises QueryRefused for what is not allowed or not SPARQL.
        """
        ...

    def close(self) -> None:
        """Give back what the store holds."""
        ...
