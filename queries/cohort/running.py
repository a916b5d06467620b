"""Screening a cohort from files to files: in chunks of patients, each written whole, so that a stopped run goes on.

::

    OUTPUT/flags/part-00001.parquet   (or .csv, .nt)   one file for each chunk of patients
    OUTPUT/proofs.jsonl                                what every proof reference of the flags stands for
    OUTPUT/rejects.csv                                 rows that could not be taken, each with the reason
    OUTPUT/not-understood.csv                          codes that mean nothing here, with the rows that have them
    OUTPUT/summary.json                                counts of all of this, and of rules
    OUTPUT/run.json                                    what was asked for, so that the same run can go on

Educational, not medical advice; reviewed by no clinician.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from ibis.util import gen_name

from osteograph.ontology.errors import BadParameter, Problem, ProblemsFound

from ..inference.knowledge import Knowledge
from ..screening.intake import Knowledge as ReadersKnowledge
from .chunks import Chunk, Plan, chunks_of
from .coding import NotUnderstood
from .compiling import compile_tables
from .engines import Engine, open_engine
from .forms import ENDINGS
from .grading import compile_grading
from .inputs import CONCEPT, FHIR, OMOP, RESOURCES, BadLine, as_parquet, find_files
from .joining import Codes, screen_source
from .kept_rules import KeptRules, digest_of, kept_rules
from .looking_up import left_out, look_up
from .mishaps import mishaps_told, refuse_no_memory
from .omop import problems_of, read_omop
from .plain_csv import read_plain
from .source import Source
from .summary import Outcome, read_outcome, summarise, write_proofs, write_rejects, write_unknown
from .tables import CohortTables, Table

CHUNK = 1_000_000


@dataclass(frozen=True)
class Wish:
    """What is asked for; everything that the rows of the output depend on."""

    cohort: Path
    output: Path
    today: date
    form: str = "parquet"
    engine: str = "duckdb"
    chunk: int = CHUNK
    memory: str | None = None
    master: str | None = None


@dataclass(frozen=True)
class Step:
    """How far a run is: patients done of all, and the seconds that those done in this run took."""

    words: str
    done: int = 0
    patients: int = 0
    done_now: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Patients a second; 0 before the first chunk of this run."""
        return self.done_now / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the rest will take at this rate; None where no rate is known."""
        return (self.patients - self.done) / self.rate if self.rate else None


Progress = Callable[[Step], None]


def screen_cohort(knowledge: Knowledge, wish: Wish, progress: Progress) -> Outcome:
    """Screen a cohort, or go on with it where a run of the same wish was stopped.

    Raises ProblemsFound where the files are no cohort, BadParameter where the output folder holds another run, and
    ToolMissing where the engine is not installed.
    """
    if wish.chunk < 1 or wish.form not in ENDINGS:
        raise BadParameter(f"a chunk has one patient or more, and the form is one of {', '.join(ENDINGS)}")
    refuse_no_memory(wish.memory)
    with mishaps_told(wish.cohort, wish.output, wish.memory):
        run = _Run(knowledge, wish, progress)
        return read_outcome(wish.output) or run.whole()


class _Run:
    """One run over one cohort."""

    def __init__(self, knowledge: Knowledge, wish: Wish, progress: Progress) -> None:
        self.knowledge, self.wish, self.progress = knowledge, wish, progress
        self.files = find_files(wish.cohort)
        self.opened = ExitStack()
        self.plan = Plan.of(wish.output, self._asked())
        self.work = wish.output / "work"

    @cached_property
    def kept(self) -> KeptRules | None:
        """The rules of the whole graph, where they are kept beside its build."""
        concepts = ReadersKnowledge.of(self.knowledge.store).resolver.concepts
        return kept_rules(self.knowledge, concepts, lambda: self.progress(Step("compiling all rules once")))

    @cached_property
    def engine(self) -> Engine:
        """What joins patients with rules."""
        return self._open(self.wish.engine)

    @cached_property
    def here(self) -> Engine:
        """DuckDB in this process, for what has been written here."""
        return self.engine if self.wish.engine == "duckdb" else self._open("duckdb")

    @cached_property
    def reader(self) -> Engine:
        """What reads the cohort: text is read by DuckDB for every engine, so that all make the same of each cell."""
        return self.engine if self.files.is_typed else self.here

    def _open(self, engine: str) -> Engine:
        options = {"memory": self.wish.memory, "folder": self.work, "master": self.wish.master}
        return self.opened.enter_context(closing(open_engine(engine, options)))

    def _read(self, facts: Table) -> Table:
        """What the reader read, as the engine that joins sees it."""
        if self.reader is self.engine:
            return self.engine.view(facts)
        path = self.work / f"{gen_name('facts')}.parquet"
        self.reader.write(facts, path, "parquet")
        return self.engine.table([path])

    def _asked(self) -> dict[str, Any]:
        """Whatever decides which rows come out; the engine does not."""
        scope = self.knowledge.scope
        return {
            "files": self.files.fingerprint(),
            "today": self.wish.today.isoformat(),
            "form": self.wish.form,
            "chunk": self.wish.chunk,
            "sources": scope.sources,
            "jurisdictions": sorted(scope.jurisdictions),
            "verified_only": scope.verified_only,
            "knowledge": self._knowledge(),
        }

    def _knowledge(self) -> str:
        """A digest of what the rules rest on, without deriving anything where they are kept."""
        return self.kept.digest if self.kept else digest_of(self.knowledge)

    def whole(self) -> Outcome:
        self.work.mkdir(exist_ok=True)
        try:
            with self.opened:
                return self._whole()
        except Exception:
            if not self.plan.is_divided:  # nothing to go on with: the same folder may be named again
                shutil.rmtree(self.wish.output, ignore_errors=True)
            raise

    def _whole(self) -> Outcome:
        self.progress(Step(f"reading {self.files.form}"))
        readers = ReadersKnowledge.of(self.knowledge.store)
        if self.files.form == FHIR:
            from .bulk_fhir import read_bulk

            paths, options = self.files.tables[RESOURCES], (self.wish.today, self.wish.memory)
            source, left = read_bulk(paths, self.work, self.reader, readers, *options)
            return self._screened(source.through(self._read), [], left, Codes((), ()))
        source, bad, concept = self._source()
        source = source.through(self._read)
        self.progress(Step("looking codes up"))
        scales = compile_grading(readers.measures, readers.resolver.concepts, ()).scales
        codes, left = look_up(source, self.engine, readers, scales, concept)
        return self._screened(source, bad, left + left_out(source, self.reader), codes)

    def _screened(self, source: Source, bad: list[BadLine], left: list[NotUnderstood], codes: Codes) -> Outcome:
        self.progress(Step("compiling rules"))
        held = {(each.state, each.concept) for each in codes.meanings}
        if source.held is not None:
            found = self.engine.rows(source.held.select("state", "concept").distinct())
            held |= {(row["state"], row["concept"]) for row in found}
        tables = compile_tables(self.knowledge, held, self.kept)
        rows = write_rejects(self.reader, source, bad, self.wish.output)
        write_unknown(left, self.wish.output)
        parts = self._screen(source, codes, tables)
        flags = self.here.table(parts)
        write_proofs(self.here, flags, tables, self.wish.output)
        outcome = summarise(self.here, rows, flags, left, self.plan, self.wish.output)
        shutil.rmtree(self.work)
        return outcome

    def _source(self) -> tuple[Source, list[BadLine], Table | None]:
        paths, bad, problems = as_parquet(self.files, self.work, self.wish.memory)
        tables = {name: self.reader.table(each) for name, each in paths.items()}
        if self.files.form == OMOP:
            problems += problems_of(tables, set(self.files.tables) - set(paths))
        if problems:
            raise ProblemsFound(problems)
        if self.files.form == OMOP:
            concept = self._read(tables[CONCEPT]) if CONCEPT in tables else None
            return read_omop(tables, self.wish.today, self.reader.hold), bad, concept
        return read_plain(tables["cohort"], self.wish.today), bad, None

    # Chunks

    def _screen(self, source: Source, codes: Codes, tables: CohortTables) -> list[Path]:
        """The flags of all chunks as Parquet; chunks that an earlier run wrote are not written again."""
        chunks = self.plan.chunks(lambda: chunks_of(self.engine, source.patients, self.wish.chunk))
        if not chunks:
            remedy = "see rejects.csv in the output for rows that could not be taken"
            raise ProblemsFound([Problem(self.wish.cohort.name, 0, "", "it holds no patient", remedy)])
        patients, began = sum(each.patients for each in chunks), time.monotonic()
        done = now = 0
        for chunk in chunks:
            if not self._is_done(chunk):
                self._write(chunk, screen_source(source, codes, tables, chunk.first, chunk.last, self.engine.keep))
                self.engine.forget()
                now += chunk.patients
            done += chunk.patients
            self.progress(Step("screening", done, patients, now, time.monotonic() - began))
        return [self._parquet(chunk) for chunk in chunks]

    def _parquet(self, chunk: Chunk) -> Path:
        folder = self.wish.output / "flags" if self.wish.form == "parquet" else self.work
        return folder / f"{chunk.name}.parquet"

    def _part(self, chunk: Chunk) -> Path:
        return self.wish.output / "flags" / f"{chunk.name}.{ENDINGS[self.wish.form]}"

    def _is_done(self, chunk: Chunk) -> bool:
        return self._part(chunk).exists() and self._parquet(chunk).exists()

    def _write(self, chunk: Chunk, flags: Table) -> None:
        """Write a chunk aside and move it to its place when it is whole."""
        self._part(chunk).parent.mkdir(exist_ok=True)
        self._write_whole(self.engine, flags, self._parquet(chunk), "parquet")
        if self.wish.form == "csv":
            self._write_whole(self.here, self.here.table([self._parquet(chunk)]), self._part(chunk), "csv")
        elif self.wish.form == "ntriples":
            from .ntriples import write_ntriples

            aside = self.work / f"{chunk.name}.nt.aside"
            write_ntriples(self._parquet(chunk), aside)
            aside.rename(self._part(chunk))

    def _write_whole(self, engine: Engine, rows: Table, path: Path, form: str) -> None:
        aside = self.work / f"{path.name}.aside"
        engine.write(rows, aside, form)
        aside.rename(path)
