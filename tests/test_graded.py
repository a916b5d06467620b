"""Limits of measured values: what they include is what kindOf says, and faults of the tables are told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteograph.graph_builder.curating import copy_tables
from osteograph.ontology.curation import problems_of
from osteograph.ontology.graded import Interval, includes

NUMBERS = st.integers(0, 6).map(Decimal)
INTERVALS = st.tuples(NUMBERS, st.booleans(), NUMBERS, st.booleans()).filter(lambda span: span[0] < span[2])


def holds(span: Interval, value: Decimal) -> bool:
    """Whether a number lies in an interval, said the plain way."""
    low, low_in, high, high_in = span
    return (value > low or (low_in and value == low)) and (value < high or (high_in and value == high))


@given(INTERVALS, INTERVALS)
def test_inclusion_is_what_the_numbers_say(outer: Interval, inner: Interval) -> None:
    """Halves between the whole numbers decide open and closed ends."""
    numbers = [Decimal(step) / 4 for step in range(-2, 28)]
    assert includes(outer, inner) == all(holds(outer, value) for value in numbers if holds(inner, value))


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            "graded_conditions.tsv",
            "\t<\t10\tmL/min",
            "\t<\t50\tmL/min",
            "does not lie within CreatinineClearanceBelow30",
        ),
        (
            "graded_conditions.tsv",
            "\t<\t10\tmL/min",
            "\t<\t10\tmL/h",
            "mL/h is no unit of CreatinineClearanceMeasurement",
        ),
        ("graded_conditions.tsv", "\t<\t10\tmL/min", "\t<\tten\tmL/min", "'ten' is not a number"),
        ("graded_conditions.tsv", "\t<\t10\tmL/min", "\t<\tNaN\tmL/min", "'NaN' is not a number"),
        ("product_strengths.tsv", "Xgeva\t120", "Xgewa\t120", "Xgewa is no product"),
        ("concept_links.tsv", "PoorGeneralHealth\texcludes", "PoorGeneralHealth\tcures", "'cures' is not one of"),
        (
            "concept_links.tsv",
            "\tgivesDrug\tChemotherapyDrug",
            "\tgivesDrug\tChemotherapyDrugs",
            "no concept is called",
        ),
        ("safety_rule_parts.tsv", "\twithin P6W\t", "\twithin six weeks\t", "'within six weeks' is not a time"),
        ("conflicts.tsv", "\tPRO-02-1|PRO-02-2\t", "\tPRO-02-1|PRO-02-9\t", "PRO-02-9"),
        ("conflicts.tsv", "\tPRO-02-1|PRO-02-2\t", "\tPRO-02-1\t", "neither claims nor two rule parts"),
    ],
)
def test_a_fault_of_the_tables_is_told_where_it_stands(
    tmp_path: Path, file: str, old: str, new: str, words: str
) -> None:
    """Each fault by itself, with file, line and reason."""
    copy_tables(tmp_path / "tables")
    path = tmp_path / "tables" / file
    text = path.read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = problems_of(tmp_path / "tables")
    told = [(problem.file, problem.line) for problem in found if words in str(problem)]
    assert told == [(file, line)], [str(each) for each in found]
