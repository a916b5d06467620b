"""What every command shares."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
NOTICE = "Educational, not medical advice; reviewed by no clinician."
RESULT_FORMATS = ("table", "csv", "tsv", "json", "xml", "markdown", "turtle", "ntriples", "rdfxml", "jsonld")


def command(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], int], words: str
) -> argparse.ArgumentParser:
    """A sub-parser whose namespace says what to run."""
    parser = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".", epilog=NOTICE)
    parser.set_defaults(run=run)
    return parser


def add_graph_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--graph", type=Path, metavar="DIR", help="the folder of a build (default: the usual place)")


def one_line(text: str) -> str:
    """A text without its line breaks, for a terminal."""
    return " ".join(text.split())
