"""The words of a command line and what they mean; only the command that is named is loaded."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from osteograph import __version__
from osteograph.ontology.notice import NOTICE

from .overview import COMMANDS

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any


def parse(words: Sequence[str]) -> argparse.Namespace:
    """What the words say; leaves the process with a message where they say nothing that we know."""
    parser = build_parser(next((word for word in words if not word.startswith("-")), ""))
    options, rest = parser.parse_known_args(words)
    if rest and not getattr(options, "takes_parameters", False):
        options.command.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    return options


def build_parser(wanted: str | None = None) -> argparse.ArgumentParser:
    """The parser of the whole command line; with a command's name, of that one; with another word, the overview."""
    parser = _Parser(
        prog="osteograph", description="An evidence-backed knowledge graph of bone metastases.", epilog=NOTICE
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (module, words) in COMMANDS.items():
        if wanted in (None, name):
            import_module(f".{module}", __package__).COMMANDS[name](commands)
            commands.choices[name].set_defaults(command=commands.choices[name])  # which knows its own usage
        elif wanted not in COMMANDS:
            commands.add_parser(name, help=words, add_help=False)
    return parser


class _Parser(argparse.ArgumentParser):
    """A parser, as those of commands are too, whose help is as wide as the terminal."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_Help, **options)


class _Help(argparse.HelpFormatter):
    """Finds the width out by itself: argparse asks shutil, which loads three compressors along with it."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=columns() - 2)


def columns() -> int:
    """How wide the terminal is, as shutil has it: what COLUMNS says, else the terminal itself, else 80."""
    try:
        said = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        said = 0
    try:
        return said if said > 0 else os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):  # no output, closed, or no terminal
        return 80
