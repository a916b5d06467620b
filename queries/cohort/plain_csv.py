"""Our own plain CSV: one line for each thing that is known of a patient.

::

    patient,kind,code,status,date,value,unit
    p1,condition,ICD10CM:C61,,,,
    p1,condition,hypocalcemia,past,2026-05-01,,
    p1,treatment,zoledronic acid,planned,,4,mg
    p1,treatment,chemotherapy,past,2026-10-20,,
    p1,measurement,creatinine clearance,,2026-11-02,<30,mL/min
    p1,measurement,age,,,71,a

``code`` is a name or a CURIE. ``status`` is, for a condition, present (or nothing), past, suspected, absent, refuted or
family_history; for a treatment current (or nothing), planned or past. ``date`` is when something past
ended, or when it was measured. ``value`` and ``unit`` are a number, for a treatment its dose.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import ibis
import ibis.expr.types as ir

from osteograph.ontology.errors import Problem, ProblemsFound

from .source import (
    CODED,
    CONDITION,
    MEASURED,
    MEASUREMENT,
    NOW,
    PAST,
    PLANNED,
    REJECTS,
    TREATMENT,
    Source,
    days_before,
    interval,
    size,
)
from .tables import Table

COLUMNS = ("patient", "kind", "code", "status", "date", "value", "unit")
NEEDED = ("patient", "kind", "code")
_KINDS = {"condition": CONDITION, "treatment": TREATMENT, "measurement": MEASUREMENT}
_TIMES = {
    "condition": {"": NOW, "present": NOW, "past": PAST},
    "treatment": {"": NOW, "current": NOW, "planned": PLANNED, "past": PAST},
    "measurement": {"": NOW},
}
NOT_PRESENT = ("absent", "family_history", "refuted", "suspected")
"""A condition of one of these states is not the patient's, or not known to be: it gives nothing."""
_NUMBER = r"^(<=|>=|<|>|≤|≥)?\s*([-+]?[0-9]{1,15}(\.[0-9]{1,15})?)$"
_PATIENT = r"^[A-Za-z0-9._~-]{1,64}$"
Check = tuple[ir.BooleanValue, str]


def read_plain(table: Table, today: date) -> Source:
    """A cohort from the rows of a plain CSV file, all of them text, with their number in ``row``.

    Raises ProblemsFound where a column is missing or unknown.
    """
    _refuse_other(table)
    cells = _cells(table)
    problem = ibis.cases(*_checks(cells, today))
    read = cells.mutate(problem=problem)
    sound = read.filter(read.problem.isnull())
    is_absent = (sound.kind == "condition") & sound.status.isin(NOT_PRESENT)
    held, absent = sound.filter(~is_absent), sound.filter(is_absent)
    return Source(
        patients=sound.select("patient").distinct(),
        coded=_coded(held.filter(held.kind != "measurement"), today),
        measured=_measured(held.filter(held.kind == "measurement")),
        rejects={"csv": read.filter(read.problem.notnull()).mutate(file=ibis.literal("csv")).select(*REJECTS)},
        sizes=size("csv", cells, sound),
        codes_suffice=False,
        left_out=absent.select("code", reason=absent.status.concat(" is not taken as present")),
    )


def _refuse_other(table: Table) -> None:
    known = ", ".join(COLUMNS)
    problems = [
        Problem("cohort", 1, each, "the column is missing", f"the columns are {known}")
        for each in NEEDED
        if each not in table.columns
    ]
    problems += [
        Problem("cohort", 1, each, "no column is called this", f"the columns are {known}")
        for each in table.columns
        if each not in (*COLUMNS, "row")
    ]
    if problems:
        raise ProblemsFound(problems)


def _cells(table: Table) -> Table:
    """All cells without blanks around them; what is missing is empty."""
    cells = {
        name: (table[name].cast("string").fill_null("").strip() if name in table.columns else ibis.literal(""))
        for name in COLUMNS
    }
    for name in ("kind", "status"):
        cells[name] = cells[name].lower().replace(" ", "_")
    row = table["row"].cast("string") if "row" in table.columns else ibis.literal("")
    found = table.select(row=row, **cells)
    return found.mutate(day=found.date.nullif("").try_cast("date"), **_number(found))


def _number(cells: Table) -> dict[str, ir.Column]:
    comparator = cells["value"].re_extract(_NUMBER, 1).replace("≤", "<=").replace("≥", ">=")
    number = ibis.ifelse(cells["value"].re_search(_NUMBER), cells["value"].re_extract(_NUMBER, 2), "")
    return {"comparator": comparator, "number": number.nullif("").try_cast("float64")}


def _checks(cells: Table, today: date) -> Iterator[Check]:
    """What makes a row unusable, with the reason; the first reason that holds is told."""
    yield cells.patient == "", "it names no patient"
    yield ~cells.patient.re_search(_PATIENT), "a patient is called by up to 64 letters, digits and . _ ~ -"
    yield ~cells.kind.isin(tuple(_KINDS)), "its kind is not condition, treatment or measurement"
    yield cells.code == "", "it has no code"
    for kind, times in _TIMES.items():
        known = (*times, *(NOT_PRESENT if kind == "condition" else ()))
        words = ", ".join(each for each in known if each) or "empty"
        yield (cells.kind == kind) & ~cells.status.isin(known), f"its status is none of: {words}"
    yield (cells.date != "") & cells.day.isnull(), "its date is no date, write 2026-10-01"
    yield (
        (cells.day > today).fill_null(False) & (cells.status != "planned"),
        "its date lies after the day of the screening",
    )
    is_number = cells.number.notnull()
    yield (cells["value"] != "") & ~is_number, "its value is no number"
    yield (cells.kind == "measurement") & ~is_number, "it has no value"
    yield (cells.kind == "treatment") & is_number & (cells.comparator != ""), "a dose has no comparator"
    yield (cells.kind == "treatment") & is_number & (cells.unit == ""), "its dose has no unit"


def _coded(held: Table, today: date) -> Table:
    past = held.status == "past"
    dose = ibis.ifelse(held["value"] == "", "", held["value"].concat(" ", held.unit))
    return held.select(
        patient=held.patient,
        kind=ibis.ifelse(held.kind == "condition", CONDITION, TREATMENT).cast("int32"),
        code=held.code,
        detail=ibis.ifelse(held.kind == "treatment", dose, ""),
        when=ibis.cases((past, PAST), (held.status == "planned", PLANNED), else_=NOW).cast("int32"),
        days_ago=ibis.ifelse(past & held.day.notnull(), days_before(held.day, today), ibis.null("int32")),
    ).select(*CODED)


def _measured(held: Table) -> Table:
    found = held.mutate(**interval(held.number, held.comparator))
    return found.select(
        patient=found.patient,
        code=found.code,
        detail=ibis.literal(""),
        unit=found.unit,
        unit_code=ibis.literal(0, "int64"),
        low=found.low,
        high=found.high,
        low_open=found.low_open,
        high_open=found.high_open,
        day=found.day,
        side=ibis.null("string"),
    ).select(*MEASURED)
