"""Commands that tell why: explain, check-proof and screen."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from osteograph.queries.cohort.forms import ENDINGS

from .cohorts import add_cohort_options, screen_cohort
from .common import Commands, add_scope_options, add_store_options, add_today_option, command, open_store, scope_of

if TYPE_CHECKING:
    from osteograph.queries.screening.record import Record
    from osteograph.queries.stores.base import Store


def _add_explain(commands: Commands) -> None:
    parser = command(commands, "explain", _explain)
    parser.add_argument("parts", nargs="+", metavar="PART", help="a statement (ost:…), claim or rule part, or S P O")
    parser.add_argument("--format", choices=("text", "json", "turtle"), default="text")
    _add_patient(parser, "explain what follows for this patient; the subject is then: patient")
    add_store_options(parser)


def _add_patient(parser: argparse.ArgumentParser, words: str) -> None:
    parser.add_argument("--patient", type=Path, metavar="FILE", help=words)
    add_today_option(parser)


def _explain(options: argparse.Namespace) -> int:
    from osteograph.ontology.errors import BadParameter, UnknownName
    from osteograph.queries.derived import derive
    from osteograph.queries.explanation import explain

    if len(options.parts) not in (1, 3):
        raise BadParameter("explain takes one statement, or a subject, a predicate and an object")
    with open_store(options) as store:
        told: list[str] = []
        missing: UnknownName | None = None
        if options.patient is None and options.format != "turtle":
            try:
                found = explain(store, *options.parts)
                told += [each.to_json() if options.format == "json" else each.to_text() for each in found]
            except UnknownName as error:
                missing = error
        if len(options.parts) == 3 and not told:
            record = _record(options, store)
            derived = derive(store, tuple(options.parts), record)
            forms = {"json": derived.to_json, "turtle": derived.to_turtle, "text": derived.to_text}
            told.append(forms[options.format]())
        elif missing is not None:
            raise missing
    sys.stdout.write("\n".join(told))
    return 0


def _record(options: argparse.Namespace, store: Store) -> Record | None:
    """The record of --patient, read against the graph."""
    if options.patient is None:
        return None
    from osteograph.queries.screening.reading import read_record

    return read_record(options.patient, store, today=options.today)


def _add_check_proof(commands: Commands) -> None:
    parser = command(commands, "check-proof", _check_proof)
    parser.add_argument("file", type=Path, help="JSON that explain or screen wrote")
    _add_patient(parser, "the record that the proofs are about")
    add_store_options(parser)


def _check_proof(options: argparse.Namespace) -> int:
    from osteograph.queries.derived import check_document

    from .asking import read_text

    with open_store(options) as store:
        faults = check_document(store, read_text(options.file), _record(options, store))
    for fault in faults:
        print(fault)
    print("the proofs hold" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


def _add_screen(commands: Commands) -> None:
    parser = command(commands, "screen", _screen)
    parser.add_argument(
        "record", type=Path, nargs="?", metavar="FILE", help="a FHIR R4 bundle, or the small form in YAML or JSON"
    )
    add_scope_options(parser)
    parser.add_argument("--remaining", action="store_true", help="tell which treatments remain, and what to put right")
    formats = (*RECORD_FORMATS, *ENDINGS)
    parser.add_argument("--format", choices=formats, help="of a record: the first four; of a cohort: the others")
    parser.add_argument("--no-proofs", action="store_true", help="leave the proofs out of the table")
    add_today_option(parser)
    add_cohort_options(parser)
    add_store_options(parser)


RECORD_FORMATS = ("table", "json", "fhir", "turtle")


def _screen(options: argparse.Namespace) -> int:
    from osteograph.ontology.errors import BadParameter

    if (options.record is None) == (options.cohort is None):
        raise BadParameter("name the record of one patient, or a cohort with --cohort")
    if options.cohort is not None:
        return screen_cohort(options)
    if options.format in ENDINGS:
        raise BadParameter(f"a record can be had as {', '.join(RECORD_FORMATS)}")
    options.format = options.format or "table"
    return _screen_record(options)


def _screen_record(options: argparse.Namespace) -> int:
    from osteograph.ontology.errors import BadParameter
    from osteograph.queries.inference.knowledge import Knowledge
    from osteograph.queries.screening.reading import read_record
    from osteograph.queries.screening.remaining import remaining, remaining_to_json, remaining_to_text
    from osteograph.queries.screening.reports import report
    from osteograph.queries.screening.screening import Screener

    if options.remaining and options.format not in ("table", "json"):
        raise BadParameter("--remaining can be had as table or json")
    with open_store(options) as store:
        record = read_record(options.record, store, today=options.today)
        screener = Screener(Knowledge(store, scope_of(options)))
        if options.remaining:
            found = remaining(screener, record)
            sys.stdout.write(remaining_to_json(found) if options.format == "json" else remaining_to_text(found))
        else:
            sys.stdout.write(report(screener.screen(record), options.format, proofs=not options.no_proofs))
    return 0


COMMANDS = {"explain": _add_explain, "check-proof": _add_check_proof, "screen": _add_screen}
