"""The words of a command line and what they mean; only the command that is named is loaded."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module

from osteograph import __version__
from osteograph.ontology.notice import NOTICE

from .overview import COMMANDS


def parse(words: Sequence[str]) -> argparse.Namespace:
    """What the words say; leaves the process with a message where they say nothing that we know."""
    parser = build_parser(next((word for word in words if not word.startswith("-")), ""))
    options, rest = parser.parse_known_args(words)
    if rest and not getattr(options, "takes_parameters", False):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    return options


def build_parser(wanted: str | None = None) -> argparse.ArgumentParser:
    """The parser of the whole command line; with a command's name, of that one; with another word, the overview."""
    parser = argparse.ArgumentParser(
        prog="osteograph", description="An evidence-backed knowledge graph of bone metastases.", epilog=NOTICE
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (module, words) in COMMANDS.items():
        if wanted in (None, name):
            import_module(f".{module}", __package__).COMMANDS[name](commands)
        elif wanted not in COMMANDS:
            commands.add_parser(name, help=words, add_help=False)
    return parser
