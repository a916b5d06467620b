"""The part of the command screen that is about cohorts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from osteograph.ontology.notice import NOTICE
from osteograph.queries.cohort.forms import ENDINGS

from .common import count

if TYPE_CHECKING:
    from osteograph.queries.cohort.running import Step
    from osteograph.queries.cohort.summary import Outcome

_RULES_SHOWN = 10
_BAR = 30


def add_cohort_options(parser: argparse.ArgumentParser) -> None:
    """What a cohort needs beside what a record needs."""
    from osteograph.queries.cohort.needs import ENGINES

    group = parser.add_argument_group("a whole cohort")
    group.add_argument(
        "--cohort",
        type=Path,
        metavar="PATH",
        help="OMOP CDM tables (a folder), FHIR Bulk Data (.ndjson) or one plain CSV file",
    )
    group.add_argument("--output", type=Path, metavar="DIR", help="a new folder, or that of a run that was stopped")
    group.add_argument("--memory-limit", metavar="SIZE", help="what the engine may hold in memory, such as 2GiB")
    group.add_argument("--chunk", type=count, metavar="N", help="patients that are screened and written at once")
    group.add_argument("--engine", choices=ENGINES, default="duckdb", help="what joins patients with rules")
    group.add_argument("--master", metavar="URL", help="of Spark: local[2] unless given, or that of a cluster")
    group.add_argument("--quiet", action="store_true", help="print no progress")


def screen_cohort(options: argparse.Namespace) -> int:
    """Screen a cohort into a folder and tell the counts."""
    from osteograph.ontology.errors import BadParameter
    from osteograph.queries.cohort.needs import refuse_missing

    if options.output is None:
        raise BadParameter("name a folder for the flags with --output")
    if options.format not in (None, *ENDINGS):
        raise BadParameter(f"a cohort can be had as {', '.join(ENDINGS)}")
    if options.remaining:
        raise BadParameter("--remaining is for the record of one patient")
    if options.master and options.engine != "spark":
        raise BadParameter("--master is for --engine spark")
    refuse_missing("cohort")
    outcome = _run(options)
    print(_told(outcome, options.output))
    return 0


def _run(options: argparse.Namespace) -> Outcome:
    from osteograph.queries.cohort.running import CHUNK, Wish, screen_cohort
    from osteograph.queries.inference.knowledge import Knowledge

    from .common import open_store, scope_of

    wish = Wish(
        options.cohort,
        options.output,
        options.today or date.today(),
        form=options.format or "parquet",
        chunk=CHUNK if options.chunk is None else options.chunk,
        engine=options.engine,
        memory=options.memory_limit,
        master=options.master,
    )
    with open_store(options) as store:
        return screen_cohort(Knowledge(store, scope_of(options)), wish, _progress(options.quiet))


def _progress(quiet: bool) -> Callable[[Step], None]:
    """A bar that grows on a terminal, a line for each step elsewhere."""
    if quiet:
        return lambda step: None
    stays = sys.stderr.isatty()

    def show(step: Step) -> None:
        text = _bar(step) if step.patients else f"… {step.words}"
        is_last = not stays or not step.patients or step.done == step.patients
        sys.stderr.write(("\r\x1b[K" if stays and step.patients else "") + text + ("\n" if is_last else ""))
        sys.stderr.flush()

    return show


def _bar(step: Step) -> str:
    filled = _BAR * step.done // step.patients
    left = f", {step.seconds_left:.0f} s left" if step.seconds_left else ""
    rate = f", {step.rate:,.0f} a second" if step.rate else ""
    return f"[{'#' * filled}{'.' * (_BAR - filled)}] {step.done:,} of {step.patients:,} patients{rate}{left}"


def _told(outcome: Outcome, output: Path) -> str:
    lines = [
        NOTICE,
        f"{outcome.flags:,} flags for {outcome.patients_with_flags:,} of {outcome.patients:,} patients, in {output}",
        *(f"  {strength}: {rows:,}" for strength, rows in outcome.by_strength.items()),
        "rules that fired most",
        *(f"  {rule}: {rows:,}" for rule, rows in list(outcome.by_rule.items())[:_RULES_SHOWN]),
    ]
    rejected, unknown = sum(outcome.rejected.values()), sum(outcome.not_understood.values())
    lines.append(f"rows rejected: {rejected:,}{' (rejects.csv)' if rejected else ''}")
    lines.append(f"rows with a code not understood, or read with a remark: {unknown:,} (not-understood.csv)")
    return "\n".join(lines)
