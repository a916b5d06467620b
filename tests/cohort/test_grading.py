"""Numbers of a cohort give the conditions that the reader of single records finds in them, value by value."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import ibis
import pyarrow as pa
import pytest

from osteograph.queries.cohort.compiling import compile_tables
from osteograph.queries.cohort.expression import all_facts
from osteograph.queries.cohort.grading import LIMITS, Scale
from osteograph.queries.cohort.states import STATES
from osteograph.queries.cohort.tables import INT, REAL, TEXT, YES_NO, CohortTables, lookup
from osteograph.queries.inference.knowledge import Knowledge
from osteograph.queries.screening.intake import Knowledge as ReadersKnowledge
from osteograph.queries.screening.measurements import Measures, Value
from osteograph.queries.screening.quantities import Interval
from osteograph.queries.screening.times import Span

VALUES = {"patient": INT, "scale": INT, "low": REAL, "high": REAL, "low_open": YES_NO, "high_open": YES_NO}
ENTRIES = {"patient": INT, "concept": INT, "state": INT, "days_ago": INT}
DAYS = [None, *(date(2026, 11, 21) - timedelta(days) for days in (0, 0, 1, 30))]
TREATMENTS = ("Zometa", "Xgeva", "Prolia", "Metformin", "Docetaxel")


@pytest.fixture(scope="module")
def tables(knowledge: Knowledge) -> CohortTables:
    """The tables of a cohort in which some treatments are given."""
    return compile_tables(knowledge, {(4, f"https://w3id.org/osteograph/concept/{name}") for name in TREATMENTS})


def made_up(number: int, scale: Scale, tables: CohortTables, chance: random.Random) -> list[Value]:
    """A few values of one measure, on and near to its limits, some with a comparator or a side of the record's own."""
    ends = [getattr(limit, name) for limit in tables.grading.limits if limit.scale == number for name in LIMITS]
    known = [Decimal(str(end)) for end in ends if end is not None]
    sharp = [end for end in known if len(str(end)) < 10]  # others are rounded, and no record has a value on them
    values = []
    for _ in range(chance.choice((1, 1, 2, 3))):
        off = chance.choice(known) * chance.choice((Decimal("0.937"), Decimal("1.073"), Decimal(100)))
        near = chance.choice([*sharp, off])
        day = chance.choice(DAYS)
        side = chance.choice((None, None, None, "low", "normal", "high", "unclear"))
        interval = Interval.of(near, chance.choice(("", "", "<", ">=")))
        values.append(Value(scale.measure, interval, scale.unit, "", "", Span(day, day) if day else None, side))
    return values


def as_row(patient: int, scale: int, value: Value) -> tuple[object, ...]:
    low, high = (None if end is None else float(end) for end in (value.interval.low, value.interval.high))
    is_open = value.interval.low_open, value.interval.high_open
    return patient, scale, low, high, *is_open, value.when and value.when.first, value.side


def judged(measures: Measures, values: list[Value], tables: CohortTables) -> set[str]:
    """What the reader of single records finds, as far as a rule asks for it."""
    conditions = {grade.condition for grade in measures.judged(values)[0]}
    return conditions & {concept for _, concept in tables.telling}


def test_values_of_a_cohort_are_graded_as_those_of_a_record(knowledge: Knowledge, tables: CohortTables) -> None:
    """The latest counts, contradictions do not, and the record's own limits go before usual ones."""
    measures = ReadersKnowledge.of(knowledge.store).measures
    chance, wanted, rows = random.Random(1), {}, []
    for patient in range(4000):
        number = chance.randrange(len(tables.grading.scales))
        values = made_up(number, tables.grading.scales[number], tables, chance)
        wanted[patient] = judged(measures, values, tables)
        rows += [as_row(patient, number, value) for value in values]
    graded = all_facts(
        lookup(ENTRIES, []), lookup({**VALUES, "day": pa.date32(), "side": TEXT}, rows), tables, lambda table: table
    )
    names = {number: name for name, number in tables.concepts.names.items()}
    asked = {concept for _, concept in tables.telling}
    found: dict[int, set[str]] = defaultdict(set)
    for row in ibis.duckdb.connect().to_pyarrow(graded).to_pylist():
        found[row["patient"]] |= {names[row["fact"] // len(STATES)]} & asked
    assert {patient: found[patient] for patient in wanted} == wanted
    assert sum(map(bool, wanted.values())) > 400
