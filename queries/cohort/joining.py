"""From what a reader read and what its codes mean to the flags of a cohort: still one expression, nothing run yet."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from .coding import Meaning, Measure
from .expression import Keep, flags_of
from .source import TREATMENT, Source, together
from .tables import INT, TEXT, CohortTables, Table, lookup

_FEW = 20
Row = tuple[tuple[Any, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Codes:
    """What all codes of a cohort mean."""

    meanings: tuple[Meaning, ...]
    measures: tuple[Measure, ...]


def screen_source(source: Source, codes: Codes, tables: CohortTables, first: Any, last: Any, keep: Keep) -> Table:
    """The flags of the patients from one to another, both included; None stands for no end."""
    patients, coded, measured = (
        _within(each, first, last) for each in (source.patients, source.coded, source.measured)
    )
    held = None if source.held is None else _within(source.held, first, last)
    entries, values = _entries(source, coded, held, codes, tables), _values(source, measured, codes)
    treatments = _entries(source, coded.filter(coded.kind == TREATMENT), held, codes, tables)
    return flags_of(entries, values, tables, keep, patients=patients, treatments=treatments)


def _within(table: Table, first: Any, last: Any) -> Table:
    if first is not None:
        table = table.filter(table.patient >= first)
    return table if last is None else table.filter(table.patient <= last)


def _entries(source: Source, coded: Table, held: Table | None, codes: Codes, tables: CohortTables) -> Table:
    """Codes replaced by what they mean at their time, as far as anything rests on it."""
    meant: list[Row] = [
        ((each.kind, each.code, each.detail, each.when), (tables.concepts.of(each.concept), each.state))
        for each in codes.meanings
        if (each.state, each.concept) in tables.telling
    ]
    keys = {"kind": INT, "code": coded.code.type().to_pyarrow(), "detail": TEXT, "when": INT}
    found = _looked_up(source, coded, keys, meant, ("concept", "state"))
    kept = ["patient", "concept", "state", "days_ago"]
    if held is None:
        return found.select(kept)
    numbers = lookup({"concept": TEXT, "number": INT}, list(tables.concepts.names.items()))
    return found.select(kept).union(held.join(numbers, "concept").drop("concept").rename(concept="number").select(kept))


def _values(source: Source, measured: Table, codes: Codes) -> Table:
    """Numbers on their scales."""
    meant: list[Row] = [((each.code, each.detail, each.unit, each.unit_code), (each.scale,)) for each in codes.measures]
    keys = {"code": measured.code.type().to_pyarrow(), "detail": TEXT, "unit": TEXT, "unit_code": pa.int64()}
    found = _looked_up(source, measured, keys, meant, ("scale",))
    return found.select("patient", "scale", "low", "high", "low_open", "high_open", "day", "side")


def _looked_up(
    source: Source, table: Table, keys: dict[str, pa.DataType], rows: list[Row], gives: tuple[str, ...]
) -> Table:
    """A table joined with what its codes mean: by the code where that suffices, else with its detail."""
    given = dict.fromkeys(gives, INT)
    detailed = [(*key, *meant) for key, meant in rows if key[_place(keys)] or not source.codes_suffice]
    codes = {row[list(keys).index("code")] for row in detailed}
    found = [of_codes(table, codes).join(lookup({**keys, **given}, detailed), list(keys))] if detailed else []
    if source.codes_suffice:
        place = _place(keys)
        plain = [(*key[:place], *key[place + 1 :], *meant) for key, meant in rows if not key[place]]
        rest = {name: kind for name, kind in keys.items() if name != "detail"}
        found.append(table.join(lookup({**rest, **given}, plain), list(rest)))
    elif not found:
        found = [table.join(lookup({**keys, **given}, []), list(keys))]
    columns = [*table.columns, *gives]
    return together([each.select(*columns) for each in found])


def of_codes(table: Table, codes: Set[Any]) -> Table:
    """The rows of a few codes, which are read more quickly than joined; of many, all rows."""
    return table.filter(table.code.isin(sorted(codes))) if len(codes) <= _FEW else table


def _place(keys: dict[str, pa.DataType]) -> int:
    return list(keys).index("detail")
