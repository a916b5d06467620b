"""Cohorts as FHIR Bulk Data: files with one resource on each line, in any order.

DuckDB sorts the lines by patient; each patient is then read by the reader of single bundles, with numbers, doses and
statuses. What it finds is written as one Parquet file of entries. So nothing is read otherwise than in a single record,
at the price of Python's pace: some hundred patients a second.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from osteograph.ontology.errors import Problem, ProblemsFound

from ..screening.fhir import read_bundle
from ..screening.intake import Knowledge
from ..screening.record import Record
from ..screening.strict_json import read_json
from .coding import NotUnderstood
from .engines import Engine
from .mishaps import in_short
from .source import CODED, MEASURED, REJECTS, Source, size
from .states import states_of
from .tables import INT, TEXT, Table, lookup

ENTRIES, FOUND, LEFT = "entries.parquet", "resources.parquet", "resources.json"
_SHARED = ("Medication", "Organization", "Practitioner", "PractitionerRole", "Location", "Endpoint", "Substance")
_BATCH = 1000
_MOST_LEFT = 100_000  # different remarks; beyond that only their number is kept
_SORT = """
COPY (
  WITH lines AS (
    SELECT filename, line, CASE WHEN json_valid(line) THEN line END AS json
    FROM read_csv(?, header = false, columns = {'line': 'VARCHAR'}, delim = '\\x01', quote = '', escape = '',
                  filename = true, auto_detect = false, max_line_size = 67108864, store_rejects = true,
                  rejects_limit = 0)
    WHERE trim(line) <> ''
  ), told AS (
    SELECT parse_filename(filename) AS file, line, json, json ->> '$.resourceType' AS kind, coalesce(
      json ->> '$.subject.reference', json ->> '$.patient.reference', json ->> '$.individual.reference',
      CASE WHEN json ->> '$.resourceType' = 'Patient' THEN 'Patient/' || (json ->> '$.id') END) AS reference
    FROM lines
  ), named AS (
    SELECT file, line, kind,
      regexp_extract(reference, '(^|/)Patient/([A-Za-z0-9.-]{1,64})(/_history/.*)?$', 2) AS patient,
      CASE WHEN json IS NULL THEN 'it is no JSON' WHEN kind IS NULL THEN 'it has no resourceType' END AS problem
    FROM told
  )
  SELECT file, line, kind, nullif(patient, '') AS patient, coalesce(problem, CASE
    WHEN kind NOT IN (SELECT unnest(?)) AND coalesce(patient, '') = '' THEN 'it names no patient' END) AS problem
  FROM named ORDER BY patient NULLS FIRST, kind
) TO '%s' (FORMAT parquet)
"""


_UNREAD = """
SELECT DISTINCT parse_filename(file_path), line, lower(replace(error_type::VARCHAR, '_', ' '))
FROM reject_errors JOIN reject_scans USING (scan_id, file_id) ORDER BY ALL
"""
Reject = tuple[str, str, str, str]
"""File, row, patient and problem; a patient who could not be read at all has no row."""


@dataclass
class _Staged:
    """What reading all patients leaves beside the entries."""

    rejects: list[Reject] = field(default_factory=list)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)


def read_bulk(
    paths: Sequence[Path], work: Path, engine: Engine, knowledge: Knowledge, today: date, memory: str | None
) -> tuple[Source, list[NotUnderstood]]:
    """A cohort from NDJSON files; what was read stays in ``work``, so that a stopped run need not read it again."""
    if not (work / LEFT).exists():
        unread = _sort(paths, work / FOUND, memory)
        staged = _read_all(work, knowledge, today)
        told = {"rejects": [*unread, *staged.rejects], "left": _left(staged.left)}
        aside = work / f"{LEFT}.aside"
        aside.write_text(json.dumps(told), encoding="utf-8")
        aside.rename(work / LEFT)
    told = json.loads((work / LEFT).read_text(encoding="utf-8"))
    left = [NotUnderstood("resource", words, "", rows, reason) for words, reason, rows in told["left"]]
    return _source(engine, work, told["rejects"]), left


def _left(remarks: Counter[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """The commonest remarks with their numbers, and how many others there are."""
    kept = [(*remark, rows) for remark, rows in remarks.most_common(_MOST_LEFT)]
    more = remarks.total() - sum(rows for _, _, rows in kept)
    return [*kept, ("", f"other remarks, beyond the {_MOST_LEFT:,} commonest", more)] if more else kept


def _source(engine: Engine, work: Path, rejects: Iterable[Sequence[str]]) -> Source:
    resources, held = engine.table([work / FOUND]), engine.table([work / ENTRIES])
    rejects = list(rejects)
    unread = lookup({"patient": TEXT}, [(patient,) for _, row, patient, _ in rejects if patient and not row])
    known = resources.filter(resources.patient.notnull()).anti_join(unread, "patient")
    return Source(
        patients=known.select("patient").distinct(),
        coded=_nothing(dict.fromkeys(CODED, INT) | {"patient": TEXT, "code": TEXT, "detail": TEXT}),
        measured=_nothing(
            dict.fromkeys(MEASURED, TEXT)
            | dict.fromkeys(("low", "high"), pa.float64())
            | dict.fromkeys(("low_open", "high_open"), pa.bool_())
            | {"unit_code": pa.int64(), "day": pa.date32()}
        ),
        rejects={"resources": lookup(dict.fromkeys(REJECTS, TEXT), rejects)},
        sizes=size("resources", resources, resources.limit(0)),
        codes_suffice=False,
        held=held,
    )


def _nothing(columns: dict[str, pa.DataType]) -> Table:
    return lookup(columns, [])


def _sort(paths: Sequence[Path], target: Path, memory: str | None) -> list[Reject]:
    """All lines in the order of their patients, those of no patient first, each with what is wrong with it.

    Returns those that are no UTF-8 or longer than any resource; nothing of them is repeated.
    """
    aside = target.with_suffix(".aside")
    with duckdb.connect(config={"memory_limit": memory} if memory else {}) as connection:
        connection.execute(f"SET temp_directory = '{_escaped(target.parent / 'spill')}'")
        try:
            connection.execute(_SORT % _escaped(aside), [[str(path) for path in paths], list(_SHARED)])
        except (duckdb.InvalidInputException, duckdb.IOException) as error:
            raise ProblemsFound(_unreadable(paths, error)) from error
        unread = connection.execute(_UNREAD).fetchall()
    aside.rename(target)
    return [(file, f"line {line}", "", f"it is no line of text: {what}") for file, line, what in unread]


def _unreadable(paths: Sequence[Path], error: duckdb.Error) -> list[Problem]:
    """The files that an error names, or else all of them."""
    named = [path for path in paths if str(path) in str(error)] or paths
    reason = f"it cannot be read as lines of text ({in_short(error, *paths)})"
    return [Problem(path.name, 0, "", reason, "write one JSON resource on each line, in UTF-8") for path in named]


def _read_all(work: Path, knowledge: Knowledge, today: date) -> _Staged:
    staged = _Staged()
    columns = {"patient": pa.string(), "concept": pa.string(), "state": pa.int32(), "days_ago": pa.int32()}
    aside = work / f"{ENTRIES}.aside"
    with pq.ParquetWriter(aside, pa.schema(list(columns.items()))) as writer:
        rows: list[tuple[Any, ...]] = []
        for patient, lines in groupby(_lines(work / FOUND, staged), key=lambda row: row["patient"]):
            if patient is None:
                shared = _shared(lines, staged)
                continue
            rows += _entries(patient, list(lines), shared, knowledge, today, staged)
            if len(rows) >= _BATCH * 100:
                writer.write_table(_as_table(rows, columns))
                rows = []
        writer.write_table(_as_table(rows, columns))
    aside.rename(work / ENTRIES)
    return staged


def _as_table(rows: Sequence[Sequence[Any]], columns: dict[str, pa.DataType]) -> pa.Table:
    arrays = [pa.array([row[place] for row in rows], kind) for place, kind in enumerate(columns.values())]
    return pa.table(arrays, names=list(columns))


def _lines(path: Path, staged: _Staged) -> Iterator[dict[str, Any]]:
    """The sound lines; a first one of no patient always comes, so that what all share is settled before the first."""
    yield {"patient": None, "kind": None, "line": "{}", "file": ""}
    for batch in pq.ParquetFile(path).iter_batches(_BATCH):
        for row in batch.to_pylist():
            if row["problem"] is None:
                yield row
            else:
                staged.rejects.append((row["file"], row["line"][:60], row["patient"] or "", row["problem"]))


def _shared(lines: Iterable[dict[str, Any]], staged: _Staged) -> dict[str, Any]:
    """Medications that belong to no patient, by the reference that leads to them."""
    found = {}
    for row in lines:
        if row["kind"] == "Medication":
            resource = _parse(row, staged)
            if resource is not None:
                found[f"Medication/{resource.get('id')}"] = resource
    return found


def _parse(row: dict[str, Any], staged: _Staged) -> dict[str, Any] | None:
    try:
        value: dict[str, Any] = read_json(row["line"].encode(), row["file"])
    except ProblemsFound as error:
        staged.rejects.append((row["file"], row["line"][:60], row["patient"] or "", error.problems[0].message))
        return None
    return value


def _entries(
    patient: str,
    lines: list[dict[str, Any]],
    shared: dict[str, Any],
    knowledge: Knowledge,
    today: date,
    staged: _Staged,
) -> Iterator[tuple[str, str, int, int | None]]:
    """What the record of one patient holds, each concept in each state."""
    resources = [each for each in (_parse(row, staged) for row in lines) if each is not None]
    wanted = {str((each.get("medicationReference") or {}).get("reference")) for each in resources if _refers(each)}
    resources += [shared[each] for each in sorted(wanted & shared.keys())]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]}
    try:
        record: Record = read_bundle(bundle, patient, knowledge, today)
    except ProblemsFound as error:
        staged.rejects.append((lines[0]["file"], "", patient, error.problems[0].message))
        return
    staged.left.update((left.words, left.reason) for left in record.leftovers)
    for entry in record.entries:
        days = None if entry.days_ago is None else int(entry.days_ago)
        for state in states_of(entry):
            yield patient, entry.concept, state.number, days


def _refers(resource: dict[str, Any]) -> bool:
    return isinstance(resource.get("medicationReference"), dict)


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")
