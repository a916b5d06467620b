"""The command line: each command parses, calls one function and prints.

Exit codes: 0 done; 1 refused, not found, or faults found; 2 the command line itself is wrong; 124 stopped by --timeout;
130 interrupted. What is imported for one command is imported inside it, so that ``--help`` and ``--version`` answer at
once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from osteograph import __version__

from .overview import COMMANDS, NOTICE

VERSION = "--version"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    parser = build_parser(next((word for word in words if word == VERSION or not word.startswith("-")), ""))
    options, rest = parser.parse_known_args(words)
    if rest and not getattr(options, "takes_parameters", False):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    return _run(options)


def _run(options: argparse.Namespace) -> int:
    """Run the chosen command; what osteograph raises on purpose becomes a message and exit code 1."""
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        return command(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; say nothing more
        return 1
    except Exception as error:
        from osteograph.ontology.errors import OsteographError

        if not isinstance(error, OsteographError):
            raise
        print(f"osteograph: {error}", file=sys.stderr)
        return 1


class _Version(argparse.Action):
    """Prints the version as it is; argparse's own action loads what it takes to fold long lines."""

    def __call__(self, *_: object) -> None:
        sys.stdout.write(f"osteograph {__version__}\n")
        sys.exit()


def build_parser(wanted: str | None = None) -> argparse.ArgumentParser:
    """The parser of the whole command line; with a command's name, of that one; with another word, the overview."""
    parser = argparse.ArgumentParser(
        prog="osteograph", description="An evidence-backed knowledge graph of bone metastases.", epilog=NOTICE
    )
    parser.add_argument(VERSION, action=_Version, nargs=0, help="show program's version number and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (module, words) in COMMANDS.items():
        if wanted in (None, name):
            import_module(f".{module}", __name__).COMMANDS[name](commands)
        elif wanted not in (*COMMANDS, VERSION):  # each parser costs as much as a small file
            commands.add_parser(name, help=words, add_help=False)
    return parser
