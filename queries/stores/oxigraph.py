"""The default store: Oxigraph in process, spoken to directly.

>>> store = OxigraphStore.from_nquads(b'<http://e/s> <http://e/p> "1" <http://e/g> .')
>>> store.query("SELECT ?o WHERE { ?s ?p ?o }").dicts()
[{'o': '1'}]
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from osteograph.ontology.errors import QueryRefused

from .base import Answer, Bindings, Solutions
from .nquads import read_nquads
from .tokens import bind, is_update, names_its_dataset, prefixes_in, refuse_outside_access

_AROUND = 100  # characters of a line that an error message shows before and after its place


class Build(NamedTuple):
    """Where a store comes from: which files, as they were when it was opened, and where what follows from them goes."""

    files: str
    rules: Path


class OxigraphStore:
    """A graph held in memory by Oxigraph, or on disk."""

    build: Build | None = None

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
    def open(cls, *paths: Path) -> OxigraphStore:
        """Load N-Quads files. Raises OsteographError where one is damaged."""
        store = ox.Store()
        # not bulk_load: it renames blank nodes, and then the same file gives other rows in every process
        for path in paths:
            store.bulk_extend(read_nquads(path))
        return cls(store)

    def query(self, sparql: str, bindings: Bindings | None = None) -> Answer:
        refuse_outside_access(sparql)
        try:
            text = bind(sparql, bindings or {})
            union = not names_its_dataset(text)
            return _answer(self._store.query(text, use_default_graph_as_union=union, prefixes=prefixes_in(text)))
        except SyntaxError as error:
            raise QueryRefused(show_place(text, str(error))) from error
        except (ValueError, OSError, RuntimeError) as error:
            raise QueryRefused(str(error)) from error

    def close(self) -> None:
        self._store = ox.Store()


def _answer(result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> Answer:
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    if isinstance(result, ox.QueryTriples):
        return tuple(sorted(set(result), key=str))
    names = tuple(variable.value for variable in result.variables)
    return Solutions(names, tuple(map(tuple, result)))


def show_place(sparql: str, message: str) -> str:
    """A syntax error with the line it is in and a caret below the place; of a very long line what is around it.

    >>> print(show_place("SELECT * WHERE { ?s ?p }", "error at 1:24: expected one of ';', '.', [_]"))
    the query is not SPARQL: line 1, column 24: expected one of ';', '.'
      SELECT * WHERE { ?s ?p }
                             ^
    """
    if is_update(sparql):
        return "this is an update, and only queries are answered"
    match = re.fullmatch(r"error at (\d+):(\d+): (.+)", message, re.DOTALL)
    if not match:
        return f"the query is not SPARQL: {message}"
    line, column = int(match[1]), int(match[2])
    start = max(0, column - _AROUND)
    whole = [*sparql.split("\n"), ""][line - 1]
    shown = whole[start : column + _AROUND]
    caret = "".join("\t" if character == "\t" else " " for character in shown[: column - 1 - start]) + "^"
    return f"the query is not SPARQL: line {line}, column {column}: {_expected(match[3])}\n  {shown}\n  {caret}"


def _expected(message: str) -> str:
    """What the parser says, without its sets of characters; where there is a sentence in it, that alone.

    >>> _expected("expected one of Duplicated variable name in SELECT, [_], ['0'..='9']")
    'Duplicated variable name in SELECT'
    """
    if "Prefix not found" in message:
        return "this prefix is not declared"
    words = message.replace("\n", " ").removeprefix("expected ").removeprefix("one of ")
    found = re.sub(r'(, )?(?<!")\[[^\]]*\]', "", words).strip(" ,")
    sentence = re.search(r"\w+(?: [\w-]+){2,}", found)
    if sentence:
        return sentence[0]
    return f"expected {'one of ' if ', ' in found else ''}{found}"[:300] if found else "this ends no query"
