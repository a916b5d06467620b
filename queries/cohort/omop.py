"""Cohorts as tables of the OMOP common data model, version 5.

A condition is past where its end lies before the day of the screening. A treatment is given where it began and has not
ended, planned where it begins later, and past where it has ended. A preliminary diagnosis is not taken as present.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from osteograph.ontology.errors import Problem, ProblemsFound

from ..screening.measurements import AGE
from .source import (
    CODED,
    CONDITION,
    MEASURED,
    NOW,
    PAST,
    PLANNED,
    REJECTS,
    TREATMENT,
    Source,
    days_before,
    interval,
    side_of,
    size,
    together,
)
from .tables import Table

NOT_CONFIRMED = (32899,)  # preliminary diagnosis
OPERATORS = {4171754: "<=", 4171755: ">=", 4171756: "<", 4172704: ">"}
FEMALE, MALE = 8532, 8507
EARLIEST_BIRTH = 1850
PERSON = "person"
_SHORT_MONTHS = ((2, 28), (4, 30), (6, 30), (9, 30), (11, 30))
Check = tuple[ir.BooleanValue, str]


@dataclass(frozen=True)
class Columns:
    """The columns of one table that are read; what ends with ``?`` may be missing from the files."""

    identifier: str
    numbers: tuple[str, ...]
    dates: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    reals: tuple[str, ...] = ()


TABLES: Mapping[str, Columns] = {
    PERSON: Columns(
        "person_id?", ("person_id", "gender_concept_id?", "year_of_birth?", "month_of_birth?", "day_of_birth?")
    ),
    "condition_occurrence": Columns(
        "condition_occurrence_id?",
        ("person_id", "condition_concept_id", "condition_status_concept_id?"),
        ("condition_start_date", "condition_end_date?"),
        ("condition_source_value?",),
    ),
    "drug_exposure": Columns(
        "drug_exposure_id?",
        ("person_id", "drug_concept_id"),
        ("drug_exposure_start_date", "drug_exposure_end_date?"),
        ("drug_source_value?",),
    ),
    "procedure_occurrence": Columns(
        "procedure_occurrence_id?",
        ("person_id", "procedure_concept_id"),
        ("procedure_date", "procedure_end_date?"),
        ("procedure_source_value?",),
    ),
    "measurement": Columns(
        "measurement_id?",
        ("person_id", "measurement_concept_id", "operator_concept_id?", "unit_concept_id?"),
        ("measurement_date",),
        ("measurement_source_value?", "unit_source_value?"),
        ("value_as_number", "range_low?", "range_high?"),
    ),
}
_EVENTS = {
    name: (f"{word}_concept_id", f"{start}_date", f"{end}_date", f"{word}_source_value")
    for name, word, start, end in (
        ("condition_occurrence", "condition", "condition_start", "condition_end"),
        ("drug_exposure", "drug", "drug_exposure_start", "drug_exposure_end"),
        ("procedure_occurrence", "procedure", "procedure", "procedure_end"),
    )
}


def read_omop(tables: Mapping[str, Table], today: date, hold: Callable[[Table], Table] = lambda table: table) -> Source:
    """A cohort from tables by name (lower case); PERSON is needed, the others may be missing.

    ``hold`` may have an engine run the step that finds all persons, of which others make use.

    Raises ProblemsFound with all columns that are missing.
    """
    _refuse_incomplete(tables)
    typed = {name: _typed(table.rename(str.lower), TABLES[name]) for name, table in tables.items() if name in TABLES}
    checks = {name: list(_checks(name, table, today)) for name, table in typed.items()}
    sound = {name: table.filter(*[~found for found, _ in checks[name]]) for name, table in typed.items()}
    coded = [_coded(name, sound[name], today) for name in _EVENTS if name in sound]
    measured = [_age(sound[PERSON], today)] + ([_measured(sound["measurement"])] if "measurement" in sound else [])
    persons = hold(sound[PERSON].select(patient="person_id").distinct())
    known = {name: table if name == PERSON else _of_persons(table, persons) for name, table in sound.items()}
    return Source(
        patients=persons,
        coded=together([_sex(sound[PERSON]), *coded]),
        measured=together(measured),
        rejects={name: _rejected(name, typed[name], checks[name], sound[name], persons) for name in sorted(typed)},
        sizes=together([size(name, typed[name], known[name]) for name in sorted(typed)]),
        codes_suffice=True,
        left_out=_not_confirmed(sound["condition_occurrence"]) if "condition_occurrence" in sound else None,
    )


def _refuse_incomplete(tables: Mapping[str, Table]) -> None:
    problems = [
        Problem(name, 0, column, "the column is missing", "export the table with the columns of OMOP CDM 5.4")
        for name, table in tables.items()
        if name in TABLES
        for column in _needed(TABLES[name])
        if column not in {each.lower() for each in table.columns}
    ]
    if PERSON not in tables:
        problems.append(
            Problem(PERSON, 0, "", "the table is missing", "put person.parquet or person.csv beside the others")
        )
    if problems:
        raise ProblemsFound(problems)


def _needed(columns: Columns) -> Iterator[str]:
    every = (columns.identifier, *columns.numbers, *columns.dates, *columns.texts, *columns.reals)
    return (name for name in every if not name.endswith("?"))


def _typed(table: Table, columns: Columns) -> Table:
    """The columns that are read, each of its type; a cell that is not of its type is null, beside what was written."""
    found: dict[str, ir.Column] = {}
    wanted = {"int64": columns.numbers, "date": columns.dates, "string": columns.texts, "float64": columns.reals}
    for kind, names in wanted.items():
        for name in (each.removesuffix("?") for each in names):
            if name not in table.columns:
                found[name] = ibis.null(kind)
                continue
            found[name] = table[name].try_cast(kind) if table[name].type() != kind else table[name]
            if table[name].type().is_string() and kind != "string":
                found[f"written_{name}"] = table[name]
    name = columns.identifier.removesuffix("?")
    found["row"] = table[name] if name in table.columns else ibis.null("string")
    return table.select(**found)


def _checks(name: str, table: Table, today: date) -> Iterator[Check]:
    """What makes a row unusable, with the reason; the first reason that holds is told."""
    for column in table.columns:
        if column.startswith("written_"):
            plain = column.removeprefix("written_")
            filled = table[column].notnull() & (table[column].strip() != "")
            yield (filled & table[plain].isnull()).fill_null(False), f"{plain} is not of its type"
    yield table.person_id.isnull(), "it names no person"
    if name in _EVENTS:
        concept, start, end, _ = _EVENTS[name]
        yield table[concept].isnull(), f"it has no {concept}"
        yield table[start].isnull(), f"it has no {start}"
        yield (table[end] < table[start]).fill_null(False), f"{end} lies before {start}"
    if name == "condition_occurrence":
        yield (table.condition_start_date > today).fill_null(False), "it begins after the day of the screening"
    if name == "measurement":
        yield table.measurement_concept_id.isnull(), "it has no measurement_concept_id"
        yield table.measurement_date.isnull(), "it has no measurement_date"
        yield (table.measurement_date > today).fill_null(False), "it lies after the day of the screening"
        yield table.value_as_number.isnan().fill_null(False), "value_as_number is no number"
    if name == PERSON:
        year = table.year_of_birth
        yield ((year < EARLIEST_BIRTH) | (year > today.year)).fill_null(False), "year_of_birth is not plausible"


def _of_persons(table: Table, persons: Table) -> Table:
    """The rows about persons that PERSON has: to count these takes a third of the time that the others would."""
    return table.select(patient="person_id").join(persons, "patient")


def _rejected(name: str, table: Table, checks: list[Check], sound: Table, persons: Table) -> Table:
    """The rows that are not sound, and those about persons that PERSON does not have."""
    patient = table["written_person_id"] if "written_person_id" in table.columns else table.person_id.cast("string")
    problem = ibis.cases(*checks)
    bad = table.mutate(file=ibis.literal(name), row=table.row.cast("string"), patient=patient, problem=problem)
    bad = bad.filter(bad.problem.notnull()).select(*REJECTS)
    if name == PERSON:
        return bad
    orphans = sound.anti_join(persons.rename(person_id="patient"), "person_id")
    return bad.union(
        orphans.select(
            file=ibis.literal(name),
            row=orphans.row.cast("string"),
            patient=orphans.person_id.cast("string"),
            problem=ibis.literal("PERSON has no such person_id"),
        ).select(*REJECTS)
    )


def _not_confirmed(conditions: Table) -> Table:
    found = conditions.filter(conditions.condition_status_concept_id.isin(NOT_CONFIRMED).fill_null(False))
    return found.select(
        code="condition_concept_id", reason=ibis.literal("a preliminary diagnosis is not taken as present")
    )


def _coded(name: str, table: Table, today: date) -> Table:
    concept, start, end, source = (table[column] for column in _EVENTS[name])
    ended = (end < today).fill_null(False)
    if name == "condition_occurrence":
        table = table.filter(~table.condition_status_concept_id.isin(NOT_CONFIRMED).fill_null(False))
        when = ibis.ifelse(ended, PAST, NOW)
    elif name == "procedure_occurrence":
        ended = (end.coalesce(start) < today) | (end.isnull() & (start == today))
        when = _when(start, ended, today)
    else:
        when = _when(start, ended, today)
    return table.select(
        patient=table.person_id,
        kind=ibis.literal(CONDITION if name == "condition_occurrence" else TREATMENT, "int32"),
        code=concept,
        detail=source.fill_null(""),
        when=when.cast("int32"),
        days_ago=ibis.ifelse(ended, days_before(end.coalesce(start), today), ibis.null("int32")),
    ).select(*CODED)


def _when(start: ir.Column, ended: ir.BooleanValue, today: date) -> ir.IntegerValue:
    return ibis.cases((ended, PAST), (start > today, PLANNED), else_=NOW)


def _sex(person: Table) -> Table:
    known = person.filter(person.gender_concept_id.isin((FEMALE, MALE)))
    return known.select(
        patient=known.person_id,
        kind=ibis.literal(CONDITION, "int32"),
        code=known.gender_concept_id,
        detail=ibis.literal(""),
        when=ibis.literal(NOW, "int32"),
        days_ago=ibis.null("int32"),
    ).select(*CODED)


def _age(person: Table, today: date) -> Table:
    """The least and the greatest age that a date of birth allows, in whole years."""
    born = person.filter(person.year_of_birth.notnull())
    month, day = born.month_of_birth, born.day_of_birth
    first = (month * 100 + day.fill_null(1)).fill_null(101)
    last = (month * 100 + day.fill_null(month.cases(*_SHORT_MONTHS, else_=31))).fill_null(1231)
    now = today.month * 100 + today.day
    years = ibis.literal(today.year) - born.year_of_birth
    return born.select(
        patient=born.person_id,
        code=ibis.literal(0, "int64"),
        detail=ibis.literal(AGE),
        unit=ibis.literal("a"),
        unit_code=ibis.literal(0, "int64"),
        low=(years - (last > now).cast("int64")).cast("float64"),
        high=(years - (first > now).cast("int64")).cast("float64"),
        low_open=ibis.literal(False),
        high_open=ibis.literal(False),
        day=ibis.null("date"),
        side=ibis.null("string"),
    ).select(*MEASURED)


def _measured(table: Table) -> Table:
    counted = table.filter(table.value_as_number.notnull())
    comparator = counted.operator_concept_id.cases(*OPERATORS.items(), else_="")
    found = counted.mutate(**interval(counted.value_as_number, comparator))
    return found.select(
        patient=found.person_id,
        code=found.measurement_concept_id,
        detail=found.measurement_source_value.fill_null(""),
        unit=found.unit_source_value.fill_null(""),
        unit_code=found.unit_concept_id.fill_null(0),
        low=found.low,
        high=found.high,
        low_open=found.low_open,
        high_open=found.high_open,
        day=found.measurement_date,
        side=side_of(found.low, found.high, found.range_low, found.range_high),
    ).select(*MEASURED)
