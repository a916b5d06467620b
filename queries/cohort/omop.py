"""Cohorts as tables of the OMOP common data model, version 5.

A condition is past where its end lies before the day of the screening. A treatment is given where it began and has not
ended, planned where it begins later, and past where it has ended. A preliminary diagnosis is not taken as present.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.datatypes as dt
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
_FIRST_DAY, _LAST_DAY = date(1, 1, 1), date(9999, 12, 31)
_WHOLE = r"^\s*[-+]?[0-9]+(\.0*)?\s*$"
_KINDS = {"int64": "whole number", "float64": "number", "date": "date", "string": "text"}
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

    Raises ProblemsFound with all columns that are missing, or of a type that cannot hold what they should.
    """
    problems = problems_of(tables)
    if problems:
        raise ProblemsFound(problems)
    typed = {name: _typed(table.rename(str.lower), TABLES[name]) for name, table in tables.items() if name in TABLES}
    checks = {name: list(_checks(name, table, today)) for name, table in typed.items()}
    sound = {name: table.filter(*[~found for found, _ in checks[name]]) for name, table in typed.items()}
    coded = [_coded(name, sound[name], today) for name in _EVENTS if name in sound]
    measured = [_age(sound[PERSON], today)] + ([_measured(sound["measurement"])] if "measurement" in sound else [])
    persons = hold(_told_once(sound[PERSON]))
    known = {name: persons if name == PERSON else _of_persons(table, persons) for name, table in sound.items()}
    return Source(
        patients=persons,
        coded=together([_sex(sound[PERSON]), *coded]),
        measured=together(measured),
        rejects={name: _rejected(name, typed[name], checks[name], sound[name], persons) for name in sorted(typed)},
        sizes=together([size(name, typed[name], known[name]) for name in sorted(typed)]),
        codes_suffice=True,
        left_out=_not_confirmed(sound["condition_occurrence"]) if "condition_occurrence" in sound else None,
    )


def problems_of(tables: Mapping[str, Table], unreadable: Set[str] = frozenset()) -> list[Problem]:
    """Columns that are missing, or of a type that cannot hold what they should; tables that could not be read aside."""
    problems = [
        Problem(name, 0, column, "the column is missing", "export the table with the columns of OMOP CDM 5.4")
        for name, table in tables.items()
        if name in TABLES
        for column in _needed(TABLES[name])
        if column not in {each.lower() for each in table.columns}
    ]
    problems += [each for name, table in tables.items() if name in TABLES for each in _mistyped(name, table)]
    if PERSON not in tables and PERSON not in unreadable:
        problems.append(
            Problem(PERSON, 0, "", "the table is missing", "put person.parquet or person.csv beside the others")
        )
    return problems


def _mistyped(name: str, table: Table) -> Iterator[Problem]:
    lower = {each.lower(): table[each].type() for each in table.columns}
    for kind, names in _wanted(TABLES[name]).items():
        for column in names:
            found = lower.get(column)
            if found is not None and not _can_hold(found, kind):
                reason = f"the column has the type {found}, from which no {_KINDS[kind]} can be read"
                yield Problem(name, 0, column, reason, "export the table with the types of OMOP CDM 5.4")


def _can_hold(found: dt.DataType, kind: str) -> bool:
    if found.is_string() or found.is_null():
        return True
    if kind == "date":
        return found.is_temporal() and not found.is_time()
    return found.is_numeric() and not found.is_boolean() if kind != "string" else found.is_primitive()


def _wanted(columns: Columns) -> dict[str, list[str]]:
    """The columns that are read, by their type."""
    wanted = {"int64": columns.numbers, "date": columns.dates, "string": columns.texts, "float64": columns.reals}
    return {kind: [each.removesuffix("?") for each in names] for kind, names in wanted.items()}


def _needed(columns: Columns) -> Iterator[str]:
    every = (columns.identifier, *columns.numbers, *columns.dates, *columns.texts, *columns.reals)
    return (name for name in every if not name.endswith("?"))


def _typed(table: Table, columns: Columns) -> Table:
    """The columns that are read, each of its type; a cell that is not of its type is null, beside what was written."""
    found: dict[str, ir.Column] = {}
    for kind, names in _wanted(columns).items():
        for name in names:
            if name not in table.columns:
                found[name] = ibis.null(kind)
                continue
            given = table[name]
            found[name] = given if given.type() == kind else _cast(given, kind)
            if kind != "string" and (given.type().is_string() or (kind == "int64" and not given.type().is_integer())):
                found[f"written_{name}"] = given.cast("string")
    name = columns.identifier.removesuffix("?")
    found["row"] = table[name] if name in table.columns else ibis.null("string")
    return table.select(**found)


def _cast(column: ir.Column, kind: str) -> ir.Column:
    """The column as another type; a number that is no whole one is none, rather than the nearest."""
    cast = column.try_cast(kind)
    if kind == "int64" and (column.type().is_floating() or column.type().is_decimal()):
        return ibis.ifelse(column == column.floor(), cast, ibis.null("int64"))
    if kind == "int64" and column.type().is_string():
        return ibis.ifelse(column.re_search(_WHOLE), cast, ibis.null("int64"))
    return cast


def _checks(name: str, table: Table, today: date) -> Iterator[Check]:
    """What makes a row unusable, with the reason; the first reason that holds is told."""
    for column in table.columns:
        if column.startswith("written_"):
            plain = column.removeprefix("written_")
            filled = table[column].notnull() & (table[column].strip() != "")
            yield (filled & table[plain].isnull()).fill_null(False), f"{plain} is not of its type"
    yield table.person_id.isnull(), "it names no person"
    for column in _wanted(TABLES[name])["date"]:
        beyond = (table[column] < _FIRST_DAY) | (table[column] > _LAST_DAY)
        yield beyond.fill_null(False), f"{column} lies beyond the years 1 to 9999"
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
        yield ~table.month_of_birth.between(1, 12).fill_null(True), "month_of_birth is not plausible"
        yield ~table.day_of_birth.between(1, 31).fill_null(True), "day_of_birth is not plausible"


def _told_once(person: Table) -> Table:
    """The persons of a single row: of two rows, nobody knows which one holds."""
    counted = person.group_by(patient="person_id").agg(rows=person.count())
    return counted.filter(counted.rows == 1).select("patient")


def _of_persons(table: Table, persons: Table) -> Table:
    """The rows about persons that PERSON has: to count these takes a third of the time that the others would."""
    return table.select(patient="person_id").join(persons, "patient")


def _rejected(name: str, table: Table, checks: list[Check], sound: Table, persons: Table) -> Table:
    """The rows that are not sound, and those about persons that PERSON does not have."""
    patient = table["written_person_id"] if "written_person_id" in table.columns else table.person_id.cast("string")
    problem = ibis.cases(*checks)
    bad = table.mutate(file=ibis.literal(name), row=table.row.cast("string"), patient=patient, problem=problem)
    bad = bad.filter(bad.problem.notnull()).select(*REJECTS)
    others = sound.anti_join(persons.rename(person_id="patient"), "person_id")
    reason = "its person_id stands in several rows" if name == PERSON else "PERSON has no such person_id, or several"
    told = others.select(
        file=ibis.literal(name),
        row=others.row.cast("string"),
        patient=others.person_id.cast("string"),
        problem=ibis.literal(reason),
    )
    return bad.union(told.select(*REJECTS))


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
