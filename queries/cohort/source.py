"""What every reader of a cohort makes of its files: three tables in one shape, and the rows that it could not take.

===========  =====================================================================================================
patients     ``patient``
coded        ``patient, kind, code, detail, when, days_ago``: a condition or treatment by its code
measured     ``patient, code, detail, unit, unit_code, low, high, low_open, high_open, day, side``: a number
rejects      ``file, row, patient, problem``: rows that are not what they should be
===========  =====================================================================================================

``detail`` is what a code is looked up with where the code alone says nothing: a source code, or a dose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce

import ibis
import ibis.expr.types as ir

from .tables import Table

CONDITION, TREATMENT, MEASUREMENT = 0, 1, 2
KINDS = ("condition", "treatment", "measurement")
NOW, PAST, PLANNED = 0, 1, 2
CODED = ("patient", "kind", "code", "detail", "when", "days_ago")
MEASURED = (
    "patient", "code", "detail", "unit", "unit_code", "low", "high", "low_open", "high_open", "day", "side",
)  # fmt: skip
REJECTS = ("file", "row", "patient", "problem")
LOW, NORMAL, HIGH, UNCLEAR = "low", "normal", "high", "unclear"


@dataclass(frozen=True)
class Source:
    """A cohort as read."""

    patients: Table
    coded: Table
    measured: Table
    rejects: Mapping[str, Table]  # by file
    sizes: Table  # file, rows, taken: how many rows each has, and how many of them are not rejected
    codes_suffice: bool  # whether a code is looked up by itself first, and with its detail only where that fails
    held: Table | None = None  # what was read already: patient, concept (IRI), state, days_ago

    # code, reason: sound rows about conditions that are not, or not certainly, the patient's
    left_out: Table | None = None

    def through(self, view: Callable[[Table], Table]) -> Source:
        """The same source with each table of facts as what ``view`` makes of it."""
        patients, coded, measured = map(view, (self.patients, self.coded, self.measured))
        held = None if self.held is None else view(self.held)
        return replace(self, patients=patients, coded=coded, measured=measured, held=held)


def together(tables: Sequence[Table]) -> Table:
    """All rows of several tables of one shape."""
    return reduce(lambda one, other: one.union(other), tables)


def size(file: str, rows: Table, taken: Table) -> Table:
    """How many rows a file has, and how many of them are taken."""
    counted = rows.agg(rows=rows.count()).cross_join(taken.agg(taken=taken.count()))
    return counted.select(file=ibis.literal(file), rows=counted.rows, taken=counted.taken)


def days_before(day: ir.DateValue, today: date) -> ir.IntegerColumn:
    """How many days a date lies before today."""
    return ibis.literal(today).delta(day, unit="day").cast("int32")


def side_of(low: ir.Column, high: ir.Column, range_low: ir.Column, range_high: ir.Column) -> ir.Column:
    """On which side of the record's own limits a value lies; null where the record has none."""
    inside = (range_low.isnull() | (low >= range_low).fill_null(False)) & (
        range_high.isnull() | (high <= range_high).fill_null(False)
    )
    return ibis.cases(
        (range_low.isnull() & range_high.isnull(), ibis.null("string")),
        ((high < range_low).fill_null(False), LOW),
        ((low > range_high).fill_null(False), HIGH),
        (inside, NORMAL),
        else_=UNCLEAR,
    )


def interval(number: ir.Column, comparator: ir.Column) -> dict[str, ir.Column]:
    """The columns that say what a number with a comparator may stand for."""
    only_above, only_below = comparator.isin((">", ">=")), comparator.isin(("<", "<="))
    return {
        "low": ibis.ifelse(only_below, ibis.null("float64"), number),
        "high": ibis.ifelse(only_above, ibis.null("float64"), number),
        "low_open": comparator == ">",
        "high_open": comparator == "<",
    }
