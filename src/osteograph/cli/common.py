"""What every command shares."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from osteograph.ontology.notice import NOTICE

from .overview import COMMANDS

if TYPE_CHECKING:
    from datetime import date
    from typing import TypeAlias

    from osteograph.queries.inference.knowledge import Scope
    from osteograph.queries.stores.base import Store

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
RESULT_FORMATS = ("table", "csv", "tsv", "json", "xml", "markdown", "turtle", "ntriples", "rdfxml", "jsonld")


def command(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], int], words: str = ""
) -> argparse.ArgumentParser:
    """A sub-parser whose namespace says what to run; the words of a command of the first level are in the overview."""
    words = words or COMMANDS[name][1]
    parser = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".", epilog=NOTICE)
    parser.set_defaults(run=run)
    return parser


def group_of_commands(commands: Commands, name: str) -> argparse.ArgumentParser:
    """A sub-parser that has commands of its own."""
    return commands.add_parser(name, help=COMMANDS[name][1])


def count(text: str) -> int:
    """A number of things as people write it."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number, zero or more")
    return int(text)


def seconds_above_zero(text: str) -> float:
    """A time limit; a day is more than any query takes, and infinity is to leave the option out."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above zero, up to a day")
    return seconds


def add_graph_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--graph", type=Path, metavar="DIR", help="the folder of a build (default: the usual place)")


def add_today_option(parser: argparse.ArgumentParser) -> None:
    words = "the day from which times are counted, such as 2026-11-21"
    parser.add_argument("--today", type=_date, metavar="DATE", help=words)


def add_scope_options(parser: argparse.ArgumentParser) -> None:
    """The options that say whose word counts when a record is screened."""
    from osteograph.ontology.safety_tables import JURISDICTIONS

    parser.add_argument("--sources", choices=("all", "articles", "labels"), default="all", help="whose word counts")
    parser.add_argument("--jurisdiction", action="append", default=[], choices=JURISDICTIONS, help="may be repeated")
    parser.add_argument("--verified-only", action="store_true", help="leave out rules whose source was not opened")


def scope_of(options: argparse.Namespace) -> Scope:
    """The scope that the options name."""
    from osteograph.queries.inference.knowledge import Scope

    return Scope(options.sources, frozenset(options.jurisdiction), options.verified_only)


def _date(text: str) -> date:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it like 2026-11-21") from error


def add_store_options(parser: argparse.ArgumentParser) -> None:
    """The options that say which graph is asked, and for how long."""
    add_graph_option(parser)
    parser.add_argument("--endpoint", metavar="URL", help="ask a SPARQL endpoint instead of a built graph")
    parser.add_argument(
        "--timeout", type=seconds_above_zero, metavar="SECONDS", help="stop after this time, with exit code 124"
    )


@contextmanager
def open_store(options: argparse.Namespace) -> Iterator[Store]:
    """The store that the options name; a time limit ends the whole process, since nothing else stops a query."""

    def stop() -> None:
        sys.stderr.write(f"osteograph: stopped after {options.timeout:g} seconds\n")
        sys.stderr.flush()
        os._exit(124)

    if options.timeout:
        import os
        from threading import Timer

        watch = Timer(options.timeout, stop)
        watch.daemon = True
        watch.start()
    try:
        with closing(_store(options)) as store:
            yield store
    finally:
        if options.timeout:
            watch.cancel()


def _store(options: argparse.Namespace) -> Store:
    if options.endpoint:
        from osteograph.queries.stores.remote import RemoteStore

        return RemoteStore(options.endpoint)
    from osteograph.knowledge_graph import load

    return load(options.graph, on_disk=True).store


def one_line(text: str) -> str:
    """A text without its line breaks, for a terminal."""
    return " ".join(text.split())
