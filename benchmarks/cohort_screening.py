"""Screening cohorts: time, memory and growth beside DuckDB that only reads and writes; agreement with the rule engine.

python -m benchmarks.cohort_screening FOLDER [--patients 10000 100000 1000000] [--memory 1GiB] [--rounds 1]
python -m benchmarks.cohort_screening FOLDER --agreement 2000

Each run is a process of its own: the whole command ``osteograph screen --cohort``, start, rules and all. The yardstick
is a process in which DuckDB reads all columns of the same files and writes the same flags again. N-Triples are timed
apart, from the flags, beside ``cp`` of the same bytes. Rounds alternate; the least time of each counts.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import ibis

from benchmarks.cohorts import TODAY, write_cohort
from benchmarks.made_up_records import RecordMaker, as_cohort, flags_by_engine, flags_by_row, kinds_of
from osteograph.knowledge_graph import load
from osteograph.queries.cohort.ntriples import write_ntriples
from osteograph.queries.inference.knowledge import Knowledge
from osteograph.queries.screening.screening import Screener

_YARDSTICK = """
import sys, duckdb
memory, cohort, flags, target = sys.argv[1:]
connection = duckdb.connect(config={"memory_limit": memory})
for name in ("person", "condition_occurrence", "drug_exposure", "procedure_occurrence", "measurement"):
    connection.execute(f"SELECT bit_xor(hash(COLUMNS(*))) FROM '{cohort}/{name}.parquet'").fetchall()
connection.execute(f"COPY (FROM '{flags}/*.parquet') TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
"""


@dataclass(frozen=True)
class Measured:
    """One process: seconds of wall and of processor time, and its greatest memory in MiB."""

    wall: float
    processor: float
    memory: float


def measure(command: Sequence[str]) -> Measured:
    """Run a command and take its measure; its output is kept away."""
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        errors = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(errors.decode())
    return Measured(time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def screen(cohort: Path, output: Path, memory: str) -> Measured:
    shutil.rmtree(output, ignore_errors=True)
    command = [
        sys.executable,
        "-m",
        "osteograph",
        "screen",
        "--cohort",
        str(cohort),
        "--output",
        str(output),
        "--quiet",
    ]
    return measure([*command, "--today", TODAY.isoformat(), "--memory-limit", memory])


def yardstick(cohort: Path, output: Path, memory: str) -> Measured:
    target = str(output / "again.parquet")
    return measure([sys.executable, "-c", _YARDSTICK, memory, str(cohort), str(output / "flags"), target])


def triples(output: Path, folder: Path) -> tuple[float, float, int]:
    """Seconds to write the flags as N-Triples, seconds to copy them, and their bytes."""
    written = copied = 0.0
    size = 0
    target, copy = folder / "flags.nt", folder / "copy.nt"
    for part in sorted((output / "flags").glob("*.parquet")):
        began = time.monotonic()
        write_ntriples(part, target)
        between = time.monotonic()
        subprocess.run(["cp", str(target), str(copy)], check=True)
        copied += time.monotonic() - between
        written += between - began
        size += target.stat().st_size
        target.unlink()
        copy.unlink()
    return written, copied, size


def growth(folder: Path, sizes: Sequence[int], memory: str, rounds: int) -> None:
    """One line for each size, and how time grows between them."""
    least: list[tuple[int, float]] = []
    print("patients | screen s (processor) | MiB | read and write s (processor) | ratio | N-Triples / cp")
    for patients in sizes:
        cohort, output = folder / f"omop-{patients}", folder / f"flags-{patients}"
        if not cohort.exists():
            write_cohort(cohort, patients)
        runs = [(screen(cohort, output, memory), yardstick(cohort, output, memory)) for _ in range(rounds)]
        ours = min((one for one, _ in runs), key=lambda each: each.wall)
        alone = min((two for _, two in runs), key=lambda each: each.wall)
        written, copied, size = min(triples(output, folder) for _ in range(rounds))
        least.append((patients, ours.processor))
        print(
            f"{patients:,} | {ours.wall:.1f} ({ours.processor:.1f}) | {ours.memory:.0f} | {alone.wall:.2f}"
            f" ({alone.processor:.2f}) | {ours.wall / alone.wall:.1f} | {written:.2f} / {copied:.2f} s"
            f" = {written / copied:.1f} for {size / 2**20:.0f} MiB",
            flush=True,
        )
    for (few, before), (many, after) in pairwise(least):
        print(f"exponent from {few:,} to {many:,}: {math.log(after / before) / math.log(many / few):.2f}")


def agreement(count: int) -> None:
    """How many of so many made-up records have other flags as a cohort than by the rule engine."""
    knowledge = Knowledge(load().store)
    maker, screener = RecordMaker(knowledge), Screener(knowledge)
    records = [maker.record(seed) for seed in range(count)]
    expression, tables = as_cohort(knowledge, records)
    rows = ibis.duckdb.connect().to_pyarrow(expression).to_pylist()
    found = flags_by_row(rows)
    began = time.monotonic()
    other = [record.name for record in records if flags_by_engine(screener, record) != found.get(record.name, {})]
    print(f"{count:,} records, {len(rows):,} flags, {time.monotonic() - began:.0f} s by the rule engine")
    print(f"kinds of reasons: {', '.join(sorted(kinds_of(tables, {row['proof'] for row in rows})))}")
    print(f"records with other flags: {len(other)} {other[:10]}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--patients", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--memory", default="1GiB")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--agreement", type=int, metavar="N")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.agreement:
        agreement(options.agreement)
    else:
        growth(options.folder, options.patients, options.memory, options.rounds)


if __name__ == "__main__":
    main()
