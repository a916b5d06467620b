"""Finding the files of a cohort, and turning CSV into Parquet once, so that every engine and chunk reads the same.

Lines of a CSV file that do not have its columns are kept apart, with the reason that DuckDB gives.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet as pq

from osteograph.ontology.errors import Problem, ProblemsFound

from .mishaps import in_short
from .omop import PERSON, TABLES

CONCEPT, RESOURCES = "concept", "resources"
OMOP, PLAIN, FHIR = "OMOP CDM", "plain CSV", "FHIR Bulk Data"
_CSV_WANTED = "write CSV in UTF-8 with a header line"
_CSV = (".csv", ".csv.gz")
_ENDINGS = (".parquet", *_CSV)


@dataclass(frozen=True)
class Files:
    """The files of a cohort: which form they have, and which files make which table."""

    form: str
    tables: dict[str, tuple[Path, ...]]

    @property
    def is_typed(self) -> bool:
        """Whether all cells have a type already: tables in Parquet."""
        return self.form == OMOP and all(path.suffix == ".parquet" for paths in self.tables.values() for path in paths)

    def fingerprint(self) -> str:
        """A digest of names, sizes and times of change: whether these are the files of an earlier run."""
        every = [path for paths in self.tables.values() for path in paths]
        told = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(every)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@dataclass(frozen=True)
class BadLine:
    """A line of a CSV file that is not of its columns."""

    file: str
    row: str
    problem: str


def find_files(cohort: Path) -> Files:
    """The files of a cohort. Raises ProblemsFound where a path is no cohort, with what was looked for."""
    if cohort.is_dir():
        bulk = tuple(sorted([*cohort.glob("*.ndjson"), *cohort.glob("*.ndjson.gz")]))
        if bulk:
            return Files(FHIR, {RESOURCES: bulk})
        tables = {name: found for name in (*TABLES, CONCEPT) if (found := tuple(_of_table(cohort, name)))}
        if PERSON in tables:
            return Files(OMOP, tables)
    elif cohort.is_file():
        if cohort.name.endswith((".ndjson", ".ndjson.gz")):
            return Files(FHIR, {RESOURCES: (cohort,)})
        if cohort.name.endswith(_ENDINGS):
            return Files(PLAIN, {"cohort": (cohort,)})
    wanted = "a folder with person.parquet or person.csv, a folder or file of .ndjson, or one .csv or .parquet file"
    reason = "it is no cohort" if cohort.exists() else "there is no such file or folder"
    raise ProblemsFound([Problem(cohort.name, 0, "", reason, f"name {wanted}")])


def _of_table(folder: Path, name: str) -> Iterator[Path]:
    """The files of one table: one file of its name in any case, or a folder of Parquet files."""
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name.lower() in (name, f"{name}.parquet"):
                yield from sorted(path.glob("*.parquet"))
        elif path.name.lower() in {name + ending for ending in _ENDINGS}:
            yield path


def as_parquet(
    files: Files, folder: Path, memory: str | None
) -> tuple[dict[str, tuple[Path, ...]], list[BadLine], list[Problem]]:
    """Parquet files of all tables that can be read, with bad lines and the problems of files that cannot.

    CSV is written to the folder, each file once and whole.
    """
    found: dict[str, tuple[Path, ...]] = {}
    bad: list[BadLine] = []
    problems: list[Problem] = []
    for name, paths in files.tables.items():
        staged = []
        for number, path in enumerate(paths):
            try:
                if path.name.endswith(_CSV):
                    target = folder / f"{name}-{number}.parquet"
                    bad += _convert(path, target, memory)
                    staged.append(target)
                else:
                    _refuse_what_is_no_parquet(path)
                    staged.append(path)
            except ProblemsFound as error:
                problems += error.problems
        if len(staged) == len(paths):
            found[name] = tuple(staged)
    return found, bad, problems


def _refuse_what_is_no_parquet(path: Path) -> None:
    """Read the footer of a file, which is all that tells a Parquet file from any other."""
    try:
        pq.read_schema(path)
    except (pyarrow.ArrowException, OSError) as error:
        reason = f"it is no Parquet file, or not a whole one ({str(error).splitlines()[0].rstrip('.')})"
        raise ProblemsFound([Problem(path.name, 0, "", reason, "export the table again, as Parquet or CSV")]) from error


def _convert(source: Path, target: Path, memory: str | None) -> list[BadLine]:
    """Write a CSV file as Parquet, all cells as text, with the number of each row; tell its bad lines."""
    notes = target.with_suffix(".json")
    if not (target.exists() and notes.exists()):
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_suffix(".part")
        _refuse_what_is_no_text(source)
        lines = _convert_with(duckdb.connect(config={"memory_limit": memory} if memory else {}), source, aside)
        notes.write_text(json.dumps(lines), encoding="utf-8")
        aside.rename(target)
    return [BadLine(source.name, *line) for line in json.loads(notes.read_text(encoding="utf-8"))]


def _refuse_what_is_no_text(source: Path) -> None:
    """Tell what the first bytes show: no text at all, or not in UTF-8."""
    with source.open("rb") as file:
        start = file.read(1 << 12)
    is_packed = source.suffix == ".gz"
    if not start:
        reason = "it is empty"
    elif start[:2] in (b"\xff\xfe", b"\xfe\xff") and not is_packed:
        reason = "it is UTF-16"
    elif b"\0" in start and not is_packed:
        reason = "it is binary, and no text"
    elif is_packed and start[:2] != b"\x1f\x8b":
        reason = "it is called .gz and is not packed so"
    else:
        return
    raise ProblemsFound([Problem(source.name, 0, "", reason, _CSV_WANTED)])


def _convert_with(connection: duckdb.DuckDBPyConnection, source: Path, target: Path) -> list[tuple[str, str]]:
    with connection:
        try:
            connection.execute(
                "COPY (SELECT row_number() OVER () AS row, * FROM read_csv(?, header = true, all_varchar = true,"
                " delim = ',', quote = '\"', escape = '\"', store_rejects = true, rejects_limit = 0,"
                f" sample_size = -1)) TO '{_escaped(target)}' (FORMAT parquet)",
                [str(source)],
            )
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            reason = f"it cannot be read as CSV ({in_short(error, source)})"
            raise ProblemsFound([Problem(source.name, 0, "", reason, _CSV_WANTED)]) from error
        rows = connection.execute("SELECT line, min(error_message) FROM reject_errors GROUP BY line ORDER BY line")
        return [(f"line {line}", " ".join(str(message).split())) for line, message in rows.fetchall()]


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")
