"""Every question gives the rows that a reader of the sources expects, on every store."""

from __future__ import annotations

import pytest

from osteograph.queries.catalog import bindings_of, find_question, list_questions
from osteograph.queries.results import plain
from osteograph.queries.stores.base import Answer, Store
from osteograph.queries.stores.oxigraph import OxigraphStore

from .golden_files import Golden, all_golden

IDS = [f"{golden.question}{'.' if golden.case else ''}{golden.case}" for golden in all_golden()]


@pytest.mark.parametrize("golden", all_golden(), ids=IDS)
def test_rows_are_those_a_reader_expects(golden: Golden, store: Store, oxigraph_store: OxigraphStore) -> None:
    """The answer, cut to the golden columns, is the golden set of rows."""
    question = find_question(golden.question)
    bindings = bindings_of(oxigraph_store, question, golden.parameters)
    found = rows_of(store.query(question.sparql, bindings), golden.columns)
    assert (golden.rows - found if golden.at_least else found) == (frozenset() if golden.at_least else golden.rows)


def rows_of(answer: Answer, columns: tuple[str, ...]) -> set[tuple[str, ...]]:
    """An answer as rows of plain text, cut to some columns; ASK has one row, a graph has its triples."""
    if isinstance(answer, bool):
        return {("true" if answer else "false",)}
    if isinstance(answer, tuple):
        return {(plain(t.subject), plain(t.predicate), plain(t.object)) for t in answer}  # type: ignore[arg-type]
    places = [answer.variables.index(column) for column in columns]
    return {tuple(plain(row[place]) for place in places) for row in answer.rows}


def test_every_question_has_golden_rows() -> None:
    """Only questions that reach other services have none, since they are not run."""
    library = {question.id for question in list_questions() if "federation" not in question.tags}
    assert library - {golden.question for golden in all_golden()} == set()
