"""Every question gives the rows that a reader of the sources expects, on every store."""

from __future__ import annotations

import pytest

from osteograph.queries.catalog import ask, find_question
from osteograph.queries.results import plain
from osteograph.queries.stores.base import Solutions, Store

from .golden_files import Golden, all_golden

IDS = [f"{golden.question}{'.' if golden.case else ''}{golden.case}" for golden in all_golden()]


@pytest.mark.parametrize("golden", all_golden(), ids=IDS)
def test_rows_are_those_a_reader_expects(golden: Golden, store: Store) -> None:
    """The answer, cut to the golden columns, is the golden set of rows."""
    answer = ask(store, find_question(golden.question), golden.parameters)
    assert isinstance(answer, Solutions)
    places = [answer.variables.index(column) for column in golden.columns]
    found = {tuple(plain(row[place]) for place in places) for row in answer.rows}
    assert found == golden.rows


def test_every_question_without_golden_rows_is_a_building_block() -> None:
    """Only the questions that explain composes have no golden file of their own; they are tested with explain."""
    from osteograph.queries.catalog import list_questions

    without = {question.id for question in list_questions()} - {golden.question for golden in all_golden()}
    blocks = {
        "evidence/claims_of_statement",
        "evidence/conflicts_of_statement",
        "evidence/statements_between",
        "safety/rule_in_full",
    }
    assert without == blocks
