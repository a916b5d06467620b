"""Each different code of a cohort, looked up once; what is not understood is told, with how many rows have it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pyarrow as pa

from ..screening.intake import Knowledge
from .coding import Coder, Meaning, Measure, NotUnderstood, scale_numbers
from .engines import Engine
from .grading import Scale
from .joining import Codes, of_codes
from .source import CONDITION, KINDS, MEASUREMENT, Source
from .tables import Table, lookup

Row = dict[str, Any]
_VOCABULARY_COLUMNS = ("concept_id", "vocabulary_id", "concept_code")


def look_up(
    source: Source, engine: Engine, knowledge: Knowledge, scales: Iterable[Scale], concept: Table | None
) -> tuple[Codes, list[NotUnderstood]]:
    """What all codes of a cohort mean, and those that mean nothing here.

    ``concept`` is the table CONCEPT of the OMOP vocabularies, where the cohort brings it.
    """
    numbers = scale_numbers(scales)
    coded = _Lookup(source, engine, source.coded, ("kind", "code"))
    measured = _Lookup(source, engine, source.measured, ("code", "unit", "unit_code"))
    ids = {row[name] for row in (*coded.first, *measured.first) for name in ("code", "unit_code") if name in row}
    coder = Coder(knowledge, _vocabulary(engine, concept, ids))
    meanings: list[Meaning] = coded.look_up(coder.entries)
    measures: list[Measure] = measured.look_up(lambda row: coder.measures(row, numbers))
    return Codes(tuple(meanings), tuple(measures)), coded.left + measured.left


def left_out(source: Source, engine: Engine) -> list[NotUnderstood]:
    """Rows about conditions that are not, or not certainly, the patient's."""
    if source.left_out is None:
        return []
    counted = source.left_out.group_by(["code", "reason"]).agg(rows=source.left_out.count())
    return [
        NotUnderstood(KINDS[CONDITION], str(row["code"]), "", row["rows"], row["reason"])
        for row in engine.rows(counted.order_by(["code", "reason"]))
    ]


class _Lookup:
    """The codes of one table, by themselves and, where that says nothing, with their details."""

    def __init__(self, source: Source, engine: Engine, table: Table, keys: tuple[str, ...]) -> None:
        self.engine, self.table, self.keys = engine, table, keys
        self.codes_suffice = source.codes_suffice
        self.first = self._counted(table, keys if source.codes_suffice else (*keys, "detail"))
        self.left: list[NotUnderstood] = []

    def _counted(self, table: Table, keys: tuple[str, ...]) -> list[Row]:
        counted = table.group_by(list(keys)).agg(rows=table.count())
        return self.engine.rows(counted.order_by(list(keys)))

    def look_up(self, read: Callable[[Row], tuple[list[Any], list[str]]]) -> list[Any]:
        found: list[Any] = []
        unknown: list[Row] = []
        for row in self.first:
            meanings, notes = read({"detail": "", **row})
            found += meanings
            if not meanings and self.codes_suffice:
                unknown.append(row)
            else:
                self._tell(row, notes)
        for row in self._with_details(unknown):
            meanings, notes = read(row)
            found += meanings
            self._tell(row, notes)
        return found

    def _with_details(self, unknown: list[Row]) -> list[Row]:
        if not unknown:
            return []
        types = {key: self.table[key].type().to_pyarrow() for key in self.keys}
        asked = lookup(types, [[row[key] for key in self.keys] for row in unknown])
        table = of_codes(self.table, {row["code"] for row in unknown})
        return self._counted(table.semi_join(asked, list(self.keys)), (*self.keys, "detail"))

    def _tell(self, row: Row, notes: Iterable[str]) -> None:
        kind = KINDS[row.get("kind", MEASUREMENT)]
        unit = f" {row['unit']}" if row.get("unit") else ""
        for note in dict.fromkeys(notes):
            self.left.append(NotUnderstood(kind, f"{row['code']}{unit}", row.get("detail", ""), row["rows"], note))


def _vocabulary(engine: Engine, concept: Table | None, ids: Iterable[Any]) -> Mapping[int, str]:
    """OMOP concepts as CURIEs of the vocabularies that they come from."""
    wanted = sorted({each for each in ids if isinstance(each, int) and each})
    if concept is None or not wanted:
        return {}
    columns = concept.rename(str.lower).select(*_VOCABULARY_COLUMNS)
    typed = columns.mutate(concept_id=columns.concept_id.try_cast("int64"))
    rows = engine.rows(typed.semi_join(lookup({"concept_id": pa.int64()}, [(each,) for each in wanted]), "concept_id"))
    return {row["concept_id"]: f"{row['vocabulary_id']}:{row['concept_code']}" for row in rows}
