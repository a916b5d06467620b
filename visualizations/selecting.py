"""Which edges a view has: rows of statement, subject, predicate and object.

A row whose object is a value, not a concept, has it in quotation marks. A row without a statement is a link that no
source states: of the curated hierarchy, of the schema, or one that a query made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from osteograph.ontology.errors import BadParameter
from osteograph.ontology.namespaces import RULE, STATEMENT
from osteograph.queries.stores.base import Solutions, Store, Term

from .views import View, ask_details, find_view, read_detail_query

_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_NO_STATEMENTS = "a view needs a CONSTRUCT, or a SELECT with a column of statements (ost:…) or parts of safety rules"


@dataclass(frozen=True, order=True)
class Row:
    """An edge that a statement draws; ``statement`` is empty for a link that no source states."""

    statement: str
    subject: str
    predicate: str
    object: str


def select(store: Store, view: View) -> list[Row]:
    """The rows of a view. Raises BadParameter where its query returns nothing that can be drawn."""
    if view.centre and view.depth > 1:
        rows = _around(_whole(store), view.centre, view.depth)
    else:
        answer = store.query(view.sparql, view.bindings)
        if isinstance(answer, bool):
            raise BadParameter(f"an ASK has nothing to draw: {_NO_STATEMENTS}")
        rows = _of_solutions(store, answer, view) if isinstance(answer, Solutions) else _of_triples(store, answer)
    if not rows:
        raise BadParameter(f"{view.title}: the graph holds nothing of the kind, so there is nothing to draw")
    return rows


def _around(rows: Sequence[Row], centre: str, depth: int) -> list[Row]:
    """Rows between things at most so many steps from the centre, the last ring without links of its own."""
    near: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        near[row.subject].append(row)
        near[row.object].append(row)
    reached, ring, found = {centre}, {centre}, set[Row]()
    for _ in range(depth):
        steps = {row for thing in ring for row in near[thing]}
        found |= steps
        ring = {end for row in steps for end in (row.subject, row.object)} - reached
        reached |= ring
    return sorted(found)


def _whole(store: Store) -> list[Row]:
    answer = store.query(find_view("whole").sparql)
    assert isinstance(answer, Solutions)
    return _rows(answer)


def _of_solutions(store: Store, answer: Solutions, view: View) -> list[Row]:
    """Rows as they stand, or those of the statements in the column that holds statements.

    A statement that a foreign query names is drawn as the edge it is, whatever ends the query gives it.
    """
    rows = _rows(answer) if {"subject", "predicate", "object"} <= set(answer.variables) else []
    if rows and not view.foreign:
        return rows
    wanted = {row.statement for row in rows} if rows else _statement_column(answer)
    known = [row for row in _whole(store) + _derived(store) if row.statement and row.statement in wanted]
    drawn = {row.statement for row in known}
    return sorted({*known, *(row for row in rows if row.statement not in drawn)})


def _derived(store: Store) -> list[Row]:
    """What rules derived and the build keeps; neighbourhoods leave it out, queries may name it."""
    answer = store.query(read_detail_query("derived"))
    assert isinstance(answer, Solutions)
    return _rows(answer)


def _rows(answer: Solutions) -> list[Row]:
    solutions = [dict(zip(answer.variables, row, strict=True)) for row in answer.rows]
    return sorted(
        {
            Row(_text(row.get("statement")), _text(row["subject"]), _text(row["predicate"]), _text(row["object"]))
            for row in solutions
            if row["subject"] is not None and row["predicate"] is not None and row["object"] is not None
        }
    )


def _text(term: Term | None) -> str:
    """A term as the rows hold it: a value in quotation marks."""
    if term is None:
        return ""
    return f'"{term.value}"' if isinstance(term, ox.Literal) else term.value


def _statement_column(answer: Solutions) -> set[str]:
    for index in range(len(answer.variables)):
        column = {term.value for row in answer.rows if isinstance(term := row[index], ox.NamedNode)}
        if any(iri.startswith((STATEMENT, RULE)) for iri in column):
            return column
    if not answer.rows:
        return set()
    raise BadParameter(f"no column of the answer ({', '.join(answer.variables)}) holds statements: {_NO_STATEMENTS}")


def _of_triples(store: Store, triples: Iterable[ox.Triple]) -> list[Row]:
    """Each triple with the statements that say it; labels name things and are no edges."""
    stating: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    possible = _possibilities(store)
    whole = _whole(store) + _derived(store)
    described = {row.statement for row in whole if row.statement}
    for row in whole:
        for predicate in {row.predicate, possible.get(row.predicate, "")}:
            stating[row.subject, predicate, row.object].append(row)
    rows: set[Row] = set()
    for triple in _with_stable_names(triples):
        if isinstance(triple.subject, ox.Triple) or isinstance(triple.object, ox.Triple):
            continue  # a triple about a triple has no place between two nodes
        key = _text(triple.subject), triple.predicate.value, _text(triple.object)
        if key[0] in described:  # the query describes a statement: it is drawn as the edge it is
            rows |= {row for row in whole if row.statement == key[0]}
        elif key[1] != _LABEL:
            rows |= set(stating.get(key, ())) or {Row("", *key)}
    return sorted(rows)


def _with_stable_names(triples: Iterable[ox.Triple]) -> Iterable[ox.Triple]:
    """Triples whose blank nodes, which a query names by chance, have the same names each time."""
    answer = ox.Dataset(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    answer.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return [quad.triple for quad in answer]


def _possibilities(store: Store) -> dict[str, str]:
    """Under which property a hedged statement with a predicate is projected, by predicate."""
    return {row["predicate"]: row["possibility"] for row in ask_details(store, "possibilities")}
