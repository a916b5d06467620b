"""Made-up cohorts of OMOP's shape, of any size and from a seed, with flags that are planted and look-alikes of these.

python -m benchmarks.cohorts FOLDER --patients 100000 [--seed 1]

What goes together is plausible, no more: a cancer brings its treatments and its metastases. A few patients are planted:
each has what one rule flags, or what only looks like it. No patient is real.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

TODAY = date(2026, 11, 21)
PIECE = 100_000  # patients made at a time
FEMALE, MALE = 8532, 8507
Ints = np.ndarray[Any, np.dtype[np.int64]]

# OMOP concepts that the mappings of the graph know, with what of it the cohort needs.
CANCERS = {
    "prostate": (4163261, 0.30, MALE, (42900250, 1351541, 40239056, 1315942)),
    "breast": (4112853, 0.30, FEMALE, (1436678, 1315946, 1348265, 1315942)),
    "lung": (443388, 0.20, None, (1397599, 1344905, 1304919)),
    "kidney": (196653, 0.10, None, (1336539,)),
    "myeloma": (437233, 0.10, None, (19137042, 1518254)),
}
METASTASES = (36769301, 35225594, 35226287, 35226244, 35226144, 36770283, 36770544, 36768862)
OTHERS = (
    (316866, 0.45),
    (201820, 0.20),
    (46271022, 0.10),
    (80502, 0.12),
    (255573, 0.10),
    (316139, 0.08),
    (439777, 0.20),
    (4129418, 0.30),
    (4223659, 0.30),
    (75860, 0.15),
    (31967, 0.20),
    (440417, 0.03),
    (4027663, 0.03),
    (133228, 0.05),
    (4322945, 0.02),
    (435511, 0.04),
    (73571, 0.06),
    (433736, 0.15),
    (317009, 0.06),
    (436070, 0.10),
)
BONE_AGENTS = (1524676, 40230586, 40221837, 1524674, 1511646, 1512480)
PAINKILLERS = (1125315, 1177480, 1124300, 1110410, 1124957, 1154029, 1103314)
COMMON = (1503297, 956874, 1310149, 1112807, 1557272, 19095164)
PROCEDURES = (4141448, 4301351, 4305000, 4013636, 4273629)
# concept, unit, mean, deviation, share of patients
LABORATORY = (
    (3005770, "mL/min", 75.0, 28.0, 0.8),
    (3015377, "mg/dL", 9.3, 0.6, 0.8),
    (3000963, "g/dL", 12.5, 1.9, 0.9),
    (3024929, "10*3/uL", 230.0, 80.0, 0.8),
    (3013650, "10*3/uL", 4.2, 1.8, 0.6),
    (3023103, "mmol/L", 4.2, 0.4, 0.7),
    (3022217, "1", 1.1, 0.3, 0.3),
    (3020891, "Cel", 36.9, 0.4, 0.3),
)


@dataclass(frozen=True)
class Planted:
    """A patient made for one rule part: what is on record, and whether the part flags the treatment for it.

    ``conditions`` are (concept, days since the end or None), ``drugs`` (concept, first day and last day before today),
    ``values`` (concept, number, unit, days before today).
    """

    name: str
    treatment: str
    rule: str
    flagged: bool
    drugs: tuple[tuple[int, int, int], ...]
    conditions: tuple[tuple[int, int | None], ...] = ()
    values: tuple[tuple[int, float, str, int], ...] = ()


_ZOMETA, _XGEVA, _PROLIA = ((each, 30, -30) for each in (1524676, 40230586, 40221837))
_CLEARANCE, _CALCIUM = 3005770, 3015377
_BONE = ((4112853, None), (36769301, None))  # breast cancer with bone metastases
PLANTED = (
    Planted(
        "low clearance", "osteo:Zometa", "rule:ZOL-05", True, (_ZOMETA,), _BONE, values=((_CLEARANCE, 25, "mL/min", 3),)
    ),
    Planted(
        "on the limit", "osteo:Zometa", "rule:ZOL-05", False, (_ZOMETA,), _BONE, values=((_CLEARANCE, 30, "mL/min", 3),)
    ),
    Planted(
        "low once, not now",
        "osteo:Zometa",
        "rule:ZOL-05",
        False,
        (_ZOMETA,),
        _BONE,
        values=((_CLEARANCE, 25, "mL/min", 90), (_CLEARANCE, 80, "mL/min", 3)),
    ),
    Planted(
        "without its unit", "osteo:Zometa", "rule:ZOL-05", False, (_ZOMETA,), _BONE, values=((_CLEARANCE, 25, "", 3),)
    ),
    Planted(
        "an estimate",
        "osteo:Zometa",
        "rule:ZOL-05",
        False,
        (_ZOMETA,),
        _BONE,
        values=((3049187, 25, "mL/min/1.73m2", 3),),
    ),
    Planted(
        "two of one day",
        "osteo:Zometa",
        "rule:ZOL-05",
        False,
        (_ZOMETA,),
        _BONE,
        values=((_CLEARANCE, 25, "mL/min", 3), (_CLEARANCE, 80, "mL/min", 3)),
    ),
    Planted("low calcium", "osteo:Xgeva", "rule:XGE-01", True, (_XGEVA,), _BONE, values=((_CALCIUM, 7.2, "mg/dL", 3),)),
    Planted(
        "in another unit", "osteo:Xgeva", "rule:XGE-01", True, (_XGEVA,), _BONE, values=((_CALCIUM, 1.8, "mmol/L", 3),)
    ),
    Planted(
        "usual calcium", "osteo:Xgeva", "rule:XGE-01", False, (_XGEVA,), _BONE, values=((_CALCIUM, 9.4, "mg/dL", 3),)
    ),
    Planted("pregnant", "osteo:Prolia", "rule:PRO-02", True, (_PROLIA,), ((4299535, None),)),
    Planted("was pregnant", "osteo:Prolia", "rule:PRO-02", False, (_PROLIA,), ((4299535, 400),)),
    Planted("no longer given", "osteo:Prolia", "rule:PRO-02", False, ((40221837, 400, 200),), ((4299535, None),)),
)


def write_cohort(folder: Path, patients: int, seed: int = 1) -> None:
    """Write a cohort as Parquet; the first patients are those of :data:`PLANTED`."""
    folder.mkdir(parents=True, exist_ok=True)
    writers: dict[str, pq.ParquetWriter] = {}
    for first in range(0, patients, PIECE):
        rng = np.random.default_rng([seed, first])
        for name, table in _piece(rng, first + 1, min(PIECE, patients - first), first == 0).items():
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", table.schema, compression="zstd")
            writers[name].write_table(table, row_group_size=250_000)
    for writer in writers.values():
        writer.close()


def _piece(rng: np.random.Generator, first: int, count: int, with_planted: bool) -> Mapping[str, pa.Table]:
    planted = PLANTED if with_planted else ()
    people = np.arange(first, first + count, dtype=np.int64)
    ordinary = people[len(planted) :]
    made = _Ordinary(rng, ordinary)
    persons = _persons(rng, people, made, len(planted))
    drugs = _sorted([made.drugs(), _planted_drugs(planted, first)], "person_id")
    conditions = _sorted([made.conditions(), _planted_conditions(planted, first)], "person_id")
    values = _sorted([made.values(), _planted_values(planted, first)], "person_id")
    return {
        "person": persons,
        "drug_exposure": drugs,
        "condition_occurrence": conditions,
        "measurement": values,
        "procedure_occurrence": made.procedures().sort_by("person_id"),
    }


def _sorted(tables: Sequence[pa.Table], column: str) -> pa.Table:
    return pa.concat_tables(tables).sort_by(column)


class _Ordinary:
    """Patients as chance makes them."""

    def __init__(self, rng: np.random.Generator, people: Ints) -> None:
        self.rng, self.people = rng, people
        shares = [share for _, share, _, _ in CANCERS.values()]
        self.cancer = rng.choice(len(CANCERS), len(people), p=shares)
        fixed = np.array([sex or 0 for _, _, sex, _ in CANCERS.values()])[self.cancer]
        self.sex = np.where(fixed > 0, fixed, rng.choice((FEMALE, MALE), len(people)))
        self.is_metastatic = rng.random(len(people)) < 0.4

    def _some(self, share: float) -> Ints:
        return self.people[self.rng.random(len(self.people)) < share]

    def conditions(self) -> pa.Table:
        own = np.array([concept for concept, *_ in CANCERS.values()])[self.cancer]
        found = [(self.people, own)]
        spread = self.people[self.is_metastatic]
        found += [(spread, self.rng.choice(METASTASES, len(spread))) for _ in range(2)]
        for concept, share in OTHERS:
            some = self._some(share)
            found.append((some, np.full(len(some), concept)))
        people, concepts = _joined(found)
        start = self.rng.integers(30, 3000, len(people))
        ended = self.rng.random(len(people)) < 0.15
        return _conditions(people, concepts, start, np.where(ended, start - self.rng.integers(1, 30, len(people)), -1))

    def drugs(self) -> pa.Table:
        found = []
        for number, (_, _, _, choices) in enumerate(CANCERS.values()):
            some = self.people[self.cancer == number]
            found.append((some, self.rng.choice(choices, len(some))))
        bones = self.people[self.is_metastatic]
        found.append((bones, self.rng.choice(BONE_AGENTS, len(bones))))
        for choices, share in ((PAINKILLERS, 0.7), (COMMON, 0.6), (COMMON, 0.3)):
            some = self._some(share)
            found.append((some, self.rng.choice(choices, len(some))))
        people, concepts = _joined(found)
        start = self.rng.integers(-60, 700, len(people))
        return _drugs(people, concepts, start, start - self.rng.integers(1, 400, len(people)))

    def values(self) -> pa.Table:
        people, concepts, numbers, units = [], [], [], []
        for concept, unit, mean, deviation, share in LABORATORY:
            some = self._some(share)
            people.append(some)
            concepts.append(np.full(len(some), concept))
            numbers.append(np.maximum(np.round(self.rng.normal(mean, deviation, len(some)), 1), 0.1))
            units.append(np.full(len(some), unit))
        every = np.concatenate(people)
        days = self.rng.integers(0, 365, len(every))
        return _values(every, np.concatenate(concepts), np.concatenate(numbers), np.concatenate(units), days)

    def procedures(self) -> pa.Table:
        some = self._some(0.5)
        days = self.rng.integers(-60, 700, len(some))
        columns = {
            "person_id": some,
            "procedure_concept_id": self.rng.choice(PROCEDURES, len(some)).astype(np.int64),
            "procedure_date": _dates(days),
        }
        return pa.table(columns)


def _joined(found: Sequence[tuple[Ints, Any]]) -> tuple[Ints, Ints]:
    return np.concatenate([one for one, _ in found]), np.concatenate([np.asarray(two, np.int64) for _, two in found])


def _persons(rng: np.random.Generator, people: Ints, made: _Ordinary, planted: int) -> pa.Table:
    sexes = np.concatenate([np.full(planted, FEMALE), made.sex]).astype(np.int64)
    ages = np.clip(np.round(rng.normal(68, 10, len(people))), 20, 100).astype(np.int64)
    return pa.table(
        {
            "person_id": people,
            "gender_concept_id": sexes,
            "year_of_birth": TODAY.year - ages,
            "month_of_birth": rng.integers(1, 13, len(people)),
        }
    )


def _dates(days_ago: Any) -> pa.Array:
    epoch = (TODAY - date(1970, 1, 1)).days
    return pa.array((epoch - np.asarray(days_ago)).astype(np.int32)).cast(pa.date32())


def _conditions(people: Any, concepts: Any, start: Any, end: Any) -> pa.Table:
    """``end`` counts the days before today, -1 for what has not ended."""
    ends = pa.array((TODAY - date(1970, 1, 1)).days - np.asarray(end, np.int32), mask=np.asarray(end) < 0)
    return pa.table(
        {
            "person_id": np.asarray(people, np.int64),
            "condition_concept_id": np.asarray(concepts, np.int64),
            "condition_start_date": _dates(start),
            "condition_end_date": ends.cast(pa.date32()),
        }
    )


def _drugs(people: Any, concepts: Any, start: Any, end: Any) -> pa.Table:
    return pa.table(
        {
            "person_id": np.asarray(people, np.int64),
            "drug_concept_id": np.asarray(concepts, np.int64),
            "drug_exposure_start_date": _dates(start),
            "drug_exposure_end_date": _dates(end),
        }
    )


def _values(people: Any, concepts: Any, numbers: Any, units: Any, days: Any) -> pa.Table:
    return pa.table(
        {
            "person_id": np.asarray(people, np.int64),
            "measurement_concept_id": np.asarray(concepts, np.int64),
            "measurement_date": _dates(days),
            "value_as_number": np.asarray(numbers, np.float64),
            "unit_source_value": pa.array(list(units), pa.string()),
        }
    )


def _planted_conditions(planted: Sequence[Planted], first: int) -> pa.Table:
    rows = [(first + n, *each) for n, one in enumerate(planted) for each in one.conditions]
    ends = [-1 if end is None else end for _, _, end in rows]
    return _conditions(
        [row[0] for row in rows], [row[1] for row in rows], np.full(len(rows), 500), np.array(ends, np.int64)
    )


def _planted_drugs(planted: Sequence[Planted], first: int) -> pa.Table:
    rows = [(first + n, *each) for n, one in enumerate(planted) for each in one.drugs]
    return _drugs(*(np.array([row[place] for row in rows], np.int64) for place in range(4)))


def _planted_values(planted: Sequence[Planted], first: int) -> pa.Table:
    rows = [(first + n, *each) for n, one in enumerate(planted) for each in one.values]
    people, concepts, numbers, units, days = ([row[place] for row in rows] for place in range(5))
    return _values(people, concepts, numbers, units, np.array(days, np.int64))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--patients", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    write_cohort(options.folder, options.patients, options.seed)


if __name__ == "__main__":
    main()
